"""The body the studio ships: open data in SMPL's format, with 24, 52 or 55 joints.

Built by `packaging/build_open_body.py`; licence in `resources/bodies/LICENSE.md`. The
file holds the 55 joints of SMPL-X; smaller skeletons merge the weights of the joints
they lack into the nearest joint above that they have.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from hpe_studio.body.load import body_from_arrays
from hpe_studio.body.model import Body
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.resources import resource_path
from hpe_studio.core.skeleton import Skeleton, skeleton, skeleton_for
from hpe_studio.core.unpickle import read_npz


@cache
def open_body(joint_count: int = 24) -> Body:
    """The shipped body with 24, 52 or 55 joints; the mesh is the same.

    Raises:
        KeyError: If the count is another one.
    """
    goal = skeleton_for(joint_count)
    arrays = dict(read_npz(resource_path("bodies/open_smpl.npz")))
    full = skeleton("smplx55")
    weights = np.zeros((len(arrays["v_template"]), joint_count), np.float32)
    for joint, column in zip(
        _merged_into(full, goal), arrays["weights"].T, strict=True
    ):
        weights[:, joint] += column
    arrays.update(
        weights=weights,
        J_regressor=_regressor(arrays, full, goal),
        kintree_table=np.array([goal.parents, range(joint_count)]),
    )
    return body_from_arrays(arrays, name="open")


def _merged_into(full: Skeleton, goal: Skeleton) -> list[int]:
    """For each joint of the full skeleton the joint of the goal that takes its part.

    Fingers go to the hand joint where there is one (SMPL's 22 and 23), else to the
    wrist; jaw and eyes to the head.
    """
    places: list[int] = []
    for joint, name in enumerate(full.joint_names):
        hand = f"{name.partition('_')[0]}_hand"
        if name in goal.joint_names:
            places.append(goal.index(name))
        elif name[-1] in "123" and hand in goal.joint_names and "spine" not in name:
            places.append(goal.index(hand))
        else:
            places.append(places[full.parents[joint]])
    return places


def _regressor(arrays: dict[str, Any], full: Skeleton, goal: Skeleton) -> FloatArray:
    """Rows of the joint regressor in the goal's order; hands have rows of their own."""
    rows = dict(zip(full.joint_names, arrays["J_regressor"], strict=True))
    rows["left_hand"], rows["right_hand"] = arrays["hand_regressor"]
    return np.stack([rows[name] for name in goal.joint_names])
