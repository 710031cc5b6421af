"""Breaks a staged scene as estimators break: documented, seeded, with exact ranges.

| kind | what happens | frames |
|---|---|---|
| missing | nobody is reported | 4-20 |
| truncated | the picture's lower part is cut off; joints beyond it drift by up to 40 degrees with confidence 0.05-0.3, reported as outside | as the motion has it |
| jump | a limb turns by 50-90 degrees, or the pelvis leaps by 0.4-0.9 m, and comes back | 1-2 |
| flip | left and right are taken for each other, in the picture and in 3D | 3-14 |
| swap | two people change places from one frame on | to the end |
| foot_slide | the pelvis drifts 12-25 cm while a foot stands | 8-20 |
| implausible | a knee or elbow bends the wrong way by 25-60 degrees | 5-14 |

Failures keep 12 frames apart and away from the ends, so that each has clean frames
about it.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.skeleton import landmark_set, skeleton
from hpe_studio.motion.rotations import compose
from hpe_studio.quality.ranges import ranges_of
from hpe_studio.quality.staging import (
    LANDMARKS,
    Performance,
    Report,
    Stage,
    project_landmarks,
)

_APART = 12
_SMPL = skeleton("smpl24")
_MARKS = landmark_set(LANDMARKS)
_LIMBS = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_HINGES = {
    "left_knee": (-1.0, 0.0, 0.0),
    "right_knee": (-1.0, 0.0, 0.0),
    "left_elbow": (0.0, 1.0, 0.0),
    "right_elbow": (0.0, -1.0, 0.0),
}
_STANDING_M_S = 0.25
_FEET = (_SMPL.index("left_foot"), _SMPL.index("right_foot"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """What was broken.

    Attributes:
        kind: As in the table above.
        person: Index into the stage's reports.
        start, stop: Half-open range of frames.
        joints: Joints concerned; () for the whole body.
    """

    kind: str
    person: int
    start: int
    stop: int
    joints: tuple[int, ...] = ()


def break_stage(
    stage: Stage, kind: str, *, rng: np.random.Generator, count: int = 3
) -> tuple[Failure, ...]:
    """Write failures of one kind into a stage's reports.

    Args:
        stage: Its reports are changed in place.
        kind: A kind of the table.
        rng: Where chance comes from.
        count: Failures per person at most; as many as find room.

    Returns:
        What was broken, in order of time.

    Raises:
        KeyError: If there is no such kind.
    """
    if kind == "truncated":
        return _truncate(stage, rng)
    if kind == "swap":
        return _swap(stage, rng)
    breaker = _BREAKERS[kind]
    failures: list[Failure] = []
    for person in range(len(stage.reports)):
        room = _Room(stage.frame_count)
        for _ in range(count):
            failure = breaker(stage, person, room, rng)
            if failure is not None:
                failures.append(failure)
    return tuple(sorted(failures, key=lambda f: (f.start, f.person)))


class _Room:
    """Ranges that are still free of failures."""

    def __init__(self, frame_count: int) -> None:
        self._is_free = np.zeros(frame_count, dtype=np.bool_)
        self._is_free[_APART : frame_count - _APART] = True

    def take(
        self, length: int, rng: np.random.Generator, wanted: BoolArray | None = None
    ) -> tuple[int, int] | None:
        """A free range of that length (within what is wanted), or None."""
        usable = self._is_free if wanted is None else self._is_free & wanted
        total = np.convolve(usable, np.ones(length, int), "valid")
        starts = np.flatnonzero(total == length)
        if not len(starts):
            return None
        start = int(rng.choice(starts))
        self._is_free[max(start - _APART, 0) : start + length + _APART] = False
        return start, start + length


def _miss(
    stage: Stage, person: int, room: _Room, rng: np.random.Generator
) -> Failure | None:
    at = room.take(int(rng.integers(4, 21)), rng)
    if at is None:
        return None
    for array in stage.reports[person].fields().values():
        array[slice(*at)] = np.nan
    return Failure(kind="missing", person=person, start=at[0], stop=at[1])


def _jump(
    stage: Stage, person: int, room: _Room, rng: np.random.Generator
) -> Failure | None:
    at = room.take(int(rng.integers(1, 3)), rng)
    if at is None:
        return None
    report, rows = stage.reports[person], slice(*at)
    if rng.random() < 0.4:
        leap = _direction(rng) * rng.uniform(0.4, 0.9)
        report.root_m[rows] += leap
        joints: tuple[int, ...] = ()
    else:
        limb = _SMPL.index(str(rng.choice(_LIMBS)))
        turn = _direction(rng) * np.radians(rng.uniform(50, 90))
        report.joints_rad[rows, limb] = compose(turn, report.joints_rad[rows, limb])
        joints = _SMPL.descendants(limb)
    _see_again(stage, person, rows)
    return Failure(kind="jump", person=person, start=at[0], stop=at[1], joints=joints)


def _flip(
    stage: Stage, person: int, room: _Room, rng: np.random.Generator
) -> Failure | None:
    at = room.take(int(rng.integers(3, 15)), rng)
    if at is None:
        return None
    report, rows = stage.reports[person], slice(*at)
    swapped = np.array(_MARKS.mirror_permutation())
    for name in ("points_px", "points_m", "confidence", "outside"):
        array = getattr(report, name)
        array[rows] = array[rows][:, swapped]
    report.joints_rad[rows] = taken_for_mirrored(report.joints_rad[rows])
    return Failure(kind="flip", person=person, start=at[0], stop=at[1])


def taken_for_mirrored(joints_rad: FloatArray) -> FloatArray:
    """The pose of who takes the left for the right: turned round and mirrored.

    Limbs stay about where they are in the picture, with the names of the other side
    and the front where the back was.

    Args:
        joints_rad: Rotation vectors, shape (frames, 24, 3).
    """
    other = np.array(_SMPL.mirror_permutation())
    mirrored = joints_rad[:, other] * np.array([1.0, -1.0, -1.0])
    # Mirroring about the body's middle plane, then half a turn about its own up axis:
    # together a mirror through the frontal plane, front for back.
    root = joints_rad[:, 0]
    mirrored[:, 0] = compose(root, np.broadcast_to([0.0, np.pi, 0.0], root.shape))
    return mirrored


def _bend_wrong(
    stage: Stage, person: int, room: _Room, rng: np.random.Generator
) -> Failure | None:
    at = room.take(int(rng.integers(5, 15)), rng)
    if at is None:
        return None
    name = str(rng.choice(list(_HINGES)))
    joint, rows = _SMPL.index(name), slice(*at)
    angle = np.radians(rng.uniform(25, 60))
    report = stage.reports[person]
    report.joints_rad[rows, joint] = np.array(_HINGES[name]) * angle
    _see_again(stage, person, rows)
    return Failure(
        kind="implausible", person=person, start=at[0], stop=at[1], joints=(joint,)
    )


def _slide(
    stage: Stage, person: int, room: _Room, rng: np.random.Generator
) -> Failure | None:
    length = int(rng.integers(8, 21))
    at = room.take(length, rng, wanted=_stands(stage, person))
    if at is None:
        return None
    drift = _direction(rng) * np.array([1.0, 0.0, 1.0])
    drift *= rng.uniform(0.12, 0.25) / np.linalg.norm(drift)
    report = stage.reports[person]
    there = np.linspace(0, 1, length + 1)[1:]
    report.root_m[at[0] : at[1]] += there[:, None] * drift
    report.root_m[at[1] :] += drift  # and stays there, or it would slide back
    _see_again(stage, person, slice(at[0], stage.frame_count))
    return Failure(
        kind="foot_slide", person=person, start=at[0], stop=at[1], joints=_FEET
    )


def _stands(stage: Stage, person: int) -> BoolArray:
    """Where a foot truly stands still, shape (frames,)."""
    feet = stage.joints_m(person)[:, list(_FEET)]
    speed = np.linalg.norm(np.gradient(feet, axis=0), axis=-1) * float(stage.fps)
    return (speed < _STANDING_M_S).any(1)


def _swap(stage: Stage, rng: np.random.Generator) -> tuple[Failure, ...]:
    if len(stage.reports) < 2:
        return ()
    first, second = stage.reports[:2]
    at = int(rng.integers(stage.frame_count // 4, 3 * stage.frame_count // 4))
    for mine, other in zip(
        first.fields().values(), second.fields().values(), strict=True
    ):
        mine[at:], other[at:] = other[at:].copy(), mine[at:].copy()
    return (Failure(kind="swap", person=0, start=at, stop=at + 1),)


def _truncate(stage: Stage, rng: np.random.Generator) -> tuple[Failure, ...]:
    """Cut the picture off below a line and let what lies beyond drift."""
    bottoms = [np.nanmax(r.points_px[..., 1], axis=1) for r in stage.reports]
    heights = [np.nanmax(np.ptp(r.points_px[..., 1], axis=1)) for r in stage.reports]
    line = float(
        np.median(np.concatenate(bottoms)) - rng.uniform(0.1, 0.4) * max(heights)
    )
    failures: list[Failure] = []
    for person, report in enumerate(stage.reports):
        joints_px = stage.camera.project(stage.joints_m(person))
        is_cut = joints_px[..., 1] > line
        _lose(report, is_cut, report.points_px[..., 1] > line, rng)
        failures.extend(
            Failure(
                kind="truncated",
                person=person,
                start=start,
                stop=stop,
                joints=tuple(np.flatnonzero(is_cut[start:stop].any(0)).tolist()),
            )
            for start, stop in ranges_of(np.asarray(is_cut.any(1)), at_least=2)
        )
    return tuple(failures)


def cut_size_px(stage: Stage, failures: tuple[Failure, ...]) -> tuple[int, int]:
    """The size of the picture after a truncation."""
    outside = [r.points_px[..., 1][r.outside > 0.5] for r in stage.reports]
    lowest = float(np.concatenate(outside).min()) if failures else stage.size_px[1]
    return stage.size_px[0], int(lowest)


def _lose(
    report: Report, is_cut: BoolArray, is_beyond: BoolArray, rng: np.random.Generator
) -> None:
    frames = len(is_cut)
    for joint in np.flatnonzero(is_cut.any(0)):
        knots = rng.normal(0, np.radians(25), (frames // 8 + 2, 3))
        place = np.linspace(0, len(knots) - 1, frames)
        drift = np.stack([np.interp(place, range(len(knots)), k) for k in knots.T], -1)
        rows = is_cut[:, joint]
        parent = max(_SMPL.parents[joint], 0)
        report.joints_rad[rows, parent] = compose(
            drift[rows], report.joints_rad[rows, parent]
        )
    report.outside[is_beyond] = 1.0
    report.confidence[is_beyond] = rng.uniform(0.05, 0.3, int(is_beyond.sum()))


def _see_again(stage: Stage, person: int, rows: slice) -> None:
    """Points as they would be if the broken pose were what is seen."""
    report = stage.reports[person]
    pose = Performance(
        joints_rad=report.joints_rad[rows],
        root_m=report.root_m[rows],
        betas=report.betas,
    )
    report.points_px[rows], report.points_m[rows] = project_landmarks(
        stage.body, stage.camera, pose
    )


def _direction(rng: np.random.Generator) -> FloatArray:
    direction = rng.normal(size=3)
    return direction / np.linalg.norm(direction)


def cropped(stage: Stage, failures: tuple[Failure, ...]) -> Stage:
    """The stage with the smaller picture that a truncation leaves."""
    return replace(stage, size_px=cut_size_px(stage, failures))


_BREAKERS: dict[
    str, Callable[[Stage, int, _Room, np.random.Generator], Failure | None]
] = {
    "missing": _miss,
    "jump": _jump,
    "flip": _flip,
    "foot_slide": _slide,
    "implausible": _bend_wrong,
}

KINDS = (*_BREAKERS, "truncated", "swap")
"""Every kind of failure."""
