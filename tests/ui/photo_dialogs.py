"""Photographs of everything that stands over the window, several on one sheet."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from threading import Event
from unittest.mock import patch

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QDialog, QWidget

from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Progress
from hpe_studio.ui import look, news
from hpe_studio.ui.export import ExportDialog
from hpe_studio.ui.importing import ImportDialog
from hpe_studio.ui.jobs import RunningJob
from hpe_studio.ui.notices import Notice
from hpe_studio.workflow.exporting import export_path
from tests.driver import StudioDriver

_GAP_PX = 16
_REPORT = """HPE Studio 0.1.0
Python 3.11, Linux
Graphics: llvmpipe

Last commands: tool_rotate, insert_key

Traceback (most recent call last):
  File "hpe_studio/ui/stage.py", line 88, in draw
ValueError: the gizmo has no ring
"""
_NEWS = """# What is new

## 0.2.0

- **Curves** of several joints at once, with handles.
- **Films** of two hours open in a second; whatever was found in them stays editable
  while the rest is looked through.

## 0.1.0

The whole way from a clip to people on screen and in a file.
"""


def reading(driver: StudioDriver, _scene: Path) -> QImage:
    """What is read: report of a failure, what is new, licences, the sheet of keys."""
    asking = driver.window.asking
    with patch.object(news, "changelog", lambda: _NEWS):
        shots = [_news_shot(driver)]
    asking.report()
    report = _top(driver)
    report.text.setPlainText(_REPORT)  # type: ignore[attr-defined]
    shots.append(_shot(driver, report))
    asking.about("licences")
    shots.append(_shot(driver, _top(driver)))
    driver.window.hands.show_keys()
    sheet = _top(driver)
    sheet.search.setText("undo")  # type: ignore[attr-defined]
    shots.append(_shot(driver, sheet))
    return _sheet(shots)


def asking(driver: StudioDriver, scene: Path) -> QImage:
    """What is asked: a run, own files, a version, import and export."""
    window, shots = driver.window, list[QImage]()
    for ask in (window.asking.for_run, window.asking.for_own_files):
        ask()
        shots.append(_shot(driver, _top(driver)))
    results = scene.with_name("talk.json")
    if not results.exists():
        export_path(_copy_of(scene), results)
    window.asking.show_import(results)
    doctor = _top(driver)
    assert isinstance(doctor, ImportDialog)
    driver.wait_until(lambda: not doctor.is_working, "the results")
    driver.wait_idle()
    shots.append(_shot(driver, doctor))
    window.asking.for_export()
    export = _top(driver)
    assert isinstance(export, ExportDialog)
    for row in range(3, export.formats.count()):
        export.formats.setRowHidden(row, True)  # whichever come to be written
    export.path.setText("~/motion/stage.bvh")
    shots.append(_shot(driver, export))
    return _sheet(shots)


def choosing(driver: StudioDriver, _scene: Path) -> QImage:
    """Every page of the preferences but that of keys, which is pinned in the window."""
    dialog, shots = driver.window.hands.show_preferences(), list[QImage]()
    for page in ("look", "playing", "estimation"):
        dialog.show_page(page)
        driver.settle()
        shots.append(dialog.grab().toImage())
    dialog.close()
    return _sheet(shots)


def passing(driver: StudioDriver, _scene: Path) -> QImage:
    """What comes and goes: the list of jobs with all their ends, a toast with undo."""
    jobs, halt = driver.window.jobs, Event()
    running = _three_jobs(driver, halt)
    jobs_list = driver.window.status.pill.list
    driver.window.status.pill.show_list()
    jobs_list.rows[0]._numbers.setText("62 %, 0:48 left")
    shots = [jobs_list.grab().toImage()]
    jobs_list.hide()
    running.cancel()
    halt.set()
    driver.wait_until(lambda: not jobs.running, "the job's end")
    toasts = driver.window.toasts
    for notice in (
        Notice(text="Filled both legs, 76 frames", action="undo"),
        Notice(text="The disk is full: nothing is lost", tone="danger", details="28"),
    ):
        toasts.show(notice)
        driver.settle()
        assert toasts.shown is not None
        shots.append(toasts.shown.grab().toImage())
    toasts.clear()
    return _sheet(shots)


def empty(driver: StudioDriver, scene: Path) -> QImage:
    """A clip in which nobody was looked for yet."""
    window = driver.window
    if window.session is not None:
        window.actions_["close"].trigger()
    clip = scene.with_name("alone.hpes")
    clip.unlink(missing_ok=True)
    _project_without_people(scene, clip)
    driver.open_clip(clip)
    driver.workspace.show_workspace("fix")  # not the one that was left last
    driver.workspace.reset()
    window.activateWindow()
    driver.focus_video()
    window.status._timer.stop()
    window.status._saved.setText("All edits kept 14:02")
    window.toasts.clear()
    driver.wait_idle()
    driver.wait_until(lambda: driver.workspace.lanes.is_still, "the film strip")
    photograph = driver.grab()
    window.actions_["close"].trigger()
    return photograph


SHEETS = (reading, asking, choosing, passing)
"""Photographs for which the drawn project has to be open."""


def _three_jobs(driver: StudioDriver, halt: Event) -> RunningJob:
    jobs = driver.window.jobs
    driver.wait_until(lambda: not jobs.running, "the jobs before")
    jobs._ended.clear()

    def ends(error: Exception | None) -> Generator[Progress, None, None]:
        yield Progress(done=1, total=1)
        if error is not None:
            raise error

    def goes_on() -> Generator[Progress, None, None]:
        yield Progress(done=62, total=100, text="Shot 4 of 6")
        halt.wait()
        yield Progress(done=62, total=100)

    lost = StudioError("the film ends at frame 812", fix="copy it again")
    for title, error in (("Reading talk.json", None), ("Reading stage.mp4", lost)):
        jobs.start(title, ends(error), on_result=_nothing)
        driver.wait_until(lambda: not jobs.running, "a job's end")
    running = jobs.start(
        "Finding people", goes_on(), on_result=_nothing, on_dropped=_nothing_left
    )
    driver.wait_until(lambda: running.progress.done > 0, "the job")
    return running


def _nothing(_result: object) -> None:
    """Nobody waits for it."""


def _nothing_left() -> None:
    """Nothing was found."""


def _news_shot(driver: StudioDriver) -> QImage:
    driver.window.asking.about("news")
    return _shot(driver, _top(driver))


def _top(driver: StudioDriver) -> QDialog:
    driver.settle()
    (dialog,) = [d for d in driver.window.findChildren(QDialog) if d.isVisible()]
    return dialog


def _shot(driver: StudioDriver, dialog: QWidget) -> QImage:
    """The dialog as it opens, with the focus where it is at first."""
    driver.settle()
    for field in dialog.findChildren(QWidget):
        field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
    photograph = dialog.grab().toImage()
    dialog.close()
    driver.settle()
    return photograph


def _sheet(shots: Sequence[QImage]) -> QImage:
    """Pictures in two columns on the ground of the window."""
    columns: list[list[QImage]] = [[], []]
    heights = [_GAP_PX, _GAP_PX]
    for shot in shots:
        at = heights.index(min(heights))
        columns[at].append(shot)
        heights[at] += shot.height() + _GAP_PX
    widths = [max((s.width() for s in column), default=0) for column in columns]
    sheet = QImage(sum(widths) + 3 * _GAP_PX, max(heights), QImage.Format.Format_RGB32)
    sheet.fill(look.colour("border.strong"))
    with QPainter(sheet) as painter:
        x = _GAP_PX
        for column, width in zip(columns, widths, strict=True):
            y = _GAP_PX
            for shot in column:
                painter.drawImage(QPoint(x, y), shot)
                y += shot.height() + _GAP_PX
            x += width + _GAP_PX
    return sheet


def _copy_of(scene: Path) -> Path:
    import shutil

    copy = scene.with_name("copy.hpes")
    shutil.copy(scene, copy)
    return copy


def _project_without_people(scene: Path, path: Path) -> None:
    from fractions import Fraction

    from hpe_studio.media import open_footage
    from hpe_studio.storage.project import create_project

    footage = open_footage(scene.with_suffix(""), fps=Fraction(25))
    create_project(path, footage.clip).close()
    footage.close()
