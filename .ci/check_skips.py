"""Fails when a test was skipped for a reason other than missing real data.

Only tests that use the fixture `test_data` may skip, and only on machines that have
no such data: a skip anywhere else is a promise nobody keeps.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.conftest import data_folder

MISSING_DATA = "no real data at"


def skipped(results: Path) -> list[tuple[str, str]]:
    """(test, reason) of every skipped or expected-to-fail test of a JUnit file."""
    found: list[tuple[str, str]] = []
    for case in ET.parse(results).iter("testcase"):  # noqa: S314 (pytest wrote it)
        for skip in case.iter("skipped"):
            name = f"{case.get('classname')}::{case.get('name')}"
            found.append((name, skip.get("message") or skip.text or "no reason"))
    return found


def wrong_skips(
    skips: list[tuple[str, str]], *, has_data: bool
) -> list[tuple[str, str]]:
    """The skips that are not excused by missing data."""
    if has_data:
        return skips
    return [(name, why) for name, why in skips if not why.startswith(MISSING_DATA)]


def main(results: Path) -> int:
    """Print what was skipped; 1 when something should not have been."""
    skips = skipped(results)
    has_data = data_folder().is_dir()
    wrong = wrong_skips(skips, has_data=has_data)
    for name, why in wrong:
        print(f"must not be skipped: {name} ({why})")
    excused = len(skips) - len(wrong)
    print(f"{excused} skipped for want of real data, {len(wrong)} without an excuse")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
