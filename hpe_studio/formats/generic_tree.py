"""Nested containers of an unknown file as people with arrays over frames.

Understood are arrays of frames, of frames and people, lists with one entry per frame or
person (arrays, dictionaries or lists of them), and dictionaries by frame, picture name
or person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.formats.generic_kinds import Kind, kind_of
from hpe_studio.formats.generic_plain import (
    FRAME_KEY,
    PERSON_KEY,
    as_array,
    as_items,
    as_map,
    groups_of,
)
from hpe_studio.formats.linking import link_frames, place_of

Arrays = dict[str, FloatArray]

_FRAME_LISTS = ("frame_ids", "frame_id", "frames", "frame_idx", "frame")
_IDENTITIES = ("track_id", "track_ids", "person_id", "personid", "id", "pid", "tid")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Track:
    """One person's arrays.

    Attributes:
        identity: As the file calls the person, or "".
        frames: Frame of each row, shape (rows,), increasing.
        arrays: By key, each with one row per frame; NaN where the person is absent.
            Arrays without frames (shapes) are as they stand in `constants`.
        constants: What holds for all frames.
    """

    identity: str
    frames: IntArray
    arrays: Arrays
    constants: Arrays


def tracks_in(value: Any) -> list[Track]:
    """Everybody in what `plain` gave; empty where nothing is a body."""
    return _tracks(value, _Kinds())


def _tracks(value: Any, kinds: _Kinds) -> list[Track]:
    array, content, items = as_array(value), as_map(value), as_items(value)
    if array is not None:
        return _of_arrays({"": array}, kinds)
    if items is not None:
        return _of_groups({str(i): item for i, item in enumerate(items)}, kinds)
    groups = groups_of(content or {})
    found = _of_groups(groups, kinds) if groups else []
    found = found or _of_arrays(_flattened(content or {}), kinds)
    for inner in (content or {}).values():
        if not found and as_array(inner) is None:
            found = _tracks(inner, kinds)
    return found


def best_key(arrays: Mapping[str, FloatArray]) -> str | None:
    """The array that says most: rotations, then places, then pixels; None without."""
    return _Kinds().best(arrays)


class _Kinds:
    """What arrays are, decided once for all of one name and shape."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, tuple[int, ...]], Kind | None] = {}

    def of(self, key: str, array: FloatArray) -> Kind | None:
        """As `kind_of`; nothing of an array without numbers is remembered."""
        name = (key, array.ndim, array.shape[-2:] if array.ndim > 1 else array.shape)
        if self._known.get(name) is None:
            self._known[name] = kind_of(key, array)
        return self._known[name]

    def best(self, arrays: Mapping[str, FloatArray]) -> str | None:
        """As `best_key`."""
        kinds = {key: self.of(key, array) for key, array in arrays.items()}
        known = {key: kind for key, kind in kinds.items() if kind is not None}
        order = ("matrices", "quaternions", "sixes", "rotvecs", "points", "pixels")
        return min(
            known,
            key=lambda key: (order.index(known[key].what), -known[key].count),
            default=None,
        )


def _flattened(content: Mapping[str, Any], prefix: str = "") -> Arrays:
    """Arrays of nested dictionaries by their path."""
    found: Arrays = {}
    for key, inner in content.items():
        path = f"{prefix}/{key}" if prefix else key
        array = as_array(inner)
        if array is not None:
            found[path] = array
        else:
            found |= _flattened(as_map(inner) or {}, path)
    return found


def _of_groups(groups: Mapping[str, Any], kinds: _Kinds) -> list[Track]:
    """People out of entries by frame, or by person."""
    keys = list(groups)
    if all(PERSON_KEY.match(key) for key in keys) or _are_people(groups, kinds):
        found: list[Track] = []
        for key, inner in groups.items():
            found += [
                Track(
                    identity=track.identity or key,
                    frames=track.frames,
                    arrays=track.arrays,
                    constants=track.constants,
                )
                for track in _tracks(inner, kinds)
            ]
        return found
    frames = _numbers(keys)
    entries = {n: _entries(groups[k], kinds) for n, k in zip(frames, keys, strict=True)}
    return _of_frames(dict(sorted(entries.items())), kinds)


def _are_people(groups: Mapping[str, Any], kinds: _Kinds) -> bool:
    """Whether each entry is a run of frames of one person, not one frame."""
    if any(FRAME_KEY.match(key) for key in groups):
        return False
    lengths: list[int] = []
    for inner in groups.values():
        array = as_array(inner)
        flat = _flattened(as_map(inner) or {}) if array is None else {"": array}
        if any(flat[n].ndim == 1 for n in _FRAME_LISTS if n in flat):
            return True
        key = kinds.best(flat)
        kind = None if key is None else kinds.of(key, flat[key])
        if key is None or kind is None or kind.axes == 0:
            return False
        lengths.append(flat[key].shape[0])
    return bool(lengths) and max(lengths) > max(len(groups), 1)


def _numbers(keys: Sequence[str]) -> list[int]:
    """Frame numbers out of keys; their order where those are not all different."""
    found = [re.findall(r"\d{1,9}", key.rsplit(".", 1)[0] or key) for key in keys]
    numbers = [int(f[-1]) for f in found if f]
    if len(set(numbers)) == len(keys):
        return numbers
    return list(range(len(keys)))


