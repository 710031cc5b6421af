"""``hpe-studio synth``: made sequences with exact truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from hpe_studio.cli.output import job_with_bar, print_lines
from hpe_studio.cli.words import frame_rate, window_size

_Count = Parameter(validator=Number(gte=1))


def synth(
    *motions: Path,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    people: Annotated[int, _Count] = 2,
    cameras: Annotated[int, _Count] = 4,
    frames: Annotated[int | None, _Count] = None,
    size: str = "1280x720",
    fps: str | None = None,
    truncate: bool = False,
    occlude: bool = False,
    seed: int = 0,
) -> int:
    """Film made people who move as motion files say, with their exact joints beside.

    The folder is laid out as a CMU Panoptic sequence: films, calibration, joints.

    Args:
        motions: Motion files (.bvh, ...), taken in turn by the people.
        output: Folder to make.
        people: How many people.
        cameras: How many cameras.
        frames: How many frames at most.
        size: Width x height of the pictures.
        fps: Frame rate (30000/1001 stays exact, and is what is taken if not given).
        truncate: Put every second camera so near that people are cut off.
        occlude: Put a post before every camera.
        seed: Of the bodies' shapes.
    """
    from hpe_studio.workflow.synth import PANOPTIC_FPS, SynthOptions, synth_job

    options = SynthOptions(
        motions=motions,
        people=people,
        cameras=cameras,
        frames=frames,
        size_px=window_size(size),
        fps=frame_rate(fps) or PANOPTIC_FPS,
        truncated=truncate,
        occluded=occlude,
        seed=seed,
    )
    made = job_with_bar(synth_job(output, options))
    print_lines([f"Wrote {made.frames} frames of {len(made.movies)} cameras"])
    print_lines([f"Open them with hpe-studio open {made.folder}"])
    return 0
