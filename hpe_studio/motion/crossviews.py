"""Who is the same person in the pictures of several cameras at one time.

Two detections can be one person where the rays through their landmarks pass each other
closely. Pairs are joined from the closest on, as long as no camera would have the same
person twice and everybody in a group fits everybody else on the whole (average
linkage).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.motion.triangulation import (
    LEAST_CONFIDENCE,
    Triangulated,
    ray_gaps_m,
    triangulate,
)

_GATE_M = 0.14
"""Rays of one person's landmarks pass each other this closely in the median; other
people's do only where they stand on one epipolar line."""

_LEAST_LANDMARKS = 6
_SAME_M = 0.25
"""Two groups whose landmarks are this close in the median are one person."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Seen:
    """A person in one camera's picture.

    Attributes:
        view: Which camera.
        points_px: Landmarks, shape (landmarks, 2), stored pixels.
        confidence: Shape (landmarks,), 0 to 1.
    """

    view: int
    points_px: FloatArray
    confidence: FloatArray


def joined_people(
    seen: Sequence[Seen], cameras: Sequence[Camera], *, gate_px: float
) -> list[Triangulated]:
    """Everybody whom two views or more saw, in space.

    Groups of `same_people` that turn out to stand at one place are one; whoever was
    left over joins the group that is seen where the detection is.

    Args:
        seen: Everybody in every view at one time.
        cameras: By view.
        gate_px: A view farther off than this disagrees.
    """

    def placed(group: Sequence[int]) -> Triangulated:
        chosen = [seen[index] for index in group]
        return triangulate(
            np.stack([one.points_px for one in chosen]).astype(np.float64),
            np.stack([one.confidence for one in chosen]).astype(np.float64),
            [cameras[one.view] for one in chosen],
            gate_px=gate_px,
        )

    groups = _merged(same_people(seen, cameras), seen, placed)
    people = [placed(group) for group in groups]
    left = set(range(len(seen))) - {index for group in groups for index in group}
    for index in sorted(left):
        one = seen[index]
        off_px = [
            np.inf
            if one.view in {seen[i].view for i in group}
            else _off_px(person, one, cameras[one.view])
            for group, person in zip(groups, people, strict=True)
        ]
        best = int(np.argmin(off_px)) if off_px else -1
        if best >= 0 and off_px[best] <= gate_px:
            groups[best].append(index)
            people[best] = placed(groups[best])
    return people


def same_people(seen: Sequence[Seen], cameras: Sequence[Camera]) -> list[list[int]]:
    """Groups of detections that are one person each, by index; each has two or more.

    Args:
        seen: Everybody in every view at one time.
        cameras: By view.
    """
    gaps_m = _gaps_m(seen, cameras)
    groups = [[index] for index in range(len(seen))]
    while True:
        best, pair = _GATE_M, None
        for i, j in combinations(range(len(groups)), 2):
            if _views(groups[i], seen) & _views(groups[j], seen):
                continue
            apart = float(np.mean(gaps_m[np.ix_(groups[i], groups[j])]))
            if apart < best:
                best, pair = apart, (i, j)
        if pair is None:
            return [sorted(group) for group in groups if len(group) > 1]
        groups[pair[0]] += groups.pop(pair[1])


def _merged(
    groups: list[list[int]],
    seen: Sequence[Seen],
    placed: Callable[[Sequence[int]], Triangulated],
) -> list[list[int]]:
    """Groups at one place made one; of two that share a view the larger one stays."""
    groups = sorted(groups, key=len, reverse=True)
    kept: list[list[int]] = []
    for group in groups:
        mine = placed(group).points_scene_m
        for number, other in enumerate(kept):
            if _apart_m(mine, placed(other).points_scene_m) < _SAME_M:
                if not _views(group, seen) & _views(other, seen):
                    kept[number] = [*other, *group]
                break
        else:
            kept.append(group)
    return kept


def _apart_m(one_m: FloatArray, other_m: FloatArray) -> float:
    """Median distance of the landmarks both have, metres; infinite without enough."""
    apart = np.linalg.norm(one_m - other_m, axis=1)
    known = apart[np.isfinite(apart)]
    return float(np.median(known)) if len(known) >= _LEAST_LANDMARKS else np.inf


def _off_px(person: Triangulated, one: Seen, camera: Camera) -> float:
    """Median distance of a detection from where somebody would be seen, pixels."""
    off = np.linalg.norm(camera.project(person.points_scene_m) - one.points_px, axis=1)
    known = off[np.isfinite(off) & (one.confidence >= LEAST_CONFIDENCE)]
    return float(np.median(known)) if len(known) >= _LEAST_LANDMARKS else np.inf


def _views(group: Sequence[int], seen: Sequence[Seen]) -> set[int]:
    return {seen[index].view for index in group}


def _gaps_m(seen: Sequence[Seen], cameras: Sequence[Camera]) -> FloatArray:
    """Median gap of the landmarks both saw, shape (seen, seen), metres."""
    gaps_m = np.full((len(seen), len(seen)), np.inf)
    for i, j in combinations(range(len(seen)), 2):
        one, other = seen[i], seen[j]
        trust = np.minimum(one.confidence, other.confidence)
        both = trust >= LEAST_CONFIDENCE
        if one.view == other.view or both.sum() < _LEAST_LANDMARKS:
            continue
        gap = ray_gaps_m(
            one.points_px[both],
            cameras[one.view],
            other.points_px[both],
            cameras[other.view],
        )
        gaps_m[i, j] = gaps_m[j, i] = float(np.median(gap))
    return gaps_m
