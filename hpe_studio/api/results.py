"""Results of other programs into a project, for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from hpe_studio.api.project import AnyPath, Project
from hpe_studio.workflow import import_results as workflow
from hpe_studio.workflow.doctor import Examination
from hpe_studio.workflow.estimating import ProgressCallback
from hpe_studio.workflow.importing import ImportOptions
from hpe_studio.workflow.timing import Timing


def import_results(
    results: AnyPath,
    clip: AnyPath | None = None,
    output: AnyPath | None = None,
    *,
    overwrite: bool = False,
    on_progress: ProgressCallback | None = None,
    **options: Any,
) -> Project:
    """Add results to the project of a clip, or make a project of them alone.

    Args:
        results: File or folder: ROMP, OpenPose, AMASS, BVH, ...
        clip: Movie, folder of images or project; none when None.
        output: Where the project goes; beside the clip or the results when None.
        overwrite: Start anew where that project exists.
        on_progress: Called with `core.jobs.Progress` now and then.
        **options: `format`, `people`, `camera`, `offset`, `step`, `fps`, or a setting
            of the format ("set", "unit", ...).

    Raises:
        StudioError: If something cannot be read, or nothing falls on the clip.
    """
    report = workflow.import_results(
        Path(results),
        None if clip is None else Path(clip),
        None if output is None else Path(output),
        options=_options(options),
        overwrite=overwrite,
        on_progress=on_progress,
    )
    return Project(report.opened)


def examine(
    results: AnyPath, clip: AnyPath | None = None, **options: Any
) -> Examination:
    """What results hold, what was assumed, and what does not fit a clip.

    Args:
        results: File or folder.
        clip: Movie, folder of images or project; nothing is compared when None.
        **options: As of `import_results`.

    Raises:
        StudioError: If results or clip cannot be read.
    """
    return workflow.look_at_results(
        Path(results), None if clip is None else Path(clip), options=_options(options)
    )


def _options(given: Mapping[str, Any]) -> ImportOptions:
    left = dict(given)
    step, fps = left.pop("step", None), left.pop("fps", None)
    return ImportOptions(
        format=str(left.pop("format", "auto")),
        people=tuple(left.pop("people", ())),
        camera=str(left.pop("camera", "")),
        timing=Timing(
            offset=int(left.pop("offset", 0)),
            step=None if step is None else Fraction(step),
            fps=None if fps is None else Fraction(fps),
        ),
        settings=left,
    )
