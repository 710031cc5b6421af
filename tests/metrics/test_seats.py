"""Many identities of which few are there at a time: the same numbers, full arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hpe_studio.core.skeleton import landmark_set
from hpe_studio.metrics import pairing
from hpe_studio.metrics.comparing import Setting, compared
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.people import People
from hpe_studio.metrics.protocol import NAMED
from hpe_studio.metrics.seats import EMPTY, Seated, by_identity, seated

JOINTS = landmark_set("coco19").names
FRAMES, TRUE, PER_IDENTITY = 60, 3, 5
STUDIO = NAMED["studio"]


def people(points_m: np.ndarray) -> People:
    return People(
        names=tuple(f"p{i}" for i in range(points_m.shape[1])),
        joints=JOINTS,
        points_m=points_m,
        points_px=200 * points_m[..., :2] + [300, 300],
    )


def truth() -> People:
    rng = np.random.default_rng(5)
    body = rng.normal(size=(1, TRUE, len(JOINTS), 3)) * 0.3
    apart = np.arange(TRUE)[:, None, None] * np.array([1.5, 0, 0])
    walk = np.cumsum(rng.normal(size=(FRAMES, TRUE, 1, 3)), axis=0) * 0.01
    return people(body + apart + walk)


def lost_often() -> People:
    """Everybody gets another identity every few frames; one ghost besides."""
    true = truth()
    rng = np.random.default_rng(6)
    noisy = true.points_m + rng.normal(size=true.points_m.shape) * 0.03
    count = TRUE * (FRAMES // PER_IDENTITY)
    points = np.full((FRAMES, count + 1, *noisy.shape[2:]), np.nan)
    for frame in range(FRAMES):
        first = TRUE * (frame // PER_IDENTITY)
        points[frame, first : first + TRUE] = noisy[frame]
    points[7, count] = noisy[7, 0] + 9.0
    return people(points)


def found(prediction: People, matching: str = "picture") -> Comparison:
    frames = np.arange(FRAMES)
    setting = Setting(
        frames=frames, truth_frames=frames.astype(float), fps=30.0, size_px=(800, 600)
    )
    protocol = replace(STUDIO, matching=matching)  # type: ignore[arg-type]
    return compared(prediction, truth(), protocol, setting)


def test_as_few_seats_as_are_taken_at_once() -> None:
    prediction = lost_often()
    packed, who = seated(prediction)
    assert packed.points_m.shape[1] == TRUE + 1
    assert who.shape == (FRAMES, TRUE + 1)
    assert (who[7] == [3, 4, 5, 36]).all()
    assert (who[8] == [3, 4, 5, EMPTY]).all()
    joints = Seated(values=packed.points_m, who=who)
    for person in (0, 4, 36):
        same = prediction.points_m[:, person]
        assert np.array_equal(joints.along(person), same, equal_nan=True)
        assert np.array_equal(joints.at(7, person), same[7], equal_nan=True)


def test_flags_of_seats_go_to_their_identities() -> None:
    who = np.array([[1, 4], [2, EMPTY]])
    flags = np.array([[False, True], [True, True]])
    out = by_identity(flags, who, 5)
    assert np.argwhere(out).tolist() == [[0, 4], [1, 2]]


@pytest.mark.parametrize("matching", ["picture", "oks", "greedy", "nearest", "tracks"])
def test_numbers_do_not_depend_on_how_identities_are_kept(
    matching: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prediction = lost_often()
    by_seats = found(prediction, matching)

    def a_seat_each(people: People) -> tuple[People, np.ndarray]:
        there = np.isfinite(people.points_m).all(-1).any(-1)
        return people, np.where(there, np.arange(there.shape[1]), EMPTY)

    monkeypatch.setattr("hpe_studio.metrics.comparing.seated", a_seat_each)
    dense = found(prediction, matching)
    assert np.array_equal(by_seats.matches, dense.matches)
    assert np.array_equal(by_seats.false_positives, dense.false_positives)
    assert by_seats.counts == dense.counts
    for name, one in by_seats.measures.items():
        assert one.value == pytest.approx(dense.measures[name].value, nan_ok=True), name
    assert by_seats.predicted == prediction.names
    if matching == "picture":
        assert by_seats.counts.false_positives == 1
        assert by_seats.measures["switches"].value == TRUE * (12 - 1)


def test_costs_are_asked_of_who_is_there_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    real = pairing.costs

    def counted(prediction: People, *args: object, **more: object) -> np.ndarray:
        cost = real(prediction, *args, **more)  # type: ignore[arg-type]
        seen.append(cost.shape[1])
        return cost

    monkeypatch.setattr(pairing, "costs", counted)
    found(lost_often())
    assert set(seen) == {TRUE + 1}
