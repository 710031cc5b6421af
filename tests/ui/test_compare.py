"""The Compare workspace: truth drawn, errors as colours, numbers that add up."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.sight import frames_in_sight
from hpe_studio.core.track import Key
from hpe_studio.formats.calibration_panoptic import write_cameras
from hpe_studio.metrics.protocol import NAMED, Protocol, modified_fields
from hpe_studio.storage.project import open_project
from hpe_studio.ui.commands.comparing import attach_path, write_report_to
from hpe_studio.ui.compare.figures import truth_figures
from hpe_studio.ui.compare.heat import heat_colours
from tests.drive_compare import (
    WRIST_M,
    attach,
    choose,
    compare_panel,
    error_lanes,
    numbers_panel,
    wait_compared,
)
from tests.driver import StudioDriver
from tests.panoptic_made import dome_camera, made_sequence
from tests.ui.conftest import FRAMES, SIZE_PX
from tests.ui.test_dropping import Drag

FLIPS: dict[str, tuple[str, object]] = {
    "joints": ("joints", "body15"),
    "root": ("root", "neck"),
    "counts_root": ("counts_root", False),
    "align": ("align", "procrustes"),
    "visibility": ("visibility", "inside"),
    "invisible": ("invisible", "zero"),
    "confidence": ("confidence", 0.2),
    "least_inside": ("least_inside", 6.0),
    "offsets_camera_m": ("offsets_camera_m", "romp"),
    "matching": ("matching", "oks"),
    "gate": ("gate", 0.3),
    "missed_mm": ("missed", "error"),
    "frames": ("frames", 12.0),
    "average": ("average", "joints"),
    "unit": ("unit", "cm"),
}
"""The control that changes a setting, and to what."""

SIGNS_PX = 40
"""Height of what says how truth and heat are drawn."""


@pytest.fixture
def compared(lasting: StudioDriver) -> StudioDriver:
    """The Compare workspace over two people with truth."""
    attach(lasting, missing=range(30, 35))
    lasting.workspace.show_workspace("compare")
    wait_compared(lasting)
    return lasting


def turn(driver: StudioDriver, frame: int) -> None:
    track = driver.document.tracks_of(driver.session.persons[0].id)[0]
    with driver.document.edit("Rotate left elbow") as edit:
        edit.put(
            Key(
                track_id=track.id,
                frame=frame,
                joints=(18,),
                offsets_rad=((0.0, 0.6, 0.0),),
                blend_in=1,
                blend_out=1,
            )
        )
    wait_compared(driver)


def flip_setting(driver: StudioDriver, control: str, value: object) -> None:
    """Change a setting by its control; numbers are typed."""
    section = compare_panel(driver).protocol
    if not section.more.is_open:
        driver.click(section.more, 40, 14)
    if isinstance(value, float):
        driver.type_into(section.numbers[control].box, f"{value:g}")
    else:
        choose(section.choices[control], value)


def layers(driver: StudioDriver, **switched: bool) -> None:
    view = driver.session.view
    names = ("truth", "error_lines", "error_colours")
    off = dict.fromkeys(names, False)
    view.layers = replace(view.layers, **{**off, **switched})
    driver.wait_idle()


def near(pixels: np.ndarray, colour: str, most: int = 40) -> int:
    """How many pixels are about of a colour."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    return int((np.abs(pixels.astype(int) - rgb).sum(-1) <= most).sum())


def rgb_of(widget) -> np.ndarray:
    image = (
        widget.grab()
        .toImage()
        .convertToFormat(widget.grab().toImage().Format.Format_RGB888)
    )
    wide, high = image.width(), image.height()
    rows = np.frombuffer(image.constBits(), np.uint8, image.sizeInBytes())
    seen = rows.reshape(high, -1)[:, : 3 * wide].reshape(high, wide, 3)
    return seen[: high - SIGNS_PX].copy()


