"""What guards the checks: skips count, failures are told last, pins fit the lock."""

from __future__ import annotations

import importlib.util
import json
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


FAILING = """
import pytest

def test_passes():
    assert True

def test_compares():
    assert [1] == [2], "they differ"

@pytest.fixture
def disk():
    raise RuntimeError("no disk")

def test_reads(disk):
    assert disk
"""


def script(name: str) -> ModuleType:
    path = REPOSITORY / ".ci" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told_by_pytest(folder: Path, name: str, tests: str, *, code: int) -> Path:
    """What pytest itself writes about such tests."""
    (folder / f"{name}.py").write_text(tests)
    path = folder / "results.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly"]
    command += [f"--junitxml={path}", f"--rootdir={folder}", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, cwd=folder)
    assert done.returncode == code
    return path


@pytest.fixture(scope="module")
def checks() -> ModuleType:
    return script("check_skips")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("skipping")
    return told_by_pytest(folder, "test_skipping", SKIPPING, code=0)


def test_what_failed_and_why_is_told_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = told_by_pytest(tmp_path, "test_failing", FAILING, code=1)
    report = tmp_path / "coverage.json"
    files = {
        f"f{n}.py": {
            "summary": {"missing_lines": n, "percent_covered_display": f"{90 - n}"}
        }
        for n in range(20)
    }
    totals = {"percent_covered_display": "81"}
    report.write_text(json.dumps({"files": files, "totals": totals}))
    tell = script("tell_results")
    assert tell.main(results, report) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("81 % of the code was run")
    assert lines[1:3] == ["  f19.py: 19 lines (71 %)", "  f18.py: 18 lines (72 %)"]
    assert len([line for line in lines if ".py: " in line and "lines" in line]) == 10
    assert "AssertionError: they differ" in "\n".join(lines)
    assert "RuntimeError: no disk" in "\n".join(lines)
    assert lines[-3:] == [
        "2 failed",
        "  test_failing::test_compares",
        "  test_failing::test_reads",
    ]
    assert tell.main(tmp_path / "none.xml", report) == 1
    assert "came to no end" in capsys.readouterr().out


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
