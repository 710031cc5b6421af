"""What the video pane says beside the picture: waiting, why there is none."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.clip import Clip
from hpe_studio.ui import look
from hpe_studio.ui.widgets import icon_label, text_label

_MARGIN_PX, _TOOLS_PX = 12, 38
_WIDEST_PX = 440
_SPINNER_AFTER_MS, _SPIN_MS, _SPIN_STEP_DEG = 250, 80, 30


class Spinner(QObject):
    """An open circle that turns in the lower right corner when a picture is late.

    Args:
        view: The pane it is painted in.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._angle_deg = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer_timeout)

    def start(self) -> None:
        """Turn soon, unless `stop` comes first."""
        if not self._timer.isActive():
            self._timer.start(_SPINNER_AFTER_MS)

    def stop(self) -> None:
        """The picture is there."""
        self._timer.stop()

    def paint(self, painter: QPainter) -> None:
        """Paint it if it turns."""
        if not self._timer.isActive() or self._timer.interval() != _SPIN_MS:
            return
        view = self._view
        box = QRectF(view.width() - 34, view.height() - 34, 20, 20)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("text.primary"), 2.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawArc(box, -self._angle_deg * 16, 250 * 16)

    def _on_timer_timeout(self) -> None:
        self._timer.setInterval(_SPIN_MS)
        self._angle_deg = (self._angle_deg + _SPIN_STEP_DEG) % 360
        self._view.update()


def paint_sentence(painter: QPainter, view: QWidget, text: str) -> None:
    """Paint a sentence at the top of the pane, on a ground of its own."""
    painter.setFont(look.font("body"))
    room = QRectF(view.rect()).adjusted(60, 16, -60, -16)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
    flags = flags | Qt.TextFlag.TextWordWrap
    box = painter.boundingRect(room, flags, text)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("video.tag", alpha=0.82))
    painter.drawRoundedRect(box.adjusted(-10, -5, 10, 5), 5, 5)
    painter.setPen(look.colour("video.tag_text"))
    painter.drawText(room, flags, text)


class NoFootage(QFrame):
    """Says that the clip moved and offers to find it; people stay visible below.

    Args:
        view: The video pane, whose top edge it keeps to.
        clip: What is missing.
    """

    def __init__(self, view: QWidget, clip: Clip) -> None:
        super().__init__(view)
        look.set_role(self, role="toast")
        where = str(clip.path or "")
        self._where = text_label(size="small", tone="muted")
        self._where.setToolTip(where)
        self._path = where
        self.button = QPushButton("Locate footage…")
        self.button.setToolTip("Choose where the clip is now")
        look.set_role(self.button, role="primary")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(text_label("The footage is not at hand", weight=600))
        words.addWidget(self._where)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 12, 9)
        row.setSpacing(10)
        row.addWidget(icon_label("file-video", 18, "state.warn"))
        row.addLayout(words, 1)
        row.addWidget(self.button)

    def place(self, width: int) -> None:
        """Keep to the middle of the upper edge of a pane so wide."""
        room_px = width - _TOOLS_PX - 2 * _MARGIN_PX
        mine = max(240, min(_WIDEST_PX, room_px))
        room = mine - self.button.sizeHint().width() - 70
        elide = Qt.TextElideMode.ElideMiddle
        label: QLabel = self._where
        label.setText(label.fontMetrics().elidedText(self._path, elide, room))
        self.setFixedWidth(mine)
        self.adjustSize()
        self.move(max(_TOOLS_PX + _MARGIN_PX, (width - mine) // 2), _MARGIN_PX)
