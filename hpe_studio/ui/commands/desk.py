"""What commands act on: a window with perhaps an open project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hpe_studio.ui.session import Session

if TYPE_CHECKING:
    from hpe_studio.ui.asking import Asking
    from hpe_studio.ui.hands import Hands
    from hpe_studio.ui.workspace import Workspace


class Desk(Protocol):
    """What a window offers to commands beside its session."""

    @property
    def session(self) -> Session | None:
        """The open project."""
        ...

    @property
    def workspace(self) -> Workspace | None:
        """The panels around the open project."""
        ...

    @property
    def asking(self) -> Asking:
        """What it asks a person: files, folders, options of a task."""
        ...

    @property
    def hands(self) -> Hands:
        """Palette, key sheet, preferences, and small questions beside a viewer."""
        ...

    def open_sample(self) -> None:
        """Open the sample clip."""
        ...

    def open_for_editing(self) -> None:
        """Edit the project that is open for reading only."""
        ...

    def close_session(self) -> bool:
        """Go back to the start page; False where edits could not be kept yet."""
        ...

    def close(self) -> bool:
        """Close the window."""
        ...


def session_of(desk: Desk) -> Session:
    """The open project of an action that is off without one."""
    session = desk.session
    assert session is not None, "the action is off without a clip"
    return session


def workspace_of(desk: Desk) -> Workspace:
    """The panels of an action that is off without a clip."""
    workspace = desk.workspace
    assert workspace is not None, "the action is off without a clip"
    return workspace
