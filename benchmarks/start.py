"""How long a person waits for the window: fresh processes, the second start and later.

Each process tells, from before its first line, when the start page was painted, and
with a project when its first picture was. The peer is a bare window of PySide6 in the
same rounds. Wall time is told, and the process's own, which others on the machine do
not lengthen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks._window import load, make_walkers, row

_ROUNDS = 5
_LIMIT_S = 2.0
_BARE = """
import json, time
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1440, 900)
window.show()
app.processEvents()
print(json.dumps([time.time(), time.process_time()]))
"""
_STUDIO = """
import json, sys, time
from pathlib import Path
from hpe_studio import app as studio
app = studio.make_application()
window = studio.make_window()
window.resize(1440, 900)
window.show()
app.processEvents()
if len(sys.argv) > 1:
    assert window.open_path(Path(sys.argv[1]))
    deadline_s = time.monotonic() + 60
    while window.workspace.video.shown_frame < 0 and time.monotonic() < deadline_s:
        app.processEvents()
    window.workspace.video.repaint()
print(json.dumps([time.time(), time.process_time()]), flush=True)
window.close()
"""


def run() -> dict[str, dict[str, Any]]:
    """Seconds to the start page and to a project's first picture, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        project = make_walkers(Path(folder) / "walk", 3)
        home = {"HPE_STUDIO_HOME": str(Path(folder) / "home")}
        programs = {
            "bare": (_BARE,),
            "page": (_STUDIO,),
            "project": (_STUDIO, str(project)),
        }
        rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
        for _ in range(_ROUNDS + 1):
            for name, program in programs.items():
                rounds[name].append(_seconds(program, home))
    best = {name: min(took[1:]) for name, took in rounds.items()}
    own = {name: min(cpu for _, cpu in took[1:]) for name, took in rounds.items()}
    told = f"best of {_ROUNDS} warm starts, {load()}"
    return {
        "start_page": row(
            best["page"][0], _LIMIT_S, "s", f"{told}, own time {own['page']:.2f} s"
        ),
        "start_project": row(
            best["project"][0],
            2 * _LIMIT_S,
            "s",
            f"with a project to its first picture; own time {own['project']:.2f} s",
        ),
        "start_to_bare_window": row(
            own["page"] / own["bare"],
            10.0,
            "",
            f"own time; a bare PySide6 window takes {own['bare']:.2f} s "
            f"({best['bare'][0]:.2f} s of wall time)",
        ),
    }


def _seconds(program: tuple[str, ...], home: dict[str, str]) -> tuple[float, float]:
    """Wall time and the process's own time until it tells that it is painted."""
    begin_s = time.time()
    done = subprocess.run(
        [sys.executable, "-c", *program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **home},
    )
    at_s, own_s = json.loads(done.stdout.strip().splitlines()[-1])
    return at_s - begin_s, own_s


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']:.2f} {result['unit']} {result['detail']}")
