"""What an open window costs while nobody touches it: processor time of the process.

A project is open and all is drawn; then the event loop runs on with nothing to do.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks._window import load, make_walkers, row, shown

_SECONDS = 10.0
_LIMIT_PERCENT = 2.0


def run() -> dict[str, dict[str, Any]]:
    """Percent of one processor, and how often the event loop was woken."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        with shown(make_walkers(Path(folder) / "walk", 3)):
            percent, woken = rest(_SECONDS)
    often = ", ".join(f"{name} {count}" for name, count in woken.most_common(3))
    told = f"{_SECONDS:.0f} s of rest, {load()}; events: {often or 'none'}"
    return {"idle_cpu": row(percent, _LIMIT_PERCENT, "%", told)}


def rest(seconds: float) -> tuple[float, Counter[str]]:
    """Run the event loop with nothing to do.

    Args:
        seconds: How long.

    Returns:
        Percent of one processor that was used, and who got timer and paint events.
    """
    from PySide6.QtCore import QEventLoop, QTimer

    settle = QEventLoop()
    QTimer.singleShot(1500, settle.quit)
    settle.exec()
    watch = _watch()
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    begin_s, used_s = time.perf_counter(), time.process_time()
    loop.exec()
    used_s = time.process_time() - used_s
    percent = 100 * used_s / (time.perf_counter() - begin_s)
    watch.stop()
    return percent, watch.seen


def _watch() -> Any:
    from PySide6.QtCore import QCoreApplication, QEvent, QObject

    kinds = (QEvent.Type.Timer, QEvent.Type.Paint)

    class Watch(QObject):
        """Counts who is woken."""

        def __init__(self) -> None:
            super().__init__()
            self.seen: Counter[str] = Counter()
            self._app = QCoreApplication.instance()
            assert self._app is not None
            self._app.installEventFilter(self)

        def stop(self) -> None:
            """Count no more."""
            assert self._app is not None
            self._app.removeEventFilter(self)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            """Count timers and paints."""
            if event.type() in kinds:
                owner = watched.parent() or watched
                self.seen[f"{event.type().name} of {type(owner).__name__}"] += 1
            return False

    return Watch()


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']:.2f} {result['unit']} {result['detail']}")
