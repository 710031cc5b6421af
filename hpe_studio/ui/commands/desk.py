"""What commands act on: a window with perhaps an open project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hpe_studio.ui.session import Session

if TYPE_CHECKING:
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

    def ask_for_clip(self) -> None:
        """Let a person choose a clip, project or results file and open it."""
        ...

    def ask_for_folder(self) -> None:
        """Let a person choose a folder of images and open it."""
        ...

    def ask_for_results(self) -> None:
        """Let a person choose a results file and open it."""
        ...

    def open_sample(self) -> None:
        """Open the sample clip."""
        ...

    def ask_for_run(self) -> None:
        """Let a person set up an estimation and start it."""
        ...

    def show_export(self) -> None:
        """Show the export window."""
        ...

    def ask_for_footage(self) -> None:
        """Let a person say where the clip is after it moved."""
        ...

    def ask_for_copy(self) -> None:
        """Let a person name a copy of the project and write it."""
        ...

    def ask_for_body(self) -> None:
        """Let a person choose a body model's file and use it."""
        ...

    def close_session(self) -> None:
        """Go back to the start page."""
        ...

    def show_about(self) -> None:
        """Tell name, version and licences."""
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
