"""One table of everything a person can do: it feeds menus, buttons, tooltips, keys.

One file per menu. A new command is a function in `ui/commands/` and a line in the
table of the menu it belongs to.
"""

from hpe_studio.ui.actions.actionset import ActionSet
from hpe_studio.ui.actions.spec import ActionSpec
from hpe_studio.ui.actions.table import ACTIONS, MENUS

__all__ = ["ACTIONS", "MENUS", "ActionSet", "ActionSpec"]
