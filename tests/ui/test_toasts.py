"""Toasts and running jobs: what is said, how it is undone, stopped, copied."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from hpe_studio.core.jobs import Progress
from hpe_studio.ui.jobs import RunningJob
from hpe_studio.ui.notices import Notice
from hpe_studio.ui.toast import Toast
from tests.driver import StudioDriver


def _shown(driver: StudioDriver) -> Toast:
    driver.settle()
    toast = driver.window.toasts.shown
    assert toast is not None
    return toast


def _buttons(toast: Toast) -> list[str]:
    return [b.text() for b in toast.findChildren(QPushButton) if b.isVisible()]


def test_a_toast_lies_at_the_bottom_of_the_lanes(lasting: StudioDriver):
    lasting.window.notices.say("Filled both legs, 76 frames", action="undo")
    toast = _shown(lasting)
    lanes = lasting.workspace.lanes
    top_left = toast.mapTo(lasting.window, toast.rect().topLeft())
    lanes_top = lanes.mapTo(lasting.window, lanes.rect().topLeft()).y()
    lanes_end = lanes_top + lanes.height()
    assert toast.height() == 34
    assert lanes_top < top_left.y() < lanes_end - 34
    assert lanes_end - (top_left.y() + 34) == 10
    middle = top_left.x() + toast.width() / 2
    assert middle == pytest.approx(lasting.window.width() / 2, abs=1)


def test_one_at_a_time_and_undo_by_keyboard(lasting: StudioDriver):
    lasting.rename("Person A", "Ravi")
    lasting.window.notices.say("One")
    lasting.window.notices.say("Two", action="undo")
    toast = _shown(lasting)
    assert lasting.toast == "Two"
    assert len([t for t in lasting.window.findChildren(Toast) if t.isVisible()]) == 1
    (undo,) = [b for b in toast.findChildren(QPushButton) if b.text() == "Undo"]
    undo.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(undo, Qt.Key.Key_Space)
    lasting.settle()
    assert lasting.session.persons[0].name == "Person A"
    assert lasting.toast == ""


def test_escape_and_the_cross_take_it_away(lasting: StudioDriver):
    for how in ("escape", "cross"):
        lasting.window.notices.inform("Something to know")
        toast = _shown(lasting)
        cross = toast.findChild(QToolButton)
        assert cross is not None
        assert cross.accessibleName() == "Close"
        if how == "escape":
            cross.setFocus(Qt.FocusReason.TabFocusReason)
            lasting.press("Esc", cross)
        else:
            lasting.click(cross, 12, 12)
        assert lasting.toast == ""


def test_details_of_an_error_can_be_copied(lasting: StudioDriver):
    notice = Notice(text="It failed", tone="danger", details="ValueError: 3")
    lasting.window.toasts.show(notice)
    toast = _shown(lasting)
    (copy,) = [b for b in toast.findChildren(QPushButton) if "Copy" in b.text()]
    lasting.click(copy, 8, 8)
    assert QGuiApplication.clipboard().text() == "It failed\n\nValueError: 3"
    assert lasting.toast == "It failed"


def test_a_toast_stays_under_the_pointer(lasting: StudioDriver):
    lasting.window.notices.say("Wait")
    toast, timer = _shown(lasting), lasting.window.toasts._timer
    assert timer.isActive()
    at = QPointF(5, 5)
    QApplication.sendEvent(toast, QEnterEvent(at, at, at))
    assert not timer.isActive()
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert timer.isActive()


def test_a_long_sentence_wraps_and_stays_in_the_window(lasting: StudioDriver):
    lasting.window.notices.inform("Nobody was found in this clip, " * 9)
    toast = _shown(lasting)
    assert toast.width() <= 720
    assert toast.height() > 34
    assert _buttons(toast) == []


def _endless(text: str) -> Generator[Progress, None, None]:
    for done in range(10**6):
        time.sleep(0.002)
        yield Progress(done=min(done, 60), total=100, text=text)


def _started(driver: StudioDriver, title: str, **outcomes: Any) -> RunningJob:
    job = driver.window.jobs.start(
        title, _endless(f"{title} now"), on_result=print, **outcomes
    )
    driver.wait_until(lambda: job.progress.done > 1, "progress")
    return job


def test_the_pill_counts_more_jobs_and_lists_them_all(lasting: StudioDriver):
    kept: list[str] = []
    first = _started(
        lasting,
        "Finding people",
        on_cancelled=lambda: kept.append("kept"),
        on_dropped=lambda: kept.append("dropped"),
    )
    second = _started(lasting, "Finding cuts", on_cancelled=lambda: None)
    pill = lasting.window.status.pill
    lasting.wait_until(lambda: pill.more_text == "+1", "the second job")
    assert pill.text == "Finding people now"
    pill.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(pill, Qt.Key.Key_Return)
    rows = pill.list.rows
    assert [row.job for row in rows] == [first, second]
    assert rows[1].drop is None
    assert rows[0].drop is not None
    lasting.click(rows[0].drop, 8, 8)
    lasting.wait_until(lambda: bool(kept), "the first to end")
    assert kept == ["dropped"]
    lasting.settle()
    assert [row.job for row in pill.list.rows] == [second]
    lasting.click(pill.list.rows[0].stop, 8, 8)
    lasting.wait_until(lambda: not lasting.window.jobs.running, "both to end")
    lasting.settle()
    assert not pill.list.isVisible()
    assert not pill.isVisible()


def test_a_job_stopped_by_its_cross_keeps_what_it_found(lasting: StudioDriver):
    kept: list[str] = []
    _started(
        lasting,
        "Finding people",
        on_cancelled=lambda: kept.append("kept"),
        on_dropped=lambda: kept.append("dropped"),
    )
    pill = lasting.window.status.pill
    lasting.settle()
    lasting.click(pill, pill.width() - 10, 9)
    lasting.wait_until(lambda: bool(kept), "the end")
    assert kept == ["kept"]
