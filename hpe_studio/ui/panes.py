"""What frames a viewer: the header with its switches and the column of tools."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.layers_menu import LayersButton
from hpe_studio.ui.session import Session
from hpe_studio.ui.tools import TOOLS
from hpe_studio.ui.viewer_layout import GRIDS, MODES, Side
from hpe_studio.ui.viewport import Viewport
from hpe_studio.ui.widgets import (
    FilledToolButton,
    icon_label,
    text_label,
    tool_button,
)
from hpe_studio.ui.words import tr

_HEADER_PX, _HEADER_MARGINS_PX, _HEADER_GAP_PX = 28, 16, 6
_BUTTON_PX, _ICON_PX = 24, 14
_TOOLS_FROM_PX = 200

Maximise = Callable[[Side], object]


class ElidedLabel(QLabel):
    """A muted label that is cut with an ellipsis where there is no room for it."""

    def __init__(self) -> None:
        super().__init__()
        look.set_font(self, "body")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as much as there is room for."""
        with QPainter(self) as painter:
            painter.setPen(look.colour("text.muted"))
            end = Qt.TextElideMode.ElideRight
            text = self.fontMetrics().elidedText(self.text(), end, self.width())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)


class ViewHeader(QWidget):
    """Icon, name, what is looked at, and switches at the right.

    Args:
        icon: Name of the icon.
        title: Name of the pane.
    """

    def __init__(self, icon: str, title: str) -> None:
        super().__init__()
        self.setFixedHeight(_HEADER_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="header")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 0, 6, 0)
        self._row.setSpacing(_HEADER_GAP_PX)
        self._icon = icon_label(icon, 14, "text.secondary")
        self._title = text_label(title, weight=600)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._title)
        self.detail = ElidedLabel()
        self._switches: list[QWidget] = []
        look.changed.connect(self._fit)
        self._row.addWidget(self.detail, 1)

    def add_action(self, action: QAction) -> None:
        """Add a switch."""
        self.add_widget(tool_button(action, _BUTTON_PX, icon_px=_ICON_PX))

    def add_widget(self, widget: QWidget) -> None:
        """Add anything else that switches something, at the right."""
        self._row.addWidget(widget)
        self._switches.append(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words, icon and switches out, one by one, where it is narrow.

        The switches that go stand in the menus as well; the last ones stay longest.
        """
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - _HEADER_MARGINS_PX
        wide = {part: _wish_px(part) + _HEADER_GAP_PX for part in self._parts}
        for part in self._parts:
            part.setVisible(sum(wide.values()) <= room)
            if part.isHidden():
                del wide[part]

    @property
    def _parts(self) -> tuple[QWidget, ...]:
        """What may be left out, in that order."""
        return (self._title, self._icon, *self._switches)


def _wish_px(part: QWidget) -> int:
    return max(part.sizeHint().width(), part.minimumWidth())


def video_head(actions: ActionSet, session: Session, maximise: Maximise) -> ViewHeader:
    """The video's header: the clip, the layers over it, all the room."""
    head = ViewHeader("video", tr("Video"))
    head.detail.setText(session.title)
    head.detail.setToolTip(str(session.document.clip.path or session.project.path))
    head.add_action(actions["toggle_skeletons"])
    head.add_action(actions["toggle_ghost"])
    head.add_widget(LayersButton(session))
    head.add_widget(_views_button(actions))
    head.add_widget(_maximise_button(actions, partial(maximise, "video")))
    return head


def viewport_head(
    actions: ActionSet, session: Session, viewport: Viewport, maximise: Maximise
) -> ViewHeader:
    """The viewport's header: what it looks through, what it shows, its place."""
    head = ViewHeader("box", tr("3D"))
    for action_id in ("toggle_bodies", "toggle_floor", "toggle_frustum", "view_camera"):
        head.add_action(actions[action_id])
    head.add_widget(_layouts_button(actions))
    head.add_widget(_maximise_button(actions, partial(maximise, "scene")))
    TitleFollower(head.detail, viewport, session).show_title()
    return head


def _maximise_button(actions: ActionSet, then: Callable[[], object]) -> QToolButton:
    """Gives its own pane all the room, wherever the pointer is."""
    action = actions["maximise"]
    button = _header_button("maximize", action.iconText())
    button.setToolTip(action.toolTip())

    def clicked() -> None:
        then()

    button.clicked.connect(clicked)
    return button


def _layouts_button(actions: ActionSet) -> QToolButton:
    button = _header_button("columns-2", tr("Layout of the viewers"))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    for mode in MODES:
        menu.addAction(actions[f"viewers_{mode}"])
    menu.addSeparator()
    for action_id in ("inset_corner", "inset_larger", "inset_smaller"):
        menu.addAction(actions[action_id])
    button.setMenu(menu)
    return button


def _views_button(actions: ActionSet) -> QToolButton:
    button = _header_button("layout-grid", tr("Synchronous views"))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    for grid in GRIDS:
        menu.addAction(actions[f"views_{grid}"])
    menu.addSeparator()
    for action_id in ("next_view", "previous_view", "main_view"):
        menu.addAction(actions[action_id])
    menu.addSeparator()
    menu.addAction(actions["add_views"])
    button.setMenu(menu)
    return button


def _header_button(icon: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(look.icon(icon, _ICON_PX))
    button.setIconSize(QSize(_ICON_PX, _ICON_PX))
    button.setFixedSize(_BUTTON_PX, _BUTTON_PX)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class TitleFollower(QObject):
    """Keeps a header saying what the viewport looks through.

    Args:
        label: Where it is said.
        viewport: What looks.
        session: Whose presets are chosen.
    """

    def __init__(self, label: QLabel, viewport: Viewport, session: Session) -> None:
        super().__init__(label)
        self._label = label
        self._viewport = viewport
        viewport.looked.connect(self.show_title)
        session.requests.preset_wanted.connect(self.show_title)

    def show_title(self, _name: str = "") -> None:
        """Show it."""
        self._label.setText(self._viewport.camera.title)
        self._label.setToolTip(self._viewport.camera.title)


class ToolColumn(QWidget):
    """The mouse tools, one above the other, at a viewer's upper left.

    They are away where the viewer is too narrow for them: their keys go on acting.

    Args:
        viewer: The video or the viewport.
        actions: The table's actions.
    """

    def __init__(self, viewer: QWidget, actions: ActionSet) -> None:
        super().__init__(viewer)
        self._viewer, self._is_wanted = viewer, True
        viewer.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 3, 3, 3)
        column.setSpacing(2)
        for name in TOOLS:
            column.addWidget(FilledToolButton(actions[f"tool_{name}"]))
        self.adjustSize()
        self.move(8, 8)

    def setVisible(self, visible: bool) -> None:
        """Be there, where the viewer has room."""
        self._is_wanted = visible
        super().setVisible(visible and self._viewer.width() >= _TOOLS_FROM_PX)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Come and go with the viewer's width."""
        if event.type() == QEvent.Type.Resize:
            self.setVisible(self._is_wanted)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the plate under the buttons, dark over footage in every theme."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("video.tag", alpha=0.82))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
