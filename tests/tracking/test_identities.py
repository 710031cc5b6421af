"""Who is who: crossings, gaps, duplicates, ghosts; exact truth, several seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from hpe_studio.core.jobs import run_job
from hpe_studio.core.observations import FrameDetections, Tracklet
from hpe_studio.tracking.options import TrackingOptions
from hpe_studio.tracking.shots import ShotLinker
from hpe_studio.tracking.track import track_shot
from tests.tracking import plays
from tests.tracking.scenes import (
    SIZE_PX,
    Scene,
    Trouble,
    keys_of,
    make_scene,
    mark,
)


def tracked(scene: Scene, start: int = 0, **options: object) -> list[Tracklet]:
    job = track_shot(
        scene.frames,
        start=start,
        stop=len(scene.times_s),
        size_px=SIZE_PX,
        times_s=scene.times_s,
        options=TrackingOptions(**options),
    )
    return run_job(job)


@pytest.mark.parametrize(
    ("play", "people", "least_idf1", "most_switches"),
    [
        (plays.crossing, 2, 0.99, 0),
        (plays.turning_back, 2, 0.99, 0),
        (plays.pillar, 3, 0.97, 6),
        (plays.crowd, 6, 0.95, 18),
    ],
)
def test_identities_survive(
    play: Callable[[int], Scene], people: int, least_idf1: float, most_switches: int
) -> None:
    marks = []
    for seed in range(6):
        scene = play(seed)
        marks.append(mark(scene, tracked(scene)))
    assert np.mean([m.idf1 for m in marks]) >= least_idf1
    assert min(m.purity for m in marks) >= 0.94
    assert sum(m.switches for m in marks) <= most_switches
    assert abs(np.median([m.tracks for m in marks]) - people) <= 0.5


def test_colours_tell_who_comes_back_where_motion_would_err() -> None:
    scene = plays.turning_back(3)
    grey = Scene(
        frames=[_without_colours(entry) for entry in scene.frames],
        times_s=scene.times_s,
        owners=scene.owners,
    )
    assert mark(scene, tracked(scene)).purity == 1.0
    assert mark(grey, tracked(grey)).purity > 0.45


def _without_colours(entry: FrameDetections) -> FrameDetections:
    nothing = np.zeros(0, np.float32)
    return FrameDetections(
        frame=entry.frame,
        detections=tuple(replace(d, appearance=nothing) for d in entry.detections),
    )


def test_a_slip_of_the_estimator_is_cut_and_linked_right() -> None:
    """The same hint goes on from one person to another while both are near."""
    line = plays.line
    scene = make_scene(
        [
            line((-1.5, 4.0), 1.0, colour=0, hidden=((47, 70),)),
            line((1.5, 4.4), -1.0, colour=1, hidden=((20, 47),)),
        ],
        frames=100,
        seed=5,
        trouble=Trouble(missed=0.0, confuse_hints=False),
    )
    frames = [
        FrameDetections(
            frame=entry.frame,
            detections=tuple(replace(d, hint_id=7) for d in entry.detections),
        )
        for entry in scene.frames
    ]
    one_hint = Scene(frames=frames, times_s=scene.times_s, owners=scene.owners)
    marks = mark(one_hint, tracked(one_hint))
    assert marks.tracks == 2
    assert marks.purity > 0.98
    assert marks.idf1 > 0.97


def test_ghosts_and_duplicates_are_nobody() -> None:
    scene = plays.crossing(2, Trouble(duplicated=0.6, ghosts=0.3))
    tracklets = tracked(scene)
    assert len(tracklets) == 2
    assert all(scene.owners[key] >= 0 for t in tracklets for key in keys_of(t))


def test_a_duplicate_that_goes_on_alone_completes_the_person() -> None:
    scene = plays.crossing(2, Trouble(missed=0.0))
    frames = []
    for entry in scene.frames:
        first, *others = entry.detections
        shifted = replace(
            first, points_px=first.points_px + 8, box_px=first.box_px + 8, score=0.7
        )
        kept = (first,) if not 30 <= entry.frame < 36 else ()
        frames.append(
            FrameDetections(frame=entry.frame, detections=(*kept, shifted, *others))
        )
    whole = Scene(frames=frames, times_s=scene.times_s)
    tracklets = tracked(whole)
    assert len(tracklets) == 2
    assert max((t.scores > 0).sum() for t in tracklets) >= 88


def test_nothing_is_filled_in() -> None:
    scene = plays.pillar(0, Trouble(missed=0.0))
    first = next(t for t in tracked(scene) if t.start == 0 and _owner(scene, t) == 0)
    missing = first.scores == 0
    assert missing[30:75].all()
    assert not missing[:30].any()
    assert np.isnan(first.points_px[missing]).all()
    assert np.isnan(first.points_m[missing]).all()
    assert np.isnan(first.boxes_px[missing]).all()
    assert (first.confidence[missing] == 0).all()
    assert (first.outside[missing] == 0).all()


def _owner(scene: Scene, tracklet: Tracklet) -> int:
    return scene.owners[keys_of(tracklet)[0]]


def test_points_beyond_the_picture_are_marked_outside() -> None:
    scene = make_scene([plays.line((-2.0, 3.0), 0.8, colour=0)], frames=30, seed=1)
    tracklet = tracked(scene)[0]
    beyond = (tracklet.points_px < -0.5).any(axis=2)
    beyond |= (tracklet.points_px > np.array(SIZE_PX) - 0.5).any(axis=2)
    assert 0 < beyond.sum() < beyond.size
    np.testing.assert_array_equal(tracklet.outside == 1, beyond)
    assert (tracklet.confidence[beyond] == 0).all()
    kinds = [getattr(tracklet, n).dtype for n in ("points_px", "points_m", "scores")]
    assert kinds == [np.float32] * 3
    assert tracklet.outside.dtype == np.uint8


def test_only_frames_of_the_shot_count() -> None:
    scene = plays.crossing(1)
    assert min(t.start for t in tracked(scene, start=40)) >= 40


def test_a_shot_of_one_frame_keeps_its_people() -> None:
    scene = plays.crossing(1, Trouble(missed=0.0))
    assert len(tracked(scene, start=len(scene.times_s) - 1)) == 2


def test_people_can_be_limited_and_nobody_is_fine() -> None:
    scene = plays.crowd(1)
    assert len(tracked(scene, max_people=2)) == 2
    assert tracked(Scene(frames=[], times_s=scene.times_s)) == []


def test_boxes_alone_are_enough() -> None:
    scene = plays.crossing(4, Trouble(missed=0.0))
    frames = [
        FrameDetections(
            frame=entry.frame,
            detections=tuple(
                replace(
                    d,
                    points_px=np.full_like(d.points_px, np.nan),
                    points_m=np.full_like(d.points_m, np.nan),
                    confidence=np.zeros_like(d.confidence),
                )
                for d in entry.detections
            ),
        )
        for entry in scene.frames
    ]
    boxes = Scene(frames=frames, times_s=scene.times_s, owners=scene.owners)
    assert mark(boxes, tracked(boxes)).idf1 > 0.97


def test_too_few_times_are_refused() -> None:
    scene = plays.crossing(1)
    job = track_shot(
        scene.frames, start=0, stop=90, size_px=SIZE_PX, times_s=np.arange(10.0)
    )
    with pytest.raises(ValueError, match="too few"):
        run_job(job)


def test_people_are_found_again_in_another_shot_only_when_asked() -> None:
    scene = plays.crossing(3)
    first = [t for t in tracked(scene) if t.stop > 20]
    second = first[::-1]
    linker = ShotLinker()
    assert linker.add(first) == [0, 1]
    assert linker.add(second) == [1, 0]
    stranger = replace(first[0], appearance=np.roll(first[0].appearance, 17))
    assert linker.add([stranger]) == [2]
    assert linker.add(first) == [0, 1], "later shots change nobody"
