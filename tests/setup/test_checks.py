"""What guards the checks: skipped tests are counted, pins agree with the lock."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import REPOSITORY

SKIPPING = """
import pytest

def test_passes():
    assert True

def test_data():
    pytest.skip("no real data at /nowhere (set HPE_STUDIO_TEST_DATA)")

@pytest.mark.skip(reason="too hard")
def test_lazy():
    assert True

@pytest.mark.xfail(reason="one day")
def test_broken():
    assert False
"""


@pytest.fixture(scope="module")
def checks() -> ModuleType:
    """The script .ci/check_skips.py."""
    path = REPOSITORY / ".ci" / "check_skips.py"
    spec = importlib.util.spec_from_file_location("check_skips", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pytest itself writes about such tests."""
    folder = tmp_path_factory.mktemp("skipping")
    (folder / "test_skipping.py").write_text(SKIPPING)
    path = folder / "results.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly"]
    command += [f"--junitxml={path}", f"--rootdir={folder}", str(folder)]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return path


def test_only_missing_data_excuses_a_skip(checks: ModuleType, results: Path) -> None:
    skips = checks.skipped(results)
    assert [name.rpartition("::")[2] for name, _ in skips] == [
        "test_data",
        "test_lazy",
        "test_broken",
    ]
    without = checks.wrong_skips(skips, has_data=False)
    assert [why for _, why in without] == ["too hard", "one day"]
    assert checks.wrong_skips(skips, has_data=True) == skips
    assert checks.wrong_skips([], has_data=True) == []


def test_the_check_fails_loudly(
    checks: ModuleType, results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checks.main(results) == 1
    assert "must not be skipped: test_skipping::test_lazy (too hard)" in (
        capsys.readouterr().out
    )


def test_the_lock_agrees_with_the_pins() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text().splitlines()
    locked = {
        re.sub(r"[-_.]+", "-", name).lower(): version
        for name, _, version in (line.partition("==") for line in lock)
        if version and not name.startswith("#")
    }
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    pins = [*project["dependencies"], *extras["dev"], *extras["smpl"]]
    for pin in pins:
        name, _, version = pin.partition("==")
        name = re.sub(r"\[.*\]", "", name).replace("_", "-").lower()
        if name != "torch":
            assert locked.get(name) == version, pin
    assert "torch" not in locked
    assert not [name for name in locked if name.startswith("nvidia")]
    assert (
        f'"torch=={torch_of_script()}"' in (REPOSITORY / "pyproject.toml").read_text()
    )


def torch_of_script() -> str:
    text = (REPOSITORY / "studio").read_text()
    found = re.search(r'TORCH = "torch==([0-9.]+)"', text)
    assert found is not None
    return found[1]
