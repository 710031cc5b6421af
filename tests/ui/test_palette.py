"""The palette finds everything, says what is lacking, and gives the focus back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hpe_studio.ui.actions import ACTIONS
from hpe_studio.ui.palette import Palette
from hpe_studio.ui.palette.fuzzy import match
from hpe_studio.ui.palette.places import frame_of
from hpe_studio.ui.palette.rows import Row, found_rows
from tests.driver import StudioDriver
from tests.work import calls_of


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    return lasting


def open_palette(driver: StudioDriver, typed: str = "") -> Palette:
    driver.focus_video()
    driver.press("Ctrl+P")
    palette = driver.window.hands.palette
    assert palette.isVisible()
    assert palette.line.hasFocus()
    QTest.keyClicks(palette.line, typed)
    driver.settle()
    return palette


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [
        ("key", "Insert key", "Hockey"),
        ("fil", "Filter problems", "Profile of errors"),
        ("kwb", "Key the whole body", "Look back with a blue eye"),
        ("swap", "Swap two people", "Saw a pole"),
        ("body whole", "Key the whole body", "Bodywork for the wholesale of oddments"),
    ],
)
def test_words_fit_better_than_scattered_letters(
    typed: str, better: str, worse: str
) -> None:
    good, bad = match(typed, better), match(typed, worse)
    assert good is not None
    assert bad is None or good.score > bad.score


def test_hits_are_the_letters_typed() -> None:
    found = match("wb", "Key the whole body")
    assert found is not None
    assert [("Key the whole body")[i] for i in found.hits] == ["w", "b"]
    assert match("xyz", "Key the whole body") is None
    assert match("", "anything") is not None


@pytest.mark.parametrize("typed", ["com", "sme", "play 12"])
def test_finding_looks_at_each_row_once(typed: str) -> None:
    def work(count: int) -> int:
        rows = [
            Row(id=f"action:{i}", text=f"Some command {i} of the {word}", group=word)
            for i in range(count // 4)
            for word in ("File", "Edit", "View", "Play")
        ]
        return calls_of(lambda: found_rows(typed, rows, recent={}))

    assert work(200) < 100 * 200
    assert work(800) < 5 * work(200)


def test_every_action_is_in_the_palette(opened: StudioDriver) -> None:
    palette = open_palette(opened)
    assert {row.action_id for row in palette.list.rows} == {s.id for s in ACTIONS}
    texts = [(row.group, row.text) for row in palette.list.rows]
    named = [pair for pair in texts if pair[0] != "Last used"]
    assert len(named) == len(set(named))
    opened.press("Esc")


def test_enter_runs_and_esc_gives_the_focus_back(opened: StudioDriver) -> None:
    palette = open_palette(opened, "next frame")
    opened.press("Return")
    opened.settle()
    assert opened.frame == 1
    assert not palette.isVisible()
    assert opened.video.hasFocus()
    palette = open_palette(opened)
    assert palette.list.rows[0].action_id == "next_frame"
    opened.press("Esc")
    assert opened.video.hasFocus()


def test_arrows_choose_and_the_ends_meet(opened: StudioDriver) -> None:
    palette = open_palette(opened, "frame")
    last = len(palette.list.rows) - 1
    opened.press("Up")
    assert palette.list.current == last
    opened.press("Down")
    assert palette.list.current == 0
    opened.press("Esc")


def test_what_is_off_stays_and_says_what_is_lacking(opened: StudioDriver) -> None:
    palette = open_palette(opened, "mirror the pose")
    row = palette.list.row
    assert row is not None
    assert row.run is None
    assert row.detail == "needs a selected person"
    opened.press("Return")
    assert palette.isVisible()
    opened.press("Esc")


def test_nothing_behind_hears_keys_while_it_is_open(opened: StudioDriver) -> None:
    open_palette(opened, "l ")
    opened.press("Ctrl+E")
    assert opened.session.playback.direction == 0
    opened.press("Tab")
    assert opened.window.hands.palette.line.hasFocus()
    opened.press("Esc")


def test_a_prefix_goes_to_a_frame(opened: StudioDriver) -> None:
    palette = open_palette(opened, ">00:00:01:05")
    assert [row.text for row in palette.list.rows] == ["Go to frame 0030"]
    opened.press("Return")
    assert opened.frame == 30
    opened.focus_video()
    opened.press("Ctrl+G")
    assert palette.line.text() == ">"
    opened.press("Esc")


def test_a_prefix_selects_a_person(opened: StudioDriver) -> None:
    palette = open_palette(opened, "@")
    assert [row.text for row in palette.list.rows] == ["Person A", "Person B"]
    QTest.keyClicks(palette.line, "b")
    opened.press("Return")
    assert opened.session.active_person == opened.person("Person B")


def test_a_prefix_finds_what_a_key_does(opened: StudioDriver) -> None:
    palette = open_palette(opened, "?ctrl shift z")
    assert "redo" in {row.action_id for row in palette.list.rows}
    assert "undo" not in {row.action_id for row in palette.list.rows}
    opened.press("Esc")


def test_alt_enter_changes_the_key(opened: StudioDriver) -> None:
    open_palette(opened, "loop the range")
    opened.press("Alt+Return")
    opened.settle()
    preferences = opened.window.hands.show_preferences()
    assert preferences.page == "keys"
    field = preferences.keys.recorder.field
    QTest.keyClick(field, Qt.Key.Key_F12)
    preferences.keys.recorder.give.click()
    assert opened.window.actions_.keys_of("loop") == ("F12",)
    opened.window.actions_.keymap.reset()
    preferences.close()


def test_a_click_beside_it_closes(opened: StudioDriver) -> None:
    palette = open_palette(opened)
    opened.click(palette.scrim, 5, 400)
    assert not palette.isVisible()


def test_it_goes_with_the_project_whose_people_it_names(
    studio: StudioDriver, project: Path
) -> None:
    studio.open_clip(project)
    palette = open_palette(studio, "@")
    studio.window.close_session()
    studio.settle()
    assert not palette.scrim.isVisible()


def test_it_fits_the_smallest_window(opened: StudioDriver) -> None:
    opened.window.resize(960, 600)
    palette = open_palette(opened)
    assert palette.width() == 640
    assert palette.geometry().bottom() < opened.window.height()
    opened.press("Esc")


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("12", 12),
        ("+3", 13),
        ("- 4", 6),
        ("1:05", 30),
        ("00:00:00:07", 7),
        ("0.4 s", 10),
        ("0,4s", 10),
        ("999999999999999", 39),
        ("-99", 0),
        ("", None),
        ("abc", None),
        ("1:2:3:4:5", None),
        ("::", None),
    ],
)
def test_frames_as_people_type_them(
    opened: StudioDriver, text: str, frame: int | None
) -> None:
    assert frame_of(text, opened.document.clip, 10) == frame
