"""Runs the benchmarks of a checkout: each gives ratios measured in one run."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from hpe_studio.core.errors import StudioError

_FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"


def benchmark_names() -> tuple[str, ...]:
    """Names of the benchmarks there are."""
    return tuple(sorted(p.stem for p in _FOLDER.glob("[a-z]*.py")))


def run_benchmarks(name: str | None = None) -> dict[str, dict[str, Any]]:
    """Run one benchmark or all.

    Returns:
        Per measured ratio: ratio, limit, better ("lower" or "higher"), unit, detail
        and whether it passed.

    Raises:
        StudioError: If there is none of that name.
    """
    names = benchmark_names()
    if name is not None and name not in names:
        known = ", ".join(names) or "none: benchmarks come with the source code"
        raise StudioError(f"there is no benchmark {name!r}", fix=f"use {known}")
    results: dict[str, dict[str, Any]] = {}
    for one in (name,) if name is not None else names:
        for key, result in _run(one).items():
            better = result.setdefault("better", "lower")
            ratio, limit = result["ratio"], result["limit"]
            result["passed"] = ratio >= limit if better == "higher" else ratio <= limit
            results[key] = result
    return results


def _run(name: str) -> dict[str, dict[str, Any]]:
    root = str(_FOLDER.parent)
    if root not in sys.path:  # benchmarks share modules of their own
        sys.path.append(root)
    module = importlib.import_module(f"benchmarks.{name}")
    run = cast("Callable[[], dict[str, dict[str, Any]]]", module.run)
    return run()
