"""Clean-up in the window: previewed live, kept as one step, taken back by Esc."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from hpe_studio.core.track import Source
from hpe_studio.edits.tools import TOOLS
from hpe_studio.ui import cleaning
from hpe_studio.ui.actions.table import ACTIONS
from tests.drive_panels import section
from tests.driver import StudioDriver


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    """The window with the project of two people, Person A's left elbow selected."""
    lasting.session.view.play_range = None
    lasting.scrub_to(10)
    lasting.select_joint("Person A", "left_elbow")
    lasting.settle()
    return lasting


def choose(panel: Any, **values: str) -> None:
    """Choose by what stands behind the words."""
    for name, value in values.items():
        choice = getattr(panel, name)
        index = choice.findData(value)
        assert index >= 0, value
        choice.setCurrentIndex(index)


def shake(driver: StudioDriver) -> np.ndarray:
    """Let the active person tremble, and give the base."""
    track = driver.session.active_track
    assert track is not None
    rng = np.random.default_rng(0)
    shaken = track.base_rad + rng.normal(0, 0.03, track.base_rad.shape)
    with driver.document.edit("Shake") as edit:
        edit.write(track, "base_rad", slice(None), shaken)
    driver.settle()
    return np.array(track.base_rad)


def base(driver: StudioDriver) -> np.ndarray:
    track = driver.session.active_track
    assert track is not None
    return np.array(track.base_rad)


def test_a_preview_shows_and_esc_puts_back(opened: StudioDriver) -> None:
    before = shake(opened)
    steps = opened.document.history.position
    panel = section(opened, "clean_up")
    choose(panel, tool_choice="smooth", span="shot", limb="left arm", who="")
    panel.preview_button.click()
    opened.settle()
    assert panel.is_previewing
    assert opened.document.is_editing
    assert not np.array_equal(base(opened), before)
    assert panel.moved.text().endswith(" cm")
    was, now = panel.jitter.text().removesuffix(" m/s³").split(" → ")
    assert float(now) < float(was)
    assert panel.lost.text().endswith(" %")
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    opened.settle()
    assert not opened.document.is_editing
    np.testing.assert_array_equal(base(opened), before)
    assert opened.document.history.position == steps


def test_a_preview_follows_its_settings_and_is_kept_as_one_step(
    opened: StudioDriver,
) -> None:
    before = shake(opened)
    steps = opened.document.history.position
    panel = section(opened, "clean_up")
    choose(panel, tool_choice="smooth", span="shot", limb="whole body", who="")
    panel.preview_button.click()
    first = base(opened)
    panel.options.fields["strength"].box.setFocus()
    opened.type_into(panel.options.fields["strength"].box, "4")
    QTest.keyClick(panel.options.fields["strength"].box, Qt.Key.Key_Return)
    opened.settle()
    assert not np.array_equal(base(opened), first)
    panel.apply_button.click()
    opened.settle()
    assert opened.document.history.position == steps + 1
    assert opened.menu_text("undo") == "Undo smooth"
    assert "Smooth" in opened.toast
    opened.press("Ctrl+Z")
    np.testing.assert_array_equal(base(opened), before)


def undo_is_offered(driver: StudioDriver) -> bool:
    buttons = driver.window.findChildren(QPushButton)
    return any(b.isVisible() and b.text().startswith("Undo") for b in buttons)


def test_a_tool_that_changes_nothing_offers_no_way_back(opened: StudioDriver) -> None:
    shake(opened)
    opened.window.toasts.clear()
    steps = opened.document.history.position
    opened.window.actions_["clean_take_in"].trigger()  # nothing was left out
    opened.settle()
    assert "Take into export again: there is nothing to change" in opened.toast
    assert not undo_is_offered(opened)
    panel = section(opened, "clean_up")
    choose(panel, tool_choice="take_in", span="shot", limb="left arm", who="")
    opened.window.toasts.clear()
    panel.preview_button.click()
    panel.apply_button.click()
    opened.settle()
    assert "nothing to change" in opened.toast
    assert not undo_is_offered(opened)
    assert opened.document.history.position == steps
    choose(panel, tool_choice="smooth")
    panel.apply_button.click()
    opened.settle()
    assert undo_is_offered(opened)


