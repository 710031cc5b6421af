"""Mouse tools: one file each, one line in `TOOLS`."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QMouseEvent, QPainter

from hpe_studio.ui.first_answer import FirstAnswer
from hpe_studio.ui.pin_marks import paint_pins
from hpe_studio.ui.session import Session
from hpe_studio.ui.tools.base import Canvas, Tool
from hpe_studio.ui.tools.box import AgainBoxTool, BoxTool
from hpe_studio.ui.tools.move import MoveBodyTool, MoveTool
from hpe_studio.ui.tools.rotate import RotateTool
from hpe_studio.ui.tools.select import SelectTool

TOOLS: dict[str, type[SelectTool | MoveTool | RotateTool]] = {
    "select": SelectTool,
    "move": MoveTool,
    "rotate": RotateTool,
    "move_body": MoveBodyTool,
}
"""Those with a button beside the viewers."""

ERRANDS: dict[str, type[BoxTool]] = {"box": BoxTool, "again_box": AgainBoxTool}
"""Those that a command takes in hand for one drag."""


def hint_of(tool: str) -> str:
    """What a tool does, in a short phrase."""
    return (TOOLS | ERRANDS)[tool].hint


class ToolBox(QObject):
    """The tools of a session, shared by its viewers.

    Args:
        session: Whose `ViewState.tool` says which one is in hand.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._tools: Mapping[str, Tool] = {
            name: make(session) for name, make in (TOOLS | ERRANDS).items()
        }
        self._answer = FirstAnswer(session.bridge)
        session.requests.cancel_wanted.connect(self._on_cancel_wanted)
        session.requests.axis_wanted.connect(self._on_axis_wanted)
        session.bridge.tool_changed.connect(self._on_tool_changed)
        session.bridge.frame_changed.connect(self._on_frame_changed)

    @property
    def active(self) -> Tool:
        """The tool in hand."""
        return self._tools[self._session.view.tool]

    def press(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Begin a drag; False leaves the press to the viewer."""
        with self._answer.to_press(canvas):
            return self.active.press(canvas, event)

    def move(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Go on with a drag; False where there is none."""
        with self._answer.to_move(canvas):
            return self.active.move(canvas, event)

    def release(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """End a drag; False where there is none."""
        return self.active.release(canvas, event)

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Draw the tool's handles over a viewer."""
        self.active.paint(painter, canvas)
        paint_pins(painter, self._session, canvas)

    def cancel(self) -> None:
        """Take back whatever drag goes on."""
        for tool in self._tools.values():
            if tool.is_dragging:
                tool.cancel()

    def _on_cancel_wanted(self) -> None:
        self.active.cancel()

    def _on_axis_wanted(self, axis: str) -> None:
        self.active.lock_axis(axis)

    def _on_tool_changed(self, _tool: str) -> None:
        self.cancel()

    def _on_frame_changed(self, _frame: int) -> None:
        self.cancel()
