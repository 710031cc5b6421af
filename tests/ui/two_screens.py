"""A window that moves between screens of different density, in a process of its own.

Run as `python -m tests.ui.two_screens PROJECT FOLDER` where Qt was told of the screens
"one" and "two"; it leaves photographs of the window in the folder.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QScreen

from hpe_studio.ui.settings import settings
from tests.driver import StudioDriver

SIZE = (1280, 720)


def main() -> None:
    """Open the project on the plain screen, go to the dense one, and come back."""
    project, folder = Path(sys.argv[1]), Path(sys.argv[2])
    settings().write("look.reduced_motion", True)
    with StudioDriver(SIZE) as driver:
        driver.open_clip(project)
        plain, dense = driver.app.screens()
        _photograph(driver, folder / "first.png")
        _go_to(driver, dense)
        _photograph(driver, folder / "moved.png")
        _go_to(driver, plain)
        _photograph(driver, folder / "back.png")
        _go_to(driver, dense)
        driver.window.actions_["close"].trigger()
        driver.open_clip(project)  # everything is made anew there
        _photograph(driver, folder / "anew.png")


def _go_to(driver: StudioDriver, screen: QScreen) -> None:
    """Take the window to a screen; it stays as large as it looks."""
    driver.window.windowHandle().setScreen(screen)
    driver.settle()
    driver.window.move(screen.geometry().topLeft())
    driver.settle()
    driver.window.resize(*SIZE)
    driver.settle()
    found, wished = driver.window.devicePixelRatioF(), screen.devicePixelRatio()
    assert found == wished, (found, wished, screen.geometry())


def _photograph(driver: StudioDriver, path: Path) -> None:
    session, window = driver.session, driver.window
    session.select(driver.person("Person A").id)
    session.requests.preset_wanted.emit("home")
    driver.workspace.reset()
    window.activateWindow()
    driver.focus_video()
    driver.wait_until(lambda: not session.problems.is_checking, "the problems")
    driver.wait_idle()
    driver.wait_until(lambda: driver.workspace.lanes.is_still, "the film strip")
    window.toasts.clear()
    window.status._timer.stop()
    window.status._saved.setText("All edits kept 14:02")
    driver.grab(path)


if __name__ == "__main__":
    main()
