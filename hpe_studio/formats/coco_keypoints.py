"""Keypoints in COCO's JSON: annotations with images, or a list of results.

Annotations: `images`, `annotations` (17 times x, y, v) and `categories`, with
`track_id` where people have identities (PoseTrack). Results: a list of entries with
`image_id` and `keypoints` (x, y, score), as COCO's evaluation and AlphaPose use them.
Sets of 17, 18, 25, 26 (Halpe) and 133 (whole body) points are known; other sets take
their names from the category.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.skeleton import LandmarkSet, landmark_set
from hpe_studio.core.specs import FormatSpec
from hpe_studio.formats.point_people import (
    FPS_OPTION,
    Seen,
    as_dict,
    as_list,
    motion_of,
    points_array,
    read_json,
    runs_of,
    split_confidence,
)

SPEC = FormatSpec(
    id="coco",
    label="COCO keypoints",
    extensions=(".json",),
    reads=True,
    writes=False,
    read_options=(FPS_OPTION,),
)

_SETS = {17: "coco17", 18: "coco18", 25: "body25", 26: "halpe26", 133: "coco133"}
_SEEN, _HIDDEN = 1.0, 0.5
"""Confidence of a point that is labelled and visible (2), and hidden (1)."""


def sniff(path: Path, head: bytes) -> float:
    """Sure where the head names images and keypoints, or a list of results begins."""
    if path.suffix.lower() != ".json" or b'"people"' in head:
        return 0.0
    start = head.lstrip()
    if start.startswith(b"[") and b'"image_id"' in head and b'"keypoints"' in head:
        return 0.9
    if not start.startswith(b"{"):
        return 0.0
    names = (b'"annotations"', b'"images"', b'"categories"', b'"image_id"')
    found = sum(name in head for name in names)
    is_listing = found == 1 and b'"images"' in head and b'"file_name"' in head
    return 0.8 if found >= 2 else 0.5 * is_listing


def read(path: Path, *, fps: str = "") -> MotionFile:
    """Everybody's keypoints in pixels.

    Args:
        path: The file.
        fps: Frame rate; the format does not say it.

    Raises:
        StudioError: If the file is damaged, of another kind, or of several clips.
    """
    content: Any = read_json(path)
    entries, images = _parts(content, path)
    numbers, guesses = _frame_numbers(images, entries, path)
    rows = [points_array(e.get("keypoints"), 3, path=path) for e in entries]
    point_set = _point_set(content, rows, path)
    is_label = all(np.isin(r[:, 2], (0, 1, 2)).all() for r in rows) and any(
        (r[:, 2] == 2).any() for r in rows
    )
    has_identity = all(_identity(e) for e in entries)
    frames: dict[int, list[Seen]] = {}
    for entry, own in zip(entries, rows, strict=True):
        if is_label:
            own[:, 2] = np.array([0.0, _HIDDEN, _SEEN])[own[:, 2].astype(int)]
        points, confidence = split_confidence(own)
        if (confidence > 0).any():
            identity = _identity(entry) if has_identity else ""
            seen = Seen(points=points, confidence=confidence, identity=identity)
            frames.setdefault(numbers[_image_of(entry)], []).append(seen)
    return motion_of(
        runs_of(frames, point_set, is_scene=False),
        path=path,
        format_name=SPEC.id,
        fps=fps,
        size_px=_size(images),
        assumed=guesses,
    )


def _parts(
    content: Any, path: Path
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Entries with keypoints, and the images they lie on (none with results)."""
    whole = as_dict(content)
    listed = as_list(content) or as_list(whole.get("annotations"))
    entries = [as_dict(e) for e in listed if as_dict(e).get("keypoints")]
    images = [as_dict(image) for image in as_list(whole.get("images"))]
    if not entries or any("image_id" not in e for e in entries):
        raise StudioError(
            "has no keypoints that belong to images",
            path=path,
            fix="choose a keypoints file (person_keypoints_... or a list of results)",
        )
    return entries, images


