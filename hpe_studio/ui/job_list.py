"""All jobs above the pill: how far each is, stopping it, and how the last ended."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.jobs import EndedJob, JobRunner, RunningJob, State
from hpe_studio.ui.timecode import duration_text
from hpe_studio.ui.widgets import horizontal_line, icon_label, text_label
from hpe_studio.ui.words import tr

_WIDE_PX = 380
_ENDS: dict[State, tuple[str, str, str]] = {
    "finished": ("circle-check", "state.ok", "Done"),
    "failed": ("circle-alert", "state.danger", "Failed"),
    "cancelled": ("x", "text.muted", "Stopped"),
}
"""Icon, its colour and a word for each end."""


class JobList(QFrame):
    """A popup with a row for each job, and a line for those that ended last.

    Args:
        jobs: All jobs of the window.
        parent: The pill.
    """

    def __init__(self, jobs: JobRunner, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._jobs = jobs
        self.rows: list[JobRow] = []
        self.setFixedWidth(look.room_px(_WIDE_PX))
        self.setAccessibleName(tr("Running jobs"))
        look.set_role(self, role="popover")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 12, 14, 12)
        self._column.setSpacing(10)
        jobs.changed.connect(self._on_jobs_changed)

    def show_above(self, pill: QWidget) -> None:
        """Open with the right edges in line."""
        self._fill()
        if not self.rows:
            return
        self._place(pill)
        self.show()
        self.rows[0].stop.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _place(self, pill: QWidget) -> None:
        self.adjustSize()
        corner = pill.mapToGlobal(QPoint(pill.width(), 0))
        self.move(corner - QPoint(self.width(), self.height() + 6))

    def _on_jobs_changed(self) -> None:
        if not self.isVisible():
            return
        if [row.job for row in self.rows] != list(self._jobs.running):
            self._fill()
            if not self.rows:
                self.hide()
                return
            pill = self.parentWidget()
            if pill is not None:
                self._place(pill)
        for row in self.rows:
            row.refresh()

    def _fill(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = [JobRow(job) for job in self._jobs.running]
        for number, row in enumerate(self.rows):
            if number:
                self._column.addWidget(horizontal_line())
            self._column.addWidget(row)
        for number, ended in enumerate(self._jobs.ended):
            if self.rows or number:
                self._column.addWidget(horizontal_line())
            self._column.addWidget(EndedRow(ended))


class JobRow(QWidget):
    """One job: title, what it does, bar, percent, time left, ways to stop it.

    Args:
        job: Which.
    """

    def __init__(self, job: RunningJob) -> None:
        super().__init__()
        self.job = job
        self.setAccessibleName(job.title)
        self._numbers = text_label(size="small", tone="secondary")
        self._doing = text_label(size="small", tone="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(job.title)
        self.stop = QPushButton(tr("Stop and keep") if job.can_drop else tr("Stop"))
        self.stop.setAccessibleName(f"{self.stop.text()}: {job.title}")
        self.stop.clicked.connect(partial(job.cancel, keep=True))
        head = QHBoxLayout()
        head.addWidget(text_label(job.title, weight=600))
        head.addStretch(1)
        head.addWidget(self._numbers)
        foot = QHBoxLayout()
        foot.addWidget(self._doing, 1)
        self.drop = self._drop_button()
        if self.drop is not None:
            foot.addWidget(self.drop)
        foot.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addLayout(foot)
        self.refresh()

    def refresh(self) -> None:
        """Show how far it is now."""
        job, fraction = self.job, self.job.progress.fraction
        self._bar.setRange(0, 1000 if fraction is not None else 0)
        self._bar.setValue(round(1000 * (fraction or 0.0)))
        self._numbers.setText(_numbers(job, fraction))
        _elide(self._doing, tr("Stopping…") if job.is_cancelling else job.progress.text)
        self.stop.setEnabled(not job.is_cancelling)
        if self.drop is not None:
            self.drop.setEnabled(not job.is_cancelling)

    def _drop_button(self) -> QPushButton | None:
        if not self.job.can_drop:
            return None
        drop = QPushButton(tr("Stop and drop"))
        drop.setToolTip(tr("Also throw away what it has found so far"))
        drop.setAccessibleName(f"{drop.text()}: {self.job.title}")
        look.set_role(drop, role="quiet")
        drop.clicked.connect(partial(self.job.cancel, keep=False))
        return drop


class EndedRow(QWidget):
    """A job that ended: how, and why where it failed.

    Args:
        job: Which.
    """

    def __init__(self, job: EndedJob) -> None:
        super().__init__()
        icon, ink, told = _ENDS[job.state]
        self.setAccessibleName(f"{job.title}: {tr(told)}")
        self.setAccessibleDescription(job.why)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(icon_label(icon, 14, ink))
        row.addWidget(text_label(job.title), 1)
        row.addWidget(text_label(tr(told), size="small", tone="secondary"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        if job.why:
            why = text_label(job.why, size="small", tone="muted")
            why.setWordWrap(True)
            why.setContentsMargins(22, 0, 0, 0)
            column.addWidget(why)


def _numbers(job: RunningJob, fraction: float | None) -> str:
    if fraction is None:
        return ""
    left = job.seconds_left
    percent = f"{round(100 * fraction)} %"
    if left is None:
        return percent
    return tr("{percent}, {time} left").format(
        percent=percent, time=duration_text(left)
    )


def _elide(label: QLabel, text: str) -> None:
    metrics = label.fontMetrics()
    label.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, 170))
    label.setToolTip(text)
