"""Feet that stand are told from feet that swing."""

from __future__ import annotations

import numpy as np

from hpe_studio.motion.contacts import TOES, contacts

FPS = 30.0


def steps(frames_each: int = 15, count: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Toes that stand and swing by turns, and when they stand."""
    place, stands = [], []
    at = 0.0
    for _ in range(count):
        place += [(at, 0.02, 0.0)] * frames_each
        stands += [True] * frames_each
        for t in np.linspace(0, 1, frames_each + 2)[1:-1]:
            smooth = t * t * (3 - 2 * t)
            place.append((at + 0.7 * smooth, 0.02 + 0.15 * np.sin(np.pi * t), 0.0))
            stands.append(False)
        at += 0.7
    return np.array(place), np.array(stands)


def test_standing_and_swinging_are_told_apart_within_two_frames() -> None:
    place, stands = steps()
    found = contacts(place, rule=TOES, fps=FPS)
    edges, true_edges = np.flatnonzero(np.diff(found)), np.flatnonzero(np.diff(stands))
    assert len(edges) == len(true_edges)
    assert np.abs(edges - true_edges).max() <= 2


def test_a_foot_that_glides_does_not_stand() -> None:
    gliding = np.zeros((60, 3))
    gliding[:, 0] = np.arange(60) / FPS * 0.6
    assert not contacts(gliding, rule=TOES, fps=FPS).any()


def test_noise_of_a_millimetre_breaks_no_contact_in_pieces() -> None:
    place, stands = steps()
    rng = np.random.default_rng(0)
    noisy = place + 0.001 * rng.normal(size=place.shape)
    found = contacts(noisy, rule=TOES, fps=FPS)
    assert (found == stands).mean() > 0.9
    assert np.abs(np.diff(found.astype(int))).sum() <= 8


def test_missing_frames_are_no_contact() -> None:
    place, _ = steps()
    place[:10] = np.nan
    found = contacts(place, rule=TOES, fps=FPS, floor_m=0.0)
    assert not found[:10].any()
    assert not contacts(np.full((9, 3), np.nan), rule=TOES, fps=FPS).any()
