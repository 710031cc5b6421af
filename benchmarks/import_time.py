"""How long `import hpe_studio` takes in a fresh process."""

from __future__ import annotations

import statistics
import subprocess
import sys
from typing import Any

_ROUNDS = 9
_LIMIT_S = 0.3
_MEASURE = (
    "import time; start = time.perf_counter(); import hpe_studio; "
    "print(time.perf_counter() - start)"
)


def run() -> dict[str, dict[str, Any]]:
    """Seconds by name: value, limit, unit and what was measured."""
    _seconds()  # brings the files into memory
    took = [_seconds() for _ in range(_ROUNDS)]
    detail = (
        f"median of {_ROUNDS} fresh processes; quickest {min(took) * 1e3:.0f} ms, "
        f"slowest {max(took) * 1e3:.0f} ms"
    )
    return {
        "import": {
            "ratio": statistics.median(took),
            "limit": _LIMIT_S,
            "better": "lower",
            "unit": "s",
            "detail": detail,
        }
    }


def _seconds() -> float:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE], capture_output=True, text=True, check=True
    )
    return float(done.stdout)
