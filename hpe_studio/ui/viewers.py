"""Video and 3D in one room: side by side, stacked, or one as an inset in the other."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.grips import Grip
from hpe_studio.ui.panes import ViewHeader
from hpe_studio.ui.viewer_layout import (
    Box,
    Side,
    ViewerLayout,
    corner_near,
    placed,
    share_at,
)

_SIZER_PX = 14


class ViewerPane(QWidget):
    """A viewer under its header; as an inset it has a frame and is dragged by it.

    Args:
        head: The header.
        view: The video or the viewport.
        tools: The column of tools over it; left out where there is little room.
    """

    def __init__(self, head: ViewHeader, view: QWidget, tools: QWidget) -> None:
        super().__init__()
        self.head = head
        self.view = view
        self._tools = tools
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="header")
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addWidget(head)
        self._column.addWidget(view, 1)
        self.show_as_inset(False)

    def show_as_inset(self, is_inset: bool) -> None:
        """Stand with a frame in front of the other viewer, or without beside it."""
        line = 1 if is_inset else 0
        self._column.setContentsMargins(line, line, line, line)
        look.set_role(self, role="inset" if is_inset else "header")
        self._tools.setVisible(not is_inset)
        if is_inset:
            self.head.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.head.unsetCursor()


class Viewers(QWidget):
    """The two panes and the line between them.

    Args:
        video: The video's pane.
        scene: The viewport's pane.
    """

    changed = Signal()

    def __init__(self, video: ViewerPane, scene: ViewerPane) -> None:
        super().__init__()
        self.panes: dict[Side, ViewerPane] = {"video": video, "scene": scene}
        self._layout = ViewerLayout()
        self._alone: Side | None = None
        self._drag_from: QPointF | None = None
        for pane in self.panes.values():
            pane.setParent(self)
            pane.head.installEventFilter(self)
        self.setMinimumSize(320, 180)
        self.grip = Grip(self, self.tr("Line between video and 3D"))
        self.grip.moved.connect(self._on_grip_moved)
        self.grip.reset.connect(self._on_grip_reset)
        self.sizer = Grip(self, self.tr("Size of the inset"))
        self.sizer.moved.connect(self._on_sizer_moved)

    @property
    def arrangement(self) -> ViewerLayout:
        """How they share the room."""
        return self._layout

    @arrangement.setter
    def arrangement(self, layout: ViewerLayout) -> None:
        self._layout = layout
        for side, pane in self.panes.items():
            pane.show_as_inset(side == layout.inset_side)
        self._place()
        self.changed.emit()

    @property
    def alone(self) -> Side | None:
        """The viewer that has all the room, if one has."""
        return self._alone

    @alone.setter
    def alone(self, side: Side | None) -> None:
        self._alone = side
        for each, pane in self.panes.items():
            pane.setVisible(side in (None, each))
            inset = side is None and each == self._layout.inset_side
            pane.show_as_inset(inset)
        self._place()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Share the new room."""
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line between the panes."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.colour("border.subtle"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Drag the inset by its header."""
        side = self._layout.inset_side
        if side is None or self._alone or watched is not self.panes[side].head:
            return False
        if not isinstance(event, QMouseEvent):
            return False
        return self._drag(self.panes[side], event)

    def _drag(self, pane: ViewerPane, event: QMouseEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            self._drag_from = event.globalPosition() - QPointF(pane.pos())
        elif event.type() == QEvent.Type.MouseMove and self._drag_from is not None:
            pane.move((event.globalPosition() - self._drag_from).toPoint())
            self.sizer.hide()
        elif event.type() == QEvent.Type.MouseButtonRelease and self._drag_from:
            self._drag_from = None
            middle = pane.geometry().center()
            corner = corner_near(middle.x(), middle.y(), self.width(), self.height())
            self.arrangement = ViewerLayout.from_json(
                self._layout.as_json() | {"corner": corner}
            )
        else:
            return False
        return True

    def _place(self) -> None:
        self.grip.hide()
        self.sizer.hide()
        if self._alone is not None:
            self.panes[self._alone].setGeometry(self.rect())
            return
        where = placed(self._layout, self.width(), self.height())
        self.panes["video"].setGeometry(_rect(where.video))
        self.panes["scene"].setGeometry(_rect(where.scene))
        side = self._layout.inset_side
        if where.line is not None:
            self.grip.place(_rect(where.line))
        elif side is not None:
            self.panes[side].raise_()
            self._place_sizer(self.panes[side].geometry())

    def _place_sizer(self, inset: QRect) -> None:
        """The inner corner of the inset is where it is pulled larger."""
        is_left = self._layout.corner.endswith("left")
        is_top = self._layout.corner.startswith("top")
        x = inset.right() - _SIZER_PX if is_left else inset.left()
        y = inset.bottom() - _SIZER_PX if is_top else inset.top()
        self.sizer.setGeometry(x, y, _SIZER_PX, _SIZER_PX)
        falls = is_left == is_top
        shape = Qt.CursorShape
        self.sizer.setCursor(shape.SizeFDiagCursor if falls else shape.SizeBDiagCursor)
        self.sizer.show()
        self.sizer.raise_()

    def _on_grip_moved(self, by: QPoint) -> None:
        where = placed(self._layout, self.width(), self.height()).line
        if where is None:
            return
        if self._layout.mode == "beside":
            changed = share_at(self._layout, where.x + by.x(), self.width())
        else:
            changed = share_at(self._layout, where.y + by.y(), self.height())
        self.arrangement = changed

    def _on_grip_reset(self) -> None:
        self.arrangement = self._layout.with_share(0.5)

    def _on_sizer_moved(self, by: QPoint) -> None:
        is_left = self._layout.corner.endswith("left")
        wider = by.x() if is_left else -by.x()
        inset = self._layout.inset + wider / max(self.width(), 1)
        self.arrangement = self._layout.with_inset(inset)


def _rect(box: Box) -> QRect:
    return QRect(box.x, box.y, box.width, box.height)
