"""How far a written file is off when it is read again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.interchange import PersonMotion
from hpe_studio.core.specs import RoundTrip
from hpe_studio.motion.kinematics import forward_kinematics


def round_trip(
    meant: Sequence[PersonMotion], again: Sequence[PersonMotion], *, held: int = 0
) -> RoundTrip:
    """One person's runs as they were meant and as they came back.

    Args:
        meant: Runs with the same joints by name, the first one names the person.
        again: As many, in the same order and as long.
        held: Frames on which the file holds another pose.
    """
    worst_m, joint = 0.0, ""
    for one, other in zip(meant, again, strict=True):
        off_m = _off_m(one, other)
        if np.isfinite(off_m).any() and float(np.nanmax(off_m)) > worst_m:
            worst_m = float(np.nanmax(off_m))
            joint = one.skeleton.joint_names[
                int(np.nanargmax(np.nanmax(off_m, axis=0)))
            ]
    return RoundTrip(
        name=meant[0].name,
        max_joint_error_m=worst_m,
        worst_joint=joint,
        frames=sum(len(run.joints_rad) for run in meant),
        held=held,
    )


def _off_m(one: PersonMotion, other: PersonMotion) -> FloatArray:
    """Distance of each joint, shape (frames, joints), metres; NaN where missing."""
    columns = [other.skeleton.index(name) for name in one.skeleton.joint_names]
    places = [
        forward_kinematics(
            run.skeleton.parents, run.rest_joints_m, run.joints_rad, run.root_scene_m
        )[0]
        for run in (one, other)
    ]
    return np.asarray(np.linalg.norm(places[0] - places[1][:, columns], axis=-1))
