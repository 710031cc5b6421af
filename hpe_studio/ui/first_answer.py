"""A gesture's first picture: what is under the hand, before all that follows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hpe_studio.ui.bridge import Bridge, Pane


class FirstAnswer:
    """Lets the pane under the hand answer a press, and the first move that tells.

    Later moves are painted by all views together, in one turn of the event loop.

    Args:
        bridge: What else would tell everybody at once.
    """

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._is_due = False

    @contextmanager
    def to_press(self, pane: Pane) -> Iterator[None]:
        """Within it a gesture begins in a pane."""
        self._is_due = True
        with self._bridge.answering(pane):
            yield

    @contextmanager
    def to_move(self, pane: Pane) -> Iterator[None]:
        """Within it the gesture goes on; nothing is held back once it has answered."""
        if not self._is_due:
            yield
            return
        before = self._bridge.answers
        with self._bridge.answering(pane):
            yield
        self._is_due = self._bridge.answers == before
