"""Made pictures with exact truth, through the real networks, to a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hpe_studio.cli import run

pytestmark = [pytest.mark.data, pytest.mark.models, pytest.mark.slow]

LARGEST_PA_MPJPE_MM = 120.0


@pytest.fixture
def data_home() -> None:
    """The real data folder, where the model files are."""


def test_from_made_pictures_over_the_estimate_to_sane_numbers(
    test_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walks = [
        test_data / "motion" / name
        for name in ("cmu_12_01_walk.bvh", "cmu_01_01_assimp.bvh")
    ]
    sequence, project = tmp_path / "made", tmp_path / "made.hpes"
    words = ["synth", *map(str, walks), "-o", str(sequence)]
    assert run([*words, "--frames", "40", "--cameras", "1"]) == 0
    film = sequence / "hdVideos" / "hd_00_00.mp4"
    assert run(["estimate", str(film), "-o", str(project)]) == 0
    report = tmp_path / "report"
    words = ["compare", str(project), "--truth", str(sequence), "--camera", "00_00"]
    assert run([*words, "-o", str(report)]) == 0, capsys.readouterr().err
    assert (report / "report.html").stat().st_size > 10_000
    numbers = json.loads((report / "metrics.json").read_text())
    found = numbers["measures"]["pa_mpjpe"]
    assert 5 < found["value"] < LARGEST_PA_MPJPE_MM
    assert found["coverage"] > 0.5
