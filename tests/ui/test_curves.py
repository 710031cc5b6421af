"""The curve view: what it shows, and what mouse and keys do in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from hpe_studio.core.mark import Mark
from hpe_studio.core.track import Track
from hpe_studio.edits import pose
from hpe_studio.motion.rotations import compose, inverse
from hpe_studio.ui import look
from hpe_studio.ui.curves.canvas import CurveCanvas
from hpe_studio.ui.curves.marks import Diamond
from hpe_studio.ui.curves.quantities import QUANTITIES
from hpe_studio.ui.lanes.rows import RULER_PX
from tests.driver import StudioDriver

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
SHOULDER, ELBOW, ANKLE, KEY = 16, 18, 7, 10


@pytest.fixture
def window(lasting: StudioDriver) -> StudioDriver:
    """The lasting window with the curves of Person A's left shoulder and a key."""
    lasting.session.select(lasting.person("Person A").id, SHOULDER)
    panel = lasting.workspace.curves
    if not panel.isVisible():
        lasting.focus_video()
        lasting.press("Shift+C")
    lasting.settle()
    with lasting.document.edit("Key") as edit:
        pose.rotate_joint(
            edit,
            lasting.document,
            _track(lasting),
            frame=KEY,
            joint=SHOULDER,
            delta_parent_rad=np.array([0.2, 0.0, 0.1]),
        )
    _show(lasting, "angles")
    return lasting


def _track(driver: StudioDriver) -> Track:
    track = driver.document.track_at(driver.person("Person A").id, KEY)
    assert track is not None
    return track


def _canvas(driver: StudioDriver) -> CurveCanvas:
    driver.settle()
    canvas = driver.workspace.curves.canvas
    assert canvas is not None
    return canvas


def _show(driver: StudioDriver, *ids: str, normalised: bool = False) -> CurveCanvas:
    panel = driver.workspace.curves
    for quantity_id, switch in panel.switches.items():
        switch.setChecked(quantity_id in ids)
    panel.normalise.setChecked(normalised)
    _canvas(driver).frame_curves()
    return _canvas(driver)


def _diamond(driver: StudioDriver, component: int) -> Diamond:
    canvas = _canvas(driver)
    _picture(canvas)
    return next(d for d in canvas.diamonds() if d.component == component)


def _picture(canvas: CurveCanvas) -> np.ndarray:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8)
    rows = rows.reshape(image.height(), -1)[:, : 3 * image.width()]
    return rows.reshape(image.height(), image.width(), 3)


def _near(canvas: CurveCanvas, token: str) -> int:
    tint = look.colour(token)
    wanted = np.array([tint.red(), tint.green(), tint.blue()])
    ink = _picture(canvas).astype(int)[int(RULER_PX) + 24 :]
    return int((np.abs(ink - wanted).max(axis=-1) < 24).sum())


def _turn(driver: StudioDriver, frame: int = KEY, joint: int = SHOULDER) -> np.ndarray:
    return pose.present_rotation(driver.document, _track(driver), frame, joint)


# Showing ----------------------------------------------------------------------


def test_a_key_opens_the_curves_as_a_tab_and_closes_them(window: StudioDriver) -> None:
    dock = window.workspace.docks["curves"]
    lanes = window.workspace.docks["lanes"]
    assert dock in window.workspace.tabifiedDockWidgets(lanes)
    window.focus_video()
    window.press("Shift+C")
    assert dock.isHidden()
    assert lanes.isVisible()
    window.press("Shift+C")
    assert dock.isVisible()


@pytest.mark.slow
def test_x_y_and_z_have_their_colours_in_every_theme(window: StudioDriver) -> None:
    canvas = _canvas(window)
    for name in ("light", "contrast", "dark"):
        look.apply(window.app, name)
        window.settle()
        ground = look.colour("bg.lane")
        corner = _picture(canvas)[-3, -3]
        assert np.abs(corner - [ground.red(), ground.green(), ground.blue()]).max() < 3
        assert all(_near(canvas, f"axis.{axis}") > 60 for axis in "xyz"), name


def test_letters_hide_an_axis(window: StudioDriver) -> None:
    panel, canvas = window.workspace.curves, _canvas(window)
    before = _near(canvas, "axis.z")
    panel.letters[2].click()
    assert _near(canvas, "axis.z") < before / 4
    panel.letters[2].click()
    assert _near(canvas, "axis.z") == before


