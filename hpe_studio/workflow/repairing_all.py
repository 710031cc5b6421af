"""One repair for many problems: as one step, and each of them whole or not at all."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.finding import Finding
from hpe_studio.workflow.repairs import Repair, Scene, repair


def repair_all(
    document: Document,
    poser: Poser,
    how: Repair,
    findings: Iterable[Finding],
    *,
    label: str,
) -> tuple[int, StudioError | None]:
    """Make the same repair for many problems as one step, the last frames first.

    What cannot be repaired stays as it was, to the bit: where a repair breaks off, the
    step is taken back and made anew without it.

    Args:
        document: Where.
        poser: Poses of its people.
        how: What is done.
        findings: The problems.
        label: Name of the step.

    Returns:
        How many were repaired, and what stood in the way of the first that was not.
    """
    left, refused = sorted(findings, key=lambda f: -f.start), None
    while left:
        edit = document.begin_edit(label)
        try:
            broken = _repair_each(
                Scene(edit=edit, document=document, poser=poser), how, left
            )
        except BaseException:
            edit.abort()
            raise
        if not broken:
            edit.commit()
            break
        edit.abort()
        refused = refused or next(iter(broken.values()))
        left = [finding for finding in left if finding.key not in broken]
    return len(left), refused


def _repair_each(
    scene: Scene, how: Repair, findings: Iterable[Finding]
) -> dict[Hashable, StudioError]:
    """Repair one after the other; why it could not be, by the key of the problem."""
    broken: dict[Hashable, StudioError] = {}
    for finding in findings:
        try:
            repair(scene, how, finding)
        except StudioError as error:
            broken[finding.key] = error
    return broken
