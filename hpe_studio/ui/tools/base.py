"""What a mouse tool is, and what it works on."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtGui import QMouseEvent, QPainter

from hpe_studio.render.theme import Theme
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.render.viewtransform import ViewTransform
from hpe_studio.ui.bridge import Touched


class Canvas(Protocol):
    """A viewer in which tools draw and drag: the video or the viewport."""

    def scene_view(self) -> ViewCamera:
        """How scene metres are seen in the viewer's logical pixels."""
        ...

    @property
    def ink_theme(self) -> Theme:
        """The theme whose inks are clear on what is painted there."""
        ...

    @property
    def picture_transform(self) -> ViewTransform | None:
        """Where the footage lies in it; None in the viewport."""
        ...

    def update(self) -> None:
        """Paint again soon."""
        ...

    def repaint(self) -> None:
        """Paint at once."""
        ...

    def catch_up(self, touched: Touched, /) -> None:
        """Take in what changed, to be the first that shows it."""
        ...


class Tool(Protocol):
    """One way the left mouse button works."""

    @property
    def hint(self) -> str:
        """What it does, for the status bar."""
        ...

    @property
    def is_dragging(self) -> bool:
        """True between press and release."""
        ...

    def press(self, canvas: Canvas, event: QMouseEvent, /) -> bool:
        """Begin a drag; False leaves the press to the viewer (selecting)."""
        ...

    def move(self, canvas: Canvas, event: QMouseEvent, /) -> bool:
        """Go on with a drag, or light up what lies under the pointer."""
        ...

    def release(self, canvas: Canvas, event: QMouseEvent, /) -> bool:
        """End a drag."""
        ...

    def paint(self, painter: QPainter, canvas: Canvas, /) -> None:
        """Draw handles over a viewer."""
        ...

    def cancel(self) -> None:
        """Take back what the drag did."""
        ...

    def lock_axis(self, axis: str, /) -> None:
        """Only turn or move along an axis ("x", "y", "z"); again: all of them."""
        ...
