"""The command as a person calls it: in this process or as one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hpe_studio.cli import run
from tests.cli.made import share_models


@dataclass(frozen=True, kw_only=True, slots=True)
class Finished:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def problem(self) -> str:
        """The one sentence on stderr; fails where there is more or less."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("hpe-studio: ")
        assert "Traceback" not in self.err
        return lines[0].removeprefix("hpe-studio: ")


Command = Callable[..., Finished]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder of the test's own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("HPE_STUDIO_HOME", str(folder))
    return folder


@pytest.fixture
def models(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder with the fetched model files in it."""
    monkeypatch.delenv("HPE_STUDIO_HOME")
    share_models(home)
    monkeypatch.setenv("HPE_STUDIO_HOME", str(home))
    return home / "models"


@pytest.fixture
def studio() -> Command:
    """Calls the entry point in this process, which must leave the streams alone."""

    def call(*words: str | Path) -> Finished:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([str(word) for word in words])
            assert (sys.stdout, sys.stderr) == (out, err), "somebody changed them"
        return Finished(code=code, out=out.getvalue(), err=err.getvalue())

    return call


@pytest.fixture
def program(tmp_path: Path) -> Command:
    """Calls the command in a process of its own, without a display."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }

    def call(*words: str | Path) -> Finished:
        done = subprocess.run(
            [sys.executable, "-m", "hpe_studio", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            cwd=tmp_path,
            env=environment,
        )
        return Finished(code=done.returncode, out=done.stdout, err=done.stderr)

    return call
