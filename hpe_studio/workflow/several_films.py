"""Films of several cameras and their calibration as one project with views."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.formats.calibration import read_calibration
from hpe_studio.workflow.opening import Opened, open_clip
from hpe_studio.workflow.views import (
    ViewPlan,
    add_planned,
    calibration_beside,
    matched_cameras,
    name_of_film,
    read_clips,
)


def open_films(
    films: Sequence[Path],
    *,
    calibration: Path | None = None,
    project_path: Path | None = None,
    overwrite: bool = False,
) -> Opened:
    """Open films as one project: the first is the clip, the others its views.

    Args:
        films: Movies or folders of images; or one folder of a Panoptic sequence, or one
            project, which are opened as they are.
        calibration: Of the cameras; one that lies beside the films when None.
        project_path: Where the project goes; beside the first film when None.
        overwrite: Start anew even if that project exists.

    Raises:
        StudioError: If something cannot be opened, or the calibration is not of these
            films.
    """
    for film in films:
        if not film.exists():
            raise StudioError("does not exist", path=film, fix="check the name")
    opened = open_clip(films[0], project_path=project_path, overwrite=overwrite)
    try:
        if len(films) == 1 or opened.project.document.views:
            _check_views(opened, films, calibration)
            return opened
        _add_views(opened, films, calibration or calibration_beside(films[0]))
    except BaseException:
        opened.close()
        if opened.is_new:
            opened.project.path.unlink(missing_ok=True)
        raise
    return opened


def _check_views(
    opened: Opened, films: Sequence[Path], calibration: Path | None
) -> None:
    """A project that has views already has to have those that were named."""
    if calibration is not None:
        read_calibration(calibration)
    clips = [view.clip for view in opened.project.document.views.values()]
    known = {clip.path.name for clip in clips if clip.path is not None}
    other = [film.name for film in films[1:] if film.name not in known]
    if other:
        raise StudioError(
            f"has other views, {other[0]} is none of them",
            path=opened.project.path,
            fix="name another project with -o, or start anew with --overwrite",
        )


def _add_views(opened: Opened, films: Sequence[Path], calibration: Path | None) -> None:
    if calibration is None:
        raise StudioError(
            "no calibration lies beside the films", fix="name it with --calibration"
        )
    cameras = read_calibration(calibration)
    names = matched_cameras(films, list(cameras))
    if not all(names):
        missing = films[names.index("")].name
        raise StudioError(
            f"has no camera for {missing}",
            path=calibration,
            fix=f"name films after its cameras: {', '.join(list(cameras)[:6])}",
        )
    document = opened.project.document
    clips = run_job(read_clips(films[1:], document.clip))
    plans = [
        ViewPlan(clip=clip, name=name_of_film(film), camera_name=camera)
        for clip, film, camera in zip(clips, films[1:], names[1:], strict=True)
    ]
    with document.edit("Add synchronous views") as edit:
        add_planned(edit, document, plans, cameras, clip_camera=names[0])
