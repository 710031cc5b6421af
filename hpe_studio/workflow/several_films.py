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
    opened = open_clip(films[0], project_path=project_path, overwrite=overwrite)
    if len(films) == 1 or opened.project.document.views:
        return opened
    try:
        _add_views(opened, films, calibration or calibration_beside(films[0]))
    except BaseException:
        opened.close()
        if opened.is_new:
            opened.project.path.unlink(missing_ok=True)
        raise
    return opened


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
