"""Several cameras at once, and made scenes with exact truth, for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from hpe_studio.api.project import AnyPath, Project, split_options
from hpe_studio.core.jobs import run_job
from hpe_studio.workflow.estimating import ProgressCallback
from hpe_studio.workflow.several_films import open_films
from hpe_studio.workflow.synth import SynthOptions, synth_job
from hpe_studio.workflow.triangulating import triangulate_into


def triangulate(
    films: AnyPath | Sequence[AnyPath],
    output: AnyPath | None = None,
    *,
    calibration: AnyPath | None = None,
    overwrite: bool = False,
    on_progress: ProgressCallback | None = None,
    **options: Any,
) -> Project:
    """Join the people that several calibrated cameras saw, and fit bodies to them.

    Args:
        films: Synchronous films, or the folder of a CMU Panoptic sequence.
        output: Where the project goes; beside the first film when None.
        calibration: Of CMU Panoptic, EasyMocap or Pose2Sim; one that lies beside the
            films when None.
        overwrite: Start anew where that project exists.
        on_progress: Called with `core.jobs.Progress` now and then.
        **options: `frames`, or the estimator's own ("model").

    Raises:
        StudioError: If something is missing, or nobody is seen by two views.
    """
    several = [films] if isinstance(films, str | PathLike) else films
    opened = open_films(
        [Path(film) for film in several],
        calibration=None if calibration is None else Path(calibration),
        project_path=None if output is None else Path(output),
        overwrite=overwrite,
    )
    triangulate_into(opened, split_options(options), on_progress=on_progress)
    return Project(opened)


def synth(
    motions: Sequence[AnyPath],
    output: AnyPath,
    *,
    on_progress: ProgressCallback | None = None,
    **options: Any,
) -> Path:
    """Film made people who move as motion files say, with their exact joints beside.

    Args:
        motions: Motion files, taken in turn by the people.
        output: Folder to make; laid out as a CMU Panoptic sequence.
        on_progress: Called with `core.jobs.Progress` now and then.
        **options: Fields of `workflow.synth.SynthOptions` (`people`, `cameras`,
            `frames`, `truncated`, `occluded`, ...).

    Returns:
        The folder.

    Raises:
        StudioError: If a motion cannot be read, or the folder holds something.
    """
    chosen = SynthOptions(motions=tuple(Path(path) for path in motions), **options)
    return run_job(synth_job(Path(output), chosen), on_progress=on_progress).folder
