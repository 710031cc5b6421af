"""What is done about problems: repaired, decided, opened again."""

from __future__ import annotations

from hpe_studio.api import Project
from hpe_studio.core.errors import StudioError
from hpe_studio.core.mark import Verdict
from hpe_studio.edits import decisions
from hpe_studio.quality.check import Judged, speaks_of
from hpe_studio.workflow import repairs


def repair(project: Project, problem: Judged, how: str = "") -> str:
    """Repair a problem that `hs.check` gave.

    Args:
        project: Where it was found.
        problem: The problem.
        how: Id of a repair ("fill", "lock"); the first one when "".

    Returns:
        What the button of that repair says.

    Raises:
        StudioError: If there is no such repair, or it cannot be made.
    """
    document = project.document
    ways = repairs.repairs_of(document, problem.finding)
    chosen = next((way for way in ways if way.id == how or not how), None)
    if chosen is None:
        known = ", ".join(way.id for way in ways)
        raise StudioError(
            f"{problem.finding.title.lower()}: there is no such repair",
            fix=f"choose among {known}" if known else "edit it by hand, or decide",
        )
    with document.edit(chosen.label) as edit:
        scene = repairs.Scene(edit=edit, document=document, poser=project.poser)
        repairs.repair(scene, chosen, problem.finding)
    return chosen.label


def decide(project: Project, problem: Judged, verdict: Verdict) -> None:
    """Settle a problem without changing motion: "fixed", "ignored" or "left out"."""
    with project.document.edit(f"Mark {verdict}") as edit:
        repairs.settle(edit, project.document, problem.finding, verdict)


def reopen(project: Project, problem: Judged) -> None:
    """Take back what was decided about a problem."""
    known = project.document.decisions.values()
    about = [one for one in known if speaks_of(one, problem.finding)]
    with project.document.edit("Reopen") as edit:
        decisions.reopen(edit, about)
