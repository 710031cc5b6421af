"""Going through the problems: next, accept, ignore, fix all alike, check again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.mark import Verdict
from hpe_studio.core.viewstate import Selection
from hpe_studio.edits import decisions
from hpe_studio.quality.check import Judged, speaks_of
from hpe_studio.quality.finding import Finding
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr
from hpe_studio.workflow import repairs
from hpe_studio.workflow.repairing_all import repair_all
from hpe_studio.workflow.repairs import Repair, Scene

_DONE: dict[Verdict, str] = {
    "fixed": "Marked as fixed",
    "ignored": "Ignored",
    "left out": "Left out of metrics and export",
    "repaired": "Repaired",
}


def _step(by: int, desk: Desk) -> None:
    session = session_of(desk)
    finding = session.problems.step(by)
    if finding is None:
        session.notices.inform(tr("No open problems"))
    else:
        go_to(session, finding)


next_problem = partial(_step, 1)
previous_problem = partial(_step, -1)


def go_to(session: Session, finding: Finding) -> None:
    """Show a problem: its frame, its people and joint selected and in view."""
    session.playback.stop()
    session.problems.select(finding)
    session.view.frame = finding.start
    ids = reversed(finding.person_ids)
    persons = tuple(p for p in ids if p in session.document.persons)
    joint = finding.joints[len(finding.joints) // 2] if finding.joints else None
    session.view.selection = Selection(persons=persons, joint=joint)
    session.requests.range_wanted.emit(finding.start, finding.stop)
    session.requests.framing_wanted.emit()


def ways(session: Session, one: Judged) -> tuple[Repair, ...]:
    """What the buttons of a problem do, the first one first."""
    found = repairs.repairs_of(session.document, one.finding)
    mark = Repair(
        id="mark", label="Mark fixed", icon="check", run=None, verdict="fixed"
    )
    return (mark, *found) if one.was_repaired else (*found, mark)


def accept(desk: Desk) -> None:
    """Do what the first button of the selected problem says."""
    session = session_of(desk)
    one = session.problems.selected
    if one is not None and one.is_open:
        use(session, ways(session, one)[0], [one.finding])


def ignore(desk: Desk) -> None:
    """Ignore the selected problem."""
    session = session_of(desk)
    one = session.problems.selected
    if one is not None and one.is_open:
        decide(session, [one.finding], "ignored")


def mark_fixed(desk: Desk) -> None:
    """Settle the selected problem as fixed by hand."""
    session = session_of(desk)
    one = session.problems.selected
    if one is not None and one.is_open:
        decide(session, [one.finding], "fixed")


def reopen_selected(desk: Desk) -> None:
    """Take back what was decided about the selected problem."""
    session = session_of(desk)
    one = session.problems.selected
    if one is not None and not one.is_open:
        reopen(session, one.finding)


def check_again(desk: Desk) -> None:
    """Look for problems everywhere anew."""
    session_of(desk).problems.check_again()


def use(session: Session, how: Repair, findings: Sequence[Finding]) -> None:
    """Make a repair for one problem, or for many as one step."""
    if how.run is None:
        decide(session, findings, how.verdict)
        return
    if len(findings) > 1:
        _use_for_all(session, how, findings)
        return
    finding = findings[0]

    def write(edit: Edit) -> None:
        scene = Scene(edit=edit, document=session.document, poser=session.poser)
        repairs.repair(scene, how, finding)

    if session.perform(tr(how.label), write):
        session.problems.let_go([finding])
        told = f"{finding.title}: {tr(how.label).lower()}"
        session.notices.say(told, action="undo")


def _use_for_all(session: Session, how: Repair, findings: Sequence[Finding]) -> None:
    if session.document.is_editing:
        session.notices.inform(tr("Finish or cancel the drag first"))
        return
    title, count = tr("{what}: all like this"), len(findings)
    try:
        done, refused = repair_all(
            session.document,
            session.poser,
            how,
            findings,
            label=title.format(what=tr(how.label)),
        )
    except StudioError as error:  # it could not be kept
        session.notices.complain(error)
        return
    if not done and refused is not None:
        session.notices.complain(refused)
        return
    session.problems.let_go(list(findings))
    told = tr("{done} of {count} repaired").format(done=done, count=count)
    if refused is not None:
        why = tr("{told}; {left} left: {why}")
        told = why.format(told=told, left=count - done, why=refused.what)
    session.notices.say(told, action="undo")


def decide(session: Session, findings: Sequence[Finding], verdict: Verdict) -> None:
    """Settle problems without changing the motion, as one step."""

    def write(edit: Edit) -> None:
        for finding in findings:
            repairs.settle(edit, session.document, finding, verdict)

    words = tr(_DONE[verdict])
    if session.perform(words, write):
        session.problems.select(None)
        count = len(findings)
        told = words if count == 1 else f"{words}: {count}"
        session.notices.say(told, action="undo")


def ignore_alike(session: Session, finding: Finding, *, in_clip: bool) -> None:
    """Ignore all of a kind of a person, in its shot or in the whole clip."""
    shot = session.document.shot_at(finding.start)
    frames = (0, session.document.clip.frame_count)
    start, stop = frames if in_clip else (shot.start, shot.stop)

    def write(edit: Edit) -> None:
        decisions.decide(
            edit,
            session.document,
            kind=finding.kind,
            person_id=finding.person_id,
            start=start,
            stop=stop,
            verdict="ignored",
        )

    if session.perform(tr("Ignore all like this"), write):
        session.problems.select(None)
        session.notices.say(tr("Ignored all like this"), action="undo")


def reopen(session: Session, finding: Finding) -> None:
    """Take back what was decided about a problem."""
    known = session.document.decisions.values()
    about = [d for d in known if speaks_of(d, finding)]
    session.perform(tr("Reopen"), lambda edit: decisions.reopen(edit, about))


def alike(session: Session, finding: Finding) -> tuple[Finding, ...]:
    """All open problems that the same repair suits."""
    document, problems = session.document, session.problems.everything
    never = repairs.is_never_seen(document, finding)
    same = repairs.alike(finding, (p.finding for p in problems if p.is_open))
    return tuple(f for f in same if repairs.is_never_seen(document, f) == never)
