"""What the actions do: short functions over the session and the window's few verbs.

One file per menu; the verbs that several panels share stand here too.
"""

from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.commands.persons import lock_person, recolour, rename, use_body

__all__ = ["Desk", "lock_person", "recolour", "rename", "session_of", "use_body"]