def _entries(value: Any, kinds: _Kinds) -> list[Arrays]:
    """People on one frame, each with single-frame arrays."""
    array, items = as_array(value), as_items(value)
    if items is not None:
        return [entry for item in items for entry in _entries(item, kinds)]
    content: dict[str, Any] = {"": array} if array is not None else as_map(value) or {}
    flat = _flattened(content)
    key = kinds.best(flat)
    kind = None if key is None else kinds.of(key, flat[key])
    if key is None or kind is None:
        inner = [v for v in content.values() if as_array(v) is None]
        return [entry for one in inner for entry in _entries(one, kinds)]
    if kind.axes == 0:
        return [flat]
    count = flat[key].shape[0]
    per_person = {k: a for k, a in flat.items() if a.ndim and a.shape[0] == count}
    return [{k: a[i] for k, a in per_person.items()} for i in range(count)]


def _of_frames(frames: Mapping[int, list[Arrays]], kinds: _Kinds) -> list[Track]:
    """People out of entries per frame, joined by identity or by place."""
    numbers = list(frames)
    rows = [frames[n] for n in numbers]
    if not any(rows):
        return []
    identities = [[_identity(entry) for entry in row] for row in rows]
    known = [i for row in identities for i in row]
    if all(known):
        chosen = [
            (
                name,
                np.array(
                    [row.index(name) if name in row else -1 for row in identities]
                ),
            )
            for name in dict.fromkeys(known)
        ]
    else:
        places = [[_place(entry, kinds) for entry in row] for row in rows]
        chosen = [("", link) for link in link_frames(places)]
    return [_track_of(name, link, rows, numbers) for name, link in chosen]


def _track_of(
    identity: str,
    link: IntArray,
    rows: Sequence[Sequence[Arrays]],
    numbers: Sequence[int],
) -> Track:
    present = np.flatnonzero(link >= 0).tolist()
    mine = [rows[i][int(link[i])] for i in present]
    shapes = {
        key: array.shape for entry in reversed(mine) for key, array in entry.items()
    }
    arrays: Arrays = {}
    for key, shape in shapes.items():
        hole = np.full(shape, np.nan)
        kept = [entry.get(key, hole) for entry in mine]
        arrays[key] = np.stack([a if a.shape == shape else hole for a in kept])
    frames = np.array([numbers[i] for i in present])
    return Track(identity=identity, frames=frames, arrays=arrays, constants={})


def _identity(entry: Arrays) -> str:
    for name in _IDENTITIES:
        for key, array in entry.items():
            if key.rsplit("/", 1)[-1].lower() == name and array.size == 1:
                value = float(array.ravel()[0])
                return f"{value:g}" if np.isfinite(value) and value >= 0 else ""
    return ""


def _place(entry: Arrays, kinds: _Kinds) -> tuple[FloatArray, float]:
    key = kinds.best(entry)
    for name, array in entry.items():
        is_place = name.lower().endswith(("trans", "transl", "root", "th"))
        if is_place and array.size == 3:
            return array.ravel(), 1.7
    if key is None:
        return np.zeros(3), 1.0
    kind = kinds.of(key, entry[key])
    if kind is None or kind.is_rotation:
        return np.zeros(3), 1.0
    width = entry[key].size // kind.count
    rows = entry[key].reshape(kind.count, width)
    return place_of(rows[:, : width - kind.has_confidence])


def _of_arrays(flat: Arrays, kinds: _Kinds) -> list[Track]:
    """One person, or several along an axis of the arrays."""
    key = kinds.best(flat)
    if key is None:
        return []
    kind = kinds.of(key, flat[key])
    assert kind is not None
    if kind.axes == 0:
        return [_constant_split({k: a[None] for k, a in flat.items()}, "", 1)]
    if kind.axes == 1:
        return [_constant_split(flat, "", flat[key].shape[0])]
    person = _person_axis(flat[key])
    people = flat[key].shape[person]
    count = flat[key].shape[1 - person]
    tracks: list[Track] = []
    for i in range(people):
        own = {
            k: np.take(a, i, axis=person)
            for k, a in flat.items()
            if a.ndim >= 2 and a.shape[:2] == flat[key].shape[:2]
        }
        tracks.append(_constant_split(own, str(i), count))
    return tracks


def _person_axis(array: FloatArray) -> int:
    """Which of the first two axes is people: along time things change little."""
    if 1 in array.shape[:2]:
        return 1 if array.shape[1] == 1 else 0
    steps = [float(np.nanmedian(np.abs(np.diff(array, axis=axis)))) for axis in (0, 1)]
    return 1 if steps[0] <= steps[1] else 0


def _constant_split(flat: Arrays, identity: str, count: int) -> Track:
    """Arrays with a row per frame, and the rest."""
    arrays = {k: a for k, a in flat.items() if a.ndim and a.shape[0] == count}
    constants = {k: a for k, a in flat.items() if k not in arrays}
    frames = np.arange(count)
    for name in _FRAME_LISTS:
        given = arrays.get(name)
        if given is None or given.shape != (count,) or not np.isfinite(given).all():
            continue
        whole = given.astype(np.int64)
        if (whole == given).all() and (np.diff(whole) > 0).all() and whole.min() >= 0:
            frames = whole
            break
    return Track(identity=identity, frames=frames, arrays=arrays, constants=constants)
