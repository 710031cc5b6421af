"""What a file of unknown make holds, as dictionaries, lists and arrays of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.formats.generic_kinds import kind_of

PERSON_KEY = re.compile(
    r"(?:person|people|subject|id|track|player|human|body|p)[ _-]?\d+$", re.IGNORECASE
)
FRAME_KEY = re.compile(
    r"(?:frame|img|image|f)[ _-]?\d+$|.*\.(?:png|jpe?g|bmp|json|npz|npy)$",
    re.IGNORECASE,
)
_CONFIDENCES = ("visibility", "confidence", "score", "conf", "c", "v", "presence")
_DEEPEST = 12


def plain(value: Any, depth: int = 0) -> Any:
    """Numbers as float arrays, containers as dictionaries and lists; no text."""
    if depth > _DEEPEST or value is None or isinstance(value, str | bytes):
        return None
    if isinstance(value, Mapping):
        content = cast("Mapping[Any, Any]", value)
        if "x" in content and "y" in content:
            return _plain_point(content)
        made = {str(k): plain(v, depth + 1) for k, v in content.items()}
        return {k: v for k, v in made.items() if v is not None}
    if isinstance(value, list | tuple | set | frozenset):
        return _plain_list(list(cast("Iterable[Any]", value)), depth)
    return _plain_array(value, depth)


def _plain_point(content: Mapping[Any, Any]) -> Any:
    """A point as an object: x, y, perhaps z, perhaps a confidence."""
    names = ["x", "y", *(n for n in ("z",) if content.get(n) is not None)]
    names += [n for n in _CONFIDENCES if content.get(n) is not None][:1]
    try:
        return np.array([float(content[n]) for n in names])
    except (ValueError, TypeError, OverflowError):
        return None


def _plain_array(value: Any, depth: int) -> Any:
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    if array.ndim > _DEEPEST:
        return None
    if array.dtype.kind in "fiub":
        return array.astype(np.float64)
    content: Any = array.tolist() if array.dtype.kind == "O" else None
    return plain(content, depth + 1)


def _plain_list(items: list[Any], depth: int) -> Any:
    try:
        whole = np.array(items, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        return _stacked([plain(item, depth + 1) for item in items])
    return whole if whole.size and whole.ndim <= _DEEPEST else None


def _stacked(items: list[Any]) -> Any:
    """Arrays of one shape as one array; absent ones are NaN."""
    arrays = [a for a in map(as_array, items) if a is not None]
    shapes = {array.shape for array in arrays}
    absent = sum(item is None for item in items)
    if len(shapes) != 1 or len(arrays) + absent != len(items):
        return None if absent == len(items) else items
    hole = np.full(shapes.pop(), np.nan)
    return np.stack([hole if item is None else item for item in items])


def as_array(value: Any) -> FloatArray | None:
    """An array of `plain` as such, else None."""
    return cast("FloatArray", value) if isinstance(value, np.ndarray) else None


def as_map(value: Any) -> dict[str, Any] | None:
    """A dictionary of `plain` as such, else None."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_items(value: Any) -> list[Any] | None:
    """A list of `plain` as such, else None."""
    return cast("list[Any]", value) if isinstance(value, list) else None


def listing(value: Any, prefix: str = "") -> list[tuple[str, FloatArray]]:
    """Every array by its key; of entries alike the first that has any."""
    array, content, items = as_array(value), as_map(value), as_items(value)
    if array is not None:
        return [(prefix, array)]
    if content is not None and (groups := groups_of(content)):
        first = next(iter(groups.values()))
        rest = {k: v for k, v in content.items() if k not in groups}
        return listing(first, f"{prefix}*/") + listing(rest, prefix)
    found: list[tuple[str, FloatArray]] = []
    for key, inner in (content or {}).items():
        is_end = as_array(inner) is not None
        found += listing(inner, f"{prefix}{key}" + ("" if is_end else "/"))
    for item in items or ():
        found = (
            listing(item, f"{prefix}*/")
            if as_array(item) is None
            else [(f"{prefix}*", cast("FloatArray", item))]
        )
        if found:
            break
    return found


def only(value: Any, key: str) -> Any:
    """The same without the bodies that are not in arrays of that name."""
    content, items = as_map(value), as_items(value)
    if items is not None:
        return [only(item, key) for item in items]
    if content is None:
        return value
    wanted = key.strip("/").rsplit("/", 1)[-1]
    kept: dict[str, Any] = {}
    for name, inner in content.items():
        array = as_array(inner)
        if array is None:
            kept[name] = only(inner, key)
        elif name == wanted or kind_of(name, array) is None:
            kept[name] = inner
    return kept


def groups_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Entries by frame or person, if the keys look like that."""
    keyed = {
        k: v
        for k, v in content.items()
        if k.lstrip("-").isdigit() or PERSON_KEY.match(k) or FRAME_KEY.match(k)
    }
    return keyed if keyed and len(keyed) >= len(content) / 2 else {}
