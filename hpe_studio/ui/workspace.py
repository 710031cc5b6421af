"""Everything around one open project: list, viewers, transport, inspector, lanes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.inspector import Inspector
from hpe_studio.ui.lanes import LanesPanel
from hpe_studio.ui.outliner import Outliner
from hpe_studio.ui.panes import TitleFollower, ToolColumn, ViewHeader
from hpe_studio.ui.session import Session
from hpe_studio.ui.tools import ToolBox
from hpe_studio.ui.transport import Transport
from hpe_studio.ui.video_view import VideoView
from hpe_studio.ui.viewport import Viewport

_WIDE_PX = 1400
_LEFT_PX, _RIGHT_PX, _LANES_PX = (224, 260), (256, 300), (148, 200)


class Workspace(QWidget):
    """The window's middle while a project is open.

    Args:
        session: The project.
        actions: The table's actions.
        room: Width and height of the window, which decide the docks' first sizes.
    """

    def __init__(
        self, session: Session, actions: ActionSet, room: tuple[int, int]
    ) -> None:
        super().__init__()
        self._session = session
        self.tools = ToolBox(session)
        self.outliner = Outliner(session, actions)
        self.video = VideoView(session, self.tools)
        self.viewport = Viewport(session, self.tools)
        self.transport = Transport(session, actions)
        self.inspector = Inspector(session, actions)
        self.lanes = LanesPanel(session, actions)
        self.lanes.align_labels(self.outliner)
        for widget in (self.video, self.viewport, self.lanes, self.transport):
            actions.hear_single_keys(widget)
        self._panes: dict[QWidget, QWidget] = {}
        self._lay_out(actions, room)
        session.requests.docks_wanted.connect(self.toggle_docks)
        session.requests.maximise_wanted.connect(self.toggle_maximised)
        session.requests.next_region_wanted.connect(self.focus_next_region)

    @property
    def toast_lift_px(self) -> int:
        """How far toasts keep off the lower edge, so as not to lie on the buttons."""
        return 0 if self.lanes.isVisible() else self.transport.height()

    def toggle_docks(self) -> None:
        """Hide list, inspector and lanes, or bring them back."""
        docks = (self.outliner, self.inspector, self.lanes)
        hide = any(dock.isVisible() for dock in docks)
        for dock in docks:
            dock.setVisible(not hide)
        self._keep_focus()

    def toggle_maximised(self) -> None:
        """Give the viewer under the pointer, else with the focus, all the room."""
        all_shown = all(pane.isVisible() for pane in self._panes.values())
        chosen = self._meant_viewer()
        for viewer, pane in self._panes.items():
            pane.setVisible(not all_shown or viewer is chosen)
        for dock in (self.outliner, self.inspector, self.lanes):
            dock.setVisible(not all_shown)
        self._keep_focus()

    def focus_next_region(self) -> None:
        """Put the focus into the next region: list, video, 3D, inspector, lanes."""
        regions = [
            (self.outliner, self.outliner.tree),
            (self.video, self.video),
            (self.viewport, self.viewport),
            (self.inspector, self.inspector.tabs),
            (self.lanes, self.lanes.canvas),
        ]
        shown = [region for region in regions if region[0].isVisible()]
        focused = QApplication.focusWidget()
        at = next(
            (
                i
                for i, (region, _) in enumerate(shown)
                if region is focused
                or (focused is not None and region.isAncestorOf(focused))
            ),
            -1,
        )
        shown[(at + 1) % len(shown)][1].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _meant_viewer(self) -> QWidget:
        under = QApplication.widgetAt(QCursor.pos())
        for viewer in self._panes:
            if under is not None and (under is viewer or viewer.isAncestorOf(under)):
                return viewer
        return self.viewport if self.viewport.hasFocus() else self.video

    def _keep_focus(self) -> None:
        """Single keys go on acting when what had the focus is hidden."""
        focused = QApplication.focusWidget()
        if focused is None or not focused.isVisible():
            shown = self.video if self.video.isVisible() else self.viewport
            shown.setFocus()

    def close_views(self) -> None:
        """Give graphics memory back and abort drags, before the widget goes."""
        self.tools.cancel()
        self.lanes.canvas.cancel()
        self.viewport.close_scene()

    def _lay_out(self, actions: ActionSet, room: tuple[int, int]) -> None:
        is_wide = room[0] >= _WIDE_PX
        left, right = _LEFT_PX[is_wide], _RIGHT_PX[is_wide]
        lanes = _LANES_PX[room[1] >= 800]
        viewers = _splitter(Qt.Orientation.Horizontal)
        self._panes = {
            self.video: _video_pane(self.video, actions),
            self.viewport: _viewport_pane(self.viewport, actions, self._session),
        }
        for pane in self._panes.values():
            viewers.addWidget(pane)
        viewers.setSizes([1000, 1000])
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(viewers, 1)
        column.addWidget(self.transport)
        upper = _splitter(Qt.Orientation.Horizontal)
        for widget in (self.outliner, centre, self.inspector):
            upper.addWidget(widget)
        upper.setSizes([left, max(room[0] - left - right, 300), right])
        _stretch_only(upper, 1)
        whole = _splitter(Qt.Orientation.Vertical)
        whole.addWidget(upper)
        whole.addWidget(self.lanes)
        whole.setSizes([max(room[1] - 64 - lanes, 200), lanes])
        _stretch_only(whole, 0)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(whole)


def _splitter(orientation: Qt.Orientation) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(True)
    return splitter


def _stretch_only(splitter: QSplitter, index: int) -> None:
    for i in range(splitter.count()):
        splitter.setStretchFactor(i, 1 if i == index else 0)


def _video_pane(video: VideoView, actions: ActionSet) -> QWidget:
    head = ViewHeader("video", "Video")
    head.add_action(actions["toggle_skeletons"])
    head.add_action(actions["toggle_ghost"])
    ToolColumn(video, actions)
    return _pane(head, video)


def _viewport_pane(viewport: Viewport, actions: ActionSet, session: Session) -> QWidget:
    head = ViewHeader("box", "3D")
    for action_id in ("toggle_bodies", "toggle_floor", "toggle_frustum", "view_camera"):
        head.add_action(actions[action_id])
    follower = TitleFollower(head.detail, viewport, session)
    follower.show_title()
    ToolColumn(viewport, actions)
    return _pane(head, viewport)


def _pane(head: QWidget, view: QWidget) -> QWidget:
    pane = QWidget()
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(head)
    column.addWidget(view, 1)
    return pane
