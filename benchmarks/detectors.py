"""Precision, recall and false alarms of every detector of problems.

Real motion is put before a made camera, reported with noise, and broken by
`hpe_studio.quality.failures`. Tuned on seeds below 10,000; reported on others. A
finding is right when person and kind agree and half of the failure is covered or both
ends lie within three frames.

The memory of a first check is that of the whole process: the real window opens ten
people over 20,000 frames (`large_project`) and looks for every kind of problem.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from shutil import copyfile
from typing import Any

from benchmarks._performances import performances, stage_of
from benchmarks.large_project import FRAMES, PEOPLE, cached_project
from hpe_studio.body import Body, open_body
from hpe_studio.catalogue import DETECTORS, detector
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.check import check_shot, without_consequences
from hpe_studio.quality.evidence import shot_evidence
from hpe_studio.quality.failures import KINDS, break_stage, cropped
from hpe_studio.quality.finding import Finding
from hpe_studio.quality.measuring import Score
from hpe_studio.quality.staging import Stage, as_it_is, document_of

_FIRST_SEED = 20_000
_LIMITS = {"missing": 0.9, "truncated": 0.9, "jump": 0.9, "flip": 0.9, "swap": 0.9}
_OTHER_LIMIT = 0.8
_ALARMS_LIMIT = 1.0
_MEMORY_LIMIT_MB = 1500
_PATIENCE_S = 600


def run() -> dict[str, dict[str, Any]]:
    """A row for precision and recall of each kind, and one for its false alarms."""
    scores = measured(_FIRST_SEED)
    rows: dict[str, dict[str, Any]] = {}
    for kind, score in scores.items():
        limit = _LIMITS.get(kind, _OTHER_LIMIT)
        detail = (
            f"recall {score.recall:.2f} of {score.failures}, "
            f"precision {score.precision:.2f} of {score.findings}"
        )
        if score.failures:
            rows[f"detect_{kind}"] = {
                "ratio": round(min(score.recall, score.precision), 3),
                "limit": limit,
                "better": "higher",
                "unit": "",
                "detail": detail,
            }
        rows[f"alarms_{kind}"] = {
            "ratio": round(score.alarms_per_1000, 2),
            "limit": _ALARMS_LIMIT,
            "better": "lower",
            "unit": "",
            "detail": f"per 1,000 of {score.clean_frames} clean frames of a person",
        }
    rows["first_check_memory"] = _first_check()
    return rows


def _first_check() -> dict[str, Any]:
    """The most memory that a process of its own takes for a first check."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.detectors", "first-check"],
        capture_output=True,
        check=True,
        text=True,
    )
    opened_mb, checked_mb = (float(v) for v in told.stdout.split()[-2:])
    return {
        "ratio": checked_mb,
        "limit": _MEMORY_LIMIT_MB,
        "better": "lower",
        "unit": "MB",
        "detail": (
            f"most of the whole window, {opened_mb:.0f} MB before the check; "
            f"{PEOPLE} people x {FRAMES} frames"
        ),
    }


def first_check() -> None:
    """Open the large project in the window, check it, and print the most memory."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.driver import StudioDriver

    large = cached_project()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        path = Path(folder) / "large.hpes"
        copyfile(large, path)
        with StudioDriver() as driver:
            assert driver.window.open_path(path)
            driver.wait_until(
                lambda: bool(driver.session.persons), "people", patience_s=_PATIENCE_S
            )
            opened_mb = _most_mb()
            queue = driver.session.problems.queue
            driver.wait_until(
                lambda: bool(queue.found) and not queue.is_stale,
                "the first check",
                patience_s=_PATIENCE_S,
            )
            driver.settle()
            print(f"{opened_mb:.0f} {_most_mb():.0f}")


def _most_mb() -> float:
    """The most memory that this process has taken, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # what a parent took does not count there
        line = next(s for s in status.read_text().splitlines() if "VmHWM" in s)
        return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def measured(first_seed: int, *, most: int | None = None) -> dict[str, Score]:
    """Scores of all detectors over all performances (the first ones only, if asked)."""
    body = open_body(24)
    everyone = performances(body)
    scores = {kind: Score() for kind in DETECTORS}
    for index in range(len(everyone) if most is None else most):
        clean, _ = stage_of(everyone, index, first_seed + index, body)
        found = checked(clean, body)
        truth = checked(as_it_is(clean), body)
        frames = clean.frame_count * len(clean.reports)
        for kind, score in scores.items():
            score.add_clean(_of(kind, found), frames, _of(kind, truth))
        for number, kind in enumerate(KINDS):
            if kind not in scores:
                continue
            seed = first_seed + 1000 * (number + 1) + index
            stage, rng = stage_of(everyone, index, seed, body)
            failures = break_stage(stage, kind, rng=rng)
            if kind == "truncated":
                stage = cropped(stage, failures)
            found = checked(stage, body)
            truth = checked(as_it_is(stage), body)
            scores[kind].add(_of(kind, found), failures, _of(kind, truth))
    return scores


def _of(kind: str, findings: list[Finding]) -> list[Finding]:
    return [f for f in findings if f.kind == kind]


def checked(stage: Stage, body: Body) -> list[Finding]:
    """What all detectors find, persons numbered as in the stage."""
    document = document_of(stage)
    poser = Poser(document, body)
    evidence = shot_evidence(document, poser, document.shot_at(0))
    found = check_shot(evidence, map(detector, DETECTORS))
    poser.close()
    number = {person_id: i for i, person_id in enumerate(sorted(document.persons))}
    return [
        replace(f, person_id=number[f.person_id]) for f in without_consequences(found)
    ]


if __name__ == "__main__" and "first-check" in sys.argv:
    first_check()
elif __name__ == "__main__":
    for name, result in run().items():
        print(name, result)
