"""Several people at once: made one, ignored; and people run from a box."""

from __future__ import annotations

from collections.abc import Iterable

from hpe_studio.core.edit import Edit
from hpe_studio.edits import merge, people
from hpe_studio.ui import box_runs
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.commands.persons import people_of, title_of
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr


def merge_selected(desk: Desk) -> None:
    """Make one person of the selected ones; the first of the list stays."""
    session = session_of(desk)
    chosen = people_of(session, session.view.selection.persons)
    if len(chosen) > 1:
        merge_people(session, chosen[0].id, [other.id for other in chosen[1:]])


def merge_people(session: Session, kept_id: int, others: Iterable[int]) -> None:
    """Give one person all that others have, within a shot and across cuts.

    Args:
        session: Whose people.
        kept_id: Who stays.
        others: Who goes.
    """
    document = session.document
    kept = document.persons[kept_id]
    gone = [p for p in people_of(session, others) if p.id != kept_id]
    overlap = 0

    def write(edit: Edit) -> None:
        nonlocal overlap
        for other in gone:
            stays = document.persons[kept_id]
            overlap += merge.merge_people(edit, document, stays, other).overlap

    title = title_of(gone)
    label = tr("Merge {other} into {name}").format(other=title, name=kept.name)
    if not gone or not session.perform(label, write):
        return
    session.select(kept_id)
    told = tr("{other} is {name} now").format(other=title, name=kept.name)
    if overlap:
        both = tr("on {count} frames both were there and the surer one was kept")
        told = f"{told}; {both.format(count=overlap)}"
    session.notices.say(told, action="undo")


def toggle_ignored(desk: Desk) -> None:
    """Ignore the selected people; where all are ignored, count them in again."""
    session = session_of(desk)
    chosen = people_of(session, session.view.selection.persons)
    ignored = not all(person.ignored for person in chosen)
    changing = [person for person in chosen if person.ignored != ignored]

    def write(edit: Edit) -> None:
        for person in changing:
            people.set_ignored(edit, person, ignored=ignored)

    title = title_of(changing)
    verb = tr("Ignore {}") if ignored else tr("Count {} in")
    if changing and session.perform(verb.format(title), write):
        left = tr("{} ignored: left out of problems, metrics and export")
        told = left if ignored else tr("{} counts again")
        session.notices.say(told.format(title), action="undo")


def draw_box(desk: Desk) -> None:
    """Let a person draw a box around somebody the estimator missed."""
    session_of(desk).view.tool = "box"


def draw_again_box(desk: Desk) -> None:
    """Let a person draw a box from which the selected person is run again."""
    session_of(desk).view.tool = "again_box"


def run_again(desk: Desk) -> None:
    """Run the estimator on the selected person again, over the range or shot."""
    box_runs.run_again(session_of(desk))


def refit(desk: Desk) -> None:
    """Fit the selected person to the corrected points, over the range or frame."""
    box_runs.refit_range(session_of(desk))
