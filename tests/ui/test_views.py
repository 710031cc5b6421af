"""Several synchronous views: their pictures, people through every lens, editing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton

from hpe_studio.edits.views import main_view
from hpe_studio.ui.views.adding import AddViewsDialog
from hpe_studio.ui.views.feed import budget_bytes
from tests import clips
from tests.drive_views import (
    AHEAD,
    LENGTHS,
    cell_of,
    deck_of,
    double_click,
    give_views,
    joint_in_cell,
    show_grid,
    write_films,
)
from tests.driver import StudioDriver
from tests.ui.conftest import _make_project, _paint_images

LAST_STEP = "Add synchronous views"


@pytest.fixture(scope="module")
def rig_window(
    qapp: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StudioDriver]:
    """One window with the project of four cameras."""
    folder = tmp_path_factory.mktemp("rig")
    project = _make_project(_paint_images(folder / "walk"))
    give_views(project, write_films(folder / "films"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPE_STUDIO_HOME", str(folder / "home"))
        with StudioDriver() as driver:
            driver.open_clip(project)
            yield driver


@pytest.fixture
def rig(rig_window: StudioDriver) -> StudioDriver:
    """The window in the Views workspace, everything undone and shown as at first."""
    rig_window.start_over(LAST_STEP)
    rig_window.workspace.show_workspace("views")
    rig_window.workspace.reset()
    rig_window.wait_idle()
    return rig_window


@pytest.fixture
def films(tmp_path: Path) -> list[Path]:
    return write_films(tmp_path / "films")


def own_frames(driver: StudioDriver) -> dict[int, int]:
    """The frame that each seen view beside the large one says with its pixels."""
    feeds = driver.session.feeds
    told: dict[int, int] = {}
    for number in driver.workspace.deck.seen:
        picture = feeds.picture_of(number)
        if number and picture is not None:
            told[number] = clips.read_code(picture.rgb)
    return told


def test_every_view_shows_its_own_picture_of_the_frame(rig: StudioDriver) -> None:
    assert deck_of(rig).seen == (0, 1, 2, 3)
    for frame in (0, 7, 19):
        rig.session.view.frame = frame
        rig.wait_idle()
        expected = {n: frame + AHEAD[n] for n in (1, 2, 3)}
        assert own_frames(rig) == expected
        assert {n: cell_of(rig, n).shown_frame for n in (1, 2, 3)} == expected
    rig.step()
    rig.wait_idle()  # the third film is over
    assert own_frames(rig) == {1: 20, 2: 23, 3: LENGTHS[3] - 1}
    assert rig.session.feeds.own_frame(3) == -1


def test_people_are_drawn_through_every_lens_as_opencv_projects_them(
    rig: StudioDriver,
) -> None:
    """Every joint in every view to 0.05 px of its stored picture."""
    rig.session.view.frame = 12
    rig.wait_idle()
    document, checked = rig.document, 0
    for number in (1, 2, 3):
        cell = cell_of(rig, number)
        camera = document.camera_at(12, number)
        assert camera.distortion.any()
        targets = cell.overlay.targets
        drawn_px = cell.transform.to_picture(targets.joints)
        pose = camera.pose()
        for owner, person_id in enumerate(targets.people):
            posed = rig.session.poser.pose_at(int(person_id), 12)
            assert posed is not None
            mine = targets.joint_owner == owner
            expected, _ = cv2.projectPoints(
                np.asarray(posed.joints_scene_m, np.float64)[targets.joint_index[mine]],
                cv2.Rodrigues(pose[:, :3])[0],
                pose[:, 3],
                camera.intrinsics,
                camera.distortion,
            )
            error_px = np.abs(drawn_px[mine] - expected[:, 0]).max()
            assert error_px <= 0.05
            checked += int(mine.sum())
    assert checked == 3 * 2 * 24


def test_the_mesh_outline_lies_where_opencv_puts_the_body(rig: StudioDriver) -> None:
    rig.window.actions_["toggle_mesh"].trigger()
    rig.wait_idle()
    cell, camera = cell_of(rig, 1), rig.document.camera_at(0, 1)
    person = rig.person("Person A")
    vertices_m = rig.session.poser.vertices_at(person.id, 0, light=True)
    assert vertices_m is not None
    pose = camera.pose()
    points, _ = cv2.projectPoints(
        np.asarray(vertices_m, np.float64),
        cv2.Rodrigues(pose[:, :3])[0],
        pose[:, 3],
        camera.intrinsics,
        camera.distortion,
    )
    eye = rig.session.eye(1)
    outline = cell._bodies.seen_through(cell.transform, 1.0, eye)[person.id]
    corners = np.concatenate(outline)
    grain_px = 1 / cell.transform.scale  # outlines are traced on the cell's pixels
    np.testing.assert_allclose(
        corners.min(axis=0), points[:, 0].min(axis=0), atol=1.5 * grain_px
    )
    np.testing.assert_allclose(
        corners.max(axis=0), points[:, 0].max(axis=0), atol=1.5 * grain_px
    )


def test_a_press_into_a_view_selects_there_and_edits_there(rig: StudioDriver) -> None:
    """A joint follows the pointer as that view's lens shows it, in one step."""
    person = rig.person("Person A")
    wrist = rig.joint_index(person, "left_wrist")
    rig.focus_video()
    rig.press("G")
    cell = cell_of(rig, 1)
    start = joint_in_cell(cell, str(person.id), wrist)
    before_m = rig.joint_m(person, "left_wrist")
    before_px = joint_in_cell(cell_of(rig, 2), str(person.id), wrist)
    goal = np.array(start) + 0.25 * (
        joint_in_cell(cell, str(person.id), 0) - np.array(start)
    )
    path = [tuple(np.array(start) + s * (goal - start)) for s in (0, 0.3, 0.7, 1)]
    rig.drag(cell, path)
    rig.wait_idle()
    assert rig.session.view.shown_view == 1
    assert rig.session.view.selection.active == person.id
    assert rig.session.view.selection.joint == wrist
    assert rig.document.history.undo_label != LAST_STEP
    np.testing.assert_allclose(
        rig.joint_in_video(person, "left_wrist"), path[-1], atol=1.5
    )
    after_px = joint_in_cell(cell_of(rig, 2), str(person.id), wrist)
    assert np.linalg.norm(np.subtract(after_px, before_px)) > 1
    rig.session.undo()
    rig.wait_idle()
    np.testing.assert_array_equal(rig.joint_m(person, "left_wrist"), before_m)


