"""People without identities, joined over the frames."""

from __future__ import annotations

import numpy as np

from hpe_studio.formats.linking import MAX_MISSED, gathered, link_frames, place_of


def walkers(frames: int = 40) -> np.ndarray:
    """Two people walking past each other, shape (frames, 2, 2), pixels."""
    x = np.linspace(0, 400, frames)
    left = np.stack([x, np.full(frames, 300.0)], axis=1)
    right = np.stack([400 - x, np.full(frames, 340.0)], axis=1)
    return np.stack([left, right], axis=1)


def test_people_are_followed_whatever_their_order_in_the_file() -> None:
    places = walkers()
    rng = np.random.default_rng(3)
    orders = [rng.permutation(2) for _ in places]
    frames = [
        [(places[f][person], 200.0) for person in order]
        for f, order in enumerate(orders)
    ]
    links = link_frames(frames)
    assert len(links) == 2
    first = np.array([order[row] for order, row in zip(orders, links[0], strict=True)])
    assert len(set(first.tolist())) == 1
    assert (links[0] + links[1] == 1).all()


def test_short_absence_keeps_the_person_and_a_long_one_does_not() -> None:
    here = [(np.array([10.0, 10.0, 0.0]), 1.7)]
    assert len(link_frames([here, [], [], here])) == 1
    away = [here, *[[] for _ in range(MAX_MISSED + 1)], here]
    assert [rows.tolist().count(0) for rows in link_frames(away)] == [1, 1]


def test_a_leap_is_somebody_else() -> None:
    frames = [[(np.array([0.0, 0.0]), 100.0)], [(np.array([90.0, 0.0]), 100.0)]]
    assert [rows.tolist() for rows in link_frames(frames)] == [[0, -1], [-1, 0]]


def test_a_ghost_beside_somebody_takes_not_their_place() -> None:
    frames = [[(np.array([float(f), 0.0]), 100.0)] for f in range(20)]
    frames[10] = [(np.array([12.0, 0.0]), 100.0), (np.array([9.0, 8.0]), 100.0)]
    frames[11] = [(np.array([9.5, 6.0]), 100.0)]  # nearer to the ghost
    links = link_frames(frames)
    assert len(links) == 2
    assert (links[0] >= 0).all()
    assert (links[1] >= 0).sum() == 1


def test_places_without_numbers_are_nobody() -> None:
    assert link_frames([[(np.array([np.nan, 0.0]), 1.0)], []]) == []


def test_place_and_gathering() -> None:
    points = np.array([[0.0, 0.0], [3.0, 4.0], [np.nan, 1.0]])
    middle, size = place_of(points)
    np.testing.assert_allclose(middle, [1.5, 2.0])
    assert size == 5.0
    assert place_of(points[2:])[1] == 0.0
    start, dense = gathered([[], [points], [], [points + 1]], np.array([-1, 0, -1, 0]))
    assert (start, dense.shape) == (1, (3, 3, 2))
    np.testing.assert_array_equal(dense[0], points)
    assert np.isnan(dense[1]).all()
