"""Starts sessions and the long jobs of a session: cuts, people."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from functools import partial
from pathlib import Path

from hpe_studio.catalogue import estimator
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.media import open_footage
from hpe_studio.media.shots import ShotsFound
from hpe_studio.posing.posed import Poser
from hpe_studio.storage.project import Project, why_not_writable
from hpe_studio.ui.jobs import JobRunner
from hpe_studio.ui.notices import Notices
from hpe_studio.ui.running import ShotRun
from hpe_studio.ui.session import Session, body_for
from hpe_studio.ui.words import tr
from hpe_studio.workflow.apply_estimate import finished_shots
from hpe_studio.workflow.estimate import EstimateOptions, estimate_job
from hpe_studio.workflow.find_people import run_of
from hpe_studio.workflow.kinds import kind_of
from hpe_studio.workflow.opening import open_path, relink_footage
from hpe_studio.workflow.project_files import project_for
from hpe_studio.workflow.shots import apply_shots, giving_way, shots_of


def start_session(
    path: Path,
    *,
    fps: Fraction | None = None,
    jobs: JobRunner,
    notices: Notices,
) -> tuple[Session, tuple[str, ...]]:
    """Open a clip, project or results file; sentences a person should know with it.

    Raises:
        StudioError: If it cannot be opened.
    """
    import cv2  # noqa: F401  (its first import must not fall into a paint)

    opened = open_path(path, fps=fps)
    try:
        document = opened.project.document
        body, body_warning = body_for(document)
        session = Session(
            opened.project,
            footage=opened.footage,
            poser=Poser(document, body),
            jobs=jobs,
            notices=notices,
        )
    except BaseException:
        opened.close()
        raise
    opened.project.on_failed = notices.tell_not_written
    said = (*opened.warnings, body_warning, _read_only(session))
    return session, tuple(filter(None, said))


def _read_only(session: Session) -> str:
    project = session.project
    if not project.is_read_only:
        return ""
    told = tr("{name} is open for reading only: {why}")
    return told.format(name=project.path.name, why=project.why_read_only)


def still_read_only(session: Session) -> bool:
    """True where a project cannot be edited yet; a toast says why."""
    why = why_not_writable(session.project.path)
    if why:
        told = tr("{name} cannot be edited yet: {why}")
        name = session.project.path.name
        session.notices.inform(told.format(name=name, why=why), action="save_copy")
    return bool(why)


def check_kept(project: Project) -> None:
    """Write what could not be written before.

    Raises:
        StudioError: If it still cannot.
    """
    if not project.has_unwritten:
        return
    try:
        project.write_again()
    except StudioError as error:
        raise StudioError(
            error.what,
            path=project.path,
            fix=tr("make room, save a copy, or close again to give the edits up"),
        ) from None


def clip_without_rate(path: Path) -> Clip | None:
    """The clip of a folder of images nobody has told the rate of yet, else None.

    Raises:
        StudioError: If it cannot be opened.
    """
    if not path.is_dir() or kind_of(path) != "clip":
        return None
    footage = open_footage(path)
    try:
        is_known = project_for(footage.clip, path).exists()
    finally:
        footage.close()
    return None if is_known else footage.clip


def attach_footage(session: Session, path: Path) -> None:
    """Show a clip that moved from where it is now.

    Raises:
        StudioError: If it is not the project's footage.
    """
    session.attach_footage(relink_footage(session.project, path))
    session.notices.say(f"Footage found: {path.name}")
    start_finding_shots(session)


def reattach_footage(session: Session) -> None:
    """Show the clip again that came back to where it was; wrong footage is left."""
    path = session.document.clip.path
    if path is None or session.footage is not None:
        return
    with suppress(StudioError):
        session.attach_footage(relink_footage(session.project, path))
        session.notices.say(tr("{} is back").format(path.name))
        start_finding_shots(session)


def start_finding_shots(session: Session) -> None:
    """Find cuts in the background where they are not known yet."""
    footage, project = session.footage, session.project
    if footage is None or session.document.shots is not None or project.is_read_only:
        return
    session.jobs.start(
        tr("Finding cuts"),
        giving_way(shots_of(footage), lambda: _is_looked_at(session)),
        on_result=partial(_on_shots_found, session),
        gives_way=True,
    )


def _is_looked_at(session: Session) -> bool:
    """True while pictures are wanted in haste: work in the background waits."""
    return session.loader is not None and session.loader.is_busy


def start_estimate(session: Session, options: EstimateOptions) -> None:
    """Find people in the background; each finished shot is added as an edit.

    A search for cuts that goes on is taken over by the run where it is.
    """
    footage, document = session.footage, session.document
    if footage is None:
        session.notices.inform(tr("The footage is not at hand"), action="locate")
        return
    if session.project.is_read_only:
        told = tr("This project is open for reading only: save a copy and run there")
        session.notices.inform(told, action="save_copy")
        return
    session.jobs.make_way()
    session.finds.begin(estimator(options.estimator).SPEC.landmark_set)
    try:
        finished = finished_shots(document, run_of(options, document.clip))
    except StudioError:
        finished = {}  # the job says what is wrong with the choices
    job = estimate_job(
        footage,
        options,
        body=session.poser.body,
        shots=document.shots,
        finished=finished,
    )
    ShotRun(session, job)


def _on_shots_found(session: Session, found: ShotsFound) -> None:
    if session.document.shots is None and not session.document.is_editing:
        apply_shots(session.document, found)
