"""Who is who, whom the estimator missed, and where the film is cut, by real events."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu

from hpe_studio.quality.evidence import shot_evidence
from hpe_studio.ui.lanes.rows import RULER_PX
from hpe_studio.ui.outliner_model import PERSON_MIME
from hpe_studio.workflow.outgoing import motion_of
from tests.driver import StudioDriver
from tests.ui.conftest import CUT, FRAMES

SHOTS_Y = RULER_PX + 6


def spans(studio: StudioDriver, name: str) -> list[tuple[int, int]]:
    tracks = studio.document.tracks_of(studio.person(name).id)
    return [(track.start, track.stop) for track in tracks]


def film(studio: StudioDriver) -> list[tuple[int, int]]:
    return [(shot.start, shot.stop) for shot in studio.document.shots or ()]


def hit(studio: StudioDriver, keys: str) -> None:
    studio.focus_video()
    studio.press(keys)


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_the_film_is_cut_and_joined_at_the_playhead(lasting: StudioDriver) -> None:
    actions = lasting.window.actions_
    assert actions.why_off("cut_shot") == "the shot starts here"
    assert actions.why_off("remove_cut") == "no cut before this shot"
    lasting.session.view.frame = 10
    hit(lasting, "Ctrl+B")
    assert film(lasting) == [(0, 10), (10, CUT), (CUT, FRAMES)]
    assert spans(lasting, "Person B") == [(0, 10), (10, CUT), (CUT, FRAMES)]
    assert lasting.toast.startswith("Shot cut; 2 tracks were cut with it")
    hit(lasting, "Ctrl+Shift+B")
    assert film(lasting) == [(0, CUT), (CUT, FRAMES)]
    assert spans(lasting, "Person B") == [(0, CUT), (CUT, FRAMES)]
    hit(lasting, "Ctrl+Z")
    hit(lasting, "Ctrl+Z")
    assert film(lasting) == [(0, CUT), (CUT, FRAMES)]


def test_a_cut_is_dragged_in_the_row_of_shots(lasting: StudioDriver) -> None:
    lanes = lasting.lanes
    here, there = (lanes.axis.edge(frame) for frame in (CUT, CUT - 6))
    path = [(here, SHOTS_Y), (here - 8, SHOTS_Y), (there, SHOTS_Y)]
    lasting.drag(lanes, path, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert film(lasting) == [(0, CUT - 6), (CUT - 6, FRAMES)]
    assert spans(lasting, "Person A") == [(0, CUT - 6), (CUT - 6, FRAMES)]
    assert lasting.document.history.undo_label == "Move the cut"
    hit(lasting, "Ctrl+Z")
    far = lanes.axis.edge(FRAMES + 20)
    beyond = [(here, SHOTS_Y), (here + 30, SHOTS_Y), (far, SHOTS_Y)]
    lasting.drag(lanes, beyond)
    assert film(lasting) == [(0, FRAMES - 1), (FRAMES - 1, FRAMES)]
    hit(lasting, "Ctrl+Z")
    lasting.drag(lanes, path, release=False)
    lanes.cancel()
    assert film(lasting) == [(0, CUT), (CUT, FRAMES)]
    lasting.session.view.frame = 3
    lasting.click(lanes, here, SHOTS_Y)
    assert lasting.frame == CUT


def test_menus_of_the_lanes_cut_and_join(lasting: StudioDriver) -> None:
    lanes, panel = lasting.lanes, lasting.workspace.lanes
    at = lanes.hit_at(_point(lanes.axis.x_of(8), SHOTS_Y))
    menu = panel.menu_of(at)
    assert menu is not None
    _chosen(menu, "cut_shot_here")
    assert film(lasting) == [(0, 8), (8, CUT), (CUT, FRAMES)]
    menu = panel.menu_of(lanes.hit_at(_point(lanes.axis.edge(CUT), SHOTS_Y)))
    assert menu is not None
    _chosen(menu, "remove_cut_here")
    assert film(lasting) == [(0, 8), (8, FRAMES)]


def test_a_dissolve_is_marked_and_shown(lasting: StudioDriver) -> None:
    lasting.session.view.frame = CUT + 7
    lasting.settle()
    before = lasting.lanes.grab().toImage()
    lasting.window.actions_["dissolve"].trigger()
    assert (lasting.document.shots or ())[1].dissolve == 8
    lasting.settle()
    x, y = round(lasting.lanes.axis.x_of(CUT + 2)), SHOTS_Y + 4
    after = lasting.lanes.grab().toImage()
    assert QColor(after.pixel(x, y)) != QColor(before.pixel(x, y))
    lasting.window.actions_["dissolve"].trigger()
    assert (lasting.document.shots or ())[1].dissolve == 0


def test_two_people_are_made_one(lasting: StudioDriver) -> None:
    other = lasting.person("Person B")
    lasting.click_row("Person A")
    assert lasting.window.actions_.why_off("merge_people")
    lasting.click_row("Person B", modifiers=Qt.KeyboardModifier.ControlModifier)
    hit(lasting, "Ctrl+Shift+J")
    assert list(lasting.document.persons) == [lasting.person("Person A").id]
    assert spans(lasting, "Person A") == [(0, CUT), (CUT, FRAMES)]
    assert f"on {FRAMES} frames both were there" in lasting.toast
    hit(lasting, "Ctrl+Z")
    assert lasting.document.persons[other.id] == other


def test_a_person_dragged_onto_another_is_that_person(lasting: StudioDriver) -> None:
    one, other = lasting.person("Person A"), lasting.person("Person B")
    rows = lasting.tree.rows
    move = Qt.DropAction.MoveAction
    data: QMimeData = rows.mimeData([lasting.tree.index_of("person", other.id)])
    assert data.hasFormat(PERSON_MIME)
    itself = lasting.tree.index_of("person", other.id)
    assert not rows.canDropMimeData(data, move, -1, 0, itself)
    onto = lasting.tree.index_of("person", one.id)
    assert rows.canDropMimeData(data, move, -1, 0, onto)
    rows.dropMimeData(data, move, -1, 0, onto)
    assert list(lasting.document.persons) == [one.id]
    assert lasting.document.history.undo_label == "Merge Person B into Person A"


def test_an_ignored_person_is_not_drawn_judged_or_exported(
    lasting: StudioDriver,
) -> None:
    person = lasting.person("Person B")
    lasting.click_row("Person B")
    lasting.window.actions_["ignore_person"].trigger()
    lasting.settle()
    session, document = lasting.session, lasting.document
    assert document.persons[person.id].ignored
    assert not session.view.is_visible(person.id)
    assert str(person.id) not in lasting.video.overlay.targets.people
    shot = document.shot_at(0)
    judged = shot_evidence(document, session.poser, shot).tracks
    assert {track.person.name for track in judged} == {"Person A"}
    exported = motion_of(document, session.poser)
    assert {one.name for one in exported.people} == {"Person A"}
    assert motion_of(document, session.poser, person="Person B").people
    row = lasting.tree.index_of("person", person.id)
    told = lasting.tree.rows.data(row, Qt.ItemDataRole.AccessibleTextRole)
    assert "ignored" in str(told)
    lasting.window.actions_["ignore_person"].trigger()
    assert session.view.is_visible(person.id)


@pytest.mark.parametrize("where", ["video", "viewport", "list", "lanes"])
def test_every_panel_offers_the_same_menu(lasting: StudioDriver, where: str) -> None:
    person = lasting.person("Person A")
    lasting.session.select(None)
    menu = _menu_of(lasting, where, person.id)
    assert lasting.session.active_person == person
    offered = {action.objectName() for action in menu.actions()}
    wanted = {"hide", "lock", "ignore_person", "delete_person", "swap_people", "refit"}
    assert wanted <= offered
    menu.close()


def test_beside_people_the_video_offers_to_add_one(lasting: StudioDriver) -> None:
    menu = lasting.workspace.viewer_menus[0].menu_at(QPoint(2, 2))
    assert entries(menu)[0] == "Add person here…"
    menu.close()


def test_a_box_of_nothing_is_said_and_esc_puts_the_tool_down(
    lasting: StudioDriver,
) -> None:
    hit(lasting, "Shift+B")
    assert lasting.session.view.tool == "box"
    lasting.drag(lasting.video, [(60, 60), (90, 90)], release=False)
    before = lasting.document.history.position
    lasting.press("Esc", lasting.video)
    lasting.press("Esc", lasting.video)
    assert lasting.session.view.tool == "select"
    assert lasting.document.history.position == before


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.models
def test_a_person_is_added_by_drawing_a_box(
    studio: StudioDriver,
    test_data: Path,
    monkeypatch: pytest.MonkeyPatch,
    data_home: Path,
) -> None:
    _use_real_models(monkeypatch, data_home)
    studio.open_clip(test_data / "video" / "pose2sim_multi" / "cam03.mp4")
    studio.wait_idle()
    studio.session.view.frame = 50
    studio.settle()
    hit(studio, "Ctrl+B")
    studio.session.view.frame = 60
    hit(studio, "Ctrl+B")
    studio.session.view.frame = 54
    hit(studio, "Shift+B")
    ends = [(160.0, 500.0), (420.0, 1050.0)]
    seen = studio.video.transform
    corners = [tuple(seen.to_view([x, y])) for x, y in ends]
    studio.drag(studio.video, [corners[0], (200.0, 200.0), corners[1]])
    assert studio.session.view.tool == "select"
    assert [job.title for job in studio.session.jobs.running]
    studio.wait_until(lambda: bool(studio.document.persons), "a person", patience_s=600)
    (person,) = studio.document.persons.values()
    (track,) = studio.document.tracks_of(person.id)
    assert (track.start, track.stop) == (50, 60)
    assert studio.session.active_person == person
    studio.session.view.play_range = (52, 58)
    studio.window.actions_["run_again"].trigger()
    first = track.estimate_id
    studio.wait_until(
        lambda: studio.document.tracks[track.id].estimate_id != first,
        "the second run",
        patience_s=600,
    )
    hit(studio, "Ctrl+R")
    studio.wait_until(
        lambda: studio.document.history.undo_label == "Refit",
        "the refit",
        patience_s=600,
    )
    for _ in range(3):
        hit(studio, "Ctrl+Z")
    assert not studio.document.persons


def _use_real_models(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Let the test's own data folder have the fetched model files."""
    monkeypatch.delenv("HPE_STUDIO_HOME")
    from hpe_studio.assets import data_folder

    real = data_folder() / "models"
    home.mkdir(parents=True, exist_ok=True)
    os.symlink(real, home / "models")
    monkeypatch.setenv("HPE_STUDIO_HOME", str(home))


