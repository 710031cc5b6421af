"""A small card low over a viewer, gone with Esc or a click elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from hpe_studio.ui import look

_EDGE_PX, _LIFT_PX = 8, 16


class LowCard(QFrame):
    """Asks beside the work: not modal, and the focus goes back to where it was.

    Args:
        host: What it lies over.
        name: What a screen reader calls it.
        width_px: Its width.
    """

    def __init__(self, host: QWidget, name: str, *, width_px: int) -> None:
        super().__init__(host)
        self._host, self._had_focus = host, QApplication.focusWidget()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        look.set_role(self, role="card")
        self.setAccessibleName(name)
        self.setFixedWidth(width_px)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 12)

    def show_over(self, viewer: QWidget, first: QWidget) -> None:
        """Show it low in the middle of a viewer, with the focus on a part of it."""
        self.adjustSize()
        at = viewer.mapTo(self._host, QPoint(viewer.width() // 2, viewer.height()))
        most_x = self._host.width() - self.width() - _EDGE_PX
        x = min(max(at.x() - self.width() // 2, _EDGE_PX), most_x)
        self.move(x, max(at.y() - self.height() - _LIFT_PX, _EDGE_PX))
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def leave(self) -> None:
        """Close it and give the focus back."""
        app = QApplication.instance()
        if isinstance(app, QApplication) and self.isVisible():
            app.focusChanged.disconnect(self._on_focus_changed)
        before, self._had_focus = self._had_focus, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.close()

    def _on_focus_changed(self, _before: object, now: QWidget | None) -> None:
        if now is not None and not self.isAncestorOf(now):
            self._had_focus = None
            self.leave()
