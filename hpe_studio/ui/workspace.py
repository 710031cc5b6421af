"""Everything around one open project: list, viewers, transport, inspector, lanes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.inspector import Inspector
from hpe_studio.ui.lanes import LanesPanel
from hpe_studio.ui.outliner import Outliner
from hpe_studio.ui.session import Session
from hpe_studio.ui.tools import TOOLS, ToolBox
from hpe_studio.ui.transport import Transport
from hpe_studio.ui.video_view import VideoView
from hpe_studio.ui.viewport import Viewport
from hpe_studio.ui.widgets import icon_label, text_label, tool_button

_WIDE_PX = 1400
_LEFT_PX, _RIGHT_PX, _LANES_PX = (224, 260), (256, 300), (148, 200)
_VIEW_HEADER_PX = 28


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
        self._lay_out(actions, room)

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
        viewers.addWidget(_video_pane(self.video, actions))
        viewers.addWidget(_viewport_pane(self.viewport, actions, self._session))
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
    head = _ViewHeader("video", "Video")
    head.add_action(actions["toggle_skeletons"])
    head.add_action(actions["toggle_ghost"])
    return _pane(head, video)


def _viewport_pane(viewport: Viewport, actions: ActionSet, session: Session) -> QWidget:
    head = _ViewHeader("box", "3D")
    for action_id in ("toggle_bodies", "toggle_floor", "toggle_frustum", "view_camera"):
        head.add_action(actions[action_id])
    follower = _TitleFollower(head.detail, viewport, session)
    follower.show_title()
    _ToolColumn(viewport, actions)
    return _pane(head, viewport)


def _pane(head: QWidget, view: QWidget) -> QWidget:
    pane = QWidget()
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(head)
    column.addWidget(view, 1)
    return pane


class _ViewHeader(QWidget):
    """Icon, name, what is looked at, and switches at the right."""

    def __init__(self, icon: str, title: str) -> None:
        super().__init__()
        self.setFixedHeight(_VIEW_HEADER_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="header")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 0, 6, 0)
        self._row.setSpacing(6)
        self._row.addWidget(icon_label(icon, 14, "text.secondary"))
        self._row.addWidget(text_label(title, weight=600))
        self.detail = text_label(tone="muted")
        self._row.addWidget(self.detail)
        self._row.addStretch(1)

    def add_action(self, action: QAction) -> None:
        """Add a switch."""
        self._row.addWidget(tool_button(action, 24, icon_px=14))


class _TitleFollower(QObject):
    """Keeps a header saying what the viewport looks through."""

    def __init__(self, label: QLabel, viewport: Viewport, session: Session) -> None:
        super().__init__(label)
        self._label = label
        self._viewport = viewport
        viewport.looked.connect(self.show_title)
        session.requests.preset_wanted.connect(self.show_title)

    def show_title(self, _name: str = "") -> None:
        """Show it."""
        self._label.setText(self._viewport.camera.title)


class _ToolColumn(QWidget):
    """The mouse tools, one above the other, at the viewport's upper left."""

    def __init__(self, viewport: Viewport, actions: ActionSet) -> None:
        super().__init__(viewport)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("toolColumn")
        tint = look.colour("bg.panel")
        self.setStyleSheet(
            f"#toolColumn {{ background: rgba({tint.red()}, {tint.green()}, "
            f"{tint.blue()}, 225); border-radius: 6px; }}"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 3, 3, 3)
        column.setSpacing(2)
        for name in TOOLS:
            button = tool_button(actions[f"tool_{name}"], 28)
            look.set_role(button, role="tool")
            column.addWidget(button)
        self.adjustSize()
        self.move(8, 8)
