"""Footage that moved, the rate of images, people seen while a run goes on."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.jobs import Job, Progress
from hpe_studio.core.observations import Detection, FrameDetections
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.render.drawlist import Tag
from hpe_studio.render.hit2d import hit_test
from hpe_studio.ui import opening
from hpe_studio.ui.dialogs.rate import RateDialog
from hpe_studio.workflow.estimate import EstimateOptions
from tests.driver import StudioDriver
from tests.ui.conftest import FRAMES, SIZE_PX


@pytest.fixture
def moved(images: Path, project: Path) -> tuple[Path, Path]:
    """A project and the place its pictures were moved to."""
    elsewhere = images.with_name("elsewhere")
    images.rename(elsewhere)
    return project, elsewhere


def test_moved_footage_is_located_and_shown(
    studio: StudioDriver, moved: tuple[Path, Path]
) -> None:
    project, elsewhere = moved
    studio.open_clip(project)
    card = studio.video.no_footage
    assert card is not None
    assert card.button.isVisible()
    assert studio.window.actions_["locate"].isEnabled()
    assert not studio.window.actions_["run"].isEnabled()
    studio.window.locate_footage(elsewhere)
    studio.wait_idle()
    assert studio.video.no_footage is None
    assert studio.video.shown_frame == studio.frame
    assert studio.window.actions_["run"].isEnabled()
    assert not studio.window.actions_["locate"].isEnabled()
    studio.scrub_to(30)
    studio.wait_idle()
    assert studio.video.shown_frame == 30
    studio.press("Ctrl+W")
    studio.open_clip(project)  # remembered
    assert studio.session.footage is not None


def test_other_footage_is_refused(
    studio: StudioDriver, moved: tuple[Path, Path], tmp_path: Path
) -> None:
    import cv2

    project, _ = moved
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    cv2.imwrite(str(wrong / "0.png"), np.zeros((40, 40, 3), np.uint8))
    studio.open_clip(project)
    studio.window.locate_footage(wrong)
    assert "wrong" in studio.toast
    assert studio.session.footage is None
    assert studio.video.no_footage is not None


def test_images_ask_for_their_rate_once(studio: StudioDriver, images: Path) -> None:
    assert studio.window.open_path(images)
    dialog = studio.window.findChild(RateDialog)
    assert dialog is not None
    assert dialog.fps() == 25
    dialog.rate.setCurrentText("nonsense")
    assert not dialog.go.isEnabled()
    dialog.rate.setCurrentText("23.976 (24000/1001)")
    assert dialog.fps() == Fraction(24000, 1001)
    studio.click(dialog.go, 10, 10)
    studio.wait_idle()
    assert studio.document.clip.fps == Fraction(24000, 1001)
    assert studio.document.clip.frame_count == FRAMES
    studio.press("Ctrl+W")
    assert studio.window.open_path(images)
    assert not studio.window.findChildren(RateDialog)
    assert studio.document.clip.fps == Fraction(24000, 1001)


def _seen(frame: int) -> FrameDetections:
    count = len(landmark_set("mediapipe33").names)
    points = np.tile(np.array(SIZE_PX) / 2.0, (count, 1)) + np.arange(count)[:, None]
    found = Detection(
        score=0.9,
        points_px=points.astype(np.float32),
        confidence=np.ones(count, np.float32),
        points_m=np.full((count, 3), np.nan, np.float32),
        box_px=np.array([10, 10, 90, 90], np.float32),
        appearance=np.zeros(0, np.float32),
    )
    return FrameDetections(frame=frame, detections=(found,))


def test_people_seen_so_far_are_drawn_and_stay_when_stopped(
    studio: StudioDriver, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_given: object, **_named: object) -> Job[None]:
        for done in range(10**7):
            time.sleep(0.002)
            found = _seen(min(done, 4))
            yield Progress(done=done, total=10**7, text="Seeing", partial=found)

    monkeypatch.setattr(opening, "estimate_job", slow)
    studio.open_clip(images)
    plain = len(studio.video.overlay.shapes)
    studio.window.start_run(EstimateOptions())
    studio.wait_until(lambda: len(studio.session.finds) >= 3, "partial results")
    assert len(studio.video.overlay.shapes) > plain
    assert studio.video.overlay.targets.people == ()  # no people yet
    studio.window.status.pill.cancel()
    studio.wait_until(lambda: not studio.window.jobs.running, "the end")
    assert "Stopped with" in studio.toast
    assert "goes on from there" in studio.toast
    assert len(studio.video.overlay.shapes) > plain
    studio.session.view.frame = 20  # nothing was seen there
    assert len(studio.video.overlay.shapes) == plain


def test_a_name_tag_does_not_hide_a_joint_from_the_pointer(
    lasting: StudioDriver,
) -> None:
    overlay = lasting.video.overlay
    tag = next(shape for shape in overlay.shapes if isinstance(shape, Tag))
    left, top, right, bottom = tag.rect
    on_tag = hit_test(overlay, left + 3, (top + bottom) / 2)
    assert on_tag is not None
    assert on_tag.kind == "tag"
    x, y = overlay.targets.joints[0]
    middle = ((left + right) / 2 - x, (top + bottom) / 2 - y)
    overlay.targets.joints[0] += middle  # a joint under the tag
    under = hit_test(overlay, (left + right) / 2 + 2, (top + bottom) / 2)
    assert under is not None
    assert under.kind == "joint"