def test_every_quantity_has_a_row_and_says_its_values(window: StudioDriver) -> None:
    canvas = _show(window, *(q.id for q in QUANTITIES))
    assert [row.quantity.id for row in canvas.rows] == [q.id for q in QUANTITIES]
    track = _track(window)
    joints_m = window.session.poser.joints_of(track.id)
    level = window.document.shot_at(KEY).to_level(joints_m)
    places = canvas.source.values_at("places", KEY)
    assert places == pytest.approx(level[KEY - track.start, SHOULDER], abs=1e-6)
    turned = np.rad2deg(_turn(window))
    assert canvas.source.values_at("angles", KEY) == pytest.approx(turned, abs=1e-4)
    assert canvas.source.values_at("confidence", KEY) is None  # no points were seen


def test_speed_is_that_of_the_places(window: StudioDriver) -> None:
    window.session.select(window.person("Person A").id, 20)  # the wrist swings
    canvas = _show(window, "places", "speed")
    times_s = window.document.clip.times_s
    here, there = (canvas.source.values_at("places", f) for f in (KEY - 1, KEY + 1))
    assert here is not None
    assert there is not None
    moved_m = np.linalg.norm(there - here)
    speed = canvas.source.values_at("speed", KEY)
    assert speed is not None
    assert speed[0] == pytest.approx(moved_m / (times_s[KEY + 1] - times_s[KEY - 1]))


def test_contact_shows_where_a_foot_stands(window: StudioDriver) -> None:
    window.session.select(window.person("Person A").id, ANKLE)
    canvas = _show(window, "contact")
    assert canvas.source.values_at("contact", KEY) == pytest.approx([0.0])
    with window.document.edit("Contact") as edit:
        edit.put(
            Mark(
                id=window.document.new_id(),
                track_id=_track(window).id,
                kind="contact",
                joints=(ANKLE,),
                start=KEY,
                stop=KEY + 4,
            )
        )
    window.settle()
    told = [canvas.source.values_at("contact", f) for f in (KEY - 1, KEY, KEY + 4)]
    assert [float(v[0]) for v in told if v is not None] == [0.0, 1.0, 0.0]


def test_normalised_curves_share_one_row(window: StudioDriver) -> None:
    canvas = _show(window, "angles", "places", normalised=True)
    assert len(canvas.rows) == 1
    assert canvas.diamonds() == ()
    assert _near(canvas, "axis.x") > 60
    canvas = _show(window, "angles")
    assert canvas.diamonds()


def test_nobody_selected_leaves_a_sentence(window: StudioDriver) -> None:
    panel = window.workspace.curves
    window.session.select(None)
    window.settle()
    assert panel.empty.isVisible()
    assert not _canvas(window).isVisible()
    window.session.select(window.person("Person A").id, SHOULDER)
    window.settle()
    assert _canvas(window).isVisible()


# Keys -------------------------------------------------------------------------


@pytest.mark.parametrize("component", [0, 1, 2])
def test_a_diamond_dragged_up_turns_the_joint_by_as_much(
    window: StudioDriver, component: int
) -> None:
    diamond, before = _diamond(window, component), _turn(window)
    low, high = diamond.row.range
    up_px = round(20.0 / (high - low) * diamond.row.rect.height())
    path = [(diamond.x, diamond.y), (diamond.x + 1, diamond.y - up_px)]
    window.drag(_canvas(window), path)
    change = np.rad2deg(_turn(window) - before)
    wanted = np.zeros(3)
    wanted[component] = up_px * (high - low) / diamond.row.rect.height()
    assert wanted[component] == pytest.approx(20.0, abs=1.0)
    assert change == pytest.approx(wanted, abs=1e-3)
    assert window.document.history.undo_label == "Rotate left shoulder"
    window.session.undo()
    assert np.array_equal(_turn(window), before)


def test_a_diamond_is_dragged_to_another_frame(window: StudioDriver) -> None:
    canvas, track = _canvas(window), _track(window)
    diamond, key = _diamond(window, 0), window.document.key_at(track.id, KEY)
    assert key is not None
    far = canvas.x_of(KEY + 5)
    window.drag(canvas, [(diamond.x, diamond.y), (far, diamond.y)])
    moved = window.document.key_at(track.id, KEY + 5)
    assert window.document.key_at(track.id, KEY) is None
    assert moved == replace(key, frame=KEY + 5)
    window.session.undo()
    assert window.document.key_at(track.id, KEY) == key


def test_escape_puts_a_dragged_diamond_back(window: StudioDriver) -> None:
    canvas, diamond = _canvas(window), _diamond(window, 2)
    before, steps = _turn(window), window.document.history.undo_label
    path = [(diamond.x, diamond.y), (diamond.x, diamond.y - 30)]
    window.drag(canvas, path, release=False)
    assert not np.array_equal(_turn(window), before)
    window.press("Esc", canvas)
    assert np.array_equal(_turn(window), before)
    assert window.document.history.undo_label == steps
    assert not canvas.is_dragging


