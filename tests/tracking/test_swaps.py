"""Identities exchanged at a meeting are exchanged back."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.tracking.colours import clear_rows, measure_colours
from hpe_studio.tracking.linking import Evidence
from hpe_studio.tracking.swaps import undo_swaps
from hpe_studio.tracking.table import build_table
from tests.tracking import plays
from tests.tracking.scenes import LANDMARKS, SIZE_PX, Trouble


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("exchanged", [True, False])
def test_tails_are_exchanged_back_and_only_then(seed: int, exchanged: bool) -> None:
    scene = plays.turning_back(seed, Trouble(missed=0.0))
    table = build_table(
        scene.frames,
        start=0,
        stop=90,
        size_px=SIZE_PX,
        times_s=scene.times_s,
        landmarks=LANDMARKS,
        min_score=0.1,
    )
    boxes = table.boxes_px.astype(np.float32)
    owners = np.array(
        [
            scene.owners[int(frame), box.tobytes()]
            for frame, box in zip(table.frames, boxes, strict=True)
        ]
    )
    late = table.frames >= 45
    people = [np.flatnonzero(owners == (who ^ (late & exchanged))) for who in (0, 1)]
    clear = clear_rows(table)
    scale = measure_colours(table, [p[table.frames[p] < 30] for p in people], clear)
    evidence = Evidence(table=table, scale=scale, clear=clear)
    chains = undo_swaps(evidence, people)
    assert sorted(np.concatenate(chains)) == sorted(np.concatenate(people))
    assert len(chains) == 2
    for chain in chains:
        outer = chain[np.abs(table.frames[chain] - 45) > 15]
        assert len(set(owners[outer].tolist())) == 1
        assert (np.diff(table.frames[chain]) > 0).all()
