"""The models folder: what is there, what is whole, adding by hand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from hpe_studio import assets
from hpe_studio.assets import table
from hpe_studio.core.errors import StudioError
from tests.assets import registries

PUBLISHED = {
    "movenet_multipose": "d4489f89e6bd6777a8b9a1a16189832131f84ff90d82fae729e670b84d7948dd",  # noqa: E501
    "blazepose_heavy": "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",  # noqa: E501
    "blazepose_full": "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",  # noqa: E501
}


def put(models: Path, name: str, data: bytes | None = None) -> Path:
    models.mkdir(parents=True, exist_ok=True)
    path = models / table.asset(name).file
    path.write_bytes(registries.content(name) if data is None else data)
    return path


def states(found: list[assets.AssetStatus]) -> dict[str, str]:
    return {line.name: line.state for line in found}


def test_the_table_is_pinned_and_complete() -> None:
    for name, checksum in PUBLISHED.items():
        assert table.asset(name).sha256 == checksum
    for entry in table.ASSETS:
        assert re.fullmatch("[0-9a-f]{64}", entry.sha256)
        assert entry.licence
        assert entry.sources
        for source in entry.sources:
            assert re.fullmatch(r"[0-9.]+", source.package.version)
    for field in ("name", "file", "sha256"):
        assert len({getattr(entry, field) for entry in table.ASSETS}) == len(
            table.ASSETS
        )


@pytest.mark.models
def test_the_real_files_are_whole() -> None:
    found = {line.name: line for line in assets.verify()}
    for name in ("movenet_multipose", "blazepose_heavy", "blazepose_full"):
        assert found[name].state == "present"
        assert assets.path_of(name) == found[name].path


def test_the_folder_is_the_systems_own_unless_told(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert assets.models_folder() == home / "models"
    monkeypatch.delenv("HPE_STUDIO_HOME")
    own = Path(platformdirs.user_data_dir("hpe-studio", appauthor=False))
    assert assets.models_folder() == own / "models"
    monkeypatch.setenv("HPE_STUDIO_HOME", "~/studio")
    assert assets.data_folder() == Path.home() / "studio"


@pytest.mark.usefixtures("small_table")
def test_states_by_size_and_by_checksum(models: Path) -> None:
    put(models, "movenet_multipose")
    put(models, "blazepose_heavy", b"cut short")
    changed = bytes(len(registries.content("sample_clip")))
    put(models, "sample_clip", changed)
    expected = {
        "movenet_multipose": "present",
        "blazepose_heavy": "damaged",
        "blazepose_full": "missing",
        "blazepose_lite": "missing",
    }
    assert states(assets.status()) == {**expected, "sample_clip": "present"}
    assert states(assets.verify()) == {**expected, "sample_clip": "damaged"}
    problems = {line.name: line.problem for line in assets.verify() if line.problem}
    assert problems == {
        "blazepose_heavy": "wrong size",
        "sample_clip": "wrong checksum",
    }


@pytest.mark.usefixtures("small_table")
def test_a_file_that_is_not_there_names_the_way_out(models: Path) -> None:
    with pytest.raises(StudioError, match="not fetched yet; run hpe-studio assets"):
        assets.path_of("blazepose_heavy")
    path = put(models, "blazepose_heavy", b"cut short")
    with pytest.raises(StudioError, match="is damaged; run hpe-studio assets") as got:
        assets.path_of("blazepose_heavy")
    assert got.value.path == path
    with pytest.raises(StudioError, match="no asset called"):
        assets.path_of("blazepose_giant")


@pytest.mark.usefixtures("small_table")
def test_adding_knows_a_file_by_its_checksum(tmp_path: Path, models: Path) -> None:
    given = tmp_path / "downloaded (1).bin"
    given.write_bytes(registries.content("blazepose_full"))
    added = assets.add(given)
    assert added.name == "blazepose_full"
    assert added.state == "present"
    assert assets.path_of("blazepose_full").read_bytes() == given.read_bytes()
    assert assets.add(added.path).path == added.path


@pytest.mark.usefixtures("small_table")
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b""), "is none of the files"),
        (lambda path: path.write_bytes(bytes(60_000)), "is none of the files"),
    ],
)
def test_adding_what_is_no_model_is_refused(
    make, message: str, tmp_path: Path, models: Path
) -> None:
    given = tmp_path / "given"
    make(given)
    with pytest.raises(StudioError, match=message) as caught:
        assets.add(given)
    assert caught.value.path == given
    assert not models.exists()


@pytest.mark.usefixtures("small_table")
def test_the_next_best_model_is_used_and_said(models: Path) -> None:
    with pytest.raises(StudioError, match="BlazePose heavy is not fetched yet"):
        assets.choose_blazepose()
    put(models, "blazepose_lite")
    assert assets.choose_blazepose("full").model == "lite"
    put(models, "blazepose_full")
    fallback = assets.choose_blazepose("heavy")
    assert (fallback.model, fallback.path.name) == ("full", "blazepose_full.tflite")
    assert fallback.note.startswith("BlazePose heavy is not at hand, so full is used")
    put(models, "blazepose_heavy")
    assert assets.choose_blazepose() == assets.ModelChoice(
        model="heavy", path=models / "blazepose_heavy.tflite"
    )
    assert assets.choose_blazepose("full").note == ""


def test_knowing_the_assets_loads_nothing_heavy() -> None:
    code = (
        "import sys, hpe_studio.assets as a; a.status(); "
        "heavy = {'numpy', 'cv2', 'torch', 'vtk', 'PySide6', 'http.server'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
