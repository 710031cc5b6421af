"""Keys, parts of the body, snapping, zoom by keys, curves and pictures in the lanes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor

from hpe_studio.core.mark import Mark
from hpe_studio.edits import pose
from hpe_studio.ui import look
from hpe_studio.ui.lanes import bars, hints
from tests.driver import StudioDriver
from tests.ui.test_lanes import (  # noqa: F401  (fixtures are found by their names)
    CONTROL,
    SHIFT,
    add_keys,
    at,
    drag_key,
    frames_of,
    key_on,
    open_menu,
    opened,
    track_of,
    window,
)

ALT = Qt.KeyboardModifier.AltModifier
LEG, ARM = 4, 18


def add_key_of(driver: StudioDriver, frame: int, *joints: int) -> None:
    track = track_of(driver, "Person A", frame)
    with driver.document.edit("Keys") as edit:
        for joint in joints:
            pose.rotate_joint(
                edit,
                driver.document,
                track,
                frame=frame,
                joint=joint,
                delta_parent_rad=np.array([0.0, 0.0, 0.3]),
            )
    driver.settle()


def open_parts(driver: StudioDriver) -> int:
    person = driver.person("Person A")
    driver.session.select(person.id)
    driver.settle()
    if person.id not in driver.lanes.contents.opened:
        driver.press("U", driver.lanes)
    return person.id


@pytest.fixture(autouse=True)
def closed_parts(opened: StudioDriver) -> None:  # noqa: F811
    opened.lanes.contents.opened = frozenset()
    opened.lanes.refresh()


# Parts of the body -------------------------------------------------------------


def test_the_chevron_and_a_key_open_a_person(opened: StudioDriver) -> None:  # noqa: F811
    panel, person = opened.workspace.lanes, opened.person("Person A")
    opened.click(panel.labels, 14, panel.labels.y_of(person.id))
    kinds = [lane.part for lane in opened.lanes.contents.lanes]
    parts = ["torso", "left_arm", "right_arm", "left_leg", "right_leg"]
    assert kinds == ["", *parts, ""]
    opened.session.select(person.id)
    opened.press("U", opened.lanes)
    assert [lane.part for lane in opened.lanes.contents.lanes] == ["", ""]


def test_each_part_shows_its_own_keys(opened: StudioDriver) -> None:  # noqa: F811
    add_key_of(opened, 6, ARM)
    add_key_of(opened, 12, ARM, LEG)
    open_parts(opened)
    shown = {
        lane.part: [mark.frame for mark in lane.keys]
        for lane in opened.lanes.contents.lanes
        if lane.person_id == opened.person("Person A").id
    }
    assert shown[""] == [6, 12]
    assert shown["left_arm"] == [6, 12]
    assert shown["left_leg"] == [12]
    assert shown["right_leg"] == []


def test_a_part_is_moved_apart_and_comes_back_in_one_step(
    opened: StudioDriver,  # noqa: F811
) -> None:
    add_key_of(opened, 12, ARM, LEG)
    track = track_of(opened, "Person A")
    person_id = open_parts(opened)
    x, y = opened.lanes.x_of(12), opened.lanes.y_of(person_id, "left_leg")
    opened.drag(opened.lanes, [(x, y), (x + 20, y), (opened.lanes.x_of(17), y)])
    assert key_on(opened, track, 12).joints == (ARM,)
    assert key_on(opened, track, 17).joints == (LEG,)
    assert opened.menu_text("undo") == "Undo move key of the left leg"
    opened.press("Ctrl+Z", opened.lanes)
    assert key_on(opened, track, 12).joints == (LEG, ARM)
    assert frames_of(opened, track) == [12]


def test_a_part_dropped_on_a_key_joins_it(opened: StudioDriver) -> None:  # noqa: F811
    add_key_of(opened, 6, ARM)
    add_key_of(opened, 16, LEG)
    track = track_of(opened, "Person A")
    person_id = open_parts(opened)
    x, y = opened.lanes.x_of(6), opened.lanes.y_of(person_id, "left_arm")
    opened.drag(opened.lanes, [(x, y), (x + 20, y), (opened.lanes.x_of(16), y)])
    assert frames_of(opened, track) == [16]
    assert key_on(opened, track, 16).joints == (LEG, ARM)


def test_the_menu_deletes_a_part_alone(opened: StudioDriver) -> None:  # noqa: F811
    add_key_of(opened, 12, ARM, LEG)
    track = track_of(opened, "Person A")
    person_id = open_parts(opened)
    at_leg = opened.lanes.x_of(12), opened.lanes.y_of(person_id, "left_leg")
    menu = open_menu(opened, *at_leg)
    next(a for a in menu.actions() if a.objectName() == "delete_part").trigger()
    menu.close()
    opened.settle()
    assert key_on(opened, track, 12).joints == (ARM,)


# Snapping ----------------------------------------------------------------------


def test_keys_snap_to_the_playhead_unless_alt_is_held(
    opened: StudioDriver,  # noqa: F811
) -> None:
    track = add_keys(opened, "Person A", 5)
    opened.lanes.axis = opened.lanes.axis.fitted()
    opened.session.view.frame = 15
    x, y = at(opened, "Person A", 5)
    shy = opened.lanes.x_of(15) - 5  # nearer than the magnet reaches
    px = opened.lanes.axis.px_per_frame
    assert px > 10, "a frame must be wider than the magnet for this test"
    opened.drag(opened.lanes, [(x, y), (x + 30, y), (shy, y)], release=False)
    assert opened.lanes._snap == 15
    opened.press("Esc", opened.lanes)
    assert opened.lanes._snap is None
    assert frames_of(opened, track) == [5]
    path = [(x, y), (x + 30, y), (shy, y)]
    opened.drag(opened.lanes, path, modifiers=ALT, release=False)
    assert opened.lanes._snap is None
    opened.press("Esc", opened.lanes)


def test_ctrl_click_adds_and_ctrl_drag_copies_over_people(
    opened: StudioDriver,  # noqa: F811
) -> None:
    a, b = add_keys(opened, "Person A", 6), add_keys(opened, "Person B", 9)
    opened.click(opened.lanes, *at(opened, "Person A", 6))
    opened.click(opened.lanes, *at(opened, "Person B", 9), CONTROL)
    assert opened.session.view.selection.keys == {(a.id, 6), (b.id, 9)}
    steps = opened.document.history.position
    drag_key(opened, "Person A", 6, 13, modifiers=CONTROL)
    assert frames_of(opened, a) == [6, 13]
    assert frames_of(opened, b) == [9, 16]
    assert opened.document.history.position == steps + 1


# Keyboard ----------------------------------------------------------------------


def test_all_keys_of_the_selected_people_are_selected_and_nudged(
    opened: StudioDriver,  # noqa: F811
) -> None:
    a, b = add_keys(opened, "Person A", 6, 10), add_keys(opened, "Person B", 9)
    opened.session.select(a.person_id)
    opened.press("Ctrl+A", opened.lanes)
    assert opened.session.view.selection.keys == {(a.id, 6), (a.id, 10)}
    opened.press("Alt+Right", opened.lanes)
    opened.press("Alt+Right", opened.lanes)
    opened.press("Alt+Left", opened.lanes)
    assert frames_of(opened, a) == [7, 11]
    assert frames_of(opened, b) == [9]
    opened.session.select(None)
    opened.press("Ctrl+A", opened.lanes)
    assert len(opened.session.view.selection.keys) == 3


def test_people_are_walked_through_by_keys(opened: StudioDriver) -> None:  # noqa: F811
    opened.press("Ctrl+Down", opened.lanes)
    assert opened.session.active_person == opened.person("Person A")
    opened.press("Ctrl+Down", opened.lanes)
    opened.press("Ctrl+Down", opened.lanes)
    assert opened.session.active_person == opened.person("Person B")
    opened.press("Ctrl+Up", opened.lanes)
    assert opened.session.active_person == opened.person("Person A")


def test_the_lanes_are_zoomed_by_keys(opened: StudioDriver) -> None:  # noqa: F811
    add_keys(opened, "Person A", 6, 10)
    opened.session.view.frame = 30
    opened.press("Alt+S", opened.lanes)
    assert opened.lanes.axis.seen == (24, 40)
    opened.press("Alt+C", opened.lanes)
    assert opened.lanes.axis.is_fitted
    opened.session.view.play_range = (10, 20)
    opened.press("Alt+R", opened.lanes)
    assert opened.lanes.axis.edge(10) == pytest.approx(8)
    opened.session.select(opened.person("Person A").id)
    opened.press("Ctrl+A", opened.lanes)
    opened.press("Alt+Z", opened.lanes)
    start, stop = opened.lanes.axis.seen
    assert start <= 6 < 10 < stop
    assert stop - start <= 14
    seen = opened.lanes.axis.px_per_frame
    opened.press("-", opened.lanes)
    assert opened.lanes.axis.px_per_frame < seen
    opened.press("+", opened.lanes)
    assert opened.lanes.axis.px_per_frame == pytest.approx(seen)


# The overview ------------------------------------------------------------------


def test_the_overview_comes_with_the_zoom_and_pans(
    opened: StudioDriver,  # noqa: F811
) -> None:
    bar = opened.workspace.lanes.overview
    assert not bar.isVisible()
    opened.lanes.axis = opened.lanes.axis.showing(0, 10)
    opened.settle()
    assert bar.isVisible()
    middle = bar.window_box().center()
    far = (float(bar.width()), middle.y())
    opened.drag(bar, [(middle.x(), middle.y()), (middle.x() + 90, middle.y()), far])
    assert opened.lanes.axis.seen[1] == 40
    box = bar.window_box()
    grip = (box.left() + 1, box.center().y())
    px = opened.lanes.axis.px_per_frame
    opened.drag(bar, [grip, (box.left() - 200, grip[1])])
    assert opened.lanes.axis.px_per_frame < px
    assert opened.lanes.axis.seen[1] == 40


# What is seen ------------------------------------------------------------------


def test_labels_of_the_ruler_give_way_to_the_flag(
    opened: StudioDriver,  # noqa: F811
) -> None:
    opened.lanes.grab()
    head = opened.lanes._playhead
    assert len(head.labels) > 3
    opened.session.view.frame = 0
    first = head.labels[0]
    assert first in head.hidden_labels()
    opened.session.view.frame = 39
    assert first not in head.hidden_labels()


def test_another_theme_paints_the_lanes_anew(opened: StudioDriver) -> None:  # noqa: F811
    def bar() -> QColor:
        x, y = at(opened, "Person A", 12)
        image = opened.lanes.grab().toImage()
        return QColor(image.pixel(round(x), round(y)))

    dark = bar()
    look.apply(opened.app, "light")
    try:
        opened.settle()
        assert bar() == look.colour("source.estimated") != dark
    finally:
        look.apply(opened.app, "dark")
        opened.settle()
    assert bar() == dark


def test_a_change_paints_only_the_lane_it_touches(
    opened: StudioDriver,  # noqa: F811
) -> None:
    opened.lanes.grab()
    before = opened.lanes.strips.painted_count
    add_keys(opened, "Person A", 10)
    opened.lanes.grab()
    assert opened.lanes.strips.painted_count == before + 1


def test_contacts_of_the_active_person_have_a_row(
    opened: StudioDriver,  # noqa: F811
) -> None:
    track, document = track_of(opened, "Person A"), opened.document
    with document.edit("Contact") as edit:
        for joint, start in ((7, 2), (8, 9)):
            mark = Mark(
                id=document.new_id(),
                track_id=track.id,
                kind="contact",
                joints=(joint,),
                start=start,
                stop=start + 5,
            )
            edit.put(mark)
    opened.session.select(track.person_id)
    opened.settle()
    kinds = [lane.kind for lane in opened.lanes.contents.lanes]
    assert kinds == ["person", "contacts", "person"]
    lane = opened.lanes.contents.lanes[1]
    assert lane.runs.starts.tolist() == [2]
    assert lane.others is not None
    assert lane.others.starts.tolist() == [9]
    opened.session.select(opened.person("Person B").id)
    opened.settle()
    assert len(opened.lanes.contents.lanes) == 2


def test_corners_and_gaps_are_of_the_lanes_ground(
    opened: StudioDriver,  # noqa: F811
) -> None:
    canvas = opened.lanes
    image = canvas.grab().toImage()
    y = canvas.rows.bar_top(0)
    edge = round(canvas.axis.edge(25))
    ground = look.colour("bg.lane")
    middle = round(y + bars.BAR_PX / 2)
    xs = [
        x for x in range(edge - 3, edge + 3) if QColor(image.pixel(x, middle)) == ground
    ]
    assert len(xs) <= 1
    left = round(canvas.axis.edge(0))
    assert QColor(image.pixel(left, round(y))) != look.colour("source.estimated")


# Curves ------------------------------------------------------------------------


def test_curves_show_the_selected_joint_and_its_values(
    opened: StudioDriver,  # noqa: F811
) -> None:
    panel = opened.workspace.lanes
    add_key_of(opened, 12, ARM)
    opened.session.select(opened.person("Person A").id, ARM)
    opened.session.view.frame = 12
    opened.settle()
    values = panel.curves.values()
    assert values is not None
    assert values[2] == pytest.approx(np.degrees(0.3), abs=0.1)
    assert panel.curves.title == "Left elbow"
    assert panel.curves.value_text(values) == "X 0.0°  Y 0.0°  Z 17.2°"
    panel.curves.toggle(0)
    assert panel.curves.value_text(values) == "Y 0.0°  Z 17.2°"
    panel.curves.toggle(0)
    opened.session.select(opened.person("Person A").id)
    assert panel.curves.title == "Pelvis"
    assert panel.curves.unit == "m"


def test_without_a_person_the_curves_say_what_to_do(
    opened: StudioDriver,  # noqa: F811
) -> None:
    panel = opened.workspace.lanes
    opened.session.select(None)
    opened.settle()
    assert panel.curves.curves() == ()
    if panel.curve_label.isVisible():
        assert panel.curve_label.name.text() == "Curves"
        assert panel.curve_label.values.text() == "Select a person"
        assert not panel.curve_label.letters[0].isVisible()


def test_curves_are_drawn_where_their_values_are(
    opened: StudioDriver,  # noqa: F811
) -> None:
    view = opened.workspace.lanes.curves
    add_key_of(opened, 12, ARM)
    opened.session.select(opened.person("Person A").id, ARM)
    opened.session.view.frame = 30
    opened.settle()
    if not view.isVisible():
        pytest.skip("the panel is too low here")
    image = view.grab().toImage()
    blue = look.colour("axis.z")
    x = round(opened.lanes.x_of(20))
    near = [
        y
        for y in range(image.height())
        if abs(QColor(image.pixel(x, y)).hue() - blue.hue()) < 12
        and QColor(image.pixel(x, y)).saturation() > 90
    ]
    values = view._values_at(20)
    assert values is not None
    assert near
    assert min(abs(y - view.y_of(float(values[2]))) for y in near) <= 2


def test_the_row_of_curves_is_switched(opened: StudioDriver) -> None:  # noqa: F811
    panel = opened.workspace.lanes
    panel.resize(panel.width(), 220)
    opened.settle()
    toggle = opened.window.actions_["toggle_curves"]
    was = not panel.curves.isHidden()
    toggle.trigger()
    assert panel.curves.isHidden() is was
    toggle.trigger()
    assert panel.curves.isHidden() is not was


# Menus and tips ----------------------------------------------------------------


def test_the_ruler_and_shots_have_menus(opened: StudioDriver) -> None:  # noqa: F811
    menu = open_menu(opened, opened.lanes.x_of(30), 32)
    shown = {action.objectName(): action for action in menu.actions()}
    assert {"go_to_shot", "zoom_to_shot", "toggle_thumbnails"} <= shown.keys()
    shown["range_over_shot"].trigger()
    menu.close()
    assert opened.session.view.play_range == (25, 40)
    menu = open_menu(opened, opened.lanes.x_of(12), 8)
    shown = {action.objectName(): action for action in menu.actions()}
    shown["go_here"].trigger()
    menu.close()
    assert opened.frame == 12


def test_the_overview_of_a_gap_says_so(opened: StudioDriver) -> None:  # noqa: F811
    person_id = open_parts(opened)
    spot = QPointF(opened.lanes.x_of(5), opened.lanes.y_of(person_id, "torso"))
    told = hints.tip(opened.lanes.board(), opened.lanes.hit_at(spot))
    assert told.startswith("Estimated, 0000–0024")


# Pictures ----------------------------------------------------------------------


def test_pictures_of_the_clip_come_into_the_row_of_shots(
    studio: StudioDriver, project: Path
) -> None:
    studio.open_clip(project)
    panel = studio.workspace.lanes
    assert panel.film is not None
    studio.wait_until(lambda: panel.is_still, "the pictures")
    image = studio.lanes.grab().toImage()
    y = 22 + 16
    greys = [QColor(image.pixel(round(studio.lanes.x_of(f)), y)) for f in (2, 20, 38)]
    shades = [grey.red() for grey in greys]
    assert shades[0] < shades[1] < shades[2]
    studio.window.actions_["toggle_thumbnails"].trigger()
    assert studio.lanes.film is None
    assert studio.lanes.rows.shots_px == 20
