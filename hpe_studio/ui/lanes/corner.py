"""The corner above the labels: zoom to shot or clip, and which frames are seen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.lanes.canvas import LaneCanvas
from hpe_studio.ui.lanes.rows import RULER_PX
from hpe_studio.ui.widgets import icon_label, text_label
from hpe_studio.ui.words import tr

_AROUND_PX = 56
"""Icon, margins and the least gap between the links and the frames."""


class Corner(QWidget):
    """Links that zoom the lanes.

    Args:
        canvas: The lanes.
    """

    def __init__(self, canvas: LaneCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self.setFixedHeight(int(RULER_PX))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="header")
        self._title = text_label(tr("Zoom to"), size="small", tone="muted")
        self._seen = text_label(size="small", tone="muted")
        self.shot = _Link(tr("Shot"), tr("Zoom to the shot of the frame shown"))
        self.clip = _Link(
            tr("Clip"), tr("Zoom to the whole clip (double click on the ruler)")
        )
        self.range = _Link(tr("Range"), tr("Zoom to the range"))
        self.shot.clicked.connect(self._on_shot_clicked)
        self.clip.clicked.connect(self._on_clip_clicked)
        self.range.clicked.connect(canvas.zoom_to_range)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 0, 11, 0)
        row.setSpacing(0)
        row.addWidget(icon_label("sliders-horizontal", 13, "text.secondary"))
        row.addSpacing(11)
        row.addWidget(self._title)
        row.addSpacing(1)
        for widget in (self.shot, self.clip, self.range):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._seen)
        canvas.refreshed.connect(self._on_canvas_refreshed)
        self._on_canvas_refreshed()

    @property
    def seen_text(self) -> str:
        """The frames that are seen, both ends included."""
        return self._seen.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow leave words out."""
        self._fit(event.size().width())

    def _on_canvas_refreshed(self) -> None:
        start, stop = self._canvas.axis.seen
        self._seen.setText(f"{start}–{max(stop - 1, start)}")
        has_range = self._canvas.session.view.play_range is not None
        self.range.setVisible(has_range)
        self._fit(self.width())

    def _fit(self, width: int) -> None:
        parts = [self._title, self.shot, self.clip, self._seen]
        if not self.range.isHidden():
            parts.append(self.range)
        needed = sum(_wide(part) for part in parts) + _AROUND_PX
        self._title.setVisible(needed <= width)

    def _on_shot_clicked(self) -> None:
        self._canvas.zoom_to_shot(self._canvas.session.view.frame)

    def _on_clip_clicked(self) -> None:
        self._canvas.axis = self._canvas.axis.fitted()


def _wide(part: QWidget) -> int:
    return min(part.sizeHint().width(), part.maximumWidth())


class _Link(QToolButton):
    """A word that does something, in the accent colour.

    Args:
        text: Shown.
        tip: Tooltip and accessible name.
    """

    def __init__(self, text: str, tip: str) -> None:
        super().__init__()
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setFixedHeight(int(RULER_PX) - 2)
        look.set_font(self, "small", 500)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Hardly wider than the word, in whichever text size."""
        face = QFontMetrics(look.font("small", 500))
        return QSize(face.horizontalAdvance(self.text()) + 9, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the word, underlined while the pointer is over it."""
        with QPainter(self) as painter:
            face = look.font("small", 500)
            face.setUnderline(self.underMouse())
            painter.setFont(face)
            painter.setPen(look.colour("accent.text"))
            box = QRectF(self.rect())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
            if self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(look.colour("focus.ring"))
                painter.drawRoundedRect(box.adjusted(0.5, 1.5, -0.5, -1.5), 3, 3)
