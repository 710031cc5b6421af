"""The part of HPE Studio's JSON that holds points without rotations."""

from __future__ import annotations

from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray, FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonPoints
from hpe_studio.core.skeleton import LandmarkSet
from hpe_studio.formats import hpe_json_model as model

METRES, PIXELS, SHARES = 7, 3, 4
"""Decimals that are written."""


def written_points(motion: MotionFile) -> list[model.Points]:
    """Everybody of whom only points are known."""
    return [_written(run) for run in motion.points]


def written_sets(motion: MotionFile) -> dict[str, model.PointSet]:
    """The sets that they name.

    Raises:
        StudioError: If two different sets have one name.
    """
    sets: dict[str, LandmarkSet] = {}
    for run in motion.points:
        known = sets.setdefault(run.point_set.name, run.point_set)
        if known != run.point_set:
            raise StudioError(
                f"two different joint sets are called {known.name!r}",
                fix="rename one of them",
            )
    return {
        name: model.PointSet(
            names=list(one.names),
            edges=[list(edge) for edge in one.edges],
            parents=list(one.parents) or None,
        )
        for name, one in sets.items()
    }


def read_points(content: model.File) -> tuple[PersonPoints, ...]:
    """Everybody of whom only points are known.

    Raises:
        ValueError: If a shape or an index does not fit.
        KeyError: If a set is named that is not there.
    """
    sets = {name: _set(name, one) for name, one in (content.point_sets or {}).items()}
    return tuple(_run(run, sets) for run in content.points or ())


def as_array(data: Any, shape: tuple[int, ...]) -> FloatArray:
    """Nested lists as an array of exactly that shape; null becomes NaN.

    Raises:
        ValueError: If they have another shape.
    """
    array = np.array(data, dtype=np.float64)
    if array.size == 0 and 0 in shape:
        return np.zeros(shape)
    if array.shape != shape:
        raise ValueError(f"an array has shape {array.shape} instead of {shape}")
    return array


def optional(array: AnyArray | None, digits: int) -> Any:
    """As `listed`, or None for None."""
    return None if array is None else listed(array, digits)


def listed(array: AnyArray, digits: int) -> Any:
    """Nested lists of rounded numbers; NaN becomes null when encoded."""
    return np.round(np.asarray(array, dtype=np.float64), digits).tolist()


def _written(run: PersonPoints) -> model.Points:
    shown = run.points_px if run.points_scene_m is None else run.points_scene_m
    return model.Points(
        person=run.person_id or None,
        name=run.name,
        point_set=run.point_set.name,
        start=run.start,
        frames=0 if shown is None else len(shown),
        points_scene_m=optional(run.points_scene_m, METRES),
        points_px=optional(run.points_px, PIXELS),
        confidence=optional(run.confidence, SHARES),
    )


def _set(name: str, one: model.PointSet) -> LandmarkSet:
    count = len(one.names)
    parents = tuple(one.parents or ())
    if parents and len(parents) != count:
        raise ValueError(f"joint set {name!r} has {len(parents)} parents")
    ends = [end for edge in one.edges for end in edge]
    if any(not 0 <= end < count for end in ends) or any(p >= count for p in parents):
        raise ValueError(f"joint set {name!r} joins points that it does not have")
    if any(len(edge) != 2 for edge in one.edges):
        raise ValueError(f"joint set {name!r} has a line without two ends")
    return LandmarkSet(
        name=name,
        names=tuple(one.names),
        edges=tuple((a, b) for a, b in one.edges),
        parents=parents,
    )


def _run(run: model.Points, sets: dict[str, LandmarkSet]) -> PersonPoints:
    points = sets[run.point_set]
    count = len(points.names)

    def given(name: str, *tail: int) -> FloatArray | None:
        data = getattr(run, name)
        return None if data is None else as_array(data, (run.frames, count, *tail))

    return PersonPoints(
        name=run.name,
        point_set=points,
        start=run.start,
        points_scene_m=given("points_scene_m", 3),
        points_px=given("points_px", 2),
        confidence=given("confidence"),
        person_id=run.person or "",
    )
