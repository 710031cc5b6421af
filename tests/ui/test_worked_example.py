"""The guide's worked example, gesture by gesture: one limb cut off for 40 frames.

With HPE_STUDIO_GUIDE_PICTURES set to a folder its pictures are taken into it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.track import Source
from hpe_studio.quality.staging import Stage
from tests.docs.pages import rows, section
from tests.drive_gestures import SECONDS, Gestures
from tests.driver import StudioDriver
from tests.ui.truncated_clip import BONES, CUT_OFF, LEG, walker_cut_off

pytestmark = pytest.mark.data

HEADING = "### Twenty seconds for one limb"
WORST = 63
"""Where the filled knee is seen to be too far out."""

KNEE = BONES.index("left_knee")


@pytest.fixture
def walker(
    studio: StudioDriver, test_data: Path, tmp_path: Path
) -> tuple[StudioDriver, Stage]:
    motion = test_data / "motion" / "cmu_12_01_walk.bvh"
    project, stage = walker_cut_off(tmp_path, motion)
    studio.open_clip(project)
    wait_checked(studio)
    return studio, stage


def wait_checked(driver: StudioDriver) -> None:
    problems = driver.session.problems
    driver.wait_until(lambda: not problems.is_checking, "the check", patience_s=600)
    driver.wait_idle()


def leg_error_mm(driver: StudioDriver, stage: Stage) -> float:
    """Mean distance of knee, ankle and toes from the truth while they are cut off."""
    (track,) = driver.document.tracks.values()
    off = driver.session.poser.joints_of(track.id) - stage.joints_m(0)
    return float(1000 * np.linalg.norm(off, axis=-1)[slice(*CUT_OFF)][:, LEG].mean())


def picture(driver: StudioDriver, name: str) -> None:
    folder = os.environ.get("HPE_STUDIO_GUIDE_PICTURES")
    if folder:
        driver.window.toasts.clear()
        driver.viewport.frame_selection()
        driver.wait_idle()
        driver.grab(Path(folder) / f"{name}.jpg")


def test_the_limb_is_right_after_six_gestures_and_twenty_seconds(
    walker: tuple[StudioDriver, Stage],
) -> None:
    driver, stage = walker
    problems, hand = driver.session.problems, Gestures(driver)
    (track,) = driver.document.tracks.values()
    person = driver.person("Person A")
    estimated = driver.session.poser.joints_of(track.id).copy()
    before_mm = leg_error_mm(driver, stage)
    assert before_mm > 300
    first = driver.document.history.position

    hand.key("N")
    assert driver.frame == CUT_OFF[0]
    assert problems.selected is not None
    assert problems.selected.finding.title == "Left leg outside the frame"

    hand.key("Return")
    wait_checked(driver)
    assert problems.open_count == 0
    filled = driver.session.poser.motion(track.id).source[slice(*CUT_OFF), KNEE]
    assert (filled == Source.FILLED).all()
    filled_mm = leg_error_mm(driver, stage)
    assert filled_mm < before_mm / 5, (before_mm, filled_mm)

    cut_off_s = (CUT_OFF[1] - CUT_OFF[0]) / float(stage.fps)
    hand.scrub(WORST, watched_s=cut_off_s)
    assert driver.frame == WORST

    hand.key("G")
    knee_px = stage.camera.project(stage.joints_m(0)[WORST, KNEE])
    hand.drag(
        "Person A", "left_knee", driver.video.transform.to_view(knee_px), driver.video
    )
    assert driver.document.key_at(track.id, WORST) is not None
    dragged_mm = leg_error_mm(driver, stage)
    picture(driver, "worked_example")

    wait_checked(driver)
    hand.key("N")
    assert problems.open_count == 0
    assert "No open problems" in driver.toast

    assert dragged_mm < before_mm / 7, (before_mm, filled_mm, dragged_mm)
    now = driver.session.poser.joints_of(track.id)
    rest = [i for i in range(len(BONES.joint_names)) if i not in (*LEG,)]
    np.testing.assert_array_equal(now[: CUT_OFF[0] - 1], estimated[: CUT_OFF[0] - 1])
    np.testing.assert_array_equal(now[CUT_OFF[1] + 1 :], estimated[CUT_OFF[1] + 1 :])
    np.testing.assert_allclose(now[:, rest], estimated[:, rest], atol=1e-6)
    assert person.name == "Person A"
    assert driver.document.history.position == first + 2
    assert hand.count == 6
    assert hand.seconds <= 20.0
    the_guide_says(hand, before_mm, filled_mm, dragged_mm)


def the_guide_says(hand: Gestures, *errors_mm: float) -> None:
    """The guide names these gestures, with these sums and these errors."""
    text = section("docs/guide.md", HEADING)
    told = [row[3].replace(" ", "") for row in rows(text) if row[0].isdigit()]
    assert told == hand.told
    for name, count in hand.operators.items():
        assert f"{count} × {SECONDS[name]:g} s" in text, name
    assert f"{hand.seconds:.1f} s" in text
    found = re.search(r"(\d+) mm\b.*?(\d+) mm\b.*?(\d+) mm\b", text, re.DOTALL)
    assert found is not None
    for said, measured_mm in zip(found.groups(), errors_mm, strict=True):
        assert float(said) == pytest.approx(measured_mm, rel=0.1)
