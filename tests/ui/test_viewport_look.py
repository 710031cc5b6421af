"""What people see in the viewport and how it answers: pixels, glides, themes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtTest import QTest

from hpe_studio.edits import people
from hpe_studio.render.gizmo import DIAMETER_PX, VIEW_RING
from hpe_studio.render.marks3d import axis_ball_rect
from hpe_studio.ui import look
from hpe_studio.ui.dissolve import DISSOLVE_MS
from hpe_studio.ui.ghosts import dragged_person
from hpe_studio.ui.settings import settings
from hpe_studio.ui.stage import Stage
from hpe_studio.ui.viewport_navigation import GLIDE_MS, REDUCED_MOTION
from tests.driver import LEFT, MIDDLE, StudioDriver


@pytest.fixture
def opened(lasting: StudioDriver) -> Iterator[StudioDriver]:
    """The window with the project of two people, in the dark theme, at rest."""
    lasting.wait_idle()
    yield lasting
    if look.theme().name != "dark":
        look.apply(lasting.app, "dark")
    settings().forget(REDUCED_MOTION)


def _pixels(driver: StudioDriver) -> np.ndarray:
    """The viewport as it is painted, shape (height, width, 3)."""
    image = driver.viewport.grab().toImage()
    image = image.convertToFormat(image.Format.Format_RGBX8888)
    flat = np.frombuffer(image.constBits(), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3].astype(int)


def _move(driver: StudioDriver) -> None:
    """Let the viewport draw in haste and stay so, however slow the machine is."""
    driver.viewport.navigator.moved.emit()
    driver.viewport.picture._still.stop()
    driver.settle()
    assert driver.viewport.quality == "moving"


def _rest(driver: StudioDriver) -> None:
    driver.viewport.picture._still.start()
    driver.wait_idle()


def _layers(driver: StudioDriver, **switches: bool) -> None:
    view = driver.session.view
    view.layers = replace(view.layers, **switches)
    driver.wait_idle()


def test_the_still_picture_is_as_bright_as_the_moving_one(opened: StudioDriver) -> None:
    still = _pixels(opened)
    _move(opened)
    moving = _pixels(opened)
    _rest(opened)
    assert moving.mean() == pytest.approx(still.mean(), rel=0.03)
    assert (np.abs(moving - still).max(axis=-1) > 40).mean() < 0.01


def test_rest_comes_as_a_dissolve_that_ends(opened: StudioDriver) -> None:
    viewport = opened.viewport
    dissolve = viewport.picture._dissolve
    began: list[bool] = []  # a machine that is held up may miss it by looking
    dissolve._run.stateChanged.connect(lambda *_: began.append(dissolve.is_running))
    viewport.navigator.moved.emit()
    opened.wait_until(lambda: True in began, "the still picture")
    assert viewport.quality == "still"
    assert DISSOLVE_MS <= 100
    opened.wait_idle()
    assert not dissolve.is_running
    before = _pixels(opened)
    assert np.array_equal(_pixels(opened), before)


def test_the_ghost_is_seen_while_dragging_and_with_its_switch(
    opened: StudioDriver,
) -> None:
    person = opened.person("Person A")
    opened.session.select(person.id, 16)
    opened.focus_video()
    opened.press("F")
    opened.press("R")
    _layers(opened, names=False)
    resting = _pixels(opened)
    _layers(opened, names=False, ghost=True)
    assert np.abs(_pixels(opened) - resting).max() < 60  # nothing was corrected
    _layers(opened, names=False, ghost=False)
    wrist = opened.joint_m(person, "left_wrist")
    opened.drag_gizmo("z", -60, release=False)
    dragging = _pixels(opened)
    assert dragged_person(opened.session) == person
    QTest.mouseRelease(opened.viewport, LEFT)
    opened.settle()
    _layers(opened, names=False)
    without = _pixels(opened)
    _layers(opened, names=False, ghost=True)
    x, y = (round(float(v)) for v in opened.viewport.scene_view().project(wrist))
    around = (slice(y - 12, y + 13), slice(x - 12, x + 13))
    added = np.abs(_pixels(opened) - without)[around].max(axis=-1) > 8
    assert added.sum() > 40  # the hand where the estimate had it
    while_dragging = np.abs(dragging - without)[around].max(axis=-1) > 8
    assert while_dragging.sum() > 40


def test_a_theme_changes_the_open_viewport_at_once(opened: StudioDriver) -> None:
    corner = (slice(60, 80), slice(-120, -90))
    dark = _pixels(opened)[corner].mean()
    look.apply(opened.app, "light")
    opened.wait_idle()
    light = _pixels(opened)[corner].mean()
    assert dark < 70
    assert light > 180
    look.apply(opened.app, "dark")
    opened.wait_idle()
    assert _pixels(opened)[corner].mean() == pytest.approx(dark, abs=1)


@pytest.mark.parametrize("notches", [3, -5])
def test_the_gizmo_keeps_its_size_on_screen(opened: StudioDriver, notches: int) -> None:
    opened.session.select(opened.person("Person A").id, 16)
    opened.press("R")
    opened.press("F")
    _layers(opened, names=False, bodies=False, floor=False)
    width, height = opened.viewport.width(), opened.viewport.height()
    opened.wheel(opened.viewport, width / 2, height / 2, notches)
    opened.wait_idle()
    person = opened.person("Person A")
    x, y = (
        round(float(v))
        for v in opened.viewport.scene_view().project(
            opened.joint_m(person, "left_shoulder")
        )
    )
    row = _pixels(opened)[y, x - 62 : x - 38].min(axis=-1)
    ring = np.flatnonzero(row > 150)
    assert len(ring), "the view ring is left of the joint"
    assert 62 - ring.mean() == pytest.approx(DIAMETER_PX / 2 * VIEW_RING, abs=2)


def test_the_selected_joint_says_its_name_and_source(opened: StudioDriver) -> None:
    person = opened.person("Person A")
    opened.session.select(person.id)
    opened.wait_idle()
    before = _pixels(opened)
    opened.session.select(person.id, 5)
    opened.wait_idle()
    changed = np.abs(_pixels(opened) - before).max(axis=-1) > 30
    x, y = opened.viewport.scene_view().project(opened.joint_m(person, "right_knee"))
    beside = changed[round(y) - 5 : round(y) + 28, round(x) + 14 : round(x) + 110]
    assert beside.sum() > 300


def test_a_click_on_an_axis_looks_along_it_and_a_drag_turns(
    opened: StudioDriver,
) -> None:
    viewport = opened.viewport
    size = (float(viewport.width()), float(viewport.height()))
    left, top, right, bottom = axis_ball_rect(viewport.camera.view(size))
    middle = ((left + right) / 2, (top + bottom) / 2)
    start = viewport.camera.orbit
    opened.drag(viewport, [middle, (middle[0] + 30, middle[1])])
    assert viewport.camera.orbit.yaw_rad != start.yaw_rad
    assert opened.session.active_person is None
    rotation = viewport.camera.view(size).eye_from_scene[:3, 1]
    arm = 58 / 2 - 7.5
    opened.click(viewport, middle[0] + rotation[0] * arm, middle[1] - rotation[1] * arm)
    assert viewport.camera.title == "Top"
    assert viewport.camera.orbit.orthographic


def test_framing_glides_to_its_goal_and_is_there_for_the_hands(
    opened: StudioDriver,
) -> None:
    viewport = opened.viewport
    opened.drag(viewport, [(200, 200), (320, 260)], button=MIDDLE)
    opened.wheel(viewport, 200, 200, -6)
    opened.wait_idle()
    viewport.navigator.frame_ms = 5.0  # as on a machine that is fast enough
    far = viewport.camera.orbit
    opened.session.select(opened.person("Person B").id)
    viewport.frame_selection()
    goal = viewport.camera.orbit
    assert goal.distance_m < far.distance_m
    assert viewport.navigator.is_gliding
    assert viewport.camera.drawn_orbit.distance_m == pytest.approx(far.distance_m)
    opened.wait_until(lambda: not viewport.navigator.is_gliding, "the glide's end")
    assert GLIDE_MS <= 200
    assert viewport.camera.drawn_orbit == goal == viewport.camera.orbit


@pytest.mark.parametrize("why", ["reduced motion", "slow machine"])
def test_framing_jumps_where_gliding_would_not_help(
    opened: StudioDriver, why: str
) -> None:
    viewport = opened.viewport
    opened.wheel(viewport, 200, 200, -6)
    opened.wait_idle()
    viewport.navigator.frame_ms = 5.0
    if why == "reduced motion":
        settings().write(REDUCED_MOTION, value=True)
    else:
        viewport.navigator.frame_ms = 90.0
    viewport.frame_selection()
    assert not viewport.navigator.is_gliding
    assert viewport.camera.drawn_orbit == viewport.camera.orbit


def test_the_picture_behind_can_be_dimmed(opened: StudioDriver) -> None:
    viewport = opened.viewport
    opened.session.view.frame = 35  # a bright picture
    opened.wait_idle()
    slider = viewport.picture_strength.slider
    assert not slider.isVisible()
    opened.focus_video()
    opened.press("4")
    _layers(opened, bodies=False, names=False)
    assert slider.isVisible()
    size = (float(viewport.width()), float(viewport.height()))
    place = viewport.camera.picture_place(size)
    assert place is not None
    left, top, _, _ = (round(v) for v in place.picture_rect())
    inside = (slice(top + 15, top + 35), slice(left + 90, left + 150))
    seen = {}
    for value in (100, 40):
        slider.setValue(value)
        opened.wait_idle()
        seen[value] = _pixels(opened)[inside].mean()
    assert seen[100] == pytest.approx(180, abs=3)
    assert seen[40] == pytest.approx(0.4 * seen[100], rel=0.05)
    beside = _pixels(opened)[: top - 3, 60:]
    assert beside.mean() < 20
    opened.press("4")
    assert not slider.isVisible()


def test_the_still_picture_has_the_screens_own_pixels(
    opened: StudioDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewport = opened.viewport
    monkeypatch.setattr(viewport, "devicePixelRatioF", lambda: 2.0, raising=False)
    _move(opened)
    assert viewport.picture._image is not None
    assert viewport.picture._image.width() == viewport.width()
    _rest(opened)
    assert viewport.picture._image.width() == 2 * viewport.width()
    assert viewport.picture._image.devicePixelRatio() == 2.0


def test_scrubbing_slowly_does_not_flicker(opened: StudioDriver) -> None:
    _layers(opened, names=False, frustum=False)
    means = []
    for frame in (6, 7, 8):
        opened.session.view.frame = frame
        _move(opened)
        means.append(_pixels(opened).mean())
        _rest(opened)
        means.append(_pixels(opened).mean())
    assert np.ptp(means) < 0.02 * np.mean(means)


def test_closing_the_view_gives_the_graphics_memory_back(opened: StudioDriver) -> None:
    stage = opened.viewport._stage
    assert stage._scene is not None
    opened.viewport.close_scene()
    assert stage._scene is None
    opened.viewport.navigator.moved.emit()
    opened.wait_idle()
    assert _pixels(opened).std() > 3  # drawn anew


def test_the_picture_behind_follows_the_playhead(opened: StudioDriver) -> None:
    opened.focus_video()
    opened.press("4")
    _layers(opened, bodies=False, names=False)
    size = (float(opened.viewport.width()), float(opened.viewport.height()))
    place = opened.viewport.camera.picture_place(size)
    assert place is not None
    left, top, _, _ = (round(v) for v in place.picture_rect())
    means = []
    for frame in (3, 20, 35, 4):
        opened.session.view.frame = frame
        opened.wait_idle()
        inside = _pixels(opened)[top + 15 : top + 35, left + 90 : left + 150]
        means.append(inside.mean() / opened.viewport.picture_strength.strength)
    assert means == pytest.approx([40 + 4 * f for f in (3, 20, 35, 4)], abs=4)
    opened.press("4")


def test_a_picture_is_made_before_word_of_a_new_person_has_come(
    opened: StudioDriver,
) -> None:
    session = opened.session
    stage = Stage(session)
    view = opened.viewport.camera.drawn_view((200.0, 150.0))

    def picture() -> np.ndarray:
        stage.forget_poses()
        stage.begin(view, (200, 150), quality="moving", through=None)
        return stage.finish().copy()

    before = picture()
    with session.document.edit("Add") as edit:
        person = people.add_person(edit, session.document)
        track = next(iter(session.document.tracks.values()))
        edit.put(replace(track, person_id=person.id))
    assert not np.array_equal(picture(), before)  # in the new person's colour
    stage.close()
