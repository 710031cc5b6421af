"""Skeletons (trees of joints) and landmark sets (points an estimator sees), as data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from hpe_studio.core.resources import resource_path


@dataclass(frozen=True, kw_only=True, slots=True)
class Skeleton:
    """A tree of named joints.

    Attributes:
        name: "smpl24", "smplh52", "smplx55", or the name of an imported one.
        joint_names: One per joint; parents stand before their children.
        parents: Index of each joint's parent, -1 for the root (joint 0).
    """

    name: str
    joint_names: tuple[str, ...]
    parents: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.joint_names) != len(self.parents):
            raise ValueError("a skeleton needs one parent per joint")
        if any(p >= i for i, p in enumerate(self.parents)):
            raise ValueError("parents must stand before their children")

    @property
    def joint_count(self) -> int:
        """Number of joints."""
        return len(self.parents)

    def index(self, joint_name: str) -> int:
        """Index of a joint.

        Raises:
            KeyError: If the skeleton has no such joint.
        """
        try:
            return self.joint_names.index(joint_name)
        except ValueError:
            raise KeyError(joint_name) from None

    def children(self, joint: int) -> tuple[int, ...]:
        """Indices of the joints directly below one."""
        return tuple(i for i, p in enumerate(self.parents) if p == joint)

    def descendants(self, joint: int) -> tuple[int, ...]:
        """Indices of a joint and of everything below it, in index order."""
        below = {joint}
        for i, parent in enumerate(self.parents):
            if parent in below:
                below.add(i)
        return tuple(sorted(below))

    def mirror_permutation(self) -> tuple[int, ...]:
        """For each joint the one on the other side (itself on the middle line)."""
        return _mirror_permutation(self.joint_names)


@dataclass(frozen=True, kw_only=True, slots=True)
class LandmarkSet:
    """The points of one convention, such as MediaPipe's 33 or COCO's 17.

    Attributes:
        name: "mediapipe33", "coco17", "coco19", "body25", ...
        names: One per point, "left_knee" style.
        edges: Pairs of indices joined by a line when drawn.
        parents: Index of each point's parent, -1 for roots, in any order; empty where
            the convention has no tree.
    """

    name: str
    names: tuple[str, ...]
    edges: tuple[tuple[int, int], ...]
    parents: tuple[int, ...] = ()

    def index(self, point_name: str) -> int:
        """Index of a point.

        Raises:
            KeyError: If the set has no such point.
        """
        try:
            return self.names.index(point_name)
        except ValueError:
            raise KeyError(point_name) from None

    def mirror_permutation(self) -> tuple[int, ...]:
        """For each point the one on the other side (itself on the middle line)."""
        return _mirror_permutation(self.names)


def _mirror_permutation(names: tuple[str, ...]) -> tuple[int, ...]:
    place = {name: i for i, name in enumerate(names)}

    def other(name: str) -> str:
        if name.startswith("left_"):
            return "right_" + name[5:]
        return "left_" + name[6:] if name.startswith("right_") else name

    return tuple(place.get(other(name), i) for i, name in enumerate(names))


@cache
def skeleton(name: str) -> Skeleton:
    """One of the shipped skeletons: "smpl24", "smplh52" or "smplx55".

    Source: joint lists of the SMPL family (Loper 2015, Romero 2017, Pavlakos 2019).

    Raises:
        KeyError: If no such skeleton is shipped.
    """
    data = _load(f"skeletons/{name}.json", name)
    return Skeleton(
        name=name,
        joint_names=tuple(data["joint_names"]),
        parents=tuple(data["parents"]),
    )


@cache
def landmark_set(name: str) -> LandmarkSet:
    """One of the shipped landmark sets: "mediapipe33", "coco17", ... (`pointsets`).

    Names joined by + are several sets in one ("body25+left_hand21+right_hand21"): a
    hand's wrist is then called its root and hangs on the body's wrist.

    Raises:
        KeyError: If no such set is shipped.
    """
    if "+" in name:
        return _joined(name)
    data = _load(f"skeletons/landmarks_{name}.json", name)
    return LandmarkSet(
        name=name,
        names=tuple(data["names"]),
        edges=tuple((int(a), int(b)) for a, b in data["edges"]),
        parents=tuple(data.get("parents", ())),
    )


def _joined(name: str) -> LandmarkSet:
    names: list[str] = []
    edges: list[tuple[int, int]] = []
    for part in (landmark_set(one) for one in name.split("+")):
        first = len(names)
        for i, own in enumerate(part.names):
            if own in names:
                edges.append((names.index(own), first + i))
                own = own.replace("_wrist", "_hand_root")  # noqa: PLW2901
            if own in names:
                raise KeyError(name)  # two bodies
            names.append(own)
        edges += [(first + a, first + b) for a, b in part.edges]
    return LandmarkSet(name=name, names=tuple(names), edges=tuple(edges))


def skeleton_for(joint_count: int) -> Skeleton:
    """The SMPL-family skeleton with that many joints.

    Raises:
        KeyError: If the count is not 24, 52 or 55.
    """
    names = {24: "smpl24", 52: "smplh52", 55: "smplx55"}
    return skeleton(names[joint_count])


def _load(relative: str, name: str) -> dict[str, Any]:
    try:
        path = resource_path(relative)
    except FileNotFoundError:
        raise KeyError(name) from None
    return json.loads(path.read_text(encoding="utf-8"))
