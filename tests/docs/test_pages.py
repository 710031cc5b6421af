"""Commands, snippets, links and words of the documents are true."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from cyclopts import CycloptsError

import hpe_studio
from hpe_studio import catalogue, cli
from hpe_studio.formats import bvh
from tests.formats.scenes import motion, person

from .pages import (
    PAGES,
    ROOT,
    Block,
    anchors_of,
    blocks,
    commands,
    inline_code,
    links_of,
    text_of,
)

SNIPPETS = blocks("python", "python run", "python format")
RUNNABLE = blocks("python run")
WRAPPER_VERBS = ("test", "setup")
VERBS = frozenset(name for name in cli.app if not name.startswith("-"))
MADE_LATER = (".venv/", "demo/", "hpe_studio/formats/joint_csv")
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|home|Users|tmp|mnt)/")
HOST = re.compile(r"[\w.-]+\.(org|com|io|net)(?=[/:\s)])")
UNUSED_WORDS = re.compile(
    r"\b(actors?|subjects?|media files?|keyframe poses?|tracklet identity)\b",
    re.IGNORECASE,
)


@pytest.fixture
def walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, now the current one, with the file that the snippets read."""
    monkeypatch.chdir(tmp_path)
    bvh.write(motion(person()), tmp_path / "walk.bvh")
    return tmp_path


@pytest.mark.parametrize(
    ("page", "line"), [pytest.param(*c, id=": ".join(c)) for c in commands()]
)
def test_every_command_is_understood(page: str, line: str) -> None:
    words = shlex.split(line)[1:]
    if words[0] in WRAPPER_VERBS:
        return
    if len(words) == 1:  # a command that is only named
        assert words[0] in VERBS or words[0].startswith("-"), f"{page}: {line}"
        return
    try:
        command, bound, _ = cli.app.parse_args(
            words, exit_on_error=False, print_error=False
        )[:3]
    except CycloptsError as error:
        pytest.fail(f"{page}: {line}: {error}")
    assert callable(command)
    assert bound is not None


def test_there_are_commands_to_check() -> None:
    found = {line for _, line in commands()}
    assert "./studio demo" in found
    assert len(found) > 15


def test_every_verb_is_documented() -> None:
    assert {shlex.split(line)[1] for _, line in commands()} >= VERBS


@pytest.mark.parametrize("words", [("-q", "core"), ("-q", "formats", "-k", "bvh")])
def test_the_inner_loop_names_tests_that_exist(words: tuple[str, ...]) -> None:
    assert f"./studio test {' '.join(words)}" in text_of("CONTRIBUTING.md")
    assert (ROOT / "tests" / words[1]).is_dir()


@pytest.mark.parametrize("block", SNIPPETS, ids=str)
def test_every_snippet_compiles_and_names_what_exists(block: Block) -> None:
    tree = ast.parse(block.code)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "hpe_studio"
        ):
            module = importlib.import_module(str(node.module))
            for name in node.names:
                if not hasattr(module, name.name):
                    importlib.import_module(f"{node.module}.{name.name}")
        is_ours = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if is_ours and node.value.id == "hs":
            assert node.attr in hpe_studio.__all__, f"{block}: hs.{node.attr}"


@pytest.mark.parametrize("block", RUNNABLE, ids=str)
def test_runnable_snippets_run(
    block: Block, walk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(block.code, str(block), "exec"), {"__name__": "snippet"})
    assert "Traceback" not in capsys.readouterr().err
    assert walk.joinpath("walk.bvh").exists()


def test_the_example_format_works_as_described(
    walk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = blocks("python format")
    module_name = "hpe_studio.formats.joint_csv"
    assert f'"csv": "{module_name}"' in text_of("docs/extending.md")
    folder = walk / "plugin"
    folder.mkdir()
    (folder / "joint_csv_example.py").write_text(block.code)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setitem(catalogue.FORMATS, "csv", "joint_csv_example")
    assert cli.run(["export", "walk.bvh", "-o", "walk.csv"]) == 0
    assert "Wrote walk.csv" in capsys.readouterr().out
    lines = (walk / "walk.csv").read_text().splitlines()
    assert lines[0] == "person,frame,joint,x_m,y_m,z_m"
    assert len(lines) == 1 + 30 * 24
    assert lines[1].startswith("walk,0,pelvis,")


def test_all_names_of_the_library_are_explained() -> None:
    page = text_of("docs/library.md")
    for name in set(hpe_studio.__all__) - {"__version__"}:
        assert f"`hs.{name}" in page, f"hs.{name} is not on docs/library.md"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in links_of(page):
        assert not link.startswith(("http:", "https:")), f"{page}: {link} is elsewhere"
        name, _, anchor = link.partition("#")
        goal = (ROOT / page).parent / name if name else ROOT / page
        assert goal.exists(), f"{page}: {link}"
        if anchor:
            known = anchors_of(goal.resolve().relative_to(ROOT).as_posix())
            assert anchor in known, f"{page}: {link}"


@pytest.mark.parametrize("page", PAGES)
def test_pages_speak_of_the_product_in_its_words(page: str) -> None:
    text = text_of(page)
    for pattern in (MACHINE_PATH, HOST):
        found = pattern.search(text)
        assert found is None, f"{page}: {found and found.group()}"
    if page != "ARCHITECTURE.md":  # it lists the words that are not used
        found = UNUSED_WORDS.search(text)
        assert found is None, f"{page}: {found and found.group()}"


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page: str) -> None:
    roots = (ROOT, ROOT / "hpe_studio", (ROOT / page).parent)
    for word in inline_code(page):
        if re.fullmatch(r"\.?[a-z_]+(/[a-z_0-9.]+)+", word) and "NAME" not in word:
            is_made = word.startswith(MADE_LATER)
            exists = any((root / word).exists() for root in roots)
            assert exists or is_made, f"{page}: {word}"


def test_the_help_of_the_script_names_its_verbs() -> None:
    script = text_of("README.md")
    for verb in ("demo", "test", "open"):
        assert f"./studio {verb}" in script
    finished = subprocess.run(
        [sys.executable, "-m", "hpe_studio", "--version"],
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    assert finished.stdout.strip() == hpe_studio.__version__
    assert f"## {hpe_studio.__version__}" in text_of("CHANGELOG.md")
