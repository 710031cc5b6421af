"""Which joints of a body were not seen, told by the landmarks an estimator found."""

from __future__ import annotations

from functools import cache

import numpy as np

from hpe_studio.core.arrays import BoolArray, ByteArray, FloatArray
from hpe_studio.core.skeleton import landmark_set, skeleton
from hpe_studio.core.track import Source

SEEN_CONFIDENCE = 0.3
"""Below it a landmark is a guess: BlazePose's visibility of limbs behind the body."""

_STAND_INS = {
    "head": ("nose",),
    "left_foot": ("left_foot_index", "left_big_toe", "left_ankle"),
    "right_foot": ("right_foot_index", "right_big_toe", "right_ankle"),
    "left_hand": ("left_index", "left_wrist"),
    "right_hand": ("right_index", "right_wrist"),
}


def hidden_joints(
    skeleton_name: str,
    landmarks: str,
    confidence: FloatArray,
    source: ByteArray,
) -> BoolArray:
    """True for joints placed by guess, shape (joints,).

    Joints that no landmark stands for, such as the spine, count as seen; so do joints
    that a person has keyed.

    Args:
        skeleton_name: Of the joints.
        landmarks: Name of the landmark set.
        confidence: Trust in each landmark, shape (landmarks,), 0 where none was found.
        source: `Source` of each joint, shape (joints,).
    """
    place = _landmark_of_joints(skeleton_name, landmarks)
    trust = np.nan_to_num(np.asarray(confidence, np.float64))[place]
    is_guess = (place >= 0) & (trust < SEEN_CONFIDENCE)
    return np.asarray(is_guess & (np.asarray(source) != Source.KEYED))


@cache
def _landmark_of_joints(skeleton_name: str, landmarks: str) -> np.ndarray:
    names = landmark_set(landmarks).names
    place = {name: i for i, name in enumerate(names)}
    found = [
        next((place[n] for n in (joint, *_STAND_INS.get(joint, ())) if n in place), -1)
        for joint in skeleton(skeleton_name).joint_names
    ]
    return np.array(found)
