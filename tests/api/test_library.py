"""`import hpe_studio as hs`, as a script or a notebook uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.core.track import Source
from tests.cli import made

HEAVY = (
    "PySide6", "pyqtgraph", "shiboken6", "cv2", "av", "vtk", "vtkmodules", "torch",
    "numba", "scipy", "numpy", "ai_edge_litert", "cyclopts", "rich",
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("HPE_STUDIO_HOME", str(folder))
    return folder


def loaded_by(script: str) -> list[str]:
    """Which heavy libraries a script loads in a fresh process."""
    ask = f"{script}\nimport sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True
    )
    return eval(done.stdout)


def test_the_import_loads_nothing_heavy() -> None:
    assert loaded_by("import hpe_studio") == []


def test_no_part_without_a_window_loads_qt(tmp_path: Path) -> None:
    path = made.project(tmp_path / "p.hpes", made.person(), clip=made.movie(tmp_path))
    script = (
        "import hpe_studio as hs\n"
        f"with hs.open({str(path)!r}) as p:\n"
        f"    p.people[0].motion; hs.export(p, {str(tmp_path / 'o.bvh')!r})\n"
        "    p.read_rgb(3)\n"
    )
    loaded = loaded_by(script)
    assert "numpy" in loaded
    unwanted = {"PySide6", "pyqtgraph", "vtk", "vtkmodules", "torch", "cyclopts"}
    assert unwanted.isdisjoint(loaded)


def test_every_public_name_is_there() -> None:
    assert set(hs.__all__) <= set(dir(hs))
    for name in hs.__all__:
        assert getattr(hs, name) is not None
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        hs.nothing_of_the_kind  # noqa: B018


def test_motion_covers_the_clip_and_is_nan_where_missing(tmp_path: Path) -> None:
    late = made.person("Mia", frames=10, start=12, seed=1)
    path = made.project(tmp_path / "p.hpes", made.person("Ravi"), late)
    with hs.open(path) as project:
        assert [person.name for person in project.people] == ["Ravi", "Mia"]
        motion = project.people[1].motion
        joints = motion.skeleton.joint_count
        assert motion.joints_scene_m.shape == (made.FRAMES, joints, 3)
        assert motion.joints_rad.shape == (made.FRAMES, joints, 3)
        assert motion.root_scene_m.shape == (made.FRAMES, 3)
        present = np.isfinite(motion.joints_scene_m).all(axis=(1, 2))
        assert np.flatnonzero(present).tolist() == list(range(12, 22))
        assert np.isnan(motion.joints_scene_m[~present]).all()
        assert (motion.source[~present] == Source.MISSING).all()
        assert (motion.source[present] == Source.IMPORTED).all()
        assert project.people[1].frames.tolist() == list(range(12, 22))
        np.testing.assert_allclose(
            motion.joints_scene_m[12:22, 0], late.root_scene_m, atol=1e-6
        )
        assert np.isfinite(project.people[0].motion.joints_scene_m).all()


@pytest.mark.parametrize(
    ("name", "options", "limit_m"),
    [
        ("out.json", {}, 0.001),
        ("out.bvh", {"axes": "blender"}, 0.004),
        ("out.bvh", {"axes": "unity", "unit": "cm"}, 0.004),
        ("out.bvh", {"axes": "z_up"}, 0.004),
        ("out.npz", {"format": "amass"}, 0.001),
    ],
)
def test_what_is_written_opens_as_the_same_motion(
    tmp_path: Path, name: str, options: dict[str, str], limit_m: float
) -> None:
    path = made.project(tmp_path / "p.hpes", made.person("Ravi", seed=3))
    with hs.open(path) as project:
        meant = project.people[0].motion.joints_scene_m
        report = hs.export(project, tmp_path / name, person="Ravi", **options)
        assert report.max_joint_error_m < 1e-5
    with hs.open(tmp_path / name) as again:
        assert len(again.people) == 1
        read = again.people[0].motion
        assert read.skeleton.name == "smpl24"
        apart = np.linalg.norm(read.joints_scene_m - meant, axis=-1)
        assert apart.max() < limit_m
        assert again.path == tmp_path / f"{name}.hpes"
    assert hs.read(tmp_path / name).frame_count == made.FRAMES


def test_scripts_edit_undo_and_reopen(tmp_path: Path) -> None:
    path = made.project(tmp_path / "p.hpes", made.person("Ravi"))
    with hs.open(path) as project:
        person = project.document.persons[project.people[0].id]
        with project.document.edit("Rename") as edit:
            from hpe_studio.edits.people import rename_person

            rename_person(edit, person, "Mia")
        assert project.people[0].name == "Mia"
        project.save_copy(tmp_path / "copy.hpes")
    for name in ("p.hpes", "copy.hpes"):
        with hs.open(tmp_path / name) as project:
            assert project.people[0].name == "Mia"
            assert project.document.undo() == "Rename"
            assert project.people[0].name == "Ravi"


def test_pictures_by_frame(tmp_path: Path) -> None:
    from tests.clips import read_code, write_movie

    clip = write_movie(tmp_path / "clip.mp4", "libx264", frames=30)
    with hs.open(clip) as project:
        assert read_code(project.read_rgb(17)) == 17
    with hs.open(made.project(tmp_path / "n.hpes", made.person())) as project:
        with pytest.raises(hs.StudioError, match="footage is not at hand"):
            project.read_rgb(0)


def test_leaving_the_with_block_lets_the_file_go(tmp_path: Path) -> None:
    path = made.project(tmp_path / "p.hpes", made.person())
    with pytest.raises(RuntimeError, match="of the script"), hs.open(path):
        raise RuntimeError("of the script")
    assert [p.name for p in tmp_path.glob("p*")] == ["p.hpes"]
    with hs.open(path) as project:
        with project.document.edit("Writable again") as edit:
            edit.remove(next(iter(project.document.tracks.values())))


def test_errors_are_one_kind(tmp_path: Path) -> None:
    path = made.project(tmp_path / "p.hpes", made.person())
    for call in (
        lambda: hs.open(tmp_path / "none.hpes"),
        lambda: hs.read(tmp_path / "none.bvh"),
        lambda: hs.read(path),
        lambda: hs.estimate(tmp_path / "none.mp4"),
        lambda: hs.estimate(made.movie(tmp_path), tmp_path / "a.mov"),
    ):
        with pytest.raises(hs.StudioError) as caught:
            call()
        assert str(tmp_path) in str(caught.value)
    with hs.open(path) as project:
        for goal, options, says in (
            ("o.fbx", {}, "--format"),
            ("o.npz", {}, "several formats"),
            ("o.npz", {"format": "fbx"}, "no format 'fbx' to write; use bvh, json"),
            ("o.bvh", {"axes": "sideways"}, "axes"),
            ("o.bvh", {"axis": "unity"}, "axis"),
            ("o.bvh", {"fps": "fast"}, "fast"),
            ("o.bvh", {"person": "Zoe"}, "choose among"),
        ):
            with pytest.raises(hs.StudioError, match=says):
                hs.export(project, tmp_path / goal, **options)
    assert not list(tmp_path.glob("o.*"))


@pytest.mark.data
@pytest.mark.models
@pytest.mark.slow
def test_estimate_in_three_lines(
    test_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HPE_STUDIO_HOME")
    made.share_models(tmp_path / "home")
    monkeypatch.setenv("HPE_STUDIO_HOME", str(tmp_path / "home"))
    clip = test_data / "video" / "hardcuts_40_90.mp4"
    seen: list[float] = []
    with hs.estimate(
        clip,
        tmp_path / "p.hpes",
        model="full",
        frames=(40, 47),
        on_progress=lambda p: seen.append(p.fraction or 0.0),
    ) as project:
        motion = project.people[0].motion
        assert motion.joints_scene_m.shape == (130, 24, 3)
        present = np.isfinite(motion.joints_scene_m).all(axis=(1, 2))
        assert np.flatnonzero(present).tolist() == list(range(40, 47))
        tall_m = np.ptp(motion.joints_scene_m[43, :, 1])
        assert 0.5 < tall_m < 2.2
        assert (motion.root_scene_m[present, 2] < 0).all(), "before the camera"
        hs.export(project, tmp_path / "out.bvh", person=project.people[0].name)
    assert len(seen) > 5
    finding = [share for share in seen if share < 0.8]
    assert finding == sorted(finding)
    assert 0.9 < max(seen) <= 1.0
    assert hs.read(tmp_path / "out.bvh").frame_count == 7
    with pytest.raises(hs.StudioError, match="has people already"):
        hs.estimate(clip, tmp_path / "p.hpes", model="full", frames=(0, 5))
