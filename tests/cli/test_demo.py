"""`demo`: the main job on the sample clip, without any question."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import hpe_studio as hs
from hpe_studio.media import open_footage
from tests.cli.conftest import Command
from tests.clips import write_movie


def test_a_file_in_the_way_is_named(studio: Command, tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("mine")
    said = studio("demo", "-o", tmp_path / "demo")
    assert (said.code, "demo" in said.problem) == (1, True)
    assert (tmp_path / "demo").read_text() == "mine"


SHORT = """
import sys
from pathlib import Path
from hpe_studio.cli import run
from hpe_studio.workflow import demo
demo._sample = lambda _: Path({clip!r})
sys.exit(run(["demo", "-o", {folder!r}]))
"""


@pytest.mark.models
@pytest.mark.slow
def test_everything_is_made_and_reported(models: Path, tmp_path: Path) -> None:
    """On the first frames of the sample clip."""
    folder = tmp_path / "demo"
    sample = open_footage(models / "sample_clip.mp4")
    width, height = sample.clip.size_px
    clip = write_movie(
        tmp_path / "short.mp4",
        "libx264",
        frames=8,
        size=(width // 2 * 2, height // 2 * 2),
        picture=lambda i: sample.read_rgb(60 + i),
    )
    sample.close()
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    said = subprocess.run(
        [sys.executable, "-c", SHORT.format(clip=str(clip), folder=str(folder))],
        env={k: v for k, v in os.environ.items() if k not in hidden},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert (said.returncode, said.stderr) == (0, "")
    report = json.loads((folder / "report.json").read_text())
    assert len(report["people"]) >= 1
    assert f"Found {len(report['people'])} people" in said.stdout
    with hs.open(folder / "demo.hpes") as project:
        assert [p.name for p in project.people] == [p["name"] for p in report["people"]]
    assert len(hs.read(folder / "demo.json").people) == len(report["people"])
    assert len(list(folder.glob("*.bvh"))) == len(report["people"])
    assert (folder / "window.png").stat().st_size > 50_000
    for path in sorted(folder.iterdir()):
        assert path.name in said.stdout
