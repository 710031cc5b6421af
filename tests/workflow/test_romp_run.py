"""A whole run of ROMP: clip in, people with its camera in the document, as a take."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.core.clip import Shot
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.core.observations import FrameDetections
from hpe_studio.core.skeleton import landmark_set, skeleton
from hpe_studio.core.track import Estimate, Source
from hpe_studio.edits import people
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.workflow.apply_estimate import ShotApplier, finished_shots
from hpe_studio.workflow.estimate import EstimateOptions, ShotFound, estimate_job
from hpe_studio.workflow.estimating import estimate_into
from hpe_studio.workflow.find_people import run_of
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
    person = persons[0]
    assert document.clip.fps == FPS

    (take,) = document.takes.values()
    assert (take.name, take.origin) == ("ROMP", "romp")
    digest = hashlib.sha256((romp_files / "ROMP.pkl").read_bytes()).hexdigest()
    assert take.versions["romp"] == f"ROMP.pkl sha256 {digest}"
    made = {name: take.versions[name] for name in ("python", "torch", "simple-romp")}
    assert made == {
        "python": sys.version.split()[0],
        "torch": metadata.version("torch"),
        "simple-romp": "1.1.4",
    }
    assert "onnxruntime" not in take.versions
    assert take.options["max_people"] == 1
    assert take.options["center_thresh"] == 0.25  # also what nobody asked for

    (track,) = document.tracks_of(person.id)
    missing = (track.base_source == Source.MISSING).all(axis=1)
    frames = np.arange(track.start, track.stop)
    assert set(frames[missing]) == set(BLACK_FRAMES)  # nobody there is nobody there
    assert (track.base_source[~missing] == Source.ESTIMATED).all()

    camera = document.camera_at(0)
    assert camera.source == "romp"
    assert camera.intrinsics[0, 0] == pytest.approx(443.4 * 320 / 512)
    # the body is ROMP's, as the made SMPL file has the open body's joints
    assert person.scale == 1.0
    estimate = document.estimates[track.estimate_id]
    names = ("left_shoulder", "right_knee", "left_ankle")
    drawn = camera.project(estimate_joints(estimate))
    for name in names:
        mine = drawn[:, skeleton("smpl24").index(name)]
        romps = estimate.arrays["points_px"][:, landmark_set("body25").index(name)]
        off = np.linalg.norm(mine - romps, axis=1)[~missing]
        assert np.median(off) < 0.04 * SIZE[1], name  # weak perspective is not ours


def estimate_joints(estimate: Estimate) -> FloatArray:
    model = open_body().joint_model
    rest = model.rest_joints_m(np.array(estimate.betas), scale=estimate.scale)
    places, _ = forward_kinematics(
        model.skeleton.parents,
        rest,
        estimate.arrays["joints_rad"],
        estimate.arrays["root_scene_m"],
    )
    return places


def test_people_of_romp_are_not_added_twice(opened: Opened) -> None:
    estimate_into(opened, replace(romp(), frames=(0, 3)))
    before = len(opened.project.document.persons)
    with pytest.raises(StudioError, match="has people already"):
        estimate_into(opened, romp(center_thresh=0.3))
    assert len(opened.project.document.persons) == before


def test_shots_are_there_one_by_one_and_a_stopped_run_goes_on(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first shot is edited while the second is looked at; then all is stopped."""
    document, footage = opened.project.document, opened.footage
    assert footage is not None
    with document.edit("Shots") as edit:
        for start, stop in ((0, CUT), (CUT, FRAMES)):
            edit.put(Shot(id=document.new_id(), start=start, stop=stop))
    options = romp()
    applier = ShotApplier(document)
    job = estimate_job(footage, options, body=open_body(), shots=document.shots)
    seen = 0
    for progress in job:
        if isinstance(progress.partial, ShotFound):
            applier.apply(progress.partial)
            person = next(iter(document.persons.values()))
            with document.edit("Rename") as edit:
                people.rename_person(edit, person, "Ann")
        if isinstance(progress.partial, FrameDetections) and applier.shots == 1:
            seen += 1
            if seen == 3:
                break
    job.close()
    assert applier.shots == 1
    assert [p.name for p in document.persons.values()] == ["Ann"]

    looked_at: list[int] = []
    iterate = type(footage).iterate_rgb

    def counted(self: Any, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        for frame, rgb in iterate(self, start, stop):
            looked_at.append(frame)
            yield frame, rgb

    monkeypatch.setattr(type(footage), "iterate_rgb", counted)
    done = finished_shots(document, run_of(options, document.clip))
    assert set(done) == {(0, CUT)}
    again = estimate_job(
        footage, options, body=open_body(), shots=document.shots, finished=done
    )
    result = run_job(again)
    assert min(looked_at) >= CUT + 3  # what was found before the stop is not redone
    assert {p.tracklet.start >= CUT for p in result.people} == {True}


def test_what_is_missing_is_said_before_anything_is_done(
    opened: Opened, romp_home: Path
) -> None:
    (romp_home / "models" / "own" / "SMPL_NEUTRAL.pth").unlink()
    with pytest.raises(StudioError, match=r"SMPL_NEUTRAL.pth .* is not here yet"):
        estimate_into(opened, romp())
    with pytest.raises(StudioError, match=r"BEV.pth .* is not here yet"):
        estimate_into(opened, EstimateOptions(estimator="bev"))
    with pytest.raises(StudioError, match="center_thresh"):
        estimate_into(opened, romp(center_thresh=7.0))
