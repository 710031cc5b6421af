"""Floors, sizes and two people in one place, on made scenes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hpe_studio.body import open_body
from hpe_studio.catalogue import detector
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.check import check_shot
from hpe_studio.quality.evidence import shot_evidence
from hpe_studio.quality.finding import Finding
from hpe_studio.quality.staging import Performance, Stage, document_of, staged

FRAMES = 60
BODY = open_body(24)


def standing(*places: tuple[float, float], noise: float = 0.0) -> Stage:
    """People who stand still at (x, z), each with arms of their own."""
    people = []
    for number, (x_m, z_m) in enumerate(places):
        turns = np.zeros((FRAMES, 24, 3))
        turns[:, 16, 2] = -0.6 - 0.5 * number
        turns[:, 17, 2] = 0.6 + 0.5 * number
        turns[:, 0, 1] = 1.5 * number
        turns[:, [1, 2], 0] = -0.8 * number
        root = np.tile([x_m, 0.95, z_m], (FRAMES, 1))
        people.append(Performance(joints_rad=turns, root_m=root))
    return staged(people, BODY, rng=np.random.default_rng(1), noise=noise)


def found(stage: Stage, kind: str) -> list[Finding]:
    """What one detector says, consequences of graver things included."""
    document = document_of(stage)
    poser = Poser(document, BODY)
    evidence = shot_evidence(document, poser, document.shot_at(0))
    findings = check_shot(evidence, [detector(kind)])
    poser.close()
    return findings


def test_who_sinks_into_the_floor_is_found() -> None:
    stage = standing((0, 0))
    assert found(stage, "floor") == []
    stage.reports[0].root_m[20:32, 1] -= 0.12
    (one,) = found(stage, "floor")
    assert abs(one.start - 20) <= 1
    assert abs(one.stop - 32) <= 1
    assert one.title == "Foot 12 cm below the floor"


def test_who_hangs_in_the_air_is_found_and_who_jumps_is_not() -> None:
    hanging = standing((0, 0))
    hanging.reports[0].root_m[20:45, 1] += 0.35
    titles = [f.title for f in found(hanging, "floor")]
    assert titles == ["Hangs 35 cm above the floor"]
    jumping = standing((0, 0))
    seconds = np.arange(18) / 30
    jumping.reports[0].root_m[20:38, 1] += 2.78 * seconds - 4.905 * seconds**2
    assert jumping.reports[0].root_m[28, 1] > jumping.reports[0].root_m[0, 1] + 0.35
    assert found(jumping, "floor") == []


def test_two_bodies_in_one_place_are_found() -> None:
    stage = standing((-0.5, 0), (0.5, 0))
    assert found(stage, "collision") == []
    beside_m = np.array([0.05, 0.0, 0.0])
    stage.reports[1].root_m[30:40] = stage.reports[0].root_m[30:40] + beside_m
    (one,) = found(stage, "collision")
    assert one.other_person_id is not None
    assert (one.start, one.stop) == (30, 40)


def test_one_person_taken_for_two_is_no_collision() -> None:
    stage = standing((-0.5, 0), (0.5, 0))
    first, second = stage.reports
    for mine, other in zip(
        first.fields().values(), second.fields().values(), strict=True
    ):
        other[10:50] = mine[10:50]
    (one,) = found(stage, "duplicate")
    assert (one.start, one.stop) == (10, 50)
    assert found(stage, "collision") == []


def test_a_body_that_shrinks_for_a_while_is_found() -> None:
    stage = standing((0, 0), noise=1.0)
    assert found(stage, "shape_change") == []
    stage.reports[0].points_m[15:30] *= 0.7
    (one,) = found(stage, "shape_change")
    assert abs(one.start - 15) <= 2
    assert abs(one.stop - 30) <= 2
    assert one.title in {f"Seen {n} % smaller" for n in range(27, 34)}


def test_a_smaller_picture_cuts_the_feet_off() -> None:
    stage = standing((0, 0))
    lowest = stage.camera.project(stage.joints_m(0))[..., 1].max()
    cut = replace(stage, size_px=(stage.size_px[0], int(lowest) - 20))
    (one,) = found(cut, "truncated")
    assert one.title == "Legs outside the frame"
