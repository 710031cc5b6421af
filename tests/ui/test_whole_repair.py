"""A real clip repaired by hand, from the estimate to files: the queue goes to zero.

A man who balances and a woman who passes behind him, filmed by four cameras; what the
other cameras saw (the derived truth) says where his wrist really was. With
HPE_STUDIO_GUIDE_PICTURES set to a folder the pictures of the guide are taken into it.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.track import Source
from hpe_studio.quality.finding import Finding
from hpe_studio.ui.export import ExportDialog
from hpe_studio.workflow.repairs import repairs_of
from tests.drive_hands import drag_joint, joint_px
from tests.driver import StudioDriver
from tests.workflow.test_estimate_quality import CAMERA_3_LAG, truth_px

pytestmark = [pytest.mark.data, pytest.mark.models, pytest.mark.slow]

ARM = (69, 84)
"""Frames on which his left arm is hidden behind his body."""
DRAGGED = (72, 78, 82)
WRIST = landmark_set("coco19").index("left_wrist")


@pytest.fixture
def data_home() -> None:
    """The real data folder, where the model files are."""


@pytest.fixture
def repaired(
    studio: StudioDriver, test_data: Path, tmp_path: Path
) -> tuple[StudioDriver, np.ndarray]:
    clip = test_data / "video" / "pose2sim_multi" / "cam03.mp4"
    project = tmp_path / "cam03.hpes"
    hs.estimate(clip, project).close()
    studio.open_clip(project)
    wait_checked(studio)
    truth = np.full((100, 2), np.nan)
    truth[CAMERA_3_LAG:] = truth_px(test_data, 2, 100)[:-CAMERA_3_LAG, WRIST]
    return studio, truth


def wait_checked(driver: StudioDriver) -> None:
    problems = driver.session.problems
    driver.wait_until(lambda: not problems.is_checking, "the check")
    driver.settle()


def wrist_error_px(driver: StudioDriver, truth_px: np.ndarray) -> float:
    """How far the man's left wrist is off in the picture while it is hidden."""
    session = driver.session
    man = driver.person("Person A")
    track = session.document.track_at(man.id, ARM[0])
    assert track is not None
    frames = np.arange(*ARM)
    joint = driver.joint_index(man, "left_wrist")
    places = session.poser.joints_of(track.id, frames - track.start)[:, joint]
    off = session.camera.project(places) - truth_px[frames]
    return float(np.nanmedian(np.linalg.norm(off, axis=1)))


def put_wrist(driver: StudioDriver, frame: int, goal_px: np.ndarray) -> None:
    """Drag the man's left wrist in the picture to where it was."""
    driver.session.view.frame = frame
    driver.wait_idle()
    driver.session.select(
        driver.person("Person A").id,
        driver.joint_index(driver.person("Person A"), "left_wrist"),
    )
    driver.focus_video()
    driver.press("G")
    start = joint_px(driver, "Person A", "left_wrist", driver.video)
    goal = driver.video.transform.to_view(goal_px)
    by = (float(goal[0] - start[0]), float(goal[1] - start[1]))
    drag_joint(driver, "Person A", "left_wrist", by, driver.video)


def settle_queue(driver: StudioDriver) -> list[Finding]:
    """Go through the queue by N and Enter until nothing is open; what came."""
    problems = driver.session.problems
    seen: list[Finding] = []
    for _ in range(40):
        driver.focus_video()
        driver.press("N")
        one = problems.selected
        if one is None:
            return seen
        assert repairs_of(driver.document, one.finding), "something can be done"
        seen.append(one.finding)
        driver.press("Return")
        wait_checked(driver)
    raise AssertionError("the queue does not end")


def picture(driver: StudioDriver, name: str) -> None:
    folder = os.environ.get("HPE_STUDIO_GUIDE_PICTURES")
    if folder:
        driver.wait_idle()
        driver.grab(Path(folder) / f"{name}.jpg")


def test_a_real_clip_is_repaired_to_the_last_problem_and_exported(
    repaired: tuple[StudioDriver, np.ndarray], tmp_path: Path
) -> None:
    driver, truth_px = repaired
    problems = driver.session.problems
    assert problems.open_count >= 5
    kinds = {one.finding.kind for one in problems.everything}
    assert {"low_confidence", "foot_slide"} <= kinds

    # 1 The hidden arm, by three drags in the picture.
    driver.focus_video()
    driver.press("N")
    picture(driver, "repair_queue")
    before_px = wrist_error_px(driver, truth_px)
    assert before_px > 30
    for frame in DRAGGED:
        put_wrist(driver, frame, truth_px[frame])
    driver.session.view.frame = DRAGGED[1]
    driver.viewport.frame_selection()
    picture(driver, "repair_drag")
    wait_checked(driver)
    after_px = wrist_error_px(driver, truth_px)
    assert after_px < 0.4 * before_px, (before_px, after_px)

    # 2 His hidden leg, filled from what he does before and after.
    man = driver.person("Person A")
    driver.session.select(man.id, driver.joint_index(man, "right_knee"))
    leg = next(
        one.finding
        for one in problems.everything
        if one.finding.title == "Unsure about the right leg" and one.finding.start >= 50
    )
    problems.select(leg)
    driver.session.view.play_range = (leg.start, leg.stop)
    driver.focus_video()
    driver.press("Shift+F")
    wait_checked(driver)
    track = driver.document.track_at(man.id, leg.start)
    assert track is not None
    motion = driver.session.poser.motion(track.id)
    knee = driver.joint_index(man, "right_knee")
    rows = slice(leg.start - track.start, leg.stop - track.start)
    assert (motion.source[rows, knee] == Source.FILLED).all()

    # 3 Everything else by the queue: lock feet, accept, fill.
    driver.session.view.play_range = None
    settle_queue(driver)
    assert problems.open_count == 0
    verdicts = [one.decision.verdict for one in problems.everything if one.decision]
    picture(driver, "repair_done")
    ignored = verdicts.count("ignored")
    assert ignored <= 0.1 * len(problems.everything)
    assert wrist_error_px(driver, truth_px) == pytest.approx(after_px, abs=2)

    # 4 Out into a file.
    driver.press("Ctrl+E")
    dialog = driver.window.findChild(ExportDialog)
    assert dialog is not None
    dialog.formats.choose("bvh")
    dialog.path.setText(str(tmp_path / "repaired.bvh"))
    driver.click(dialog.export_button, 10, 10)
    driver.wait_until(lambda: not dialog.is_writing, "the files")
    assert "passed" in dialog.check.text
    assert len(list(tmp_path.glob("repaired_*.bvh"))) == 2
