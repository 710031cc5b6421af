"""The lanes of long and crowded clips: repaint, playhead step, zoom step, an edit.

Ten people of 20 000 frames with 500 keys, and one person of 170 000 frames in 1 500
shots, in a panel of 1440x400. The peer is pyqtgraph showing the same bars in the same
run: its `PlotWidget` repainting them, and its `InfiniteLine` taking a step. Times are
of the thread, which others on the machine do not lengthen.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hpe_studio.ui.lanes import LanesPanel
    from hpe_studio.ui.session import Session

_SIZE = (1440, 400)
_ROUNDS = 15
_LANE_PX, _BAR_PX = 30, 13


@dataclass(frozen=True, kw_only=True, slots=True)
class _Scene:
    """How large the project is."""

    people: int
    frames: int
    shots: int
    keys: int


def run() -> dict[str, dict[str, Any]]:
    """Milliseconds of what a person waits for, and ratios to pyqtgraph."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        crowd = _Scene(people=10, frames=20_000, shots=1, keys=500)
        crowded = _crowded(Path(folder) / "crowd.hpes", crowd)
        film = _Scene(people=1, frames=170_000, shots=1_500, keys=500)
        zoomed = _zoomed(Path(folder) / "film.hpes", film)
    peer = _peer(crowd)
    words = "{what}, best of {rounds}"
    limits = {
        "repaint": (8.0, "10 people x 20 000 frames, 500 keys, painted all anew"),
        "playhead": (1.0, "the playhead goes on by a frame"),
        "edit": (16.0, "an edit: its lane and curves, from the change to the paint"),
        "select": (12.0, "another person is selected, with other curves"),
        "zoom_170k": (16.0, "worst of a zoom from the clip to 40 px a frame and back"),
        "pan_170k": (16.0, "panning 170 000 frames in 1 500 shots"),
    }
    found = crowded | zoomed
    results = {
        f"lanes_{name}": _row(
            found[name], limit, "ms", words.format(what=what, rounds=_ROUNDS)
        )
        for name, (limit, what) in limits.items()
    }
    for name, most, what in (
        ("repaint", 2.0, "with patterns, keys and ruler; the peer has plain bars"),
        ("playhead", 0.5, "a step of the playhead"),
    ):
        told = f"{what}: {found[name]:.2f} ms, pyqtgraph {peer[name]:.2f} ms"
        ratio = found[name] / peer[name]
        results[f"lanes_{name}_to_pyqtgraph"] = _row(ratio, most, "", told)
    return results


def _row(ratio: float, limit: float, unit: str, detail: str) -> dict[str, Any]:
    return {
        "ratio": ratio,
        "limit": limit,
        "better": "lower",
        "unit": unit,
        "detail": detail,
    }


def _crowded(path: Path, scene: _Scene) -> dict[str, float]:
    """Repaint, playhead step, selecting and an edit with ten people."""
    from hpe_studio.edits import pose

    session, panel = _opened(path, scene)
    canvas, document = panel.canvas, session.document
    paint = _painter()

    def repaint(_round: int) -> None:
        canvas.strips.clear()
        canvas.refresh()
        paint()

    def step(number: int) -> None:
        session.view.frame = 9_000 + number
        paint()

    def select(number: int) -> None:
        session.select(sorted(document.persons)[number % 10])
        paint()

    track = min(document.tracks.values(), key=lambda one: one.id)

    def edit(number: int) -> None:
        with document.edit("Turn") as opened:
            pose.rotate_joint(
                opened,
                document,
                track,
                frame=11 + number,
                joint=4,
                delta_parent_rad=np.array([0.1, 0.0, 0.0]),
            )
        paint()

    best = {"repaint": _best_ms(repaint), "select": _best_ms(select)}
    session.select(track.person_id, 4)
    best["playhead"] = _best_ms(step)
    best["edit"] = _best_ms(edit)
    _close(session, panel)
    return best


def _zoomed(path: Path, scene: _Scene) -> dict[str, float]:
    """The worst step of a zoom over a whole film, and a pan in the middle of it."""
    session, panel = _opened(path, scene)
    session.select(next(iter(session.document.persons)))
    canvas, paint = panel.canvas, _painter()
    steps: dict[float, list[float]] = {}
    for _ in range(3):
        canvas.axis = canvas.axis.fitted()
        paint()
        while canvas.axis.px_per_frame < 40:
            start = time.thread_time()
            canvas.axis = canvas.axis.zoomed(1.25, 700)
            paint()
            spent_ms = 1e3 * (time.thread_time() - start)
            steps.setdefault(round(canvas.axis.px_per_frame, 9), []).append(spent_ms)

    def pan(number: int) -> None:
        canvas.axis = canvas.axis.panned(-37.0 - number)
        paint()

    canvas.axis = canvas.axis.showing(60_000, 64_000)
    found = {
        "zoom_170k": max(min(times) for times in steps.values()),
        "pan_170k": _best_ms(pan),
    }
    _close(session, panel)
    return found


