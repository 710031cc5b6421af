"""The lanes: zoom, keys selected and moved, parts, rows shown."""

from __future__ import annotations

from functools import partial

from hpe_studio.core.viewstate import Selection
from hpe_studio.ui.commands.desk import Desk, session_of


def _ask(what: str, desk: Desk) -> None:
    """Let the lanes do something; see `LanesPanel.do`."""
    session_of(desk).requests.lanes_wanted.emit(what)


zoom_in = partial(_ask, "zoom_in")
zoom_out = partial(_ask, "zoom_out")
zoom_to_clip = partial(_ask, "zoom_to_clip")
zoom_to_shot = partial(_ask, "zoom_to_shot")
zoom_to_range = partial(_ask, "zoom_to_range")
zoom_to_selection = partial(_ask, "zoom_to_selection")
toggle_parts = partial(_ask, "toggle_parts")
select_all_keys = partial(_ask, "select_all_keys")
nudge_back = partial(_ask, "nudge_back")
nudge_forward = partial(_ask, "nudge_forward")


def _step_person(step: int, desk: Desk) -> None:
    session = session_of(desk)
    people = [person.id for person in session.persons]
    if not people:
        return
    active = session.view.selection.active
    if active in people:
        index = min(max(people.index(active) + step, 0), len(people) - 1)
    else:
        index = 0 if step > 0 else len(people) - 1
    session.view.selection = Selection(persons=(people[index],))


previous_person = partial(_step_person, -1)
next_person = partial(_step_person, 1)
