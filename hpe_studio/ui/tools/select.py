"""The tool that selects: viewers do that; it only drags the joint that is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent

from hpe_studio.render.pulling import Sight
from hpe_studio.ui.tools.base import Canvas
from hpe_studio.ui.tools.move import MoveTool

_DISC_PX = 8.0


class SelectTool(MoveTool):
    """Leaves presses to the viewer, but for one on the selected joint's white disc.

    That joint is dragged as by the move tool, once the hand has gone far enough that
    it cannot be a click.

    Args:
        session: Whose joints are moved.
    """

    hint = "Click a person or a joint"
    has_handles = False
    threshold_px = 5.0

    def press(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Take hold of the selected joint; let the viewer select all else."""
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False  # adds to the selection
        return super().press(canvas, event)

    def lock_axis(self, axis: str) -> None:
        """An axis is locked only while something is dragged."""
        if self.is_dragging:
            super().lock_axis(axis)

    def _joint_at(self, sight: Sight, x: float, y: float) -> tuple[int, int] | None:
        """The selected joint, where its disc is under the pointer."""
        found = self._selected()
        if found is None:
            return None
        posed, joint = found
        at = sight.project(posed.joints_scene_m[joint])
        away = (float(at[0]) - x) ** 2 + (float(at[1]) - y) ** 2
        return (posed.person_id, joint) if away <= _DISC_PX**2 else None
