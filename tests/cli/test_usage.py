"""Help, wrong usage, exit codes, tracebacks: what every verb has in common."""

from __future__ import annotations

from pathlib import Path

import pytest

import hpe_studio
from hpe_studio.catalogue import motion_format
from hpe_studio.cli import run
from tests.cli.conftest import Command

OPTIONS = {
    "estimate": (
        "CLIP", "--output", "-o", "--estimator", "--model", "heavy, full", "--frames",
        "--max-people", "--focal", "--fov", "--fps", "--overwrite", "--json",
    ),
    "open": ("PATH", "--fps"),
    "export": (
        "PROJECT", "--output", "-o", "--format", "bvh, json", "--person", "--axes",
        "blender, unity", "--fps", "--unit", "--json",
    ),
    "info": ("FILE", "--shots", "--json"),
    "screenshot": ("PROJECT", "--output", "-o", "--frame", "--size", "--scale",
        "--workspace", "views, compare"),
    "demo": ("--output", "--show", "--no-show"),
    "bench": ("NAME", "--json"),
    "assets": ("list", "fetch", "verify", "add"),
    "assets list": ("--json",),
    "assets fetch": ("NAMES",),
    "assets verify": ("--json",),
    "assets add": ("FILE",),
}  # fmt: skip


@pytest.mark.parametrize("verb", OPTIONS)
def test_help_names_every_option(studio: Command, verb: str) -> None:
    said = studio(*verb.split(), "--help")
    assert said.code == 0
    assert said.err == ""
    text = " ".join(said.out.replace("│", " ").split())
    assert [word for word in OPTIONS[verb] if word not in text] == []


def test_help_without_a_verb_lists_all_and_tells_of_debug(studio: Command) -> None:
    for words in ([], ["--help"]):
        said = studio(*words)
        assert said.code == 0
        listed = [verb for verb in OPTIONS if " " not in verb]
        assert [verb for verb in listed if verb not in said.out] == []
        assert "--debug" in said.out


def test_version(studio: Command) -> None:
    said = studio("--version")
    assert (said.code, said.out.strip()) == (0, hpe_studio.__version__)


def test_choices_are_those_of_the_format(studio: Command) -> None:
    options = {o.name: o for o in motion_format("bvh").SPEC.write_options}
    text = " ".join(studio("export", "--help").out.replace("│", " ").split())
    assert f"[choices: {', '.join(options['axes'].choices)}]" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("bogus", "bogus"),
        ("info", "FILE"),
        ("info a b", "b"),
        ("info a --bogus", "--bogus"),
        ("estimate", "CLIP"),
        ("estimate a.mp4 --model lite", "heavy"),
        ("estimate a.mp4 --estimator romp9", "blazepose"),
        ("estimate a.mp4 --frames 5", "0:100"),
        ("estimate a.mp4 --frames 9:3", "0:100"),
        ("estimate a.mp4 --frames a:b", "0:100"),
        ("estimate a.mp4 --frames=-5:9", "0:100"),
        ("estimate a.mp4 --max-people 0", "max-people"),
        ("estimate a.mp4 --max-people two", "max-people"),
        ("estimate a.mp4 --focal -3", "focal"),
        ("estimate a.mp4 --fov 180", "fov"),
        ("estimate a.mp4 --fps 0", "24000/1001"),
        ("estimate a.mp4 --fps 25/0", "24000/1001"),
        ("export a.hpes", "output"),
        ("export a.hpes -o a.bvh --format fbx", "bvh"),
        ("export a.hpes -o a.bvh --axes sideways", "unity"),
        ("export a.hpes -o a.bvh --unit inch", "cm"),
        ("export a.hpes -o a.bvh --fps fast", "24000/1001"),
        ("screenshot a.hpes", "output"),
        ("screenshot a.hpes -o a.png --size 10x10", "1440x900"),
        ("screenshot a.hpes -o a.png --size big", "1440x900"),
        ("screenshot a.hpes -o a.png --frame -1", "frame"),
        ("screenshot a.hpes -o a.hpes", ".png"),
        ("screenshot a.hpes -o a.png --workspace paint", "compare"),
        ("assets", ""),
        ("assets lose", "lose"),
        ("assets add", "FILE"),
    ],
)
def test_wrong_usage_is_2_and_says_what(
    studio: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words, says
) -> None:
    monkeypatch.chdir(tmp_path)
    said = studio(*words.split())
    if words == "assets":  # no verb: the help, as for the command itself
        assert (said.code, "fetch" in said.out) == (0, True)
        return
    assert said.code == 2
    assert says in said.err.splitlines()[0]
    assert "--help" in said.err.splitlines()[-1]
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["before", "after"])
def test_debug_shows_the_traceback(
    program: Command, studio: Command, tmp_path: Path, place: str
) -> None:
    words = ["info", str(tmp_path / "none.mp4")]
    assert "none.mp4" in studio(*words).problem
    with pytest.raises(hpe_studio.StudioError, match=r"none\.mp4"):
        run(["--debug", *words] if place == "before" else [*words, "--debug"])
    if place == "after":
        said = program(*words, "--debug")
        assert said.code == 1
        assert "Traceback" in said.err
        assert "StudioError" in said.err


def test_the_unforeseen_is_one_sentence_too(
    studio: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"x")

    def fail(path: Path) -> None:
        raise OSError(5, "Input/output error", str(path))

    monkeypatch.setattr("hpe_studio.workflow.info.kind_of", fail)
    said = studio("info", tmp_path / "a.mp4")
    assert said.code == 1
    assert "Input/output error" in said.problem
    assert "--debug" in said.problem
    with pytest.raises(OSError, match="Input/output"):
        run(["info", str(tmp_path / "a.mp4"), "--debug"])


def test_open_without_a_display_names_what_works(program: Command) -> None:
    said = program("open")
    assert said.code == 1
    for verb in ("demo", "estimate", "screenshot"):
        assert verb in said.problem


def test_a_reader_who_has_enough_is_no_problem(tmp_path: Path) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "hpe_studio", "assets", "list"]
    shell = f"{' '.join(command)} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", shell], capture_output=True, text=True, check=False, timeout=600
    )
    assert (done.returncode, done.stderr) == (0, "")
