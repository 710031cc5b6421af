"""Read-only folders and full disks: one sentence, and nothing existing is harmed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import hpe_studio as hs
from tests.cli import disks, made

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith(("linux", "darwin")), reason="disks of POSIX systems"
)

COMMAND = ["-m", "hpe_studio"]
MANY = 400


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """What lies on the disk: a project, an older export, a clip."""
    folder = tmp_path / "seed"
    folder.mkdir()
    people = [
        made.person(n, frames=MANY, seed=i) for i, n in enumerate(("Ravi", "Mia"))
    ]
    made.project(folder / "p.hpes", *people, clip=made.movie(folder, frames=MANY))
    (folder / "older.json").write_text("the export of yesterday")
    (folder / "older_Ravi.bvh").write_text("the export of yesterday")
    return folder


@pytest.mark.parametrize("name", ["older.json", "older.bvh", "new.json", "new.bvh"])
@pytest.mark.parametrize("kind", ["full", "read-only"])
def test_export(tmp_path: Path, seed: Path, kind: disks.Kind, name: str) -> None:
    disk = tmp_path / "disk"
    words = [*COMMAND, "export", str(disk / "p.hpes"), "-o", str(disk / name)]
    said, left = disks.run_on(kind, disk, words, seed=seed, room_kb=100)
    assert said.code == 1
    assert str(disk) in said.problem
    assert ";" in said.problem
    assert left == made.bytes_of(seed)


@pytest.mark.parametrize("kind", ["full", "read-only"])
def test_saving_a_copy(tmp_path: Path, seed: Path, kind: disks.Kind) -> None:
    disk = tmp_path / "disk"
    script = (
        "import hpe_studio as hs, sys\n"
        f"with hs.open({str(seed / 'p.hpes')!r}) as p:\n"
        "    try:\n"
        f"        p.save_copy({str(disk / 'p.hpes')!r})\n"
        "    except hs.StudioError as error:\n"
        "        sys.exit(f'hpe-studio: {error}')\n"
    )
    before = made.bytes_of(seed)
    said, left = disks.run_on(kind, disk, ["-c", script], seed=seed, room_kb=100)
    assert (said.code, "p.hpes" in said.problem) == (1, True)
    assert left == before


@pytest.mark.slow
def test_importing_a_long_motion_onto_a_full_disk(tmp_path: Path, seed: Path) -> None:
    """Longer than what a commit waits for, so that it is written in the background."""
    long = seed / "long"
    long.mkdir()
    source = made.project(long / "long.hpes", made.person(frames=20_000))
    with hs.open(source) as opened:
        hs.export(opened, seed / "walk.bvh")
    for name in list(long.iterdir()):
        name.unlink()
    long.rmdir()
    disk = tmp_path / "disk"
    script = (
        "import hpe_studio as hs, sys\n"
        "try:\n"
        f"    p = hs.open({str(disk / 'walk.bvh')!r})\n"
        "except hs.StudioError as error:\n"
        "    sys.exit(f'hpe-studio: {error}')\n"
        "print(p.people); p.close()\n"
    )
    said, left = disks.run_on("full", disk, ["-c", script], seed=seed, room_kb=5000)
    assert said.code == 1, said.out
    assert "disk is full" in said.problem
    assert left == made.bytes_of(seed)


@pytest.mark.models
@pytest.mark.parametrize("kind", ["full", "read-only"])
def test_estimate(tmp_path: Path, seed: Path, models: Path, kind: disks.Kind) -> None:
    disk = tmp_path / "disk"
    (seed / "new").mkdir()
    for goal in ("new.hpes", "p.hpes"):
        words = ["estimate", str(seed / "clip.mp4"), "-o", str(disk / goal)]
        more = ["--overwrite", "--model", "full", "--frames", "0:5"]
        said, left = disks.run_on(
            kind, disk, [*COMMAND, *words, *more], seed=seed, room_kb=8
        )
        assert said.code == 1
        assert goal in said.problem
        assert left == made.bytes_of(seed)
        disk.rmdir() if not any(disk.iterdir()) else None
        disk = tmp_path / f"disk-{goal}"


def test_what_can_be_read_is_read_from_a_read_only_disk(
    tmp_path: Path, seed: Path
) -> None:
    disk = tmp_path / "disk"
    out = tmp_path / "out.json"
    words = [*COMMAND, "export", str(disk / "p.hpes"), "-o", str(out)]
    said, left = disks.run_on("read-only", disk, words, seed=seed)
    assert (said.code, said.err) == (0, "")
    assert len(hs.read(out).people) == 2
    assert left == made.bytes_of(seed)
    words = [*COMMAND, "info", str(disk.with_name("other") / "p.hpes"), "--shots"]
    said, left = disks.run_on("read-only", disk.with_name("other"), words, seed=seed)
    assert (said.code, said.err) == (0, "")
    assert "Mia" in said.out
    assert "1 shot:" in said.out
    assert left == made.bytes_of(seed)


def test_a_clip_on_a_read_only_disk_has_its_project_in_the_data_folder(
    tmp_path: Path, home: Path
) -> None:
    seed = tmp_path / "seed"
    made.movie(seed)
    disk = tmp_path / "disk"
    script = (
        "import hpe_studio as hs\n"
        f"with hs.open({str(disk / 'clip.mp4')!r}) as p: print(p.path)\n"
    )
    said, left = disks.run_on("read-only", disk, ["-c", script], seed=seed)
    assert (said.code, said.err) == (0, "")
    assert said.out.strip() == str(home / "projects" / "clip.hpes")
    assert left == made.bytes_of(seed)


def test_a_data_folder_that_cannot_be_written_is_named(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = tmp_path / "seed"
    made.movie(seed)
    disk = tmp_path / "disk"
    monkeypatch.setenv("HPE_STUDIO_HOME", str(disk / "home"))
    words = [*COMMAND, "screenshot", str(disk / "clip.mp4")]
    goal = tmp_path / "window.png"
    said, _ = disks.run_on("read-only", disk, [*words, "-o", str(goal)], seed=seed)
    assert said.code == 1
    assert "home" in said.problem
    assert not goal.exists()


def test_shots_on_a_full_disk(tmp_path: Path, seed: Path) -> None:
    disk = tmp_path / "disk"
    words = [*COMMAND, "info", str(disk / "p.hpes"), "--shots", "--json"]
    said, left = disks.run_on("full", disk, words, seed=seed, room_kb=0)
    assert said.code in (0, 1)
    if said.code == 1:
        assert "p.hpes" in said.problem
    assert left["p.hpes"][100:] == made.bytes_of(seed)["p.hpes"][100:]
    assert set(left) == set(made.bytes_of(seed))


def test_the_fallbacks_are_real_too(
    tmp_path: Path, seed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disks, "_namespace", lambda: ())
    for kind in ("full", "read-only"):
        disk = tmp_path / kind
        words = [*COMMAND, "export", str(disk / "p.hpes"), "-o", str(disk / "n.json")]
        said, left = disks.run_on(kind, disk, words, seed=seed, room_kb=300)
        assert said.code == 1
        assert "n.json" in said.problem
        assert left == made.bytes_of(seed)
