"""From one set of points to another: COCO-17 to BODY_25, SMPL-24 to COCO-19, ...

Sets are data (`resources/skeletons/landmarks_*.json`), and so is what stands for what
(`mappings.json`). A point of the goal is, in this order: the point of the same
meaning; the same point in another convention (SMPL's left hip for COCO's); the mean of
two points (the neck between the shoulders). Sources: the lists of joints of the CMU
Panoptic toolbox, OpenPose, smplx, SPIN and simple_romp, as a test holds them.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.resources import resource_path
from hpe_studio.core.skeleton import LandmarkSet, landmark_set

Parents = tuple[tuple[int, ...], ...]
"""Per point of the goal the points of the source it is the mean of; () for none."""

_SMPL_SETS = ("smpl22", "smpl24", "smpl45", "smplh52", "smplh73", "smplx55", "smplx144")
SETS = (
    "coco17", "coco18", "coco19", "coco133", "halpe26", "body25", "body25b", "h36m17",
    "h36m17_left",
    *_SMPL_SETS, "spin49", "romp54", "romp71", "lsp14", "mpi15", "mediapipe33",
    "hand21", "left_hand21", "right_hand21", "face70",
)  # fmt: skip
"""Every shipped set of points."""


def known_set(name: str) -> LandmarkSet:
    """A shipped set of points, or several joined by + as in `skeleton.landmark_set`.

    Raises:
        KeyError: Naming the sets there are.
    """
    if any(part not in SETS for part in name.split("+")):
        raise KeyError(f"there is no joint set {name!r}; known: {', '.join(SETS)}")
    return landmark_set(name)


def meaning(set_name: str, point_name: str) -> str:
    """What a point of a set is: names alike across sets need not be the same point.

    SMPL's `left_hip` is the joint inside ("left_hip_smpl"), COCO's the point that
    annotators click ("left_hip").
    """
    data = _mappings()
    key = "smpl" if set_name in _SMPL_SETS else set_name
    own: dict[str, str] = data["meanings"].get(key, {})
    suffix: str = data["suffixes"].get(set_name, "")
    return own.get(point_name, point_name + suffix)


def sources_of(source: str | LandmarkSet, goal: str | LandmarkSet) -> Parents:
    """Which points of one set make the points of another.

    Args:
        source: Set the points are in: a shipped set's name or any set by its names.
        goal: Set they are wanted in.

    Raises:
        KeyError: If a name is not that of a shipped set.
    """
    here, there = _as_set(source), _as_set(goal)
    if here == there:
        return tuple((i,) for i in range(len(here.names)))
    place: dict[str, int] = {}
    for i, name in enumerate(here.names):
        place.setdefault(meaning(here.name, name), i)
    return tuple(_parents(meaning(there.name, name), place) for name in there.names)


def convert_points(
    points: FloatArray, source: str | LandmarkSet, goal: str | LandmarkSet
) -> FloatArray:
    """Points of one set in the order of another.

    Args:
        points: Shape (..., points, 2 or 3), NaN where missing.
        source: As in `sources_of`.
        goal: As in `sources_of`.

    Returns:
        Shape (..., points of the goal, 2 or 3): means of their parents, NaN where the
        source has no such point or a parent is missing.

    Raises:
        KeyError: If a set is not known.
        ValueError: If the array has another number of points than the source.
    """
    parents = sources_of(source, goal)
    _check_count(points.shape[-2], source)
    out = np.full((*points.shape[:-2], len(parents), points.shape[-1]), np.nan)
    for i, own in enumerate(parents):
        if own:
            out[..., i, :] = points[..., list(own), :].mean(axis=-2)
    return out


def convert_confidence(
    confidence: FloatArray, source: str | LandmarkSet, goal: str | LandmarkSet
) -> FloatArray:
    """Confidence that goes with `convert_points`: that of the worse parent, 0 for none.

    Shape (..., points) to (..., points of the goal).

    Raises:
        KeyError: If a set is not known.
        ValueError: If the array has another number of points than the source.
    """
    parents = sources_of(source, goal)
    _check_count(confidence.shape[-1], source)
    out = np.zeros((*confidence.shape[:-1], len(parents)))
    for i, own in enumerate(parents):
        if own:
            out[..., i] = confidence[..., list(own)].min(axis=-1)
    return out


def tree_of(points: LandmarkSet) -> tuple[int, ...]:
    """Parent of each point, -1 for roots: the set's own tree, else one of its edges.

    Without a tree of its own every group of joined points hangs on its first point.
    Parents need not stand before their children.
    """
    if points.parents:
        return points.parents
    parents = [-2] * len(points.names)
    for root in range(len(parents)):
        if parents[root] != -2:
            continue
        parents[root], queue = -1, [root]
        while queue:
            here = queue.pop(0)
            for a, b in points.edges:
                for end, other in ((a, b), (b, a)):
                    if end == here and parents[other] == -2:
                        parents[other] = here
                        queue.append(other)
    return tuple(parents)


def lateral_sign(points: FloatArray, points_set: str | LandmarkSet) -> float:
    """Whether left is left: +1 where it is, -1 where sides are exchanged.

    Left is up x forward. Up is from hips to shoulders; forward is where nose, toes and
    bent knees point. Hips, knees and shoulders vote on every frame. A
    mirrored scene (the wrong handedness) shows as -1 just as swapped names do.

    Args:
        points: Shape (frames, points, 3) or (points, 3), right-handed axes of any
            orientation and unit, NaN where missing.
        points_set: Their set.

    Returns:
        Mean vote, -1 to 1; NaN where sides or forward cannot be told.
    """
    body = _as_set(points_set)
    flat = points.reshape(-1, *points.shape[-2:])
    at = {name: flat[:, i] for i, name in enumerate(body.names)}
    pairs = [
        (at[f"left_{part}"], at[f"right_{part}"])
        for part in ("shoulder", "hip", "knee")
        if f"left_{part}" in at and f"right_{part}" in at
    ]
    forward = _forward(at)
    if forward is None or len(pairs) < 2:
        return float("nan")
    shoulders, hips = (0.5 * (a + b) for a, b in pairs[:2])
    left = np.cross(shoulders - hips, forward)
    votes = [np.sign(((a - b) * left).sum(-1)) for a, b in pairs]
    counted = np.concatenate(votes)
    counted = counted[np.isfinite(counted)]
    return float(counted.mean()) if len(counted) else float("nan")


def _forward(at: dict[str, FloatArray]) -> FloatArray | None:
    """Where a body faces, from all cues its points give, shape (frames, 3)."""
    cues: list[FloatArray] = []
    neck = at.get("neck", at.get("upper_neck"))
    if neck is None and "left_ear" in at and "right_ear" in at:
        neck = 0.5 * (at["left_ear"] + at["right_ear"])
    face = at.get("nose", at.get("jaw"))
    if face is not None and neck is not None:
        cues.append(face - neck)
    for side in ("left", "right"):
        ankle = at.get(f"{side}_ankle")
        knee, hip = at.get(f"{side}_knee"), at.get(f"{side}_hip")
        toe = at.get(f"{side}_big_toe", at.get(f"{side}_foot"))
        toe = at.get(f"{side}_foot_index") if toe is None else toe
        if toe is not None and ankle is not None:
            cues.append(toe - ankle)
        if knee is not None and hip is not None and ankle is not None:
            cues.append(2 * knee - hip - ankle)
    if not cues:
        return None
    stacked = np.nan_to_num(np.stack(cues))
    return stacked.sum(axis=0)


def _parents(wanted: str, place: dict[str, int]) -> tuple[int, ...]:
    found = _variant(wanted, place)
    if found is not None:
        return (found,)
    recipes: dict[str, list[list[str]]] = _mappings()["recipes"]
    for recipe in recipes.get(_base(wanted), ()):
        members = [_variant(name, place) for name in recipe]
        known = tuple(m for m in members if m is not None)
        if len(known) == len(members):
            return known
    return ()


def _variant(wanted: str, place: dict[str, int]) -> int | None:
    """The point itself, or the same point in another convention."""
    if wanted in place:
        return place[wanted]
    base = _base(wanted)
    names = (base + suffix for suffix in _mappings()["variants"])
    return next((place[name] for name in names if name in place), None)


def _base(name: str) -> str:
    for suffix in _mappings()["variants"]:
        if suffix and name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


def _as_set(points: str | LandmarkSet) -> LandmarkSet:
    return known_set(points) if isinstance(points, str) else points


def _check_count(count: int, points: str | LandmarkSet) -> None:
    expected = len(_as_set(points).names)
    if count != expected:
        raise ValueError(f"{count} points instead of {expected}")


@cache
def _mappings() -> dict[str, Any]:
    path = resource_path("skeletons/mappings.json")
    return json.loads(path.read_text(encoding="utf-8"))
