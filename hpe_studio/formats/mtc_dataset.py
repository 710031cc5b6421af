"""Annotations of the data set of Monocular Total Capture: Panoptic bodies and hands.

A pickle of `training_data` and `testing_data`: per sample a sequence, a frame, one
body of 19 points (COCO-19 order) and hands of 21, in the dome's axes (Y down) and
centimetres. `camera_data.pkl` beside it holds the cameras of each sequence. Source:
the data set's own readers in MonocularTotalCapture (`POF/data/DomeReader*.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.specs import FormatSpec, Option
from hpe_studio.core.unpickle import read_pickle
from hpe_studio.formats.point_people import Seen, as_dict, as_list, motion_of, runs_of

SPEC = FormatSpec(
    id="mtc_dataset",
    label="Total Capture data set",
    extensions=(".pkl",),
    reads=True,
    writes=False,
    read_options=(
        Option(
            name="sequence",
            kind="text",
            default="",
            help="Which sequence, where there are several",
        ),
    ),
)

_PARTS = ("training_data", "testing_data")
_CAMERAS = ("camera_data.pkl", "camera_data_a4.pkl")
_SET = "coco19+left_hand21+right_hand21"
_FPS = "30000/1001"
_M_PER_CM = 0.01
_MOST_NAMED = 8


def sniff(path: Path, head: bytes) -> float:
    """Sure where the parts of the data set and its samples are named."""
    has_part = any(part.encode() in head for part in _PARTS)
    return 0.95 if has_part and b"seqName" in head and path.suffix == ".pkl" else 0.0


def read(path: Path, *, sequence: str = "") -> MotionFile:
    """Body and hands of one sequence.

    Args:
        path: `annotation.pkl`.
        sequence: Its name; needed where the file has several.

    Raises:
        StudioError: If the file is hostile, of another kind, or has no such sequence.
    """
    content = as_dict(read_pickle(path))
    samples = [as_dict(s) for part in _PARTS for s in as_list(content.get(part))]
    named = {s["seqName"] for s in samples if isinstance(s.get("seqName"), str)}
    if not named:
        raise StudioError(
            "has no samples of the data set", path=path, fix="choose annotation.pkl"
        )
    name = _sequence(sequence, sorted(named), path)
    frames = _frames((s for s in samples if s.get("seqName") == name), path)
    motion = motion_of(
        runs_of(frames, landmark_set(_SET), is_scene=True),
        path=path,
        format_name=SPEC.id,
        fps=_FPS,
        provenance={"sequence": name},
    )
    return replace(motion, views=_views(path, name))


def _sequence(wanted: str, names: list[str], path: Path) -> str:
    if wanted in names:
        return wanted
    if not wanted and len(names) == 1:
        return names[0]
    shown = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
    what = f"has no sequence {wanted!r}" if wanted else f"has {len(names)} sequences"
    raise StudioError(
        f"{what} ({shown})", path=path, fix=f"choose one with sequence={names[0]}"
    )


def _frames(samples: Iterable[Mapping[str, Any]], path: Path) -> dict[int, list[Seen]]:
    frames: dict[int, list[Seen]] = {}
    for sample in samples:
        text = str(sample.get("frame_str", ""))
        if not text.isdigit():
            raise StudioError(
                f"has a sample without a frame ({text!r})",
                path=path,
                fix="choose annotation.pkl",
            )
        points = np.concatenate(
            [
                _points(as_dict(sample.get(part)), count, path)
                for part, count in (("body", 19), ("left_hand", 21), ("right_hand", 21))
            ]
        )
        is_known = np.isfinite(points[:, 0]).astype(np.float64)
        identity = str(sample.get("id", "0"))
        seen = Seen(points=points, confidence=is_known, identity=identity)
        frames.setdefault(int(text), []).append(seen)
    return frames


def _points(part: Mapping[str, Any], count: int, path: Path) -> FloatArray:
    """A part's points in the scene, shape (count, 3), metres; NaN where absent."""
    if "landmarks" not in part:
        return np.full((count, 3), np.nan)
    try:
        rows = np.array(part["landmarks"], dtype=np.float64).reshape(-1, 3)
    except (ValueError, TypeError):
        rows = np.zeros((0, 3))
    if len(rows) != count:
        raise StudioError(
            f"has a part of {len(rows)} points instead of {count}",
            path=path,
            fix="choose annotation.pkl",
        )
    is_absent = ~rows.any(axis=1, keepdims=True)
    return np.where(is_absent, np.nan, rows @ FLIP_YZ * _M_PER_CM)


def _views(path: Path, sequence: str) -> dict[str, Camera]:
    """Cameras of the sequence from the file beside, if it is there."""
    for name in _CAMERAS:
        beside = path.with_name(name)
        if beside.is_file():
            cameras = as_dict(as_dict(read_pickle(beside)).get(sequence))
            try:
                return {f"00_{int(n):02d}": _camera(c) for n, c in cameras.items()}
            except (KeyError, ValueError, TypeError):
                raise StudioError(
                    "holds no cameras of the data set", path=beside, fix="take it away"
                ) from None
    return {}


def _camera(values: Mapping[str, Any]) -> Camera:
    rotation = np.array(values["R"], dtype=np.float64).reshape(3, 3)
    place = np.array(values["t"], dtype=np.float64).reshape(3, 1)
    lens = np.array(values.get("distCoef", np.zeros(5)), dtype=np.float64).ravel()
    return Camera(
        intrinsics=np.array(values["K"], dtype=np.float64).reshape(3, 3),
        distortion=lens[:5],
        camera_from_scene=np.hstack([rotation @ FLIP_YZ, place * _M_PER_CM]),
        source="calibration",
    )
