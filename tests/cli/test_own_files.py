"""Files that their owner brings for ROMP and BEV: taken, checked, packed, tested."""

from __future__ import annotations

import json
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse

from tests.cli.conftest import Command
from tests.romp_made import VERTICES, extra_regressors, packed_smpl, smpl_arrays

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def no_romp_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder without anything of ROMP's."""
    data = os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))
    monkeypatch.setenv("XDG_DATA_HOME", data)
    (tmp_path / "person").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "person"))


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SMPL and SMIL as they come from their sites, with ROMP's archive unpacked."""
    folder = tmp_path_factory.mktemp("originals")
    arrays = smpl_arrays()
    nine, seventeen = extra_regressors(arrays)
    body = arrays | {"J_regressor": scipy.sparse.csc_matrix(arrays["J_regressor"])}
    with (folder / "SMPL_NEUTRAL.pkl").open("wb") as file:
        pickle.dump(body, file, protocol=2)
    np.save(folder / "J_regressor_extra.npy", nine)
    np.save(folder / "J_regressor_h36m.npy", seventeen)
    child = arrays["v_template"] * 0.6 + (0.1, 0.2, 0.3)
    np.save(folder / "smpl_kid_template.npy", child)
    (folder / "smil").mkdir()
    with (folder / "smil" / "smil_web.pkl").open("wb") as file:
        pickle.dump(body | {"v_template": arrays["v_template"] * 0.4}, file, protocol=2)
    return folder


def own(home: Path) -> Path:
    return home / "models" / "own"


def test_the_list_says_what_is_needed_and_where_it_is(
    studio: Command, home: Path
) -> None:
    said = studio("assets", "list", "romp")
    assert said.code == 0
    assert "missing  ROMP.pkl" in said.out
    assert "github.com/Arthur151/ROMP/releases" in said.out
    assert "smpl.is.tue.mpg.de" in said.out
    rows = json.loads(studio("assets", "list", "bev", "--json").out)
    assert {row["state"] for row in rows} == {"missing"}
    assert "SMPLA_NEUTRAL.pth" in [row["file"] for row in rows]


def test_packed_files_are_checked_and_kept(
    studio: Command, home: Path, romp_files: Path
) -> None:
    names = ("ROMP.pkl", "SMPL_NEUTRAL.pth", "BEV.pth", "smil_packed_info.pth")
    said = studio("assets", "add", "romp", *(romp_files / name for name in names))
    assert said.code == 0, said.err
    assert "Added ROMP.pkl: 1851 tensors, 29.10 million numbers" in said.out
    assert "SMPL_NEUTRAL.pth: 6890 vertices, pelvis at height -0.220 m" in said.out
    for name in names:
        kept = own(home) / name
        assert kept.read_bytes()[:4096] == (romp_files / name).read_bytes()[:4096]
    rows = json.loads(studio("assets", "list", "romp", "--json").out)
    present = {row["file"] for row in rows if row["state"] == "present"}
    assert present == set(names)
    notes = json.loads((own(home) / "files.json").read_text())
    assert set(notes) == {str(own(home) / name) for name in names}


def test_smpl_as_it_comes_is_packed_as_romp_packs_it(
    studio: Command, home: Path, originals: Path
) -> None:
    said = studio("assets", "add", "romp", originals)
    assert said.code == 0, said.err
    torch = pytest.importorskip("torch")
    packed = torch.load(own(home) / "SMPL_NEUTRAL.pth", weights_only=True)
    wanted = packed_smpl(smpl_arrays())
    assert set(packed) == set(wanted)
    for name, array in wanted.items():
        if name == "extra_joints_index":
            continue
        np.testing.assert_allclose(packed[name].numpy(), array, atol=1e-6, err_msg=name)
    whole = {k for k, v in packed.items() if v.dtype == torch.int64}
    assert whole == {"kintree_table", "extra_joints_index"}
    assert packed["f"].dtype == torch.float32  # as pack_smpl_info writes it
    face = packed["extra_joints_index"].tolist()[:6]
    assert face == [332, 6260, 2800, 4071, 583, 3216]
    child = torch.load(own(home) / "SMPLA_NEUTRAL.pth", weights_only=True)
    assert child["smpla_shapedirs"].shape == (VERTICES, 3, 11)
    template = packed["v_template"].numpy()
    kid = np.load(originals / "smpl_kid_template.npy")
    np.testing.assert_allclose(
        child["smpla_shapedirs"][:, :, 10], kid - kid.mean(axis=0) - template, atol=1e-6
    )
    assert (own(home) / "smil_packed_info.pth").exists()


