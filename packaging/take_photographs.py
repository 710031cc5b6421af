"""Pins photographs of the window again: `take_photographs.py [name ...]`.

Without names all that are pinned are taken anew. Look at each before committing it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_PHOTOGRAPHS = _ROOT / "tests" / "ui" / "photos"


def main(names: list[str]) -> int:
    """Take the photographs named; the exit code of the tests that take them."""
    wished = names or sorted(path.stem for path in _PHOTOGRAPHS.glob("*.png"))
    environment = os.environ | {
        "HPE_STUDIO_PIN_PHOTOGRAPHS": " ".join(wished),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, "-m", "pytest", "-q", "tests/ui/test_photographs.py"]
    command += ["-k", "looks_as"]
    ended = subprocess.run(command, cwd=_ROOT, env=environment, check=False)
    for name in wished:
        print(_PHOTOGRAPHS / f"{name}.png")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
