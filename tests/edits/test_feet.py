"""Feet that slid while they stood stand still, and nothing else moves far."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks._performances import performances, stage_of
from hpe_studio.body import open_body
from hpe_studio.core.document import Document
from hpe_studio.core.track import Track
from hpe_studio.edits.feet import find_contacts, lock_feet
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.failures import break_stage
from hpe_studio.quality.ranges import ranges_of
from hpe_studio.quality.staging import Stage, document_of
from tests.core.scenes import state_of

BODY = open_body(24)
TOES = (10, 11)


def broken_walk(index: int) -> tuple[Stage, Document, Poser, Track]:
    stage, rng = stage_of(performances(BODY), index, 4000 + index, BODY)
    break_stage(stage, "foot_slide", rng=rng)
    document = document_of(stage)
    track = next(iter(document.tracks.values()))
    return stage, document, Poser(document, BODY), track


def way_m(joints_m: np.ndarray, truth_m: np.ndarray) -> float:
    """How far toes move over the floor while they truly stand, all in all."""
    total = 0.0
    for toe in TOES:
        speed = np.linalg.norm(np.gradient(truth_m[:, toe], axis=0), axis=-1) * 30
        for start, stop in ranges_of(speed < 0.15, bridge=1, at_least=6):
            path = joints_m[start:stop, toe][:, [0, 2]]
            total += float(np.linalg.norm(np.diff(path, axis=0), axis=-1).sum())
    return total


@pytest.mark.data
@pytest.mark.parametrize("index", [2, 12])
def test_standing_feet_slide_four_fifths_less(test_data: object, index: int) -> None:
    stage, document, poser, track = broken_walk(index)
    truth = stage.joints_m(0)
    before = poser.joints_of(track.id)
    state = state_of(document)
    with document.edit("Lock feet") as edit:
        found = find_contacts(edit, document, poser, track, 0, 10_000)
    with document.edit("Lock feet") as edit:
        left_m = lock_feet(edit, document, poser, track, 0, 10_000)
    after = poser.joints_of(track.id)
    assert found >= 4
    assert way_m(after, truth) < 0.2 * way_m(before, truth)
    assert left_m < 0.15
    upper = [15, 20, 21]
    moved = np.linalg.norm((after - before)[:, upper], axis=-1)
    assert np.nanmax(moved) < 0.15
    document.undo()
    document.undo()
    assert state_of(document) == state


@pytest.mark.data
def test_without_contacts_nothing_is_written(test_data: object) -> None:
    _, document, poser, track = broken_walk(2)
    state = state_of(document)
    with document.edit("Lock feet") as edit:
        assert lock_feet(edit, document, poser, track, 0, 10_000) == 0.0
    assert state_of(document) == state
