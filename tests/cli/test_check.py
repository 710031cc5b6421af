"""What `hpe-studio check` and `hs.check` say about a broken project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import hpe_studio as hs
from hpe_studio import cli
from hpe_studio.storage.project import write_document
from tests.quality.made import made_document


def test_problems_in_words_for_machines_and_for_scripts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.hpes"
    write_document(path, made_document(["jump"]))
    assert cli.run(["check", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["open"] == len(facts["problems"]) >= 2
    assert {problem["kind"] for problem in facts["problems"]} >= {"jump"}
    assert cli.run(["check", str(path)]) == 0
    assert f"{facts['open']} open, 0 done" in capsys.readouterr().out
    with hs.open(path) as project:
        titles = [problem.finding.title for problem in hs.check(project)]
    assert titles == [problem["title"] for problem in facts["problems"]]


def test_what_is_no_project_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "walk.txt"
    path.write_text("nothing")
    assert cli.run(["check", str(path)]) == 1
    assert "walk.txt" in capsys.readouterr().err
