"""Preferences and key sheet: every choice acts at once and outlives the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.dialogs.keysheet import KeySheet, sheet_text
from hpe_studio.ui.dialogs.rate import RateDialog
from hpe_studio.ui.dialogs.run_options import RunDialog
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.preferences import Preferences
from hpe_studio.ui.settings import settings
from hpe_studio.ui.viewport_navigation import REDUCED_MOTION
from tests.driver import StudioDriver


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    return lasting


@pytest.fixture
def preferences(opened: StudioDriver) -> Iterator[Preferences]:
    opened.focus_video()
    opened.press("Ctrl+,")
    window = opened.window.findChild(Preferences)
    assert window is not None
    assert not window.isModal()
    yield window
    opened.window.actions_.keymap.reset()
    opened.window.actions_.keymap.profile = "studio"
    window.close()
    opened.settle()


def field_of(window: QWidget, kind: type, name: str) -> QWidget:
    return next(w for w in window.findChildren(kind) if w.accessibleName() == name)


def choose(window: QWidget, name: str, value: object) -> None:
    box = field_of(window, QComboBox, name)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def set_number(window: QWidget, name: str, value: float) -> None:
    for field in window.findChildren(NumberField):
        if field.box.accessibleName() == name:
            field.value = value
            field.edited.emit(value)
            return
    raise AssertionError(name)


def test_the_theme_and_text_size_change_at_once(
    opened: StudioDriver, preferences: Preferences
) -> None:
    before = look.colour("bg.panel")
    preferences.show_page("look")
    choose(preferences, "Theme", "light")
    look.apply(opened.app)
    assert look.theme().name == "light"
    assert look.colour("bg.panel") != before
    choose(preferences, "Theme", "dark")
    look.apply(opened.app)
    assert look.theme().name == "dark"


def test_views_jump_where_gliding_is_switched_off(
    opened: StudioDriver, preferences: Preferences
) -> None:
    preferences.show_page("look")
    box = next(
        box
        for box in preferences.findChildren(QCheckBox)
        if box.text() == "Jump instead of gliding"
    )
    navigator = opened.viewport.navigator
    try:
        for jumps in (False, True):
            box.setChecked(jumps)
            opened.wait_idle()
            navigator.frame_ms = 5.0  # as fast as a graphics card
            opened.viewport.camera.orbit = replace(
                opened.viewport.camera.orbit, distance_m=9.0
            )
            opened.viewport.frame_selection()
            assert navigator.is_gliding is not jumps
    finally:
        settings().forget(REDUCED_MOTION)


def test_a_run_starts_from_what_was_chosen(
    opened: StudioDriver, preferences: Preferences
) -> None:
    choose(preferences, "Model", "full")
    choose(preferences, "Cores", 1)
    set_number(preferences, "Field of view", 47.0)
    dialog = RunDialog(opened.session, opened.window)
    options = dialog.options()
    assert options.settings["model"] == "full"
    assert options.workers == 1
    assert options.fov_deg == 47.0
    dialog.close()
    for name in ("run.model", "run.workers", "run.fov_deg"):
        settings().forget(name)


def test_images_are_offered_at_the_rate_that_was_chosen(
    opened: StudioDriver, preferences: Preferences
) -> None:
    choose(preferences, "Images play at", "60")
    dialog = RateDialog(opened.document.clip, opened.window)
    assert dialog.fps() == 60
    dialog.close()
    settings().forget("play.images_fps")


def test_looping_is_as_chosen_when_a_project_opens(
    studio: StudioDriver, project: Path
) -> None:
    settings().write("play.loop", False)
    settings().write("files.cache_mb", 64)
    studio.open_clip(project)
    assert studio.session.playback.is_looping is False
    loop = next(
        box
        for box in studio.window.hands.show_preferences("playing").findChildren(
            QCheckBox
        )
        if box.text().startswith("Loop")
    )
    assert not loop.isChecked()
    loop.click()
    assert settings().read("play.loop", False) is True


def test_a_key_is_pressed_warned_of_and_given(
    opened: StudioDriver, preferences: Preferences
) -> None:
    page = preferences.keys
    preferences.show_page("keys")
    page.record_for("export")
    field = page.recorder.field
    assert field.hasFocus()
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "Undo" in page.recorder.told.text()
    assert opened.window.actions_.keys_of("export") == ("Ctrl+E",)
    page.recorder.give.click()
    assert opened.window.actions_.keys_of("export") == ("Ctrl+Z",)
    assert opened.window.actions_.keys_of("undo") == ()
    page.recorder.reset.click()
    assert opened.window.actions_.keys_of("export") == ("Ctrl+E",)


def test_conflicts_are_shown(opened: StudioDriver, preferences: Preferences) -> None:
    opened.window.actions_.keymap.set_keys("export", ["Ctrl+O"])
    warning = preferences.keys.warning
    assert not warning.isHidden()
    for word in ("Ctrl", "Open", "Export"):
        assert word in warning.text()
    opened.window.actions_.keymap.reset()
    assert warning.isHidden()


def test_the_search_finds_actions_and_keys(preferences: Preferences) -> None:
    page = preferences.keys
    for typed in ("loop", "F9"):
        page.search.setText(typed)
        shown = [i.text(0) for i in page._items.values() if not i.isHidden()]
        assert "Loop the range" in shown
        assert "Undo" not in shown


def test_a_key_file_goes_out_and_comes_in(
    opened: StudioDriver, preferences: Preferences, tmp_path: Path
) -> None:
    page, keymap = preferences.keys, opened.window.actions_.keymap
    keymap.set_keys("export", ["F12"])
    page.export_file(tmp_path / "keys.json")
    keymap.reset()
    page.import_file(tmp_path / "keys.json")
    assert keymap.keys_of("export") == ("F12",)
    (tmp_path / "bad.json").write_text("no")
    page.import_file(tmp_path / "bad.json")
    assert "bad.json" in page.warning.text()
    assert keymap.keys_of("export") == ("F12",)


def test_the_key_sheet_shows_the_keys_in_force(opened: StudioDriver) -> None:
    opened.focus_video()
    opened.press("?")
    sheet = opened.window.findChild(KeySheet)
    assert sheet is not None
    assert not sheet.isModal()
    keymap = opened.window.actions_.keymap
    assert set(sheet.shown) == {a for a, keys in keymap.every().items() if keys}
    sheet.search.setText("undo")
    assert sheet.shown == ("undo",)
    sheet.search.setText("ctrl y")
    assert "redo" in sheet.shown
    sheet.search.clear()
    keymap.set_keys("undo", ["F12"])
    assert "F12" in sheet_text(keymap)
    sheet.copy_text()
    assert "F12" in QApplication.clipboard().text()
    keymap.reset()
    sheet.close()
    opened.settle()
