"""What people see over the footage, pixel by pixel, and what the mouse does there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication

from hpe_studio.core.tables import ShotCamera
from hpe_studio.render.overlay import OverlayPerson, draw_overlay
from hpe_studio.render.viewtransform import fit
from hpe_studio.ui.layers_menu import LayersButton
from hpe_studio.ui.shape_painter import paint_shapes
from tests.driver import MIDDLE, StudioDriver

SIZE, PANE = (400, 300), (400.0, 400.0)
VIEW = fit(SIZE, PANE)  # the picture lies at y 50 to 350, one to one
GREY, PINK = (120, 120, 120), "#F66BB9"
EDGES = ((0, 1), (1, 2))
SHIFT = Qt.KeyboardModifier.ShiftModifier


def _person(points, **kwargs):
    given = {"id": "1", "points_px": np.array(points, float), "edges": EDGES}
    return OverlayPerson(**{**given, "colour": PINK, **kwargs})


def _painted(people, view=VIEW, ratio=1.0):
    """The overlay over grey footage, shape (height, width, 3)."""
    wide, high = (round(side * ratio) for side in view.view_px)
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(*GREY))
    painter = QPainter(image)
    paint_shapes(painter, draw_overlay(people, view).shapes)
    painter.end()
    raw = np.frombuffer(image.constBits(), np.uint8)
    return raw.reshape(high, wide, 4)[..., 2::-1].astype(int)


def _is_pink(pixels):
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return (red - green > 60) & (blue - green > 30)


def _runs(row):
    """How many separate stretches of True there are."""
    return int((np.diff(np.concatenate([[0], row.astype(int)])) == 1).sum())


def test_a_limb_is_a_line_up_to_the_edge_and_hatched_beyond(qapp):
    seen = _painted([_person([(200, 100), (200, 200), (200, 345)])])
    pink = _is_pink(seen)
    inside, outside = pink[260:340, 180:220], pink[358:385, 180:220]
    assert inside.sum(axis=1).max() <= 5  # the bone alone, 2.5 px
    assert outside.any(axis=0).sum() >= 10  # a capsule 11 px wide
    share = outside[:, 16:25].mean()
    assert 0.25 < share < 0.8  # ruled, not filled
    assert not pink[348:349, :190].any()


def test_ground_and_edge_show_only_where_someone_reaches_beyond(qapp):
    beyond = _painted([_person([(200, 100), (200, 200), (200, 345)])])
    within = _painted([_person([(200, 100), (200, 200), (200, 280)])])
    assert (within[370] == GREY).all()
    assert (within[20] == GREY).all()
    assert tuple(beyond[352, 3]) == (0x0C, 0x0D, 0x10)
    edge = beyond[350, :150, 0] - 0x0C
    assert 10 <= _runs(edge > 60) <= 20  # dashed 6-4
    dots = (beyond[352:, :150, 0] > 0x16).sum()
    assert 10 <= dots / 4 <= 150


def test_a_guessed_limb_is_dashed_and_a_seen_one_is_not(qapp):
    points = [(50, 50), (200, 50), (350, 50)]
    occluded = np.array([False, False, True])
    pink = _is_pink(_painted([_person(points, occluded=occluded)]))
    row = pink[100]
    assert _runs(row[60:190]) == 1
    assert _runs(row[210:340]) >= 15  # dashed 2-3
    assert not pink[92:97].any()  # no hatch


def test_bones_are_as_wide_at_every_zoom(qapp):
    widths = []
    for factor in (1.0, 3.0, 9.0):
        view = VIEW.zoomed(factor, 200, 200)
        points = [(200, 100), (200, 150), (200, 250)]
        seen = _painted([_person(points, selected=True)], view)
        columns = _is_pink(seen)[200:215].sum(axis=1)
        widths.append(int(np.median(columns)))
    assert len(set(widths)) == 1
    assert 2 <= widths[0] <= 4


def test_bones_are_as_wide_on_a_fine_screen(qapp):
    points = [(200, 100), (200, 150), (200, 250)]
    fine = _is_pink(_painted([_person(points)], ratio=2.0))[400:430]
    assert 4 <= np.median(fine.sum(axis=1)) <= 6


def test_people_beyond_the_colours_have_double_lines(qapp):
    points = [(200, 20), (200, 150), (200, 280)]
    single = _is_pink(_painted([_person(points, selected=True)]))[260:280]
    double = _painted([_person(points, selected=True, double=True)])[260:280]
    assert max(_runs(row) for row in single) == 1
    dark = double[:, 196:206].sum(axis=2) < 300
    assert dark[:, 4:6].any(axis=1).all()


def test_truth_is_dashed_white_with_diamonds_under_no_pointer(qapp):
    points = [(50, 50), (200, 50), (350, 50)]
    seen = _painted([_person(points, style="truth")])
    white = (seen > 230).all(axis=2)
    assert 10 <= _runs(white[100, 60:190]) <= 20  # dashed 5-3.2
    assert white[99:102, 200].all()  # a diamond 5 px high
    assert not white[96, 190:210].any()


def test_a_body_is_filled_outlined_or_both(qapp):
    square = np.array([(100, 100), (200, 100), (200, 200), (100, 200.0)])
    nobody = np.full((3, 2), np.nan)
    kept = {"outlines_px": (square,), "outline_fill": 0.5, "outline_alpha": 1.0}
    both, outline, fill = (
        _painted([_person(nobody, **{**kept, **change})])
        for change in ({}, {"outline_fill": 0.0}, {"outline_alpha": 0.0})
    )
    assert _is_pink(fill[200, 150])
    assert tuple(outline[200, 150]) == GREY
    assert tuple(both[200, 150]) == tuple(fill[200, 150])
    edge = slice(148, 153)
    assert abs(both[edge, 150] - both[200, 150]).max() > 30
    assert abs(fill[151, 150] - fill[200, 150]).max() < 5


def test_holes_stay_free(qapp):
    around = np.array([(100, 100), (200, 100), (200, 200), (100, 200.0)])
    hole = np.array([(130, 130), (130, 170), (170, 170), (170, 130.0)])
    person = _person(
        np.full((3, 2), np.nan), outlines_px=(around, hole), outline_alpha=0.0
    )
    assert tuple(_painted([person])[200, 150]) == GREY


# The pane itself ----------------------------------------------------------------


def _zoom_in(studio: StudioDriver) -> None:
    studio.wheel(studio.video, 100, 100, 3)


def test_the_chip_tells_the_zoom_and_fits(lasting: StudioDriver):
    video = lasting.video
    fitted = video.transform
    assert video.zoom_chip.text() == f"{round(fitted.scale * 100)} %"
    _zoom_in(lasting)
    assert video.transform.scale > 1.5 * fitted.scale
    assert video.zoom_chip.text() == f"{round(video.transform.scale * 100)} %"
    lasting.click(video.zoom_chip, 8, 8)
    lasting.wait_idle()
    assert video.transform == fitted


def test_a_double_click_on_free_ground_shows_pixels_then_fits(lasting: StudioDriver):
    video = lasting.video
    _double_click(lasting, 12, 300)
    lasting.wait_idle()
    assert video.transform.scale * video.devicePixelRatioF() == pytest.approx(1)
    _double_click(lasting, 12, 300)
    lasting.wait_idle()
    assert video.zoom.is_fitted


def _double_click(studio: StudioDriver, x: float, y: float) -> None:
    at = QPointF(x, y)
    left = Qt.MouseButton.LeftButton
    kind = QEvent.Type.MouseButtonDblClick
    where = QPointF(studio.video.mapToGlobal(at))
    event = QMouseEvent(kind, at, where, left, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(studio.video, event)
    studio.settle()


@pytest.mark.parametrize("how", ["middle", "shift"])
def test_the_picture_is_panned(lasting: StudioDriver, how):
    video = lasting.video
    start = np.array(video.transform.offset)
    given = {"button": MIDDLE} if how == "middle" else {"modifiers": SHIFT}
    lasting.drag(video, [(20, 200), (40, 210), (60, 240)], **given)
    lasting.wait_idle()
    assert tuple(np.array(video.transform.offset) - start) == pytest.approx((40, 40))
    assert lasting.session.view.selection.persons == ()


def test_a_shift_click_selects_beside_and_a_band_selects_those_within(
    lasting: StudioDriver,
):
    video, session = lasting.video, lasting.session
    one, other = lasting.person("Person A"), lasting.person("Person B")
    lasting.select_joint("Person A", "left_knee")
    at = lasting.joint_in_video(other, "right_knee")
    lasting.click(video, *at, SHIFT)
    assert session.view.selection.persons == (one.id, other.id)
    joints = video.overlay.targets.joints
    low, high = joints.min(axis=0) - 20, joints.max(axis=0) + 20
    middle = (low[0] + high[0]) / 2
    lasting.drag(video, [tuple(low), (middle, high[1]), tuple(high)])
    assert set(session.view.selection.persons) == {one.id, other.id}
    lasting.drag(video, [tuple(low), (low[0] + 9, low[1]), (middle, high[1])])
    assert session.view.selection.persons == (one.id,)
    lasting.click(video, 8, 200)
    assert session.view.selection.persons == ()


def test_the_hovered_joint_has_its_name(lasting: StudioDriver):
    video = lasting.video
    x, y = lasting.joint_in_video(lasting.person("Person B"), "left_elbow")
    _move(lasting, x, y)
    (caption,) = video.overlay.captions
    assert (caption.text, caption.detail) == ("Left elbow", "estimated")
    _move(lasting, 3, 3)
    assert video.overlay.captions == ()


def _move(studio: StudioDriver, x: float, y: float) -> None:
    none = Qt.MouseButton.NoButton
    at, kind = QPointF(x, y), QEvent.Type.MouseMove
    where = QPointF(studio.video.mapToGlobal(at))
    event = QMouseEvent(kind, at, where, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(studio.video, event)
    studio.settle()


def test_the_margin_opens_for_a_selected_joint_outside_and_closes(
    lasting: StudioDriver,
):
    video, session = lasting.video, lasting.session
    fitted = video.transform
    person, joint = _someone_outside(lasting)
    with_limb = video.overlay.reaches_beyond
    session.select(person.id, lasting.joint_index(person, joint))
    lasting.wait_idle()
    opened = video.transform
    assert with_limb
    assert opened != fitted
    x, y = lasting.joint_in_video(person, joint)
    assert 0 < x < video.width()
    assert 0 < y < video.height()
    session.select(person.id)
    lasting.wait_idle()
    assert video.transform == fitted


def test_the_picture_does_not_move_while_the_button_is_down(lasting: StudioDriver):
    video = lasting.video
    person, joint = _someone_outside(lasting)
    before = video.transform
    at = lasting.joint_in_video(person, joint)
    lasting.drag(video, [at], release=False)
    assert lasting.session.view.selection.joint is not None
    assert video.transform == before
    lasting.drag(video, [at])
    lasting.wait_idle()
    assert video.transform != before


def _someone_outside(studio: StudioDriver):
    """Moves the picture's edge across a person by making the camera see less."""
    document = studio.document
    person = studio.person("Person A")
    camera = document.camera_at(studio.frame)
    intrinsics = np.array(camera.intrinsics)
    intrinsics[1, 2] += 60
    moved = replace(camera, intrinsics=intrinsics)
    shot = document.shot_at(studio.frame)
    with document.edit("Another camera") as edit:
        edit.put(ShotCamera(shot_id=shot.id, camera=moved))
    studio.settle()
    return person, "left_ankle"


