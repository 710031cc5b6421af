"""Panoptic sequences from a script."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import hpe_studio as hs
from hpe_studio.api.panoptic import open_panoptic, play_truth
from tests.panoptic_made import made_sequence


def test_a_script_plays_the_truth_and_exports_it(tmp_path: Path) -> None:
    sequence, joints = made_sequence(tmp_path, movie_frames=16)
    with open_panoptic(sequence, tmp_path / "own.hpes", camera="00_01") as project:
        assert project.path.name == "own.hpes"
        assert len(project.document.views) == 2
        (person,) = play_truth(project)
        wrists = person.motion.joints_scene_m[3:15, 20]
        assert np.linalg.norm(wrists - joints[:, 5], axis=1).mean() < 0.03
        report = hs.export(project, tmp_path / "truth.bvh")
    assert report.max_joint_error_m < 1e-4


def test_opening_takes_a_sequence_like_anything_else(tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path)
    with hs.open(sequence) as project:
        assert len(project.document.views) == 2
        assert len(project.document.truths) == 1
    truth = hs.read(sequence)
    assert [run.name for run in truth.points] == ["id 4"]
    assert sorted(truth.views) == ["00_00", "00_01", "00_02"]
