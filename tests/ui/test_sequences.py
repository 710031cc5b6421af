"""A Panoptic sequence in the window: first picture, other cameras, truth played."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hpe_studio.ui.drop_plan import plan_for
from tests.driver import StudioDriver
from tests.panoptic_made import made_sequence


def test_a_sequence_opens_with_its_cameras_and_its_truth_plays(
    studio: StudioDriver, tmp_path: Path
) -> None:
    sequence, joints = made_sequence(tmp_path, movie_frames=14)
    studio.open_clip(sequence)
    assert studio.video.shown_frame == 0
    studio.wait_until(lambda: bool(studio.document.truths), "the truth")
    assert [v.name for v in studio.document.views.values()] == ["00_01", "00_02"]
    assert "Cameras: 3; people with ground truth: 1" in studio.toast
    actions = studio.window.actions_
    assert actions["play_truth"].isEnabled()
    actions["play_truth"].trigger()
    studio.wait_until(lambda: bool(studio.document.tracks), "the bodies")
    studio.wait_idle()
    (person,) = studio.session.persons
    assert person.name == "id 4 (truth)"
    (track,) = studio.document.tracks.values()
    assert (track.start, track.stop) == (3, 14)
    studio.scrub_to(8)
    studio.wait_idle()
    for name, point in (("left_wrist", 5), ("right_knee", 13)):
        away = studio.joint_m(person, name) - joints[8 - 3, point]
        assert np.linalg.norm(away) < 0.03
    studio.press("Ctrl+Z")
    assert not studio.document.tracks


def test_a_sequence_dropped_on_an_open_project_opens_by_itself(
    tmp_path: Path,
) -> None:
    sequence, _ = made_sequence(tmp_path)
    plan = plan_for([sequence], can_add=True, can_attach=True)
    assert (plan.opens, plan.adds, plan.attaches) == (sequence, (), None)
    poses = sequence / "hdPose3d_stage1_coco19"
    assert plan_for([poses], can_add=True).adds == (poses,)


def test_without_truth_the_action_says_what_it_needs(opened: StudioDriver) -> None:
    action = opened.window.actions_["play_truth"]
    assert not action.isEnabled()
    assert "needs ground truth" in action.toolTip()
