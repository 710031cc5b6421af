"""Runs that begin at a person: from a drawn box, again on a range, a refit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer

from hpe_studio.body import open_body
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job
from hpe_studio.core.person import Person
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Track
from hpe_studio.estimators.blazepose import SPEC
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr
from hpe_studio.workflow import follow_box, refit
from hpe_studio.workflow.fit_people import FittedPerson
from hpe_studio.workflow.follow_box import Followed
from hpe_studio.workflow.follow_plan import Box, FollowPlan, plan_again, plan_follow
from hpe_studio.workflow.refit import RefitPlan

_WAIT_MS = 40


class PersonRun(QObject):
    """A job whose result is one step; it waits while a gesture goes on.

    Args:
        session: Where it goes.
        title: Shown in the list of jobs.
        job: What to do.
        then: Applies the result in the window's thread.
    """

    def __init__(
        self,
        session: Session,
        title: str,
        job: Job[Any],
        then: Callable[[Any], None],
    ) -> None:
        super().__init__(session.requests)
        self._session, self._then = session, then
        session.jobs.make_way()
        session.finds.begin(SPEC.landmark_set)
        session.jobs.start(
            title,
            job,
            on_result=self._on_result,
            on_cancelled=self._on_stopped,
            on_partial=session.finds.add,
        )

    def _on_result(self, result: object) -> None:
        if self._session.document.is_editing:
            QTimer.singleShot(_WAIT_MS, self, partial(self._on_result, result))
            return
        self._session.finds.clear()
        try:
            self._then(result)
        except StudioError as error:
            self._session.notices.complain(error)
        self.deleteLater()

    def _on_stopped(self) -> None:
        self._session.finds.clear()
        self.deleteLater()


def add_from_box(session: Session, box_px: Box) -> None:
    """Follow whoever is in a box; the selected person where missing, else new.

    Args:
        session: Where the person goes.
        box_px: Two corners on the frame shown, stored pixels.
    """
    person = missing_person(session)
    _start(session, box_px, person=person, frames=None)


def run_again_from_box(session: Session, box_px: Box) -> None:
    """Run the selected person again over the range, from a box on the frame shown."""
    person = session.active_person
    if person is not None:
        _start(session, box_px, person=person, frames=range_of(session))


def run_again(session: Session) -> None:
    """Run the selected person again over the play range, else the shot."""
    person = session.active_person
    if person is None:
        return
    try:
        plan = plan_again(
            session.document,
            session.poser.body,
            person=person,
            frames=range_of(session),
        )
    except StudioError as error:
        session.notices.complain(error)
    else:
        _follow(session, plan)


def refit_range(session: Session) -> None:
    """Fit the selected person again over the play range, else on the frame shown."""
    track = session.active_track
    if track is None:
        return
    frame = session.view.frame
    start, stop = session.view.play_range or (frame, frame + 1)
    try:
        body = session.poser.body
        plan = refit.plan_refit(session.document, body, track, start=start, stop=stop)
    except StudioError as error:
        session.notices.complain(error)
        return
    then = partial(_on_refitted, session, plan)
    PersonRun(session, tr("Refit"), refit.refit_job(plan), then)


def range_of(session: Session) -> tuple[int, int]:
    """The play range where it holds the frame shown, else its shot."""
    frame, chosen = session.view.frame, session.view.play_range
    shot = session.document.shot_at(frame)
    return chosen if chosen is not None else (shot.start, shot.stop)


def missing_person(session: Session) -> Person | None:
    """The only selected person, where not to be seen on the frame shown."""
    if len(session.view.selection.persons) != 1:
        return None
    person, track = session.active_person, session.active_track
    if track is None:
        return person
    at = session.view.frame - track.start
    return person if _is_missing(track, at) else None


def _is_missing(track: Track, row: int) -> bool:
    return bool(track.base_root_m[row, 0] != track.base_root_m[row, 0])


def _start(
    session: Session,
    box_px: Box,
    *,
    person: Person | None,
    frames: tuple[int, int] | None,
) -> None:
    body = session.poser.body
    tracks = () if person is None else session.document.tracks_of(person.id)
    if tracks and tracks[0].skeleton != body.skeleton.name:
        body = open_body(skeleton(tracks[0].skeleton).joint_count)
    try:
        plan = plan_follow(
            session.document,
            body,
            frame=session.view.frame,
            box_px=box_px,
            person=person,
            frames=frames,
        )
    except StudioError as error:
        session.notices.complain(error)
    else:
        _follow(session, plan)


def _follow(session: Session, plan: FollowPlan) -> None:
    if session.footage is None:
        session.notices.inform(tr("The footage is not at hand"), action="locate")
        return
    job = follow_box.follow_job(session.footage, plan)
    then = partial(_on_followed, session)
    PersonRun(session, tr("Following the person"), job, then)


def _on_followed(session: Session, followed: Followed) -> None:
    known = session.document.persons.get(followed.plan.person_id or -1)
    label = tr("Add person") if known is None else f"{tr('Run again')}: {known.name}"
    person = follow_box.apply_followed(session.document, followed, label=label)
    seen = followed.fitted.tracklet
    session.select(person.id)
    told = tr("{name} followed over {count} frames")
    said = told.format(name=person.name, count=seen.stop - seen.start)
    session.notices.say(said, action="undo")


def _on_refitted(session: Session, plan: RefitPlan, fitted: FittedPerson) -> None:
    count = refit.apply_refit(session.document, plan, fitted)
    told = tr("1 frame") if count == 1 else tr("{} frames").format(count)
    said = tr("Refit {}; keys keep their poses").format(told)
    session.notices.say(said, action="undo")