def test_undo_takes_a_preview_back_before_any_step(opened: StudioDriver) -> None:
    before = shake(opened)
    steps = opened.document.history.position
    panel = section(opened, "clean_up")
    choose(panel, tool_choice="smooth", span="shot", limb="whole body", who="")
    panel.preview_button.click()
    assert not np.array_equal(base(opened), before)
    opened.focus_video()
    opened.press("Ctrl+Z")
    assert not panel.is_previewing
    np.testing.assert_array_equal(base(opened), before)
    assert opened.document.history.position == steps


def test_a_preview_nobody_looks_at_is_taken_back(opened: StudioDriver) -> None:
    before = shake(opened)
    panel = section(opened, "clean_up")
    choose(panel, tool_choice="smooth", span="shot", limb="whole body", who="")
    panel.preview_button.click()
    assert opened.document.is_editing
    section(opened, "rotation")
    assert not opened.document.is_editing
    np.testing.assert_array_equal(base(opened), before)


def test_without_tremble_the_panel_says_that_nothing_moves(
    opened: StudioDriver,
) -> None:
    track = opened.session.active_track
    assert track is not None
    with opened.document.edit("Still") as edit:
        edit.write(track, "base_rad", slice(None), np.zeros((24, 3)))
        edit.write(track, "base_root_m", slice(None), np.array([0.0, 0.0, -3.0]))
    panel = section(opened, "clean_up")
    choose(panel, tool_choice="smooth", span="shot", limb="left arm", who="")
    panel.preview_button.click()
    opened.settle()
    assert panel.moved.text() == "–"
    assert "hardly any tremble" in panel.curve.accessibleDescription()
    panel.cancel()


