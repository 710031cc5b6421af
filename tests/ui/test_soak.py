"""A day's work in little: what a person does over and over leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks._window import make_walkers, shown
from benchmarks.soak import growth_of, soaked


@pytest.mark.slow
def test_nothing_piles_up_while_one_works_on(qapp: object, tmp_path: Path) -> None:
    path = make_walkers(tmp_path / "walk", 3)
    with shown(path) as window:
        counts = soaked(window, path, rounds=12)
    growth_percent, left = growth_of(counts)
    assert growth_percent < 5, counts
    assert max(left.values()) <= 0, left
