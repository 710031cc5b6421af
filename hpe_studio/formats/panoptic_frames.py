"""What one frame file of CMU Panoptic says: bodies, faces or hands.

Source: spec 2.5. Centimetres, Y down; a joint with c <= 0.1, at (0, 0, 0) or at
(-1, -1, -1) is missing; ids below 0 are dummies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import msgspec
import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.camera import FLIP_YZ

HD_FPS = Fraction(30000, 1001)
VGA_FPS = Fraction(25)
CONFIDENCE_MIN = 0.1
_CM_PER_M = 100.0
_SENTINEL = 1e4
"""Invalid hand points carry a reprojection error of 1e5 px."""

Numbers = list[float]
File = TypeVar("File")


class _Body(msgspec.Struct, frozen=True):
    id: int
    joints19: Numbers | None = None
    joints15: Numbers | None = None


class _Points(msgspec.Struct, frozen=True):
    landmarks: Numbers = []
    averageScore: Numbers | None = None  # noqa: N815  (the file's own words)
    averageReproError: Numbers | None = None  # noqa: N815
    validity: Numbers | None = None


class _Face(msgspec.Struct, frozen=True):
    id: int
    face70: _Points | None = None


class _Hands(msgspec.Struct, frozen=True):
    id: int
    left_hand: _Points | None = None
    right_hand: _Points | None = None


class _BodyFile(msgspec.Struct, frozen=True):
    bodies: list[_Body]
    univTime: float | None = None  # noqa: N815
    fpsType: str = ""  # noqa: N815


class _FaceFile(msgspec.Struct, frozen=True):
    people: list[_Face]


class _HandFile(msgspec.Struct, frozen=True):
    people: list[_Hands]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FramePoints:
    """Points of everybody in a frame.

    Attributes:
        points: By (id, point set): places, scene axes, metres, shape (points, 3), NaN
            where missing, and confidence, shape (points,), 0 where missing.
        time_ms: `univTime`, or None.
        rate: `fpsType`, or "".
    """

    points: dict[tuple[int, str], tuple[FloatArray, FloatArray]]
    time_ms: float | None = None
    rate: str = ""


_bodies = msgspec.json.Decoder(_BodyFile)
_faces = msgspec.json.Decoder(_FaceFile)
_hands = msgspec.json.Decoder(_HandFile)


def body_frame(data: bytes) -> FramePoints:
    """Bodies of a `body3DScene_*.json`, as "coco19" or, of the old kind, "mpi15".

    Raises:
        ValueError: If the file is damaged or of another kind.
    """
    file = _decoded(_bodies, data)
    found: dict[tuple[int, str], tuple[FloatArray, FloatArray]] = {}
    for body in file.bodies:
        if body.id < 0:
            continue
        if body.joints19 is not None:
            found[body.id, "coco19"] = _with_confidence(body.joints19, 19)
        elif body.joints15 is not None:
            found[body.id, "mpi15"] = _with_confidence(body.joints15, 15)
    return FramePoints(points=found, time_ms=file.univTime, rate=file.fpsType)


def face_frame(data: bytes) -> FramePoints:
    """Faces of a `faceRecon3D_hd*.json`, as "face70".

    Raises:
        ValueError: If the file is damaged or of another kind.
    """
    found = {
        (one.id, "face70"): _scored(one.face70, 70)
        for one in _decoded(_faces, data).people
        if one.id >= 0 and one.face70 is not None
    }
    return FramePoints(points=found)


def hand_frame(data: bytes) -> FramePoints:
    """Hands of a `handRecon3D_hd*.json`, as "left_hand21" and "right_hand21".

    Raises:
        ValueError: If the file is damaged or of another kind.
    """
    found: dict[tuple[int, str], tuple[FloatArray, FloatArray]] = {}
    for one in _decoded(_hands, data).people:
        for name, hand in (("left", one.left_hand), ("right", one.right_hand)):
            if one.id >= 0 and hand is not None:
                found[one.id, f"{name}_hand21"] = _scored(hand, 21)
    return FramePoints(points=found)


def fps_of(rate: str) -> Fraction | None:
    """The exact frame rate that an `fpsType` names: "hd_29_97", "vga_25"; else None."""
    match = re.search(r"(\d+)(?:_(\d+))?$", rate)
    if match is None:
        return None
    shown = float(f"{match[1]}.{match[2] or 0}")
    whole = Fraction(round(shown))
    if not 1 <= whole <= 1000:
        return None
    broadcast = whole * Fraction(1000, 1001)
    return broadcast if abs(shown - float(broadcast)) < 0.006 else whole


def _decoded(decoder: msgspec.json.Decoder[File], data: bytes) -> File:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _with_confidence(numbers: Numbers, count: int) -> tuple[FloatArray, FloatArray]:
    values = np.array(numbers, dtype=np.float64)
    if values.shape != (4 * count,):
        raise ValueError(f"{len(values)} numbers are not {count} joints")
    rows = values.reshape(count, 4)
    return _in_scene(rows[:, :3], rows[:, 3], rows[:, 3] > CONFIDENCE_MIN)


def _scored(part: _Points, count: int) -> tuple[FloatArray, FloatArray]:
    """Points without a confidence column; the scores stand beside them."""
    values = np.array(part.landmarks, dtype=np.float64)
    if values.shape != (3 * count,):
        raise ValueError(f"{len(values)} numbers are not {count} points")
    score = _column(part.averageScore, count)
    usable = _column(part.validity, count) > 0
    if part.averageReproError is not None:
        usable &= _column(part.averageReproError, count) < _SENTINEL
    return _in_scene(values.reshape(count, 3), score, usable & (score > 0))


def _column(numbers: Numbers | None, count: int) -> FloatArray:
    if numbers is None:
        return np.ones(count)
    values = np.array(numbers, dtype=np.float64)
    if values.shape != (count,):
        raise ValueError(f"{len(values)} scores are not those of {count} points")
    return values


def _in_scene(
    places_cm: FloatArray, confidence: FloatArray, usable: BoolArray
) -> tuple[FloatArray, FloatArray]:
    there = usable & np.isfinite(places_cm).all(-1) & np.isfinite(confidence)
    for nowhere in (0.0, -1.0):
        there &= ~(places_cm == nowhere).all(-1)
    places_m = np.where(there[:, None], places_cm @ FLIP_YZ / _CM_PER_M, np.nan)
    return places_m, np.where(there, np.clip(confidence, 0.0, 1.0), 0.0)