def _image_of(entry: Mapping[str, Any]) -> str:
    return str(entry.get("image_id"))


def _identity(entry: Mapping[str, Any]) -> str:
    raw = next(
        (entry[k] for k in ("track_id", "instance_id", "idx") if k in entry), None
    )
    flat = next(iter(as_list(raw)), raw)
    return str(flat) if isinstance(flat, int | float | str) and flat != "" else ""


def _frame_numbers(
    images: Sequence[Mapping[str, Any]],
    entries: Sequence[Mapping[str, Any]],
    path: Path,
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Frame of each image by its id, and what was taken for granted about it."""
    ids = list(dict.fromkeys(_image_of(e) for e in entries))
    known = {str(image.get("id")): image for image in images}
    if images and any(i not in known for i in ids):
        raise StudioError(
            "has keypoints on images that it does not list",
            path=path,
            fix="look whether it was cut off",
        )
    chosen = [known[i] for i in ids] if images else []
    folders = {str(PurePosixPath(str(c.get("file_name", ""))).parent) for c in chosen}
    if len(folders) > 1:
        raise StudioError(
            f"has images of {len(folders)} folders, a clip is one",
            path=path,
            fix="split it into one file per clip",
        )
    if chosen and all(isinstance(c.get("frame_id"), int) for c in chosen):
        return {i: int(c["frame_id"]) for i, c in zip(ids, chosen, strict=True)}, ()
    names = [str(c.get("file_name", "")) for c in chosen] if chosen else ids
    found = [re.findall(r"\d{1,9}", PurePosixPath(n).stem) for n in names]
    numbers = [int(f[-1]) for f in found if f]
    if len(numbers) == len(ids) == len(set(numbers)):
        return dict(zip(ids, numbers, strict=True)), ("frames are numbered by image",)
    order = {i: n for n, i in enumerate(sorted(ids))}
    return order, ("images follow each other in the order of their ids",)


def _point_set(content: Any, rows: Sequence[FloatArray], path: Path) -> LandmarkSet:
    counts = sorted({len(r) for r in rows})
    if len(counts) != 1:
        text = " and ".join(str(count) for count in counts)
        raise StudioError(
            f"has people of {text} points", path=path, fix="split it by joint set"
        )
    (count,) = counts
    listed = as_list(as_dict(content).get("categories"))
    categories = [as_dict(c) for c in listed if as_dict(c).get("keypoints")]
    if len(categories) == 1 and count not in _SETS:
        names = tuple(str(n) for n in as_list(categories[0]["keypoints"]))
        if len(set(names)) == count:
            return LandmarkSet(
                name=f"{SPEC.id}{count}",
                names=names,
                edges=_edges(categories[0], count),
            )
    if count not in _SETS:
        raise StudioError(
            f"has {count} points without names",
            path=path,
            fix="read it as a generic skeleton (--format generic)",
        )
    return landmark_set(_SETS[count])


def _edges(category: Mapping[str, Any], count: int) -> tuple[tuple[int, int], ...]:
    """Lines of a category, counted from 1 in the file."""
    pairs = [as_list(pair) for pair in as_list(category.get("skeleton"))]
    known = range(1, count + 1)
    inside = [
        p for p in pairs if len(p) == 2 and all(_number(end) in known for end in p)
    ]
    return tuple((_number(a) - 1, _number(b) - 1) for a, b in inside)


def _number(end: Any) -> int:
    """The number of a point; -1 for what is no whole number."""
    return end if isinstance(end, int) else -1


def _size(images: Sequence[Mapping[str, Any]]) -> tuple[int, int] | None:
    sides = [(image.get("width"), image.get("height")) for image in images]
    if not sides or any(pair != sides[0] for pair in sides):
        return None
    width, height = sides[0]
    if isinstance(width, int) and isinstance(height, int) and min(width, height) > 0:
        return width, height
    return None
