"""Panoptic sequences in the window: other cameras, truth, bodies that follow it."""

from __future__ import annotations

from functools import partial

from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr
from hpe_studio.workflow.importing import Imported
from hpe_studio.workflow.play_truth import apply_truth, play_truth_job
from hpe_studio.workflow.sequences import (
    SequenceParts,
    complete,
    complete_job,
    is_incomplete,
)


def start_completing(session: Session) -> None:
    """Add a sequence's other cameras and its truth once its first picture is shown."""
    if session.project.is_read_only or not is_incomplete(session.document):
        return
    session.jobs.start(
        tr("Opening the other cameras"),
        complete_job(session.document),
        on_result=partial(_on_parts, session),
    )


def start_playing_truth(session: Session) -> None:
    """Fit bodies to the truth in the background and add them as a take."""
    session.jobs.start(
        tr("Fitting bodies to the truth"),
        play_truth_job(session.document),
        on_result=partial(_on_fitted, session),
    )


def _on_parts(session: Session, parts: SequenceParts) -> None:
    complete(session.document, parts)
    said = tr("Cameras: {views}; people with ground truth: {people}")
    views, people = len(parts.views) + 1, len(parts.truths)
    session.notices.say(said.format(views=views, people=people))
    _tell(session, parts.notes)


def _on_fitted(session: Session, imported: Imported) -> None:
    apply_truth(session.document, imported)
    _tell(session, imported.notes)


def _tell(session: Session, notes: tuple[str, ...]) -> None:
    """The first sentence, and how many more the take or the sequence has."""
    if len(notes) > 1:
        text = tr("{first} (and {count} more)")
        session.notices.say(text.format(first=notes[0], count=len(notes) - 1))
    elif notes:
        session.notices.say(notes[0])
