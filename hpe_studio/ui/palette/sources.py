"""Fills the palette from a window: its actions, its frames, its people."""

from __future__ import annotations

from functools import partial

from hpe_studio.ui.actions import ACTIONS, ActionSet
from hpe_studio.ui.actions.spec import ActionSpec
from hpe_studio.ui.commands.problems import go_to as go_to_problem
from hpe_studio.ui.palette.places import frame_of
from hpe_studio.ui.palette.rows import Row
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text, range_text, timecode
from hpe_studio.ui.words import tr

PREFIXES = (">", "@", "#", "?")


def action_rows(actions: ActionSet) -> list[Row]:
    """A row for every action of the table."""
    return [_action_row(actions, spec) for spec in ACTIONS]


def frame_rows(session: Session | None, typed: str) -> list[Row]:
    """The frame that was typed, as one row; an example before anything is typed."""
    if session is None:
        return [_told(tr("Go to a frame"), tr("needs an open clip"))]
    clip = session.document.clip
    frame = frame_of(typed, clip, session.view.frame)
    if frame is None:
        hint = tr("type 153, +10, 5 s or 00:00:05:03")
        return [_told(tr("Go to a frame"), hint)]
    number = frame_text(frame, clip.frame_count)
    return [
        Row(
            id="frame",
            text=tr("Go to frame {number}").format(number=number),
            group=tr("Frame"),
            detail=timecode(clip, frame),
            icon="skip-forward",
            run=partial(_go_to, session, frame),
        )
    ]


def person_rows(session: Session | None) -> list[Row]:
    """A row for everybody."""
    persons = () if session is None else session.persons
    if session is None or not persons:
        return [_told(tr("Select a person"), tr("nobody is here yet"))]
    return [
        Row(
            id=f"person:{person.id}",
            text=person.name,
            group=tr("People"),
            detail=tr("locked") if person.locked else "",
            person=person,
            run=partial(session.select, person.id),
        )
        for person in persons
    ]


def problem_rows(session: Session | None) -> list[Row]:
    """A row for every open problem, worst first."""
    if session is None:
        return [_told(tr("Go to a problem"), tr("needs an open clip"))]
    problems = session.problems
    found = [one.finding for one in problems.everything if one.is_open]
    if not found:
        return [_told(tr("Go to a problem"), tr("no open problems"))]
    count = session.document.clip.frame_count
    return [
        Row(
            id="",
            text=finding.title,
            group=tr(problems.labels[finding.kind]),
            detail=range_text(finding.start, finding.stop, count),
            person=session.document.persons[finding.person_id],
            run=partial(go_to_problem, session, finding),
        )
        for finding in found
    ]


def _action_row(actions: ActionSet, spec: ActionSpec) -> Row:
    action = actions[spec.id]
    within = f"{tr(spec.submenu)}: " if spec.submenu else ""
    lacking = actions.why_off(spec.id)
    ticked = tr("on") if action.isCheckable() and action.isChecked() else ""
    return Row(
        id=f"action:{spec.id}",
        text=within + action.text(),
        group=tr(spec.menu),
        detail=tr(lacking) if lacking else ticked,
        keys=actions.keys_of(spec.id),
        icon=spec.icon,
        action_id=spec.id,
        run=None if lacking else action.trigger,
    )


def _told(text: str, detail: str) -> Row:
    return Row(id="", text=text, detail=detail)


def _go_to(session: Session, frame: int) -> None:
    session.playback.stop()
    session.view.frame = frame
