"""A window that lasts tells what a test left, and starts over as if it were new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hpe_studio.core.viewstate import ViewState
from hpe_studio.ui import look
from hpe_studio.ui.settings import settings
from tests.drive_start import clear_away, left_behind
from tests.driver import StudioDriver


def _open_palette(driver: StudioDriver) -> None:
    driver.window.hands.show_palette()


def _open_preferences(driver: StudioDriver) -> None:
    driver.window.hands.show_preferences()


def _ask_blend(driver: StudioDriver) -> None:
    driver.window.hands.ask_blend()


def _choose_theme(_driver: StudioDriver) -> None:
    settings().write("look.theme", "light")


def _enlarge_texts(_driver: StudioDriver) -> None:
    settings().write("look.text_percent", 150)


def _change_keys(driver: StudioDriver) -> None:
    driver.window.actions_.keymap.profile = "blender"


@pytest.mark.parametrize(
    ("leave", "told"),
    [
        (_open_palette, "Scrim is open"),
        (_open_preferences, "Preferences is open"),
        (_ask_blend, "BlendCard is open"),
        (_choose_theme, "the look is light at 100 %"),
        (_enlarge_texts, "the look is dark at 150 %"),
        (_change_keys, "keys are changed: blender {}"),
    ],
)
def test_what_is_left_is_told_and_cleared_away(
    lasting: StudioDriver, leave: Callable[[StudioDriver], None], told: str
) -> None:
    look.apply(lasting.app)  # it follows the settings of this test
    assert left_behind() == []
    leave(lasting)
    assert left_behind() == [told]
    clear_away()
    assert left_behind() == []


def test_a_lasting_window_starts_over_as_it_was_first(lasting: StudioDriver) -> None:
    lasting.wait_idle()
    before = _seen(lasting)
    session, view = lasting.session, lasting.session.view
    session.select(lasting.person("Person A").id, 16)
    view.tool, view.frame, view.play_range = "rotate", 12, (3, 20)
    view.layers = replace(view.layers, bodies=False, ghost=True)
    session.playback.speed, session.playback.is_looping = 0.5, False
    lasting.workspace.curves.switches["speed"].setChecked(True)
    lasting.video.zoom.zoom(3.0, 40, 40)
    lasting.lanes.toggle_open(lasting.person("Person A").id)
    lasting.lanes.zoom_as("zoom_in")
    lasting.workspace.inspector.section("rotation").head.toggle()
    lasting.workspace.outliner.open_search()
    lasting.workspace.show_workspace("compare")
    lasting.workspace.toggle_dock("people")
    person = lasting.person("Person A")
    lasting.session.perform(
        "Rename", lambda edit: edit.put(replace(person, name="Ravi"))
    )
    lasting.window.hands.show_palette()
    QTest.keyClick(lasting.window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    lasting.start_over("Estimate people")
    lasting.wait_idle()
    assert _seen(lasting) == before


def _seen(driver: StudioDriver) -> dict[str, object]:
    """What a person sees of how things stand."""
    workspace, playback = driver.workspace, driver.session.playback
    view: ViewState = driver.session.view
    docks: dict[str, QWidget] = dict(workspace.docks)
    return {
        "view": (view.tool, view.frame, view.play_range, view.layers, view.selection),
        "playing": (playback.direction, playback.speed, playback.is_looping),
        "workspace": workspace.workspace_id,
        "docks": {name: dock.isVisible() for name, dock in docks.items()},
        "video": driver.video.zoom.transform,
        "lanes": (driver.lanes.axis, driver.lanes.contents.opened),
        "curves": [s.isChecked() for s in workspace.curves.switches.values()],
        "folds": [
            section.head.is_open
            for page in workspace.inspector.pages.values()
            for section in page.sections
        ],
        "search": workspace.outliner.find_button.isChecked(),
        "names": [person.name for person in driver.session.persons],
        "left": left_behind(),
        "down": driver.app.keyboardModifiers(),
    }
