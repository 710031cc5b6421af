"""Lens, body model, synchronous views and truth of a whole project."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from os import PathLike
from pathlib import Path

from hpe_studio.api import Person, Project
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.edits import people
from hpe_studio.edits import truth as truths
from hpe_studio.edits import views as viewing
from hpe_studio.formats.calibration import read_calibration
from hpe_studio.workflow import bodies, focal
from hpe_studio.workflow.shape_refit import change_shape_and_refit
from hpe_studio.workflow.views import (
    ViewPlan,
    add_planned,
    calibration_beside,
    free_name,
    matched_cameras,
    name_of_film,
    read_clips,
)

AnyPath = str | PathLike[str]


def set_shape(
    person: Person,
    betas: Sequence[float] = (),
    *,
    scale: float | None = None,
    refit: bool = False,
) -> None:
    """Give a person a body shape by its coefficients; () is the mean shape.

    With `refit` all frames are fitted to the points again, in the same step.
    """
    document = person.document
    stored = document.persons[person.id]
    size = stored.scale if scale is None else scale
    with document.edit("Change shape") as edit:
        change = partial(people.set_shape, edit, stored, betas=betas, scale=size)
        if refit:
            body = person.poser.body
            change_shape_and_refit(edit, document, body, stored, change)
        else:
            change()


def set_focal(
    project: Project,
    *,
    frame: int = 0,
    focal_px: float | None = None,
    fov_deg: float | None = None,
) -> None:
    """Give a shot's camera a focal length, or a field of view of the longer side.

    Everybody's place is solved anew, so that the picture still fits.

    Raises:
        StudioError: If it is impossible or somebody is locked.
    """
    document = project.document
    focal.set_focal(
        document,
        project.poser.body.joint_model,
        document.shot_at(frame),
        focal_px=focal_px,
        fov_deg=fov_deg,
    )


def choose_body(project: Project, path: AnyPath | None = None) -> None:
    """Show everybody with a body model of yours, with the open body when None.

    Raises:
        StudioError: If the file is no body model.
    """
    given = None if path is None else Path(path)
    project.poser.body = bodies.choose_body(project.document, given)


def add_views(
    project: Project, films: Sequence[AnyPath], *, calibration: AnyPath | None = None
) -> tuple[int, ...]:
    """Add films of other cameras at the same time. Gives the numbers of the views.

    Args:
        project: Whose clip they go with.
        films: Movies or folders of images.
        calibration: Of the cameras; one that lies beside the films when None, and
            views without cameras where there is none.

    Raises:
        StudioError: If a film or the calibration cannot be read.
    """
    document, paths = project.document, [Path(film) for film in films]
    if not paths:
        raise StudioError("no film was given", fix="name films of other cameras")
    beside = calibration_beside(paths[0]) if calibration is None else Path(calibration)
    cameras = {} if beside is None else dict(read_calibration(beside))
    own = document.clip.path
    every = [*([] if own is None else [own]), *paths]
    names = matched_cameras(every, list(cameras))
    clips = run_job(read_clips(paths, document.clip))
    plans: list[ViewPlan] = []
    for clip, film, camera in zip(clips, paths, names[-len(paths) :], strict=True):
        name = free_name(document, name_of_film(film), [plan.name for plan in plans])
        plans.append(ViewPlan(clip=clip, name=name, camera_name=camera))
    with document.edit("Add synchronous views") as edit:
        added = add_planned(
            edit, document, plans, cameras, clip_camera="" if own is None else names[0]
        )
    return tuple(view.number for view in added)


def rename_view(project: Project, number: int, name: str) -> None:
    """Call the camera of a view otherwise; 0 is the clip's own."""
    with project.document.edit("Rename view") as edit:
        viewing.rename_view(edit, project.document, number, name)


def shift_view(project: Project, number: int, by_frames: int) -> None:
    """Let a view run so many frames further ahead of the clip."""
    with project.document.edit("Shift view") as edit:
        viewing.shift_view(edit, project.document, number, by_frames)


def make_main_view(project: Project, number: int) -> None:
    """Let the project be opened and edited in a view first."""
    with project.document.edit("Make main view") as edit:
        viewing.make_main(edit, project.document, number)


def remove_view(project: Project, number: int) -> None:
    """Take a view away with its cameras; its files stay where they are."""
    with project.document.edit("Remove view") as edit:
        viewing.remove_view(edit, project.document, number)


def detach_truth(project: Project) -> None:
    """Take the ground truth out of a project."""
    truths.remove_truth(project.document)
