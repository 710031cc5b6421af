"""People over time out of what several cameras saw at each time.

At each time those whose rays meet are one person; over time whoever is nearest is the
same person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.interchange import PersonPoints
from hpe_studio.core.observations import FrameDetections
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.formats.linking import link_frames
from hpe_studio.motion.crossviews import Seen, joined_people
from hpe_studio.motion.triangulation import Triangulated

_LEAST_LANDMARKS = 8
_SURE = 0.5
_BODY_M = 1.7
_HIPS = ("left_hip", "right_hip")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PersonJoined:
    """One person as several cameras saw them.

    Attributes:
        points: Landmarks in the scene over a run of frames.
        views: How many views agree on average.
        errors_px: How far all that was surely seen is from where the points would be
            seen, shape (n,), pixels; views that were left out count too.
    """

    points: PersonPoints
    views: float
    errors_px: FloatArray

    @property
    def reprojection_px(self) -> float:
        """Median of the errors, pixels."""
        return float(np.median(self.errors_px)) if len(self.errors_px) else np.nan


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _AtOneTime:
    """A person on one frame."""

    found: Triangulated
    place_m: FloatArray


def joined_over_time(
    cameras: Sequence[Camera],
    found: Sequence[Mapping[int, FrameDetections]],
    frames: range,
    set_name: str,
    *,
    gate_px: float,
) -> tuple[PersonJoined, ...]:
    """Everybody over time, the longest present first.

    Args:
        cameras: By view.
        found: By view, who was seen on which frame.
        frames: Those that count.
        set_name: The landmarks.
        gate_px: A view that is farther off than this disagrees.
    """
    points = landmark_set(set_name)
    hips = [points.index(name) for name in _HIPS]
    times = [_at(frame, found, cameras, gate_px=gate_px, hips=hips) for frame in frames]
    rows = link_frames([[(p.place_m, _BODY_M) for p in people] for people in times])
    joined: list[PersonJoined] = []
    for number, row in enumerate(rows):
        there = np.flatnonzero(row >= 0)
        start, stop = int(there[0]), int(there[-1]) + 1
        run = [
            times[i][int(row[i])] if row[i] >= 0 else None for i in range(start, stop)
        ]
        joined.append(_person(run, frames.start + start, number, points.name))
    enough = [p for p in joined if _is_enough(p, len(frames))]
    return tuple(sorted(enough, key=lambda p: -_presence(p)))


def _at(
    frame: int,
    found: Sequence[Mapping[int, FrameDetections]],
    cameras: Sequence[Camera],
    *,
    gate_px: float,
    hips: Sequence[int],
) -> list[_AtOneTime]:
    """Everybody on one frame who is seen by two views or more."""
    seen = [
        Seen(view=view, points_px=one.points_px, confidence=one.confidence)
        for view, by_frame in enumerate(found)
        if frame in by_frame
        for one in by_frame[frame].detections
    ]
    people: list[_AtOneTime] = []
    for found_there in joined_people(seen, cameras, gate_px=gate_px):
        places = found_there.points_scene_m
        if np.isfinite(places).all(axis=1).sum() >= _LEAST_LANDMARKS:
            middle = places[hips]
            middle = middle if np.isfinite(middle).all() else places
            people.append(
                _AtOneTime(found=found_there, place_m=np.nanmean(middle, axis=0))
            )
    return people


def _person(
    run: Sequence[_AtOneTime | None], start: int, number: int, set_name: str
) -> PersonJoined:
    points = landmark_set(set_name)
    places = np.full((len(run), len(points.names), 3), np.nan)
    trust = np.zeros(places.shape[:2])
    views: list[float] = []
    off_px: list[FloatArray] = []
    for row, one in enumerate(run):
        if one is None:
            continue
        places[row] = one.found.points_scene_m
        trust[row] = one.found.confidence
        known = one.found.views > 0
        views.append(float(one.found.views[known].mean()))
        sure = np.isfinite(one.found.reprojection_px) & (one.found.confidence >= _SURE)
        off_px.append(one.found.reprojection_px[sure])
    return PersonJoined(
        points=PersonPoints(
            name=f"Person {number + 1}",
            point_set=points,
            start=start,
            points_scene_m=places,
            confidence=trust,
            person_id=str(number),
        ),
        views=float(np.mean(views)),
        errors_px=np.concatenate(off_px),
    )


def _presence(person: PersonJoined) -> int:
    places = person.points.points_scene_m
    assert places is not None
    return int(np.isfinite(places).any(axis=(1, 2)).sum())


def _is_enough(person: PersonJoined, frames: int) -> bool:
    """Ghosts of a few frames are nobody; of very few frames everybody counts."""
    return _presence(person) >= min(5, max(1, frames // 10))
