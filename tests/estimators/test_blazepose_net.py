"""The worker's side without the networks: crops, tiles, sides, duplicates, colours."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hpe_studio.core.skeleton import landmark_set
from hpe_studio.estimators.blazepose_net import (
    appearance,
    finder,
    geometry,
    landmarks,
    layers,
    likeness,
)
from hpe_studio.estimators.blazepose_net import people as crowd
from hpe_studio.estimators.blazepose_net.networks import Proposal, Reading, _seen_from
from hpe_studio.estimators.blazepose_net.serve import packed, with_square_pixels

STANDING = np.array(
    [[0, -9]] * 11  # face
    + [[2, -7], [-2, -7], [3, -5], [-3, -5], [3, -2], [-3, -2]]  # arms
    + [[3, -1], [-3, -1]] * 3  # hands
    + [[1, 0], [-1, 0], [1, 4], [-1, 4], [1, 8], [-1, 8]]  # legs
    + [[1, 8.5], [-1, 8.5]] * 2  # feet
    + [[0, 0], [0, -10]],  # centre and rim
    float,
)


def reading(
    x: float = 200, y: float = 200, scale: float = 10, **changes: Any
) -> Reading:
    """Somebody who stands facing the camera, 17.5 `scale` high."""
    points = STANDING * scale + (x, y)
    points_m = np.column_stack([STANDING[:33] * 0.1, np.linspace(-0.2, 0.2, 33)])
    values = {
        "points": points,
        "confidence": np.linspace(0.8, 1.0, 33),
        "points_m": points_m,
        "presence": 1.0,
        "colours": np.full(appearance.BINS, 1 / appearance.BINS, np.float32),
        "next_region": geometry.region_of_landmarks(points),
        "region": geometry.region_of_landmarks(points),
        "mask": np.zeros((64, 64), np.uint8),
    }
    return Reading(**(values | changes))


def proposal_of(seen: Reading, score: float = 0.5) -> Proposal:
    keypoints = np.column_stack([seen.points[landmarks.FROM_COCO], np.full(17, 0.9)])
    return Proposal(keypoints, likeness.seen_box(seen), score)


def person(hint: int, step: float = 0.0, **where: float) -> crowd.Person:
    return crowd.Person(hint, reading(**where), step)


def test_mirror_and_coco_agree_with_the_landmark_sets() -> None:
    ours = landmark_set("mediapipe33")
    assert tuple(landmarks.MIRROR) == ours.mirror_permutation()
    coco = landmark_set("coco17").names
    assert tuple(ours.names[i] for i in landmarks.FROM_COCO) == coco


@pytest.mark.parametrize("degrees", [0, 30, 90, 180, -120])
def test_region_turns_the_person_upright_and_back(degrees: float) -> None:
    angle = math.radians(degrees)
    up = np.array([math.sin(angle), -math.cos(angle)]) * 80
    centre = np.array([300.0, 200.0])
    where = geometry.region(centre, centre + up)
    matrix = geometry.image_from_crop(where)
    in_crop = np.array([[128, 128], [128, 128 - 256 / 2.5], [0, 0]])
    image = in_crop @ matrix[:, :2].T + matrix[:, 2]
    np.testing.assert_allclose(image[0], centre, atol=1e-9)
    np.testing.assert_allclose(image[1], centre + up, atol=1e-9)
    assert np.linalg.norm(image[2] - centre) == pytest.approx(80 * 1.25 * math.sqrt(2))
    # what points up in the crop points along `up` in the camera's axes as well
    camera = geometry.upright_to_camera(np.array([[0.0, -1.0, 0.3]]), where[3])
    np.testing.assert_allclose(camera[0], [*(up / 80), 0.3], atol=1e-9)


def test_pixel_centres_shift_by_half_a_pixel_on_both_sides() -> None:
    matrix = geometry.image_from_crop(np.array([128.0, 128.0, 512.0, 0.0]))
    shifted = geometry.pixel_centres(matrix)
    # centre of the first crop pixel: (0.5, 0.5) continuous -> -127 -> pixel -127.5
    np.testing.assert_allclose(shifted @ (0, 0, 1), matrix @ (0.5, 0.5, 1) - 0.5)


def test_refinement_moves_a_point_onto_its_heatmap_and_leaves_flat_ones() -> None:
    rows, columns = np.mgrid[:64, :64]
    peak = 6.0 - ((columns - 21) ** 2 + (rows - 40) ** 2)
    heatmaps = np.stack([peak, np.full((64, 64), -9.0), peak], axis=-1)
    start = np.array([[90.0, 165.0], [33.0, 44.0], [-30.0, 300.0]])
    got = geometry.refined(start, heatmaps)
    np.testing.assert_allclose(got[0], [84.0, 160.0], atol=0.3)
    np.testing.assert_array_equal(got[1:], start[1:])  # no peak; outside the crop


def test_half_a_person_gets_an_upright_region_below_the_head() -> None:
    keypoints = np.zeros((17, 3))
    keypoints[[0, 5, 6]] = [[100, 60, 0.9], [140, 110, 0.8], [60, 110, 0.8]]
    where = geometry.region_of_keypoints(keypoints, np.array([50, 20, 150, 140]))
    assert where[3] == pytest.approx(0.0)
    assert where[0] == pytest.approx(100)
    assert where[1] > 180  # the hips, far below
    assert where[2] > 400


@pytest.mark.parametrize(("size", "count"), [((1920, 804), 3), ((640, 480), 4)])
def test_tiles_cover_the_picture_and_overlap(size: tuple[int, int], count: int) -> None:
    seen = np.zeros(size[::-1], int)
    windows = finder.tiles(*size)
    for x0, y0, x1, y1 in windows:
        seen[y0:y1, x0:x1] += 1
    assert len(windows) == count
    assert seen.min() == 1
    assert (seen > 1).mean() > 0.15
    assert len(finder.tiles(*size[::-1])) == count


def test_people_and_proposals_are_matched_one_to_one() -> None:
    front = person(0, x=200)
    behind = proposal_of(reading(x=215))
    own = proposal_of(reading(x=201))
    repeated = proposal_of(reading(x=203))
    pairs, others = crowd.matched([front], [behind, own, repeated])
    assert [(p.hint, q) for p, q in pairs] == [(0, own)]
    assert others == [behind]


def test_of_two_readings_of_one_body_the_steady_one_stays() -> None:
    jumped, steady, far = person(1, 0.3), person(2, 0.01), person(3, 0.2, x=400)
    kept, caught = crowd.without_duplicates([jumped, steady, far])
    assert [p.hint for p in kept] == [2, 3]
    assert [(p.hint, front.hint) for p, front in caught] == [(1, 2)]


def test_sides_follow_clear_evidence_only() -> None:
    true = reading()
    wrong = likeness.mirror(true)
    evidence = proposal_of(true)
    np.testing.assert_allclose(
        crowd.sides_by_evidence(wrong, evidence).points, true.points
    )
    assert crowd.sides_by_evidence(true, evidence) is true
    evidence.keypoints[:, 2] = 0.1  # no trust, no change
    assert crowd.sides_by_evidence(wrong, evidence) is wrong
    sideways = true.points.copy()
    sideways[:, 0] = 200 + 0.05 * (sideways[:, 0] - 200)  # seen from the side
    profile = reading(points=sideways)
    assert (
        crowd.sides_by_evidence(profile, proposal_of(likeness.mirror(profile)))
        is profile
    )


class Looks:
    """A finder whose look at somebody gives one prepared answer."""

    def __init__(self, *proposals: Proposal) -> None:
        self.proposals = list(proposals)

    def look_at(self, picture: Any, box: Any) -> list[Proposal]:
        return self.proposals

    def restart(self) -> None:
        pass


def followed(before: Reading, now: Reading, *proposals: Proposal) -> Reading:
    crew = crowd.People(
        Looks(*proposals), None, interval=5, max_people=2, least_score=0.5
    )
    return crew._with_right_sides(np.zeros((400, 400, 3), np.uint8), now, before)


def test_sudden_change_of_sides_is_undone_unless_the_other_network_confirms_it() -> (
    None
):
    true = reading()
    flipped = likeness.mirror(reading(x=203))
    np.testing.assert_allclose(followed(true, flipped).points, reading(x=203).points)
    evidence = proposal_of(reading(x=203))
    np.testing.assert_allclose(
        followed(true, flipped, evidence).points, reading(x=203).points
    )
    # the frame before was the wrong one: what is read now stays
    wrong_before = likeness.mirror(true)
    now = reading(x=203)
    assert followed(wrong_before, now, evidence) is now
    # ordinary motion is left alone
    assert followed(true, reading(x=230)).points[11, 0] == pytest.approx(250)


def test_mirror_exchanges_sides_and_depth_and_is_its_own_inverse() -> None:
    true = reading()
    once = likeness.mirror(true)
    np.testing.assert_allclose(once.points[11], true.points[12])
    np.testing.assert_allclose(once.points_m[23], true.points_m[24] * (1, 1, -1))
    np.testing.assert_allclose(once.points[33:], true.points[33:])
    twice = likeness.mirror(once)
    np.testing.assert_allclose(twice.points_m, true.points_m)
    np.testing.assert_allclose(twice.confidence, true.confidence)


def test_points_outside_the_picture_have_no_confidence() -> None:
    scores, points_px, confidence, _, _ = packed([person(0, x=200, y=20)], 400, 100)
    y = points_px[0, :, 1]
    inside = (y >= -0.5) & (y < 99.5)
    assert 5 < inside.sum() < 28
    assert (confidence[0, ~inside] == 0).all()
    assert (confidence[0, inside] >= 0.8).all()
    assert scores[0] == pytest.approx(1.0)
    np.testing.assert_allclose(points_px[0, 0], reading(y=20).points[0] - 0.5)


def test_networks_see_square_pixels_and_points_come_back_in_stored_ones() -> None:
    stored = np.zeros((90, 100, 3), np.uint8)
    stored[:, 60:64] = 255
    shown, stretch = with_square_pixels(stored, 1.5)
    assert shown.shape == (90, 150, 3)
    assert np.flatnonzero(shown[45, :, 0] > 128).mean() == pytest.approx(92.5, abs=0.6)
    points_px = packed([person(0, x=92, y=40)], 150, 90, stretch)[1]
    expected = reading(x=92, y=40).points[0] / (1.5, 1) - 0.5
    np.testing.assert_allclose(points_px[0, 0], expected, rtol=1e-6)
    same, none = with_square_pixels(stored, 1.0)
    assert same is stored
    assert none == 1.0


def test_trust_needs_both_networks() -> None:
    sure = crowd.Person(0, reading(presence=0.9), best=0.6)
    doubted = crowd.Person(0, reading(presence=0.9), best=0.14)
    assert sure.score == pytest.approx(0.9)
    assert doubted.score == pytest.approx(0.36)


def test_clothes_tell_people_apart_above_and_below_the_hips() -> None:
    points = STANDING[:33] * 10 + 128
    mask = np.full((256, 256), -5.0)
    mask[40:, 100:160] = 5.0

    def dressed(shirt: tuple[int, ...], trousers: tuple[int, ...]) -> Any:
        crop = np.full((256, 256, 3), 90, np.uint8)
        crop[:128, 100:160] = shirt
        crop[128:, 100:160] = trousers
        return appearance.histogram(crop, mask, points)

    red, blue, white = (200, 20, 20), (20, 20, 200), (250, 250, 250)
    a = dressed(red, blue)
    assert a.shape == (96,)
    assert a.sum() == pytest.approx(1.0)
    assert np.minimum(a, dressed(red, blue)).sum() == pytest.approx(1.0)
    assert np.minimum(a, dressed(blue, red)).sum() < 0.05
    assert 0.3 < np.minimum(a, dressed(red, white)).sum() < 0.7
    nobody = appearance.histogram(np.zeros((256, 256, 3), np.uint8), mask - 9, points)
    assert nobody.sum() == pytest.approx(1.0)


def test_mask_of_somebody_in_front_lands_where_they_stand() -> None:
    mask = np.zeros((64, 64), np.uint8)
    mask[16:48, 16:48] = 255  # the middle half of the crop
    front = reading(region=np.array([300.0, 200.0, 256.0, 0.0]), mask=mask)
    hidden = _seen_from(np.array([364.0, 200.0, 256.0, 0.0]), front)
    rows, columns = np.nonzero(hidden)
    assert (rows.min(), rows.max()) == pytest.approx((64, 191), abs=4)
    assert (columns.min(), columns.max()) == pytest.approx((0, 127), abs=4)


def in_order(evidence: float, times: int = 1) -> layers.Layers:
    known = layers.Layers()
    for _ in range(times):
        known.add(1, 2, evidence)
    return known


def shifted(seen: Reading, by_px: float) -> Reading:
    return replace(seen, points=seen.points + np.array([by_px, 0.0]))


def test_whoever_is_disturbed_by_painting_the_other_over_stands_behind() -> None:
    steady, disturbed = reading(x=200), reading(x=230)
    tried = (disturbed, shifted(disturbed, 30)), (steady, shifted(steady, 1))
    known = in_order(layers.evidence(*tried))
    assert known.is_behind(1, 2)
    assert not known.is_behind(2, 1)
    assert known.front_first([1, 2]) == [2, 1]
    alike = (steady, shifted(steady, 1)), (disturbed, shifted(disturbed, 1))
    assert not in_order(layers.evidence(*alike)).is_sure(1, 2)


def test_an_order_stays_until_much_speaks_against_it_or_they_part() -> None:
    known = in_order(2.0, times=20)
    known.add(1, 2, -0.5)
    assert known.is_behind(1, 2)
    for _ in range(3):
        known.add(1, 2, -1.0)
    assert known.is_behind(2, 1)
    known.keep([(3, 1)])
    assert not known.is_sure(1, 2)


def test_people_are_compared_once_they_touch() -> None:
    whole = np.full((64, 64), 255, np.uint8)
    front, beside = reading(x=200, mask=whole), reading(x=2000)
    assert layers.touch(reading(x=215), front)
    assert not layers.touch(beside, front)
    known = layers.Layers()
    assert known.is_due(1, 5, (1, 2), (reading(x=215), front))
    assert not known.is_due(0, 5, (1, 2), (beside, front))
    known.add(1, 2, 1.0)
    assert not known.is_due(1, 5, (1, 2), (reading(x=215), front))
    assert known.is_due(5, 5, (1, 2), (beside, front)), "until they have parted"
