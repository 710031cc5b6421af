"""The lanes through real events: scrub, select, move keys, blend, zoom."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from shiboken6 import isValid

from hpe_studio.core.clip import Shot, clip_without_footage
from hpe_studio.core.track import Key, Source, Track
from hpe_studio.edits import people, pose
from hpe_studio.storage.project import create_project
from hpe_studio.ui import look
from hpe_studio.ui.dialogs.run_options import RunDialog
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.lanes import hints
from tests.driver import MIDDLE, StudioDriver

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def make_project(path: Path) -> Path:
    """Two people in two shots, without footage."""
    clip = clip_without_footage(frame_count=40, fps=Fraction(25), size_px=(320, 240))
    made = create_project(path, clip)
    document = made.document
    with document.edit("Estimate people") as edit:
        for start, stop in ((0, 25), (25, 40)):
            edit.put(Shot(id=document.new_id(), start=start, stop=stop))
        for x_m in (-0.7, 0.7):
            person = people.add_person(edit, document)
            for start, stop in ((0, 25), (25, 40)):
                count = stop - start
                arrays = {
                    "base_rad": np.zeros((count, 24, 3)),
                    "base_root_m": np.tile([x_m, 0.0, -4.0], (count, 1)),
                    "base_source": np.full((count, 24), Source.ESTIMATED),
                }
                track = Track(
                    id=document.new_id(),
                    person_id=person.id,
                    start=start,
                    stop=stop,
                    skeleton="smpl24",
                )
                edit.add_track(track, arrays)
    made.close()
    return path


@pytest.fixture(scope="module")
def window(
    qapp: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StudioDriver]:
    """One window for all tests here: opening one takes longer than most of them."""
    folder = tmp_path_factory.mktemp("lanes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPE_STUDIO_HOME", str(folder / "home"))
        with StudioDriver() as driver:
            driver.open_clip(make_project(folder / "walk.hpes"))
            yield driver


@pytest.fixture
def opened(window: StudioDriver) -> StudioDriver:
    """The window with everything undone and nothing selected."""
    window.start_over("Estimate people")
    window.lanes.setFocus()
    window.settle()
    return window


def track_of(driver: StudioDriver, name: str, frame: int = 0) -> Track:
    track = driver.document.track_at(driver.person(name).id, frame)
    assert track is not None
    return track


def add_keys(driver: StudioDriver, name: str, *frames: int) -> Track:
    track = track_of(driver, name, frames[0])
    with driver.document.edit("Keys") as edit:
        for frame in frames:
            pose.rotate_joint(
                edit,
                driver.document,
                track,
                frame=frame,
                joint=16,
                delta_parent_rad=[0.0, 0.0, 0.3],  # type: ignore[arg-type]
            )
    driver.settle()
    return track


def at(driver: StudioDriver, name: str, frame: float) -> tuple[float, float]:
    return driver.lanes.x_of(frame), driver.lanes.y_of(driver.person(name).id)


def drag_key(
    driver: StudioDriver,
    name: str,
    start: int,
    stop: int,
    *,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    release: bool = True,
) -> None:
    x, y = at(driver, name, start)
    x_end = driver.lanes.x_of(stop)
    path = [(x, y), ((x + x_end) / 2, y), (x_end, y)]
    driver.drag(driver.lanes, path, modifiers=modifiers, release=release)


def frames_of(driver: StudioDriver, track: Track) -> list[int]:
    return [key.frame for key in driver.document.keys_of(track.id)]


def key_on(driver: StudioDriver, track: Track, frame: int) -> Key:
    key = driver.document.key_at(track.id, frame)
    assert key is not None
    return key


# Looking -----------------------------------------------------------------------


def test_the_ruler_scrubs_on_every_event(opened: StudioDriver) -> None:
    shown: list[int] = []
    opened.session.bridge.frame_changed.connect(shown.append)
    x_of = opened.lanes.x_of
    opened.drag(opened.lanes, [(x_of(f), 10) for f in (5, 9, 14, 30, 12)])
    assert shown == [5, 9, 14, 30, 12]
    assert opened.frame == 12


def test_a_lane_scrubs_and_selects_its_person(opened: StudioDriver) -> None:
    path = [at(opened, "Person B", frame) for frame in (6, 8, 11)]
    opened.drag(opened.lanes, path)
    assert opened.frame == 11
    assert opened.session.active_person == opened.person("Person B")
    rows = opened.tree.selectionModel().selectedRows()
    assert [row.data() for row in rows] == ["Person B"]


def test_pulling_past_the_edge_takes_the_view_along(opened: StudioDriver) -> None:
    opened.lanes.axis = opened.lanes.axis.showing(0, 10)
    start = opened.lanes.x_of(5), 10.0
    opened.drag(opened.lanes, [start, (opened.lanes.width() + 200.0, 10.0)])
    assert opened.frame > 10
    assert 0 <= opened.lanes.x_of(opened.frame) <= opened.lanes.width()


def test_bars_have_the_colour_of_their_source(opened: StudioDriver) -> None:
    x, y = at(opened, "Person A", 12)
    image = opened.lanes.grab().toImage()
    ratio = image.devicePixelRatio()
    seen = QColor(image.pixel(QPoint(round(x * ratio), round(y * ratio))))
    assert seen == look.colour("source.estimated")


def test_moving_the_playhead_paints_no_lane_anew(opened: StudioDriver) -> None:
    opened.lanes.grab()
    before = opened.lanes.picture
    assert before is not None
    opened.scrub_to(14)
    assert opened.lanes.picture is before
    opened.scrub_to(30)  # another shot lights up
    assert opened.lanes.picture is not before


def test_stepping_over_a_cut_lights_the_next_shot(opened: StudioDriver) -> None:
    opened.scrub_to(23)
    lit = look.colour("selection.active")

    def colour_of_shot(frame: int) -> QColor:
        image = opened.lanes.grab().toImage()
        ratio = image.devicePixelRatio()
        x = opened.lanes.axis.edge(frame)
        return QColor(image.pixel(QPoint(round(x * ratio), round(36 * ratio))))

    for _ in range(2):
        assert colour_of_shot(30) != lit
        opened.press("Right", opened.lanes)
    assert opened.frame == 25
    assert colour_of_shot(30) == lit
    assert colour_of_shot(12) != lit


def test_the_playhead_is_shown_where_its_frame_is_and_nowhere_else(
    opened: StudioDriver,
) -> None:
    white = look.colour("data.playhead")

    def columns() -> list[int]:
        image = opened.lanes.grab().toImage()
        y = image.height() - 4
        return [x for x in range(image.width()) if QColor(image.pixel(x, y)) == white]

    opened.scrub_to(20)
    assert abs(columns()[0] - opened.lanes.x_of(20)) <= 1.5
    opened.lanes.axis = opened.lanes.axis.showing(30, 40)
    assert columns() == []
    image = opened.lanes.grab().toImage()
    assert all(QColor(image.pixel(x, 4)) != white for x in range(image.width()))


def test_turning_a_keyed_joint_paints_no_lane_anew(opened: StudioDriver) -> None:
    add_keys(opened, "Person A", 10)
    opened.lanes.grab()
    before = opened.lanes.picture
    add_keys(opened, "Person A", 10)
    assert opened.lanes.picture is before


def test_the_labels_are_as_wide_as_the_list_above(opened: StudioDriver) -> None:
    panel, outliner = opened.workspace.lanes, opened.workspace.outliner
    assert panel.labels.width() == outliner.width()
    opened.window.resize(1280, 720)
    opened.settle()
    assert panel.labels.width() == outliner.width()


def test_the_wheel_zooms_at_the_pointer_and_the_middle_button_pans(
    opened: StudioDriver,
) -> None:
    x = opened.lanes.x_of(20)
    opened.wheel(opened.lanes, x, 60, 5)
    assert opened.lanes.axis.seen != (0, 40)
    assert opened.lanes.axis.frame_at(x) == 20
    opened.drag(opened.lanes, [(x, 60), (x - 150, 60)], button=MIDDLE)
    assert opened.lanes.x_of(20) == pytest.approx(x - 150, abs=1)
    QTest.mouseDClick(opened.lanes, Qt.MouseButton.LeftButton, pos=QPoint(300, 8))
    opened.settle()
    assert opened.lanes.axis.is_fitted


def test_links_zoom_to_shot_and_clip(opened: StudioDriver) -> None:
    opened.scrub_to(30)
    corner = opened.workspace.lanes.corner
    corner.shot.click()
    assert corner.seen_text == "24–39"
    assert opened.lanes.axis.edge(25) == pytest.approx(8, abs=1)
    corner.clip.click()
    assert corner.seen_text == "0–39"


def test_the_view_follows_steps_and_jumps(opened: StudioDriver) -> None:
    opened.lanes.axis = opened.lanes.axis.showing(0, 8)
    opened.focus_video()
    opened.press("Ctrl+End")
    assert 0 < opened.lanes.x_of(39) < opened.lanes.width()
    opened.press("Ctrl+Home")
    assert 0 < opened.lanes.x_of(0) < opened.lanes.width()


def test_ends_of_the_range_are_dragged(opened: StudioDriver) -> None:
    opened.session.view.play_range = (10, 30)
    opened.settle()
    axis = opened.lanes.axis
    path = [(axis.edge(10) + 1, 20.0), (axis.x_of(15), 20.0)]
    opened.drag(opened.lanes, path)
    assert opened.session.view.play_range == (15, 30)
    opened.drag(opened.lanes, [(axis.edge(30) - 1, 20.0), (axis.x_of(33), 20.0)])
    assert opened.session.view.play_range == (15, 34)


def test_tooltips_tell_what_lies_there(opened: StudioDriver) -> None:
    add_keys(opened, "Person A", 10)
    canvas = opened.lanes
    y = canvas.y_of(opened.person("Person A").id)

    def tip(x: float, y: float) -> str:
        return hints.tip(canvas.board(), canvas.hit_at(QPointF(x, y)))

    assert "Key at 0010, in 5, out 5 frames" in tip(canvas.x_of(10), y)
    assert "Estimated, 0000–0024" in tip(canvas.x_of(18), y)
    assert "Cut before 0025" in tip(canvas.axis.edge(25), y)
    assert "Shot 2, 0025–0039" in tip(canvas.x_of(32), 30)
    assert "Frame 0032" in tip(canvas.x_of(32), 8)


# Selecting ---------------------------------------------------------------------


def test_a_click_on_a_key_selects_it_and_goes_there(opened: StudioDriver) -> None:
    track = add_keys(opened, "Person B", 10, 20)
    opened.click(opened.lanes, *at(opened, "Person B", 10))
    assert opened.session.view.selection.keys == {(track.id, 10)}
    assert opened.session.active_person == opened.person("Person B")
    assert opened.frame == 10
    opened.click(opened.lanes, *at(opened, "Person B", 20), SHIFT)
    assert opened.session.view.selection.keys == {(track.id, 10), (track.id, 20)}
    assert opened.frame == 10
    opened.click(opened.lanes, *at(opened, "Person B", 10), SHIFT)
    assert opened.session.view.selection.keys == {(track.id, 20)}


def test_empty_space_deselects(opened: StudioDriver) -> None:
    add_keys(opened, "Person A", 10)
    opened.click(opened.lanes, *at(opened, "Person A", 10))
    opened.click(opened.lanes, *at(opened, "Person A", 16))
    assert opened.session.view.selection.keys == frozenset()
    assert opened.session.active_person == opened.person("Person A")
    opened.click(opened.lanes, 400, opened.lanes.height() - 4)
    assert opened.session.active_person is None


def test_a_box_selects_keys_of_several_people(opened: StudioDriver) -> None:
    a = add_keys(opened, "Person A", 6, 10)
    b = add_keys(opened, "Person B", 8, 20)
    x, y = at(opened, "Person A", 4)
    x_end, y_end = at(opened, "Person B", 13)
    path = [(x, y - 9), (x + 40, y), (x_end, y_end + 9)]
    opened.drag(opened.lanes, path, modifiers=SHIFT)
    wanted = {(a.id, 6), (a.id, 10), (b.id, 8)}
    assert opened.session.view.selection.keys == wanted
    assert opened.frame == 0
    below = opened.lanes.height() - 3.0
    opened.drag(opened.lanes, [(x_end + 9, below), (x, below - 5), (x, y_end - 9)])
    assert opened.session.view.selection.keys == {(b.id, 8)}


def test_a_label_selects_and_a_second_click_renames(opened: StudioDriver) -> None:
    labels = opened.workspace.lanes.labels
    y = labels.y_of(opened.person("Person B").id)
    opened.click(labels, 40, y)
    assert opened.session.active_person == opened.person("Person B")
    asked: list[int] = []
    opened.session.requests.rename_wanted.connect(asked.append)
    spot = QPoint(40, round(y))
    QTest.mouseDClick(labels, Qt.MouseButton.LeftButton, pos=spot)
    assert asked == [opened.person("Person B").id]
    opened.press("Esc", opened.tree)


# Editing keys ------------------------------------------------------------------


def test_a_key_is_moved_by_one_undoable_step(opened: StudioDriver) -> None:
    track = add_keys(opened, "Person A", 10)
    key = key_on(opened, track, 10)
    steps = opened.document.history.position
    drag_key(opened, "Person A", 10, 17)
    assert frames_of(opened, track) == [17]
    assert key_on(opened, track, 17).offsets_rad == key.offsets_rad
    assert opened.document.history.position == steps + 1
    assert opened.session.view.selection.keys == {(track.id, 17)}
    assert opened.menu_text("undo") == "Undo move key"
    opened.press("Ctrl+Z", opened.lanes)
    assert frames_of(opened, track) == [10]


def test_everything_follows_during_the_drag_and_esc_takes_it_back(
    opened: StudioDriver,
) -> None:
    track = add_keys(opened, "Person A", 10)
    opened.scrub_to(17)
    person = opened.person("Person A")
    still = opened.joint_m(person, "left_elbow")
    opened.lanes.setFocus()
    drag_key(opened, "Person A", 10, 17, release=False)
    moved = opened.joint_m(person, "left_elbow")
    assert abs(moved - still).max() > 0.01
    assert opened.document.is_editing
    opened.press("Esc", opened.lanes)
    assert not opened.document.is_editing
    assert frames_of(opened, track) == [10]
    assert opened.document.history.undo_label == "Keys"
    assert abs(opened.joint_m(person, "left_elbow") - still).max() < 1e-9


def test_ctrl_copies(opened: StudioDriver) -> None:
    track = add_keys(opened, "Person A", 10)
    drag_key(opened, "Person A", 10, 18, modifiers=CONTROL)
    assert frames_of(opened, track) == [10, 18]
    assert opened.menu_text("undo") == "Undo copy key"
    opened.press("Ctrl+Z", opened.lanes)
    assert frames_of(opened, track) == [10]


def test_selected_keys_move_together_within_their_shot(opened: StudioDriver) -> None:
    track = add_keys(opened, "Person A", 6, 20)
    opened.click(opened.lanes, *at(opened, "Person A", 6))
    opened.click(opened.lanes, *at(opened, "Person A", 20), SHIFT)
    drag_key(opened, "Person A", 6, 36)
    assert frames_of(opened, track) == [10, 24]
    opened.press("Del", opened.lanes)
    assert frames_of(opened, track) == []
    assert opened.menu_text("undo") == "Undo delete 2 keys"


def test_handles_change_the_blend(opened: StudioDriver) -> None:
    track = add_keys(opened, "Person A", 12)
    opened.click(opened.lanes, *at(opened, "Person A", 12))
    x, y = at(opened, "Person A", 17)
    px = opened.lanes.axis.px_per_frame
    steps = opened.document.history.position
    opened.drag(opened.lanes, [(x, y + 5), (x + px, y + 5), (x + 3 * px, y + 5)])
    key = key_on(opened, track, 12)
    assert (key.blend_in, key.blend_out) == (5, 8)
    assert opened.document.history.position == steps + 1
    assert opened.menu_text("undo") == "Undo change blend out"
    x, y = at(opened, "Person A", 7)
    opened.drag(opened.lanes, [(x, y), (x - 4 * px, y)], modifiers=SHIFT)
    key = key_on(opened, track, 12)
    assert (key.blend_in, key.blend_out) == (9, 9)
    x, y = at(opened, "Person A", 3)
    opened.drag(opened.lanes, [(x, y), (x + 30 * px, y)])
    assert key_on(opened, track, 12).blend_in == 0


def test_a_mere_click_on_a_key_is_no_step(opened: StudioDriver) -> None:
    add_keys(opened, "Person A", 12)
    steps = opened.document.history.position
    x, y = at(opened, "Person A", 12)
    opened.drag(opened.lanes, [(x, y), (x + 1, y)])
    assert opened.document.history.position == steps


def test_a_locked_person_refuses_with_a_sentence(opened: StudioDriver) -> None:
    track = add_keys(opened, "Person A", 10)
    with opened.document.edit("Lock") as edit:
        people.set_locked(edit, opened.person("Person A"), locked=True)
    drag_key(opened, "Person A", 10, 17)
    assert frames_of(opened, track) == [10]
    assert not opened.document.is_editing
    assert "Person A is locked" in opened.toast


def test_closing_the_window_aborts_a_drag(studio: StudioDriver, tmp_path: Path) -> None:
    opened = studio
    assert studio.window.open_path(make_project(tmp_path / "walk.hpes"))
    studio.settle()
    add_keys(opened, "Person A", 10)
    document = opened.document
    drag_key(opened, "Person A", 10, 17, release=False)
    opened.window.close_session()
    assert not document.is_editing


# Menus -------------------------------------------------------------------------


def open_menu(driver: StudioDriver, x: float, y: float) -> QMenu:
    spot = QPoint(round(x), round(y))
    where = driver.lanes.mapToGlobal(spot)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(driver.lanes, QContextMenuEvent(reason, spot, where))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_the_menu_of_a_key_copies_and_deletes(opened: StudioDriver) -> None:
    track = add_keys(opened, "Person A", 10)
    opened.scrub_to(18)
    menu = open_menu(opened, *at(opened, "Person A", 10))
    next(a for a in menu.actions() if a.objectName() == "copy_to_playhead").trigger()
    menu.close()
    opened.settle()
    assert frames_of(opened, track) == [10, 18]
    assert opened.session.view.selection.keys == {(track.id, 18)}
    menu = open_menu(opened, *at(opened, "Person A", 10))
    assert opened.session.view.selection.keys == {(track.id, 10)}
    next(a for a in menu.actions() if a.objectName() == "delete_key").trigger()
    menu.close()
    opened.settle()
    assert frames_of(opened, track) == [18]


def test_the_menu_of_a_key_takes_a_blend(opened: StudioDriver) -> None:
    track = add_keys(opened, "Person A", 10)
    menu = open_menu(opened, *at(opened, "Person A", 10))
    blend = menu.findChild(QMenu, "blend")
    assert blend is not None
    fields = blend.findChildren(NumberField)
    wanted = next(f for f in fields if f.box.accessibleName() == "Blend out")
    opened.type_into(wanted.box, "9")
    if isValid(menu):  # Return may have closed it
        menu.close()
    opened.settle()
    assert key_on(opened, track, 10).blend_out == 9


def test_the_menu_of_a_person_recolours_and_deletes(opened: StudioDriver) -> None:
    menu = open_menu(opened, *at(opened, "Person B", 10))
    assert opened.session.active_person == opened.person("Person B")
    colours = [a for m in menu.findChildren(QMenu) for a in m.actions()]
    next(a for a in colours if a.objectName() == "colour_pink").trigger()
    assert opened.person("Person B").colour == "pink"
    shown = {action.objectName() for action in menu.actions()}
    assert {"rename", "hide", "lock", "delete_person"} <= shown
    next(a for a in menu.actions() if a.objectName() == "delete_person").trigger()
    menu.close()
    opened.settle()
    assert [p.name for p in opened.session.persons] == ["Person A"]
    assert len(opened.lanes.contents.lanes) == 1


# Many and none -----------------------------------------------------------------


def test_without_people_there_is_a_sentence_and_a_button(
    studio: StudioDriver, images: Path
) -> None:
    studio.open_clip(images)
    empty = studio.workspace.lanes.empty
    assert empty.isVisible()
    studio.wait_until(empty.button.isVisible, "the search for cuts to end")
    studio.click(empty.button, 20, 10)
    (dialog,) = studio.window.findChildren(RunDialog)
    assert dialog.isVisible()
    dialog.close()
    studio.settle()


def test_many_people_scroll_and_the_selected_one_is_shown(
    opened: StudioDriver,
) -> None:
    with opened.document.edit("More") as edit:
        for _ in range(12):
            people.add_person(edit, opened.document)
    opened.settle()
    last = opened.session.persons[-1]
    assert opened.lanes.y_of(last.id) > opened.lanes.height()
    opened.session.select(last.id)
    opened.settle()
    assert opened.lanes.y_of(last.id) < opened.lanes.height()
    labels = opened.workspace.lanes.labels
    opened.wheel(labels, 20, 60, 20)
    assert opened.lanes.rows.scroll_px == 0


def test_a_deleted_key_is_no_longer_selected(opened: StudioDriver) -> None:
    add_keys(opened, "Person A", 10)
    opened.click(opened.lanes, *at(opened, "Person A", 10))
    opened.press("Ctrl+Z", opened.lanes)
    assert opened.session.view.selection.keys == frozenset()


def test_the_pointer_tells_what_can_be_dragged(opened: StudioDriver) -> None:
    add_keys(opened, "Person A", 12)
    opened.click(opened.lanes, *at(opened, "Person A", 12))
    shapes: list[Qt.CursorShape] = []
    for frame in (12, 17, 22):
        x, y = at(opened, "Person A", frame)
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPoint(round(x), round(y)).toPointF(),
            opened.lanes.mapToGlobal(QPoint(round(x), round(y)).toPointF()),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(opened.lanes, move)
        shapes.append(opened.lanes.cursor().shape())
    assert shapes == [
        Qt.CursorShape.PointingHandCursor,
        Qt.CursorShape.SizeHorCursor,
        Qt.CursorShape.ArrowCursor,
    ]