def test_denominators_add_up_in_every_table(compared: StudioDriver) -> None:
    comparison = compared.session.comparing.comparison
    assert comparison is not None
    counts = comparison.counts
    assert counts.true_people == 2 * FRAMES - 5 == counts.matched + counts.missed
    assert counts.true_joints == counts.counted + counts.lacking + counts.missed_joints
    panel = numbers_panel(compared)
    assert "1\u202f050 true joints = 1\u202f050 measured" in panel.counts.text()

    panel.tabs.setCurrentIndex(1)
    compared.settle()
    rows = [
        [panel.people.item(r, c).text() for c in range(4)]
        for r in range(panel.people.rowCount())
    ]
    total = rows[-1]
    for column in (2, 3):
        parts = [tuple(map(_count, row[column].split("/"))) for row in rows[:-1]]
        summed = tuple(sum(part) for part in zip(*parts, strict=True))
        assert summed == tuple(map(_count, total[column].split("/")))
    assert total[2] == "75/75"

    panel.tabs.setCurrentIndex(0)
    compared.settle()
    table = panel.joints
    names = [table.item(r, 0).text() for r in range(table.rowCount())]
    wrist = names.index("Wrist L")
    assert [table.item(wrist, c).text() for c in (1, 2)] == ["140", "0.0"]
    assert names[-1] == "All joints"
    assert table.item(len(names) - 1, 1).text() == "10", "140 mm over 14 joints"


def _count(text: str) -> int:
    return int(text.replace("\u202f", ""))


def test_bodies_have_the_heat_of_their_error(compared: StudioDriver) -> None:
    layers(compared)
    cold = rgb_of(compared.viewport)
    layers(compared, error_colours=True)
    warm = rgb_of(compared.viewport)
    hand = compared.session.comparing.joint_errors(
        compared.session.persons[0].id, compared.frame
    )
    assert hand["left_wrist"] == pytest.approx(WRIST_M, abs=1e-3)
    red = (warm[..., 0].astype(int) - warm[..., 2] > 90) & (warm[..., 1] < 120)
    was_red = (cold[..., 0].astype(int) - cold[..., 2] > 90) & (cold[..., 1] < 120)
    assert red.sum() > was_red.sum() + 100, "the wrist that is 140 mm off is hot"
    assert (np.abs(warm.astype(int) - cold).sum(-1) > 60).sum() > 5000
    layers(compared)
    again = rgb_of(compared.viewport)
    assert (np.abs(again.astype(int) - cold).sum(-1) > 60).sum() < 100, "as before"


def test_truth_and_error_lines_are_drawn_in_both_views(
    compared: StudioDriver,
) -> None:
    hot = heat_colours()[-1]
    for view in (compared.video, compared.viewport):
        layers(compared)
        bare = rgb_of(view)
        layers(compared, truth=True)
        with_truth = rgb_of(view)
        assert near(with_truth, "#F4F6FA") > near(bare, "#F4F6FA") + 60
        layers(compared, error_lines=True)
        assert near(rgb_of(view), hot) > near(bare, hot) + 10


def test_truth_stands_on_beside_or_where_it_is(compared: StudioDriver) -> None:
    session = compared.session
    layers(compared, truth=True)
    figure = truth_figures(session)[0]
    root = list(figure.truth.point_set.names).index("mid_hip")
    hips = session.comparing.comparison.joints.index("mid_hip")
    assert np.allclose(figure.shown_scene_m[root], figure.predicted_m[hips], atol=1e-6)
    compared.window.actions_["truth_beside"].trigger()
    beside = truth_figures(session)[0]
    assert beside.shown_scene_m[root, 0] - figure.shown_scene_m[root, 0] > 0.5
    compared.window.actions_["truth_place"].trigger()
    assert np.allclose(
        truth_figures(session)[0].shown_scene_m, figure.points_scene_m, equal_nan=True
    )


