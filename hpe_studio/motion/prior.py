"""How human joints usually stand and how far they go: the prior of the fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.skeleton import Skeleton


@dataclass(frozen=True, kw_only=True, slots=True)
class PosePrior:
    """Independent normal distributions over local rotation vectors, with limits.

    Attributes:
        mean_rad: Usual rotation, shape (joints, 3).
        spread_rad: Standard deviation per axis, shape (joints, 3).
        lower_rad: Limit that is only softly crossed, shape (joints, 3); -inf if none.
        upper_rad: The same at the other end, shape (joints, 3); inf if none.
        step_rad: Usual change within 1/30 s, shape (joints,).
        known: Joints that the table speaks of, shape (joints,); others stay at rest.
    """

    mean_rad: FloatArray
    spread_rad: FloatArray
    lower_rad: FloatArray
    upper_rad: FloatArray
    step_rad: FloatArray
    known: BoolArray


@dataclass(frozen=True, slots=True)
class _Row:
    """One joint of the table, for the left side where there are two."""

    spread: tuple[float, float, float]
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lower: tuple[float | None, float | None, float | None] = (None, None, None)
    upper: tuple[float | None, float | None, float | None] = (None, None, None)
    step: float = 0.12


# Our own table. The rest pose is SMPL's T-pose (Y up, facing +Z, left at +X), so hip
# and spine flex about x, knees bend about +x, the left elbow about -y, the left arm
# sinks about -z. Limits are the clinical ranges of motion of the AAOS joint motion
# manual (as in spec "swing-twist" defaults) with some slack; means and spreads are
# set by hand to cover everyday and sports poses: two spreads reach about the limit.
_TABLE: dict[str, _Row] = {
    "pelvis": _Row(spread=(20.0, 20.0, 20.0), step=0.10),
    "left_hip": _Row(
        spread=(0.9, 0.4, 0.45),
        mean=(-0.15, 0.0, 0.05),
        lower=(-2.3, -0.9, -0.55),
        upper=(0.55, 0.9, 0.9),
    ),
    "left_knee": _Row(
        spread=(0.9, 0.10, 0.08),
        mean=(0.3, 0.0, 0.0),
        lower=(-0.05, -0.3, -0.2),
        upper=(2.7, 0.3, 0.2),
        step=0.18,
    ),
    "left_ankle": _Row(
        spread=(0.35, 0.2, 0.2),
        lower=(-0.65, -0.5, -0.6),
        upper=(0.95, 0.5, 0.6),
        step=0.18,
    ),
    "left_foot": _Row(spread=(0.12, 0.05, 0.05), lower=(-1.2, None, None), step=0.1),
    "spine1": _Row(
        spread=(0.25, 0.18, 0.18), lower=(-0.4, -0.4, -0.4), upper=(0.7, 0.4, 0.4)
    ),
    "spine2": _Row(
        spread=(0.20, 0.18, 0.15), lower=(-0.3, -0.4, -0.4), upper=(0.6, 0.4, 0.4)
    ),
    "spine3": _Row(
        spread=(0.20, 0.18, 0.15), lower=(-0.3, -0.4, -0.4), upper=(0.6, 0.4, 0.4)
    ),
    "neck": _Row(
        spread=(0.3, 0.3, 0.25), lower=(-0.8, -1.0, -0.7), upper=(0.8, 1.0, 0.7)
    ),
    "head": _Row(
        spread=(0.3, 0.4, 0.25), lower=(-0.7, -1.0, -0.6), upper=(0.7, 1.0, 0.6)
    ),
    "left_collar": _Row(
        spread=(0.12, 0.2, 0.2), lower=(-0.4, -0.5, -0.4), upper=(0.4, 0.5, 0.75)
    ),
    "left_shoulder": _Row(spread=(0.6, 0.8, 0.9), mean=(0.0, -0.2, -0.7), step=0.18),
    "left_elbow": _Row(
        spread=(0.4, 0.9, 0.12),
        mean=(0.0, -0.5, 0.0),
        lower=(-1.7, -2.7, -0.3),
        upper=(1.7, 0.05, 0.3),
        step=0.2,
    ),
    "left_wrist": _Row(
        spread=(0.4, 0.3, 0.4),
        lower=(-1.2, -0.7, -1.4),
        upper=(1.2, 0.7, 1.4),
        step=0.2,
    ),
}
_MIRROR = np.array([1.0, -1.0, -1.0])
"""A rotation vector seen in the mirror x -> -x keeps its x and turns y and z round."""


def pose_prior(skeleton: Skeleton) -> PosePrior:
    """The prior for a skeleton, found by SMPL's joint names.

    Joints with other names (fingers, jaw, eyes, palms) are not `known`.
    """
    count = skeleton.joint_count
    mean, spread = np.zeros((count, 3)), np.full((count, 3), 0.1)
    lower, upper = np.full((count, 3), -np.inf), np.full((count, 3), np.inf)
    step, known = np.full(count, 0.1), np.zeros(count, dtype=np.bool_)
    for joint, name in enumerate(skeleton.joint_names):
        row = _TABLE.get(name.replace("right_", "left_"))
        if row is None:
            continue
        known[joint] = True
        spread[joint], step[joint] = row.spread, row.step
        low = np.array([-np.inf if v is None else v for v in row.lower])
        high = np.array([np.inf if v is None else v for v in row.upper])
        sign = _MIRROR if name.startswith("right_") else np.ones(3)
        mean[joint] = sign * np.array(row.mean)
        lower[joint] = np.minimum(sign * low, sign * high)
        upper[joint] = np.maximum(sign * low, sign * high)
    return PosePrior(
        mean_rad=mean,
        spread_rad=spread,
        lower_rad=lower,
        upper_rad=upper,
        step_rad=step,
        known=known,
    )
