"""A clip for a project that was made of results alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hpe_studio.core.errors import StudioError
from hpe_studio.ui.importing.attach_dialog import AttachDialog
from hpe_studio.ui.words import tr
from hpe_studio.workflow.attach_exam import as_results, examine_attached, onto_clip
from hpe_studio.workflow.attaching import attach_clip
from hpe_studio.workflow.films import open_film
from hpe_studio.workflow.timing import Timing

if TYPE_CHECKING:
    from fractions import Fraction

    from hpe_studio.ui.session import Session
    from hpe_studio.ui.window import StudioWindow
    from hpe_studio.workflow.doctor import Examination


def can_attach(session: Session | None) -> bool:
    """True where the open project has room for a clip."""
    if session is None or session.project.is_read_only:
        return False
    return session.document.clip.kind == "none"


def attach(window: StudioWindow, path: Path) -> None:
    """Give the open project its clip; asked about first where it does not fit.

    A long film is read first, as a job.
    """
    session = window.session
    if session is None or not can_attach(session):
        return
    fps = session.document.clip.fps
    is_folder = path.is_dir()
    look = partial(_look_at, window, session, path)

    def after_reading(_frame: int) -> None:
        look(fps=None)

    if is_folder or not window.reader.read_first(path, after_reading):
        look(fps=fps if is_folder else None)


def _look_at(
    window: StudioWindow, session: Session, path: Path, *, fps: Fraction | None
) -> None:
    """Let the doctor look at clip and people together, as a job."""
    if window.session is not session:
        return
    try:
        footage = open_film(path, fps=fps)
    except StudioError as error:
        window.notices.complain(error)
        return
    document = session.document
    motion = as_results(document, session.poser)
    goal = onto_clip(document, footage)
    then = partial(_attach_now, window, session, path, fps)

    def on_result(exam: Examination) -> None:
        if window.session is not session:
            footage.close()
        elif exam.misfits:
            AttachDialog(exam, goal, footage, then, window).show()
        else:
            footage.close()
            then(Timing())

    session.jobs.start(
        tr("Looking at {}").format(path.name),
        examine_attached(document, motion, goal, footage),
        on_result=on_result,
        on_cancelled=footage.close,
    )


def _attach_now(
    window: StudioWindow,
    session: Session,
    path: Path,
    fps: Fraction | None,
    timing: Timing,
) -> None:
    """Close, attach, open again: the session is built around its clip."""
    project = session.project.path
    if window.session is not session or not window.close_session():
        return
    try:
        attached = attach_clip(project, path, timing=timing, fps=fps)
    except StudioError as error:
        window.open_path(project)
        window.notices.complain(error)
        return
    if window.open_path(project):
        told = tr("{name} is attached").format(name=path.name)
        window.notices.say("; ".join((told, *attached.notes)))
