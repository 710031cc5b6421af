"""What happens when the program fails: it lives on, and says what a report would say.

Nothing is ever sent. A report holds versions, the traceback and the last commands; no
footage, no names of people or files.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import platform
import re
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Generator, Iterable
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

import hpe_studio
from hpe_studio.assets import data_folder
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.notices import Notice
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.ui.window import StudioWindow

_log = logging.getLogger(__name__)

_KEPT_ACTIONS, _QUIET_S = 50, 5.0
_PACKAGES = ("PySide6-Essentials", "vtk", "numpy", "av", "ai-edge-litert", "numba")
_PATH = re.compile(
    r"""(?<![\w.~-])(?:[A-Za-z]:)?[\\/]\w"""  # from the root on
    r"""(?:[^'"\n<>|]*?(\.\w{2,5})(?![\w/\\])|[^\s'":<>|]*[\\/][^\s'":<>|]*)"""
)
_PROGRAM = Path(hpe_studio.__file__).parent


class Crashes(QObject):
    """Remembers the last commands and the last failure of a window.

    Args:
        window: Where a toast tells of it.
    """

    _failed = Signal(object)

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window
        self._done: deque[str] = deque(maxlen=_KEPT_ACTIONS)
        self._last_trace = ""
        self._told = ("", 0.0)
        self._listen(window.actions_)
        queued = Qt.ConnectionType.QueuedConnection  # never within a failing painter
        self._failed.connect(self._tell, queued)
        window.notices.unexpected.connect(self.keep)

    def keep(self, error: BaseException) -> None:
        """Take a failure, from whichever thread, and tell of it in a toast."""
        _log.error("the program failed", exc_info=error)
        self._failed.emit("".join(traceback.format_exception(error)))

    def hook(
        self,
        kind: type[BaseException],
        error: BaseException,
        _trace: TracebackType | None = None,
    ) -> None:
        """What `sys.excepthook` is while the window lives."""
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
        else:
            self.keep(error)

    def thread_hook(self, failed: threading.ExceptHookArgs) -> None:
        """What `threading.excepthook` is while the window lives."""
        if failed.exc_value is not None:
            self.keep(failed.exc_value)

    def keep_hard(self, trace: str) -> None:
        """Take what was written when the program ended without a word."""
        self._last_trace = trace
        notice = Notice(
            text=tr("Last time the program ended unexpectedly; your edits were kept"),
            tone="info",
            action="report",
        )
        self._window.notices.posted.emit(notice)

    def report(self) -> str:
        """All that a report would contain."""
        trace = scrubbed(self._last_trace, self._private_words())
        return "\n".join(
            (
                *_versions(),
                tr("Graphics") + ": " + (_graphics() or tr("not started")),
                "",
                tr("Last commands") + ": " + (", ".join(self._done) or tr("none")),
                "",
                trace.rstrip() or tr("No failure since the start."),
                "",
            )
        )

    def _tell(self, trace: str) -> None:
        self._last_trace = trace
        place, moment = self._told
        is_again = place == trace and time.monotonic() - moment < _QUIET_S
        self._told = (trace, time.monotonic())
        if is_again:  # a painter that fails does so many times a second
            return
        notice = Notice(
            text=tr("Something in the program failed; what you made is kept"),
            tone="danger",
            action="report",
        )
        self._window.notices.posted.emit(notice)

    def _listen(self, actions: ActionSet) -> None:
        for action in actions:
            action.triggered.connect(partial(self._note, action.objectName()))

    def _note(self, action_id: str, _is_checked: bool = False) -> None:
        self._done.append(action_id)

    def _private_words(self) -> list[str]:
        session = self._window.session
        if session is None:
            return []
        names = [person.name for person in session.persons]
        return [*names, session.title, session.project.path.stem]


@contextlib.contextmanager
def failures_kept(window: StudioWindow) -> Generator[None]:
    """While it lasts, failures of slots and threads are told instead of lost.

    A hard crash leaves a file in the data folder; the next start offers it.
    """
    before = sys.excepthook, threading.excepthook
    sys.excepthook = window.crashes.hook
    threading.excepthook = window.crashes.thread_hook
    left_over = _left_over()
    if left_over:
        window.crashes.keep_hard(left_over)
    try:
        with _faults_written(_fault_file()):
            yield
    finally:
        sys.excepthook, threading.excepthook = before


def scrubbed(text: str, private: Iterable[str] = ()) -> str:
    """A traceback without the home folder, paths of files, and private words.

    Paths within the program and the libraries stay, from there on.
    """
    home = str(Path.home())
    for root in (str(_PROGRAM.parent), *sorted(sys.path, key=len, reverse=True)):
        if len(root) > len(os.sep) and root != home:
            text = text.replace(root + os.sep, "")
    text = _PATH.sub(_without_folders, text)
    text = text.replace(home, "~")
    for word in sorted(set(private), key=len, reverse=True):
        if len(word) > 1:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "<name>", text)
    return text


def _without_folders(match: re.Match[str]) -> str:
    return f"<file{match.group(1) or ''}>"


def _versions() -> list[str]:
    lines = [
        f"HPE Studio {hpe_studio.__version__}",
        f"Python {platform.python_version()}, {platform.platform()}",
    ]
    for name in _PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            lines.append(f"{name} {metadata.version(name)}")
    return lines


@cache
def _graphics() -> str:
    """What draws in 3D, as its driver calls itself; "" before anything was drawn."""
    if "vtkmodules.vtkRenderingOpenGL2" not in sys.modules:
        return ""
    from hpe_studio.render.vtktools import offscreen_window

    window = offscreen_window()
    window.Initialize()
    told = re.search(r"OpenGL renderer string:\s*(.+)", window.ReportCapabilities())
    window.Finalize()
    return told.group(1).strip() if told else ""


def _fault_file() -> Path:
    return data_folder() / "faults" / f"{os.getpid()}.txt"


@contextlib.contextmanager
def _faults_written(path: Path) -> Generator[None]:
    """Let a hard crash write where each thread was; a normal end leaves nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w", encoding="utf-8")
    except OSError:
        yield
        return
    with file:
        faulthandler.enable(file)
        try:
            yield
        finally:
            faulthandler.disable()
    with contextlib.suppress(OSError):
        path.unlink()


def _left_over() -> str:
    """What earlier crashes wrote; each is read once."""
    found = ""
    folder = data_folder() / "faults"
    for file in sorted(folder.glob("*.txt")):
        if _is_running(file.stem):
            continue
        with contextlib.suppress(OSError):  # of another window, where files are locked
            text = file.read_text(encoding="utf-8", errors="replace")
            file.unlink()
            found = text or found
    return found


def _is_running(pid: str) -> bool:
    if not pid.isdigit() or int(pid) == os.getpid() or sys.platform == "win32":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
