"""Points in space out of several cameras: exact, robust, and whose they are."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from hpe_studio.core.camera import Camera
from hpe_studio.motion.crossviews import Seen, joined_people, same_people
from hpe_studio.motion.triangulation import ray_gaps_m, rays_of, triangulate
from hpe_studio.workflow.synth_scene import cameras_of

SIZE = (1920, 1080)
LENS = np.array([-0.2, 0.1, 0.001, -0.002, 0.05])
LANDMARKS = 20


def cameras(count: int = 4) -> list[Camera]:
    placed = cameras_of(count, SIZE, truncated=False)
    return [replace(one.camera, distortion=LENS) for one in placed]


def person_m(x: float, z: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    spread = rng.normal(0, [0.2, 0.4, 0.2], (LANDMARKS, 3))
    return spread + np.array([x, 1.0, z])


def pixels(places: np.ndarray, rig: list[Camera]) -> np.ndarray:
    return np.stack([camera.project(places) for camera in rig])


def test_the_lens_is_undone_as_opencv_does() -> None:
    camera = cameras()[0]
    points = np.random.default_rng(0).uniform([400, 200], [1500, 900], (50, 2))
    theirs = cv2.undistortPoints(points[:, None], camera.intrinsics, LENS)[:, 0]
    assert rays_of(points, camera) == pytest.approx(theirs, abs=1e-5)


def test_points_come_back_where_they_were() -> None:
    rig, places = cameras(), person_m(0.2, -0.3, 1)
    found = triangulate(pixels(places, rig), np.ones((4, LANDMARKS)), rig, gate_px=10)
    assert found.points_scene_m == pytest.approx(places, abs=1e-4)
    assert (found.views == 4).all()
    assert found.reprojection_px.max() < 0.1


@pytest.mark.parametrize("off_px", [80.0, 600.0])
def test_a_view_that_disagrees_is_left_out(off_px: float) -> None:
    rig, places = cameras(), person_m(0, 0, 2)
    seen = pixels(places, rig)
    seen[1, :10] += off_px
    found = triangulate(seen, np.ones((4, LANDMARKS)), rig, gate_px=10)
    assert found.points_scene_m == pytest.approx(places, abs=1e-4)
    assert not found.used[1, :10].any()
    assert found.used[1, 10:].all()
    assert found.reprojection_px[1, :10].min() > 50


def test_what_one_view_sees_alone_has_no_place() -> None:
    rig, places = cameras(), person_m(0, 0, 3)
    trust = np.ones((4, LANDMARKS))
    trust[1:, :5] = 0
    found = triangulate(pixels(places, rig), trust, rig, gate_px=10)
    assert np.isnan(found.points_scene_m[:5]).all()
    assert np.isfinite(found.points_scene_m[5:]).all()
    assert (found.confidence[:5] == 0).all()


def test_rays_of_one_point_meet_and_of_others_do_not() -> None:
    rig = cameras()
    one, other = person_m(0, 0, 4), person_m(0.9, 0.4, 5)
    first, second = pixels(one, rig), pixels(other, rig)
    assert ray_gaps_m(first[0], rig[0], first[1], rig[1]).max() < 1e-4
    assert np.median(ray_gaps_m(first[0], rig[0], second[1], rig[1])) > 0.15


def detections(
    people: list[np.ndarray], rig: list[Camera], noise_px: float
) -> list[Seen]:
    rng = np.random.default_rng(9)
    return [
        Seen(
            view=view,
            points_px=camera.project(places) + rng.normal(0, noise_px, (LANDMARKS, 2)),
            confidence=np.ones(LANDMARKS),
        )
        for view, camera in enumerate(rig)
        for places in people
    ]


def test_who_is_who_across_views() -> None:
    rig = cameras()
    people = [person_m(-0.8, 0, 6), person_m(0.7, 0.3, 7), person_m(0, -0.9, 8)]
    seen = detections(people, rig, noise_px=4)
    groups = same_people(seen, rig)
    assert sorted(sorted(i % 3 for i in group) for group in groups) == [
        [0] * 4, [1] * 4, [2] * 4,
    ]  # fmt: skip
    found = joined_people(seen, rig, gate_px=30)
    for places in people:
        nearest = min(
            np.nanmedian(np.linalg.norm(one.points_scene_m - places, axis=1))
            for one in found
        )
        assert nearest < 0.02


def test_somebody_found_twice_in_a_view_is_still_one() -> None:
    rig = cameras()
    seen = detections([person_m(0, 0, 10)], rig, noise_px=3)
    seen.append(replace(seen[2], points_px=seen[2].points_px + 5))
    assert len(joined_people(seen, rig, gate_px=30)) == 1
