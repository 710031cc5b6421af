"""A whole run of ROMP: clip in, people with its camera in the document, as a take."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.clip import Shot
from hpe_studio.core.errors import StudioError
from hpe_studio.workflow.estimate import EstimateOptions
from hpe_studio.workflow.estimating import estimate_into
from hpe_studio.workflow.opening import Opened, open_clip
from tests.clips import write_movie

pytestmark = pytest.mark.slow

SIZE, FPS = (320, 180), Fraction(30000, 1001)
BLACK_FRAMES = (4, 5)
CUT, FRAMES = 10, 16


def picture(number: int) -> ByteArray:
    """Bright with somebody, black without; bluish behind the cut."""
    level = 0 if number in BLACK_FRAMES else 200
    rgb = np.full((SIZE[1], SIZE[0], 3), level, np.uint8)
    if number >= CUT:
        rgb[:, :, :2] = 160
    return rgb


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_movie(
        tmp_path_factory.mktemp("clip") / "clip.mp4",
        "libx264",
        frames=FRAMES,
        size=SIZE,
        fps=FPS,
        picture=picture,
    )


@pytest.fixture
def romp_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, romp_files: Path
) -> Path:
    """A data folder with made files for ROMP, and a home without any."""
    folder = tmp_path / "home"
    own = folder / "models" / "own"
    own.mkdir(parents=True)
    for name in ("ROMP.pkl", "SMPL_NEUTRAL.pth"):
        (own / name).symlink_to(romp_files / name)
    monkeypatch.setenv("HPE_STUDIO_HOME", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    return folder


@pytest.fixture
def opened(clip: Path, romp_home: Path, tmp_path: Path) -> Iterator[Opened]:
    opened = open_clip(clip, project_path=tmp_path / "clip.hpes")
    yield opened
    opened.close()


def romp(**settings: Any) -> EstimateOptions:
    return EstimateOptions(
        estimator="romp", settings={"max_people": 1} | settings, smooth=False, workers=2
    )


def test_a_run_gives_people_as_romp_means_them(
    opened: Opened, romp_home: Path, romp_files: Path
) -> None:
    document = opened.project.document
    with document.edit("Shots") as edit:
        edit.put(Shot(id=document.new_id(), start=0, stop=FRAMES))
    options = replace(romp(), frames=(0, CUT))
    persons, warnings = estimate_into(opened, options)
    assert warnings == ()
    assert len(persons) == 1
    assert document.clip.fps == FPS

    (take,) = document.takes.values()
    assert (take.name, take.origin) == ("ROMP", "romp")
    digest = hashlib.sha256((romp_files / "ROMP.pkl").read_bytes()).hexdigest()
    assert take.versions["romp"] == f"sha256 {digest}"
    assert take.options["max_people"] == 1


def test_a_second_estimators_run_stands_beside_the_first(opened: Opened) -> None:
    estimate_into(opened, replace(romp(), frames=(0, 3)))
    before = len(opened.project.document.persons)
    with pytest.raises(StudioError, match="has people already"):
        estimate_into(opened, romp(center_thresh=0.3))
    assert len(opened.project.document.persons) == before
    from hpe_studio.workflow.estimating import _has_run

    assert not _has_run(opened.project.document, EstimateOptions(estimator="bev"))