def _opened(path: Path, scene: _Scene) -> tuple[Session, LanesPanel]:
    from PySide6.QtWidgets import QApplication, QWidget

    from hpe_studio.ui import look
    from hpe_studio.ui.actions import ActionSet
    from hpe_studio.ui.jobs import JobRunner
    from hpe_studio.ui.lanes import LanesPanel
    from hpe_studio.ui.notices import Notices
    from hpe_studio.ui.opening import start_session

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    look.apply(app, "dark")
    _make_project(path, scene)
    session, _ = start_session(path, jobs=JobRunner(), notices=Notices())
    desk = _Desk(session)
    owner = QWidget()
    panel = LanesPanel(session, ActionSet(desk, owner))  # type: ignore[arg-type]
    owner.setParent(panel)
    panel.resize(*_SIZE)
    panel.show()
    app.processEvents()
    return session, panel


class _Desk:
    """As much of a window as actions ask for."""

    workspace = None

    def __init__(self, session: Session) -> None:
        self.session = session


def _close(session: Session, panel: LanesPanel) -> None:
    panel.close_views()
    panel.close()
    session.close()


def _make_project(path: Path, scene: _Scene) -> None:
    from hpe_studio.core.clip import Shot, clip_without_footage
    from hpe_studio.edits import people
    from hpe_studio.storage.project import create_project

    clip = clip_without_footage(
        frame_count=scene.frames, fps=Fraction(25), size_px=(1920, 1080)
    )
    made = create_project(path, clip)
    document = made.document
    rng = np.random.default_rng(0)
    cuts = np.linspace(0, scene.frames, scene.shots + 1).astype(int).tolist()
    with document.edit("Make") as edit:
        for start, stop in pairwise(cuts):
            edit.put(Shot(id=document.new_id(), start=start, stop=stop))
        for _ in range(scene.people):
            person = people.add_person(edit, document)
            for start, stop in pairwise(cuts):
                _add_track(edit, document, person.id, (start, stop), rng, scene)
    made.close()


def _add_track(
    edit: Any,
    document: Any,
    person_id: int,
    limits: tuple[int, int],
    rng: np.random.Generator,
    scene: _Scene,
) -> None:
    """A track whose source changes every 40 to 200 frames, with its share of keys."""
    from hpe_studio.core.track import Key, Track

    start, stop = limits
    count = stop - start
    lengths = rng.integers(40, 200, count // 40 + 1)
    codes = np.repeat(rng.integers(1, 5, len(lengths)), lengths)[:count]
    arrays = {
        "base_rad": rng.normal(size=(count, 24, 3)).astype(np.float32) * 0.1,
        "base_root_m": np.zeros((count, 3), np.float32),
        "base_source": np.repeat(codes[:, None].astype(np.uint8), 24, axis=1),
    }
    track = Track(
        id=document.new_id(),
        person_id=person_id,
        start=start,
        stop=stop,
        skeleton="smpl24",
    )
    edit.add_track(track, arrays)
    share = max(scene.keys // (scene.people * scene.shots), 1)
    for frame in rng.choice(count, min(share, count), replace=False).tolist():
        offset = ((0.2, 0.1, 0.0),)
        key = Key(
            track_id=track.id, frame=start + frame, joints=(4,), offsets_rad=offset
        )
        edit.put(key)


def _painter() -> Callable[[], None]:
    """Lets the event loop deliver what changed and paint it."""
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert app is not None

    def paint() -> None:
        for _ in range(2):
            app.processEvents()

    return paint


def _best_ms(work: Callable[[int], None]) -> float:
    times: list[float] = []
    for number in range(_ROUNDS + 3):
        start = time.thread_time()
        work(number)
        times.append(1e3 * (time.thread_time() - start))
    return min(times[3:])


def _peer(scene: _Scene) -> dict[str, float]:
    """The same number of bars in pyqtgraph: one item per lane, one line over them."""
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert app is not None
    plot = pg.PlotWidget()
    plot.resize(*_SIZE)
    rng = np.random.default_rng(0)
    for lane in range(scene.people):
        lengths = rng.integers(40, 200, scene.frames // 40 + 1)
        starts = np.concatenate([[0], np.cumsum(lengths)])
        starts = starts[starts < scene.frames]
        brushes = [
            pg.mkBrush(90 + 40 * int(c), 120, 150)
            for c in rng.integers(1, 5, len(starts))
        ]
        plot.addItem(
            pg.BarGraphItem(
                x0=starts,
                x1=np.append(starts[1:], scene.frames),
                y0=np.full(len(starts), lane * _LANE_PX),
                height=_BAR_PX,
                brushes=brushes,
                pens=[pg.mkPen(None)] * len(starts),
            )
        )
    line = pg.InfiniteLine(pos=0, angle=90)
    plot.addItem(line)
    plot.show()
    app.processEvents()

    def repaint(number: int) -> None:
        plot.getViewBox().setXRange(number, scene.frames - number, padding=0)
        plot.repaint()
        app.processEvents()

    def step(number: int) -> None:
        line.setValue(9_000 + number)
        app.processEvents()

    found = {"repaint": _best_ms(repaint), "playhead": _best_ms(step)}
    plot.close()
    return found


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']:.2f} {result['unit']} {result['detail']}")
