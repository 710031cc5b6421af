"""Angles and surfaces, where both sides of a comparison are bodies in one scene."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hpe_studio.body import open_body, skin
from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.metrics.comparison import Comparison, Measure
from hpe_studio.metrics.pose import angle_errors_rad, mean_over_joints, vertex_errors_m
from hpe_studio.motion.kinematics import forward_kinematics, remapped_joints_rad
from hpe_studio.workflow.recording_runs import BodyPose
from hpe_studio.workflow.recordings import Recording

SURFACES = 400
"""Surfaces that are compared, evenly over a person's frames: the mean needs no more."""

_JOINTS = 22
"""The joints of the body that SMPL, SMPL-H and SMPL-X share."""


def body_measures(
    prediction: Recording, truth: Recording, comparison: Comparison
) -> dict[str, Measure]:
    """MPJAE, and PVE where both have the open body; empty where a side has no bodies.

    Args:
        prediction: The result.
        truth: The truth, in the same scene.
        comparison: Who is who; only rows on frames of the truth count.
    """
    pairs = list(_pairs(prediction, truth, comparison))
    if not pairs:
        return {}
    angles = np.concatenate([_angles_rad(*pair) for pair in pairs])
    people = comparison.counts.true_people
    found = [_measure("mpjae", "MPJAE", "°", np.degrees(angles), people)]
    if all(mine.is_open and true.is_open for mine, _, true, _ in pairs):
        total = sum(len(rows) for _, rows, _, _ in pairs)
        step = max(1, -(-total // SURFACES))
        errors = [_surface_m(m, a[::step], t, b[::step]) for m, a, t, b in pairs]
        values = 1000 * np.concatenate(errors)
        note = f"every {step}th frame" if step > 1 else ""
        found.append(_measure("pve", "PVE", "mm", values, people, note))
    return {one.id: one for one in found}


def _pairs(
    prediction: Recording, truth: Recording, comparison: Comparison
) -> Iterator[tuple[BodyPose, IntArray, BodyPose, IntArray]]:
    """Runs of the same person and their rows of the same frames."""
    at = np.rint(comparison.truth_frames).astype(int)
    is_on = np.abs(comparison.truth_frames - at) < 1e-3
    for person, true in truth.poses:
        for index, mine in prediction.poses:
            rows, others = comparison.frames - mine.start, at - true.start
            both = is_on & (comparison.matches[:, person] == index)
            both &= comparison.present[:, person]
            both &= (rows >= 0) & (rows < len(mine.root_m))
            both &= (others >= 0) & (others < len(true.root_m))
            a, b = rows[both], others[both]
            known = np.isfinite(mine.root_m[a]).all(-1)
            known &= np.isfinite(true.root_m[b]).all(-1)
            if known.any():
                yield mine, a[known], true, b[known]


def _angles_rad(
    mine: BodyPose, rows: IntArray, true: BodyPose, others: IntArray
) -> FloatArray:
    """Mean angle between world rotations per frame, (frames,)."""
    angles = angle_errors_rad(_rotations(mine, rows), _rotations(true, others))
    return mean_over_joints(angles)


def _rotations(pose: BodyPose, rows: IntArray) -> FloatArray:
    rest = np.zeros((pose.skeleton.joint_count, 3))
    _, turns = forward_kinematics(
        pose.skeleton.parents, rest, pose.joints_rad[rows], pose.root_m[rows]
    )
    return turns[:, :_JOINTS]


def _surface_m(
    mine: BodyPose, rows: IntArray, true: BodyPose, others: IntArray
) -> FloatArray:
    """Mean distance of vertices with pelvis on pelvis per frame, (frames,)."""
    if not len(rows):
        return np.zeros(0)
    body = open_body()

    def vertices(pose: BodyPose, at: IntArray) -> FloatArray:
        turned = remapped_joints_rad(pose.joints_rad[at], pose.skeleton, body.skeleton)
        skinned = skin(
            body, turned, root_m=pose.root_m[at], betas=pose.betas, scale=pose.scale
        )
        return np.asarray(skinned.vertices_m, dtype=np.float64)

    errors = vertex_errors_m(
        vertices(mine, rows),
        vertices(true, others),
        mine.root_m[rows],
        true.root_m[others],
    )
    return mean_over_joints(errors)


def _measure(
    name: str, label: str, unit: str, values: FloatArray, people: int, note: str = ""
) -> Measure:
    known = values[np.isfinite(values)]
    return Measure(
        id=name,
        label=label,
        value=float(known.mean()) if len(known) else float("nan"),
        unit=unit,
        count=len(known),
        coverage=len(known) / people if people else float("nan"),
        note=note,
    )
