"""Composition root of the window."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from hpe_studio.core.errors import StudioError

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QApplication

    from hpe_studio.ui.window import StudioWindow

_OFFSCREEN = ("offscreen", "minimal", "vnc")
_SCREENSHOT_TIMEOUT_S = 60.0
EXPORT = "export"
SHOWN = ("fix", "track", "views", "compare", EXPORT)
"""What a screenshot can show: the workspaces, and the window of the export."""


def can_show_window() -> bool:
    """True where there is a display to show a window on."""
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in _OFFSCREEN:
        return True
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def check_display() -> None:
    """Refuse to go on where no window can be shown.

    Raises:
        StudioError: If there is no display.
    """
    if not can_show_window():
        raise StudioError(
            "there is no display to show a window on",
            fix="use hpe-studio demo, estimate, export or screenshot, which work "
            "without one",
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window on the first argument, if any, and run until it closes."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    check_display()
    return run_window(Path(words[0]) if words else None)


def run_window(path: Path | None = None, *, fps: Fraction | None = None) -> int:
    """Show the window until it is closed.

    Args:
        path: Clip, project or results file to open; the start page when None.
        fps: Frame rate of a folder of images.

    Returns:
        The exit code.

    Raises:
        StudioError: If there is no display.
    """
    from hpe_studio.ui import news
    from hpe_studio.ui.crash import failures_kept
    from hpe_studio.ui.window_place import restore_place

    check_display()
    app = make_application()
    window = make_window()
    restore_place(window)
    window.show()
    if path is not None:
        window.open_path(path, fps)
    with failures_kept(window):
        news.tell_once(window.notices)
        return app.exec()


def make_application() -> QApplication:
    """The process's `QApplication`, dressed; the same one on every call."""
    from PySide6.QtWidgets import QApplication

    from hpe_studio.ui import look

    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("HPE Studio")
    app.setApplicationDisplayName("HPE Studio")
    app.setDesktopFileName("hpe-studio")
    look.apply(app)
    return app


def make_window() -> StudioWindow:
    """A window with nothing open."""
    from hpe_studio.ui.window import StudioWindow

    return StudioWindow()


def take_screenshot(
    path: Path,
    output: Path,
    *,
    frame: int | None = None,
    size: tuple[int, int] = (1440, 900),
    scale: float = 1.0,
    workspace: str = "",
) -> None:
    """Photograph the real window, without a display.

    Args:
        path: Clip, project or results file to open.
        output: Picture to write; its ending decides the format.
        frame: Frame to show.
        size: Width and height of the window in logical pixels.
        scale: Device pixels per logical pixel.
        workspace: One of `SHOWN`; "" for the one that is first.

    Raises:
        StudioError: If the file cannot be opened or the picture not be written.
    """
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        _hush_offscreen()
        if scale != 1.0:
            os.environ["QT_SCALE_FACTOR"] = str(scale)
    make_application()
    window = make_window()
    window.keeps_layout = False
    try:
        window.resize(*size)
        window.show()
        window.load(path)
        if frame is not None and window.session is not None:
            window.session.view.frame = frame
        if workspace:
            _show(window, workspace)
        wait_until_still(window)
        output.parent.mkdir(parents=True, exist_ok=True)
        if not _photograph(window).save(str(output)):
            raise StudioError(
                "could not be written",
                path=output,
                fix="choose a folder that can be written and the ending .png",
            )
    finally:
        window.close()
        window.deleteLater()


def _show(window: StudioWindow, workspace: str) -> None:
    """Go over to a workspace, or open the window of the export."""
    if workspace == EXPORT:
        window.asking.for_export()
    elif window.workspace is not None:
        window.workspace.show_workspace(workspace)


def _photograph(window: StudioWindow) -> QPixmap:
    """The window with the dialogs over its middle, as a screen would show them."""
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QDialog

    photograph = window.grab()
    with QPainter(photograph) as painter:
        for dialog in window.findChildren(QDialog):
            if dialog.isVisible():
                place = window.rect().center() - dialog.rect().center()
                painter.drawPixmap(place, dialog.grab())
    return photograph


def _hush_offscreen() -> None:
    """Keep to ourselves what Qt's offscreen platform says it cannot do."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    def tell(_kind: QtMsgType, _where: QMessageLogContext, text: str | None) -> None:
        if text and not text.startswith("This plugin does not support"):
            print(text, file=sys.stderr)

    qInstallMessageHandler(tell)


def wait_until_still(window: StudioWindow) -> None:
    """Let the window work until pictures have arrived, jobs ended and 3D is sharp.

    Raises:
        StudioError: If it does not come to rest within a minute.
    """
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    deadline_s = time.monotonic() + _SCREENSHOT_TIMEOUT_S
    everything = QEventLoop.ProcessEventsFlag.AllEvents
    while time.monotonic() < deadline_s:
        QApplication.processEvents(everything, 20)
        if window.is_still:
            QApplication.processEvents(everything, 20)
            return
        time.sleep(0.005)
    raise StudioError("the window did not come to rest", fix="try again")
