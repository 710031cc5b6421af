"""Parts of the body, by which an opened person's keys are shown apart. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hpe_studio.core.skeleton import skeleton


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Joints that are shown in one lane.

    Attributes:
        id: "torso", "left_arm", ...
        title: English.
        joints: Joint indices; the root's place belongs to the part with joint 0.
    """

    id: str
    title: str
    joints: tuple[int, ...]


_TITLES = {
    "torso": "Torso and head",
    "left_arm": "Left arm",
    "right_arm": "Right arm",
    "left_leg": "Left leg",
    "right_leg": "Right leg",
    "left_hand": "Left hand",
    "right_hand": "Right hand",
    "face": "Face",
}
_ARM = ("collar", "shoulder", "elbow", "wrist", "hand")
_LEG = ("hip", "knee", "ankle", "foot")
_FINGERS = ("index", "middle", "pinky", "ring", "thumb")
_FACE = ("jaw", "left_eye", "right_eye")


@cache
def parts_of(skeleton_name: str) -> tuple[Part, ...]:
    """The parts of a skeleton that have joints, torso first."""
    names = skeleton(skeleton_name).joint_names
    found: dict[str, list[int]] = {part_id: [] for part_id in _TITLES}
    for index, name in enumerate(names):
        found[_part_of(name)].append(index)
    return tuple(
        Part(id=part_id, title=_TITLES[part_id], joints=tuple(joints))
        for part_id, joints in found.items()
        if joints
    )


def _part_of(joint_name: str) -> str:
    if joint_name.startswith(_FACE):
        return "face"
    side, _, rest = joint_name.partition("_")
    if side not in ("left", "right"):
        return "torso"
    for limb, stems in (("hand", _FINGERS), ("arm", _ARM), ("leg", _LEG)):
        if rest.startswith(stems):
            return f"{side}_{limb}"
    return "torso"