def test_the_card_turns_amber_the_moment_a_setting_leaves(
    compared: StudioDriver,
) -> None:
    section = compare_panel(compared).protocol
    assert not section.card.is_modified
    assert "HS-Panoptic, as published" in section.card.title.text()
    assert "root counts in the mean" in section.card.detail.text()
    assert section.more.word.text() == ""
    for field, flip in FLIPS.items():
        compared.session.comparing.protocol = NAMED["studio"]
        flip_setting(compared, *flip)
        assert section.card.is_modified, field
        assert "Modified" in section.card.title.text()
        told = modified_fields(compared.session.comparing.shown_protocol)
        assert told == (field,)
        wait_compared(compared)
        assert section.card.is_modified, field
        choose(section.choices["name"], "studio")
        assert not section.card.is_modified
        assert compared.session.comparing.protocol == NAMED["studio"]
    wait_compared(compared)


def test_every_setting_of_the_protocol_is_flipped_in_the_window() -> None:
    elsewhere = {
        "name",
        "time",
        "cameras",
    }  # rules, and the section of the truth's place
    assert set(FLIPS) | elsewhere == {field.name for field in fields(Protocol)}


def test_settings_fold_away_and_say_how_many_changed(compared: StudioDriver) -> None:
    section = compare_panel(compared).protocol
    if section.more.is_open:  # as it was left
        compared.click(section.more, 40, 14)
    assert not section.numbers["gate"].isVisible()
    compared.click(section.more, 40, 14)
    assert section.numbers["gate"].isVisible()
    assert not section.numbers["missed_mm"].isVisible()
    flip_setting(compared, "missed", "error")
    assert section.numbers["missed_mm"].isVisible()
    compared.type_into(section.numbers["missed_mm"].box, "200")
    flip_setting(compared, "unit", "cm")
    assert compared.session.comparing.protocol.missed_mm == 200
    assert section.more.word.text() == "2 changed"
    wait_compared(compared)
    comparison = compared.session.comparing.comparison
    assert comparison is not None
    assert comparison.error.unit == "cm"
    assert np.allclose(comparison.frame_errors_m[comparison.missed], 0.2)
    choose(section.choices["name"], "crmp")
    assert not section.numbers["gate"].isVisible(), "the nearest, however far"
    choose(section.choices["matching"], "oks")
    assert section.numbers["gate"].isVisible()
    assert compared.session.comparing.protocol.gate == 0.5
    choose(section.choices["name"], "studio")
    compared.click(section.more, 40, 14)
    wait_compared(compared)


def test_offset_and_rate_are_typed_and_undone(compared: StudioDriver) -> None:
    section = compare_panel(compared).place
    compared.type_into(section.offset.box, "3")
    wait_compared(compared)
    truth = next(iter(compared.document.truths.values()))
    assert truth.offset_frames == 3
    assert compare_panel(compared).protocol.card.is_modified, "time was shifted"
    compared.session.undo()
    wait_compared(compared)
    assert section.offset.value == 0
    assert not compare_panel(compared).protocol.card.is_modified
    compared.type_into(section.fps.box, "50")
    wait_compared(compared)
    assert next(iter(compared.document.truths.values())).rate == 2
    compared.session.undo()
    wait_compared(compared)


def test_the_offset_is_found_by_a_job(compared: StudioDriver) -> None:
    section = compare_panel(compared).place
    compared.type_into(section.offset.box, "4")
    wait_compared(compared)
    section.find_button.click()
    compared.wait_until(lambda: not compared.session.jobs.running, "the search")
    wait_compared(compared)
    truth = next(iter(compared.document.truths.values()))
    assert truth.offset_frames == pytest.approx(0, abs=0.2)
    assert "movement agrees" in compared.toast
    compared.session.undo()
    assert next(iter(compared.document.truths.values())).offset_frames == 4


