"""How far joints bend about their main axis: the range that living people reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.rotations import compose, swing_twist


@dataclass(frozen=True, kw_only=True, slots=True)
class Hinge:
    """A joint's main axis and how far it turns about it.

    Attributes:
        axis: Parent-space unit vector about which bending is positive, shape (3,).
        low_deg: Furthest natural angle the other way, degrees.
        high_deg: Furthest natural angle in the bending direction, degrees.
    """

    axis: tuple[float, float, float]
    low_deg: float
    high_deg: float


# Normal ranges of adults: American Academy of Orthopaedic Surgeons, "Joint Motion:
# Method of Measuring and Recording" (1965), as tabled by Norkin and White,
# "Measurement of Joint Motion". Axes are those of SMPL's T-pose (Y up, facing +Z, left
# at +X), for the left side. The arm stands at 90 degrees of abduction there, so that
# its 0 to 180 become -90 to 90.
_X, _Z = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)
_MINUS_X, _MINUS_Y, _MINUS_Z = (-1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, -1.0)
_HINGES: dict[str, Hinge] = {
    "left_hip": Hinge(axis=_MINUS_X, low_deg=-30.0, high_deg=120.0),
    "left_knee": Hinge(axis=_X, low_deg=0.0, high_deg=135.0),
    "left_ankle": Hinge(axis=_MINUS_X, low_deg=-50.0, high_deg=20.0),
    "left_foot": Hinge(axis=_MINUS_X, low_deg=-45.0, high_deg=70.0),
    "neck": Hinge(axis=_X, low_deg=-45.0, high_deg=45.0),
    "left_shoulder": Hinge(axis=_Z, low_deg=-90.0, high_deg=90.0),
    "left_elbow": Hinge(axis=_MINUS_Y, low_deg=0.0, high_deg=150.0),
    "left_wrist": Hinge(axis=_MINUS_Z, low_deg=-70.0, high_deg=80.0),
}
_FINGER_HIGH_DEG = {"1": 90.0, "2": 100.0, "3": 90.0}
_FINGERS = ("index", "middle", "ring", "pinky")
_MIRROR = np.array([1.0, -1.0, -1.0])
"""A rotation vector seen in the mirror x -> -x keeps its x and turns y and z round."""


def hinge_of(joint_name: str) -> Hinge | None:
    """The main axis of a joint of SMPL's names, or None where it has none."""
    is_right = joint_name.startswith("right_")
    left_name = joint_name.replace("right_", "left_", 1)
    found = _HINGES.get(left_name) or _finger(left_name)
    if found is None or not is_right:
        return found
    x, y, z = (float(v) + 0.0 for v in _MIRROR * np.array(found.axis))
    return Hinge(axis=(x, y, z), low_deg=found.low_deg, high_deg=found.high_deg)


def bend_deg(joint_rad: FloatArray, hinge: Hinge) -> float:
    """How far a joint is bent, degrees, within half a turn.

    It is the twist of the rotation about the hinge's axis.

    Args:
        joint_rad: Parent-space rotation vector, shape (3,).
        hinge: The joint's main axis.
    """
    _, twist = swing_twist(joint_rad, np.array(hinge.axis))
    return float(np.degrees(twist @ np.array(hinge.axis)))


def with_bend(joint_rad: FloatArray, hinge: Hinge, bent_deg: float) -> FloatArray:
    """The rotation with another bend and the same swing, shape (3,), radians."""
    axis = np.array(hinge.axis)
    swing, _ = swing_twist(joint_rad, axis)
    return compose(swing, np.radians(bent_deg) * axis)


def _finger(left_name: str) -> Hinge | None:
    bone = left_name.removeprefix("left_")
    if bone[:-1] not in _FINGERS or bone[-1:] not in _FINGER_HIGH_DEG:
        return None
    return Hinge(axis=_MINUS_Z, low_deg=0.0, high_deg=_FINGER_HIGH_DEG[bone[-1]])
