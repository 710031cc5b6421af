"""Common ground and scale in the window: previewed, taken back, kept as one step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hpe_studio.core.skeleton import skeleton
from hpe_studio.edits import marks
from hpe_studio.ui.actions.table import ACTIONS
from tests.core.scenes import state_of
from tests.drive_panels import section
from tests.driver import StudioDriver

_SOLES = ("left_ankle", "right_ankle", "left_foot", "right_foot")


@pytest.fixture
def panel(lasting: StudioDriver) -> Any:
    """The section, unfolded; Person A selected, contacts of everybody marked."""
    document = lasting.document
    with document.edit("Mark") as edit:
        for track in tuple(document.tracks.values()):
            joints = tuple(skeleton(track.skeleton).index(name) for name in _SOLES)
            for start in range(track.start, track.stop - 6, 8):
                marks.set_mark(
                    edit,
                    document,
                    track,
                    kind="contact",
                    joints=joints,
                    start=start,
                    stop=start + 4,
                )
    lasting.scrub_to(10)
    lasting.select_joint("Person A", "left_elbow")
    found = section(lasting, "common_ground")
    if not found.head.is_open:
        found.head.toggle()
    for box in (found.is_known, found.with_focal, found.leaves_out):
        box.setChecked(False)
    lasting.settle()
    return found


def scales(driver: StudioDriver) -> list[float]:
    return [person.scale for person in driver.session.persons]


def test_a_preview_shows_sizes_and_esc_puts_back(
    panel: Any, lasting: StudioDriver
) -> None:
    before, steps = state_of(lasting.document), lasting.document.history.position
    QTest.mouseClick(panel.preview_button, Qt.MouseButton.LeftButton)
    lasting.settle()
    assert panel.is_previewing
    assert "contacts, within" in panel.floor.text()
    assert panel.cue.text() == "people's usual height"
    assert state_of(lasting.document) != before
    QTest.keyClick(panel.preview_button, Qt.Key.Key_Escape)
    lasting.settle()
    assert not panel.is_previewing
    assert state_of(lasting.document) == before
    assert lasting.document.history.position == steps


def test_a_known_height_is_kept_as_one_step(panel: Any, lasting: StudioDriver) -> None:
    before, steps = scales(lasting), lasting.document.history.position
    panel.is_known.setFocus()
    QTest.keyClick(panel.is_known, Qt.Key.Key_Space)
    panel.height_field.box.setFocus()
    lasting.type_into(panel.height_field.box, "1.93")
    QTest.keyClick(panel.height_field.box, Qt.Key.Key_Return)
    QTest.mouseClick(panel.buttons.apply, Qt.MouseButton.LeftButton)
    lasting.settle()
    person = lasting.session.active_person
    assert person is not None
    assert lasting.session.height_m(person) == pytest.approx(1.93, abs=0.01)
    assert panel.cue.text() == "known heights"
    assert lasting.document.history.position == steps + 1
    assert lasting.document.history.undo_label == "Common ground and scale"
    lasting.session.undo()
    np.testing.assert_array_equal(scales(lasting), before)


def test_a_preview_follows_its_settings(panel: Any, lasting: StudioDriver) -> None:
    QTest.mouseClick(panel.preview_button, Qt.MouseButton.LeftButton)
    first = scales(lasting)
    panel.is_known.setFocus()
    QTest.keyClick(panel.is_known, Qt.Key.Key_Space)
    panel.height_field.box.setFocus()
    lasting.type_into(panel.height_field.box, "1.6")
    QTest.keyClick(panel.height_field.box, Qt.Key.Key_Return)
    lasting.settle()
    assert panel.is_previewing
    assert scales(lasting) != first
    panel.cancel()


def test_the_menu_shows_the_preview_and_nobody_marked_is_named(
    panel: Any, lasting: StudioDriver
) -> None:
    entry = next(a for a in ACTIONS if a.id == "floor_common")
    assert entry.text == "Common ground and scale…"
    lasting.window.actions_["floor_common"].trigger()
    lasting.settle()
    assert panel.is_previewing
    panel.cancel()
    document = lasting.document
    track = next(iter(document.tracks.values()))
    with document.edit("Unmark") as edit:
        for found in document.every_mark_of(track.id):
            edit.remove(found)
    name = document.persons[track.person_id].name
    panel.preview()
    assert not panel.is_previewing
    assert name in lasting.toast
    panel.leaves_out.setChecked(True)
    panel.preview()
    assert panel.is_previewing
    panel.cancel()
