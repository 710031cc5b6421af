"""Blender reads our BVH: same joints, size, rate and up axis without any setting."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.formats import bvh

from .scenes import motion, person
from .test_bvh import places_of

SCRIPT = Path(__file__).parent / "blender_places.py"


@pytest.mark.slow
@pytest.mark.parametrize("bones", ["smpl24", "smplx55"])
def test_blender_puts_every_joint_where_we_mean(
    tmp_path: Path, blender_python: Path, bones: str
) -> None:
    meant = motion(person(bones=bones))
    path = tmp_path / "a.bvh"
    bvh.write(meant, path, axes="blender")
    frames = (0, 11, 29)
    finished = subprocess.run(
        [blender_python, SCRIPT, path, ",".join(map(str, frames))],
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    line = next(x for x in finished.stdout.splitlines() if x.startswith("RESULT"))
    result = json.loads(line.removeprefix("RESULT"))
    wanted, names = places_of(meant)
    assert result["fps"] == pytest.approx(24000 / 1001, rel=1e-5)
    for frame in frames:
        theirs = result["places"][str(frame)]
        for joint, name in enumerate(names):
            x, y, z = wanted[frame, joint]
            # Blender's scene has Z up: (x, y, z) with Y up is (x, -z, y) there
            np.testing.assert_allclose(theirs[name], [x, -z, y], atol=3e-5)
