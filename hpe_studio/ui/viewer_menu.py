"""The context menu in the video and the 3D view: of the person under the pointer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu, QWidget

from hpe_studio.render.hit2d import hit_test
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.person_menu import person_menu
from hpe_studio.ui.session import Session
from hpe_studio.ui.video_view import VideoView
from hpe_studio.ui.viewport import Viewport

_VIEW = (
    ("main_view", "rename_view"),
    ("view_earlier", "view_later"),
    ("views_one", "views_two", "views_four", "views_six", "views_all"),
    ("add_views", "remove_view"),
)
_FRAME = ("add_person_here", "show_all", "cut_shot", "remove_cut")


class ViewerMenu(QObject):
    """Opens the menu of whoever is under the pointer, else of the frame itself.

    Args:
        viewer: The video or the 3D view.
        person_at: Whose body is at a place of it, or None.
        session: Whose people.
        actions: The table's actions.
    """

    def __init__(
        self,
        viewer: QWidget,
        person_at: Callable[[float, float], int | None],
        session: Session,
        actions: ActionSet,
    ) -> None:
        super().__init__(viewer)
        self._viewer, self._person_at = viewer, person_at
        self._session, self._actions = session, actions
        viewer.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Show the menu where it is asked for."""
        if isinstance(event, QContextMenuEvent):
            self.menu_at(event.pos()).popup(event.globalPos())
            return True
        return False

    def menu_at(self, at: QPoint) -> QMenu:
        """The menu of a place; a person there is selected first."""
        found = self._person_at(at.x(), at.y())
        person = self._session.document.persons.get(found or -1)
        if person is not None:
            return person_menu(self._viewer, self._session, self._actions, person)
        menu = QMenu(self._viewer)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action_id in _FRAME:
            menu.addAction(self._actions[action_id])
        return menu


def give_menus(
    video: VideoView, viewport: Viewport, session: Session, actions: ActionSet
) -> tuple[ViewerMenu, ViewerMenu]:
    """Let both viewers open menus."""

    def in_video(x: float, y: float) -> int | None:
        hit = hit_test(video.overlay, x, y)
        return None if hit is None else int(hit.person)

    return (
        ViewerMenu(video, in_video, session, actions),
        ViewerMenu(viewport, viewport.person_at, session, actions),
    )


def view_menu(parent: QWidget, actions: ActionSet) -> QMenu:
    """The context menu of a view of several: it acts on the one that is shown."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for group in _VIEW:
        if menu.actions():
            menu.addSeparator()
        for action_id in group:
            menu.addAction(actions[action_id])
    return menu
