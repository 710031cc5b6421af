"""The real simple-romp in its process, with random weights in real files."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.catalogue import estimator
from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.observations import FrameDetections
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.estimators.romp_net import serve
from hpe_studio.workers.host import Worker
from tests.clips import coded_picture
from tests.estimators.romp_runs import (
    BLACK,
    BRIGHT,
    Pictures,
    detect,
    files,
    first,
    python_with,
    python_without,
    stream,
)
from tests.processes import is_running, workers

pytestmark = pytest.mark.slow

FOLDER = Path(estimator("romp").__file__).parent / "romp_net"


@pytest.fixture(scope="module")
def found(romp_files: Path) -> list[FrameDetections]:
    """Four frames; nobody is in the second."""
    frames = Pictures(BRIGHT, BLACK, BRIGHT - 20, BRIGHT)
    return list(detect(frames, files(romp_files)))


def test_people_frame_by_frame_and_nobody_where_nobody_is(
    found: list[FrameDetections],
) -> None:
    assert [item.frame for item in found] == [0, 1, 2, 3]
    counts = [len(item.detections) for item in found]
    assert counts[1] == 0
    assert 1 <= counts[0] <= 2
    person = first(found)
    assert person.body is not None
    assert person.body.joints_rad.shape == (24, 3)
    assert person.body.betas.shape == (10,)
    assert person.body.rest_joints_m.shape == (24, 3)
    assert person.points_px.shape == (25, 2)
    assert person.appearance.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_array_equal(person.body.joints_rad[22:], 0)  # hands, as ROMP's
    # each frame's own picture: the first and the last are the same, the third is not
    np.testing.assert_array_equal(first(found).points_px, first(found[3:]).points_px)
    assert np.abs(first(found).points_px - first(found[2:]).points_px).max() > 1e-3


def test_it_says_what_romp_itself_says(
    found: list[FrameDetections], romp_files: Path, tmp_path: Path
) -> None:
    """The package's own class on the same picture, in a process of its own."""
    script = tmp_path / "theirs.py"
    script.write_text(
        "import sys, types\n"
        "sys.modules['wget'] = types.ModuleType('wget')\n"
        "import numpy as np, romp\n"
        "s = romp.romp_settings(['--model_path', sys.argv[1],"
        " '--smpl_path', sys.argv[2]])\n"
        "net = romp.ROMP(s); net.centermap_parser.max_person = 2\n"
        "out = net(np.full((180, 320, 3), 200, np.uint8))\n"
        "np.savez(sys.argv[3], **{k: v for k, v in out.items() if k != 'verts'})\n"
    )
    goal = tmp_path / "theirs.npz"
    paths = files(romp_files)
    subprocess.run(
        [sys.executable, script, paths["romp"], paths["romp_smpl"], goal],
        check=True,
        capture_output=True,
        env=os.environ | {"HOME": str(tmp_path)},
    )
    theirs = np.load(goal)
    ours = first(found)
    assert ours.body is not None
    pelvis = theirs["joints"][0, 0] + theirs["cam_trans"][0]
    np.testing.assert_allclose(ours.body.pelvis_camera_m, pelvis, atol=2e-3)
    np.testing.assert_allclose(
        ours.body.joints_rad.ravel(), theirs["smpl_thetas"][0], atol=1e-4
    )
    np.testing.assert_allclose(ours.body.betas, theirs["smpl_betas"][0], atol=1e-4)
    np.testing.assert_allclose(ours.points_px[0], theirs["pj2d_org"][0, 24], atol=0.01)
    assert ours.score == pytest.approx(theirs["center_confs"].ravel()[0], abs=1e-4)


def test_other_weights_give_other_people(
    found: list[FrameDetections], romp_files: Path
) -> None:
    one = first(found)
    other = first(detect(Pictures(BRIGHT), files(romp_files, romp="ROMP_other.pkl")))
    assert one.body is not None
    assert other.body is not None
    assert np.abs(one.body.joints_rad - other.body.joints_rad).max() > 0.05


def test_options_reach_romp(romp_files: Path) -> None:
    frames, assets = Pictures(BRIGHT), files(romp_files)
    many = detect(frames, assets, max_people=5, center_thresh=0.0)[0].detections
    assert len(many) == 5
    largest = detect(
        frames, assets, max_people=5, center_thresh=0.0, show_largest=True
    )[0].detections
    assert len(largest) == 1
    heights = [np.ptp(person.points_px[:, 1]) for person in many]
    assert np.ptp(largest[0].points_px[:, 1]) == pytest.approx(max(heights), rel=0.2)
    assert not detect(frames, assets, center_thresh=0.99)[0].detections


def test_bev_brings_bodies_too(romp_files: Path) -> None:
    assets, frames = files(romp_files), Pictures(BRIGHT)
    person = first(detect(frames, assets, name="bev", center_thresh=0.0, max_people=3))
    assert person.body is not None
    assert person.body.betas.shape == (11,)
    assert person.body.rest_joints_m.shape == (24, 3)
    assert person.body.pelvis_camera_m[2] > 0
    neck = landmark_set("body25").index("neck")
    assert person.points_m[neck, 1] < -0.2  # above the hips: y points down