def test_a_report_is_written_beside_the_window(
    compared: StudioDriver, tmp_path: Path
) -> None:
    write_report_to(compared.session, tmp_path / "report")
    compared.wait_until(lambda: "written" in compared.toast, "the report")
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "HS-Panoptic" in page
    assert (tmp_path / "report" / "per_frame.csv").exists()


def test_worst_frames_by_key_and_by_click(compared: StudioDriver) -> None:
    session, panel = compared.session, numbers_panel(compared)
    turn(compared, 12)
    compared.session.view.frame = 0
    compared.focus_video()
    compared.press("D")
    assert compared.frame == 12
    assert session.view.selection.active == session.persons[0].id
    assert session.view.selection.joint == 20, "the wrist is what is worst"
    compared.press("D")
    second = compared.frame
    assert second != 12
    compared.press("Shift+D")
    assert compared.frame == 12
    panel.tabs.setCurrentIndex(3)
    compared.settle()
    row = panel.worst.visualItemRect(panel.worst.item(1, 0)).center()
    compared.click(panel.worst.viewport(), row.x(), row.y())
    assert compared.frame == second


def test_the_lanes_lead_to_frames_and_show_where_truth_is_missing(
    compared: StudioDriver,
) -> None:
    lanes = error_lanes(compared)
    second = compared.session.persons[1].id
    heat = lanes.heat_of_people[second]
    assert np.isnan(heat[30:35]).all()
    assert np.isfinite(np.delete(heat, range(30, 35))).all()
    place = lanes.lane_rect(second).center()
    compared.click(lanes, lanes.x_of(22.5), place.y())
    assert compared.frame == 22
    assert lanes.tip_at(lanes.x_of(32.5), place.y()) == "0032  Person B  – mm"
    assert lanes.tip_at(lanes.x_of(10.5), 60) == "0010  worst  10 mm"
    assert compared.session.view.selection.active == second
    lanes.setFocus()
    compared.press("Right", lanes)
    assert compared.frame == 23
    box = lanes.lane_rect(compared.session.persons[0].id)
    pixel = (
        lanes.grab().toImage().pixelColor(int(lanes.x_of(10.5)), int(box.center().y()))
    )
    assert pixel.name().upper() in heat_colours(), "10 mm is cold"


def test_edits_say_what_was_in_sight(lasting: StudioDriver) -> None:
    attach(lasting)
    person = lasting.session.persons[0]
    assert not lasting.session.comparing.is_in_sight, "nothing of it is shown in Fix"
    turn(lasting, 6)
    lasting.focus_video()
    lasting.press("Shift+F9")
    assert lasting.session.comparing.is_in_sight, "the truth lies over the picture"
    lasting.press("Shift+F9")
    assert not lasting.session.comparing.is_in_sight
    lasting.workspace.show_workspace("compare")
    lasting.settle()
    assert lasting.session.comparing.is_in_sight
    panel = compare_panel(lasting)
    wait_compared(lasting)
    assert "on 1 edited frame" in panel.effect.change.text()
    assert panel.effect.sight.text() == "Edited blind"
    assert "in sight" in panel.effect.now.text()
    turn(lasting, 15)
    assert "on 2 edited frames" in panel.effect.change.text()
    assert "in sight on 1 of 2 frames" in panel.effect.sight.text()
    seen = frames_in_sight(lasting.document, person.id, range(FRAMES))
    assert 15 in seen
    assert 6 not in seen
    lasting.workspace.show_workspace("fix")
    lasting.settle()
    assert not lasting.session.comparing.is_in_sight


def test_numbers_follow_edits_and_go_with_the_truth(compared: StudioDriver) -> None:
    panel = compare_panel(compared)
    first = compared.session.comparing.comparison
    assert panel.effect.sight.text() == "Nothing edited yet"
    turn(compared, 12)
    after = compared.session.comparing.comparison
    assert after.error.value > first.error.value
    compared.session.undo()
    wait_compared(compared)
    again = compared.session.comparing.comparison
    assert again.error.value == pytest.approx(first.error.value)
    compared.window.actions_["detach_truth"].trigger()
    compared.settle()
    assert panel.empty.isVisible()
    assert compared.session.comparing.comparison is None
    assert not compared.session.comparing.is_in_sight
    compared.session.undo()
    wait_compared(compared)
    assert compared.session.comparing.comparison is not None


