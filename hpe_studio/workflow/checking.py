"""Looking for problems without a window: what is found, and what was decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hpe_studio.body import Body
from hpe_studio.catalogue import DETECTORS, detector
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job
from hpe_studio.quality.check import Judged
from hpe_studio.quality.queue import ProblemQueue
from hpe_studio.workflow.bodies import body_of
from hpe_studio.workflow.kinds import kind_of
from hpe_studio.workflow.opening import open_saved


def check(document: Document, body: Body) -> Job[ProblemQueue]:
    """The queue of a document's problems, everything checked.

    Args:
        document: What is checked; it is not changed.
        body: Everybody's body.
    """
    modules = {kind: detector(kind) for kind in DETECTORS}
    queue = ProblemQueue(document, modules)
    checked = yield from queue.job(body)
    queue.take(checked)
    return queue


def check_project(path: Path) -> Job[dict[str, Any]]:
    """Facts about a project's problems, in the keys of `hpe-studio check --json`.

    Raises:
        StudioError: If it cannot be opened, or is no project.
    """
    if kind_of(path) != "project":
        raise StudioError(
            "is not a project", path=path, fix="run an estimate or open it first"
        )
    opened = open_saved(path, read_only=True)
    try:
        document = opened.project.document
        queue = yield from check(document, body_of(document)[0])
        return facts(document, queue)
    finally:
        opened.close()


def facts(document: Document, queue: ProblemQueue) -> dict[str, Any]:
    """How many problems are open and done, and each with its words and frames."""
    problems = [_fact(document, one) for one in queue.everything]
    verdicts = [problem["verdict"] for problem in problems]
    return {
        "open": verdicts.count(None),
        "done": queue.done_count,
        "ignored": verdicts.count("ignored"),
        "problems": problems,
    }


def _fact(document: Document, one: Judged) -> dict[str, Any]:
    finding, persons = one.finding, document.persons
    return {
        "kind": finding.kind,
        "people": [persons[p].name for p in finding.person_ids if p in persons],
        "frames": [finding.start, finding.stop],
        "joints": list(finding.joints),
        "severity": round(finding.severity, 3),
        "title": finding.title,
        "cause": finding.cause,
        "verdict": None if one.decision is None else one.decision.verdict,
    }