def _point(x: float, y: float):
    from PySide6.QtCore import QPointF

    return QPointF(x, y)


def _chosen(menu: QMenu, name: str) -> None:
    action = next(a for a in menu.actions() if a.objectName() == name)
    action.trigger()
    menu.close()


def _menu_of(studio: StudioDriver, where: str, person_id: int) -> QMenu:
    workspace, person = studio.workspace, studio.document.persons[person_id]
    if where == "video":
        x, y = studio.joint_in_video(person, "pelvis")
        return workspace.viewer_menus[0].menu_at(QPoint(round(x), round(y)))
    if where == "viewport":
        at = studio.viewport.scene_view().project(
            studio.session.to_level(studio.joint_m(person, "spine1"))
        )
        return workspace.viewer_menus[1].menu_at(QPoint(round(at[0]), round(at[1])))
    if where == "list":
        from hpe_studio.ui.outliner_menus import menu_of

        node = studio.tree.rows.tree.find("person", person_id)
        assert node is not None
        menu = menu_of(studio.tree, studio.session, studio.window.actions_, node)
    else:
        lanes = studio.lanes
        index = next(
            i
            for i, lane in enumerate(lanes.contents.lanes)
            if lane.person_id == person_id
        )
        y = lanes.board().layout.bar_top(index) + 3
        menu = workspace.lanes.menu_of(lanes.hit_at(_point(lanes.axis.x_of(4), y)))
    assert menu is not None
    return menu
