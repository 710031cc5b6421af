"""A folder of ROMP's files against the Panoptic truth of the people it saw."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.formats.calibration_panoptic import write_cameras
from hpe_studio.workflow.recordings import read_recording
from tests.formats.made_motion import made
from tests.formats.made_romp import frames_of, romp_people, write_folder
from tests.panoptic_made import body_file, dome_camera

SIZE = (1280, 720)
GAP = (7, 8)


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    """Results of frames 0 to 19 without two, and the truth in the dome's axes."""
    frames = [f for f in range(20) if f not in GAP]
    people = [
        made(frames=frames, seed=1, at=(-0.8, 0.1, 4.0)),
        made(frames=frames, seed=2, at=(0.9, 0.2, 5.0)),
    ]
    rows = [(person, romp_people(person, SIZE)) for person in people]
    result = write_folder(tmp_path / "romp", frames_of(rows, with_ids=True))
    seen = read_recording(result)
    camera = seen.cameras[0].camera if seen.cameras else None
    assert camera is not None, "a folder of ROMP says how it saw people"
    name = "170101_romp1"
    sequence = tmp_path / name
    rig = [dome_camera(f"00_{i:02d}", 0.7 * i, SIZE) for i in range(4)]
    # its lens in the place of the truth's own, so that both see the same picture
    rig = [
        replace(
            one,
            camera=replace(
                one.camera, intrinsics=camera.intrinsics, distortion=np.zeros(5)
            ),
        )
        for one in rig
    ]
    poses = sequence / "hdPose3d_stage1_coco19"
    poses.mkdir(parents=True)
    write_cameras(rig, sequence / f"calibration_{name}.json", source="made")
    filmed = rig[2].camera
    everybody = filmed.to_scene(camera.to_camera(seen.people.points_m))
    for row, points in enumerate(everybody):
        frame = seen.first_frame + row
        there = {i: p for i, p in enumerate(points) if np.isfinite(p).any()}
        if frame in GAP:  # there in truth, missed by ROMP
            there = {i: everybody[row - 1 - (frame - GAP[0])][i] for i in range(2)}
        path = poses / f"body3DScene_{frame:08d}.json"
        path.write_bytes(body_file(there, frame))
    return result, sequence


def test_a_perfect_result_has_no_error_and_its_gap_is_missed(
    both: tuple[Path, Path], tmp_path: Path
) -> None:
    result, sequence = both
    found = hs.compare(result, sequence, tmp_path / "out", camera="00_02")
    assert found.error.value == pytest.approx(0, abs=0.01)
    assert found.measures["root"].value == pytest.approx(0, abs=0.01)
    assert found.counts.missed == 2 * len(GAP)
    assert found.matching == "picture"
    assert found.measures["idf1"].value > 90
    facts = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert facts["counts"]["missed"] == 4
    searched = hs.compare(result, sequence)
    assert searched.camera == "00_02"


def test_by_the_rules_of_romp_a_gap_costs_150_mm_each(both: tuple[Path, Path]) -> None:
    result, sequence = both
    shift = np.hypot(60, 30) * 13 / 14
    found = hs.compare(result, sequence, protocol="romp", camera="00_02")
    expected = (36 * shift + 4 * 150) / 40
    assert found.counts.true_people == 40
    assert found.error.value == pytest.approx(expected, abs=0.01)
    assert any("Non-official" in note for note in found.notes)
