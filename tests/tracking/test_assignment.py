"""Optimal pairs under a gate: worked numbers and any small table."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpe_studio.motion.assignment import gated_pairs


def pairs_of(cost: object, **settings: float) -> list[tuple[int, int]]:
    rows, columns = gated_pairs(np.array(cost, float), **settings)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def test_total_cost_counts_not_the_nearest_first() -> None:
    cost = np.array([[1.0, 2.0], [1.1, 10.0]])
    rows, columns = gated_pairs(cost)
    assert list(zip(rows, columns, strict=True)) == [(0, 1), (1, 0)]
    assert cost[rows, columns].sum() == pytest.approx(3.1)


def test_nan_and_infinite_costs_are_never_paired() -> None:
    assert pairs_of([[np.nan, 0.2], [np.inf, np.nan]]) == [(0, 1)]


def test_pairs_at_the_gate_are_dropped() -> None:
    assert pairs_of([[0.5, 9.0], [9.0, 0.49]], gate=0.5) == [(1, 1)]


def test_as_many_as_possible_or_as_cheap_as_possible() -> None:
    cost = [[0.1, 0.45], [0.4, 9.0]]
    assert pairs_of(cost, gate=0.5) == [(0, 1), (1, 0)]
    assert pairs_of([[0.1, 0.49], [0.49, 9.0]], unmatched_cost=0.5) == [(0, 0)]


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_nobody_is_paired_with_nobody(shape: tuple[int, int]) -> None:
    assert pairs_of(np.zeros(shape)) == []


def test_a_cost_without_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="two axes"):
        gated_pairs(np.zeros(3))


@given(
    st.lists(st.lists(st.floats(0, 9), min_size=3, max_size=3), min_size=3, max_size=3)
)
def test_no_other_pairing_is_cheaper(values: list[list[float]]) -> None:
    cost = np.array(values)
    rows, columns = gated_pairs(cost)
    least = min(
        cost[range(3), list(order)].sum() for order in itertools.permutations(range(3))
    )
    assert cost[rows, columns].sum() == pytest.approx(least)
