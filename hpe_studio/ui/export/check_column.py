"""The right column: what came back when the files were read again."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.jobs import Progress
from hpe_studio.core.specs import RoundTrip, WriteReport
from hpe_studio.ui import look
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.widgets import IconLabel, icon_label, text_label
from hpe_studio.ui.words import tr

WIDTH_PX, _WIDEST_PX = 346, 420
LIMIT_M = 0.001
"""Beyond a millimetre a file is said to be off."""
_SIGNS = {
    True: ("circle-check", 14, "state.ok"),
    False: ("triangle-alert", 14, "state.warn"),
}
_NAME_PX, _NUMBER_PX, _ROW_PX, _MOST = 74, 66, 21, 8


class CheckColumn(QWidget):
    """Waiting, at work, passed, off, or failed."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(min(look.room_px(WIDTH_PX), _WIDEST_PX))
        self._head = IconLabel("circle-check", 14, "state.ok")
        self._state = text_label(weight=500)
        self._words = _wrapped(tone="secondary")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(4)
        self._bars = _Bars()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.notes = _Notes()
        top = QHBoxLayout()
        top.setSpacing(5)
        top.addWidget(text_label(tr("Round-trip check"), size="title", weight=600))
        top.addStretch(1)
        top.addWidget(self._head)
        top.addWidget(self._state)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        column.addWidget(self._bars)
        column.addLayout(self._rows)
        column.addWidget(self.notes)
        column.addStretch(1)
        self.wait()

    @property
    def text(self) -> str:
        """Everything it says, for tests and screen readers."""
        parts = (self._state.text(), self._words.text(), self.notes.text)
        return " ".join(part for part in parts if part)

    def wait(self) -> None:
        """Nothing was written yet."""
        self._clear(tr("Files are read back and compared with the motion on screen."))

    def work(self, progress: Progress) -> None:
        """Files are being written."""
        self._clear(progress.text)
        self._bar.show()
        self._bar.setRange(0, 100)
        self._bar.setValue(round(100 * (progress.fraction or 0)))

    def fail(self, sentence: str) -> None:
        """Nothing, or not everything, was written."""
        self._clear("")
        self._words.hide()
        self.notes.show_notes(tr("Not exported"), [sentence], is_bad=True)

    def show_report(self, report: WriteReport) -> None:
        """Say how everybody came back."""
        self._clear(tr("Written, read back and compared with the motion on screen."))
        is_known = math.isfinite(report.max_joint_error_m) and bool(report.people)
        is_off = is_known and report.max_joint_error_m > LIMIT_M
        if is_known:
            self._head.show()
            name, _, ink = _SIGNS[not is_off]
            self._head.show_icon(name, ink)
            self._state.setText(tr("off") if is_off else tr("passed"))
            look.set_role(self._state, tone="warn" if is_off else "ok")
            self._bars.show_people(report.people)
            self._add_rows(report)
        self.notes.show_notes(tr("Worth knowing"), list(report.notes), is_bad=False)

    def _add_rows(self, report: WriteReport) -> None:
        frames = sum(check.frames for check in report.people)
        held = sum(check.held for check in report.people)
        worst = max(report.people, key=lambda check: check.max_joint_error_m)
        joint = joint_title(worst.worst_joint).lower() if worst.worst_joint else ""
        self._add_row(tr("Frames"), "", str(frames), is_fine=True)
        text = millimetres(worst.max_joint_error_m)
        is_fine = worst.max_joint_error_m <= LIMIT_M
        self._add_row(tr("Joint positions, worst"), joint, text, is_fine=is_fine)
        if held:
            who = ", ".join(check.name for check in report.people if check.held)
            frames_held = tr("{count} frames").format(count=held)
            self._add_row(tr("Held frames"), who, frames_held, is_fine=False)

    def _add_row(self, title: str, more: str, text: str, *, is_fine: bool) -> None:
        row = QFrame()
        look.set_role(row, role="fact-row")
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 5, 0, 5)
        line.setSpacing(8)
        line.addWidget(icon_label(*_SIGNS[is_fine]))
        line.addWidget(text_label(title), 1)
        line.addWidget(text_label(more, size="small", tone="secondary"))
        line.addWidget(text_label(text, weight=600))
        self._rows.addWidget(row)

    def _clear(self, words: str) -> None:
        self._head.hide()
        self._state.setText("")
        self._words.setText(words)
        self._words.show()
        self._bar.hide()
        self._bars.show_people(())
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.notes.show_notes("", [], is_bad=False)


