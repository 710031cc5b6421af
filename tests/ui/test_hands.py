"""Identities and poses by one key: asked for a scope, done as one undoable step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hpe_studio.ui.dialogs.blend import BlendCard
from hpe_studio.ui.dialogs.scope import ScopeChooser
from hpe_studio.ui.dialogs.versions import VersionsDialog, versions_of
from hpe_studio.ui.settings import settings
from tests.driver import StudioDriver

from .conftest import CUT, FRAMES


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    lasting.session.copied_pose = None
    for kind in ("swap", "give", "sides", "marks"):
        settings().forget(f"scope.{kind}")
    return lasting


def hit(driver: StudioDriver, keys: str) -> None:
    driver.focus_video()
    driver.press(keys)


def asked(driver: StudioDriver) -> ScopeChooser | None:
    driver.settle()
    return next(
        (w for w in driver.window.findChildren(ScopeChooser) if w.isVisible()), None
    )


def ranges(driver: StudioDriver, name: str) -> list[tuple[int, int]]:
    tracks = driver.document.tracks_of(driver.person(name).id)
    return [(track.start, track.stop) for track in tracks]


def root_x(driver: StudioDriver, name: str, frame: int) -> float:
    track = driver.document.track_at(driver.person(name).id, frame)
    assert track is not None
    return float(track.base_root_m[frame - track.start, 0])


def test_t_swaps_two_people_over_the_scope_that_is_chosen(
    opened: StudioDriver,
) -> None:
    opened.session.view.frame = 10
    opened.click_row("Person A")
    hit(opened, "T")
    chooser = asked(opened)
    assert chooser is not None
    assert chooser.buttons["onwards"].hasFocus()
    assert chooser.buttons["shot"].text() == "This shot: 0000–0024"
    opened.press("3")
    assert asked(opened) is None
    assert opened.video.hasFocus()
    assert root_x(opened, "Person A", 5) > 0
    assert root_x(opened, "Person A", CUT + 1) < 0
    hit(opened, "Ctrl+Z")
    assert root_x(opened, "Person A", 5) < 0
    hit(opened, "T")
    chooser = asked(opened)
    assert chooser is not None
    assert chooser.buttons["shot"].hasFocus()  # as chosen before
    opened.press("Up")
    opened.press("Return")
    assert root_x(opened, "Person A", 9) < 0 < root_x(opened, "Person A", 10)
    assert ranges(opened, "Person A") == [(0, 10), (10, CUT), (CUT, FRAMES)]


def test_esc_or_a_click_elsewhere_does_nothing(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    step = opened.document.history.undo_label
    hit(opened, "T")
    opened.press("Esc")
    assert asked(opened) is None
    assert opened.video.hasFocus()
    hit(opened, "T")
    opened.viewport.setFocus()
    assert asked(opened) is None
    assert opened.document.history.undo_label == step


def test_a_number_gives_the_track_to_that_person(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    hit(opened, "Ctrl+3")
    assert asked(opened) is not None
    opened.press("4")
    assert ranges(opened, "Person C") == [(0, CUT), (CUT, FRAMES)]
    assert ranges(opened, "Person A") == []
    assert opened.session.active_person == opened.person("Person C")
    hit(opened, "Ctrl+9")
    assert asked(opened) is None
    assert "no person 9" in opened.toast


def test_b_cuts_and_ctrl_j_joins(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    actions = opened.window.actions_
    assert actions.why_off("cut_track") == "the track starts here"
    opened.session.view.frame = 12
    hit(opened, "B")
    assert ranges(opened, "Person A") == [(0, 12), (12, CUT), (CUT, FRAMES)]
    opened.session.view.frame = 5
    hit(opened, "Ctrl+J")
    assert ranges(opened, "Person A") == [(0, CUT), (CUT, FRAMES)]
    assert actions.why_off("join_tracks") == "no track follows in this shot"


def test_poses_are_copied_pasted_and_mirrored(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    person = opened.person("Person A")
    opened.session.view.frame = 4
    hit(opened, "Ctrl+C")
    assert opened.toast == "Pose copied"
    copied = opened.joint_m(person, "left_wrist") - opened.joint_m(person, "pelvis")
    opened.session.view.frame = 16
    hit(opened, "Ctrl+V")
    now = opened.joint_m(person, "left_wrist") - opened.joint_m(person, "pelvis")
    np.testing.assert_allclose(now, copied, atol=1e-4)
    hit(opened, "Ctrl+Shift+V")
    other = opened.joint_m(person, "right_wrist") - opened.joint_m(person, "pelvis")
    np.testing.assert_allclose(other, copied * [-1, 1, 1], atol=5e-3)
    hit(opened, "M")
    again = opened.joint_m(person, "left_wrist") - opened.joint_m(person, "pelvis")
    np.testing.assert_allclose(again, copied, atol=1e-4)


def test_keys_selected_in_the_lanes_are_copied_as_keys(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    hit(opened, "Shift+I")
    track = opened.session.active_track
    assert track is not None
    from dataclasses import replace

    view = opened.session.view
    view.selection = replace(view.selection, keys=frozenset({(track.id, 0)}))
    hit(opened, "Ctrl+C")
    assert opened.toast == "Key copied"
    view.frame = 9
    hit(opened, "Ctrl+V")
    assert opened.document.key_at(track.id, 9) is not None


def test_left_and_right_are_swapped_over_the_shot(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    person = opened.person("Person A")
    left = opened.joint_m(person, "left_wrist")
    hit(opened, "Ctrl+M")
    assert asked(opened) is not None
    opened.press("3")
    right = opened.joint_m(person, "right_wrist")
    np.testing.assert_allclose(right[:2], left[:2], atol=5e-3)
    hit(opened, "Ctrl+Z")
    np.testing.assert_allclose(opened.joint_m(person, "left_wrist"), left, atol=1e-6)


def test_o_and_q_mark_the_joint_and_take_it_back(opened: StudioDriver) -> None:
    opened.select_joint("Person A", "left_knee")
    track = opened.session.active_track
    assert track is not None
    for keys, kind in (("O", "outside"), ("Q", "occluded")):
        hit(opened, keys)
        opened.press("2")
        (mark,) = opened.document.marks_of(track.id, kind)
        assert (mark.start, mark.stop) == (0, CUT)
        assert 4 in mark.joints
        hit(opened, keys)
        opened.press("1")
        (mark,) = opened.document.marks_of(track.id, kind)
        assert mark.start == 1


def test_ctrl_a_selects_everybody(opened: StudioDriver) -> None:
    hit(opened, "Ctrl+A")
    assert len(opened.session.view.selection.persons) == 2
    opened.session.select(None)
    opened.toggle_eye("Person B")
    hit(opened, "Ctrl+A")
    assert opened.session.view.selection.persons == (opened.person("Person A").id,)


def test_the_backtick_shows_the_estimate_and_the_motion_again(
    opened: StudioDriver,
) -> None:
    person = opened.person("Person A")
    opened.click_row("Person A")
    before = opened.joint_m(person, "left_wrist")
    hit(opened, "M")
    after = opened.joint_m(person, "left_wrist")
    assert np.linalg.norm(after - before) > 0.02
    hit(opened, "`")
    np.testing.assert_allclose(opened.joint_m(person, "left_wrist"), before, atol=1e-5)
    hit(opened, "Shift+F8")
    np.testing.assert_allclose(opened.joint_m(person, "left_wrist"), after, atol=1e-5)


def test_alt_f_types_the_blend_range(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    hit(opened, "I")
    track = opened.session.active_track
    assert track is not None
    hit(opened, "Alt+F")
    card = next(c for c in opened.window.findChildren(BlendCard) if c.isVisible())
    opened.type_into(card.blend_in.box, "9")
    key = opened.document.key_at(track.id, 0)
    assert key is not None
    assert key.blend_in == 9
    opened.press("Esc", card)
    assert not card.isVisible()


def test_tab_goes_between_video_and_3d(opened: StudioDriver) -> None:
    opened.focus_video()
    opened.press("Tab")
    assert opened.viewport.hasFocus()
    opened.press("Tab")
    assert opened.video.hasFocus()


def test_play_around_comes_back(opened: StudioDriver) -> None:
    opened.session.view.frame = 20
    settings().write("play.preroll_s", 0.1)
    seen: list[int] = []
    opened.session.bridge.frame_changed.connect(seen.append)
    hit(opened, "Shift+Space")
    opened.wait_until(lambda: opened.session.playback.direction == 0, "the end")
    opened.session.bridge.frame_changed.disconnect(seen.append)
    settings().forget("play.preroll_s")
    assert seen[0] < 20
    assert max(seen) > 20
    assert opened.frame == 20


def test_ctrl_s_keeps_a_named_version(studio: StudioDriver, project: Path) -> None:
    studio.open_clip(project)
    studio.rename("Person A", "Ravi")
    studio.focus_video()
    studio.press("Ctrl+S")
    (dialog,) = studio.window.findChildren(VersionsDialog)
    assert not dialog.go.isEnabled()
    dialog.name.setText("first / try")
    dialog.keep()
    (version,) = versions_of(project)
    assert version.stem == "first   try"
    hit(studio, "Ctrl+Z")
    studio.open_clip(version)
    assert "Ravi" in {p.name for p in studio.session.persons}
