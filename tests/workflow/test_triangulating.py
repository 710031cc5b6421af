"""Several calibrated films into people in space, with the real networks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.cli import run
from hpe_studio.core.errors import StudioError
from hpe_studio.formats.calibration import read_calibration
from hpe_studio.workflow.several_films import open_films
from hpe_studio.workflow.triangulating import calibrated_views

pytestmark = [pytest.mark.data, pytest.mark.models, pytest.mark.slow]


@pytest.fixture
def data_home() -> None:
    """The real data folder, where the model files are."""


def films(test_data: Path) -> list[str]:
    folder = test_data / "video" / "pose2sim_multi"
    return [str(folder / f"cam0{number}.mp4") for number in (1, 2, 3, 4)]


def calibration(test_data: Path) -> Path:
    return test_data / "poseout" / "openpose_body25b" / "Calib_qualisys.toml"


def test_four_films_agree_with_the_derived_truth(
    test_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "four.hpes"
    words = ["triangulate", *films(test_data), "-o", str(project), "--frames", "0:12"]
    words += ["--calibration", str(calibration(test_data)), "--json"]
    assert run(words) == 0
    facts = json.loads(capsys.readouterr().out)
    assert len(facts["views"]) == 4
    assert facts["reprojection_px"] <= 15
    assert len([p for p in facts["people"] if p["views"] >= 3]) == 2
    assert all(p["reprojection_px"] <= 15 for p in facts["people"])
    report = tmp_path / "report"
    truth = test_data / "panoptic" / "derived_p2s_multi"
    words = ["compare", str(project), "--truth", str(truth), "--fps", "same"]
    assert run([*words, "--align", "none", "-o", str(report)]) == 0
    found = json.loads((report / "metrics.json").read_text())["measures"]
    assert found["error"]["value"] < 70  # nothing is aligned
    assert found["error"]["count"] == 12
    with hs.open(project) as opened:
        names = [t.name for t in opened.document.takes.values()]
        assert names == ["Triangulated from 4 views"]


def test_people_of_the_dome_are_found_at_both_instants(
    test_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "dome.hpes"
    folder = test_data / "panoptic" / "160422_demo"
    assert run(["triangulate", str(folder), "-o", str(project), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert len(facts["views"]) == 5
    assert facts["reprojection_px"] <= 15
    with hs.open(project) as opened:
        there = [set(person.frames.tolist()) for person in opened.people]
        instants = sorted(set().union(*there))
        assert len(instants) == 2
        for instant in instants:
            assert sum(instant in frames for frames in there) == 3
        for person in opened.people:
            root = person.motion.root_scene_m[person.frames]
            assert (np.abs(root[:, [0, 2]]) < 3).all()  # within the dome
            assert ((root[:, 1] > 0.5) & (root[:, 1] < 1.3)).all()


def test_what_is_missing_is_said(test_data: Path, tmp_path: Path) -> None:
    paths = [Path(film) for film in films(test_data)]
    goal = tmp_path / "p.hpes"
    with pytest.raises(StudioError, match="no calibration lies beside"):
        open_films(paths, project_path=goal)
    assert not goal.exists()
    five = [*paths, test_data / "video" / "mmpose_demo.mp4"]
    with pytest.raises(StudioError, match="has no camera for"):
        open_films(five, calibration=calibration(test_data), project_path=goal)
    assert not goal.exists()
    with pytest.raises(StudioError, match="does not exist"):
        open_films([paths[0], tmp_path / "none.mp4"], project_path=goal)
    assert not goal.exists()
    known = calibration(test_data)
    open_films(paths, calibration=known, project_path=goal).close()
    open_films(paths, project_path=goal).close()
    with pytest.raises(StudioError, match=r"mmpose_demo\.mp4 is none of them"):
        open_films([paths[0], five[-1]], project_path=goal)
    with pytest.raises(StudioError, match="calibration"):
        open_films(paths, calibration=paths[0], project_path=goal)
    with hs.open(paths[0]) as alone, pytest.raises(StudioError, match="calibrated"):
        calibrated_views(alone.document)
    assert len(read_calibration(calibration(test_data))) == 4
