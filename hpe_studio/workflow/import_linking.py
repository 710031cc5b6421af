"""Who is who among points in pictures of a file that names nobody: by our tracker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.interchange import PersonPoints
from hpe_studio.core.jobs import Job
from hpe_studio.core.observations import Detection, FrameDetections, Tracklet
from hpe_studio.tracking.options import TrackingOptions
from hpe_studio.tracking.track import track_shot

_SEEN = 0.05
_MOST_SHARED, _NEAR = 2, 0.15
_NOBODY_IS_DROPPED = TrackingOptions(
    min_score=0.0,
    min_duration_s=0.0,
    min_frames=1,
    min_mean_score=0.0,
    brief_score_share=0.0,
    repair_flips=False,
)


def linked(
    points: Sequence[PersonPoints], *, size_px: tuple[int, int], times_s: FloatArray
) -> Job[tuple[PersonPoints, ...]]:
    """The same points, one entry per person where the file does not say who is who.

    People with identities, and points without pixels, stay as they are.

    Args:
        points: Of one file.
        size_px: Size of the picture.
        times_s: Time of each frame of the file, shape (frames,).
    """
    unknown = [p for p in points if not p.person_id and p.points_px is not None]
    sets = {p.point_set.name for p in unknown}
    if len(unknown) < 2 or len(sets) != 1:
        return tuple(points)
    found = _detections(unknown)
    tracklets = yield from track_shot(
        found,
        start=min(entry.frame for entry in found) if found else 0,
        stop=len(times_s),
        size_px=size_px,
        times_s=times_s,
        landmarks=unknown[0].point_set.name,
        options=_NOBODY_IS_DROPPED,
    )
    places = _places(unknown)
    people = [
        _as_points(tracklet, number, unknown[0], places)
        for number, tracklet in enumerate(tracklets, start=1)
    ]
    kept = [p for p in points if not any(p is other for other in unknown)]
    return (*kept, *_joined(people))


def _joined(people: Sequence[PersonPoints]) -> list[PersonPoints]:
    """People with those made one who take over from each other within two frames.

    A detector that sees somebody twice for a moment (as two halves, say) splits the
    track of that person.
    """
    done: list[PersonPoints] = []
    for person in sorted(people, key=lambda p: p.start):
        before = next((p for p in done if _goes_on(p, person)), None)
        if before is None:
            done.append(person)
        else:
            done[next(i for i, p in enumerate(done) if p is before)] = _appended(
                before, person
            )
    return done


def _goes_on(one: PersonPoints, other: PersonPoints) -> bool:
    assert one.points_px is not None
    assert other.points_px is not None
    shared = one.start + len(one.points_px) - other.start
    shortest = min(len(one.points_px), len(other.points_px))
    if not 1 <= shared <= min(_MOST_SHARED, shortest - 1):
        return False
    here, there = one.points_px[-1 - shared], other.points_px[shared]
    apart = np.linalg.norm(here - there, axis=-1)
    corners = box_px(there)
    size = float(np.linalg.norm(corners[2:] - corners[:2]))
    known = apart[np.isfinite(apart)]
    return bool(len(known)) and float(np.median(known)) < _NEAR * size


def _appended(one: PersonPoints, other: PersonPoints) -> PersonPoints:
    assert one.points_px is not None
    cut = one.start + len(one.points_px) - other.start

    def both(name: str) -> FloatArray | None:
        first, second = getattr(one, name), getattr(other, name)
        if first is None or second is None:
            return None
        return np.concatenate([first, second[cut:]])

    return replace(
        one,
        points_px=both("points_px"),
        points_scene_m=both("points_scene_m"),
        confidence=both("confidence"),
    )


def confidence_of(run: PersonPoints) -> FloatArray:
    """Trust per point, shape (frames, points); 1 where a file says none."""
    points = run.points_scene_m if run.points_px is None else run.points_px
    assert points is not None
    present = known_rows(points)
    if run.confidence is None:
        return np.where(present, 1.0, 0.0)
    return np.where(present, np.nan_to_num(run.confidence), 0.0)


def known_rows(points: FloatArray) -> BoolArray:
    """Which points, shape (..., 2 or 3), are known in every coordinate."""
    return np.asarray(np.isfinite(points).all(axis=-1), dtype=np.bool_)


def box_px(points_px: FloatArray) -> FloatArray:
    """x0, y0, x1, y1 of the points that are known, shape (4,); NaN without any."""
    known = points_px[known_rows(points_px)]
    if not len(known):
        return np.full(4, np.nan)
    return np.concatenate([known.min(axis=0), known.max(axis=0)])


def _detections(runs: Sequence[PersonPoints]) -> list[FrameDetections]:
    by_frame: dict[int, list[Detection]] = {}
    for run in runs:
        assert run.points_px is not None
        confidence = confidence_of(run)
        for row, points in enumerate(run.points_px):
            seen = confidence[row] > _SEEN
            if seen.sum() < 2:
                continue
            detection = Detection(
                score=float(confidence[row][seen].mean()),
                points_px=points.astype(np.float32),
                confidence=confidence[row].astype(np.float32),
                points_m=np.full((len(points), 3), np.nan, np.float32),
                box_px=box_px(points[seen]).astype(np.float32),
                appearance=np.zeros(0, np.float32),
            )
            by_frame.setdefault(run.start + row, []).append(detection)
    return [
        FrameDetections(frame=frame, detections=tuple(people))
        for frame, people in sorted(by_frame.items())
    ]


def _places(
    runs: Sequence[PersonPoints],
) -> Mapping[tuple[int, bytes], tuple[PersonPoints, int]]:
    """Which run and row a frame's points come from."""
    places: dict[tuple[int, bytes], tuple[PersonPoints, int]] = {}
    for run in runs:
        assert run.points_px is not None
        for row, points in enumerate(run.points_px):
            places[_mark(run.start + row, points)] = (run, row)
    return places


def _mark(frame: int, points_px: FloatArray) -> tuple[int, bytes]:
    known = known_rows(points_px)
    return frame, np.where(known[:, None], points_px, -1).astype(np.float32).tobytes()


def _as_points(
    tracklet: Tracklet,
    number: int,
    like: PersonPoints,
    places: Mapping[tuple[int, bytes], tuple[PersonPoints, int]],
) -> PersonPoints:
    """A tracklet as the file said it, with the places that go with its pixels."""
    count, landmarks = tracklet.confidence.shape
    points_px = np.full((count, landmarks, 2), np.nan)
    scene = np.full((count, landmarks, 3), np.nan)
    confidence = np.zeros((count, landmarks))
    for row in range(count):
        found = places.get(_mark(tracklet.start + row, tracklet.points_px[row]))
        if found is None:
            continue
        run, at = found
        assert run.points_px is not None
        points_px[row] = run.points_px[at]
        confidence[row] = confidence_of(run)[at]
        if run.points_scene_m is not None:
            scene[row] = run.points_scene_m[at]
    return replace(
        like,
        name=f"Person {number}",
        start=tracklet.start,
        points_px=points_px,
        points_scene_m=scene if np.isfinite(scene).any() else None,
        confidence=confidence,
        person_id=f"tracked {number}",
    )
