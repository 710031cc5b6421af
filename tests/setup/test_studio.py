"""./studio on a small project: real virtual environments, real pip, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import REPOSITORY

# A build backend of its own, so that pip needs no other package to install it.
BACKEND = """
import base64, hashlib, os, zipfile

def get_requires_for_build_editable(config_settings=None):
    return []

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "hpe_studio-1.0-py3-none-any.whl"
    info = "hpe_studio-1.0.dist-info"
    extras = "Provides-Extra: dev\\nProvides-Extra: smpl\\n"
    files = {
        "hpe_studio.pth": os.path.join(os.getcwd(), "src"),
        info + "/METADATA": "Metadata-Version: 2.1\\nName: hpe-studio\\nVersion: 1.0\\n"
        + extras,
        info + "/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\n"
        "Tag: py3-none-any\\n",
        info + "/entry_points.txt": "[console_scripts]\\n"
        "hpe-studio = fake_studio:main\\n",
        info + "/RECORD": "",
    }
    with open(os.path.join(os.getcwd(), "installs.log"), "a") as log:
        log.write("installed\\n")
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return name
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "hpe-studio"
dynamic = ["version"]
"""
PROGRAM = """
import os, sys

def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(here, "calls.log"), "a") as log:
        log.write(" ".join(sys.argv[1:]) + "\\n")
    with open(os.path.join(here, "pids.log"), "a") as log:
        log.write(f"{os.getpid()}\\n")
    if sys.argv[1:2] == ["assets"]:
        return int(os.environ.get("FETCH_CODE", "0"))
    print(sys.argv[1:])
    return 7 if "fail" in sys.argv else 0
"""
PYTEST = """
import os, sys
print("pytest", sys.argv[1:], os.getcwd(), os.environ["QT_QPA_PLATFORM"])
"""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script as a module, for its small functions."""
    loader = SourceFileLoader("studio_script", str(REPOSITORY / "studio"))
    module = ModuleType(loader.name)
    module.__file__ = str(REPOSITORY / "studio")
    loader.exec_module(module)
    return module


