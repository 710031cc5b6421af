"""What all tests share: where the real data lies, and silence otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # two test processes share cores

# A busy machine takes its time: no property fails for being slow.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")

REPOSITORY = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """The folder of real clips (HPE_STUDIO_TEST_DATA, else beside the checkout)."""
    given = os.environ.get("HPE_STUDIO_TEST_DATA")
    return Path(given) if given else REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The real data; tests that need it skip only where it is missing."""
    folder = data_folder()
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder} (set HPE_STUDIO_TEST_DATA)")
    return folder


@pytest.fixture(scope="session", autouse=True)
def own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The user's data folder stays out of it, but for the fetched model files.

    Tests that need an empty one, or one of their own, set it anew.
    """
    from hpe_studio.assets import models_folder

    home, models = tmp_path_factory.mktemp("data"), models_folder()
    if models.is_dir():
        (home / "models").symlink_to(models.resolve(), target_is_directory=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPE_STUDIO_HOME", str(home))
        yield


@pytest.fixture(scope="session")
def blender_python() -> Path:
    """A Python that has Blender as a module, in an environment of its own."""
    folder = REPOSITORY / ".venv" / "blender"
    for python in (folder / "bin" / "python", folder / "Scripts" / "python.exe"):
        if python.exists():
            return python
    pytest.fail(f"there is no Blender in {folder}: run ./studio test to set it up")


@pytest.fixture(scope="session")
def romp_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with made network and body files for ROMP and BEV (`romp_made`)."""
    from tests.romp_made import make

    folder = tmp_path_factory.mktemp("romp")
    make(folder)
    yield folder
    for path in folder.iterdir():  # half a gigabyte
        path.unlink()


@pytest.fixture(scope="session")
def romp_onnx(romp_files: Path) -> Path:
    """The ROMP.onnx of the made ROMP.pkl, beside it."""
    from tests.romp_made import make

    make(romp_files, "onnx")
    return romp_files / "ROMP.onnx"
