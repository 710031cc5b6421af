"""Draw a box around somebody in the video: whom to follow from there."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QMouseEvent, QPainter, QPen

from hpe_studio.ui import look
from hpe_studio.ui.box_runs import add_from_box, run_again_from_box
from hpe_studio.ui.session import Session
from hpe_studio.ui.tools.base import Canvas

_LEAST_PX = 6.0


class BoxTool:
    """A rectangle on the frame shown; released, the person in it is followed.

    Args:
        session: Who gains the person.
    """

    hint = "Drag a box around the whole person"

    def __init__(self, session: Session) -> None:
        self._session = session
        self._canvas: Canvas | None = None
        self._from = QPointF()
        self._to = QPointF()

    @property
    def is_dragging(self) -> bool:
        """True between press and release."""
        return self._canvas is not None

    def press(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Begin the box; the 3D view is left alone."""
        if canvas.picture_transform is None or self._session.document.is_editing:
            return False
        self._session.playback.stop()
        self._canvas = canvas
        self._from = self._to = event.position()
        return True

    def move(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Draw it out."""
        if self._canvas is None:
            return canvas.picture_transform is not None
        self._to = event.position()
        canvas.update()
        return True

    def release(self, canvas: Canvas, _event: QMouseEvent) -> bool:
        """Follow the person in it and put the tool down."""
        drawn, self._canvas = self._canvas, None
        canvas.update()
        seen = canvas.picture_transform
        if drawn is None or seen is None:
            return False
        box = QRectF(self._from, self._to).normalized()
        if min(box.width(), box.height()) < _LEAST_PX:
            return True
        self._session.view.tool = "select"
        ends = np.array([[box.left(), box.top()], [box.right(), box.bottom()]])
        (x0, y0), (x1, y1) = seen.to_picture(ends).tolist()
        self._use((x0, y0, x1, y1))
        return True

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Draw the box while it is dragged."""
        if self._canvas is not canvas:
            return
        painter.setPen(QPen(look.colour("video.tag_text", alpha=0.95), 1.5))
        painter.setBrush(look.colour("accent.fill", alpha=0.15))
        painter.drawRect(QRectF(self._from, self._to).normalized())

    def cancel(self) -> None:
        """Forget the box."""
        canvas, self._canvas = self._canvas, None
        if canvas is not None:
            canvas.update()

    def lock_axis(self, _axis: str) -> None:
        """No axes."""

    def _use(self, box_px: tuple[float, float, float, float]) -> None:
        add_from_box(self._session, box_px)


class AgainBoxTool(BoxTool):
    """The same for the selected person over the range: corrections stay."""

    hint = "Drag a box around the selected person"

    def _use(self, box_px: tuple[float, float, float, float]) -> None:
        run_again_from_box(self._session, box_px)
