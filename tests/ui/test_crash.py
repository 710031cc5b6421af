"""A failure keeps the program alive, and a report holds nothing private."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from hpe_studio.ui.crash import failures_kept, scrubbed
from hpe_studio.ui.dialogs.crash import CrashDialog
from tests.driver import StudioDriver

_FAILS = """
import faulthandler, os
from pathlib import Path
folder = Path({home!r}) / "faults"
folder.mkdir(parents=True, exist_ok=True)
faulthandler.enable((folder / f"{{os.getpid()}}.txt").open("w"))
faulthandler._sigsegv()
"""


def _dialog(driver: StudioDriver) -> CrashDialog:
    driver.settle()
    dialog = driver.window.findChild(CrashDialog)
    assert dialog is not None
    return dialog


def _fail(error: BaseException) -> None:
    try:
        raise error
    except type(error) as raised:
        sys.excepthook(type(raised), raised, raised.__traceback__)


def test_a_failure_is_told_once_and_its_report_shown(
    lasting: StudioDriver, tmp_path: Path
):
    with failures_kept(lasting.window):
        lasting.step(2)
        for _ in range(3):
            _fail(ValueError("an odd number"))
            lasting.settle()
        assert "what you made is kept" in lasting.toast
        toast = lasting.window.toasts.shown
        assert toast is not None
        (show,) = [b for b in toast.findChildren(QPushButton) if b.isVisible()]
        assert show.text() == "Show report"
        lasting.click(show, 8, 8)
    dialog = _dialog(lasting)
    text = dialog.text.toPlainText()
    assert "ValueError: an odd number" in text
    assert "next_frame, next_frame" in text
    assert "HPE Studio 0." in text
    assert "vtk 9" in text
    assert "Graphics: " in text
    dialog.copy()
    assert QGuiApplication.clipboard().text() == text
    dialog.save(tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text() == text
    dialog.close()
    lasting.step(1)
    assert lasting.frame == 3


def test_a_failure_in_a_thread_is_told_as_well(lasting: StudioDriver):
    def fail() -> None:
        raise RuntimeError("far away")

    with failures_kept(lasting.window):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        lasting.settle()
        assert "failed" in lasting.toast
    assert "far away" in lasting.window.crashes.report()


def test_names_of_people_and_files_stay_out(lasting: StudioDriver):
    lasting.rename("Person A", "Ravi")
    path = lasting.session.project.path
    with failures_kept(lasting.window):
        _fail(OSError(f"cannot read {path} nor {Path.home()}/secret/x.mp4 of Ravi"))
        lasting.settle()
    text = lasting.window.crashes.report()
    assert "cannot read <file.hpes> nor <file.mp4> of <name>" in text
    for private in ("Ravi", str(path.parent), "secret", path.stem):
        assert private not in text.split("OSError", 1)[1]
    assert 'File "tests/ui/test_crash.py"' in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"at {Path.home()}", "at ~"),
        ("no /data/films/my film.mp4, sorry", "no <file.mp4>, sorry"),
        ("in /data/films/park walk", "in <file> walk"),
        (r"C:\Users\me\clip.mov is gone", "<file.mov> is gone"),
        ("1/2 of a frame/s", "1/2 of a frame/s"),
        ("Ana and Anabel", "<name> and Anabel"),
    ],
)
def test_what_is_private_is_replaced(text: str, expected: str):
    assert scrubbed(text, ["Ana"]) == expected


def test_a_hard_crash_is_offered_at_the_next_start(
    lasting: StudioDriver, data_home: Path
):
    script = _FAILS.format(home=str(data_home))
    ended = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True
    )
    assert ended.returncode != 0
    with failures_kept(lasting.window):
        lasting.settle()
        assert "ended unexpectedly" in lasting.toast
        assert "Fatal Python error" in lasting.window.crashes.report()
    assert list((data_home / "faults").iterdir()) == []
    lasting.window.toasts.clear()
    with failures_kept(lasting.window):
        lasting.settle()
        assert lasting.toast == ""


def test_a_report_without_a_failure_says_so(studio: StudioDriver):
    studio.window.actions_["report"].trigger()
    assert "No failure since the start." in _dialog(studio).text.toPlainText()
