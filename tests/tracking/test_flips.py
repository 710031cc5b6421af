"""Left/right flips put right, turning people left alone."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.core.jobs import run_job
from hpe_studio.core.observations import Tracklet
from hpe_studio.tracking.facing import natural_facing
from hpe_studio.tracking.flips import FlipState, exchange_sides, repair_flips
from hpe_studio.tracking.options import TrackingOptions
from hpe_studio.tracking.track import track_shot
from tests.tracking.plays import pirouette
from tests.tracking.scenes import (
    LANDMARKS,
    SIZE_PX,
    Scene,
    Trouble,
    Walker,
    body_m,
    keys_of,
    make_scene,
    to_camera,
)


def tracked(scene: Scene, **options: object) -> list[Tracklet]:
    job = track_shot(
        scene.frames,
        start=0,
        stop=len(scene.times_s),
        size_px=SIZE_PX,
        times_s=scene.times_s,
        options=TrackingOptions(**options),
    )
    return run_job(job)


def flip_counts(scene: Scene, tracklets: list[Tracklet]) -> np.ndarray:
    """Rightly exchanged, wrongly exchanged, missed."""
    counts = np.zeros(3, dtype=int)
    for tracklet in tracklets:
        for key in keys_of(tracklet):
            shown_px = tracklet.points_px[key[0] - tracklet.start]
            right = np.array_equal(shown_px, scene.unflipped_px[key])
            was_flipped = key in scene.flipped
            counts += [right and was_flipped, not right and not was_flipped, 0]
            counts[2] += not right and was_flipped
    return counts


def flip_runs(seed: int, frames: int) -> tuple[tuple[int, int, int], ...]:
    rng = np.random.default_rng(seed)
    runs, at = [], 8
    while at < frames - 25:
        length = int(rng.choice([1, 2, 3, 5, 8, 12]))
        runs.append((0, at, at + length))
        at += length + int(rng.integers(10, 30))
    return tuple(runs)


@pytest.mark.parametrize("fps", [30, 60])
@pytest.mark.parametrize("reverse_depth", [False, True])
def test_flips_are_found_and_nothing_else(fps: int, reverse_depth: bool) -> None:
    total = np.zeros(3, dtype=int)
    for seed in range(8):
        trouble = Trouble(
            flip_runs=flip_runs(seed, 4 * fps), reverse_depth=reverse_depth
        )
        scene = pirouette(seed, trouble, fps=fps)
        total += flip_counts(scene, tracked(scene))
    right, wrong, missed = total
    assert right > 100
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= 0.95


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_turning_round_is_no_flip(fps: int) -> None:
    for seed in range(8):
        scene = pirouette(seed, fps=fps)
        assert flip_counts(scene, tracked(scene)).tolist() == [0, 0, 0]


def test_a_long_wrong_start_gives_way_to_the_majority() -> None:
    scene = pirouette(1, Trouble(flip_runs=((0, 0, 45),)))
    right, wrong, missed = flip_counts(scene, tracked(scene))
    assert right > 35
    assert wrong == missed == 0


def test_depth_of_a_reversed_flip_is_turned_back() -> None:
    trouble = Trouble(flip_runs=((0, 40, 46),), reverse_depth=True, noise=0.002)
    clean = tracked(pirouette(4, Trouble(noise=0.002)))[0]
    mended = tracked(pirouette(4, trouble))[0]
    apart_m = np.linalg.norm(clean.points_m - mended.points_m, axis=2)
    assert np.nanmax(apart_m) < 0.05


@pytest.mark.parametrize("state", [FlipState.UPPER_SWAPPED, FlipState.LOWER_SWAPPED])
@pytest.mark.parametrize("heading_rad", [0.0, np.pi, 2.4])
def test_arms_or_legs_alone_are_exchanged_back(
    state: FlipState, heading_rad: float
) -> None:
    walker = Walker(place_m=lambda t: (0.3 * t, 4.0), heading_rad=lambda _: heading_rad)
    scene = make_scene([walker], frames=90, seed=3, trouble=Trouble(missed=0.0))
    true = tracked(scene, repair_flips=False)[0]
    states = np.zeros(90, dtype=int)
    states[30:36] = states[50] = state
    wrong = exchange_sides(true, states, LANDMARKS)
    mended, found = repair_flips(wrong, times_s=scene.times_s, landmarks=LANDMARKS)
    np.testing.assert_array_equal(found, states)
    np.testing.assert_array_equal(mended.points_px, true.points_px)


@pytest.mark.parametrize("heading_rad", [0.0, np.pi / 2, 2.4])
def test_crossing_legs_and_arms_of_a_walker_are_no_flip(heading_rad: float) -> None:
    walker = Walker(
        place_m=lambda t: (0.5 * t - 1, 4.0), heading_rad=lambda _: heading_rad
    )
    scene = make_scene([walker], frames=90, seed=4, trouble=Trouble(missed=0.0))
    tracklet = tracked(scene, repair_flips=False)[0]
    _, found = repair_flips(tracklet, times_s=scene.times_s, landmarks=LANDMARKS)
    assert not found.any()


def test_one_frame_of_reversed_depth_exchanges_nothing() -> None:
    scene = pirouette(2, Trouble(noise=0.002))
    tracklet = tracked(scene)[0]
    tracklet.points_m[40, :, 2] *= -1
    _, found = repair_flips(tracklet, times_s=scene.times_s, landmarks=LANDMARKS)
    assert not found.any()


def test_flips_stay_when_repair_is_off() -> None:
    scene = pirouette(1, Trouble(flip_runs=((0, 40, 46),)))
    _, wrong, missed = flip_counts(scene, tracked(scene, repair_flips=False))
    assert (wrong, missed > 3) == (0, True)


@pytest.mark.parametrize("heading_rad", np.linspace(0, 2 * np.pi, 9))
def test_a_natural_body_is_natural_from_every_side(heading_rad: float) -> None:
    seen_m = to_camera(body_m(0.7, True), heading_rad)
    mirror = np.array(LANDMARKS.mirror_permutation())
    both = natural_facing(np.stack([seen_m, seen_m[mirror]]), LANDMARKS)
    np.testing.assert_allclose(both, [1.0, -1.0])