class Checkout:
    """A small project with the real script in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "src").mkdir(parents=True)
        (folder / "packaging").mkdir()
        (folder / "tests" / "core").mkdir(parents=True)
        shutil.copy(REPOSITORY / "studio", folder / "studio")
        name = "packaging/system_libraries.py"
        shutil.copy(REPOSITORY / name, folder / name)
        for path, text in {
            "backend.py": BACKEND,
            "pyproject.toml": PROJECT,
            "src/fake_studio.py": PROGRAM,
            "src/pytest.py": PYTEST,
        }.items():
            (folder / path).write_text(text)

    def call(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """./studio with these words, without network and without a package manager."""
        clean = {
            **os.environ,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PATH": str(Path(sys.executable).parent),
            **environment,
        }
        clean.pop("PIP_FIND_LINKS", None)
        return subprocess.run(
            [sys.executable, str(self.folder / "studio"), *words],
            capture_output=True,
            text=True,
            check=False,
            env=clean,
        )

    def log(self, name: str) -> list[str]:
        """Lines that the project's parts wrote down."""
        path = self.folder / f"{name}.log"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout after its first call."""
    checkout = Checkout(tmp_path_factory.mktemp("ready") / "studio of mine")
    first = checkout.call("info", "a b.mp4", "--json")
    assert first.returncode == 0, first.stderr
    assert first.stdout == "['info', 'a b.mp4', '--json']\n"
    assert "Making .venv" in first.stderr
    assert "Installing the program" in first.stderr
    assert "fetching the model files" in first.stderr
    assert checkout.log("calls") == ["assets fetch", "info a b.mp4 --json"]
    return checkout


def test_later_calls_only_hand_over(ready: Checkout) -> None:
    ready.call("settle")
    installs = len(ready.log("installs"))
    called = ready.call("estimate", "x.mp4", "-o", "x.hpes")
    assert called.stdout == "['estimate', 'x.mp4', '-o', 'x.hpes']\n"
    assert "Installing" not in called.stderr
    assert "fetching" not in called.stderr
    assert len(ready.log("installs")) == installs


def test_the_exit_code_is_the_programs_own(ready: Checkout) -> None:
    assert ready.call("fail").returncode == 7


def test_later_calls_become_the_program_and_load_nothing(ready: Checkout) -> None:
    ready.call("x")
    script = str(ready.folder / "studio")

    def loaded(*words: str) -> set[str]:
        said = subprocess.run(
            [sys.executable, "-X", "importtime", *words],
            capture_output=True,
            text=True,
            check=True,
        )
        lines = [line for line in said.stderr.splitlines() if "import time:" in line]
        return {line.rpartition("|")[2].strip() for line in lines}

    assert loaded(script, "x") - loaded("-c", "pass") <= {"__future__"}
    with subprocess.Popen([sys.executable, script, "x"]) as process:
        assert process.wait() == 0
    assert ready.log("pids")[-1] == str(process.pid), "no process of its own"


def test_test_runs_pytest_without_a_display(ready: Checkout) -> None:
    called = ready.call("test", "-q", "core", QT_QPA_PLATFORM="xcb")
    core = str(ready.folder / "tests" / "core")
    last = called.stdout.splitlines()[-1]
    assert last == f"pytest ['-q', {core!r}] {ready.folder} offscreen"
    assert "pip finds no CPU build of torch==2.13.0" in called.stderr
    assert "pip finds no bpy" in called.stderr


def test_a_changed_project_is_installed_again(ready: Checkout) -> None:
    installs = len(ready.log("installs"))
    project = ready.folder / "pyproject.toml"
    project.write_text(project.read_text() + "# changed\n")
    assert "Installing the program" in ready.call("x").stderr
    assert len(ready.log("installs")) == installs + 1
    assert "Installing" not in ready.call("x").stderr


def test_another_data_folder_gets_its_model_files(
    ready: Checkout, tmp_path: Path
) -> None:
    fetches = ready.log("calls").count("assets fetch")
    ready.call("x", HPE_STUDIO_HOME=str(tmp_path))
    assert ready.log("calls").count("assets fetch") == fetches + 1
    ready.call("assets", "list")
    assert ready.log("calls")[-1] == "assets list"


def test_without_model_files_the_rest_still_works(
    ready: Checkout, tmp_path: Path
) -> None:
    home = {"HPE_STUDIO_HOME": str(tmp_path), "FETCH_CODE": "1"}
    assert ready.call("info", "x", **home).returncode == 0
    fetches = ready.log("calls").count("assets fetch")
    ready.call("info", "x", **home)
    assert ready.log("calls").count("assets fetch") == fetches + 1


@pytest.mark.slow
def test_a_checkout_that_moved_sets_itself_up_anew(
    ready: Checkout, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(ready.folder, moved, symlinks=True)
    checkout = object.__new__(Checkout)
    checkout.folder = moved
    called = checkout.call("x")
    assert "Making .venv" in called.stderr
    assert called.stdout == "['x']\n"
    assert str(moved) in (moved / ".venv" / "bin" / "hpe-studio").read_text()


@pytest.mark.slow
def test_a_virtual_environment_that_fits_is_kept(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout")
    venv = checkout.folder / ".venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    (venv / "mine").write_text("made by hand")
    called = checkout.call("x")
    assert called.stdout == "['x']\n"
    assert "Making .venv" not in called.stderr
    assert (venv / "mine").exists()


@pytest.mark.slow
def test_packages_that_cannot_be_installed_are_said(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "checkout")
    project = checkout.folder / "pyproject.toml"
    project.write_text(PROJECT.replace("requires = []", 'requires = ["not-there==1"]'))
    called = checkout.call("demo")
    assert called.returncode == 1
    assert "not-there==1" in called.stderr
    assert "studio: pip could not install the packages" in called.stderr
    assert "Traceback" not in called.stderr
    project.write_text(PROJECT)
    assert checkout.call("demo").stdout == "['demo']\n"


def test_an_old_python_is_told_so_in_one_sentence(script: ModuleType) -> None:
    assert script.python_problem((3, 11, 0)) == ""
    assert script.python_problem((3, 14, 2)) == ""
    problem = script.python_problem((3, 9, 18))
    assert "needs Python 3.11 or newer and this is 3.9.18" in problem


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ["-n", "2"]),
        (["-x"], ["-n", "2", "-x"]),
        (["-n", "4"], ["-n", "4"]),
        (["--pdb"], ["--pdb"]),
        (["-k", "core"], ["-n", "2", "-k", "core"]),
        (["--cov"], ["-n", "2", "--cov"]),
        (["-q", "core"], ["-q", str(REPOSITORY / "tests" / "core")]),
        (["tests/core/test_document.py"], ["tests/core/test_document.py"]),
    ],
)
def test_words_become_pytest_arguments(
    script: ModuleType, words: list[str], expected: list[str]
) -> None:
    assert script.pytest_arguments(words) == expected
