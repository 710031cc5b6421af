"""Results without a clip: as a project of their own, which a clip can join later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hpe_studio.core.clip import Clip, clip_without_footage
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.jobs import Job, Progress, run_job
from hpe_studio.storage.project import Project, create_project, open_project
from hpe_studio.workflow.apply_import import apply_import
from hpe_studio.workflow.import_camera import picture_size
from hpe_studio.workflow.importing import ImportOptions, import_job, onto
from hpe_studio.workflow.kinds import PROJECT_SUFFIX, format_of, kind_of
from hpe_studio.workflow.opening import Opened
from hpe_studio.workflow.project_files import project_folder
from hpe_studio.workflow.reading import read_motion, results_digest
from hpe_studio.workflow.timing import file_times_s, frame_total

_QUICK = ("bvh", "json")
"""Formats of one file with rotations, which open while one waits."""


def open_motion(path: Path) -> Opened:
    """Open a results file or folder as a project of its own, made beside it.

    Opening it again finds that project; a file that has changed gets a new one.

    Raises:
        StudioError: If it cannot be read or the project cannot be made.
    """
    digest = results_digest(path)
    goal = results_project(path, digest)
    motion = read_motion(path)
    if goal.exists():
        return Opened(
            project=open_project(goal), footage=None, warnings=motion.warnings
        )
    return made_into(goal, path.name, motion, digest)


def motion_as_project(path: Path, folder: Path) -> Opened:
    """Results as a new project in a folder, for work that leaves no trace.

    Raises:
        StudioError: If they cannot be read or the project cannot be made.
    """
    motion = read_motion(path)
    return made_into(folder / f"motion{PROJECT_SUFFIX}", path.name, motion, "")


def made_into(
    goal: Path,
    name: str,
    motion: MotionFile,
    digest: str,
    options: ImportOptions | None = None,
) -> Opened:
    """A new project without footage that holds results.

    Raises:
        StudioError: If they are none or the project cannot be made.
    """
    project, warnings = run_job(_filled(goal, name, motion, digest, options))
    return Opened(project=project, footage=None, warnings=warnings, is_new=True)


def results_job(path: Path) -> Job[tuple[Path, tuple[str, ...]]]:
    """Where the project of results is, made where there is none, and what to know.

    Raises:
        StudioError: If they cannot be read or the project cannot be made.
    """
    yield Progress(done=0.0, total=1.0, text=path.name)
    digest = results_digest(path)
    goal = results_project(path, digest)
    if goal.exists():
        return goal, ()
    motion = read_motion(path)
    project, warnings = yield from _filled(goal, path.name, motion, digest, None)
    project.close()
    return goal, warnings


def takes_long(path: Path) -> bool:
    """True for results that are not opened in a moment: folders, points, new ones."""
    if kind_of(path) != "motion" or format_of(path) in _QUICK:
        return False
    return not results_project(path, results_digest(path)).exists()


def _filled(
    goal: Path,
    name: str,
    motion: MotionFile,
    digest: str,
    options: ImportOptions | None,
) -> Job[tuple[Project, tuple[str, ...]]]:
    """A new project that holds results, open, and what a person should know."""
    project = create_project(goal, clip_for(motion))
    try:
        document = project.document
        imported = yield from import_job(motion, onto(document), options)
        apply_import(document, imported, name=name, digest=digest)
        project.flush()
    except BaseException as error:
        project.close()
        goal.unlink(missing_ok=True)
        if isinstance(error, StudioError) and error.path is None:
            raise StudioError(error.what, path=Path(name), fix=error.fix) from None
        raise
    return project, (*motion.warnings, *imported.notes)


def results_project(path: Path, digest: str) -> Path:
    """A free name for the project of results, or the project they have already.

    Raises:
        StudioError: If every name is taken or no folder can be written.
    """
    folder = project_folder(path)
    for number in range(1, 1000):
        name = path.name if number == 1 else f"{path.name} ({number})"
        goal = folder / f"{name}{PROJECT_SUFFIX}"
        if not goal.exists() or _is_of(goal, digest):
            return goal
    raise StudioError("has too many projects", path=path, fix="delete some")


def clip_for(motion: MotionFile) -> Clip:
    """A clip of only the length, rate and size that results speak of."""
    clip = clip_without_footage(
        frame_count=max(1, frame_total(motion)),
        fps=motion.fps,
        size_px=picture_size(motion),
    )
    if motion.times_s is not None and len(motion.times_s) == clip.frame_count:
        clip = replace(clip, times_s=file_times_s(motion))
    return clip


def _is_of(project_path: Path, digest: str) -> bool:
    try:
        project = open_project(project_path, read_only=True)
    except StudioError:
        return False
    try:
        takes = project.document.takes.values()
        return any(take.options.get("sha256") == digest for take in takes)
    finally:
        project.close()
