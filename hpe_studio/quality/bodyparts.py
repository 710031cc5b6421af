"""Parts of the body as people call them, from joints."""

from __future__ import annotations

from collections.abc import Iterable

from hpe_studio.core.skeleton import Skeleton

_ROOTS = {
    "head": ("neck",),
    "left arm": ("left_shoulder",),
    "right arm": ("right_shoulder",),
    "left leg": ("left_hip",),
    "right leg": ("right_hip",),
}
_PAIRS = (("left leg", "right leg", "legs"), ("left arm", "right arm", "arms"))


def part_joints(bones: Skeleton) -> dict[str, tuple[int, ...]]:
    """Joints of each part by name ("left leg"); "torso" is what is left."""
    parts: dict[str, tuple[int, ...]] = {}
    for part, roots in _ROOTS.items():
        known = [bones.index(r) for r in roots if r in bones.joint_names]
        parts[part] = tuple(sorted(j for k in known for j in bones.descendants(k)))
    taken = {j for joints in parts.values() for j in joints}
    parts["torso"] = tuple(j for j in range(bones.joint_count) if j not in taken)
    return parts


def parts_text(parts: Iterable[str]) -> str:
    """Names of parts as a phrase, pairs as one ("legs and left arm")."""
    names = list(parts)
    for left, right, both in _PAIRS:
        if left in names and right in names:
            names[names.index(left)] = both
            names.remove(right)
    if len(names) > 2:
        return f"{', '.join(names[:-1])} and {names[-1]}"
    return " and ".join(names)
