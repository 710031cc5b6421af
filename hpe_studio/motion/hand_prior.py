"""How fingers usually stand and how far they go: the pose prior's rows for hands.

Apart from the table of the body, because pictures of whole people say nothing of
finger joints: only points of the hands set them free.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import BoolArray, IntArray
from hpe_studio.core.skeleton import Skeleton
from hpe_studio.motion.fitting_arrays import BodyArrays, active_columns
from hpe_studio.motion.prior import PosePrior, pose_prior

HANDS = ("left_hand21", "right_hand21")
"""Landmark sets that set the fingers free."""

_FINGERS = ("index", "middle", "ring", "pinky")
_STEP_RAD = 0.25
# Left hand of the T-pose (palm down, fingers along +X): fingers bend about -z, spread
# about y; the thumb turns about all axes at its root. Ranges: AAOS joint motion manual
# (knuckles -20 to 90 degrees, middle joints 0 to 110, end joints 0 to 80), with slack.
_SPREADS = {"1": (0.15, 0.25, 0.6), "2": (0.08, 0.08, 0.6), "3": (0.08, 0.08, 0.4)}
_BENT_MEAN_RAD = {"1": -0.3, "2": -0.4, "3": -0.25}
_LOWEST_RAD = {"1": -1.7, "2": -2.0, "3": -1.5}
_HIGHEST_RAD = {"1": 0.5, "2": 0.1, "3": 0.15}
_THUMB_SPREAD = {"1": (0.5, 0.5, 0.5), "2": (0.25, 0.5, 0.35), "3": (0.1, 0.5, 0.4)}
_THUMB_LIMIT_RAD = {"1": 1.2, "2": 1.2, "3": 1.6}
_MIRROR = np.array([1.0, -1.0, -1.0])
"""A rotation vector seen in the mirror x -> -x keeps its x and turns y and z round."""


def with_hands(prior: PosePrior, skeleton: Skeleton) -> PosePrior:
    """The prior with rows for the finger joints that the skeleton has."""
    mean, spread = prior.mean_rad.copy(), prior.spread_rad.copy()
    lower, upper = prior.lower_rad.copy(), prior.upper_rad.copy()
    step, known = prior.step_rad.copy(), prior.known.copy()
    for joint, name in enumerate(skeleton.joint_names):
        finger, number = name.partition("_")[2][:-1], name[-1]
        if finger not in (*_FINGERS, "thumb") or number not in _SPREADS:
            continue
        known[joint], step[joint] = True, _STEP_RAD
        sign = _MIRROR if name.startswith("right_") else np.ones(3)
        if finger == "thumb":
            spread[joint] = _THUMB_SPREAD[number]
            upper[joint] = _THUMB_LIMIT_RAD[number]
            lower[joint] = -upper[joint]
            continue
        spread[joint] = _SPREADS[number]
        mean[joint] = sign * np.array([0.0, 0.0, _BENT_MEAN_RAD[number]])
        ends = sign[2] * np.array([_LOWEST_RAD[number], _HIGHEST_RAD[number]])
        lower[joint, 2], upper[joint, 2] = ends.min(), ends.max()
    return replace(
        prior,
        mean_rad=mean,
        spread_rad=spread,
        lower_rad=lower,
        upper_rad=upper,
        step_rad=step,
        known=known,
    )


def prior_for(skeleton: Skeleton, landmark_name: str) -> PosePrior:
    """The pose prior, with rows for fingers where a landmark set tells of them.

    Args:
        skeleton: The body's.
        landmark_name: Sets joined by "+" ("body25+left_hand21+right_hand21").
    """
    prior = pose_prior(skeleton)
    tells = not set(HANDS).isdisjoint(landmark_name.split("+"))
    return with_hands(prior, skeleton) if tells else prior


def hand_columns(body: BodyArrays, skeleton: Skeleton) -> tuple[IntArray, int]:
    """First unknown of each joint with the fingers free, and their number.

    As in `fitting_arrays.active_columns`, with the fingers among the known joints.
    """
    known: BoolArray = with_hands(pose_prior(skeleton), skeleton).known
    return active_columns(body.parents, known, body.part_joint, body.part_weight)
