"""How soon a gesture answers: from press and first move to what is seen of them.

In a window of 1440x900 with three people and a rig of software OpenGL. The first
feedback is there when the pixels under the hand have changed on the screen, in the pane
where it drags: the ring and the limb, the key at its new frame, the number in its
field. A highlight that the press alone leaves does not count. Then all has followed
when the whole window looks as it stays: other panes, ghost, inspector, lanes. Each
gesture is begun several times and taken back; the best counts, since a busy machine
lengthens the others, and the thread's own time is told beside it.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._hand import Answer, Gesture, Place, Watch
from benchmarks._window import load, make_walkers, row, shown

if TYPE_CHECKING:
    from hpe_studio.ui.lanes.canvas import LaneCanvas
    from hpe_studio.ui.window import StudioWindow

_TIMES, _FRAME, _JOINT = 8, 20, 18
_FIRST_MS, _ALL_MS = 33.0, 66.0


def run() -> dict[str, dict[str, Any]]:
    """Milliseconds to the first feedback and until all has followed, by gesture."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        with shown(make_walkers(Path(folder) / "walk", 3)) as window:
            found = _measured(window)
    rows: dict[str, dict[str, Any]] = {}
    for name, answers in found.items():
        first = [one.first_ms for one in answers]
        whole = [one.all_ms for one in answers]
        own = min(one.first_own_ms for one in answers)
        whole_own = min(one.all_own_ms for one in answers)
        rows[f"gesture_{name}"] = row(
            min(first),
            _FIRST_MS,
            "ms",
            f"best of {_TIMES}, median {statistics.median(first):.1f} ms, "
            f"own time {own:.1f} ms, {load()}",
        )
        rows[f"gesture_{name}_all"] = row(
            min(whole),
            _ALL_MS,
            "ms",
            f"all has followed; median {statistics.median(whole):.1f} ms, "
            f"own time {whole_own:.1f} ms",
        )
    return rows


def _measured(window: StudioWindow) -> dict[str, list[Answer]]:
    from hpe_studio.app import wait_until_still

    watch = Watch(window, lambda: _take_back(window))
    found: dict[str, list[Answer]] = {}
    for name, gesture in _gestures(window):
        wait_until_still(window)
        pressed = watch.pressed(gesture)
        answers = [watch.answer(gesture, pressed) for _ in range(_TIMES + 1)]
        found[name] = answers[1:]  # the first one loads what it needs
    return found


def _take_back(window: StudioWindow) -> None:
    """As everything was before a gesture, beyond where Escape leads."""
    from hpe_studio.core.viewstate import Selection

    session = window.session
    assert session is not None
    session.requests.cancel_wanted.emit()
    view, person_id = session.view, session.persons[0].id
    view.frame, view.play_range = _FRAME, (10, 40)
    keys = frozenset(
        key.key
        for track in session.document.tracks_of(person_id)
        for key in session.document.keys_of(track.id)
    )
    view.selection = Selection(persons=(person_id,), joint=_JOINT, keys=keys)


def _gestures(window: StudioWindow) -> Iterator[tuple[str, Gesture]]:
    """Each gesture, when the window is ready for it."""
    workspace, session = window.workspace, window.session
    assert workspace is not None
    assert session is not None
    _take_back(window)
    for tool, name in (("rotate", "ring"), ("move", "drag")):
        session.view.tool = tool
        for where, canvas in (("video", workspace.video), ("3d", workspace.viewport)):
            make = _ring if tool == "rotate" else _joint
            yield f"{name}_{where}", make(window, canvas)
    session.view.tool = "rotate"
    lanes = workspace.lanes.canvas
    x = lanes.x_of(_FRAME)
    yield "ruler", Gesture(widget=lanes, start=(x, 10), stop=(lanes.x_of(26), 10))
    edge = _found(lanes, "range_out", y=14.0)
    yield "range_edge", Gesture(widget=lanes, start=edge, stop=(edge[0] - 60, edge[1]))
    yield "row", _row(window)
    yield "field", _field(window)
    with _keyed(window):
        y = lanes.y_of(session.persons[0].id)
        yield "key", Gesture(widget=lanes, start=(x, y), stop=(x + 30, y))
        yield "box", _box(lanes, x, y)
        workspace.toggle_dock("curves")
        yield "curve_key", _curve_key(window)
        workspace.toggle_dock("curves")
        yield "blend", _blend(window, lanes)