def test_long_work_is_a_job_and_comes_as_the_same_step(
    opened: StudioDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shake(opened)
    panel = section(opened, "clean_up")
    choose(panel, tool_choice="smooth", span="shot", limb="whole body", who="")
    panel.apply()
    opened.settle()
    at_once = base(opened)
    opened.press("Ctrl+Z")
    np.testing.assert_array_equal(base(opened), before)
    monkeypatch.setattr(cleaning, "_MOMENT_US", 0)
    panel.apply()
    assert opened.session.jobs.running
    opened.wait_idle()
    opened.settle()
    np.testing.assert_array_equal(base(opened), at_once)
    assert opened.menu_text("undo") == "Undo smooth"


def test_shift_f_fills_the_joints_limb_over_the_range(opened: StudioDriver) -> None:
    opened.session.view.play_range = (6, 14)
    opened.focus_video()
    opened.press("Shift+F")
    opened.settle()
    track = opened.session.active_track
    assert track is not None
    elbow = opened.joint_index(opened.person("Person A"), "left_elbow")
    rows = slice(6 - track.start, 14 - track.start)
    assert (track.base_source[rows, elbow] == Source.FILLED).all()
    assert not (track.base_source[: rows.start, elbow] == Source.FILLED).any()
    assert opened.menu_text("undo") == "Undo fill"


def test_tools_that_need_a_limb_choose_one(opened: StudioDriver) -> None:
    panel = section(opened, "clean_up")
    choose(panel, tool_choice="smooth", limb="whole body")
    choose(panel, tool_choice="carry_over")
    assert panel.limb.currentData() == "left arm"
    opened.session.select(opened.person("Person A").id)
    choose(panel, tool_choice="smooth", limb="whole body")
    choose(panel, tool_choice="carry_over")
    assert panel.limb.currentData() == "both legs"
    assert set(panel.options.fields) == {"pose", "frame"}
    fields = panel.options.fields
    assert fields["frame"].isHidden()
    fields["pose"].setCurrentIndex(fields["pose"].findData("another frame"))
    assert not fields["frame"].isHidden()


def test_every_tool_can_be_chosen_and_most_stand_in_the_menu(
    opened: StudioDriver,
) -> None:
    panel = section(opened, "clean_up")
    shown = [panel.tool_choice.itemData(i) for i in range(panel.tool_choice.count())]
    assert shown == list(TOOLS)
    inside = [spec for spec in ACTIONS if spec.submenu == "Clean up"]
    assert len(inside) >= 10
    assert all(spec.menu == "Edit" for spec in inside)


def test_a_locked_person_is_told_in_one_sentence(opened: StudioDriver) -> None:
    from hpe_studio.edits.people import set_locked

    person = opened.person("Person A")
    before = shake(opened)
    with opened.document.edit("Lock") as edit:
        set_locked(edit, person, locked=True)
    panel = section(opened, "clean_up")
    choose(panel, tool_choice="smooth", span="shot", limb="whole body", who="")
    panel.preview_button.click()
    opened.settle()
    assert not opened.document.is_editing
    assert "locked" in opened.toast
    np.testing.assert_array_equal(base(opened), before)


# Takes, body, scale -----------------------------------------------------------------


def test_a_limb_starts_from_another_take(opened: StudioDriver) -> None:
    from hpe_studio.core.track import Estimate, Take

    document, track = opened.document, opened.session.active_track
    assert track is not None
    turns = np.array(track.base_rad)
    turns[:, 16] = [0.0, 0.0, -1.3]
    with document.edit("Run again") as edit:
        take = Take(id=document.new_id(), name="Second look", origin="blazepose")
        edit.put(take)
        estimate = Estimate(
            id=document.new_id(),
            take_id=take.id,
            start=track.start,
            stop=track.stop,
            skeleton=track.skeleton,
        )
        root = track.base_root_m
        edit.add_estimate(estimate, {"joints_rad": turns, "root_scene_m": root})
    panel = section(opened, "takes")
    index = panel.take.findText("Second look")
    assert index >= 0
    panel.take.setCurrentIndex(index)
    panel.limb.setCurrentIndex(panel.limb.findData("left arm"))
    panel.use.click()
    opened.settle()
    middle = track.frame_count // 2
    np.testing.assert_allclose(base(opened)[middle, 16], [0, 0, -1.3], atol=1e-6)
    assert opened.menu_text("undo") == "Undo take from Second look"


def test_a_leg_grows_and_the_arm_stays(opened: StudioDriver) -> None:
    panel = section(opened, "build")
    leg, arm = panel.fields["leg"], panel.fields["arm"]
    before, arms = leg.value, arm.value
    steps = opened.document.history.position
    leg.box.setFocus()
    opened.type_into(leg.box, f"{before + 3:.1f}")
    QTest.keyClick(leg.box, Qt.Key.Key_Return)
    opened.settle()
    assert leg.value == pytest.approx(before + 3, abs=0.4)
    assert arm.value == pytest.approx(arms, abs=0.4)
    assert opened.document.history.position == steps + 1


def test_a_known_height_moves_the_person_away(opened: StudioDriver) -> None:
    panel = section(opened, "scale")
    if not panel.head.is_open:
        panel.head.toggle()
    far = panel.distance_field.value
    tall = panel.height_field.value
    panel.height_field.box.setFocus()
    opened.type_into(panel.height_field.box, "1.95")
    QTest.keyClick(panel.height_field.box, Qt.Key.Key_Return)
    opened.settle()
    assert panel.height_field.value == pytest.approx(1.95, abs=0.01)
    assert panel.distance_field.value == pytest.approx(far * 1.95 / tall, rel=0.01)


def test_no_floor_without_contacts(opened: StudioDriver) -> None:
    panel = section(opened, "scale")
    assert panel.evidence.text() == "none in this shot"
    assert not panel.level.isEnabled()
