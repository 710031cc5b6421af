"""Clean-up tools in the window: where they work, at once or as a job, as one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hpe_studio.body import Body
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.history import Step
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.core.skeleton import skeleton
from hpe_studio.edits.apart import Apart, bring_over, set_apart
from hpe_studio.edits.scope import scope_range
from hpe_studio.edits.stretch import LIMBS, Stretch, limb_joints, stretches
from hpe_studio.edits.tools import TOOLS, Bench, Tool, checked
from hpe_studio.posing.posed import Poser
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr

Span = Literal["range", "shot", "clip", "problem"]
_MOMENT_US = 100_000
WHOLE = "whole body"


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """What a tool works on, as a person chose it.

    Attributes:
        span: "range" (in to out; the shot where none is set), "shot", "clip", or
            "problem" (frames of the selected one).
        limb: A name of `LIMBS`.
        everybody: True for all people, False for the selected ones.
    """

    span: Span = "range"
    limb: str = WHOLE
    everybody: bool = False


def frames_of(session: Session, span: Span) -> tuple[int, int]:
    """The half-open range of clip frames that a choice means now."""
    problem = session.problems.selected
    if span == "problem" and problem is not None:
        return problem.finding.start, problem.finding.stop
    if span == "range" and session.view.play_range is not None:
        return session.view.play_range
    scope = "clip" if span == "clip" else "shot"
    return scope_range(session.document, session.view.frame, scope)


def stretches_of(session: Session, where: Where) -> tuple[Stretch, ...]:
    """The stretches that a choice means now, locked people left out of everybody.

    Raises:
        StudioError: If nobody is selected or there.
    """
    persons = session.document.persons
    chosen = session.view.selection.persons
    if where.everybody:
        chosen = tuple(i for i, person in persons.items() if not person.locked)
    if not chosen:
        raise StudioError("nobody is selected", fix="click a person")
    start, stop = frames_of(session, where.span)
    return stretches(
        session.document, persons=chosen, start=start, stop=stop, limb=where.limb
    )


def limb_here(session: Session) -> str:
    """The limb that the selected joint belongs to, or the whole body."""
    joint, track = session.view.selection.joint, session.active_track
    if not joint or track is None:
        return WHOLE
    bones = skeleton(track.skeleton)
    for limb in LIMBS:
        if limb != WHOLE and joint in limb_joints(bones, limb):
            return limb
    return WHOLE


def is_long(tool: Tool, chosen: tuple[Stretch, ...]) -> bool:
    """True where a tool takes longer than a moment."""
    rows = sum(stretch.row_count for stretch in chosen)
    return rows * tool.us_per_frame > _MOMENT_US


def work(
    session: Session,
    tool: Tool,
    where: Where,
    options: Mapping[str, Any],
    then: Callable[[Callable[[Edit], None]], None],
) -> None:
    """Let a tool work, at once or as a job on a copy, and hand over how to write it.

    Args:
        session: Whose document.
        tool: The tool.
        where: What it works on.
        options: Settings of the tool.
        then: Takes a function that writes the outcome into an open edit; called later
            where the work is long.

    Raises:
        StudioError: If the choice or an option makes no sense.
    """
    chosen = stretches_of(session, where)
    settings = checked(tool.spec, options)
    if not is_long(tool, chosen):
        then(lambda edit: _write(session, edit, tool, chosen, settings))
        return
    ids = {stretch.track.id for stretch in chosen}
    apart = set_apart(session.document, ids)
    before = {i: _written(session, i) for i in ids}

    def on_result(done: Apart) -> None:
        if any(_written(session, i) != state for i, state in before.items()):
            session.notices.inform(tr("The motion changed meanwhile: try again"))
            return
        then(lambda edit: bring_over(edit, session.document, done))

    job = _job(apart, session.poser.body, tool, chosen, settings)
    session.jobs.start(tr(tool.spec.label), job, on_result=on_result)


def _written(session: Session, track_id: int) -> tuple[object, ...]:
    """What tells whether a track was written: its header, keys, and a sum of bits."""
    track = session.document.tracks.get(track_id)
    if track is None:
        return ()
    sums = tuple(hash(a.tobytes()) for a in track.arrays.values())
    return track, tuple(session.document.keys_of(track_id)), sums


def _write(
    session: Session,
    edit: Edit,
    tool: Tool,
    chosen: tuple[Stretch, ...],
    settings: Mapping[str, Any],
) -> None:
    bench = Bench(edit=edit, document=session.document, poser=session.poser)
    tool.apply(bench, chosen, settings)


def _job(
    apart: Apart,
    body: Body,
    tool: Tool,
    chosen: tuple[Stretch, ...],
    settings: Mapping[str, Any],
) -> Job[Apart]:
    document = apart.document
    poser = Poser(document, body)
    try:
        for number, stretch in enumerate(chosen):
            name = document.persons[stretch.track.person_id].name
            yield Progress(done=number, total=len(chosen), text=name)
            with document.edit(tool.spec.label) as edit:
                bench = Bench(edit=edit, document=document, poser=poser)
                tool.apply(bench, (stretch,), settings)
    finally:
        poser.close()
    return apart


def last_step(session: Session) -> Step | None:
    """What undo would take back now."""
    history = session.document.history
    return history.steps[history.position - 1] if history.position else None


def tell_done(session: Session, label: str, before: Step | None) -> None:
    """Say that a tool was used; where it changed nothing there is nothing to undo.

    Args:
        session: Whose document.
        label: Name of the tool.
        before: The last step before it was used.
    """
    if last_step(session) is before:
        told = tr("{tool}: there is nothing to change here")
        session.notices.inform(told.format(tool=label))
    else:
        session.notices.say(label, action="undo")


def run(
    session: Session, tool_id: str, where: Where, options: Mapping[str, Any]
) -> None:
    """Use a tool as one undoable step; a toast says so or why not."""
    tool = TOOLS[tool_id]

    def keep(write: Callable[[Edit], None]) -> None:
        label, before = tr(tool.spec.label), last_step(session)
        if session.perform(label, write):
            tell_done(session, label, before)

    if session.document.is_editing:
        session.notices.inform(tr("Finish or cancel the drag first"))
        return
    try:
        work(session, tool, where, options, keep)
    except StudioError as error:
        session.notices.complain(error)
