"""Joints dragged in the footage and in 3D: they arrive, the rest stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Key
from hpe_studio.core.viewstate import Pin
from hpe_studio.edits import pose
from hpe_studio.motion.kinematics import bone_offsets_m
from hpe_studio.posing.resolve import Motion, resolve
from hpe_studio.ui.sights import sight_of
from tests.core.scenes import state_of
from tests.drive_hands import drag_joint, joint_px
from tests.driver import StudioDriver

BONES = skeleton("smpl24")
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    """The window with two people; no pins."""
    lasting.session.view.pins = frozenset()
    lasting.scrub_to(10)
    return lasting


def _bent(driver: StudioDriver) -> None:
    """Person A with bent arms and knees, as people stand."""
    track = _track(driver)
    with driver.document.edit("Stand") as edit:
        for joint, turn in ((18, (0, -0.9, 0)), (19, (0, 0.9, 0))):
            edit.write(track, "base_rad", slice(None), np.array(turn), joints=joint)
        for joint in (4, 5):
            edit.write(
                track, "base_rad", slice(None), np.array((0.6, 0, 0)), joints=joint
            )
    driver.settle()


def _track(driver: StudioDriver):
    track = driver.document.track_at(driver.person("Person A").id, driver.frame)
    assert track is not None
    return driver.document.tracks[track.id]


def _motion(driver: StudioDriver) -> Motion:
    track = _track(driver)
    return resolve(track, driver.document.keys_of(track.id))


def _take_tool(driver: StudioDriver, joint: str, keys: str = "G") -> None:
    person = driver.person("Person A")
    driver.session.select(person.id, BONES.index(joint))
    driver.focus_video()
    driver.press(keys)


@pytest.mark.parametrize("where", ["viewport", "video"])
@pytest.mark.parametrize("joint", ["left_wrist", "right_ankle", "left_elbow", "head"])
def test_a_dragged_joint_is_under_the_pointer(
    opened: StudioDriver, where: str, joint: str
) -> None:
    _bent(opened)
    _take_tool(opened, joint)
    canvas = opened.viewport if where == "viewport" else opened.video
    before = opened.joint_m(opened.person("Person A"), joint)
    end = drag_joint(opened, "Person A", joint, (6, 3), canvas)
    assert np.hypot(*(joint_px(opened, "Person A", joint, canvas) - end)) < 1.0
    after = opened.joint_m(opened.person("Person A"), joint)
    assert np.linalg.norm(after - before) > 0.01
    name = joint.replace("_", " ")
    assert opened.document.history.undo_label == f"Move {name}"


def test_a_wrist_ends_within_two_millimetres_in_3d(opened: StudioDriver) -> None:
    _bent(opened)
    _take_tool(opened, "left_wrist")
    place = opened.joint_m(opened.person("Person A"), "left_wrist")
    drag_joint(opened, "Person A", "left_wrist", (-12, -15), opened.viewport)
    view = opened.viewport.scene_view()
    scale = view.metres_per_pixel(place)
    right, up = view.eye_from_scene[:2, :3]
    wanted = place + scale * (-12 * right + 15 * up)
    after = opened.joint_m(opened.person("Person A"), "left_wrist")
    assert np.linalg.norm(after - wanted) < 0.002


def test_in_the_picture_the_depth_is_kept_unless_shift_is_held(
    opened: StudioDriver,
) -> None:
    _bent(opened)
    _take_tool(opened, "left_wrist")
    person = opened.person("Person A")
    start = opened.joint_m(person, "left_wrist")
    drag_joint(opened, "Person A", "left_wrist", (4, -6), opened.video)
    moved = opened.joint_m(person, "left_wrist")
    assert abs(moved[2] - start[2]) < 0.01
    seen = joint_px(opened, "Person A", "left_wrist", opened.video)
    drag_joint(opened, "Person A", "left_wrist", (0, -6), opened.video, modifiers=SHIFT)
    deeper = opened.joint_m(person, "left_wrist")
    assert deeper[2] < moved[2] - 0.02  # away from the camera
    now = joint_px(opened, "Person A", "left_wrist", opened.video)
    assert np.hypot(*(now - seen)) < 1.0


def test_a_drag_is_one_key_and_one_step_undone_to_the_bit(
    opened: StudioDriver,
) -> None:
    _bent(opened)
    _take_tool(opened, "left_wrist")
    state, steps = state_of(opened.document), opened.document.history.position
    drag_joint(opened, "Person A", "left_wrist", (-10, -12), opened.viewport)
    assert opened.document.history.position == steps + 1
    key = opened.document.key_at(_track(opened).id, 10)
    assert key is not None
    names = {BONES.joint_names[j] for j in key.joints}
    assert names <= {"left_collar", "left_shoulder", "left_elbow"}
    assert key.root_offset_m is None
    opened.press("Ctrl+Z", opened.video)
    assert state_of(opened.document) == state


def test_views_follow_while_dragging_and_esc_puts_everything_back(
    opened: StudioDriver,
) -> None:
    _bent(opened)
    _take_tool(opened, "left_wrist")
    state, steps = state_of(opened.document), opened.document.history.position
    before = opened.joint_in_video(opened.person("Person A"), "left_wrist")
    drag_joint(
        opened, "Person A", "left_wrist", (-15, -20), opened.viewport, release=False
    )
    opened.settle()
    during = opened.joint_in_video(opened.person("Person A"), "left_wrist")
    assert np.hypot(*np.subtract(before, during)) > 3
    assert any(k.frame == 10 for k in opened.document.keys_of(_track(opened).id))
    opened.press("Esc", opened.viewport)
    assert not opened.document.is_editing
    assert state_of(opened.document) == state
    assert opened.document.history.position == steps
    assert opened.session.view.tool == "move"


def test_a_click_without_a_drag_only_selects(opened: StudioDriver) -> None:
    _take_tool(opened, "left_wrist")
    steps = opened.document.history.position
    at = joint_px(opened, "Person A", "right_knee", opened.video)
    opened.click(opened.video, *at)
    assert opened.session.view.selection.joint == BONES.index("right_knee")
    assert opened.document.history.position == steps


@pytest.mark.parametrize(("key", "axis"), [("X", 0), ("Y", 1), ("Z", 2)])
def test_an_axis_is_locked_for_a_drag_that_starts_anywhere(
    opened: StudioDriver, key: str, axis: int
) -> None:
    _bent(opened)
    opened.session.requests.preset_wanted.emit("home")
    _take_tool(opened, "left_wrist")
    before = opened.joint_m(opened.person("Person A"), "left_wrist")
    opened.press(key, opened.viewport)
    opened.drag(opened.viewport, [(90, 300), (94, 297), (99, 294), (104, 291)])
    moved = opened.joint_m(opened.person("Person A"), "left_wrist") - before
    moved = np.asarray(opened.session.level_from_scene)[:, :3] @ moved
    assert abs(moved[axis]) > 0.005
    assert np.abs(np.delete(moved, axis)).max() < 0.002


def test_an_arrow_moves_along_its_axis(opened: StudioDriver) -> None:
    _bent(opened)
    _take_tool(opened, "left_wrist")
    person = opened.person("Person A")
    before = opened.joint_m(person, "left_wrist")
    sight = sight_of(opened.session, opened.viewport)
    reach = 40 * sight.metres_per_pixel(before)
    at = sight.project(before + reach * np.array([0.0, 1.0, 0.0]))
    path = [tuple(at + np.array([0.0, -dy])) for dy in (0, 5, 10, 15)]
    opened.drag(opened.viewport, path)  # type: ignore[arg-type]
    moved = opened.joint_m(person, "left_wrist") - before
    assert moved[1] > 0.03
    assert np.abs(moved[[0, 2]]).max() < 0.002


@pytest.mark.parametrize("where", ["viewport", "video"])
def test_feet_stay_while_the_pelvis_is_dragged(
    opened: StudioDriver, where: str
) -> None:
    _bent(opened)
    _take_tool(opened, "pelvis")
    person = opened.person("Person A")
    feet = ("left_ankle", "right_ankle", "left_foot", "right_foot")
    before = [opened.joint_m(person, foot) for foot in feet]
    pelvis = opened.joint_m(person, "pelvis")
    canvas = opened.viewport if where == "viewport" else opened.video
    drag_joint(opened, "Person A", "pelvis", (3, 8), canvas)
    assert np.linalg.norm(opened.joint_m(person, "pelvis") - pelvis) > 0.03
    after = [opened.joint_m(person, foot) for foot in feet]
    assert np.linalg.norm(np.subtract(after, before), axis=1).max() < 0.002


@pytest.mark.parametrize("where", ["viewport", "video"])
def test_the_whole_body_moves_without_a_turn(opened: StudioDriver, where: str) -> None:
    _bent(opened)
    _take_tool(opened, "left_wrist", "Shift+G")
    person = opened.person("Person A")
    before = opened.session.poser.pose_at(person.id, 10)
    canvas = opened.viewport if where == "viewport" else opened.video
    drag_joint(opened, "Person A", "left_wrist", (20, -6), canvas)
    after = opened.session.poser.pose_at(person.id, 10)
    assert before is not None
    assert after is not None
    np.testing.assert_array_equal(before.joints_rad, after.joints_rad)
    moved = after.joints_scene_m - before.joints_scene_m
    assert np.ptp(moved, axis=0).max() < 1e-9
    assert np.linalg.norm(moved[0]) > 0.03
    still = 1 if where == "viewport" else 2  # the floor in 3D, the depth in the video
    assert abs(moved[0, still]) < 1e-6
    assert opened.document.history.undo_label == "Move Person A"


def test_pins_are_set_by_key_stay_and_go(opened: StudioDriver) -> None:
    _bent(opened)
    person = opened.person("Person A")
    _take_tool(opened, "right_wrist")
    opened.press("P")
    wrist = BONES.index("right_wrist")
    assert opened.session.view.pins == {Pin(person_id=person.id, joint=wrist)}
    before = opened.joint_m(person, "right_wrist")
    drag_joint(opened, "Person A", "pelvis", (4, 6), opened.viewport)
    assert np.linalg.norm(opened.joint_m(person, "right_wrist") - before) < 0.002
    _take_tool(opened, "right_wrist")
    opened.press("Shift+P")
    (pin,) = opened.session.view.pins
    assert pin.keeps_turn
    opened.press("Alt+P")
    assert not opened.session.view.pins


def test_pins_are_drawn_in_both_viewers(opened: StudioDriver) -> None:
    _take_tool(opened, "left_wrist", "V")
    for canvas in (opened.video, opened.viewport):
        opened.session.view.pins = frozenset()
        opened.wait_idle()
        plain = canvas.grab().toImage()
        opened.press("P", canvas)
        opened.wait_idle()
        assert canvas.grab().toImage() != plain


def test_the_head_looks_at_the_handle_before_it(opened: StudioDriver) -> None:
    _take_tool(opened, "head")
    opened.session.requests.preset_wanted.emit("side")
    opened.wait_idle()
    person = opened.person("Person A")
    posed = opened.session.poser.pose_at(person.id, 10)
    assert posed is not None
    head = BONES.index("head")
    handle = posed.joints_scene_m[head] + 0.35 * posed.rotations[head][:, 2]
    at = opened.viewport.scene_view().project(handle)
    path = [tuple(at + np.array([0.0, dy])) for dy in (0, 6, 12, 18, 24)]
    opened.drag(opened.viewport, path)  # type: ignore[arg-type]
    after = opened.session.poser.pose_at(person.id, 10)
    assert after is not None
    assert after.rotations[head][1, 2] < posed.rotations[head][1, 2] - 0.05
    assert opened.document.history.undo_label == "Turn the look"


def test_the_select_tool_drags_only_the_selected_joint(opened: StudioDriver) -> None:
    _bent(opened)
    _take_tool(opened, "left_wrist", "V")
    steps = opened.document.history.position
    drag_joint(opened, "Person A", "right_wrist", (8, -8), opened.video)
    assert opened.document.history.position == steps
    assert opened.session.view.selection.joint == BONES.index("right_wrist")
    end = drag_joint(opened, "Person A", "right_wrist", (8, -8), opened.video)
    assert opened.document.history.undo_label == "Move right wrist"
    seen = joint_px(opened, "Person A", "right_wrist", opened.video)
    assert np.hypot(*(seen - end)) < 1.0


def test_ctrl_is_fine(opened: StudioDriver) -> None:
    _bent(opened)
    _take_tool(opened, "left_wrist")
    start = joint_px(opened, "Person A", "left_wrist", opened.video)
    drag_joint(opened, "Person A", "left_wrist", (-30, 0), opened.video, modifiers=CTRL)
    moved = joint_px(opened, "Person A", "left_wrist", opened.video) - start
    assert moved[0] == pytest.approx(-3, abs=0.5)


def test_what_cannot_be_moved_says_so_and_nothing_opens(opened: StudioDriver) -> None:
    _take_tool(opened, "left_wrist")
    person = opened.person("Person A")
    with opened.document.edit("Lock") as edit:
        edit.put(replace(person, locked=True))
    state = state_of(opened.document)
    drag_joint(opened, "Person A", "left_wrist", (9, 9), opened.video)
    assert "Person A is locked" in opened.toast
    assert not opened.document.is_editing
    assert state_of(opened.document) == state


def test_a_muted_key_is_not_written_over(opened: StudioDriver) -> None:
    _take_tool(opened, "left_wrist")
    with opened.document.edit("Key") as edit:
        edit.put(Key(track_id=_track(opened).id, frame=10, muted=True))
    drag_joint(opened, "Person A", "left_wrist", (9, 9), opened.video)
    assert "muted" in opened.toast
    assert not opened.document.is_editing


def test_before_the_edits_nothing_is_dragged(opened: StudioDriver) -> None:
    _take_tool(opened, "left_wrist")
    layers = opened.session.view.layers
    opened.session.view.layers = replace(layers, before=True)
    drag_joint(opened, "Person A", "left_wrist", (9, 9), opened.video)
    assert "before the edits" in opened.toast
    assert not opened.document.is_editing


PLACES = st.tuples(st.integers(-60, 60), st.integers(-60, 60))
JOINTS = st.sampled_from(
    ["left_wrist", "right_elbow", "left_ankle", "right_knee", "neck", "pelvis", "head"]
)
KEYS = st.lists(
    st.tuples(st.integers(0, 24), st.sampled_from([0, 17, 18, 4])), max_size=3
)


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(joint=JOINTS, by_px=PLACES, keys=KEYS, pin=st.booleans(), video=st.booleans())
def test_any_drag_keeps_bones_pins_and_frames_beyond_its_keys(
    opened: StudioDriver,
    joint: str,
    by_px: tuple[int, int],
    keys: list[tuple[int, int]],
    pin: bool,
    video: bool,
) -> None:
    while opened.document.history.undo_label != "Estimate people":
        opened.session.undo()
    _bent(opened)
    track = _track(opened)
    with opened.document.edit("Keys") as edit:
        for frame, keyed in keys:
            turn = np.array([0.1, 0.2, 0.0])
            pose.set_joint_rotation(
                edit,
                opened.document,
                track,
                frame=frame,
                joint=keyed,
                rotation_rad=turn,
            )
    person = opened.person("Person A")
    pinned = BONES.index("right_wrist")
    pins = frozenset({Pin(person_id=person.id, joint=pinned)}) if pin else frozenset()
    opened.session.view.pins = pins
    _take_tool(opened, joint)
    state, before = state_of(opened.document), _motion(opened)
    held = opened.joint_m(person, "right_wrist")
    canvas = opened.video if video else opened.viewport
    drag_joint(opened, "Person A", joint, by_px, canvas)
    after = _motion(opened)
    _check_reach(opened, before, after)
    _check_bones(opened)
    if pin:
        assert np.linalg.norm(opened.joint_m(person, "right_wrist") - held) < 0.002
    while opened.document.history.undo_label not in ("Keys", "Stand"):
        opened.session.undo()
    assert state_of(opened.document) == state


def _check_reach(driver: StudioDriver, before: Motion, after: Motion) -> None:
    """Frames beyond the neighbours of the key and its blend keep every bit."""
    keys = driver.document.keys_of(_track(driver).id)
    here = next((k for k in keys if k.frame == 10), None)
    if here is None:
        return
    for joint in here.joints:
        mine = [k for k in keys if joint in k.joints]
        beyond = _beyond(here, mine, after)
        np.testing.assert_array_equal(
            before.joints_rad[beyond, joint], after.joints_rad[beyond, joint]
        )
    others = np.setdiff1d(np.arange(24), here.joints)
    np.testing.assert_array_equal(
        before.joints_rad[:, others], after.joints_rad[:, others]
    )
    beyond = _beyond(here, [k for k in keys if k.root_offset_m is not None], after)
    np.testing.assert_array_equal(
        before.root_scene_m[beyond], after.root_scene_m[beyond]
    )


def _beyond(here: Key, keys: list[Key], motion: Motion) -> np.ndarray:
    """Frames outside previous key (or blend start) ... next key (or blend end)."""
    frames = [k.frame for k in keys]
    first = max((f for f in frames if f < 10), default=10 - here.blend_in)
    last = min((f for f in frames if f > 10), default=10 + here.blend_out)
    first, last = min(first, 10 - here.blend_in), max(last, 10 + here.blend_out)
    return (motion.frames < first) | (motion.frames > last)


def _check_bones(driver: StudioDriver) -> None:
    person = driver.person("Person A")
    posed = driver.session.poser.pose_at(person.id, 10)
    assert posed is not None
    rest = driver.session.poser.rest_joints_m(person, "smpl24")
    wanted = np.linalg.norm(bone_offsets_m(BONES.parents, rest)[1:], axis=1)
    bones = posed.joints_scene_m[1:] - posed.joints_scene_m[list(BONES.parents[1:])]
    np.testing.assert_allclose(np.linalg.norm(bones, axis=1), wanted, atol=1e-9)
