"""Everything around one open project: viewers and transport between the docks."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QChildEvent, QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.arranger import Arranger, Panes
from hpe_studio.ui.compare.lanes import ErrorLanes
from hpe_studio.ui.curves.panel import CurvesPanel
from hpe_studio.ui.dock_tabs import DockTabs
from hpe_studio.ui.docks import DOCKS, PanelDock
from hpe_studio.ui.error_strip import ErrorStrip
from hpe_studio.ui.focus_ring import FocusRings
from hpe_studio.ui.inspector import Inspector
from hpe_studio.ui.lanes import LanesPanel
from hpe_studio.ui.outliner import Outliner
from hpe_studio.ui.panes import ToolColumn, video_head, viewport_head
from hpe_studio.ui.problems.panel import ProblemsPanel
from hpe_studio.ui.regions import Region, focus_next
from hpe_studio.ui.room import Pane, Room
from hpe_studio.ui.seams import Seams
from hpe_studio.ui.session import Session
from hpe_studio.ui.tools import ToolBox
from hpe_studio.ui.transport import Transport
from hpe_studio.ui.video_view import VideoView
from hpe_studio.ui.viewer_layout import Grid, ViewerLayout
from hpe_studio.ui.viewer_menu import give_menus, view_menu
from hpe_studio.ui.viewers import ViewerPane, Viewers
from hpe_studio.ui.viewport import Viewport
from hpe_studio.ui.views.deck import ViewDeck
from hpe_studio.ui.workspaces import neighbour_of

_AREAS = Qt.DockWidgetArea


class Workspace(QMainWindow):
    """The window's middle while a project is open.

    Args:
        session: The project.
        actions: The table's actions.
        is_kept: True where it comes up as it was left, and is kept again.
    """

    arranged = Signal()

    outliner: Outliner
    inspector: Inspector
    lanes: LanesPanel
    curves: CurvesPanel
    problems: ProblemsPanel

    def __init__(
        self, session: Session, actions: ActionSet, *, is_kept: bool = True
    ) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self._session = session
        self._actions = actions
        self._dock_tabs = DockTabs(self)
        self.tools = ToolBox(session)
        self.video = VideoView(session, self.tools)
        self.viewport = Viewport(session, self.tools)
        self.transport = Transport(session, actions)
        self.docks = {
            spec.id: PanelDock(spec, spec.make(session, actions)) for spec in DOCKS
        }
        self.outliner = self.docks["people"].widget()  # type: ignore[assignment]
        self.inspector = self.docks["inspector"].widget()  # type: ignore[assignment]
        self.lanes = self.docks["lanes"].widget()  # type: ignore[assignment]
        for button in self.outliner.title_buttons:
            self.docks["people"].add_to_title(button)
        self.problems = self.docks["problems"].widget()  # type: ignore[assignment]
        for widget in self.problems.title_widgets:
            beside = widget is self.problems.count
            self.docks["problems"].add_to_title(widget, beside=beside)
        self.curves = self.docks["curves"].widget()  # type: ignore[assignment]
        for dock in self.docks.values():
            self.addDockWidget(dock.spec.area, dock)  # where is told by `begin`
            dock.setVisible(not dock.spec.behind)
        self._lay_out(actions)
        for widget in (self.video, self.viewport, self.lanes):
            actions.hear_single_keys(widget)
        for dock_id in ("error_lanes", "errors"):
            actions.hear_single_keys(self.docks[dock_id].widget())
        self.deck.addActions(self.video.actions())  # for the views beside it
        self.viewer_menus = give_menus(self.video, self.viewport, session, actions)
        FocusRings(self).follow(self.video, self.viewport, self.lanes.canvas)
        self.room = Room(self, self.viewers, self.docks, below_px=self._below_px)
        self.seams = Seams(self, tuple(self.docks.values()))
        panes = Panes(
            main=self,
            docks=self.docks,
            viewers=self.viewers,
            room=self.room,
            tabs=self.inspector.tabs,
        )
        self._arranger = Arranger(panes, session.view, is_kept=is_kept)
        self._connect()

    # Reading ---------------------------------------------------------------------

    @property
    def workspace_id(self) -> str:
        """Which workspace it is ("fix")."""
        return self._arranger.workspace_id

    @property
    def toast_lift_px(self) -> int:
        """How far toasts keep off the lower edge, so as not to lie on the buttons."""
        return 0 if self.lanes.isVisible() else self.transport.height()

    @property
    def switched_on(self) -> frozenset[str]:
        """Ids of the switches in the menus that hold for how it is arranged."""
        docks = {f"dock_{n}" for n, dock in self.docks.items() if not dock.isHidden()}
        chosen = {
            f"workspace_{self.workspace_id}",
            f"viewers_{self.viewers.arrangement.mode}",
            f"views_{self.deck.grid}",
        }
        titles = {"dock_titles"} if self._arranger.shows_titles else set[str]()
        return frozenset(docks | chosen | titles)

    # Arranging -------------------------------------------------------------------

    def begin(self, room: QSize) -> None:
        """Lay everything out, now that there is a size to lay it out in."""
        self.resize(room)
        self._arranger.enter(self.workspace_id, self.window().size())
        self.inspector.enter_workspace(self.workspace_id)
        self.arranged.emit()

    def show_workspace(self, workspace_id: str) -> None:
        """Go over to another workspace; this one stays as it is left."""
        if workspace_id != self.workspace_id:
            before = QApplication.focusWidget()
            self._arranger.leave()
            self._arranger.enter(workspace_id, self.window().size())
            self.inspector.enter_workspace(workspace_id)
            self._keep_focus(before)
            self.arranged.emit()

    def step_workspace(self, step: int) -> None:
        """Go over to the workspace so many tabs further."""
        self.show_workspace(neighbour_of(self.workspace_id, step))

    def reset(self) -> None:
        """Put this workspace back as it is at first."""
        before = QApplication.focusWidget()
        self._arranger.reset(self.window().size())
        self._keep_focus(before)
        self.arranged.emit()

    def show_viewers(self, layout: ViewerLayout) -> None:
        """Let video and 3D stand otherwise."""
        self.room.take_back()
        self.viewers.arrangement = layout

    def toggle_dock(self, dock_id: str) -> None:
        """Close a dock, or bring it back."""
        before = QApplication.focusWidget()
        self.room.take_back()
        dock = self.docks[dock_id]
        is_behind = not dock.isHidden() and dock.visibleRegion().isEmpty()
        dock.setVisible(dock.isHidden() or is_behind)
        dock.raise_()
        self._keep_focus(before)

    def toggle_floating(self) -> None:
        """Let the dock that is meant float beside the window, or dock it again."""
        focused = QApplication.focusWidget()
        for dock in self.docks.values():
            if focused is not None and dock.isAncestorOf(focused):
                dock.setFloating(not dock.isFloating())
                focused.setFocus()

    def toggle_titles(self) -> None:
        """Show every dock's title, by which it is dragged, or only where usual."""
        self._arranger.show_titles(not self._arranger.shows_titles)

    def toggle_docks(self) -> None:
        """Hide the docks at the sides, or bring them back."""
        before = QApplication.focusWidget()
        self.room.toggle_sides()
        self._keep_focus(before)

    def toggle_maximised(self, pane: Pane | None = None) -> None:
        """Give a pane (the one that is meant) all the room, or take it back."""
        before = QApplication.focusWidget()
        if self.room.is_given:
            self.room.take_back()
        else:
            self.room.give(pane or self.room.meant())
        self._keep_focus(before)

    def focus_next_region(self) -> None:
        """Put the focus into the next region: people, viewers, inspector, lanes."""
        docks = [self._dock_region(dock) for dock in self.docks.values()]
        viewers = [
            Region(widget=view, target=view, bring=view.raise_)
            for view in (self.video, self.viewport)
        ]
        focus_next([docks[0], *viewers, *docks[1:]])

    def close_views(self) -> None:
        """Give graphics memory back and abort drags, before the widget goes."""
        self._arranger.leave()
        self.tools.cancel()
        self.strip.data.close()
        self.lanes.close_views()
        self.curves.close_views()
        self.viewport.close_scene()

    def childEvent(self, event: QChildEvent) -> None:
        """Look after the tabs that Qt makes for docks that lie over each other."""
        super().childEvent(event)
        made = event.child()
        if event.polished() and isinstance(made, QTabBar):
            self._dock_tabs.follow(made)

    # Within ----------------------------------------------------------------------

    def _lay_out(self, actions: ActionSet) -> None:
        heads = (
            video_head(actions, self._session, self.toggle_maximised),
            viewport_head(actions, self._session, self.viewport, self.toggle_maximised),
        )
        self.deck = ViewDeck(self._session, self.video, actions["add_views"])
        panes = (
            ViewerPane(heads[0], self.deck, ToolColumn(self.video, actions)),
            ViewerPane(heads[1], self.viewport, ToolColumn(self.viewport, actions)),
        )
        self.viewers = Viewers(*panes)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.viewers, 1)
        self.strip = ErrorStrip(self._session, actions, self.lanes.canvas)
        column.addWidget(self.strip)
        column.addWidget(self.transport)
        self.setCentralWidget(centre)
        options = QMainWindow.DockOption
        self.setDockOptions(options.AllowTabbedDocks | options.AllowNestedDocks)
        self.setTabPosition(_AREAS.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for corner, area in (
            (Qt.Corner.BottomLeftCorner, _AREAS.BottomDockWidgetArea),
            (Qt.Corner.BottomRightCorner, _AREAS.BottomDockWidgetArea),
        ):
            self.setCorner(corner, area)

    def _connect(self) -> None:
        requests = self._session.requests
        requests.docks_wanted.connect(self.toggle_docks)
        requests.maximise_wanted.connect(self.toggle_maximised)
        requests.next_region_wanted.connect(self.focus_next_region)
        self.viewers.changed.connect(self._on_viewers_changed)
        self.viewers.changed.connect(self.arranged)
        self.deck.grid_wanted.connect(self._on_grid_wanted)
        self.deck.menu_wanted.connect(self._on_view_menu_wanted)
        for dock in self.docks.values():
            dock.visibilityChanged.connect(self.arranged)
        self.docks["people"].installEventFilter(self)
        self.docks["compare"].installEventFilter(self)
        look.changed.connect(self._on_look_changed)
        self._align_labels()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep the lanes' labels as wide as the dock above them."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Move):
            self._align_labels()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the strip less room where there is little."""
        super().resizeEvent(event)
        self.strip.fit(self.window().height())

    def _on_look_changed(self) -> None:
        self._arranger.fit_viewers(self.window().size())

    def _on_viewers_changed(self) -> None:
        self.deck.grid = self.viewers.arrangement.grid

    def _on_grid_wanted(self, grid: Grid) -> None:
        self.show_viewers(replace(self.viewers.arrangement, grid=grid))

    def _on_view_menu_wanted(self, number: int, at: QPoint) -> None:
        cell = self.deck.cells[number]
        self.deck.show_view(number)
        view_menu(self.deck, self._actions).popup(cell.mapToGlobal(at))

    def _below_px(self) -> int:
        strip_px = 0 if self.strip.isHidden() else self.strip.height()
        return strip_px + self.transport.height()

    def _align_labels(self) -> None:
        people = self.docks["people"]
        is_left = self.dockWidgetArea(people) == _AREAS.LeftDockWidgetArea
        if is_left and people.isVisible() and not people.isFloating():
            self.lanes.set_labels_px(people.width())
            self.curves.set_labels_px(people.width())
        compare, errors = self.docks["compare"], self.docks["error_lanes"].widget()
        is_left = self.dockWidgetArea(compare) == _AREAS.LeftDockWidgetArea
        is_beside = is_left and compare.isVisible() and not compare.isFloating()
        if is_beside and isinstance(errors, ErrorLanes):
            errors.set_labels_px(compare.width())

    def _dock_region(self, dock: PanelDock) -> Region:
        return Region(widget=dock, target=dock.focus_target, bring=dock.raise_)

    def _keep_focus(self, before: QWidget | None) -> None:
        """Single keys go on acting when what had the focus is hidden."""
        if before is not None and before.isVisible():
            return
        targets = [dock.focus_target for dock in self.docks.values()]
        for shown in (self.video, self.viewport, *targets):
            if shown.isVisible():
                shown.setFocus()
                return
