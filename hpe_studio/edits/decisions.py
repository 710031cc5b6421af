"""What a person decides about problems: ignore, call fixed, leave out, reopen."""

from __future__ import annotations

from collections.abc import Iterable

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.mark import Decision, Verdict


def decide(
    edit: Edit,
    document: Document,
    *,
    kind: str,
    person_id: int,
    start: int,
    stop: int,
    joints: Iterable[int] = (),
    verdict: Verdict,
) -> Decision:
    """Settle what was found about a person on a range; it takes the place of the same.

    Args:
        edit: The open edit.
        document: Where it is kept.
        kind: The detector ("truncated").
        person_id: Whom it is about.
        start: First clip frame of the range.
        stop: The frame after the last.
        joints: The joints it is about; none for any.
        verdict: What is decided.
    """
    wanted = tuple(sorted(set(joints)))
    made = Decision(
        id=document.new_id(),
        kind=kind,
        person_id=person_id,
        joints=wanted,
        start=start,
        stop=stop,
        verdict=verdict,
    )
    about = (kind, person_id, wanted, start, stop)
    for known in tuple(document.decisions.values()):
        here = (known.kind, known.person_id, known.joints, known.start, known.stop)
        if here == about:
            edit.remove(known)
    edit.put(made)
    return made


def reopen(edit: Edit, decisions: Iterable[Decision]) -> None:
    """Take decisions back: what they were about is open again where it is found."""
    for decision in tuple(decisions):
        edit.remove(decision)
