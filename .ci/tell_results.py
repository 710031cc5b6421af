"""Prints how much of the code the tests ran, and last of all what failed and why.

Whoever shows the output of a check may keep only its end, so the end must tell.
"""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

LINES_OF_EACH = 30
WORST_FILES = 10


def failures(results: Path) -> list[tuple[str, str]]:
    """(test, why) of every failed test of a JUnit file, why by its last lines."""
    found: list[tuple[str, str]] = []
    for case in ET.parse(results).iter("testcase"):  # noqa: S314 (pytest wrote it)
        for problem in (*case.iter("failure"), *case.iter("error")):
            name = f"{case.get('classname')}::{case.get('name')}"
            text = (problem.text or problem.get("message") or "").strip()
            found.append((name, "\n".join(text.splitlines()[-LINES_OF_EACH:])))
    return found


def coverage_lines(report: Path) -> list[str]:
    """The total of a JSON report of coverage, and the files that lack most."""
    facts = json.loads(report.read_text(encoding="utf-8"))
    lacking = sorted(
        (-entry["summary"]["missing_lines"], path, entry["summary"])
        for path, entry in facts["files"].items()
    )
    total = facts["totals"]["percent_covered_display"]
    return [f"{total} % of the code was run; most is lacking in"] + [
        f"  {path}: {summary['missing_lines']} lines "
        f"({summary['percent_covered_display']} %)"
        for _, path, summary in lacking[:WORST_FILES]
    ]


def main(results: Path, report: Path) -> int:
    """Print both; 1 when a test failed or the tests came to no end."""
    if report.is_file():
        print("\n".join(coverage_lines(report)))
    if not results.is_file():
        print("the tests came to no end: see above")
        return 1
    failed = failures(results)
    for name, why in failed:
        print(f"\n-- {name}\n{why}")
    print(f"\n{len(failed)} failed" + "".join(f"\n  {name}" for name, _ in failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
