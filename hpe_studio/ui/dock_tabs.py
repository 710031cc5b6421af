"""Tab bars of docks that lie over each other; Qt parks those it has no use for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QTabBar

_PLACED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show)


class DockTabs(QObject):
    """Names the bars, and lets keys into those alone that are in the window."""

    def follow(self, bar: QTabBar) -> None:
        """Look after a bar that Qt has made."""
        bar.setAccessibleName(self.tr("Docks that lie here"))
        bar.installEventFilter(self)
        _fit(bar)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow a bar to where it is put."""
        if event.type() in _PLACED and isinstance(watched, QTabBar):
            _fit(watched)
        return False


def _fit(bar: QTabBar) -> None:
    is_parked = bar.x() < 0 or bar.y() < 0
    policy = Qt.FocusPolicy.NoFocus if is_parked else Qt.FocusPolicy.TabFocus
    if bar.focusPolicy() != policy:
        bar.setFocusPolicy(policy)
