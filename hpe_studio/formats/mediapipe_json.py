"""Landmarks that scripts around MediaPipe write as JSON, in its many shapes.

Per frame the 33 landmarks of one or several people, as objects (x, y, z, visibility)
or lists; under `frames`, `pose_landmarks`, `landmarks` and the like, or bare. Picture
landmarks are shares of the picture, world landmarks metres around the hips, x right, y
down (MediaPipe's documentation). Hands of Holistic in the picture, 21 landmarks in the
order of `left_hand21`, go with the person whose wrist is nearest; world landmarks of a
hand lie around itself and are left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.specs import FormatSpec, Option
from hpe_studio.formats.point_people import (
    FPS_OPTION,
    SIZE_OPTION,
    Seen,
    as_dict,
    as_list,
    motion_of,
    read_json,
    runs_of,
    size_of,
)

SPEC = FormatSpec(
    id="mediapipe",
    label="MediaPipe landmarks",
    extensions=(".json",),
    reads=True,
    writes=False,
    read_options=(
        FPS_OPTION,
        SIZE_OPTION,
        Option(
            name="points",
            kind="choice",
            default="auto",
            choices=("auto", "picture", "world"),
            help="Which landmarks; auto takes those of the picture where there are any",
        ),
    ),
)

_PICTURE = ("pose_landmarks", "poseLandmarks", "landmarks", "keypoints", "pose")
_WORLD = (
    "pose_world_landmarks", "poseWorldLandmarks", "world_landmarks", "worldLandmarks",
    "pose_landmarks_world",
)  # fmt: skip
_FRAMES = ("frames", "results", "data")
_BODY = "mediapipe33"
_HANDS = {
    "left_hand21": ("left_hand_landmarks", "leftHandLandmarks"),
    "right_hand21": ("right_hand_landmarks", "rightHandLandmarks"),
}
_WRISTS = {"left_hand21": 15, "right_hand21": 16}
_COUNT, _HAND_COUNT = 33, 21
_NEGATIVE_SHARE = 0.25
_SIZE_PX = (1920, 1080)


def sniff(path: Path, head: bytes) -> float:
    """Sure where landmarks with visibility are spoken of."""
    if path.suffix.lower() != ".json" or b'"visibility"' not in head:
        return 0.0
    return 0.85 if b'"x"' in head and b'"y"' in head else 0.0


def read(
    path: Path, *, fps: str = "", size: str = "", points: str = "auto"
) -> MotionFile:
    """Everybody's landmarks, in pixels or in metres around the hips.

    Args:
        path: The file.
        fps: Frame rate, where the file does not say it.
        size: Picture size, where the file does not say it.
        points: "picture", "world", or "auto".

    Raises:
        StudioError: If there are no sets of 33 landmarks in it.
    """
    content: Any = read_json(path)
    frames = _frames(content)
    picture = {n: _people(frame, _PICTURE) for n, frame in enumerate(frames)}
    world = {n: _people(frame, _WORLD) for n, frame in enumerate(frames)}
    if points == "auto":
        is_picture = any(picture.values()) and not _is_around_hips(picture)
        points = "picture" if is_picture else "world"
    is_world = points == "world"
    chosen = world if is_world and any(world.values()) else picture
    if not any(chosen.values()):
        raise StudioError(
            "has no sets of 33 landmarks",
            path=path,
            fix="read it as a generic skeleton (--format generic)",
        )
    about = as_dict(content)
    size_px = size_of(size) or _size(about)
    hands = () if chosen is world or is_world else _with_hands(frames, chosen)
    rows, guesses = _placed(chosen, size_px, is_world=is_world)
    point_set = landmark_set("+".join((_BODY, *hands)))
    runs = runs_of(rows, point_set, is_scene=is_world)
    return motion_of(
        runs,
        path=path,
        format_name=SPEC.id,
        fps=fps or _rate(about),
        size_px=size_px,
        assumed=guesses,
    )


def _frames(content: Any) -> list[Any]:
    about = as_dict(content)
    for name in _FRAMES:
        if as_list(about.get(name)):
            return as_list(about[name])
    return [content] if about else as_list(content)


def _people(frame: Any, names: tuple[str, ...]) -> list[FloatArray]:
    """Sets of 33 landmarks of a frame, each of shape (33, 4): x, y, z, visibility."""
    about = as_dict(frame)
    if not about:
        return _sets_in(frame) if names is _PICTURE else []
    for name in names:
        if name in about:
            return _sets_in(about[name])
    people = as_list(about.get("people"))
    return [rows for person in people for rows in _people(person, names)]


def _with_hands(
    frames: list[Any], people: dict[int, list[FloatArray]]
) -> tuple[str, ...]:
    """Put hands behind the landmarks of those whose they are.

    Args:
        frames: As they stand in the file.
        people: Bodies by frame, each of shape (33, 4); of all of them the rows of the
            hands follow afterwards, NaN where a hand is not seen.

    Returns:
        The sets that follow the body's, none where there are no hands.
    """
    found = {
        name: {n: _hands_of(frame, keys) for n, frame in enumerate(frames)}
        for name, keys in _HANDS.items()
    }
    names = tuple(name for name, hands in found.items() if any(hands.values()))
    for name in names:
        for number, bodies in people.items():
            nearest = _nearest(found[name][number], bodies, _WRISTS[name])
            people[number] = [
                np.concatenate([body, hand])
                for body, hand in zip(bodies, nearest, strict=True)
            ]
    return names


def _hands_of(frame: Any, keys: tuple[str, ...]) -> list[FloatArray]:
    """Hands of one side on a frame, each of shape (21, 4), all as sure as seen."""
    about = as_dict(frame)
    people = [as_dict(person) for person in as_list(about.get("people"))]
    hands = [
        hand
        for one in (about, *people)
        for key in keys
        for hand in _sets_in(one.get(key), _HAND_COUNT)
    ]
    for hand in hands:
        if not np.nanmax(hand[:, 3], initial=0.0) > 0:
            hand[:, 3] = 1.0  # of hands MediaPipe tells no visibility: it writes 0
    return hands


def _nearest(
    hands: list[FloatArray], bodies: list[FloatArray], wrist: int
) -> list[FloatArray]:
    """For each body the hand whose root lies nearest its wrist; each hand once."""
    out = [np.full((_HAND_COUNT, 4), np.nan) for _ in bodies]
    apart = [
        (float(np.hypot(*(hand[0, :2] - body[wrist, :2]))), h, b)
        for h, hand in enumerate(hands)
        for b, body in enumerate(bodies)
    ]
    free_hands, free_bodies = set(range(len(hands))), set(range(len(bodies)))
    for distance, h, b in sorted(apart):
        if h in free_hands and b in free_bodies and np.isfinite(distance):
            out[b] = hands[h]
            free_hands.discard(h)
            free_bodies.discard(b)
    return out


def _sets_in(value: Any, count: int = _COUNT) -> list[FloatArray]:
    inner = as_list(as_dict(value).get("landmark")) or as_list(value)
    rows = [_row(mark) for mark in inner]
    if len(rows) == count and all(row is not None for row in rows):
        return [np.array(rows, dtype=np.float64)]
    return [f for one in inner if len(as_list(one)) for f in _sets_in(one, count)]


def _row(mark: Any) -> list[float] | None:
    about = as_dict(mark)
    if about:
        values = [about.get(n) for n in ("x", "y", "z")]
        values.append(about.get("visibility", about.get("score", 1.0)))
    else:
        listed = as_list(mark)
        values = [*listed, 1.0] if len(listed) == 3 else listed
    if len(values) != 4 or not all(isinstance(v, int | float | None) for v in values):
        return None
    if values[0] is None and not about:
        return None
    return [float("nan") if v is None else float(v) for v in values]


def _are_shares(frames: dict[int, list[FloatArray]]) -> bool:
    """Whether places are shares of the picture: their median lies within it."""
    every = [rows[:, :2] for people in frames.values() for rows in people]
    return bool(every) and float(np.nanmedian(np.concatenate(every))) < 2.0


def _is_around_hips(frames: dict[int, list[FloatArray]]) -> bool:
    """Whether places lie on both sides of zero, as those around the hips do."""
    every = np.concatenate([rows[:, :2] for own in frames.values() for rows in own])
    return bool(_are_shares(frames) and (every < 0).mean() > _NEGATIVE_SHARE)


def _placed(
    frames: dict[int, list[FloatArray]],
    size_px: tuple[int, int] | None,
    *,
    is_world: bool,
) -> tuple[dict[int, list[Seen]], tuple[str, ...]]:
    guesses: list[str] = []
    scale = np.ones(2)
    if is_world:
        guesses.append("world landmarks say no place: the hips stay at the origin")
    elif _are_shares(frames):
        if size_px is None:
            guesses.append(f"the picture has {_SIZE_PX[0]} x {_SIZE_PX[1]} pixels")
        scale = np.array(size_px or _SIZE_PX, dtype=np.float64)
    seen: dict[int, list[Seen]] = {}
    for number, people in frames.items():
        seen[number] = [_seen(rows, scale, is_world=is_world) for rows in people]
    return seen, tuple(guesses)


def _seen(rows: FloatArray, scale: FloatArray, *, is_world: bool) -> Seen:
    points = rows[:, :3] @ FLIP_YZ if is_world else rows[:, :2] * scale
    is_known: BoolArray = np.isfinite(points[:, 0]) & np.isfinite(points[:, 1])
    confidence = np.where(is_known, np.clip(np.nan_to_num(rows[:, 3]), 0, 1), 0.0)
    points = np.where(is_known[:, None], points, np.nan)
    return Seen(points=points, confidence=confidence)


def _size(about: dict[str, Any]) -> tuple[int, int] | None:
    for width, height in (("width", "height"), ("image_width", "image_height")):
        pair = (about.get(width), about.get(height))
        if all(isinstance(n, int) and 0 < n < 100_000 for n in pair):
            return int(pair[0] or 0), int(pair[1] or 0)
    return None


def _rate(about: dict[str, Any]) -> str:
    raw = about.get("fps", about.get("frame_rate"))
    return str(raw) if isinstance(raw, int | float) and 0 < raw <= 10_000 else ""
