"""Gives one pane all the room for a while, and takes it back as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from hpe_studio.ui.arrangement import VERSION, as_bytes
from hpe_studio.ui.docks import PanelDock
from hpe_studio.ui.viewer_layout import Side
from hpe_studio.ui.viewers import Viewers

Pane = Side | str
"""A viewer's side, or the id of a dock."""

_NO_LIMIT_PX = (1 << 24) - 1  # Qt's own
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
_SIDES = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)


class Room:
    """Which panes of a workspace are seen.

    Args:
        main: The workspace.
        viewers: Video and 3D in its middle.
        docks: Its docks by id.
        below_px: Gives the height of what stands below the viewers.
    """

    def __init__(
        self,
        main: QMainWindow,
        viewers: Viewers,
        docks: Mapping[str, PanelDock],
        *,
        below_px: Callable[[], int],
    ) -> None:
        self._main = main
        self._viewers = viewers
        self._docks = docks
        self._below_px = below_px
        self._before: bytes | None = None
        self._put_away: list[PanelDock] = []

    @property
    def is_given(self) -> bool:
        """True while one pane has all the room."""
        return self._before is not None

    def state(self) -> bytes:
        """Qt's record of the docks as they stand while nothing is maximised."""
        if self._before is not None:
            return self._before
        return as_bytes(self._main.saveState(VERSION))

    def give(self, pane: Pane) -> None:
        """Give a pane all the room; docks that float stay where they are."""
        self.take_back()
        self._before = self.state()
        for name, dock in self._docks.items():
            if name != pane and not dock.isFloating():
                dock.hide()
        if pane in self._docks:
            is_below = self._main.dockWidgetArea(self._docks[pane]) == _BOTTOM
            self._viewers.hide()
            self._centre().setVisible(is_below)
            self._centre().setMaximumHeight(self._below_px())
        elif pane in self._viewers.panes:
            self._viewers.alone = "video" if pane == "video" else "scene"

    def take_back(self) -> None:
        """Let every pane have its room again."""
        if self._before is None:
            return
        before, self._before = self._before, None
        self._centre().setMaximumHeight(_NO_LIMIT_PX)
        self._centre().show()
        self._viewers.show()
        self._viewers.alone = None
        self._main.restoreState(before, VERSION)

    def toggle_sides(self) -> None:
        """Hide the docks at the sides, or bring them back."""
        sides = self._side_docks()
        shown = [dock for dock in sides if dock.isVisible()]
        if shown:
            self._put_away = shown
        for dock in shown or self._put_away or sides:
            dock.setVisible(not shown)

    def meant(self) -> Pane:
        """The pane under the pointer, else the one with the focus, else the video."""
        under = QApplication.widgetAt(QCursor.pos())
        return (
            self._pane_of(under)
            or self._pane_of(QApplication.focusWidget())
            or ("video")
        )

    def _pane_of(self, widget: QWidget | None) -> Pane | None:
        if widget is None:
            return None
        for side, pane in self._viewers.panes.items():
            if pane is widget or pane.isAncestorOf(widget):
                return side
        for name, dock in self._docks.items():
            is_inside = dock is widget or dock.isAncestorOf(widget)
            if is_inside and not dock.isFloating():
                return name
        return None

    def _centre(self) -> QWidget:
        centre = self._main.centralWidget()
        assert centre is not None, "viewers and transport stand in the middle"
        return centre

    def _side_docks(self) -> Sequence[PanelDock]:
        return [
            dock
            for dock in self._docks.values()
            if not dock.isFloating() and self._main.dockWidgetArea(dock) in _SIDES
        ]
