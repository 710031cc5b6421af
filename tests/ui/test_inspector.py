"""The inspector: joints, bodies, lenses by number; several people at once; locks."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest

from hpe_studio.core.track import Key
from hpe_studio.motion.joint_ranges import bend_deg, hinge_of
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.ui import look
from hpe_studio.ui.inspector.tabs import TabStrip
from hpe_studio.ui.settings import settings
from tests.drive_panels import move_mouse, scrub, section
from tests.driver import StudioDriver

_CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    """The window with the project of two people."""
    return lasting


def _pick(driver: StudioDriver, joint: str = "left_elbow", frame: int = 10) -> None:
    driver.scrub_to(frame)
    driver.select_joint("Person A", joint)
    driver.settle()


def _rotation(driver: StudioDriver, name: str = "Person A") -> np.ndarray:
    posed = driver.session.poser.pose_at(driver.person(name).id, driver.frame)
    assert posed is not None
    return np.array(posed.joints_rad[driver.session.view.selection.joint])


def _key(driver: StudioDriver) -> Key | None:
    track = driver.session.active_track
    assert track is not None
    return driver.document.key_at(track.id, driver.frame)


# Rotation ----------------------------------------------------------------------


def test_a_scrubbed_angle_is_seen_at_once_and_one_step(opened: StudioDriver) -> None:
    _pick(opened)
    field = section(opened, "rotation").fields[1]
    wrist = opened.joint_m(opened.person("Person A"), "left_wrist")
    steps = opened.document.history.position
    scrub(opened, field, 40, release=False)
    moved = opened.joint_m(opened.person("Person A"), "left_wrist")
    assert np.linalg.norm(moved - wrist) > 0.03
    assert opened.document.is_editing
    scrub(opened, field, 0)
    assert opened.document.history.position == steps + 1
    assert opened.menu_text("undo") == "Undo rotate left elbow"
    angle = np.degrees(np.linalg.norm(_rotation(opened)))
    assert angle == pytest.approx(abs(field.value), abs=0.01)
    assert abs(field.value) == pytest.approx(20, abs=0.6)


def test_esc_takes_a_scrubbed_angle_back(opened: StudioDriver) -> None:
    _pick(opened)
    before, steps = _rotation(opened), opened.document.history.position
    field = section(opened, "rotation").fields[0]
    scrub(opened, field, 30, release=False)
    QTest.keyClick(field.box, Qt.Key.Key_Escape)
    opened.settle()
    assert not opened.document.is_editing
    assert _rotation(opened) == pytest.approx(before)
    assert opened.document.history.position == steps


def test_expressions_turn_the_joint(opened: StudioDriver) -> None:
    _pick(opened)
    field = section(opened, "rotation").fields[2]
    opened.type_into(field.box, "90/4")
    assert np.degrees(_rotation(opened)[2]) == pytest.approx(22.5, abs=0.01)
    opened.type_into(field.box, "+=0.5")
    assert np.degrees(_rotation(opened)[2]) == pytest.approx(23, abs=0.01)


def test_several_people_turn_by_the_same_angle(opened: StudioDriver) -> None:
    opened.click_row("Person B")
    _pick(opened, "left_shoulder")
    view = opened.session.view
    b, a = opened.person("Person B").id, opened.person("Person A").id
    opened.session.pick(b, view.selection.joint, is_adding=False)
    opened.session.pick(a, 16, is_adding=True)
    opened.settle()
    before = _rotation(opened, "Person A"), _rotation(opened, "Person B")
    field = section(opened, "rotation").fields[2]
    opened.type_into(field.box, "+=30")
    after = _rotation(opened, "Person A"), _rotation(opened, "Person B")
    for old, new in zip(before, after, strict=True):
        assert np.degrees(geodesic_rad(old, new)) == pytest.approx(30, abs=0.01)
    assert opened.menu_text("undo") == "Undo rotate left shoulder of 2 people"
    assert "2 people" in opened.workspace.inspector.pages["pose"].who.name.text()


def test_reset_takes_the_joint_back_to_the_base(opened: StudioDriver) -> None:
    _pick(opened)
    rotation = section(opened, "rotation")
    assert not rotation.reset.isEnabled()
    before = _rotation(opened)
    opened.type_into(rotation.fields[1].box, "40")
    opened.click(rotation.reset, 8, 8)
    assert _rotation(opened) == pytest.approx(before)
    assert _key(opened) is None
    assert opened.menu_text("undo") == "Undo reset left elbow"


def test_reset_amid_a_blend_holds_the_base(opened: StudioDriver) -> None:
    _pick(opened)
    rotation = section(opened, "rotation")
    opened.type_into(rotation.fields[1].box, "40")
    opened.session.view.frame = 12
    opened.settle()
    assert np.linalg.norm(_rotation(opened)) > 0.1
    opened.click(rotation.reset, 8, 8)
    assert np.linalg.norm(_rotation(opened)) < 1e-6
    opened.session.view.frame = 10
    assert np.degrees(np.linalg.norm(_rotation(opened))) == pytest.approx(40, abs=0.1)


# Bend ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("joint", "axis", "bent"),
    [
        ("left_knee", (1, 0, 0), "shin backwards"),
        ("right_elbow", (0, 1, 0), "forearm forwards"),
        ("left_elbow", (0, -1, 0), "forearm forwards"),
        ("left_hip", (-1, 0, 0), "thigh forwards"),
    ],
)
def test_hinges_bend_as_bodies_do(joint: str, axis: tuple[int, ...], bent: str) -> None:
    hinge = hinge_of(joint)
    assert hinge is not None, bent
    assert hinge.axis == axis
    assert bend_deg(np.radians(60) * np.array(axis), hinge) == pytest.approx(60)
    assert hinge.low_deg < 60 < hinge.high_deg


def test_the_bend_bar_bends_about_the_main_axis_only(opened: StudioDriver) -> None:
    _pick(opened)
    bar = section(opened, "rotation").bend
    assert bar.isVisible()
    steps = opened.document.history.position
    middle = bar.height() / 2
    move_mouse(bar, QEvent.Type.MouseButtonPress, bar.x_of(bar.value), middle)
    for angle in (20, 45, 70):
        move_mouse(bar, QEvent.Type.MouseMove, bar.x_of(angle), middle)
    assert opened.document.is_editing
    move_mouse(bar, QEvent.Type.MouseButtonRelease, bar.x_of(70), middle)
    opened.settle()
    assert np.degrees(_rotation(opened)) == pytest.approx([0, -70, 0], abs=1)
    assert bar.is_natural
    assert opened.document.history.position == steps + 1


def test_the_bend_bar_is_stepped_by_keys(opened: StudioDriver) -> None:
    _pick(opened)
    bar = section(opened, "rotation").bend
    bar.setFocus()
    opened.press("Right", bar)
    opened.press("PgUp", bar)
    assert np.degrees(_rotation(opened)[1]) == pytest.approx(-11, abs=0.01)
    opened.press("End", bar)
    assert np.degrees(_rotation(opened)[1]) == pytest.approx(-150, abs=0.01)
    assert "natural from 0 to 150" in bar.accessibleDescription()


def test_joints_without_a_main_axis_have_no_bar(opened: StudioDriver) -> None:
    _pick(opened, "spine2")
    assert not section(opened, "rotation").bend.isVisible()


# Position, key ----------------------------------------------------------------------


def test_the_position_moves_the_pelvis_of_all_selected(opened: StudioDriver) -> None:
    opened.scrub_to(10)
    opened.click_row("Person B")
    opened.click_row("Person A", modifiers=_CTRL)
    names = ("Person A", "Person B")
    places = {n: opened.joint_m(opened.person(n), "pelvis") for n in names}
    field = section(opened, "position").fields[0]
    opened.type_into(field.box, "+=25cm")
    for name, before in places.items():
        after = opened.joint_m(opened.person(name), "pelvis")
        assert after - before == pytest.approx([0.25, 0, 0], abs=1e-6)
    assert opened.menu_text("undo") == "Undo move 2 people"


def test_the_blend_curve_is_dragged_as_one_step(opened: StudioDriver) -> None:
    _pick(opened)
    opened.press("I", opened.video)
    key = section(opened, "key")
    curve = key.curve
    at = curve.handle_at(curve.blend_out)
    steps = opened.document.history.position
    move_mouse(curve, QEvent.Type.MouseButtonPress, at.x(), at.y())
    for moved in (4, 9, 15):
        move_mouse(curve, QEvent.Type.MouseMove, at.x() + moved, at.y())
    move_mouse(curve, QEvent.Type.MouseButtonRelease, at.x() + 15, at.y())
    opened.settle()
    made = _key(opened)
    assert made is not None
    assert made.blend_out > 5
    assert made.blend_in == 5
    assert key.blend_out.value == made.blend_out
    assert opened.document.history.position == steps + 1


def test_the_buttons_key_a_joint_and_the_whole_body(opened: StudioDriver) -> None:
    _pick(opened)
    key = section(opened, "key")
    opened.click(key.insert, 20, 10)
    made = _key(opened)
    assert made is not None
    assert made.joints == (18,)
    opened.click(key.whole, 20, 10)
    made = _key(opened)
    assert made is not None
    assert len(made.joints) == 24
    assert "Key at 0010" in key.head.title_label.text()


def test_before_and_after_measure_the_correction(opened: StudioDriver) -> None:
    _pick(opened, "left_wrist")
    assert section(opened, "before_after").moved.text() == "0.0 cm"
    opened.session.select(opened.person("Person A").id, 18)
    opened.settle()
    opened.type_into(section(opened, "rotation").fields[1].box, "35")
    assert section(opened, "before_after").turned.text() == "35.0°"
    opened.select_joint("Person A", "left_wrist")
    moved_cm = float(section(opened, "before_after").moved.text().split()[0])
    assert 10 < moved_cm < 25


# Notices, locks ----------------------------------------------------------------------


def test_a_notice_says_where_somebody_is_missing(opened: StudioDriver) -> None:
    a = opened.person("Person A")
    with opened.document.edit("Take") as edit:
        gone = slice(5, 12)
        track = opened.document.tracks_of(a.id)[0]
        edit.write(track, "base_root_m", gone, np.nan)
    opened.click_row("Person A")
    opened.scrub_to(8)
    page = opened.workspace.inspector.pages["pose"]
    section(opened, "rotation")
    assert page.notice.isVisible()
    assert page.notice.title.text() == "Missing 0005–0011"
    assert page.who.chip.text == "Missing"


def test_a_notice_says_where_a_joint_is_outside_the_picture(
    opened: StudioDriver,
) -> None:
    a = opened.person("Person A")
    track = opened.document.tracks_of(a.id)[0]
    with opened.document.edit("Move out") as edit:
        edit.write(track, "base_root_m", slice(6, 15), np.array([9.0, 0.0, -4.0]))
    opened.scrub_to(10)
    opened.session.select(a.id, 5)
    section(opened, "rotation")
    page = opened.workspace.inspector.pages["pose"]
    assert page.notice.title.text() == "Outside the picture 0006–0014"
    assert "Not seen there" in page.notice.words.text()
    opened.scrub_to(3)
    assert not page.notice.isVisible()


def test_a_locked_person_is_read_only_everywhere(opened: StudioDriver) -> None:
    opened.click_row("Person A", 1)
    _pick(opened)
    before, steps = opened.person("Person A"), opened.document.history.position
    held = _rotation(opened)
    for name in ("rotation", "position"):
        for field in section(opened, name).fields:
            opened.type_into(field.box, "33")
            scrub(opened, field, 10)
    shape = section(opened, "shape")
    for field in (shape.height_field, *shape.betas[:2]):
        opened.type_into(field.box, "2")
        scrub(opened, field, 10)
    identity = section(opened, "identity")
    assert identity.name.isReadOnly()
    assert not any(b.isEnabled() for b in identity.colours.values())
    assert section(opened, "notes").text.isReadOnly()
    opened.press("I", opened.video)
    assert opened.person("Person A") == before
    assert _rotation(opened) == pytest.approx(held)
    assert opened.document.history.position == steps
    assert opened.workspace.inspector.pages["pose"].notice.title.text() == (
        "Person A is locked"
    )


# Person ----------------------------------------------------------------------


def test_height_and_shape_are_edited_as_steps(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    shape = section(opened, "shape")
    opened.type_into(shape.height_field.box, "1.9m")
    assert opened.session.height_m(opened.person("Person A")) == pytest.approx(1.9)
    assert opened.menu_text("undo") == "Undo change height of Person A"
    scrub(opened, shape.betas[1], 30)
    betas = opened.person("Person A").betas
    assert betas[1] == pytest.approx(0.75, abs=0.06)
    assert opened.menu_text("undo") == "Undo change shape of Person A"
    opened.click(shape.reset, 8, 8)
    assert not any(opened.person("Person A").betas)


def test_several_people_are_named_and_changed_together(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    opened.click_row("Person B", modifiers=_CTRL)
    page = opened.workspace.inspector.pages["person"]
    identity, shape = section(opened, "identity"), section(opened, "shape")
    assert page.who.name.text() == "2 people"
    assert not identity.name.isEnabled()
    opened.type_into(shape.height_field.box, "+=10")
    heights = [opened.session.height_m(p) for p in opened.session.persons]
    assert heights[0] == pytest.approx(heights[1], abs=1e-6)
    opened.click(identity.colours["mint"], 8, 8)
    assert {p.colour for p in opened.session.persons} == {"mint"}
    assert opened.menu_text("undo") == "Undo recolour 2 people"
    opened.click(identity.locked, 8, 8)
    assert all(p.locked for p in opened.session.persons)


def test_notes_are_kept_with_the_person(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    notes = section(opened, "notes")
    notes.text.setFocus()
    QTest.keyClicks(notes.text, "red coat")
    opened.click_row("Person B")
    assert notes.text.toPlainText() == ""
    opened.click_row("Person A")
    assert notes.text.toPlainText() == "red coat"
    assert opened.menu_text("undo") == "Undo write note on Person A"


def test_tracks_are_listed_with_take_and_source(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    seen = section(opened, "seen")
    assert seen.frames.text() == "40 of 40 (100%)"
    assert seen.head.word.text() == "2 tracks"


# Camera, panel ----------------------------------------------------------------------


def test_the_three_focal_lengths_are_one(opened: StudioDriver) -> None:
    lens = section(opened, "lens")
    opened.type_into(lens.full_frame.box, "50")
    focal_px = 50 / np.hypot(36, 24) * np.hypot(320, 240)
    assert lens.focal.value == pytest.approx(focal_px)
    assert lens.fov.value == pytest.approx(np.degrees(2 * np.arctan(160 / focal_px)))
    assert opened.session.camera.source == "given"


def test_sections_fold_and_stay_folded(opened: StudioDriver) -> None:
    position = section(opened, "position")
    field = position.fields[0]
    assert field.isVisible()
    opened.click(position.head, 40, 10)
    assert not field.isVisible()
    assert settings().read("inspector.fix.position", True) is False
    opened.workspace.inspector.enter_workspace("track")
    assert field.isVisible()
    opened.workspace.inspector.enter_workspace("fix")
    assert not field.isVisible()
    position.head.setFocus()
    opened.press("Space", position.head)
    assert field.isVisible()


def test_nobody_selected_is_said(opened: StudioDriver) -> None:
    page = opened.workspace.inspector.pages["pose"]
    section(opened, "rotation")
    assert page.who.name.text() == "Nobody selected"
    assert not any(f.isEnabled() for f in section(opened, "rotation").fields)
    assert not section(opened, "key").insert.isEnabled()


@pytest.mark.parametrize("percent", [100, 130])
def test_everything_fits_a_narrow_panel(opened: StudioDriver, percent: int) -> None:
    _pick(opened)
    try:
        settings().write("look.text_percent", percent)
        look.apply(opened.app)
        opened.settle()
        for page in opened.workspace.inspector.pages.values():
            assert page.minimumSizeHint().width() <= 256
    finally:
        settings().forget("look.text_percent")
        look.apply(opened.app)


def test_tabs_without_room_stand_under_more(qapp: object) -> None:
    look.apply(qapp)  # type: ignore[arg-type]
    strip = TabStrip(("Pose", "Person", "Camera", "Clean up", "Metrics"), "Inspector")
    strip.resize(256, 30)
    strip.show()
    assert strip.hidden_titles == ("Metrics",)
    assert strip.more.isVisible()
    strip.bar.setCurrentIndex(4)
    assert "Metrics" not in strip.hidden_titles
    strip.resize(400, 30)
    assert strip.hidden_titles == ()
    strip.close()
    strip.deleteLater()


def test_another_theme_is_worn_at_once(opened: StudioDriver) -> None:
    _pick(opened)
    inspector = opened.workspace.inspector
    dark = inspector.grab().toImage().pixelColor(150, 400).lightness()
    try:
        look.apply(opened.app, "light")
        opened.settle()
        light = inspector.grab().toImage().pixelColor(150, 400).lightness()
    finally:
        look.apply(opened.app, "dark")
    assert dark < 60
    assert light > 190
