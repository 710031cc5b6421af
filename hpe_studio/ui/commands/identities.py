"""Who is who: swap people, give tracks, cut and join them."""

from __future__ import annotations

from functools import partial

from hpe_studio.core.edit import Edit
from hpe_studio.core.person import Person
from hpe_studio.edits import identities, people, tracks
from hpe_studio.edits.scope import Scope, scope_range
from hpe_studio.ui.commands import lanes
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.commands.finding import next_track, pair_here, track_here
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr


def swap_people(desk: Desk) -> None:
    """Exchange two people, after asking over which frames."""
    session = session_of(desk)
    pair = pair_here(session)
    if pair is None:
        return
    one, other = pair
    title = tr("Swap {one} and {other}").format(one=one.name, other=other.name)
    then = partial(_swap, session, one, other, title)
    desk.hands.ask_scope(title, kind="swap", then=then)


def _swap(
    session: Session, one: Person, other: Person, label: str, scope: Scope
) -> None:
    start, stop = scope_range(session.document, session.view.frame, scope)
    done = session.perform(
        label,
        partial(
            identities.swap_people,
            document=session.document,
            one=one,
            other=other,
            start=start,
            stop=stop,
        ),
    )
    if done:
        told = tr("{one} and {other} swapped")
        session.notices.say(told.format(one=one.name, other=other.name), action="undo")


def _give(number: int, desk: Desk) -> None:
    """Give the selected person's track to the n-th person, after asking how far."""
    session = session_of(desk)
    giver, persons = session.active_person, session.persons
    if giver is None:
        return
    if number > len(persons) + 1:
        told = tr("There is no person {number}").format(number=number)
        session.notices.inform(told)
        return
    taker = persons[number - 1] if number <= len(persons) else None
    if taker is not None and taker.id == giver.id:
        told = tr("{name} has this track already").format(name=giver.name)
        session.notices.inform(told)
        return
    name = tr("a new person") if taker is None else taker.name
    title = tr("Give {giver}'s track to {taker}").format(giver=giver.name, taker=name)
    then = partial(_hand_over, session, giver, taker, title)
    desk.hands.ask_scope(title, kind="give", then=then)


def _hand_over(
    session: Session, giver: Person, taker: Person | None, label: str, scope: Scope
) -> None:
    document = session.document
    start, stop = scope_range(document, session.view.frame, scope)

    def write(edit: Edit) -> None:
        other = people.add_person(edit, document) if taker is None else taker
        identities.swap_people(edit, document, giver, other, start=start, stop=stop)

    if session.perform(label, write):
        here = document.track_at(giver.id, session.view.frame)
        taken = taker or session.persons[-1]
        told = tr("{taker} has it now") if here is None else tr("{taker} swapped in")
        session.select(taken.id)
        session.notices.say(told.format(taker=taken.name), action="undo")


GIVE = tuple(partial(_give, number) for number in range(1, 10))
"""Commands that give the track to person 1 to 9."""


def cut_track(desk: Desk) -> None:
    """Cut the selected person's track before the frame shown."""
    session = session_of(desk)
    track = track_here(session)
    if track is not None:
        session.perform(
            tr("Cut track"),
            partial(
                tracks.cut_track,
                document=session.document,
                track=track,
                frame=session.view.frame,
            ),
        )


def join_tracks(desk: Desk) -> None:
    """Join the selected person's track with the next one of the shot."""
    session = session_of(desk)
    track, following = track_here(session), next_track(session)
    if track is None or following is None:
        return
    done = session.perform(
        tr("Join tracks"),
        partial(
            tracks.join_tracks,
            document=session.document,
            first=track,
            second=following,
        ),
    )
    missing = following.start - track.stop
    if done and missing:
        told = tr("Joined; {count} frames in between are missing")
        session.notices.say(told.format(count=missing), action="undo")


def select_all(desk: Desk) -> None:
    """Select everybody whose eyes are open; in the lanes, all keys."""
    session, workspace = session_of(desk), desk.workspace
    if workspace is not None and workspace.lanes.canvas.hasFocus():
        lanes.select_all_keys(desk)
        return
    seen = [p.id for p in session.persons if session.view.is_visible(p.id)]
    for person_id in seen:
        session.pick(person_id, None, is_adding=True)
