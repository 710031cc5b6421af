"""A whole run into a project, in this thread: what library and command line call."""

from __future__ import annotations

from collections.abc import Callable

from hpe_studio.body import open_body
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Progress, run_job
from hpe_studio.core.person import Person
from hpe_studio.workflow.apply_estimate import apply_estimate
from hpe_studio.workflow.estimate import EstimateOptions, estimate_job
from hpe_studio.workflow.opening import Opened

ProgressCallback = Callable[[Progress], None]


def estimate_into(
    opened: Opened,
    options: EstimateOptions,
    *,
    on_progress: ProgressCallback | None = None,
) -> tuple[tuple[Person, ...], tuple[str, ...]]:
    """Estimate the people of an open project's clip and add them as a take.

    What one estimator found stands beside what another one found.

    Returns:
        The new persons and sentences a person should know.

    Raises:
        StudioError: If the project has people of that estimator already, is read-only
            or has no footage, or if the run fails.
    """
    project, footage = opened.project, opened.footage
    if footage is None:
        raise StudioError(
            "has no footage to look at", path=project.path, fix="open the clip"
        )
    if project.is_read_only:
        raise StudioError(
            "is open elsewhere or read-only",
            path=project.path,
            fix="close the other window or choose another name with -o",
        )
    if _has_run(project.document, options):
        raise StudioError(
            "has people already",
            path=project.path,
            fix="choose another name with -o, or start anew with --overwrite",
        )
    result = run_job(
        estimate_job(footage, options, body=open_body(), shots=project.document.shots),
        on_progress=on_progress,
    )
    persons = apply_estimate(project.document, result)
    project.flush()
    return persons, result.warnings


def _has_run(document: Document, options: EstimateOptions) -> bool:
    """Whether the document holds people that this estimator, or a hand, put there."""
    origins = {take.origin for take in document.takes.values()}
    return bool(document.persons) and (options.estimator in origins or not origins)