def test_a_double_click_gives_a_view_the_room_and_w_takes_it_back(
    rig: StudioDriver,
) -> None:
    cell = cell_of(rig, 2)
    double_click(rig, cell, cell.width() - 12, cell.height() - 12)
    rig.wait_idle()
    deck = deck_of(rig)
    assert (deck.grid, rig.session.view.shown_view) == ("one", 2)
    assert rig.video.size() == deck.size()
    assert rig.video.shown_frame == AHEAD[2]
    assert deck.seen == (2,)
    rig.focus_video()
    rig.press("W")
    rig.wait_idle()
    assert deck.grid == "four"
    assert deck.seen == (0, 1, 2, 3)
    rig.press("W")
    rig.wait_idle()
    assert deck.grid == "one"


def test_keys_go_from_view_to_view_round_and_round(rig: StudioDriver) -> None:
    rig.focus_video()
    went: list[int] = []
    for _ in range(4):
        rig.press("Alt+PgDown")
        went.append(rig.session.view.shown_view)
    assert went == [1, 2, 3, 0]
    rig.press("Alt+PgUp")
    assert rig.session.view.shown_view == 3
    show_grid(rig, "two")
    assert deck_of(rig).seen == (2, 3)
    rig.focus_video()
    rig.press("Alt+Shift+PgDown")
    rig.wait_idle()
    assert deck_of(rig).seen == (0, 1)


