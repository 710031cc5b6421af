"""ROMP.onnx through ROMP's own code, against ROMP.pkl with the same weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.estimators.romp_bodies import check_worker, checked
from hpe_studio.workers.host import WorkerFailed
from tests.estimators.romp_runs import BLACK, BRIGHT, Pictures, detect, files, first

pytestmark = pytest.mark.slow

SAME_M, SAME_PX, SAME_RAD = 2e-3, 0.1, 2e-3
"""What rounding in another order of sums may change."""


def test_it_finds_the_same_people_as_the_network_it_was_made_of(
    romp_files: Path, romp_onnx: Path
) -> None:
    frames = Pictures(BRIGHT, BLACK, BRIGHT - 20)
    assets = files(romp_files, romp_onnx=romp_onnx.name)
    ours = detect(frames, assets, model="onnx", max_people=4, center_thresh=0.0)
    same = detect(frames, assets, model="pytorch", max_people=4, center_thresh=0.0)
    counts = [len(frame.detections) for frame in ours]
    assert counts == [len(frame.detections) for frame in same]
    assert counts[0] == 4
    for mine, theirs in zip(ours, same, strict=True):
        for one, other in zip(mine.detections, theirs.detections, strict=True):
            assert one.body is not None
            assert other.body is not None
            np.testing.assert_allclose(one.points_px, other.points_px, atol=SAME_PX)
            np.testing.assert_allclose(one.points_m, other.points_m, atol=SAME_M)
            np.testing.assert_allclose(
                one.body.joints_rad, other.body.joints_rad, atol=SAME_RAD
            )
            np.testing.assert_allclose(
                one.body.pelvis_camera_m, other.body.pelvis_camera_m, atol=10 * SAME_M
            )
            assert one.score == pytest.approx(other.score, abs=1e-4)


def test_nobody_is_found_where_nobody_is(romp_files: Path, romp_onnx: Path) -> None:
    assets = files(romp_files, romp_onnx=romp_onnx.name)
    found = detect(Pictures(BLACK, BRIGHT), assets, model="onnx")
    assert [len(frame.detections) > 0 for frame in found] == [False, True]


def test_its_weights_count(romp_files: Path, romp_onnx: Path) -> None:
    """Bodies of the file that it was not made of are others."""
    assets = files(romp_files, romp_onnx=romp_onnx.name, romp="ROMP_other.pkl")
    one = first(detect(Pictures(BRIGHT), assets, model="onnx"))
    other = first(detect(Pictures(BRIGHT), assets, model="pytorch"))
    assert one.body is not None
    assert other.body is not None
    assert np.abs(one.body.joints_rad - other.body.joints_rad).max() > 0.05


def test_the_file_is_looked_into(
    romp_files: Path, romp_onnx: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "ROMP.onnx"
    damaged.write_bytes(romp_onnx.read_bytes()[:5_000_000])
    with check_worker("romp", "") as worker:
        facts = checked(worker, "onnx", romp_onnx, name="ROMP.onnx")
        assert facts == "takes pictures, gives centres and parameters"
        with pytest.raises(WorkerFailed):
            checked(worker, "onnx", damaged, name="ROMP.onnx")
    assets = files(romp_files) | {"romp_onnx": damaged}
    with pytest.raises(StudioError):
        detect(Pictures(BRIGHT), assets, model="onnx")
