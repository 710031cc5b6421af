"""Opening clips and projects, with or without a window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.storage.project import Project, create_project, open_project
from hpe_studio.workflow.films import open_film
from hpe_studio.workflow.kinds import PROJECT_SUFFIX, kind_of
from hpe_studio.workflow.project_files import (
    check_goal,
    project_for,
    set_aside,
)

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Opened:
    """An open project and its footage.

    Attributes:
        project: The project; close it.
        footage: The clip's pictures, or None where they are not at hand; close it.
        warnings: Sentences a person should know.
        is_new: True where opening made the project file.
        replaced: Where the project waits that this one is to replace; it goes when
            this one has a take at closing, and comes back otherwise.
    """

    project: Project
    footage: Footage | None
    warnings: tuple[str, ...] = ()
    is_new: bool = False
    replaced: Path | None = None

    def close(self) -> None:
        """Give both files back."""
        if self.footage is not None:
            self.footage.close()
        has_take = bool(self.project.document.takes)
        self.project.close()
        if self.replaced is None or not self.replaced.exists():
            return
        if has_take:
            self.replaced.unlink()
        else:
            self.replaced.replace(self.project.path)


def open_path(path: Path, *, fps: Fraction | None = None) -> Opened:
    """Open whatever it is: a project, a movie, a folder of images, a motion file.

    Of a Panoptic sequence one film is opened; `sequences.complete_job` adds the rest.
    Opening a clip makes a project beside it, or in the data folder where the clip's
    folder cannot be written; opening it again finds that project.

    Raises:
        StudioError: If it cannot be opened.
    """
    from hpe_studio.workflow.opening_results import open_motion
    from hpe_studio.workflow.sequences import is_filmed_sequence, open_sequence

    kind = kind_of(path)
    if kind == "project":
        return open_saved(path)
    if kind == "motion" and is_filmed_sequence(path):
        return open_sequence(path)
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
        path: Movie, folder of images, folder of a Panoptic sequence, or a project for
            the footage it refers to.
        fps: Frame rate of a folder of images.
        project_path: Where the project goes; beside the clip when None.
        overwrite: Start anew even if that project exists; it is kept until the new
            one has a take.

    Raises:
        StudioError: If the footage or the project cannot be opened or made.
    """
    from hpe_studio.workflow.sequences import (
        completed,
        is_filmed_sequence,
        open_sequence,
    )

    if project_path is not None:
        check_goal(project_path, overwrite=overwrite)
    if path.is_dir() and is_filmed_sequence(path):
        return completed(
            open_sequence(path, project_path=project_path, overwrite=overwrite)
        )
    if path.suffix.lower() == PROJECT_SUFFIX and path.is_file():
        footage = _footage_of(path)
        goal = project_path or path
    else:
        footage = open_film(path, fps=fps)
        goal = project_path or project_for(footage.clip, path)
    try:
        opened = _with_project(goal, footage, overwrite=overwrite)
    except BaseException:
        footage.close()
        raise
    return opened


def _with_project(goal: Path, footage: Footage, *, overwrite: bool) -> Opened:
    clip = footage.clip
    is_new, replaced = not goal.exists(), None
    if not is_new and not overwrite:
        project = _reopened(goal, clip)
    else:
        if not is_new:
            replaced = set_aside(goal)
        try:
            project = create_project(goal, clip)
        except BaseException:
            if replaced is not None:
                replaced.replace(goal)
            raise
    return Opened(
        project=project,
        footage=footage,
        warnings=clip.warnings,
        is_new=is_new,
        replaced=replaced,
    )


def _footage_of(project_path: Path) -> Footage:
    """The footage that a project refers to.

    Raises:
        StudioError: If the project cannot be read or its footage is not at hand.
    """
    opened = open_saved(project_path, read_only=True)
    opened.project.close()
    if opened.footage is not None:
        return opened.footage
    clip = opened.project.document.clip
    if clip.path is None:
        raise StudioError(
            "was made without footage", path=project_path, fix="open the clip itself"
        )
    raise StudioError(
        f"has no footage to look at, {clip.path} is not there any more",
        path=project_path,
        fix=f"put {clip.path.name} back or beside the project",
    )


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
    old = project.document.clip
    footage = open_film(path, fps=old.fps if old.kind == "images" else None)
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
    beside = project.path.absolute().parent / clip.path.name
    why: StudioError | None = None
    for candidate in dict.fromkeys((clip.path, beside)):
        if candidate.exists():
            try:
                return relink_footage(project, candidate)
            except StudioError as error:
                why = why or error
    raise why or StudioError(
        "the footage is not there any more",
        path=clip.path,
        fix="put it back or choose where it is now; people and edits are shown",
    )


def _reopened(path: Path, clip: Clip) -> Project:
    asked = open_project(path, read_only=True)  # asking must not touch it
    asked.close()
    if asked.document.clip.fingerprint != clip.fingerprint:
        raise StudioError(
            "belongs to other footage", path=path, fix="choose another name with -o"
        )
    return open_project(path)
