"""A clip for a project that was made of results alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hpe_studio.core.errors import StudioError
from hpe_studio.ui.words import tr
from hpe_studio.workflow.attaching import attach_clip

if TYPE_CHECKING:
    from fractions import Fraction

    from hpe_studio.ui.session import Session
    from hpe_studio.ui.window import StudioWindow


def can_attach(session: Session | None) -> bool:
    """True where the open project has room for a clip."""
    if session is None or session.project.is_read_only:
        return False
    return session.document.clip.kind == "none"


def attach(window: StudioWindow, path: Path) -> None:
    """Give the open project its clip; a long film is read first, as a job."""
    session = window.session
    if session is None or not can_attach(session):
        return
    project, fps = session.project.path, session.document.clip.fps
    then = partial(_attach_now, window, project, path)

    def after_reading(_frame: int) -> None:
        then(fps=None)

    is_folder = path.is_dir()
    if is_folder or not window.reader.read_first(path, after_reading):
        then(fps=fps if is_folder else None)


def _attach_now(
    window: StudioWindow, project: Path, path: Path, *, fps: Fraction | None
) -> None:
    """Close, attach, open again: the session is built around its clip."""
    if not window.close_session():
        return
    try:
        attached = attach_clip(project, path, fps=fps)
    except StudioError as error:
        window.open_path(project)
        window.notices.complain(error)
        return
    if window.open_path(project):
        told = tr("{name} is attached").format(name=path.name)
        window.notices.say("; ".join((told, *attached.notes)))
