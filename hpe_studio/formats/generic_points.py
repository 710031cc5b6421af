"""Points of an unknown file: which set, axes and unit, and people out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import PersonPoints
from hpe_studio.core.pointsets import known_set, lateral_sign
from hpe_studio.core.skeleton import LandmarkSet
from hpe_studio.formats.generic_kinds import Kind, set_of, sets_of
from hpe_studio.formats.generic_tree import Track
from hpe_studio.formats.guessing import (
    AXES,
    UNITS_M,
    edge_cost,
    guess_axes,
    guess_unit,
)
from hpe_studio.formats.point_people import check_frames

_ALIKE = 1.02
_SURE_SIDE = 0.2
_PX_PER_PICTURE = 3.0
_SIZE_PX = (1920, 1080)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What a person said about a file; "auto" is left to us.

    Attributes:
        set: Joint set.
        axes: A key of `guessing.AXES`.
        unit: A key of `guessing.UNITS_M`, or "person" for people of usual size.
        size_px: Picture size for shares of it.
        order: How the numbers of a rotation stand, one of `rotation_orders`.
    """

    set: str = "auto"
    axes: str = "auto"
    unit: str = "auto"
    size_px: tuple[int, int] | None = None
    order: str = "auto"


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """Something that a file does not say.

    Attributes:
        option: Option that says it ("axes").
        value: What was taken.
        others: What else it can be.
        sentence: For people.
    """

    option: str
    value: str
    others: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Read:
    """People out of a file, what was guessed, and what a person should know."""

    points: tuple[PersonPoints, ...]
    guesses: tuple[Guess, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def read_points(
    tracks: Sequence[Track], key: str, kind: Kind, choices: Choices
) -> Read:
    """People of points in the scene, or in the picture.

    Raises:
        StudioError: If the chosen set has another number of points.
    """
    rows = [_rows(track.arrays[key], kind) for track in tracks]
    every = np.concatenate([r[0] for r in rows])
    is_scene = kind.what == "points"
    guesses: list[Guess] = []
    warnings: list[str] = []
    point_set = _chosen_set(every, kind.count, choices.set, guesses)
    turn, factor = np.eye(every.shape[2]), np.ones(every.shape[2])
    if is_scene:
        turn = _chosen_axes(every, point_set, choices.axes, guesses)
        factor = factor * _chosen_unit(every, point_set, choices.unit, guesses)
        if lateral_sign(every @ turn.T, point_set) < -_SURE_SIDE:
            warnings.append(
                "Left and right look exchanged: the axes are left-handed, or the joint "
                "set is another"
            )
    else:
        factor = _chosen_scale(every, choices.size_px, guesses)
    people = tuple(
        _person(track, r[0] @ turn.T * factor, r[1], point_set, number, is_scene)
        for number, (track, r) in enumerate(zip(tracks, rows, strict=True), start=1)
    )
    return Read(points=people, guesses=tuple(guesses), warnings=tuple(warnings))


def _rows(array: FloatArray, kind: Kind) -> tuple[FloatArray, FloatArray | None]:
    """Places, shape (frames, points, 2 or 3), and confidence or None."""
    rows = array.reshape(len(array), kind.count, -1)
    confidence: FloatArray | None = None
    if kind.has_confidence:
        rows, last = rows[..., :-1], rows[..., -1]
        confidence = np.clip(np.nan_to_num(last), 0, 1)
    is_known = np.isfinite(rows).all(axis=2, keepdims=True)
    is_origin = ~np.where(is_known, rows, 0).any(axis=2, keepdims=True)
    if confidence is not None:
        is_known = is_known & ~(is_origin & (confidence <= 0)[..., None])
    elif not is_origin.all(axis=0).any():  # nothing is relative to a root
        is_known = is_known & ~is_origin
    places: FloatArray = np.where(is_known, rows, np.nan)
    return places, confidence


def _chosen_set(
    every: FloatArray, count: int, wanted: str, guesses: list[Guess]
) -> LandmarkSet:
    names = sets_of(count)
    if wanted != "auto":
        chosen = _named_set(wanted)
        if len(chosen.names) != count:
            known = ", ".join(names) or "none"
            raise StudioError(
                f"{wanted} has {len(chosen.names)} points, the file has {count}",
                fix=f"choose a set of {count} (known: {known})",
            )
        return chosen
    if not names:
        made = set_of("", count)
        sentence = f"the {count} points are {made.name}, in no known order"
        guesses.append(
            Guess(option="set", value=made.name, others=(), sentence=sentence)
        )
        return made
    costs = {name: edge_cost(every, known_set(name)) for name in names}
    least = min(costs.values())
    alike = [n for n in names if costs[n] <= least * _ALIKE]
    if every.shape[2] == 3 and len(alike) > 1:
        sides = {n: lateral_sign(every, known_set(n)) for n in alike}
        alike.sort(key=lambda n: -np.nan_to_num(sides[n]))
    best = alike[0]
    others = tuple(sorted((n for n in names if n != best), key=lambda n: costs[n]))
    sentence = f"the {count} points are {best}"
    guesses.append(Guess(option="set", value=best, others=others, sentence=sentence))
    return known_set(best)


def _named_set(name: str) -> LandmarkSet:
    try:
        return known_set(name)
    except KeyError as error:
        raise StudioError(str(error.args[0]), fix="choose one of them") from None


def _chosen_axes(
    every: FloatArray, point_set: LandmarkSet, wanted: str, guesses: list[Guess]
) -> FloatArray:
    if wanted != "auto":
        return AXES[wanted]
    best, sure = guess_axes(every, point_set)
    how = "told by how people stand" if sure > 0 else "nothing tells"
    others = tuple(name for name in AXES if name != best)
    sentence = f"the axes are {best}, {how}"
    guesses.append(Guess(option="axes", value=best, others=others, sentence=sentence))
    return AXES[best]


def _chosen_unit(
    every: FloatArray, point_set: LandmarkSet, wanted: str, guesses: list[Guess]
) -> float:
    """Metres per number."""
    if wanted in UNITS_M:
        return UNITS_M[wanted]
    name, factor = guess_unit(every, point_set)
    if wanted == "person":
        return guess_unit(every, point_set, as_person=True)[1]
    others = tuple(n for n in (*UNITS_M, "person") if n != name)
    sentence = (
        f"lengths have no unit; people were made of usual size (times {factor:.4g})"
        if name == "person"
        else f"lengths are in {name}, told by the bones"
    )
    guesses.append(Guess(option="unit", value=name, others=others, sentence=sentence))
    return factor


def _chosen_scale(
    every: FloatArray, size_px: tuple[int, int] | None, guesses: list[Guess]
) -> FloatArray:
    """Pixels per number, shape (2,)."""
    if not np.isfinite(every).any() or np.nanmax(np.abs(every)) > _PX_PER_PICTURE:
        return np.ones(2)
    if size_px is None:
        sentence = f"the picture has {_SIZE_PX[0]} x {_SIZE_PX[1]} pixels"
        value = f"{_SIZE_PX[0]}x{_SIZE_PX[1]}"
        guesses.append(Guess(option="size", value=value, others=(), sentence=sentence))
    return np.array(size_px or _SIZE_PX, dtype=np.float64)


def _person(
    track: Track,
    places: FloatArray,
    confidence: FloatArray | None,
    point_set: LandmarkSet,
    number: int,
    is_scene: bool,
) -> PersonPoints:
    check_frames(track.frames.tolist())
    start, stop = int(track.frames[0]), int(track.frames[-1]) + 1
    dense = np.full((stop - start, *places.shape[1:]), np.nan)
    dense[track.frames - start] = places
    sure: FloatArray | None = None
    if confidence is not None:
        sure = np.zeros((stop - start, places.shape[1]))
        sure[track.frames - start] = confidence
        sure = np.where(np.isfinite(dense[..., 0]), sure, 0.0)
    return PersonPoints(
        name=f"Person {number}",
        point_set=point_set,
        start=start,
        points_scene_m=dense if is_scene else None,
        points_px=None if is_scene else dense,
        confidence=sure,
        person_id=track.identity,
    )
