"""Clean-up by one press: over the range, else the shot; the limb selected, else all."""

from __future__ import annotations

from collections.abc import Callable

from hpe_studio.edits.tools import TOOLS
from hpe_studio.ui import cleaning
from hpe_studio.ui.commands.desk import Desk, session_of

_OF_THE_LIMB = (
    "smooth",
    "fill",
    "make_anew",
    "keep_to_limits",
    "fill_from_mirror",
    "leave_out",
    "take_in",
)


def use(tool_id: str) -> Callable[[Desk], None]:
    """A command that uses a tool with its defaults."""

    def command(desk: Desk) -> None:
        session = session_of(desk)
        limb = cleaning.limb_here(session)
        is_limb = tool_id in _OF_THE_LIMB or TOOLS[tool_id].needs_limb
        where = cleaning.Where(limb=limb if is_limb else cleaning.WHOLE)
        cleaning.run(session, tool_id, where, {})

    command.__doc__ = TOOLS[tool_id].about
    return command
