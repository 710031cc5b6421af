"""Detectors against real motion that was broken in known ways."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.detectors import checked, measured
from hpe_studio.body import open_body
from hpe_studio.quality.failures import KINDS, Failure, break_stage
from hpe_studio.quality.finding import Finding
from hpe_studio.quality.measuring import Score, is_hit
from hpe_studio.quality.staging import Performance, staged

PERFORMANCES = 26


@pytest.fixture(scope="module")
def scores(test_data: object) -> dict[str, Score]:
    return measured(50_000, most=PERFORMANCES)


@pytest.mark.data
@pytest.mark.parametrize("kind", ["missing", "truncated", "jump", "flip", "swap"])
def test_what_ruins_a_shot_is_found_nine_times_in_ten(
    scores: dict[str, Score], kind: str
) -> None:
    assert scores[kind].failures >= 5
    assert scores[kind].recall >= 0.9
    assert scores[kind].precision >= 0.9


@pytest.mark.data
@pytest.mark.parametrize("kind", ["implausible", "foot_slide"])
def test_what_looks_wrong_is_found_eight_times_in_ten(
    scores: dict[str, Score], kind: str
) -> None:
    assert scores[kind].recall >= 0.8
    assert scores[kind].precision >= 0.8


@pytest.mark.data
def test_clean_motion_raises_no_alarm(scores: dict[str, Score]) -> None:
    for kind, score in scores.items():
        assert score.alarms_per_1000 <= 1, kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_changes_what_it_says_and_nothing_before(kind: str) -> None:
    body, rng = open_body(24), np.random.default_rng(3)
    swinging = np.zeros((90, 24, 3))
    swinging[:, 16, 2] = -1.2 + 0.3 * np.sin(np.arange(90) / 9)
    people = [
        Performance(joints_rad=swinging, root_m=np.tile([x, 0.95, 0.0], (90, 1)))
        for x in (-0.6, 0.6)
    ]
    stage = staged(people, body, rng=rng)
    before = [
        {name: array.copy() for name, array in report.fields().items()}
        for report in stage.reports
    ]
    failures = break_stage(stage, kind, rng=rng)
    assert failures
    for number, report in enumerate(stage.reports):
        first = min((f.start for f in failures if f.person == number), default=90)
        if kind == "swap":
            first = failures[0].start
        changed = False
        for name, array in report.fields().items():
            np.testing.assert_array_equal(array[:first], before[number][name][:first])
            changed |= not np.array_equal(
                array[first:], before[number][name][first:], equal_nan=True
            )
        assert changed


def test_a_calm_scene_without_noise_is_reported_as_it_is() -> None:
    body, rng = open_body(24), np.random.default_rng(0)
    root = np.tile([0.0, 0.95, 0.0], (40, 1))
    still = Performance(joints_rad=np.zeros((40, 24, 3)), root_m=root)
    stage = staged([still], body, rng=rng, noise=0.0)
    np.testing.assert_allclose(stage.reports[0].joints_rad, 0, atol=1e-9)
    places = stage.camera.project(stage.joints_m(0))
    assert (places > 0).all()
    assert (places < np.array(stage.size_px)).all()
    assert checked(stage, body) == []


@pytest.mark.parametrize(
    ("start", "stop", "person", "hits"),
    [(10, 20, 0, True), (15, 40, 0, True), (16, 40, 0, False), (10, 20, 1, False)],
)
def test_half_of_a_failure_must_be_covered(
    start: int, stop: int, person: int, hits: bool
) -> None:
    finding = Finding(kind="jump", person_id=0, track_id=1, start=start, stop=stop)
    failure = Failure(kind="jump", person=person, start=10, stop=20)
    assert is_hit(finding, failure) is hits
