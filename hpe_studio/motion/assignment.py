"""Who belongs to whom: optimal pairs under a gate."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray

_FORBIDDEN_COST = 1e6


def gated_pairs(
    cost: FloatArray, *, gate: float = np.inf, unmatched_cost: float | None = None
) -> tuple[IntArray, IntArray]:
    """The pairs of rows and columns with the smallest total cost, under a gate.

    Args:
        cost: Shape (rows, columns); NaN and infinite entries are never paired.
        gate: Pairs that cost this much or more are dropped.
        unmatched_cost: What it costs to leave a row alone. None pairs as many as
            possible; a number leaves a row alone rather than pay more for a pair.

    Returns:
        Rows and columns of the pairs, both shape (pairs,), rows increasing.

    Raises:
        ValueError: If the cost is not a matrix.
    """
    if cost.ndim != 2:
        raise ValueError(f"a cost matrix has two axes, not {cost.ndim}")
    if cost.size == 0:
        nothing = np.zeros(0, dtype=np.intp)
        return nothing, nothing
    limit = gate if unmatched_cost is None else min(gate, unmatched_cost)
    allowed = np.isfinite(cost) & (cost < limit)
    barrier = _FORBIDDEN_COST if unmatched_cost is None else unmatched_cost
    filled = np.where(allowed, cost, barrier)
    optimize: Any = import_module("scipy.optimize")  # on use: a quarter second
    pairs: tuple[IntArray, IntArray] = optimize.linear_sum_assignment(filled)
    rows, columns = pairs
    kept = allowed[rows, columns]
    return rows[kept], columns[kept]
