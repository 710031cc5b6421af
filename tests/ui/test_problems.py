"""Going through the queue of problems with keys until none is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from hpe_studio.storage.project import write_document
from tests.driver import StudioDriver
from tests.quality.made import made_document


@pytest.fixture
def broken(studio: StudioDriver, tmp_path: Path) -> StudioDriver:
    """Two people, broken in four ways, checked."""
    path = tmp_path / "broken.hpes"
    write_document(path, made_document(["missing", "jump", "flip", "implausible"]))
    studio.open_clip(path)
    wait_checked(studio)
    return studio


def wait_checked(driver: StudioDriver) -> None:
    problems = driver.session.problems
    driver.wait_until(lambda: not problems.is_checking, "the check")
    driver.settle()


def test_keys_go_through_the_queue_until_none_is_open_and_undo_reopens(
    broken: StudioDriver,
) -> None:
    problems, panel = broken.session.problems, broken.workspace.problems
    first = problems.open_count
    assert first >= 6
    broken.focus_video()
    for _ in range(5 * first):
        broken.press("N")
        one = problems.selected
        if one is None:
            break
        assert broken.frame == one.finding.start
        assert broken.session.view.selection.active == one.finding.person_id
        broken.press("Return")
        wait_checked(broken)
    assert problems.open_count == 0
    assert panel.empty.isVisible()
    assert problems.done_count >= 6
    broken.press("Ctrl+Z")
    wait_checked(broken)
    assert problems.open_count >= 1
    assert panel.list.isVisible()


def test_buttons_chips_and_ignoring(broken: StudioDriver) -> None:
    problems, panel = broken.session.problems, broken.workspace.problems
    broken.focus_video()
    broken.press("N")
    found = problems.open_count
    broken.press("Shift+Return")
    assert problems.open_count == found - 1
    assert problems.done_count == 1
    broken.press("Ctrl+Z")
    assert problems.open_count == found
    high = next(chip for chip in panel.chips.chips if chip.level == "high")
    broken.click(high, 10, 10)
    assert {one.finding.level for one in problems.listed} == {"high"}


def test_the_strip_leads_to_its_frames_and_goes_with_its_key(
    broken: StudioDriver,
) -> None:
    strip = broken.workspace.strip
    broken.click(strip.bars, strip.bars.x_of(120.5), 10)
    assert broken.frame == 120
    broken.focus_video()
    broken.press("E")
    assert not strip.isVisible()
    broken.press("E")
    assert strip.isVisible()
    broken.click(strip.tabs["jitter"], 10, 10)
    broken.wait_until(lambda: not strip.data.is_busy, "the measures")
    assert strip.data.values[100] > 0
