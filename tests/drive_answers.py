"""Verbs of a hand whose first answer is watched: what is painted, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from hpe_studio.edits import pose
from hpe_studio.render.gizmo import hit_ring, ring_points_px
from hpe_studio.ui.field_parts import DragLabel
from hpe_studio.ui.inspector.rotation import RotationSection
from tests.drive_hands import joint_px, send_mouse
from tests.driver import StudioDriver

WHO, JOINT, FRAME = "Person A", "left_elbow", 10
Place = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pull:
    """A press and a move that begin a gesture.

    Attributes:
        widget: Where the button is pressed.
        start: Where.
        stop: Where the pointer goes; None for a mere press.
        pane: Name of the pane that is to answer.
    """

    widget: Any
    start: Place
    stop: Place | None
    pane: str


class PaintWatch(QObject):
    """Notes which panes are painted, in order.

    Args:
        driver: Whose panes.
    """

    def __init__(self, driver: StudioDriver) -> None:
        super().__init__()
        self.painted: list[str] = []
        self._names = {id(pane): name for name, pane in _panes(driver).items()}
        self._panes = tuple(_panes(driver).values())
        for pane in self._panes:
            pane.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a pane."""
        if event.type() == QEvent.Type.Paint:
            self.painted.append(self._names[id(watched)])
        return False

    def stop(self) -> None:
        """Note no more."""
        for pane in self._panes:
            pane.removeEventFilter(self)


def _panes(driver: StudioDriver) -> dict[str, QWidget]:
    workspace = driver.workspace
    panes = {
        "video": workspace.video,
        "viewport": workspace.viewport,
        "lanes": workspace.lanes.canvas,
        "labels": workspace.lanes.labels,
        "people": workspace.outliner.tree.viewport(),
        "field": field_of(driver),
    }
    if workspace.curves.canvas is not None:
        panes["curves"] = workspace.curves.canvas
    return panes


def field_of(driver: StudioDriver) -> QWidget:
    """The first angle in the inspector."""
    return driver.workspace.inspector.findChild(RotationSection).fields[0]


def made_ready(driver: StudioDriver) -> None:
    """A selected joint with a key on the frame shown, and a play range; at rest."""
    driver.session.view.frame = FRAME
    driver.session.view.play_range = (5, 20)
    person = driver.person(WHO)
    joint = driver.joint_index(person, JOINT)
    driver.session.select(person.id, joint)
    track = driver.session.active_track
    assert track is not None
    with driver.document.edit("Key") as edit:
        pose.rotate_joint(
            edit,
            driver.document,
            track,
            frame=FRAME,
            joint=joint,
            delta_parent_rad=np.array([0.2, 0.0, 0.1]),
        )
    driver.session.view.tool = "rotate"
    driver.wait_idle()


def pull_of(driver: StudioDriver, name: str) -> Pull:
    """A gesture by its name: what of it, and in which pane ("ring in video")."""
    what, _, where = name.partition(" in ")
    if what in ("ring", "joint"):
        canvas = driver.video if where == "video" else driver.viewport
        if what == "joint":
            driver.session.view.tool = "move"
            driver.wait_idle()
            x, y = joint_px(driver, WHO, JOINT, canvas).tolist()
            return Pull(widget=canvas, start=(x, y), stop=(x + 15, y - 8), pane=where)
        start, stop = _on_ring(driver, canvas)
        return Pull(widget=canvas, start=start, stop=stop, pane=where)
    if where == "lanes":
        return _lane_pull(driver, what)
    if what == "row":
        rect = driver.row_rect("person", driver.person("Person B").id)
        at = (rect.center().x(), rect.center().y())
        return Pull(widget=driver.tree.viewport(), start=at, stop=None, pane="people")
    if what == "number":
        label = field_of(driver).findChild(DragLabel)
        return Pull(widget=label, start=(3, 6), stop=(27, 6), pane="field")
    canvas = driver.workspace.curves.canvas
    assert canvas is not None
    canvas.grab()  # rows find their ranges when they are painted
    found = canvas.diamonds()[0]
    stop = (found.x, found.y - 12)
    return Pull(widget=canvas, start=(found.x, found.y), stop=stop, pane="curves")


def _on_ring(driver: StudioDriver, canvas: Any) -> tuple[Place, Place]:
    rings, view = driver.gizmo(), canvas.scene_view()
    points = ring_points_px(rings, view, "view")
    free = [i for i, at in enumerate(points) if hit_ring(rings, view, *at) == "view"]
    start, stop = points[free[0]], points[(free[0] + 6) % len(points)]
    return tuple(start.tolist()), tuple(stop.tolist())


def _lane_pull(driver: StudioDriver, what: str) -> Pull:
    lanes = driver.lanes
    x, y = lanes.x_of(FRAME), lanes.y_of(driver.person(WHO).id)
    if what == "playhead":
        start, stop = (x, 10.0), (lanes.x_of(FRAME + 6), 10.0)
    elif what == "key":
        start, stop = (x, y), (lanes.x_of(FRAME + 3), y)
    else:
        kind, height = ("range_out", 14.0) if what == "range" else ("blend_out", y)
        if what == "blend":
            track = driver.session.active_track
            assert track is not None
            selection = driver.session.view.selection
            keys = frozenset({(track.id, FRAME)})
            driver.session.view.selection = type(selection)(
                persons=selection.persons, joint=selection.joint, keys=keys
            )
            driver.wait_idle()
        start = (_first_hit(driver, kind, height), height)
        stop = (start[0] + 60, height)
    return Pull(widget=lanes, start=start, stop=stop, pane="lanes")


def _first_hit(driver: StudioDriver, kind: str, y: float) -> float:
    lanes = driver.lanes
    xs = (x for x in range(lanes.width()) if lanes.hit_at(QPointF(x, y)).kind == kind)
    return float(next(xs))


def begin(pull: Pull) -> None:
    """Press and move, without a turn of the event loop in between or after."""
    send_mouse(pull.widget, QEvent.Type.MouseButtonPress, pull.start)
    if pull.stop is not None:
        send_mouse(pull.widget, QEvent.Type.MouseMove, pull.stop)


def end(driver: StudioDriver, pull: Pull) -> None:
    """Take it back and let go."""
    driver.session.requests.cancel_wanted.emit()
    kind = QEvent.Type.MouseButtonRelease
    send_mouse(pull.widget, kind, pull.stop or pull.start)
    driver.session.requests.cancel_wanted.emit()
    driver.settle()


def screen(driver: StudioDriver) -> QImage:
    """What Qt has brought to the screen of the window."""
    window = driver.window
    return window.screen().grabWindow(window.winId()).toImage()


def region(driver: StudioDriver, image: QImage, pane: str) -> QImage:
    """The part of a screen that a pane covers."""
    widget = _panes(driver)[pane]
    corner = widget.mapTo(driver.window, widget.rect().topLeft())
    return image.copy(corner.x(), corner.y(), widget.width(), widget.height())


def draw_all_anew(driver: StudioDriver) -> None:
    """Let every pane forget what it drew and draw it again."""
    workspace, bridge = driver.workspace, driver.session.bridge
    workspace.viewport._stage.forget_people()
    view = driver.session.view
    bridge.layers_changed.emit(view.layers)
    bridge.selection_changed.emit(view.selection)
    for widget in QApplication.allWidgets():
        if widget.window() is driver.window:
            widget.update()
    driver.settle()