class _Bars(QWidget):
    """How far off each person is, against the limit of a millimetre."""

    def __init__(self) -> None:
        super().__init__()
        self._people: tuple[RoundTrip, ...] = ()

    def show_people(self, people: tuple[RoundTrip, ...]) -> None:
        """Show these, worst first where there are many."""
        ranked = sorted(people, key=lambda check: -check.max_joint_error_m)
        self._people = people if len(people) <= _MOST else tuple(ranked[:_MOST])
        self.setVisible(bool(people))
        self.setAccessibleName(
            ", ".join(f"{p.name} {millimetres(p.max_joint_error_m)}" for p in people)
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row per person and one for the scale."""
        return QSize(WIDTH_PX - 36, look.room_px(_ROW_PX) * (len(self._people) + 1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint names, bars, numbers and the limit."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left, right = (
                look.room_px(_NAME_PX),
                self.width() - look.room_px(_NUMBER_PX),
            )
            high = look.room_px(_ROW_PX)
            for row, check in enumerate(self._people):
                self._paint_person(painter, row * high, check, left, right)
            middle, top = (left + right) / 2, len(self._people) * high
            painter.setFont(look.font("small"))
            painter.setPen(look.colour("text.secondary"))
            painter.drawText(QRectF(left, top, 20, high), 0, "0")
            centre = Qt.AlignmentFlag.AlignHCenter
            box = QRectF(middle - 80, top, 160, high)
            painter.drawText(box, centre, tr("limit 1 mm"))
            painter.setPen(look.colour("text.primary"))
            painter.drawLine(round(middle), 2, round(middle), top - 4)

    def _paint_person(
        self, painter: QPainter, top: int, check: RoundTrip, left: int, right: int
    ) -> None:
        height = look.room_px(_ROW_PX)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(look.font("body"))
        painter.setPen(look.colour("text.primary"))
        elide = painter.fontMetrics().elidedText
        name = elide(check.name, Qt.TextElideMode.ElideRight, left - 8)
        painter.drawText(QRectF(0, top, left - 8, height), middle, name)
        track = QRectF(left, top + height / 2 - 3, right - left, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("bg.raised"))
        painter.drawRoundedRect(track, 3, 3)
        share = min(1.0, check.max_joint_error_m / (2 * LIMIT_M))
        is_fine = check.max_joint_error_m <= LIMIT_M
        painter.setBrush(look.colour("state.ok" if is_fine else "state.warn"))
        done = QRectF(track)
        done.setWidth(max(6.0, share * track.width()))
        painter.drawRoundedRect(done, 3, 3)
        painter.setPen(look.colour("text.primary"))
        painter.setFont(look.font("body", 500))
        box = QRectF(right, top, self.width() - right, height)
        end = middle | Qt.AlignmentFlag.AlignRight
        painter.drawText(box, end, millimetres(check.max_joint_error_m))


class _Notes(QFrame):
    """A box with what a person should know."""

    def __init__(self) -> None:
        super().__init__()
        look.set_role(self, role="notice")
        self._title = text_label(weight=600)
        self._words = _wrapped()
        self._words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
        )
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(8)
        row.addWidget(
            icon_label("triangle-alert", 14, "state.warn"),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        row.addLayout(column, 1)

    @property
    def text(self) -> str:
        """What it says; nothing when it is away."""
        return "" if self.isHidden() else self._words.text()

    def show_notes(self, title: str, notes: list[str], *, is_bad: bool) -> None:
        """Say these sentences, or go away where there are none."""
        self.setVisible(bool(notes))
        self._title.setText(title)
        self._words.setText("\n".join(notes))
        look.set_role(self._title, tone="warn" if is_bad else "")


def millimetres(length_m: float) -> str:
    """A length for people; nobody wants to read 0.0000 mm."""
    if length_m < 5e-6:
        return tr("0 mm") if length_m == 0 else tr("< 0.01 mm")
    return f"{1000 * length_m:.2f} mm"


def _wrapped(*, tone: str = "") -> QLabel:
    label = text_label(size="small", tone=tone)
    label.setWordWrap(True)
    return label
