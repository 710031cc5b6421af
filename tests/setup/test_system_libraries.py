"""The libraries of the system: what is missing, and the line that installs it."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def libraries() -> ModuleType:
    """The script's module."""
    path = REPOSITORY / "packaging" / "system_libraries.py"
    spec = importlib.util.spec_from_file_location("system_libraries", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def put_program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are found."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_what_the_linker_misses_in_a_wheel_is_named(
    libraries: ModuleType, programs: Path, tmp_path: Path
) -> None:
    plugins = "lib/python3.11/site-packages/PySide6/Qt/plugins/platforms"
    venv = tmp_path / "venv"
    (venv / plugins).mkdir(parents=True)
    (venv / plugins / "libqxcb.so").write_bytes(b"")
    before = libraries.missing(str(venv))
    put_program(
        programs,
        "ldd",
        "echo '\tlibxcb-cursor.so.0 => not found'; echo '\tlibc.so.6 => /lib/c (0x7)'",
    )
    assert sorted({*before, "libxcb-cursor.so.0"}) == sorted(
        libraries.missing(str(venv))
    )
    assert "libxcb-cursor0" in libraries.packages_of(["libxcb-cursor.so.0"])


def test_what_is_loaded_by_name_is_looked_for(
    libraries: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "LOADED_BY_NAME", ("libc.so.6", "libnowhere.so.1"))
    monkeypatch.setattr(
        libraries, "FILES", {"a font": (("fonts-dejavu-core",), (f"{tmp_path}/*",))}
    )
    assert libraries.missing(str(tmp_path)) == ["libnowhere.so.1", "a font"]
    assert libraries.packages_of(["libnowhere.so.1", "a font"]) == ["fonts-dejavu-core"]


def test_root_sees_the_line_and_has_it_run(
    libraries: ModuleType,
    programs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    log = tmp_path / "apt.log"
    put_program(programs, "apt-get", f'echo "$@" >> {log}')
    said: list[str] = []
    libraries.offer(["libegl1", "libgl1"], "libEGL.so.1, libGL.so.1", say=said.append)
    line = "apt-get install -y --no-install-recommends libegl1 libgl1"
    assert said == [
        "missing on this system: libEGL.so.1, libGL.so.1",
        f"running: apt-get update && {line}",
    ]
    assert log.read_text().splitlines() == ["update", line.removeprefix("apt-get ")]


def test_a_failing_package_manager_is_said(
    libraries: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    put_program(programs, "apt-get", "exit 100")
    said: list[str] = []
    libraries.offer(["libegl1"], "libEGL.so.1", say=said.append)
    assert said[-1] == "apt-get update failed; run that line again by hand"


def test_others_are_shown_the_line(
    libraries: ModuleType,
    programs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    log = tmp_path / "apt.log"
    put_program(programs, "apt-get", f"echo called >> {log}")
    said: list[str] = []
    libraries.offer(["libegl1"], "libEGL.so.1", say=said.append)
    assert said[-1] == "run: sudo apt-get install -y --no-install-recommends libegl1"
    assert not log.exists()


def test_other_systems_are_told_the_names(
    libraries: ModuleType, programs: Path
) -> None:
    said: list[str] = []
    libraries.offer(["libegl1"], "libEGL.so.1", say=said.append)
    assert said == [
        "missing on this system: libEGL.so.1",
        "install the packages of your system that bring them",
    ]