def test_the_pelvis_is_moved_in_metres(window: StudioDriver) -> None:
    window.session.select(window.person("Person A").id, 0)
    track = _track(window)
    with window.document.edit("Place") as edit:
        row = track.base_root_m[KEY - track.start] + np.array([0.0, 0.1, 0.0])
        pose.set_root_place(edit, window.document, track, frame=KEY, root_scene_m=row)
    _show(window, "places")
    diamond = _diamond(window, 1)
    before = window.session.poser.motion(track.id).root_scene_m[KEY - track.start]
    low, high = diamond.row.range
    canvas = _canvas(window)
    window.drag(canvas, [(diamond.x, diamond.y), (diamond.x, diamond.y - 20)])
    after = window.session.poser.motion(track.id).root_scene_m[KEY - track.start]
    rise_m = 20 * (high - low) / diamond.row.rect.height()
    assert after - before == pytest.approx([0, rise_m, 0], abs=1e-6)


def test_a_click_selects_the_key_and_its_handles_blend(window: StudioDriver) -> None:
    canvas, track = _canvas(window), _track(window)
    diamond = _diamond(window, 1)
    window.click(canvas, diamond.x, diamond.y)
    assert window.session.view.selection.keys == {(track.id, KEY)}
    assert window.frame == KEY
    _picture(canvas)
    handle = {kind: at for kind, _, at in canvas.marks.handles()}["blend_out"]
    assert handle.x() == pytest.approx(canvas.x_of(KEY + 5))
    start = handle.x(), handle.y()
    window.drag(canvas, [start, (canvas.x_of(KEY + 8), handle.y())])
    key = window.document.key_at(track.id, KEY)
    assert key is not None
    assert (key.blend_in, key.blend_out) == (5, 8)


# Time -------------------------------------------------------------------------


def test_a_press_goes_there_and_the_arrows_step(window: StudioDriver) -> None:
    canvas = _canvas(window)
    y = canvas.height() - 4
    window.click(canvas, canvas.x_of(20), y)
    assert window.frame == 20
    window.press("Right", canvas)
    assert window.frame == 21
    assert window.lanes.x_of(21) >= 0


def test_shift_and_drag_sets_the_range(window: StudioDriver) -> None:
    canvas, y = _canvas(window), _canvas(window).height() - 4
    ends = [(canvas.x_of(5), y), (canvas.x_of(14), y)]
    window.drag(canvas, ends, modifiers=SHIFT)
    assert window.session.view.play_range == (5, 15)


def test_the_wheel_zooms_at_the_pointer_and_framing_takes_it_back(
    window: StudioDriver,
) -> None:
    canvas = _canvas(window)
    canvas.frame_curves()
    fitted, x = canvas.axis, canvas.x_of(12)
    window.wheel(canvas, x, 60, 3)
    assert canvas.axis.px_per_frame > fitted.px_per_frame * 1.5
    assert canvas.axis.frame_at(x) == 12
    window.press("F", canvas)
    assert canvas.axis == fitted


def test_a_box_fills_the_view(window: StudioDriver) -> None:
    canvas = _canvas(window)
    _picture(canvas)
    row = canvas.rows[0]
    low, high = row.value_at(90), row.value_at(40)
    ends = [(canvas.axis.edge(8), RULER_PX + 40), (canvas.axis.edge(18), RULER_PX + 90)]
    window.drag(canvas, ends, modifiers=CONTROL)
    assert canvas.axis.first == pytest.approx(8, abs=0.2)
    assert canvas.axis.edge(18) == pytest.approx(canvas.width(), abs=2)
    _picture(canvas)
    assert row.range == pytest.approx((low, high), abs=1.0)


def test_an_edit_elsewhere_is_seen_here(window: StudioDriver) -> None:
    canvas, before = _canvas(window), _turn(window, 20)
    with window.document.edit("Key") as edit:
        pose.rotate_joint(
            edit,
            window.document,
            _track(window),
            frame=20,
            joint=SHOULDER,
            delta_parent_rad=np.array([0.0, 0.5, 0.0]),
        )
    window.settle()
    told = canvas.source.values_at("angles", 20)
    assert told is not None
    turned = compose(np.deg2rad(told), inverse(before))
    assert turned == pytest.approx([0.0, 0.5, 0.0], abs=1e-5)
    assert {d.mark.frame for d in canvas.diamonds()} == {KEY, 20}


def test_somebody_without_a_track_is_told_so(window: StudioDriver) -> None:
    panel = window.workspace.curves
    window.session.select(None)
    window.settle()
    assert panel.empty.isVisible()
    assert panel.empty.accessibleDescription().startswith("Select a person")
    window.window.actions_["add_person"].trigger()
    window.settle()
    assert window.session.active_person is not None
    name = window.session.active_person.name
    assert panel.empty.accessibleDescription().startswith(f"{name} has no track")
