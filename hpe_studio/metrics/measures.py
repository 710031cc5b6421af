"""All numbers of a comparison, each with its unit, its count and its coverage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.metrics.aligning import Matched, aligned, sequence_similarities
from hpe_studio.metrics.comparison import Measure
from hpe_studio.metrics.people import has_any, is_known
from hpe_studio.metrics.pose import (
    correct_area,
    correct_share,
    joint_errors_m,
    mean_error_m,
)
from hpe_studio.metrics.temporal import acceleration_errors_m, jitter_m_s3, skate_m
from hpe_studio.metrics.world import trajectory_error, trajectory_rmse_m, world_errors

if TYPE_CHECKING:
    from hpe_studio.core.arrays import IntArray
    from hpe_studio.metrics.comparison import Comparison
    from hpe_studio.metrics.protocol import Align

_POSES: tuple[tuple[str, str, Align], ...] = (
    ("mpjpe", "MPJPE, root on root", "root"),
    ("pa_mpjpe", "PA-MPJPE", "procrustes"),
    ("pa_mpjpe_rigid", "PA-MPJPE, rigid", "rigid"),
    ("n_mpjpe", "N-MPJPE", "scale"),
    ("mpjpe_absolute", "MPJPE, nothing aligned", "none"),
    ("mpjpe_sequence", "MPJPE, one similarity per person", "sequence"),
)
_TITLES = {align: label for _, label, align in _POSES}
_FEET = ("left_ankle", "right_ankle")


def all_measures(comparison: Comparison, pairs: Matched) -> dict[str, Measure]:
    """Measures of matched people by id, the protocol's own ("error") first.

    Args:
        comparison: Errors and counts, without measures yet.
        pairs: The matched people.
    """
    found = [protocol_error(comparison)]
    found += _pose_measures(pairs)
    found += _motion_measures(comparison, pairs)
    found += _place_measures(pairs)
    return {one.id: one for one in found}


def protocol_error(comparison: Comparison) -> Measure:
    """The protocol's own number: its joints, alignment, rules and unit."""
    protocol = comparison.protocol
    if protocol.average == "joints":
        known = comparison.errors_m[np.isfinite(comparison.errors_m)]
        values = known
    else:
        frames = comparison.frame_errors_m
        values = frames[np.isfinite(frames)]
    return Measure(
        id="error",
        label=_TITLES[protocol.align],
        value=float(values.mean()) * protocol.per_m if len(values) else float("nan"),
        unit=protocol.unit,
        count=len(values),
        coverage=comparison.counts.coverage,
    )


def _pose_measures(pairs: Matched) -> Iterator[Measure]:
    true = int(is_known(pairs.truth_m).sum())
    paired = _those_paired(pairs)
    for name, label, align in _POSES:
        which = pairs if align == "sequence" else paired
        errors = joint_errors_m(aligned(which, align), which.truth_m)
        note = ""
        if align == "sequence":
            note = _scales(
                sequence_similarities(pairs.predicted_m, pairs.truth_m).scale
            )
        yield _mean_mm(name, label, errors, true, note)
        if align == "root":
            known = int(np.isfinite(errors).sum())
            share = known / true if true else float("nan")
            for key, word, value in (
                ("pck150", "3DPCK at 150 mm", correct_share(errors)),
                ("auc", "AUC 0 to 150 mm", correct_area(errors)),
            ):
                yield Measure(
                    id=key,
                    label=word,
                    value=100 * value,
                    unit="%",
                    count=known,
                    coverage=share,
                )


def _those_paired(pairs: Matched) -> Matched:
    """Of a crowd only those who were found, a row each, (pairs, 1, ...)."""
    found = has_any(pairs.predicted_m) & has_any(pairs.truth_m)
    if 2 * int(found.sum()) > found.size:
        return pairs
    return Matched(
        predicted_m=pairs.predicted_m[found][:, None],
        truth_m=pairs.truth_m[found][:, None],
        predicted_root_m=pairs.predicted_root_m[found][:, None],
        truth_root_m=pairs.truth_root_m[found][:, None],
    )


def _mean_mm(
    name: str, label: str, errors_m: FloatArray, true: int, note: str = ""
) -> Measure:
    known = np.isfinite(errors_m)
    return Measure(
        id=name,
        label=label,
        value=1000 * mean_error_m(errors_m),
        unit="mm",
        count=int(known.any(-1).sum()),
        coverage=int(known.sum()) / true if true else float("nan"),
        note=note,
    )


def _scales(scales: FloatArray) -> str:
    known = scales[np.isfinite(scales)]
    if not len(known):
        return ""
    return "takes up a scale of " + ", ".join(f"{one:.3f}" for one in known)


def _motion_measures(comparison: Comparison, pairs: Matched) -> Iterator[Measure]:
    fps = comparison.fps
    p = on_every_frame(pairs.predicted_m, comparison.frames)
    g = on_every_frame(pairs.truth_m, comparison.frames)
    errors = acceleration_errors_m(p, g) if len(p) > 2 else np.zeros((0, 1))
    known = np.isfinite(errors)
    wanted = int(is_known(np.diff(g, 2, axis=0)).sum()) if len(g) > 2 else 0
    mean_m = float(errors[known].mean()) if known.any() else float("nan")
    shared = {
        "count": int(known.sum()),
        "coverage": int(known.sum()) / wanted if wanted else float("nan"),
    }
    yield Measure(
        id="acceleration",
        label="Acceleration error",
        value=1000 * mean_m,
        unit="mm/frame²",
        **shared,
    )
    yield Measure(
        id="acceleration_si",
        label="Acceleration error",
        value=mean_m * fps**2,
        unit="m/s²",
        **shared,
    )
    yield from _jitter(p, g, fps)
    yield _foot_slide(comparison, p, g)