def _middle(window: StudioWindow, canvas: Any) -> Place:
    """Where the selected joint is seen."""
    session = window.session
    assert session is not None
    posed = session.poser.pose_at(session.persons[0].id, session.view.frame)
    assert posed is not None
    x, y = canvas.scene_view().project(posed.joints_scene_m[_JOINT]).tolist()
    return x, y


def _ring(window: StudioWindow, canvas: Any) -> Gesture:
    """A turn by a few degrees about a ring that is turned with the limb."""
    from hpe_studio.render.gizmo import hit_ring, ring_points_px

    assert window.workspace is not None
    rings, view = window.workspace.tools.active.gizmo, canvas.scene_view()
    points = ring_points_px(rings, view, "view")
    free = [i for i, at in enumerate(points) if hit_ring(rings, view, *at) == "view"]
    start, stop = points[free[0]], points[(free[0] + 4) % len(points)]
    return Gesture(
        widget=canvas,
        start=(float(start[0]), float(start[1])),
        stop=(float(stop[0]), float(stop[1])),
        seen=70.0,
        around=_middle(window, canvas),
    )


def _joint(window: StudioWindow, canvas: Any) -> Gesture:
    """The selected joint, dragged some pixels aside."""
    x, y = _middle(window, canvas)
    return Gesture(widget=canvas, start=(x, y), stop=(x + 14, y - 9))


def _found(lanes: LaneCanvas, kind: str, *, y: float) -> Place:
    """The first place at a height of the lanes where something is hit."""
    from PySide6.QtCore import QPointF

    xs = (x for x in range(lanes.width()) if lanes.hit_at(QPointF(x, y)).kind == kind)
    return float(next(xs)), y


def _row(window: StudioWindow) -> Gesture:
    """Another person's row in the list."""
    assert window.workspace is not None
    assert window.session is not None
    tree = window.workspace.outliner.tree
    index = tree.index_of("person", window.session.persons[1].id)
    at = tree.visualRect(index).center()
    return Gesture(widget=tree.viewport(), start=(at.x(), at.y()), stop=None)


def _field(window: StudioWindow) -> Gesture:
    """The first angle of the inspector, scrubbed by its label."""
    from hpe_studio.ui.field_parts import DragLabel
    from hpe_studio.ui.inspector.rotation import RotationSection

    assert window.workspace is not None
    section = window.workspace.inspector.findChild(RotationSection)
    field = section.fields[0]
    label = field.findChild(DragLabel)
    number = field.box.geometry().center()
    return Gesture(
        widget=label,
        start=(3, 6),
        stop=(27, 6),
        seen=60.0,
        around=(number.x(), number.y()),
        pane=field,
    )


def _box(lanes: LaneCanvas, x: float, y: float) -> Gesture:
    """A box from below the lanes beside a key, which it deselects."""
    return Gesture(
        widget=lanes, start=(x - 40, lanes.height() - 3.0), stop=(x - 9, y - 4)
    )


def _curve_key(window: StudioWindow) -> Gesture:
    from hpe_studio.app import wait_until_still

    assert window.workspace is not None
    wait_until_still(window)
    canvas = window.workspace.curves.canvas
    assert canvas is not None
    canvas.grab()  # rows find their ranges when they are painted
    diamond = canvas.diamonds()[0]
    place = (diamond.x, diamond.y)
    return Gesture(widget=canvas, start=place, stop=(place[0], place[1] - 12))


def _blend(window: StudioWindow, lanes: LaneCanvas) -> Gesture:
    """The handle at the end of the selected key's blend."""
    session = window.session
    assert session is not None
    _take_back(window)
    y = lanes.y_of(session.persons[0].id)
    start = _found(lanes, "blend_out", y=y)
    return Gesture(widget=lanes, start=start, stop=(start[0] + 40, y))


@contextmanager
def _keyed(window: StudioWindow) -> Iterator[None]:
    """A key of the selected joint on the frame shown."""
    from hpe_studio.edits import pose

    session = window.session
    assert session is not None
    track = session.active_track
    assert track is not None
    with session.document.edit("Insert key") as edit:
        pose.insert_key(edit, session.document, track, frame=_FRAME, joints=(_JOINT,))
    yield
    session.undo()


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']:.1f} {result['unit']} {result['detail']}")
