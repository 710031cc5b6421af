"""A thin ring around the viewer or the lanes while single keys act there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from hpe_studio.ui import look

_WIDTH_PX = 1


class FocusRing(QWidget):
    """Lies over a widget's edge and takes no mouse.

    Args:
        target: What it surrounds; it goes with it.
    """

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        self._target = target
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        target.installEventFilter(self)
        self.setGeometry(target.rect())
        self.show()
        self.raise_()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the widget's size."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._target.rect())
        return False

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Be the edge alone, so that nothing is painted twice within."""
        whole, width = self.rect(), _WIDTH_PX
        inner = whole.adjusted(width, width, -width, -width)
        self.setMask(QRegion(whole).subtracted(QRegion(inner)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Fill the edge."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.colour("focus.ring"))


class FocusRings(QObject):
    """Puts the ring around whichever of some widgets has the focus.

    Args:
        parent: Owner.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._targets: tuple[QWidget, ...] = ()
        self._ring: FocusRing | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def follow(self, *targets: QWidget) -> None:
        """Surround these from now on."""
        self._targets = targets
        self._on_focus_changed(None, QApplication.focusWidget())

    def _on_focus_changed(self, _before: object, now: QWidget | None) -> None:
        if now is None:  # another window is active; the ring stays where keys will act
            return
        if self._ring is not None:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None
        if now in self._targets:
            self._ring = FocusRing(now)
            self._ring.destroyed.connect(self._on_ring_destroyed)

    def _on_ring_destroyed(self, ring: QObject) -> None:
        if self._ring is ring:
            self._ring = None
