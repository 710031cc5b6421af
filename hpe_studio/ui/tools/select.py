"""The tool that only selects: viewers do that themselves."""

from __future__ import annotations

from PySide6.QtGui import QMouseEvent, QPainter

from hpe_studio.ui.session import Session
from hpe_studio.ui.tools.base import Canvas


class SelectTool:
    """Leaves every press to the viewer.

    Args:
        session: Unused; tools are all made alike.
    """

    hint = "Click a person or a joint"

    def __init__(self, session: Session) -> None:
        self._session = session
        self.is_dragging = False

    def press(self, _canvas: Canvas, _event: QMouseEvent) -> bool:
        """Let the viewer select."""
        return False

    def move(self, _canvas: Canvas, _event: QMouseEvent) -> bool:
        """Let the viewer show what lies under the pointer."""
        return False

    def release(self, _canvas: Canvas, _event: QMouseEvent) -> bool:
        """Nothing to end."""
        return False

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """No handles."""

    def cancel(self) -> None:
        """Nothing to take back."""

    def lock_axis(self, _axis: str) -> None:
        """No axes."""
