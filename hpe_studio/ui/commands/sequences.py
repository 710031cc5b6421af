"""Ground truth as animation."""

from __future__ import annotations

from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.sequences import start_playing_truth


def play_truth(desk: Desk) -> None:
    """Let bodies follow the true points."""
    start_playing_truth(session_of(desk))