def _jitter(p: FloatArray, g: FloatArray, fps: float) -> Iterator[Measure]:
    wanted = _thirds(g)
    for key, label, points in (
        ("jitter", "Jitter", p),
        ("jitter_truth", "Jitter of the truth", g),
    ):
        count = _thirds(points)
        yield Measure(
            id=key,
            label=label,
            value=jitter_m_s3(points, fps) if len(points) > 3 else float("nan"),
            unit="m/s³",
            count=count,
            coverage=count / wanted if wanted else float("nan"),
            note="WHAM writes a tenth of it",
        )


def _thirds(points: FloatArray) -> int:
    if len(points) < 4:
        return 0
    return int(is_known(np.diff(points, 3, axis=0)).sum())


def _foot_slide(comparison: Comparison, p: FloatArray, g: FloatArray) -> Measure:
    feet = [i for i, joint in enumerate(comparison.joints) if joint in _FEET]
    value, count = float("nan"), 0
    wanted = 0
    if feet and len(p) > 1:
        mine = p[:, :, feet].reshape(len(p), -1, 3)
        true = g[:, :, feet].reshape(len(g), -1, 3)
        value, count = skate_m(mine, true, comparison.fps)
        wanted = skate_m(true, true, comparison.fps)[1]
    return Measure(
        id="foot_slide",
        label="Foot slide",
        value=1000 * value,
        unit="mm/frame",
        count=count,
        coverage=count / wanted if wanted else float("nan"),
        note="ankles, while the true ones move less than 0.3 m/s",
    )


def _place_measures(pairs: Matched) -> Iterator[Measure]:
    off = pairs.predicted_root_m - pairs.truth_root_m
    off = np.where(has_any(pairs.truth_m)[..., None], off, np.nan)
    distance = np.linalg.norm(off, axis=-1)
    wanted = int(is_known(pairs.truth_root_m).sum())
    for key, label, values in (
        ("root", "Root error (MRPE)", distance),
        ("root_x", "Root error across", np.abs(off[..., 0])),
        ("root_y", "Root error in height", np.abs(off[..., 1])),
        ("root_z", "Root error in depth", np.abs(off[..., 2])),
    ):
        known = values[np.isfinite(values)]
        yield Measure(
            id=key,
            label=label,
            value=1000 * float(known.mean()) if len(known) else float("nan"),
            unit="mm",
            count=len(known),
            coverage=len(known) / wanted if wanted else float("nan"),
        )
    yield from _world_measures(pairs)


def _world_measures(pairs: Matched) -> Iterator[Measure]:
    """W- and WA-MPJPE, RTE and ATE: means over people, weighted by frames."""
    rows: list[tuple[int, float, float, float, float, float, float]] = []
    wanted = 0
    for person in range(pairs.truth_m.shape[1]):
        p, g = pairs.predicted_m[:, person], pairs.truth_m[:, person]
        both = is_known(p) & is_known(g)
        wanted += int(has_any(g).sum())
        frames = int(both.any(-1).sum())
        if not frames:
            continue
        found = world_errors(p, g)
        root = pairs.predicted_root_m[:, person], pairs.truth_root_m[:, person]
        rows.append(
            (
                frames,
                1000 * found.first_m,
                1000 * found.all_m,
                found.first_scale,
                found.all_scale,
                100 * trajectory_error(*root),
                1000 * trajectory_rmse_m(*root),
            )
        )
    table = np.array(rows).reshape(-1, 7)
    scale = "similarity takes up a scale of {:.3f}"
    for key, label, unit, column, note in (
        ("w_mpjpe", "W-MPJPE, 100 frames", "mm", 1, 3),
        ("wa_mpjpe", "WA-MPJPE, 100 frames", "mm", 2, 4),
        ("rte", "RTE", "%", 5, 0),
        ("ate", "ATE, rigid", "mm", 6, 0),
    ):
        value, frames = _weighted(table, column)
        yield Measure(
            id=key,
            label=label,
            value=value,
            unit=unit,
            count=frames,
            coverage=frames / wanted if wanted else float("nan"),
            note=scale.format(_weighted(table, note)[0]) if note and frames else "",
        )


def _weighted(table: FloatArray, column: int) -> tuple[float, int]:
    known = np.isfinite(table[:, column])
    frames = table[known, 0]
    if not known.any():
        return float("nan"), 0
    return float((table[known, column] * frames).sum() / frames.sum()), int(
        frames.sum()
    )


def on_every_frame(points: FloatArray, frames: IntArray) -> FloatArray:
    """Rows of chosen frames as a run of all of them, NaN between, (n, ...)."""
    if not len(frames) or int(frames[-1]) - int(frames[0]) + 1 == len(frames):
        return points
    out = np.full((int(frames[-1]) - int(frames[0]) + 1, *points.shape[1:]), np.nan)
    out[frames - frames[0]] = points
    return out
