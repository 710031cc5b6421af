"""Scrubbing, stepping, playing, selecting, hiding, looking around."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.driver import MIDDLE, StudioDriver
from tests.ui.conftest import CUT, FRAMES


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    """The window with the project of two people."""
    return lasting


def test_the_ruler_scrubs_and_everything_follows(opened: StudioDriver) -> None:
    opened.scrub_to(17)
    assert opened.frame == 17
    opened.wait_idle()
    assert opened.video.shown_frame == 17


def test_the_overlay_follows_before_the_picture(opened: StudioDriver) -> None:
    before = opened.joint_in_video(opened.person("Person A"), "left_wrist")
    opened.session.view.frame = 12
    after = opened.joint_in_video(opened.person("Person A"), "left_wrist")
    assert np.hypot(after[0] - before[0], after[1] - before[1]) > 3


@pytest.mark.parametrize(
    ("keys", "start", "goal"),
    [
        ("Right", 5, 6),
        ("Left", 5, 4),
        ("Shift+Right", 5, 15),
        ("Shift+Left", 15, 5),
        ("Home", 10, 0),
        ("End", 10, CUT - 1),
        ("End", CUT - 1, FRAMES - 1),
        ("Ctrl+End", 3, FRAMES - 1),
        ("Ctrl+Home", 30, 0),
    ],
)
def test_keys_move_the_playhead(
    opened: StudioDriver, keys: str, start: int, goal: int
) -> None:
    opened.focus_video()
    opened.session.view.frame = start
    opened.press(keys)
    assert opened.frame == goal


def test_single_keys_stay_typable_in_fields(opened: StudioDriver) -> None:
    opened.window.workspace.inspector.tabs.setCurrentIndex(1)
    opened.click_row("Person A")
    name = opened.workspace.inspector.section("identity").name
    opened.type_into(name, "Kim Hill FR")
    assert opened.session.active_person.name == "Kim Hill FR"
    assert opened.session.view.tool == "select"
    assert not opened.session.view.layers.hidden_persons


def test_playing_shows_every_frame_in_order(opened: StudioDriver) -> None:
    assert opened.play_frames(12) == list(range(1, 13))
    assert opened.session.playback.direction == 0


def test_playing_backwards_loops_in_the_range(opened: StudioDriver) -> None:
    opened.focus_video()
    opened.session.view.frame = 10
    opened.press("[")
    opened.session.view.frame = 14
    opened.press("]")
    assert opened.session.view.play_range == (10, 15)
    opened.session.playback.speed = 4.0
    shown: list[int] = []
    opened.session.bridge.frame_changed.connect(shown.append)
    opened.press("J")
    opened.wait_until(lambda: len(shown) > 8, "backward frames")
    opened.press("K")
    assert set(shown) <= set(range(10, 15))
    assert 14 in shown[1:]


def test_a_joint_picked_in_the_video_is_selected_everywhere(
    opened: StudioDriver,
) -> None:
    opened.select_joint("Person B", "right_knee")
    person = opened.person("Person B")
    assert opened.session.view.selection.active == person.id
    assert opened.session.view.selection.joint == 5
    row = opened.tree.index_of("person", person.id)
    assert opened.tree.selectionModel().isSelected(row)
    assert opened.workspace.inspector.pages["pose"].who.detail.text() == "Right knee"


def test_the_list_and_the_viewport_select(opened: StudioDriver) -> None:
    opened.click_row("Person B")
    assert opened.session.active_person.name == "Person B"
    opened.wait_idle()
    person = opened.person("Person A")
    at = opened.viewport.scene_view().project(opened.joint_m(person, "spine2"))
    opened.click(opened.viewport, *at)
    assert opened.session.active_person.name == "Person A"
    at = opened.viewport.scene_view().project(opened.joint_m(person, "left_wrist"))
    opened.click(opened.viewport, *at)
    assert opened.session.view.selection.joint == 20
    opened.click(opened.viewport, 300, 5)
    assert opened.session.active_person is None


def test_the_eye_hides_a_person_everywhere(opened: StudioDriver) -> None:
    opened.wait_idle()
    person = opened.person("Person A")
    at = opened.viewport.scene_view().project(opened.joint_m(person, "spine2"))
    opened.toggle_eye("Person A")
    assert opened.video.overlay.targets.people == (str(opened.person("Person B").id),)
    opened.wait_idle()
    opened.click(opened.viewport, *at)
    assert opened.session.active_person is None
    opened.focus_video()
    opened.press("Alt+H")
    assert len(opened.video.overlay.targets.people) == 2


def test_h_hides_the_selection(opened: StudioDriver) -> None:
    opened.select_joint("Person A", "right_knee")
    opened.press("H")
    assert opened.session.view.layers.hidden_persons == {opened.person("Person A").id}


def test_the_wheel_zooms_at_the_pointer(opened: StudioDriver) -> None:
    before = opened.video.transform
    under = before.to_picture(np.array([100.0, 200.0]))
    opened.wheel(opened.video, 100, 200, 2)
    after = opened.video.transform
    assert after.scale > 1.3 * before.scale
    assert after.to_picture(np.array([100.0, 200.0])) == pytest.approx(under)
    opened.drag(opened.video, [(100, 200), (130, 180)], button=MIDDLE)
    moved = np.array(opened.video.transform.offset) - np.array(after.offset)
    assert moved == pytest.approx([30, -20])


def test_orbit_pan_and_presets(opened: StudioDriver) -> None:
    opened.wait_idle()
    viewport = opened.viewport
    start = viewport.camera.orbit
    opened.drag(viewport, [(200, 200), (260, 200)], button=MIDDLE)
    assert viewport.camera.orbit.yaw_rad != start.yaw_rad
    opened.press("1")
    assert viewport.camera.title == "Front"
    assert viewport.camera.orbit.orthographic
    opened.press("3")
    assert viewport.camera.title == "Top"
    opened.drag(viewport, [(200, 200), (240, 220)], button=MIDDLE)
    assert viewport.camera.title == "Perspective"


def test_through_the_camera_bodies_lie_over_the_people(opened: StudioDriver) -> None:
    opened.focus_video()
    opened.press("4")
    opened.wait_idle()
    person = opened.person("Person A")
    joint_m = opened.joint_m(person, "left_wrist")
    in_picture = opened.session.camera.project(joint_m)
    place = opened.viewport.camera.picture_place(
        (opened.viewport.width(), opened.viewport.height())
    )
    assert place is not None
    seen = opened.viewport.scene_view().project(joint_m)
    assert seen == pytest.approx(place.to_view(in_picture), abs=0.01)


def test_framing_brings_the_selection_into_view(opened: StudioDriver) -> None:
    opened.click_row("Person B")
    opened.focus_video()
    opened.press("F")
    view = opened.viewport.scene_view()
    person = opened.person("Person B")
    for joint in ("head", "left_foot", "right_wrist", "left_wrist"):
        x, y = view.project(opened.joint_m(person, joint))
        assert 0 < x < view.size[0]
        assert 0 < y < view.size[1]


def test_the_still_picture_comes_after_rest(opened: StudioDriver) -> None:
    opened.wait_idle()
    assert opened.viewport.quality == "still"
    seen = set()
    for _ in range(8):  # one step may take longer than the rest that ends moving
        opened.step(1)
        seen.add(opened.viewport.quality)
    assert "moving" in seen
    opened.wait_idle()
    assert opened.viewport.quality == "still"


def test_a_levelled_shot_is_drawn_level_and_still_lies_over_the_picture(
    opened: StudioDriver,
) -> None:
    angle = np.radians(25)
    level = np.zeros((3, 4))
    level[:, :3] = [
        [1, 0, 0],
        [0, np.cos(angle), -np.sin(angle)],
        [0, np.sin(angle), np.cos(angle)],
    ]
    level[1, 3] = 1.2
    for shot in opened.document.shots or ():
        opened.session.perform(
            "Level",
            lambda edit, shot=shot: edit.put(replace(shot, level_from_scene=level)),
        )
    opened.focus_video()
    opened.press("1")
    opened.wait_idle()
    person = opened.person("Person A")
    head, pelvis = (opened.joint_m(person, name) for name in ("head", "pelvis"))
    seen = opened.viewport.scene_view().project(np.stack([head, pelvis]))
    tilted = opened.session.to_level(head) - opened.session.to_level(pelvis)
    up_px = (seen[1, 1] - seen[0, 1]) / np.hypot(*(seen[1] - seen[0]))
    assert up_px == pytest.approx(tilted[1] / np.hypot(tilted[0], tilted[1]), abs=1e-3)
    opened.click(opened.viewport, *opened.viewport.scene_view().project(pelvis))
    assert opened.session.active_person == person
    opened.press("4")
    size = (float(opened.viewport.width()), float(opened.viewport.height()))
    place = opened.viewport.camera.picture_place(size)
    assert place is not None
    over = opened.viewport.scene_view().project(head)
    in_picture = place.to_view(opened.session.camera.project(head))
    assert over == pytest.approx(in_picture, abs=0.01)


def test_selecting_never_moves_the_eye_and_another_size_keeps_all_in_view(lasting):
    lasting.session.requests.preset_wanted.emit("home")
    before = lasting.viewport.camera.orbit
    lasting.select_joint("Person A", "left_elbow")
    lasting.wait_idle()
    assert lasting.viewport.camera.orbit == before
    lasting.window.resize(1100, 700)
    lasting.wait_idle()
    size = lasting.viewport.width(), lasting.viewport.height()
    for person in lasting.session.persons:
        joint_m = lasting.joint_m(person, "head")
        at = lasting.viewport.scene_view().project(joint_m)
        assert ((at > 0) & (at < size)).all()
