"""Opening clips and projects, with or without a window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from hpe_studio.assets import data_folder
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.storage.lock import is_writable_folder
from hpe_studio.storage.project import Project, create_project, open_project
from hpe_studio.workflow.kinds import PROJECT_SUFFIX, kind_of

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Opened:
    """An open project and its footage.

    Attributes:
        project: The project; close it.
        footage: The clip's pictures, or None where they are not at hand; close it.
        warnings: Sentences a person should know.
    """

    project: Project
    footage: Footage | None
    warnings: tuple[str, ...] = ()

    def close(self) -> None:
        """Give both files back."""
        if self.footage is not None:
            self.footage.close()
        self.project.close()


def open_path(path: Path, *, fps: Fraction | None = None) -> Opened:
    """Open whatever it is: a project, a movie, a folder of images, a motion file.

    Opening a clip makes a project beside it, or in the data folder where the clip's
    folder cannot be written; opening it again finds that project.

    Raises:
        StudioError: If it cannot be opened.
    """
    from hpe_studio.workflow.importing import open_motion

    kind = kind_of(path)
    if kind == "project":
        return open_saved(path)
    if kind == "motion":
        return open_motion(path)
    return open_clip(path, fps=fps)


def open_clip(
    path: Path,
    *,
    fps: Fraction | None = None,
    project_path: Path | None = None,
    overwrite: bool = False,
) -> Opened:
    """Open footage with its project, which is made where there is none yet.

    Args:
        path: Movie or folder of images.
        fps: Frame rate of a folder of images.
        project_path: Where the project goes; beside the clip when None.
        overwrite: Start anew even if that project exists.

    Raises:
        StudioError: If the footage or the project cannot be opened or made.
    """
    from hpe_studio.media import open_footage

    footage = open_footage(path, fps=fps)
    try:
        goal = project_path or _project_for(footage.clip, path)
        if goal.exists() and not overwrite:
            project = _reopened(goal, footage.clip)
        else:
            project = create_project(goal, footage.clip, overwrite=overwrite)
    except BaseException:
        footage.close()
        raise
    return Opened(project=project, footage=footage, warnings=footage.clip.warnings)


def open_saved(path: Path, *, read_only: bool = False) -> Opened:
    """Open a project and, where it can be found, its footage.

    Raises:
        StudioError: If the project cannot be opened.
    """
    project = open_project(path, read_only=read_only)
    clip = project.document.clip
    if clip.path is None:
        return Opened(project=project, footage=None)
    try:
        footage = _found_footage(project)
    except StudioError as error:
        return Opened(project=project, footage=None, warnings=(str(error),))
    return Opened(project=project, footage=footage)


def relink_footage(project: Project, path: Path, *, force: bool = False) -> Footage:
    """Point a project to its footage after it moved.

    Args:
        project: The project.
        path: Where the footage lies now.
        force: Accept other footage of the same length.

    Raises:
        StudioError: If it is not the same footage.
    """
    from hpe_studio.media import open_footage

    old = project.document.clip
    footage = open_footage(path, fps=old.fps if old.kind == "images" else None)
    same = footage.clip.fingerprint == old.fingerprint
    if not same and not (force and footage.clip.frame_count == old.frame_count):
        footage.close()
        raise StudioError(
            f"is not the footage of {project.path.name}",
            path=path,
            fix=f"choose the file that was {old.path}",
        )
    if footage.clip.path != old.path and not project.is_read_only:
        project.replace_clip(replace(footage.clip, path=path.absolute()))
    return footage


def _found_footage(project: Project) -> Footage:
    """The footage where it was, or beside the project where it moved with it."""
    clip = project.document.clip
    assert clip.path is not None
    beside = project.path.parent / clip.path.name
    for candidate in (clip.path, beside):
        if candidate.exists():
            return relink_footage(project, candidate)
    raise StudioError(
        "the footage is not there any more",
        path=clip.path,
        fix="put it back or choose where it is now; people and edits are shown",
    )


def _project_for(clip: Clip, path: Path) -> Path:
    folder = path.absolute().parent
    if not is_writable_folder(folder):
        folder = data_folder() / "projects"
        folder.mkdir(parents=True, exist_ok=True)
    stem = path.name if path.is_dir() else path.stem
    for number in range(1, 1000):
        name = stem if number == 1 else f"{stem} ({number})"
        goal = folder / f"{name}{PROJECT_SUFFIX}"
        if not goal.exists() or _is_of(goal, clip):
            return goal
    raise StudioError("has too many projects", path=path, fix="name one with -o")


def _is_of(project_path: Path, clip: Clip) -> bool:
    try:
        project = open_project(project_path, read_only=True)
    except StudioError:
        return False
    try:
        return project.document.clip.fingerprint == clip.fingerprint
    finally:
        project.close()


def _reopened(path: Path, clip: Clip) -> Project:
    project = open_project(path)
    if project.document.clip.fingerprint != clip.fingerprint:
        project.close()
        raise StudioError(
            "belongs to other footage", path=path, fix="choose another name with -o"
        )
    return project
