"""Says over the whole window what letting go of dragged files would do."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from hpe_studio.ui import look
from hpe_studio.ui.drop_plan import DropPlan

_PLATE_PX, _ICON_PX, _INSET_PX = (520, 148), 28, 12


class DropOverlay(QWidget):
    """A veil with a dashed frame and a plate that says what would happen.

    Args:
        parent: What it lies over.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plan = DropPlan()
        self.hide()

    @property
    def text(self) -> str:
        """What it says now, "" while it is hidden."""
        return self.accessibleName() if self.isVisible() else ""

    def show_plan(self, plan: DropPlan) -> None:
        """Say what would happen."""
        self._plan = plan
        said = (plan.title, plan.detail)
        self.setAccessibleName(". ".join(filter(None, said)))
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint veil, frame and plate."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), look.colour("bg.window", alpha=0.72))
            ink = "state.warn" if self._plan.why_not else "accent.text"
            pen = QPen(look.colour(ink), 2, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            room = QRectF(self.rect())
            edge = room.adjusted(_INSET_PX, _INSET_PX, -_INSET_PX, -_INSET_PX)
            painter.drawRoundedRect(edge, 10, 10)
            self._paint_plate(painter, ink)

    def _paint_plate(self, painter: QPainter, ink: str) -> None:
        width = min(_PLATE_PX[0], self.width() - 4 * _INSET_PX)
        plate = QRectF(0, 0, width, _PLATE_PX[1])
        plate.moveCenter(QRectF(self.rect()).center())
        painter.setPen(QPen(look.colour("border.strong"), 1))
        painter.setBrush(look.colour("bg.raised"))
        painter.drawRoundedRect(plate, 10, 10)
        icon = "circle-alert" if self._plan.why_not else "upload"
        ratio = self.devicePixelRatioF()
        picture = look.pixmap(icon, _ICON_PX, look.colour(ink), ratio)
        left = plate.center().x() - _ICON_PX / 2
        painter.drawPixmap(round(left), round(plate.top()) + 22, picture)
        inner = plate.adjusted(20, 60, -20, 0)
        self._write(painter, inner, self._plan.title, ("title", 600, "text.primary"))
        inner.translate(0, 32)
        self._write(painter, inner, self._plan.detail, ("body", 400, "text.secondary"))

    def _write(
        self, painter: QPainter, room: QRectF, text: str, how: tuple[str, int, str]
    ) -> None:
        size, weight, ink = how
        painter.setFont(look.font(size, weight))
        painter.setPen(look.colour(ink))
        middle = Qt.TextElideMode.ElideMiddle
        text = painter.fontMetrics().elidedText(text, middle, int(room.width()))
        where = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(room, where, text)
