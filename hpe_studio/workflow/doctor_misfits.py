"""What of results does not fit a clip, and how each can be mended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from hpe_studio.core.clip import Clip
from hpe_studio.core.interchange import MotionFile
from hpe_studio.workflow.doctor_facts import frames_with_people
from hpe_studio.workflow.import_camera import FilmedBy, size_scale
from hpe_studio.workflow.importing import ImportOptions
from hpe_studio.workflow.match_overlay import Overlay
from hpe_studio.workflow.timing import (
    Timing,
    clip_positions,
    frame_total,
    is_rate_assumed,
    settled_timing,
    step_text,
)

_COUNT_SLACK = 0.02
_LEAST, _WIDEST = 5, 12
_OUTSIDE_SHARE, _OUTSIDE_BY = 0.3, 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Repair:
    """A change of the options that mends something.

    Attributes:
        label: What a button says.
        options: The options with it.
    """

    label: str
    options: ImportOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class Misfit:
    """Something that does not fit the clip.

    Attributes:
        kind: For machines ("rate").
        text: One sentence.
        evidence: Numbers behind it, or "".
        repair: What would mend it, or None.
    """

    kind: str
    text: str
    evidence: str = ""
    repair: Repair | None = None

    def as_data(self) -> dict[str, Any]:
        """The same for machines."""
        repair = None
        if self.repair is not None:
            timing = self.repair.options.timing
            repair = {
                "label": self.repair.label,
                "offset": timing.offset,
                "step": None if timing.step is None else str(timing.step),
                "camera": self.repair.options.camera,
            }
        return {
            "kind": self.kind,
            "text": self.text,
            "evidence": self.evidence,
            "repair": repair,
        }


def misfits_of(
    motion: MotionFile,
    clip: Clip,
    options: ImportOptions,
    filmed: Sequence[FilmedBy],
    overlay: Overlay | None,
) -> tuple[Misfit, ...]:
    """Everything that does not fit, gravest first."""
    found = [
        _start(motion, clip, options),
        _step(motion, clip, options),
        _rate(motion, clip, options),
        _length(motion, clip, options),
        _size(motion, clip),
        _outside(clip, overlay),
        _camera(motion, clip, options, filmed),
    ]
    return tuple(misfit for misfit in found if misfit is not None)


def _start(motion: MotionFile, clip: Clip, options: ImportOptions) -> Misfit | None:
    """Numbered from 1, as many tools write their frames."""
    present = frames_with_people(motion)
    too_many = frame_total(motion) == clip.frame_count + 1
    is_given = options.timing != Timing() or clip.kind == "none"
    if is_given or not len(present) or present[0] != 1 or not too_many:
        return None
    return Misfit(
        kind="start",
        text="The file starts at frame 1 and ends one frame behind the clip",
        repair=Repair(
            label="Count from 1",
            options=replace(options, timing=Timing(offset=-1, step=Fraction(1))),
        ),
    )


def _step(motion: MotionFile, clip: Clip, options: ImportOptions) -> Misfit | None:
    """As many frames as every second (third, ...) one of the clip."""
    total = frame_total(motion)
    if clip.kind == "none" or options.timing.step is not None or total < _LEAST:
        return None
    ratio = clip.frame_count / total
    step = round(ratio)
    if not 2 <= step <= _WIDEST or abs(ratio / step - 1) > _COUNT_SLACK + 1 / total:
        return None
    if not is_rate_assumed(motion) and options.timing.fps is None:
        return None  # the rates say it
    text = step_text(Fraction(step))
    return Misfit(
        kind="step",
        text=f"The file has {total} frames for the clip's {clip.frame_count}: {text}?",
        repair=Repair(
            label=f"Take it as {text}",
            options=replace(
                options, timing=replace(options.timing, step=Fraction(step))
            ),
        ),
    )


def _rate(motion: MotionFile, clip: Clip, options: ImportOptions) -> Misfit | None:
    settled = settled_timing(motion, clip, options.timing)
    if clip.kind == "none" or settled.step is not None:
        return None
    fps = float(options.timing.fps or motion.fps)
    return Misfit(
        kind="rate",
        text=(
            f"The file was made at {fps:.6g} fps, the clip has "
            f"{float(clip.fps):.6g}: frames are met by time"
        ),
        repair=Repair(
            label="Count frames instead",
            options=replace(
                options, timing=replace(options.timing, step=Fraction(1), fps=None)
            ),
        ),
    )


def _length(motion: MotionFile, clip: Clip, options: ImportOptions) -> Misfit | None:
    if clip.kind == "none":
        return None
    present = frames_with_people(motion)
    at = clip_positions(motion, clip, options.timing)[present]
    outside = int(((at < -1e-6) | (at > clip.frame_count - 1 + 1e-6)).sum())
    if not outside:
        return None
    if outside == len(present):
        offset = options.timing.offset + math.ceil(-float(at[0]) - 1e-6)
        timing = replace(options.timing, offset=offset)
        return Misfit(
            kind="frames",
            text="No frame of the file falls on the clip",
            repair=Repair(
                label="Begin with the clip", options=replace(options, timing=timing)
            ),
        )
    return Misfit(
        kind="frames",
        text=(
            f"{outside} of {len(present)} frames with people lie beyond the clip "
            f"({clip.frame_count} frames) and are left out"
        ),
    )


def _size(motion: MotionFile, clip: Clip) -> Misfit | None:
    if motion.size_px is None or clip.kind == "none" or motion.size_px == clip.size_px:
        return None
    own, other = (f"{w} × {h}" for w, h in (motion.size_px, clip.size_px))
    scale = size_scale(motion.size_px, clip.size_px)
    if scale is None:
        text = (
            f"The file speaks of pictures of {own}, the clip has {other}: another "
            "proportion, so people may not lie on the picture"
        )
    else:
        text = (
            f"The file speaks of pictures of {own}, the clip has {other}: pixels are "
            f"taken {scale:.4g} times as large"
        )
    return Misfit(kind="size", text=text)


def _outside(clip: Clip, overlay: Overlay | None) -> Misfit | None:
    """Many joints far beyond the picture: another clip, size or camera."""
    if overlay is None:
        return None
    places = overlay.places_px[np.isfinite(overlay.places_px).all(axis=-1)]
    if not len(places):
        return None
    size = np.array(clip.size_px, dtype=np.float64)
    slack = _OUTSIDE_BY * size
    beyond = ((places < -slack) | (places > size + slack)).any(axis=-1)
    if beyond.mean() < _OUTSIDE_SHARE:
        return None
    return Misfit(
        kind="outside",
        text=(
            f"{100 * beyond.mean():.0f} % of the joints lie beyond the clip's picture: "
            "made for another clip, size or camera?"
        ),
    )


def _camera(
    motion: MotionFile,
    clip: Clip,
    options: ImportOptions,
    filmed: Sequence[FilmedBy],
) -> Misfit | None:
    if clip.kind == "none" or filmed:
        return None
    in_space = bool(motion.people) or any(
        run.points_scene_m is not None for run in motion.points
    )
    if not in_space:
        return None
    if motion.views:
        name = min(motion.views)
        return Misfit(
            kind="camera",
            text=f"Which of {len(motion.views)} views filmed the clip is not known",
            repair=Repair(label=f"Use {name}", options=replace(options, camera=name)),
        )
    return Misfit(
        kind="camera",
        text=(
            "The file knows no camera: people stand where it says, under the "
            "project's camera, and may not lie on the picture"
        ),
    )