def test_the_panel_of_layers_writes_what_is_drawn(lasting: StudioDriver):
    button = lasting.window.findChild(LayersButton)
    layers = lasting.session.view
    lasting.click(button, 5, 5)
    panel = button.panel
    assert panel.isVisible()
    assert not panel.slider.isEnabled()
    lasting.click(panel.modes["both"], 5, 5)
    panel.slider.setValue(80)
    lasting.click(panel.boxes["boxes"], 8, 8)
    assert (layers.layers.mesh, layers.layers.mesh_opacity) == ("both", 0.8)
    assert layers.layers.boxes
    lasting.press("Escape", panel)
    assert not panel.isVisible()
    people = [s for s in lasting.video.overlay.shapes if type(s).__name__ == "Polygons"]
    assert len(people) == 2
    assert people[0].fill.alpha == 0.8
    layers.layers = replace(layers.layers, mesh="outline")
    lasting.settle()
    assert lasting.video.overlay.shapes[0].fill is None


def test_one_command_lays_bodies_over_the_picture(lasting: StudioDriver):
    view, action = lasting.session.view, lasting.window.actions_["toggle_mesh"]
    action.trigger()
    lasting.settle()
    assert view.layers.mesh == "both"
    assert action.isChecked()
    action.trigger()
    lasting.settle()
    assert view.layers.mesh == "off"
    assert not action.isChecked()


def test_names_stay_while_the_video_has_the_focus(lasting: StudioDriver):
    lasting.focus_video()
    lasting.video.zoom.refit()
    assert [tag.text for tag in lasting.video.overlay.tags] == ["Person A", "Person B"]
