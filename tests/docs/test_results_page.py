"""The page about other programs' results says what the readers say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hpe_studio.catalogue import motion_format

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats" / "results.md"
ROWS = {
    found[1]: line
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if (found := re.match(r"\|[^|]*\(`(\w+)`\)", line))
}
FORMATS = (
    "romp", "trace", "phalp", "wham", "gvhmr", "tram", "prompthmr", "amass", "aist",
    "easymocap", "mtc",
)  # fmt: skip


def test_every_program_has_its_row():
    assert tuple(ROWS) == FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_options_are_those_of_the_reader(name):
    told = re.findall(r"`(\w+)`", ROWS[name].rsplit("|", 2)[1])
    assert told == [option.name for option in motion_format(name).SPEC.read_options]


@pytest.mark.parametrize("name", FORMATS)
def test_folders_are_told_where_they_are_read(name):
    assert motion_format(name).SPEC.reads_folders == ("folder" in ROWS[name])


def test_every_option_is_explained():
    text = PAGE.read_text(encoding="utf-8")
    names = {o.name for name in FORMATS for o in motion_format(name).SPEC.read_options}
    assert all(f"- `{name}`: " in text for name in names)