def test_among_thumbnails_a_click_selects_and_enter_makes_large(
    rig: StudioDriver,
) -> None:
    show_grid(rig, "all")
    person = rig.person("Person B")
    cell = cell_of(rig, 1)
    pelvis = joint_in_cell(cell, str(person.id), 0)
    rig.click(cell, *pelvis)
    assert rig.session.view.selection.active == person.id
    assert rig.session.view.shown_view == 0
    rig.press("Return", cell)
    rig.wait_idle()
    assert rig.session.view.shown_view == 1
    assert deck_of(rig).grid == "all"
    assert rig.video.shown_frame == 0


def test_only_views_that_are_seen_decode_within_one_budget(rig: StudioDriver) -> None:
    feeds = rig.session.feeds._feeds
    loaders = [rig.session.loader, *(feed.loader for feed in feeds.values())]
    assert all(loader is not None for loader in loaders)
    limits = [loader._cache._limit_bytes for loader in loaders if loader]
    assert sum(limits) <= budget_bytes()
    show_grid(rig, "one")
    assert not any(feed.loader for feed in feeds.values())
    show_grid(rig, "four")
    picture = rig.session.feeds.picture_of(3)
    assert picture is not None
    wide, high = cell_of(rig, 3).picture_px
    assert picture.rgb.shape[1] <= wide
    assert picture.rgb.shape[0] <= high


def test_while_scrubbing_others_show_keyframes_and_then_the_frame(
    rig: StudioDriver,
) -> None:
    requests = rig.session.requests
    requests.is_scrubbing = True
    rig.session.view.frame = 17
    feeds = rig.session.feeds
    rig.wait_until(
        lambda: own_frames(rig) == {1: 12, 2: 12, 3: 12}, "pictures of keyframes"
    )
    requests.is_scrubbing = False
    requests.scrub_ended.emit()
    rig.wait_idle()
    assert own_frames(rig) == {1: 17, 2: 20, 3: 17}
    assert feeds.is_still


def test_in_play_every_view_goes_on_and_rests_on_the_frame(rig: StudioDriver) -> None:
    came: dict[int, set[int]] = {1: set(), 2: set(), 3: set()}

    def note(number: int, picture: object) -> None:
        if number:
            came[number].add(picture.frame)  # type: ignore[attr-defined]

    rig.session.feeds.picture_arrived.connect(note)
    rig.play_until(
        lambda: min(len(frames) for frames in came.values()) >= 4, "pictures of each"
    )
    rig.session.feeds.picture_arrived.disconnect(note)
    rig.wait_idle()
    frame = rig.frame
    assert own_frames(rig)[1] == frame


def test_the_main_view_is_kept_and_comes_up_first(rig: StudioDriver) -> None:
    deck_of(rig).show_view(2)
    rig.window.actions_["main_view"].trigger()
    rig.settle()
    assert main_view(rig.document) == 2
    assert not rig.window.actions_["main_view"].isEnabled()
    path = rig.session.project.path
    rig.window.open_path(path)
    rig.wait_idle()
    assert rig.session.view.shown_view == 2
    assert rig.session.undo() is None
    assert main_view(rig.document) == 0
    rig.session.view.shown_view = 0


def test_a_view_that_goes_by_undo_leaves_the_clip_shown(rig: StudioDriver) -> None:
    deck_of(rig).show_view(3)
    rig.wait_idle()
    rig.window.actions_["remove_view"].trigger()
    rig.wait_idle()
    assert rig.session.view.shown_view == 0
    assert sorted(deck_of(rig).cells) == [0, 1, 2]
    rig.session.undo()
    rig.wait_idle()
    assert deck_of(rig).seen == (0, 1, 2, 3)
    assert own_frames(rig)[3] == 0


