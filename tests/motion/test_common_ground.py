"""One floor and everybody's size at once, on scenes whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.common_ground import Feet, GroundAndScale, ground_and_scale

UP = np.array([0.0, 1.0, 0.0])
CENTRE = np.array([0.3, 0.1, 0.2])
HEIGHTS_M = (1.80, 1.62, 1.74)
WRONG = (0.6, 1.0, 1.5)
DROP_M = 0.08


def leaning(degrees: float) -> FloatArray:
    """A floor's upright direction that leans forward and a little to the side."""
    angle = np.radians(degrees)
    normal = np.array([0.3 * np.sin(angle), np.cos(angle), np.sin(angle)])
    return normal / np.linalg.norm(normal)


def walks(
    normal: FloatArray,
    *,
    heights_m: tuple[float, ...] = HEIGHTS_M,
    contacts: int = 14,
    room_m: float = 2.5,
    noise_m: float = 0.0,
    below_m: float = 1.6,
    seed: int = 0,
) -> list[Feet]:
    """People with the right sizes whose feet stand on a floor below the camera.

    Args:
        normal: The floor's, pointing up.
        heights_m: Of the people.
        contacts: Of each.
        room_m: How far each walks about.
        noise_m: How far contacts lie beside the floor.
        below_m: The floor below the camera.
        seed: Of where they walk.
    """
    rng = np.random.default_rng(seed)
    people: list[Feet] = []
    for number, height_m in enumerate(heights_m):
        middle = np.array([1.5 * (number - 1), 0.0, -5.0 - number])
        spots = middle + room_m * rng.uniform(-1, 1, (contacts, 3))
        soles = spots - ((spots @ normal) + below_m)[:, None] * normal
        soles += noise_m * rng.normal(size=soles.shape)
        drop = DROP_M * height_m / 1.7
        depth = np.zeros_like(soles)
        depth[:, 2] = soles[:, 2]
        people.append(
            Feet(
                joints_m=soles + drop * normal,
                drops_m=np.full(contacts, drop),
                depths_m=depth,
                centres_m=np.tile(CENTRE, (contacts, 1)),
                height_m=height_m,
            )
        )
    return people


def wrongly_sized(
    people: list[Feet], factors: tuple[float, ...] = WRONG, known: tuple[int, ...] = ()
) -> list[Feet]:
    """The same pictures with people of other sizes; some are known to be as tall."""
    return [
        replace(
            one,
            joints_m=factor * one.joints_m,
            drops_m=factor * one.drops_m,
            depths_m=factor * one.depths_m,
            height_m=factor * one.height_m,
            known_height_m=one.height_m if number in known else None,
        )
        for number, (one, factor) in enumerate(zip(people, factors, strict=True))
    ]


def tilt_deg(found: GroundAndScale, normal: FloatArray) -> float:
    return float(np.degrees(np.arccos(np.clip(found.ground.normal @ normal, -1, 1))))


def below_m(found: GroundAndScale) -> float:
    return float(found.ground.normal @ CENTRE - found.ground.height_m)


@pytest.mark.parametrize("degrees", [0.0, 9.0, 18.0])
def test_sizes_tilt_and_floor_come_out_exactly(degrees: float) -> None:
    normal = leaning(degrees)
    seen = wrongly_sized(walks(normal), known=(1,))
    found = ground_and_scale(seen, up=UP)
    np.testing.assert_allclose(found.factors * WRONG, 1.0, atol=0.01)
    assert tilt_deg(found, normal) < 0.3
    assert below_m(found) == pytest.approx(1.6, abs=0.01)
    assert found.is_height_known
    assert found.ground.inlier_count == found.ground.contact_count == 42
    assert found.focal_factor == 1.0
    assert (found.residuals_m < 0.01).all()


def test_without_a_known_height_people_are_as_tall_as_people_are() -> None:
    normal = leaning(9.0)
    found = ground_and_scale(wrongly_sized(walks(normal)), up=UP)
    assert not found.is_height_known
    relative = found.factors * WRONG
    np.testing.assert_allclose(relative / relative[0], 1.0, atol=0.015)
    assert np.median(relative * HEIGHTS_M) == pytest.approx(1.70, abs=0.06)
    assert (found.factor_sds > 0.02).all()


def test_a_noisy_scene_with_steps_is_found_to_a_few_per_cent() -> None:
    normal = leaning(12.0)
    people = walks(normal, contacts=30, noise_m=0.02, seed=3)
    climbing = people[0].joints_m.copy()
    climbing[:9] += 0.35 * normal  # nine of thirty are on steps
    people[0] = replace(people[0], joints_m=climbing)
    found = ground_and_scale(wrongly_sized(people, known=(2,)), up=UP)
    np.testing.assert_allclose(found.factors * WRONG, 1.0, atol=0.03)
    assert tilt_deg(found, normal) < 1.0
    assert below_m(found) == pytest.approx(1.6, abs=0.03)
    assert found.ground.inlier_count < found.ground.contact_count - 8


def test_people_who_stand_on_the_spot_tell_no_tilt() -> None:
    normal = leaning(6.0)
    people = walks(normal, room_m=0.02, contacts=4, heights_m=HEIGHTS_M[:1])
    found = ground_and_scale(wrongly_sized(people, (0.8,), known=(0,)), up=UP)
    assert not found.ground.is_tilt_known
    assert tilt_deg(found, UP) < 1.0
    assert found.tilt_sd_rad > np.radians(3.0)
    assert found.factors[0] == pytest.approx(1.25, abs=0.01)


def test_a_moving_camera_stays_the_centre() -> None:
    normal = leaning(5.0)
    people = walks(normal)
    way = np.linspace([0.0, 0.0, 0.0], [1.0, 0.3, -0.5], 14)
    moved = [
        replace(
            one, joints_m=one.joints_m - way, centres_m=np.asarray(one.centres_m) + way
        )
        for one in people
    ]
    found = ground_and_scale(wrongly_sized(moved, known=(0,)), up=UP)
    np.testing.assert_allclose(found.factors * WRONG, 1.0, atol=0.01)
    assert tilt_deg(found, normal) < 0.3


def test_the_focal_length_is_found_where_contacts_tell_it_and_kept_elsewhere() -> None:
    normal = leaning(25.0)
    truth = wrongly_sized(walks(normal, contacts=40, room_m=3.0), known=(0, 1, 2))
    shorter = [
        replace(
            one,
            joints_m=one.joints_m + (1 / 1.3 - 1) * one.depths_m,
            depths_m=one.depths_m / 1.3,
        )
        for one in truth
    ]
    found = ground_and_scale(shorter, up=leaning(24.5), with_focal=True)
    assert found.focal_factor == pytest.approx(1.3, rel=0.06)
    assert found.focal_sd < 0.12
    np.testing.assert_allclose(found.factors * WRONG, 1.0, atol=0.03)
    spot = walks(normal, room_m=0.02, contacts=4, heights_m=HEIGHTS_M[:1])
    kept = ground_and_scale(spot, up=normal, with_focal=True)
    assert kept.focal_factor == 1.0
    assert kept.focal_sd > 0.12


def test_nobody_without_contacts_and_no_feet_above_the_camera() -> None:
    people = walks(UP, below_m=6.0, room_m=1.0)
    with pytest.raises(ValueError, match="no contacts"):
        ground_and_scale([], up=UP)
    with pytest.raises(ValueError, match="above the camera"):
        ground_and_scale(people, up=-UP)
