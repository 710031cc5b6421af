"""Grips over the lines between docks and what they surround."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow

from hpe_studio.ui.grips import Grip
from hpe_studio.ui.words import tr

_AREAS = Qt.DockWidgetArea
_PLACING = {
    QEvent.Type.Resize,
    QEvent.Type.Move,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seam:
    """A line beside a dock.

    Attributes:
        line: Where it lies.
        orientation: The way the dock grows.
        sign: +1 where the dock grows with the line's coordinate.
    """

    line: QRect
    orientation: Qt.Orientation
    sign: int


class Seams(QObject):
    """Keeps a wide grip over every thin line of a window with docks.

    Args:
        main: The window.
        docks: Its docks.
    """

    def __init__(self, main: QMainWindow, docks: tuple[QDockWidget, ...]) -> None:
        super().__init__(main)
        self._main = main
        self._docks = docks
        self._grips: dict[tuple[str, Qt.Orientation], Grip] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.place)
        for watched in (main, *docks):
            watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the docks."""
        if event.type() in _PLACING and not self._soon.isActive():
            self._soon.start()
        return False

    def grip_of(self, dock: QDockWidget) -> Grip | None:
        """The visible grip that makes a dock larger, if it has one."""
        for (name, _), grip in self._grips.items():
            if name == dock.objectName() and grip.isVisible():
                return grip
        return None

    def place(self) -> None:
        """Put every grip over its line and hide those without one."""
        used: set[tuple[str, Qt.Orientation]] = set()
        for dock in self._docks:
            for seam in self._seams_of(dock):
                key = (dock.objectName(), seam.orientation)
                used.add(key)
                self._grip(key, dock).place(seam.line)
        for key, grip in self._grips.items():
            if key not in used:
                grip.hide()

    def _grip(self, key: tuple[str, Qt.Orientation], dock: QDockWidget) -> Grip:
        if key not in self._grips:
            name = tr("Size of {}").format(dock.windowTitle())
            grip = Grip(self._main, name)
            self._grips[key] = grip

            def moved(by: QPoint) -> None:
                self._move(dock, key[1], by)

            grip.moved.connect(moved)
        return self._grips[key]

    def _move(self, dock: QDockWidget, orientation: Qt.Orientation, by: QPoint) -> None:
        seam = next(
            (s for s in self._seams_of(dock) if s.orientation == orientation), None
        )
        if seam is None:
            return
        if orientation == Qt.Orientation.Horizontal:
            size = dock.width() + seam.sign * by.x()
        else:
            size = dock.height() + seam.sign * by.y()
        self._main.resizeDocks([dock], [max(size, 1)], orientation)

    def _seams_of(self, dock: QDockWidget) -> list[_Seam]:
        if not self._is_seen(dock):
            return []
        box = dock.geometry()
        found = _outer_seam(self._main.dockWidgetArea(dock), box)
        seams = [found] if found is not None and self._has_centre() else []
        for other in self._docks:
            if other is not dock and self._is_seen(other):
                between = _seam_between(box, other.geometry())
                taken = {seam.orientation for seam in seams}
                if between is not None and between.orientation not in taken:
                    seams.append(between)
        return seams

    def _has_centre(self) -> bool:
        centre = self._main.centralWidget()
        return centre is not None and centre.isVisible()

    def _is_seen(self, dock: QDockWidget) -> bool:
        is_inside = self._main.rect().intersects(dock.geometry())
        return dock.isVisible() and not dock.isFloating() and is_inside


def _outer_seam(area: Qt.DockWidgetArea, box: QRect) -> _Seam | None:
    left, top = box.left(), box.top()
    across, up = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    lines = {
        _AREAS.LeftDockWidgetArea: (box.right() + 1, across, 1),
        _AREAS.RightDockWidgetArea: (left - 1, across, -1),
        _AREAS.TopDockWidgetArea: (box.bottom() + 1, up, 1),
        _AREAS.BottomDockWidgetArea: (top - 1, up, -1),
    }
    if area not in lines:
        return None
    at, orientation, sign = lines[area]
    line = (
        QRect(at, top, 1, box.height())
        if orientation == across
        else QRect(left, at, box.width(), 1)
    )
    return _Seam(line=line, orientation=orientation, sign=sign)


def _seam_between(box: QRect, other: QRect) -> _Seam | None:
    """The line to a dock directly below or at the right."""
    if other.top() == box.bottom() + 2 and other.left() == box.left():
        line = QRect(box.left(), box.bottom() + 1, box.width(), 1)
        return _Seam(line=line, orientation=Qt.Orientation.Vertical, sign=1)
    if other.left() == box.right() + 2 and other.top() == box.top():
        line = QRect(box.right() + 1, box.top(), 1, box.height())
        return _Seam(line=line, orientation=Qt.Orientation.Horizontal, sign=1)
    return None
