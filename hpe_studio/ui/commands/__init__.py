"""What the actions do: short functions over the session and the window's few verbs.

One file per menu; the verbs that several panels share stand here too.
"""

from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.commands.persons import (
    add_person,
    delete_people,
    give_track,
    lock_people,
    lock_person,
    recolour,
    recolour_people,
    rename,
    use_body,
)

__all__ = [
    "Desk",
    "add_person",
    "delete_people",
    "give_track",
    "lock_people",
    "lock_person",
    "recolour",
    "recolour_people",
    "rename",
    "session_of",
    "use_body",
]
