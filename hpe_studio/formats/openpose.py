"""OpenPose's keypoints: a folder with one JSON file per frame, or a single file.

BODY_25, BODY_25B, COCO-18 and COCO-17 are told apart by how many points there are and
by where they lie; hands and face are kept as further points of the same person. People
have no identities (`person_id` is -1) and are joined by place. Source: OpenPose's
documentation of its output (doc/02_output.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.specs import FormatSpec, Option
from hpe_studio.formats.guessing import best_set
from hpe_studio.formats.point_people import (
    FPS_OPTION,
    SIZE_OPTION,
    Seen,
    as_dict,
    as_list,
    check_frames,
    first_head,
    motion_of,
    numbered_files,
    points_array,
    read_json,
    runs_of,
    size_of,
    split_confidence,
)

_SETS = {17: ("coco17",), 18: ("coco18",), 25: ("body25", "body25b")}
_EXTRAS = (
    ("left_hand21", "hand_left_keypoints_2d", 21),
    ("right_hand21", "hand_right_keypoints_2d", 21),
    ("face70", "face_keypoints_2d", 70),
)

SPEC = FormatSpec(
    id="openpose",
    label="OpenPose keypoints",
    extensions=(".json",),
    reads=True,
    writes=False,
    reads_folders=True,
    read_options=(
        FPS_OPTION,
        SIZE_OPTION,
        Option(
            name="set",
            kind="choice",
            default="auto",
            choices=("auto", "body25", "body25b", "coco18", "coco17"),
            help="Joint set; auto tells it from number and place of the points",
        ),
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Person:
    """One entry of a file: points by set, shape (points, 3): x, y, confidence."""

    body: FloatArray
    extras: dict[str, FloatArray]
    identity: str


def sniff(path: Path, head: bytes) -> float:
    """Certain where the first file has the keys of OpenPose's output."""
    start = first_head(path, ".json") if not head and path.is_dir() else head
    if b'"people"' in start and b'"pose_keypoints' in start:
        return 1.0
    is_empty = b'"people"' in start and b'"version"' in start
    return 0.6 if is_empty and b"[]" in start.replace(b" ", b"") else 0.0


def read(
    path: Path,
    *,
    fps: str = "",
    size: str = "",
    set: str = "auto",  # noqa: A002
) -> MotionFile:
    """Everybody's keypoints in pixels.

    Args:
        path: Folder of `..._keypoints.json`, or one of them (frame 0).
        fps: Frame rate; the files do not say it.
        size: Picture size, needed where keypoints were scaled to 0..1.
        set: Joint set, or "auto".

    Raises:
        StudioError: If a file is damaged or of another kind, or an option is wrong.
    """
    files = numbered_files(path, ".json") if path.is_dir() else {0: path}
    check_frames(files)
    frames = {number: _people(file) for number, file in files.items()}
    everybody = [p for people in frames.values() for p in people]
    name, guesses = _set_of([p.body for p in everybody], set, path)
    extras = [e for e, _, _ in _EXTRAS if any(e in p.extras for p in everybody)]
    point_set = landmark_set("+".join([name, *extras]))
    size_px = size_of(size)
    scale, told = _scale([p.body for p in everybody], size_px, path)
    has_identity = all(p.identity for p in everybody)
    seen = {
        number: [_seen(p, extras, scale, has_identity=has_identity) for p in people]
        for number, people in frames.items()
    }
    try:
        runs = runs_of(seen, point_set, is_scene=False)
    except StudioError as error:
        raise StudioError(error.what, path=path, fix=error.fix) from None
    first = next(iter(files), 0)
    return motion_of(
        runs,
        path=path,
        format_name=SPEC.id,
        fps=fps,
        size_px=size_px,
        assumed=(*guesses, *told),
        provenance={"first_frame": first, "files": len(files), "joint_set": name},
    )


def _people(path: Path) -> list[_Person]:
    content = as_dict(read_json(path))
    if not isinstance(content.get("people"), list):
        raise StudioError(
            "is no OpenPose file (it has no people)", path=path, fix="take it away"
        )
    found = [_person(as_dict(entry), path) for entry in as_list(content["people"])]
    return [person for person in found if person is not None]


def _person(entry: dict[str, Any], path: Path) -> _Person | None:
    body = points_array(_list(entry, "pose_keypoints_2d"), 3, path=path)
    if not len(body):
        return None
    extras: dict[str, FloatArray] = {}
    for name, key, count in _EXTRAS:
        rows = points_array(_list(entry, key), 3, path=path)
        if len(rows) == count:
            extras[name] = rows
    raw: Any = entry.get("person_id", -1)
    number = next(iter(as_list(raw)), raw)
    is_known = isinstance(number, int) and number >= 0
    return _Person(body=body, extras=extras, identity=str(number) if is_known else "")


def _list(entry: dict[str, Any], key: str) -> Any:
    """A list of an entry; older versions have no `_2d` in the key."""
    return entry.get(key) or entry.get(key.removesuffix("_2d")) or []


def _set_of(
    bodies: list[FloatArray], wanted: str, path: Path
) -> tuple[str, tuple[str, ...]]:
    counts = sorted({len(body) for body in bodies})
    if not counts:
        return "body25" if wanted == "auto" else wanted, ()
    if len(counts) > 1 or counts[0] not in _SETS:
        text = " and ".join(str(count) for count in counts)
        raise StudioError(
            f"has people of {text} points, where OpenPose has 17, 18 or 25",
            path=path,
            fix="read it as a generic skeleton (--format generic)",
        )
    names = _SETS[counts[0]]
    if wanted != "auto":
        if len(landmark_set(wanted).names) != counts[0]:
            raise StudioError(
                f"has {counts[0]} points, {wanted} has another number",
                path=path,
                fix=f"use set={names[0]}",
            )
        return wanted, ()
    if len(names) == 1:
        return names[0], ()
    points = np.stack([split_confidence(body)[0] for body in bodies])
    best = best_set(points, names)
    return best, (f"the 25 points are {best}, told by where they lie",)


def _scale(
    bodies: list[FloatArray], size_px: tuple[int, int] | None, path: Path
) -> tuple[FloatArray, tuple[str, ...]]:
    """What takes the file's numbers to pixels, shape (2,)."""
    largest = max((float(np.nanmax(b[:, :2], initial=0)) for b in bodies), default=0.0)
    if not 0 < largest <= 2:
        return np.ones(2), ()
    if size_px is None:
        raise StudioError(
            "has places as shares of a picture whose size it does not say",
            path=path,
            fix="give the picture's size, such as size=1920x1080",
        )
    return np.array(size_px, dtype=np.float64), ()


def _seen(
    person: _Person, extras: list[str], scale: FloatArray, *, has_identity: bool
) -> Seen:
    parts = [person.body]
    for name in extras:
        count = len(landmark_set(name).names)
        parts.append(person.extras.get(name, np.zeros((count, 3))))
    points, confidence = split_confidence(np.concatenate(parts))
    return Seen(
        points=points * scale,
        confidence=confidence,
        identity=person.identity if has_identity else "",
    )
