"""What stands in the lanes while nobody has been found yet."""

from __future__ import annotations

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.empty import EmptyState
from hpe_studio.ui.words import tr


class EmptyLanes(EmptyState):
    """One sentence and the button that runs the estimation.

    Args:
        actions: Where the button's action is.
    """

    def __init__(self, actions: ActionSet) -> None:
        self._run = actions["run"]
        super().__init__("users", tr("No tracks yet"), action=self._run, is_wide=True)
        self.button.setIcon(look.icon("scan-face", 14, ink="accent.on"))
        self.button.setToolTip(tr("Find the people in the clip"))
        self._run.changed.connect(self._on_run_changed)
        self._on_run_changed()

    def _on_run_changed(self) -> None:
        self.say(
            tr("Run finds the people in the clip")
            if self._run.isEnabled()
            else tr("They appear here when people have been found")
        )