def test_bev_failing_on_a_wide_picture_without_anybody_means_nobody() -> None:
    """Its code for crowds wants the "joints" of people that no part shows."""

    def fails(word: str) -> Any:
        def network(_picture: ByteArray) -> Any:
            return {}[word]

        return network

    picture = np.zeros((10, 20, 3), np.uint8)
    assert serve._forward(fails("joints"), picture) is None
    with pytest.raises(KeyError):
        serve._forward(fails("smpl_thetas"), picture)


def test_a_python_that_is_named_is_used(romp_files: Path, tmp_path: Path) -> None:
    """An environment with its own romp: what it says is what counts."""
    found = detect(Pictures(BRIGHT), files(romp_files), python=sys.executable)
    assert found[0].detections
    fake = tmp_path / "own" / "romp"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text("raise ValueError('this is my own romp')\n")
    own = python_with(tmp_path, fake.parent)
    with pytest.raises(StudioError, match="this is my own romp"):
        detect(Pictures(BRIGHT), files(romp_files), python=own)
    with pytest.raises(StudioError, match="is no Python"):
        detect(Pictures(BRIGHT), files(romp_files), python=str(tmp_path / "none"))


def test_a_python_without_it_is_told_in_one_sentence(
    romp_files: Path, tmp_path: Path
) -> None:
    bare = python_without("torch", tmp_path)
    with pytest.raises(StudioError, match=r"has no torch; run ./studio setup --romp"):
        detect(Pictures(BRIGHT), files(romp_files), python=bare)


def test_nothing_is_fetched_installed_or_left_in_the_home_folder(
    romp_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    called = tmp_path / "called"
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    pip = tmp_path / "pip"
    pip.write_text(f"#!/bin/sh\ntouch {called}\n")
    pip.chmod(0o755)
    bare = python_without("onnxruntime", tmp_path)
    assets = files(romp_files, romp_onnx="ROMP.pkl")
    with pytest.raises(StudioError, match="needs the package onnxruntime"):
        detect(Pictures(BRIGHT), assets, model="onnx", python=bare)
    assert detect(Pictures(BRIGHT), assets)[0].detections
    assert not list(home.iterdir())
    assert not called.exists()


def test_a_hostile_network_file_is_refused_and_never_run(
    romp_files: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"

    class Hostile:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(mark),)

    bad = tmp_path / "ROMP.pkl"
    bad.write_bytes(pickle.dumps({"backbone": Hostile()}, protocol=2))
    with pytest.raises(StudioError):
        detect(Pictures(BRIGHT), files(romp_files) | {"romp": bad})
    assert not mark.exists()


def test_closing_the_stream_ends_the_process(romp_files: Path) -> None:
    before = workers()
    threads = set(threading.enumerate())
    frames = Pictures(*[BRIGHT] * 2000)
    running = stream(frames, files(romp_files))
    next(item for item in running if isinstance(item, FrameDetections))
    (worker,) = workers() - before
    os.kill(worker, signal.SIGSTOP)  # a network that never comes to its end
    running.close()
    assert not is_running(worker)
    assert workers() <= before
    assert len(frames.asked) < frames.frame_count
    assert not {t for t in threading.enumerate() if t.name == "frames"} - threads


def test_a_worker_that_dies_is_replaced_and_no_frame_is_lost(romp_files: Path) -> None:
    before = workers()
    frames = Pictures(BRIGHT, BRIGHT - 20, BLACK, BRIGHT, BRIGHT - 20, kept_back=4)
    found: list[FrameDetections] = []
    killed: set[int] = set()
    for item in stream(frames, files(romp_files)):
        if isinstance(item, FrameDetections):
            found.append(item)
        if len(found) == 1 and not killed:
            killed = workers() - before
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            frames.go_on.set()
    assert len(killed) == 1
    assert [item.frame for item in found] == list(range(5))
    assert not found[2].detections
    for mine, same in ((found[0], found[3]), (found[1], found[4])):
        assert len(mine.detections) == len(same.detections) > 0
        np.testing.assert_array_equal(
            mine.detections[0].points_px, same.detections[0].points_px
        )


def test_the_script_needs_nothing_of_ours(romp_files: Path) -> None:
    """It runs where hpe_studio cannot be imported, and real pictures go through."""
    for path in FOLDER.glob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        imports = [x for x in lines if x.strip().startswith(("import ", "from "))]
        assert not [x for x in imports if "hpe_studio" in x], path
    settings = {
        "kind": "romp",
        "model": "pytorch",
        "files": {
            "network": str(romp_files / "ROMP.pkl"),
            "smpl": str(romp_files / "SMPL_NEUTRAL.pth"),
        },
        "device": "cpu",
        "center_thresh": 0.0,
        "max_people": 1,
        "show_largest": False,
        "threads": 2,
        "pixel_aspect": 1.5,
    }
    with Worker(FOLDER / "serve.py", settings, name="ROMP") as worker:
        message, arrays = worker.request({}, [coded_picture(3)])
    assert message["device"] == "-1"
    assert message["stretch"] == pytest.approx(1.5)
    assert [array.shape[0] for array in arrays] == [1] * 8
    settings["device"] = "cuda:7"
    with pytest.raises(StudioError, match="there is no device 'cuda:7'"):
        Worker(FOLDER / "serve.py", settings, name="ROMP").wait_until_ready()
