"""A long day in the window: what grows while a person works on and on.

Rounds of scrubbing, selecting, editing, undoing, playing, other themes, the palette,
and the project opened anew, by a fixed series of random numbers. After a warm-up the
memory, widgets, timers, threads and VTK's objects must stay what they are.
`SOAK_MINUTES=30` asks for a long one; `python -m benchmarks.soak` tells each round.
"""

from __future__ import annotations

import ctypes
import gc
import os
import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._window import FRAMES, load, make_walkers, mouse, row, shown

if TYPE_CHECKING:
    from hpe_studio.ui.window import StudioWindow

MINUTES = 2.0
_WARM_SHARE, _LIMIT_PERCENT = 0.3, 5.0
_FEWEST_ROUNDS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """What lives in the process, after everything that can go is gone.

    Attributes:
        memory_mb: Resident memory.
        widgets, timers, threads, vtk: How many of each.
    """

    memory_mb: float
    widgets: int
    timers: int
    threads: int
    vtk: int


def run() -> dict[str, dict[str, Any]]:
    """Growth of memory after the warm-up, and how many objects are left over."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    minutes = float(os.environ.get("SOAK_MINUTES", MINUTES))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        path = make_walkers(Path(folder) / "walk", 3)
        with shown(path) as window:
            counts = soaked(window, path, seconds=60 * minutes)
    growth, left = growth_of(counts)
    told = f"{len(counts)} rounds in {minutes:g} min, {load()}"
    last = counts[-1]
    return {
        "soak_memory": row(
            growth, _LIMIT_PERCENT, "%", f"{told}; {last.memory_mb:.0f} MB at the end"
        ),
        "soak_objects": row(
            max(left.values()),
            0,
            "",
            "more than after the warm-up: "
            + ", ".join(f"{name} {more:+d}" for name, more in left.items()),
        ),
    }


def growth_of(counts: list[Count]) -> tuple[float, dict[str, int]]:
    """Percent that memory grew since the warm-up, and objects left over by name.

    Some widgets come and go from round to round: left over is what is more in both of
    the last two rounds than it ever was in the warm-up.
    """
    warm = counts[: max(3, round(_WARM_SHARE * len(counts)))]
    names = ("widgets", "timers", "threads", "vtk")
    left = {
        name: min(getattr(one, name) for one in counts[-2:])
        - max(getattr(one, name) for one in warm)
        for name in names
    }
    return 100 * (counts[-1].memory_mb / warm[-1].memory_mb - 1), left


def soaked(
    window: StudioWindow,
    path: Path,
    *,
    seconds: float = 0.0,
    rounds: int = _FEWEST_ROUNDS,
    seed: int = 0,
) -> list[Count]:
    """Work in a window for a while.

    Args:
        window: With a project of walkers open.
        path: That project.
        seconds: How long at least.
        rounds: How many rounds at least.
        seed: Of the series of random numbers.

    Returns:
        What lived after each round.
    """
    chance = random.Random(seed)
    end_s = time.monotonic() + seconds
    counts: list[Count] = []
    while time.monotonic() < end_s or len(counts) < rounds:
        for work in _WORKS:
            work(window, chance)
            _rest()
        assert window.open_path(path)
        _settle(window)
        counts.append(counted())
        if __name__ == "__main__":
            print(f"round {len(counts)}: {counts[-1]}", flush=True)
    return counts


def counted() -> Count:
    """What lives now."""
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer
    from PySide6.QtWidgets import QApplication

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    _rest()
    gc.collect()
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).malloc_trim(0)
    alive = gc.get_objects()
    return Count(
        memory_mb=_memory_mb(),
        widgets=len(QApplication.allWidgets()),
        timers=sum(type(one) is QTimer for one in alive),
        threads=threading.active_count(),
        vtk=sum(str(type(one).__module__).startswith("vtkmodules") for one in alive),
    )


def _memory_mb() -> float:
    """Resident memory; the highest it ever was where the system tells no more."""
    pages = Path("/proc/self/statm")
    if pages.exists():
        return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _scrub(window: StudioWindow, chance: random.Random) -> None:
    from PySide6.QtCore import QEvent

    assert window.workspace is not None
    lanes = window.workspace.lanes.canvas
    frames = [chance.randrange(FRAMES) for _ in range(12)]
    mouse(lanes, QEvent.Type.MouseButtonPress, lanes.x_of(frames[0]))
    for frame in frames:
        mouse(lanes, QEvent.Type.MouseMove, lanes.x_of(frame))
        _rest()
    mouse(lanes, QEvent.Type.MouseButtonRelease, lanes.x_of(frames[-1]))


def _select(window: StudioWindow, chance: random.Random) -> None:
    session = window.session
    assert session is not None
    for _ in range(4):
        session.select(chance.choice(session.persons).id, chance.randrange(24))
        session.view.tool = chance.choice(("select", "rotate"))
        _rest()


def _edit(window: StudioWindow, chance: random.Random) -> None:
    """Turn joints, then take most of it back."""
    from hpe_studio.edits import pose

    session = window.session
    assert session is not None
    for _ in range(4):
        track, joint = session.active_track, session.view.selection.joint
        assert track is not None
        assert joint is not None
        with session.document.edit("Turn") as edit:
            pose.rotate_joint(
                edit,
                session.document,
                track,
                frame=session.view.frame,
                joint=joint,
                delta_parent_rad=[chance.uniform(-0.2, 0.2), 0.0, 0.1],  # pyright: ignore[reportArgumentType]
            )
        _rest()
    for _ in range(4):
        session.undo()
        _rest()


def _play(window: StudioWindow, _chance: random.Random) -> None:
    session = window.session
    assert session is not None
    session.playback.play(1)
    end_s = time.monotonic() + 0.5
    while time.monotonic() < end_s:
        _rest()
    session.playback.stop()


def _dress(_window: StudioWindow, chance: random.Random) -> None:
    from PySide6.QtWidgets import QApplication

    from hpe_studio.ui import look

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    look.apply(app, chance.choice(("light", "contrast")))
    _rest()
    look.apply(app, "dark")


def _ask(window: StudioWindow, _chance: random.Random) -> None:
    """Open the palette, the key sheet and the preferences, and close them again."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QDialog

    for name in ("palette", "key_sheet", "preferences"):
        if name not in {action.objectName() for action in window.actions_}:
            continue
        window.actions_[name].trigger()
        _rest()
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
        for dialog in window.findChildren(QDialog):
            dialog.close()
        _rest()


_WORKS = (_scrub, _select, _edit, _play, _dress, _ask)


def _rest() -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.processEvents()


def _settle(window: StudioWindow) -> None:
    from hpe_studio.app import wait_until_still

    wait_until_still(window)


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']:.1f} {result['unit']} {result['detail']}")
