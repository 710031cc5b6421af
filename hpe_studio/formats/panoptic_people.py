"""Frames of a Panoptic sequence put together as people, one entry per person and set.

Ids mean the same person throughout, but one person may own several (the toolbox says
so). An id that begins where another has ended, its root within 30 cm, goes on as it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.interchange import PersonPoints
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.formats.panoptic_frames import FramePoints

ROOT = 2
"""The body's centre in both joint sets."""
NEAR_M = 0.30
LONGEST_GAP_S = 1.0

Decode = Callable[[bytes], FramePoints]
_Rows = dict[int, tuple[FloatArray, FloatArray]]


@dataclass(slots=True, eq=False)
class Gathered:
    """Points of a sequence by person and set, as the files name them.

    Attributes:
        rows: By (id, point set): per frame places and confidence.
        times_ms: `univTime` per frame.
        rate: The first `fpsType` met, or "".
        damaged: Frames whose file could not be read.
        frames: Frames whose file could.
        reason: Why the first damaged one could not.
    """

    rows: dict[tuple[int, str], _Rows] = field(
        default_factory=dict[tuple[int, str], _Rows]
    )
    times_ms: dict[int, float] = field(default_factory=dict[int, float])
    rate: str = ""
    damaged: list[int] = field(default_factory=list[int])
    frames: set[int] = field(default_factory=set[int])
    reason: str = ""

    def take(self, frame: int, data: bytes, decode: Decode) -> None:
        """Add what a frame's file says."""
        try:
            said = decode(data)
        except ValueError as error:
            self.damaged.append(frame)
            self.reason = self.reason or str(error)
            return
        self.frames.add(frame)
        if said.time_ms is not None:
            self.times_ms[frame] = said.time_ms
        self.rate = self.rate or said.rate
        for key, points in said.points.items():
            self.rows.setdefault(key, {})[frame] = points


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """An id that goes on as another.

    Attributes:
        old: The id before.
        new: The id after.
        frame: Its first frame.
        apart_m: How far the roots lay apart.
    """

    old: int
    new: int
    frame: int
    apart_m: float


def handovers(bodies: Mapping[int, _Rows], fps: float) -> list[Handover]:
    """Which ids go on as which others: the nearest free one each time.

    Args:
        bodies: Per id and frame places and confidence.
        fps: Frames per second.
    """
    spans = {who: (min(rows), max(rows)) for who, rows in bodies.items()}
    found: list[Handover] = []
    taken: set[int] = set()
    for new in sorted(bodies, key=lambda who: spans[who]):
        first = spans[new][0]
        near: list[Handover] = []
        for old, (_, last) in spans.items():
            if old in taken or not 0 < first - last <= LONGEST_GAP_S * fps:
                continue
            apart_m = _apart_m(bodies[old][last][0], bodies[new][first][0])
            if apart_m < NEAR_M:
                near.append(Handover(old=old, new=new, frame=first, apart_m=apart_m))
        if near:
            best = min(near, key=lambda handover: handover.apart_m)
            taken.add(best.old)
            found.append(best)
    return found


def people_of(
    gathered: Gathered, found: list[Handover], fps: float
) -> Iterator[PersonPoints]:
    """Everybody's points, one entry per person and point set, all over one range.

    Args:
        gathered: What the files say.
        found: Which ids are the same person.
        fps: Frames per second; a person who was away longer than a minute comes back
            as another run.
    """
    first_id = _first_ids(gathered, found)
    sets: dict[tuple[int, str], _Rows] = {}
    for (who, name), rows in gathered.rows.items():
        sets.setdefault((first_id[who], name), {}).update(rows)
    for person in sorted({who for who, _ in sets}):
        mine = {name: rows for (who, name), rows in sets.items() if who == person}
        frames = sorted({frame for rows in mine.values() for frame in rows})
        for start, stop in _runs(frames, fps):
            for name, rows in mine.items():
                run = _person_run(person, name, rows, start, stop)
                if run is not None:
                    yield run


def _first_ids(gathered: Gathered, found: list[Handover]) -> dict[int, int]:
    """The first id of the person behind each id."""
    first = {who: who for who, _ in gathered.rows}
    for handover in found:  # in order of frames, so the one before is settled
        first[handover.new] = first.get(handover.old, handover.old)
    return first


def _runs(frames: list[int], fps: float) -> list[tuple[int, int]]:
    """Ranges [start, stop) without a hole of more than a minute."""
    breaks = np.flatnonzero(np.diff(frames) > 60 * fps)
    starts = [frames[0], *(frames[i + 1] for i in breaks)]
    stops = [*(frames[i] + 1 for i in breaks), frames[-1] + 1]
    return list(zip(starts, stops, strict=True))


def _person_run(
    person: int, name: str, rows: _Rows, start: int, stop: int
) -> PersonPoints | None:
    frames = [frame for frame in rows if start <= frame < stop]
    if not any(rows[frame][1].any() for frame in frames):
        return None
    points = landmark_set(name)
    places = np.full((stop - start, len(points.names), 3), np.nan)
    confidence = np.zeros(places.shape[:2])
    for frame in frames:
        places[frame - start], confidence[frame - start] = rows[frame]
    return PersonPoints(
        name=f"id {person}",
        point_set=points,
        start=start,
        points_scene_m=places,
        confidence=confidence,
        person_id=str(person),
    )


def _apart_m(before: FloatArray, after: FloatArray) -> float:
    """Distance of the roots, or where one is missing the mean over shared joints."""
    away: FloatArray = np.linalg.norm(after - before, axis=-1)
    if np.isfinite(away[ROOT]):
        return float(away[ROOT])
    shared = away[np.isfinite(away)]
    return float(shared.mean()) if len(shared) else float("inf")
