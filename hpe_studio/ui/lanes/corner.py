"""The corner above the labels: zoom to shot or clip, and which frames are seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.lanes.canvas import LaneCanvas
from hpe_studio.ui.lanes.model import RULER_PX
from hpe_studio.ui.widgets import icon_label, text_label

_NARROW_PX = 190


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
        self._title = text_label("Zoom to", size="small", tone="muted")
        self._seen = text_label(size="small", tone="muted")
        self.shot = _link("Shot", "Zoom to the shot of the frame shown")
        self.clip = _link("Clip", "Zoom to the whole clip (double click on the ruler)")
        self.shot.clicked.connect(self._on_shot_clicked)
        self.clip.clicked.connect(self._on_clip_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 11, 0)
        row.setSpacing(1)
        row.addWidget(icon_label("search", 13, "text.secondary"))
        row.addSpacing(8)
        for widget in (self._title, self.shot, self.clip):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._seen)
        canvas.refreshed.connect(self._on_canvas_refreshed)

    @property
    def seen_text(self) -> str:
        """The frames that are seen, both ends included."""
        return self._seen.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow leave words out."""
        self._title.setVisible(event.size().width() >= _NARROW_PX)

    def _on_canvas_refreshed(self) -> None:
        start, stop = self._canvas.axis.seen
        self._seen.setText(f"{start}–{max(stop - 1, start)}")

    def _on_shot_clicked(self) -> None:
        self._canvas.zoom_to_shot(self._canvas.session.view.frame)

    def _on_clip_clicked(self) -> None:
        self._canvas.axis = self._canvas.axis.fitted()


def _link(text: str, tip: str) -> QToolButton:
    link = QToolButton()
    link.setText(text)
    link.setToolTip(tip)
    link.setAccessibleName(tip)
    link.setFixedHeight(int(RULER_PX) - 2)
    link.setFont(look.font("small", 500))
    link.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    link.setCursor(Qt.CursorShape.PointingHandCursor)
    link.setFixedWidth(link.fontMetrics().horizontalAdvance(text) + 10)
    tint = look.colour("accent.text").name()
    link.setStyleSheet(f"QToolButton {{ color: {tint}; }}")
    return link