def test_shifting_a_view_changes_its_picture_in_one_step(rig: StudioDriver) -> None:
    deck_of(rig).show_view(1)
    rig.wait_idle()
    rig.window.actions_["view_earlier"].trigger()
    rig.wait_idle()
    assert rig.video.shown_frame == 1
    assert rig.toast == "00_01 is 1 frames ahead of the clip"
    rig.session.undo()
    rig.wait_idle()
    assert rig.video.shown_frame == 0


def test_a_click_on_a_camera_in_3d_looks_through_it(rig: StudioDriver) -> None:
    viewport, session = rig.viewport, rig.session
    session.requests.preset_wanted.emit("top")
    viewport.navigator.land()
    rig.wheel(viewport, viewport.width() / 2, viewport.height() / 2, -12)
    rig.wait_idle()
    points_m = viewport._stage.cameras.points_m
    assert sorted(points_m) == [0, 1, 2, 3]
    view = viewport.camera.view((viewport.width(), viewport.height()))
    at = view.project(points_m[1][:5]).mean(axis=0)
    assert (at > 0).all()
    rig.click(viewport, *at)
    rig.wait_idle()
    assert session.view.shown_view == 1
    assert viewport.camera.is_through
    assert viewport.camera.title == "Camera 00_01"
    person = rig.person("Person A")
    pelvis_m = rig.joint_m(person, "pelvis")
    place = viewport.camera.picture_place((viewport.width(), viewport.height()))
    assert place is not None
    seen = viewport.scene_view().project(pelvis_m)
    straight_px = replace(session.camera, distortion=np.zeros(5)).project(pelvis_m)
    np.testing.assert_allclose(seen, place.to_view(straight_px), atol=0.1)
    session.requests.preset_wanted.emit("home")


def test_a_view_whose_film_is_gone_says_so_and_nothing_else_breaks(
    studio: StudioDriver, project: Path, films: list[Path]
) -> None:
    give_views(project, films)
    films[0].unlink()
    studio.open_clip(project)
    studio.workspace.show_workspace("views")
    studio.wait_idle()
    trouble = studio.session.feeds.trouble_of(1)
    assert "00_01 is not there any more" in trouble
    assert own_frames(studio) == {2: 3, 3: 0}
    deck_of(studio).show_view(1)
    studio.wait_idle()
    assert studio.video.shown_frame == -1


def test_without_views_the_workspace_says_how_to_add_them(
    opened: StudioDriver, films: list[Path]
) -> None:
    """The button opens the dialog; films are read, named and added as one step."""
    opened.workspace.show_workspace("views")
    opened.wait_idle()
    deck = deck_of(opened)
    assert deck.empty.isVisible()
    button: QPushButton = deck.empty.button
    opened.click(button, 8, 8)
    (dialog,) = opened.window.findChildren(AddViewsDialog)
    assert not dialog.go.isEnabled()
    dialog.add_films(films)
    opened.wait_until(dialog.go.isEnabled, "the films to be read")
    opened.click(dialog.go, 8, 8)
    opened.wait_idle()
    names = [view.name for view in opened.document.views.values()]
    assert names == ["00_01", "00_02", "00_03"]
    assert not deck.empty.isVisible()
    assert deck.seen == (0, 1, 2, 3)
    assert own_frames(opened) == {1: 0, 2: 0, 3: 0}
    assert opened.document.undo() == "Add synchronous views"
    opened.wait_idle()
    assert deck.empty.isVisible()


def test_one_view_alone_is_laid_out_as_ever(opened: StudioDriver) -> None:
    opened.wait_idle()
    deck = deck_of(opened)
    assert not deck.cells
    assert opened.video.geometry() == deck.rect()
    show_grid(opened, "one")
    assert not deck.empty.isVisible()
    assert opened.session.loader is not None
    picture = opened.session.feeds.picture_of(0)
    assert picture is not None
    assert picture.rgb.shape[:2] == opened.document.clip.size_px[::-1]
