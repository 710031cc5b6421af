"""A line of text that is cut with "…" where there is no room for all of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from hpe_studio.ui import look

_LEAST_PX = 12


class ElidedLabel(QLabel):
    """A label that may be narrower than its text; then the tooltip says all.

    Args:
        size: Of the theme's fonts.
        weight: 400, 500, 600 or 700.
        ink: Token of its colour.
    """

    def __init__(
        self, *, size: str = "body", weight: int = 400, ink: str = "text.primary"
    ) -> None:
        super().__init__()
        look.set_font(self, size, weight)
        self._ink = ink
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Hardly anything."""
        return QSize(_LEAST_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say all in the tooltip where it is cut."""
        super().resizeEvent(event)
        self._tell_all()

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._tell_all()

    def _tell_all(self) -> None:
        is_cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if is_cut else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as much as there is room for."""
        with QPainter(self) as painter:
            painter.setPen(look.colour(self._ink))
            dots = Qt.TextElideMode.ElideRight
            text = self.fontMetrics().elidedText(self.text(), dots, self.width())
            painter.drawText(self.rect(), self.alignment(), text)
