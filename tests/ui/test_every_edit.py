"""Edits that ask for a value or have no gesture of their own, by their menu lines."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from hpe_studio.core.viewstate import Selection
from hpe_studio.edits import people
from tests.driver import StudioDriver
from tests.ui.conftest import CUT

ASKING = {
    "known_height": ("scale", "height_field"),
    "known_distance": ("scale", "distance_field"),
    "shape_height": ("shape", "height_field"),
    "focal": ("lens", "focal"),
    "note": ("notes", "text"),
    "clean_take_from": ("takes", "take"),
}


def begin(driver: StudioDriver, *, joint: str = "", frame: int = 10) -> None:
    driver.session.view.frame = frame
    person = driver.person("Person A")
    index = driver.joint_index(person, joint) if joint else None
    driver.session.view.selection = Selection(persons=(person.id,), joint=index)
    driver.focus_video()


def trigger(driver: StudioDriver, action_id: str) -> None:
    action = driver.window.actions_[action_id]
    assert action.isEnabled(), driver.window.actions_.why_off(action_id)
    action.trigger()
    driver.wait_idle()


@pytest.mark.parametrize("action_id", sorted(ASKING))
def test_an_edit_that_needs_a_value_leads_to_its_field(
    lasting: StudioDriver, action_id: str
) -> None:
    begin(lasting)
    section_id, name = ASKING[action_id]
    trigger(lasting, action_id)
    section = lasting.workspace.inspector.section(section_id)
    field = getattr(section, name)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused is field or field.isAncestorOf(focused)
    assert not section.visibleRegion().isEmpty()


def test_the_field_is_reached_with_the_inspector_closed(lasting: StudioDriver) -> None:
    begin(lasting)
    lasting.workspace.toggle_dock("inspector")
    lasting.settle()
    trigger(lasting, "known_height")
    focused = QApplication.focusWidget()
    assert focused is not None
    lasting.type_into(focused, "1.90")
    person = lasting.person("Person A")
    assert lasting.session.height_m(person) == pytest.approx(1.9, abs=0.005)
    assert "known height" in lasting.document.history.undo_label


def test_measures_and_colours_give_the_focus_to_their_first_field(
    lasting: StudioDriver,
) -> None:
    begin(lasting)
    for action_id, section_id in (("shape_measures", "build"), ("colour", "identity")):
        trigger(lasting, action_id)
        section = lasting.workspace.inspector.section(section_id)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert section.isAncestorOf(focused)


def test_a_limb_is_held_by_the_tool_that_the_menu_chose(lasting: StudioDriver) -> None:
    begin(lasting)
    trigger(lasting, "clean_carry_over")
    section = lasting.workspace.inspector.section("clean_up")
    assert section.tool.spec.id == "carry_over"
    lasting.click(section.apply_button, 10, 10)
    lasting.wait_idle()
    assert lasting.document.history.undo_label == section.tool.spec.label


def test_a_cut_comes_to_the_playhead(lasting: StudioDriver) -> None:
    begin(lasting, frame=CUT - 4)
    trigger(lasting, "move_cut")
    assert [shot.start for shot in lasting.document.shots or ()] == [0, CUT - 4]
    assert not lasting.window.actions_["move_cut"].isEnabled()


def test_a_fast_movement_is_marked_as_an_accent(lasting: StudioDriver) -> None:
    begin(lasting, joint="left_elbow")
    trigger(lasting, "mark_accent")
    lasting.press("Return")
    track = lasting.session.active_track
    assert track is not None
    (mark,) = lasting.document.marks_of(track.id, "accent")
    elbow = lasting.joint_index(lasting.person("Person A"), "left_elbow")
    assert elbow in mark.joints
    assert 10 in mark


def test_a_new_person_and_a_range_made_anew_are_a_step_each(
    lasting: StudioDriver,
) -> None:
    begin(lasting, joint="left_elbow")
    assert not lasting.window.actions_["clean_make_anew"].isEnabled()
    lasting.session.view.play_range = (8, 14)
    trigger(lasting, "clean_make_anew")
    assert lasting.document.history.undo_label == "Make anew"
    trigger(lasting, "clean_limits")
    count = len(lasting.session.persons)
    trigger(lasting, "add_person")
    assert len(lasting.session.persons) == count + 1


def test_a_shape_is_taken_by_the_menu(lasting: StudioDriver) -> None:
    begin(lasting)
    person = lasting.person("Person A")
    with lasting.document.edit("Spoil") as edit:
        people.set_shape(edit, person, betas=(2.0, -1.0), scale=1.1)
    trigger(lasting, "shape_mean")
    assert not any(lasting.person("Person A").betas)


def test_a_problem_is_settled_and_opened_again_by_the_menu(
    lasting: StudioDriver,
) -> None:
    problems = lasting.session.problems
    begin(lasting)
    track = lasting.session.active_track
    assert track is not None
    with lasting.document.edit("Spoil") as edit:
        away_m = track.base_root_m[8:10] + np.array([0.9, 0.0, 0.0])
        edit.write(track, "base_root_m", slice(8, 10), away_m)
    trigger(lasting, "check_again")
    lasting.wait_until(lambda: not problems.is_checking, "the check", patience_s=600)
    lasting.focus_video()
    open_before = problems.open_count
    assert open_before
    lasting.press("N")
    assert problems.selected is not None
    finding = problems.selected.finding
    trigger(lasting, "problem_fixed")
    assert problems.open_count == open_before - 1
    problems.filter = replace(problems.filter, with_done=True)
    problems.select(finding)
    lasting.settle()
    trigger(lasting, "problem_reopen")
    assert problems.open_count == open_before
    problems.filter = replace(problems.filter, with_done=False)