def test_what_romps_own_packing_makes_is_the_same(
    studio: Command, home: Path, originals: Path, tmp_path: Path
) -> None:
    """`romp.prepare_smpl`, the package's own program, on the same files."""
    torch = pytest.importorskip("torch")
    import runpy

    goal = tmp_path / "theirs"
    goal.mkdir()
    path = Path(__import__("importlib.util").util.find_spec("romp").origin)
    words = sys.argv
    sys.argv = ["prepare", f"-source_dir={originals}", f"--save_dir={goal}"]
    try:
        runpy.run_path(str(path.with_name("pack_smpl_info.py")))["main"]()
    finally:
        sys.argv = words
    assert studio("assets", "add", "romp", originals).code == 0
    for name in ("SMPL_NEUTRAL.pth", "SMPLA_NEUTRAL.pth"):
        theirs = torch.load(goal / name, weights_only=True)
        ours = torch.load(own(home) / name, weights_only=True)
        assert list(theirs) <= list(ours) or set(theirs) == set(ours)
        for key, tensor in theirs.items():
            assert ours[key].dtype == tensor.dtype, key
            assert ours[key].shape == tensor.shape, key
            assert torch.equal(ours[key], tensor) or torch.allclose(
                ours[key], tensor, atol=1e-6
            ), key


class Hostile:
    """A pickle that makes a folder when it is run."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_bad_files_are_refused_in_one_sentence(
    studio: Command, home: Path, originals: Path, romp_files: Path, tmp_path: Path
) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "SMPL_NEUTRAL.pkl").symlink_to(originals / "SMPL_NEUTRAL.pkl")
    said = studio("assets", "add", "romp", alone / "SMPL_NEUTRAL.pkl")
    assert said.code == 1
    assert "lacks J_regressor_extra.npy and J_regressor_h36m.npy" in said.problem
    assert "smpl_model_data.zip" in said.problem

    mark = tmp_path / "ran"
    for name in ("ROMP.pkl", "SMPL_NEUTRAL.pth"):
        bad = tmp_path / name
        bad.write_bytes(pickle.dumps({"a": Hostile(mark)}, protocol=2))
        said = studio("assets", "add", "romp", bad)
        assert said.code == 1
        assert "damaged or asks for more than plain data" in said.problem
        assert not mark.exists()

    swapped = tmp_path / "swapped"
    swapped.mkdir()
    (swapped / "ROMP.pkl").symlink_to(romp_files / "SMPL_NEUTRAL.pth")
    said = studio("assets", "add", "romp", swapped / "ROMP.pkl")
    assert "is not ROMP's network: it lacks 1851 tensors" in said.problem

    empty = tmp_path / "empty"
    empty.mkdir()
    for given, words in (
        (tmp_path / "none.pkl", "does not exist"),
        (empty, "holds none of the files"),
        (originals / "J_regressor_extra.npy", "alone makes nothing"),
    ):
        said = studio("assets", "add", "romp", given)
        assert said.code == 1
        assert words in said.problem
    strange = tmp_path / "clip.mp4"
    strange.write_bytes(b"0")
    assert "none of the files" in studio("assets", "add", "romp", strange).problem
    assert not own(home).exists()
    assert studio("assets", "add", "romp").code == 2


def test_what_lies_in_romps_own_folder_is_found(
    studio: Command, home: Path, romp_files: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "person" / ".romp"
    folder.mkdir()
    (folder / "ROMP.pkl").symlink_to(romp_files / "ROMP.pkl")
    (folder / "smpl_packed_info.pth").symlink_to(romp_files / "SMPL_NEUTRAL.pth")
    rows = json.loads(studio("assets", "list", "romp", "--json").out)
    paths = {row["name"]: row["path"] for row in rows}
    assert paths["romp"] == str(folder / "ROMP.pkl")
    assert paths["romp_smpl"] == str(folder / "smpl_packed_info.pth")


def test_the_selftest_tells_made_weights_from_real_ones(
    studio: Command, models: Path, romp_files: Path
) -> None:
    """Sound files, nonsense results: what somebody with broken weights would see."""
    said = studio("selftest", "romp")
    assert said.code == 1
    assert "ROMP.pkl (ROMP's network) is not here yet" in said.problem
    names = ("ROMP.pkl", "SMPL_NEUTRAL.pth")
    for name in names:
        folder = models / "own"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(romp_files / name)
    try:
        said = studio("selftest", "romp", "--json")
        facts = json.loads(said.out)
        checks = {check["what"]: check for check in facts["checks"]}
        assert checks["ROMP.pkl"]["passed"]
        assert checks["SMPL_NEUTRAL.pth"]["passed"]
        assert "2 expected" in checks["people in the picture"]["detail"]
        assert not checks["person at (673, 264)"]["passed"]
        assert said.code == 1
        assert not facts["passed"]
        picture = Path(__file__).parents[2] / "docs" / "images" / "window.png"
        said = studio("selftest", "romp", picture, "--python", sys.executable)
        assert said.code == 0
        assert "ok   people in the picture" in said.out
    finally:
        for name in (*names, "files.json"):
            (models / "own" / name).unlink(missing_ok=True)
        (models / "own").rmdir()