def test_truth_of_a_folder_is_attached_by_a_job(
    lasting: StudioDriver, tmp_path: Path
) -> None:
    folder, _ = made_sequence(tmp_path, first=0, frames=FRAMES, movies=False)
    calibration = folder / f"calibration_{folder.name}.json"
    write_cameras([dome_camera("00_00", 0.0, SIZE_PX)], calibration, source="made")
    attach_path(lasting.session, folder)
    lasting.wait_until(lambda: bool(lasting.document.truths), "the truth")
    truth = next(iter(lasting.document.truths.values()))
    assert (truth.name, truth.camera_name) == (folder.name, "00_00")
    assert "Camera 00_00" in lasting.toast
    lasting.workspace.show_workspace("compare")
    wait_compared(lasting)
    choice = compare_panel(lasting).place.camera
    assert [choice.itemData(i) for i in range(choice.count())] == ["", "00_00"]
    rules = compare_panel(lasting).protocol
    choose(rules.choices["name"], "voxelpose")
    told = "cameras 00_00 instead of 00_03, 00_06, 00_12, 00_13, 00_23"
    assert told in rules.card.detail.text().replace("Cameras", "cameras")
    choose(rules.choices["name"], "studio")
    assert "cameras" not in rules.card.detail.text().lower()
    choose(choice, "")
    loose = next(iter(lasting.document.truths.values()))
    assert loose.camera is None
    assert loose.camera_name == ""
    wait_compared(lasting)
    for _ in range(2):
        lasting.session.undo()
    assert not lasting.document.truths


def test_a_wrong_folder_is_refused_in_a_sentence(
    lasting: StudioDriver, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    attach_path(lasting.session, empty)
    lasting.wait_until(lambda: bool(lasting.toast), "a word of it")
    assert "empty folder" in lasting.toast
    assert not lasting.document.truths


@pytest.mark.slow
def test_sight_outlives_a_window_that_is_killed(project: Path, tmp_path: Path) -> None:
    program = f"""
import os
from pathlib import Path
from tests.driver import StudioDriver
from tests.drive_compare import attach
from tests.ui.test_compare import turn
driver = StudioDriver()
driver.open_clip(Path({str(project)!r}))
attach(driver)
driver.workspace.show_workspace("compare")
driver.settle()
turn(driver, 9)
os._exit(9)
"""
    home = {**os.environ, "HPE_STUDIO_HOME": str(tmp_path / "other")}
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", program], check=False, env=home, cwd=root
    )
    assert ended.returncode == 9
    again = open_project(project)
    try:
        person = next(iter(again.document.persons))
        assert 9 in frames_in_sight(again.document, person, range(FRAMES))
        assert again.document.truths
    finally:
        again.close()


def test_a_sequence_dropped_while_comparing_is_truth(
    lasting: StudioDriver, tmp_path: Path
) -> None:
    folder, _ = made_sequence(tmp_path, first=0, frames=FRAMES, movies=False)
    calibration = folder / f"calibration_{folder.name}.json"
    write_cameras([dome_camera("00_00", 0.0, SIZE_PX)], calibration, source="made")
    lasting.workspace.show_workspace("compare")
    takes = set(lasting.document.takes)
    drag = Drag(lasting, [folder])
    assert drag.enter()
    assert "as truth" in drag.said
    drag.drop()
    lasting.wait_until(lambda: bool(lasting.document.truths), "the truth")
    wait_compared(lasting)
    assert set(lasting.document.takes) == takes, "nothing was imported"
