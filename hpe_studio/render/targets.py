"""What of the overlay answers the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.render.geometry import finite_rows
from hpe_studio.render.skeleton2d import ViewSkeleton, box_of


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Targets:
    """What the pointer can hit, in view pixels; one row per joint, bone and box.

    Attributes:
        people: Ids, in the order drawn.
        joints: Shape (joints, 2), finite, with owner (index into `people`) and point.
        joint_owner, joint_index: Shape (joints,).
        bones: Shape (bones, 2, 2), with owner and the point at its lower end.
        bone_owner, bone_joint: Shape (bones,).
        boxes: Shape (boxes, 4), with owner.
        box_owner: Shape (boxes,).
    """

    people: tuple[str, ...]
    joints: FloatArray
    joint_owner: IntArray
    joint_index: IntArray
    bones: FloatArray
    bone_owner: IntArray
    bone_joint: IntArray
    boxes: FloatArray
    box_owner: IntArray


def targets_of(skeletons: Sequence[ViewSkeleton]) -> Targets:
    """Joints, bones and boxes of the people; ghosts and truth have none."""
    drawn = [s for s in skeletons if s.person.style == "person"]
    joint_rows = [np.flatnonzero(finite_rows(s.points)) for s in drawn]
    bone_rows = [np.flatnonzero(s.kinds >= 0) for s in drawn]
    boxes = [(i, box_of(s)) for i, s in enumerate(drawn) if len(joint_rows[i])]
    return Targets(
        people=tuple(s.person.id for s in drawn),
        joints=_stack([s.points[r] for s, r in zip(drawn, joint_rows, strict=True)], 2),
        joint_owner=np.repeat(np.arange(len(drawn)), [len(r) for r in joint_rows]),
        joint_index=_stack(joint_rows, 0).astype(np.int64),
        bones=_stack(
            [s.points[s.edges[r]] for s, r in zip(drawn, bone_rows, strict=True)], 4
        ),
        bone_owner=np.repeat(np.arange(len(drawn)), [len(r) for r in bone_rows]),
        bone_joint=_stack(
            [s.edges[r, 1] for s, r in zip(drawn, bone_rows, strict=True)], 0
        ).astype(np.int64),
        boxes=np.array([box for _, box in boxes]).reshape(-1, 4),
        box_owner=np.array([i for i, _ in boxes], np.int64),
    )


def _stack(parts: Sequence[np.ndarray], width: int) -> np.ndarray:
    empty = {0: (0,), 2: (0, 2), 4: (0, 2, 2)}[width]
    return np.concatenate([np.zeros(empty), *parts])
