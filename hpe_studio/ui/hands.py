"""What a person reaches by hand: palette, key sheet, preferences, small questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from hpe_studio.edits.scope import Scope
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.dialogs.blend import BlendCard
from hpe_studio.ui.dialogs.keysheet import KeySheet
from hpe_studio.ui.dialogs.scope import ScopeChooser
from hpe_studio.ui.dialogs.versions import VersionsDialog
from hpe_studio.ui.palette import Palette
from hpe_studio.ui.preferences import Preferences
from hpe_studio.ui.session import Session

if TYPE_CHECKING:
    from hpe_studio.ui.workspace import Workspace


class Owner(Protocol):
    """The window as hands see it."""

    @property
    def session(self) -> Session | None:
        """The open project."""
        ...

    @property
    def workspace(self) -> Workspace | None:
        """The panels around it."""
        ...


class Hands(QObject):
    """Cards and windows of one window; none of them blocks it.

    Args:
        window: Over which they lie.
        owner: The same window, whose session they serve.
        actions: The table's actions.
    """

    def __init__(self, window: QWidget, owner: Owner, actions: ActionSet) -> None:
        super().__init__(window)
        self._window, self._owner, self._actions = window, owner, actions
        self._palette: Palette | None = None
        self._preferences: Preferences | None = None
        self._sheet: KeySheet | None = None

    @property
    def session(self) -> Session | None:
        """The open project."""
        return self._owner.session

    @property
    def is_stop_down(self) -> bool:
        """True while the key that stops playing is held."""
        return self._actions.held.is_stop_down

    @property
    def palette(self) -> Palette:
        """The command palette, made when it is first needed."""
        if self._palette is None:
            self._palette = Palette(self._window, self, self._actions)
        return self._palette

    def show_palette(self, typed: str = "") -> None:
        """Let a person find anything by a few letters."""
        self.palette.open(typed)

    def close_palette(self) -> None:
        """Take the palette away: its rows name people of what is open."""
        if self._palette is not None:
            self._palette.scrim.close_()

    def show_keys(self) -> None:
        """Show all keys on one sheet."""
        if self._sheet is None:
            self._sheet = KeySheet(self._window, self._actions)
            self._sheet.destroyed.connect(self._on_sheet_destroyed)
        self._sheet.show()
        self._sheet.raise_()
        self._sheet.activateWindow()

    def show_preferences(self, page: str = "") -> Preferences:
        """Show what a person can choose."""
        if self._preferences is None:
            self._preferences = Preferences(self._window, self._actions)
            self._preferences.destroyed.connect(self._on_preferences_destroyed)
        if page:
            self._preferences.show_page(page)
        self._preferences.show()
        self._preferences.raise_()
        self._preferences.activateWindow()
        return self._preferences

    def change_key(self, action_id: str) -> None:
        """Let a person give an action another key."""
        self.show_preferences("keys").keys.record_for(action_id)

    def ask_scope(
        self, title: str, *, kind: str, then: Callable[[Scope], object]
    ) -> None:
        """Ask over which frames something is done; Enter takes the last answer.

        Args:
            title: What will be done.
            kind: Under which name the answer is remembered.
            then: Takes the answer.
        """
        session = self.session
        if session is not None:
            chooser = ScopeChooser(
                self._window, session, title=title, kind=kind, then=then
            )
            chooser.ask(self._viewer())

    def ask_blend(self) -> None:
        """Let a person type over how many frames the key comes and goes."""
        if self.session is not None:
            BlendCard(self._window, self.session).ask(self._viewer())

    def ask_version(self) -> None:
        """Let a person give what is there now a name."""
        if self.session is not None:
            VersionsDialog(self.session, self._window).show()

    def flip_focus(self) -> None:
        """Go from the video to 3D, from 3D and the lanes to the video.

        On a button beside them Tab goes to the next one, as everywhere.
        """
        workspace = self._owner.workspace
        if workspace is None:
            return
        video, viewport = workspace.video, workspace.viewport
        here = QApplication.focusWidget()
        if here not in (video, viewport, workspace.lanes.canvas, None):
            self._window.focusNextPrevChild(True)
            return
        goal = viewport if video.hasFocus() else video
        if not goal.isVisible():
            goal = viewport if goal is video else video
        goal.setFocus()

    def _viewer(self) -> QWidget:
        """The viewer that has the focus, else one that is shown."""
        workspace = self._owner.workspace
        if workspace is None:
            return self._window
        viewers: list[QWidget] = [workspace.video, workspace.viewport]
        focused = QApplication.focusWidget()
        if focused in viewers:
            return focused
        return next((v for v in viewers if v.isVisible()), self._window)

    def _on_preferences_destroyed(self) -> None:
        self._preferences = None

    def _on_sheet_destroyed(self) -> None:
        self._sheet = None
