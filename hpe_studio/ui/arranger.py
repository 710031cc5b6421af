"""Lays a workspace out, as it was left or as at first, and keeps how it is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMainWindow, QTabBar

from hpe_studio.core.viewstate import Layers, ViewState
from hpe_studio.ui import arrangement as kept
from hpe_studio.ui.arrangement import Arrangement
from hpe_studio.ui.docks import PanelDock, add_dock, first_size_px
from hpe_studio.ui.room import Room
from hpe_studio.ui.viewer_layout import ViewerLayout
from hpe_studio.ui.viewers import Viewers
from hpe_studio.ui.workspaces import FIRST, WorkspaceSpec, workspace_spec

_LEFT_SHARES = {"people": 285, "problems": 330}
"""How the docks at the left share its height at first."""

_LEAST_BESIDE_PX = 600
"""Narrower than that, video and 3D do not stand side by side at first."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Panes:
    """What is laid out.

    Attributes:
        main: The window with the docks.
        docks: By their ids.
        viewers: Video and 3D.
        room: Which panes are seen.
        tabs: The inspector's tabs.
    """

    main: QMainWindow
    docks: Mapping[str, PanelDock]
    viewers: Viewers
    room: Room
    tabs: QTabBar


class Arranger:
    """Goes from workspace to workspace.

    Args:
        panes: What is laid out.
        view: Whose layers each workspace has for itself.
        is_kept: True where arrangements outlive the window.
    """

    def __init__(self, panes: Panes, view: ViewState, *, is_kept: bool) -> None:
        self._panes = panes
        self._view = view
        self._is_kept = is_kept
        self._left: dict[str, Arrangement] = {}
        self._first_viewers = ViewerLayout()
        self.shows_titles = False
        self.workspace_id = kept.last_workspace() if is_kept else FIRST

    def enter(self, workspace_id: str, room: QSize) -> None:
        """Lay a workspace out as it was left; in a room of that size at first."""
        found = self._left.get(workspace_id)
        if found is None and self._is_kept:
            found = kept.kept_arrangement(workspace_id)
        self._panes.room.take_back()
        self.workspace_id = workspace_id
        main = self._panes.main
        if found is None or not main.restoreState(found.docks, kept.VERSION):
            found = self._as_at_first(workspace_id, room)
        self._first_viewers = self._viewers_at_first(room)
        self._apply(found)

    def leave(self) -> None:
        """Keep how the workspace is left."""
        left = Arrangement(
            docks=self._panes.room.state(),
            viewers=self._panes.viewers.arrangement,
            layers=kept.layers_of(self._view.layers),
            inspector_tab=self._panes.tabs.currentIndex(),
            shows_titles=self.shows_titles,
        )
        self._left[self.workspace_id] = left
        if self._is_kept:
            kept.keep_arrangement(self.workspace_id, left)
            kept.remember_workspace(self.workspace_id)

    def reset(self, room: QSize) -> None:
        """Put the workspace back as it is at first."""
        self._left.pop(self.workspace_id, None)
        if self._is_kept:
            kept.forget_arrangement(self.workspace_id)
        self._panes.room.take_back()
        self._apply(self._as_at_first(self.workspace_id, room))

    def fit_viewers(self, room: QSize) -> None:
        """Make the best of a new text size, unless a person arranged the viewers."""
        before, self._first_viewers = self._first_viewers, self._viewers_at_first(room)
        viewers = self._panes.viewers
        if viewers.arrangement == before != self._first_viewers:
            viewers.arrangement = self._first_viewers

    def show_titles(self, shown: bool) -> None:
        """Show all docks' titles, or only the usual ones."""
        self.shows_titles = shown
        for dock in self._panes.docks.values():
            dock.show_titles(shown)

    def _apply(self, found: Arrangement) -> None:
        self._panes.viewers.arrangement = found.viewers
        self._view.layers = kept.with_choices(self._view.layers, found.layers)
        self._panes.tabs.setCurrentIndex(found.inspector_tab)
        self.show_titles(found.shows_titles)

    def _as_at_first(self, workspace_id: str, room: QSize) -> Arrangement:
        spec, main = workspace_spec(workspace_id), self._panes.main
        for dock in self._panes.docks.values():
            dock.setFloating(False)
            main.removeDockWidget(dock)
        for name, dock in self._panes.docks.items():
            if spec.docks:  # tabs for what lies hidden would be in the way
                main.addDockWidget(dock.spec.area, dock)
            else:
                add_dock(main, dock, self._panes.docks)
            if not _is_first_seen(name, dock, spec):
                dock.hide()
                continue
            dock.show()
            size = first_size_px(dock.spec, room, spec.dock_px.get(name))
            way = Qt.Orientation
            grows = way.Horizontal if dock.spec.is_upright else way.Vertical
            main.resizeDocks([dock], [size], grows)
        left = [self._panes.docks[name] for name in _LEFT_SHARES]
        shares = list(_LEFT_SHARES.values())
        main.resizeDocks(left, shares, Qt.Orientation.Vertical)
        tabs = self._panes.tabs
        titles = [tabs.tabText(i) for i in range(tabs.count())]
        is_there = spec.inspector_tab in titles
        return Arrangement(
            viewers=self._viewers_at_first(room),
            layers=kept.layers_of(Layers()) | dict(spec.layers),
            inspector_tab=titles.index(spec.inspector_tab) if is_there else 0,
        )

    def _viewers_at_first(self, room: QSize) -> ViewerLayout:
        spec = workspace_spec(self.workspace_id)
        docks = self._panes.docks.items()
        seen = [dock for name, dock in docks if _is_first_seen(name, dock, spec)]
        return _viewers_between(seen, spec, room)


def _viewers_between(
    docks: Iterable[PanelDock], spec: WorkspaceSpec, room: QSize
) -> ViewerLayout:
    """The workspace's own layout; 3D as an inset where the docks leave little room."""
    sides: dict[Qt.DockWidgetArea, int] = {}
    for dock in docks:
        if dock.spec.is_upright:
            wide = first_size_px(dock.spec, room, spec.dock_px.get(dock.spec.id))
            sides[dock.spec.area] = max(wide, sides.get(dock.spec.area, 0))
    is_tight = room.width() - sum(sides.values()) < _LEAST_BESIDE_PX
    if spec.viewers.mode == "beside" and is_tight:
        return replace(spec.viewers, mode="inset_3d")
    return spec.viewers


def _is_first_seen(name: str, dock: PanelDock, spec: WorkspaceSpec) -> bool:
    """Whether a dock is seen in a workspace at first."""
    return name in spec.docks if spec.docks else not dock.spec.behind
