"""Tables of the reference pages say what the program does."""

from __future__ import annotations

import json
import re
import struct
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.core.interchange import PersonPoints
from hpe_studio.core.jobs import run_job
from hpe_studio.core.resources import resource_path
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.track import ESTIMATE_FIELDS, TRACK_FIELDS, Source
from hpe_studio.core.truth import TRUTH_FIELDS
from hpe_studio.formats import bvh, hpe_json
from hpe_studio.storage import schema as project_schema
from hpe_studio.workflow.info import info
from tests.formats.scenes import motion, person

from .pages import ROOT, named, rows, section, text_of

JSON_PAGE = "docs/formats/json.md"
SECTIONS = {
    "File": "## The file",
    "Clip": "### `clip`",
    "Range": "### `shots`",
    "Camera": "### `cameras`",
    "Skeleton": "### `skeletons`",
    "Person": "### `persons`",
    "Track": "### `tracks`",
    "Observations": "### `observations`",
    "Points": "### `points`",
    "PointSet": "### `point_sets`",
    "View": "### `views`",
}


def json_schema() -> dict[str, Any]:
    return json.loads(resource_path("schemas/hpe_motion.schema.json").read_text())


def own_rows(heading: str) -> list[list[str]]:
    """Table rows right below a heading, without those of its subsections."""
    text = section(JSON_PAGE, heading)
    return rows(re.split(r"^#", text, flags=re.MULTILINE)[0])


def decimals(value: Any) -> Iterator[int]:
    """Decimals of all numbers in nested lists."""
    if isinstance(value, list):
        for item in value:
            yield from decimals(item)
    elif isinstance(value, float):
        yield -int(Decimal(repr(value)).as_tuple().exponent)


@pytest.mark.parametrize("kind", sorted(SECTIONS))
def test_every_json_field_is_explained_and_no_other(kind: str) -> None:
    explained = [name for row in own_rows(SECTIONS[kind]) for name in named(row[0])]
    fields = list(json_schema()["$defs"][kind]["properties"])
    assert explained == fields


def test_no_kind_of_json_object_is_left_out() -> None:
    assert set(json_schema()["$defs"]) == {*SECTIONS, "Rate"}
    fps = next(row for row in own_rows("### `clip`") if named(row[0]) == ["fps"])
    assert {"num", "den"} <= set(named(fps[1]))


def test_source_codes_are_those_of_the_program() -> None:
    told = {named(row[0])[0]: int(row[1]) for row in own_rows("### `source_codes`")}
    assert told == {source.name.lower(): int(source) for source in Source}


def test_numbers_are_rounded_as_told(tmp_path: Path) -> None:
    who = person()
    who = replace(who, rest_joints_m=who.rest_joints_m * np.pi / 3)
    who = replace(who, expression=np.full((30, 10), np.pi))
    seen = PersonPoints(
        name="",
        point_set=landmark_set("coco19"),
        start=0,
        points_scene_m=np.full((4, 19, 3), np.pi),
    )
    times_s = np.cumsum(np.linspace(0.01, 0.07, 60) * np.pi / 3)
    meant = replace(motion(who), times_s=times_s, points=(seen,))
    hpe_json.write(meant, tmp_path / "a.json")
    content = json.loads((tmp_path / "a.json").read_text())
    track = content["tracks"][0]
    points = {"points_scene_m": content["points"][0]["points_scene_m"]}
    places = {**track, **track["observations"], **content["clip"], **points}
    places |= {"betas": content["persons"][0]["betas"]}
    for names, rounding in own_rows("## Numbers"):
        if rounding == "not rounded":
            continue
        digits = round(-np.log10(float(rounding)))
        for name in named(names):
            assert max(decimals(places[name])) == digits, name


def test_derived_places_are_ignored_when_read(tmp_path: Path) -> None:
    page = section(JSON_PAGE, "## Written, but not read back")
    path = tmp_path / "a.json"
    hpe_json.write(motion(), path)
    before = hpe_json.read(path).people[0]
    content = json.loads(path.read_text())
    for name in ("joints_scene_m", "joints_px"):
        assert f"`{name}`" in page
        content["tracks"][0][name] = None
    path.write_text(json.dumps(content))
    after = hpe_json.read(path).people[0]
    np.testing.assert_array_equal(before.joints_rad, after.joints_rad)
    np.testing.assert_array_equal(before.root_scene_m, after.root_scene_m)


def test_unknown_json_fields_are_ignored(tmp_path: Path) -> None:
    assert "unknown fields must be ignored" in text_of(JSON_PAGE)
    path = tmp_path / "a.json"
    hpe_json.write(motion(), path)
    content = json.loads(path.read_text())
    content["later"] = content["tracks"][0]["later"] = {"anything": 1}
    path.write_text(json.dumps(content))
    assert len(hpe_json.read(path).people) == 1


def test_bvh_presets_are_those_of_the_program() -> None:
    told = {
        named(row[0])[0]: (row[1], row[2], row[3])
        for row in rows(section("docs/formats/bvh.md", "## What is written"))
    }
    assert told == {
        name: ("Z" if preset.is_z_up else "Y", preset.order, preset.unit)
        for name, preset in bvh.PRESETS.items()
    }


def test_bvh_units_are_those_of_the_program() -> None:
    (row,) = rows(section("docs/formats/bvh.md", "## What is read"))
    (option,) = bvh.SPEC.read_options
    assert named(row[0]) == [option.name]
    assert set(named(row[1])) == set(option.choices)


def test_project_tables_are_those_of_the_program() -> None:
    told = {
        row[0].strip("`"): [c.strip() for c in row[1].split(",")]
        for row in rows(section("docs/formats/project.md", "## Inside"))
        if len(row) == 3
    }
    made: dict[str, list[str]] = {}
    for name, body in re.findall(
        r"CREATE TABLE (\w+) \((.*?)\)[^,)]*;", project_schema.SCHEMA, re.DOTALL
    ):
        columns = re.findall(r"(\w+) (?:TEXT|BLOB|INTEGER)", body)
        made[name] = columns
    assert told == made


def test_project_arrays_are_those_of_the_program() -> None:
    told = {
        (row[0], named(row[1])[0]): row[2]
        for row in rows(section("docs/formats/project.md", "## Inside"))
        if len(row) == 4
    }
    fields = {
        "track": TRACK_FIELDS,
        "estimate": ESTIMATE_FIELDS,
        "truth": TRUTH_FIELDS,
    }
    assert told == {
        (owner, name): np.dtype(kind).name
        for owner, known in fields.items()
        for name, kind in known.items()
    }


def test_the_project_page_names_version_and_chunk_length() -> None:
    page = text_of("docs/formats/project.md")
    assert f"(now {project_schema.SCHEMA_VERSION})" in page
    assert f"{project_schema.CHUNK_FRAMES} frames per row" in page
    assert f"0x{project_schema.APPLICATION_ID:08X}" in page


def test_the_key_table_is_the_windows() -> None:
    from hpe_studio.ui.actions import ACTIONS

    told = {row[1]: named(row[0]) for row in rows(section("docs/guide.md", "### Keys"))}
    real = {
        s.text.rstrip("…"): [k for k in s.keys if k[-1] != "`"]  # named in words
        for s in ACTIONS
        if s.keys
    }
    missing = [
        f"| {', '.join(f'`{k}`' for k in keys)} | {text} |"
        for text, keys in real.items()
        if told.get(text) != keys
    ]
    assert not missing, "docs/guide.md lacks:\n" + "\n".join(missing)
    assert set(told) == set(real)


def test_info_gives_what_the_guide_says(tmp_path: Path) -> None:
    bvh.write(motion(), tmp_path / "walk.bvh")
    facts = run_job(info(tmp_path / "walk.bvh"))
    guide = section("docs/guide.md", "## On a server")
    for name in (*facts, *facts["people"][0]):
        assert f"`{name}`" in guide, name


def test_the_import_order_is_the_checked_one() -> None:
    config = tomllib.loads(text_of("pyproject.toml"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    page = section("ARCHITECTURE.md", "## Folders")
    told = re.findall(r"```\n(.*?)```", page, re.DOTALL)[-1]
    assert " ".join(told.split()).split(" > ") == layers


def test_every_folder_has_a_line() -> None:
    told = {
        name.rstrip("/")
        for row in rows(section("ARCHITECTURE.md", "## Folders"))
        for name in named(row[0])
    }
    package = ROOT / "hpe_studio"
    folders = {p.parent.name for p in package.glob("*/__init__.py")}
    assert folders <= told
    for name in told - {"resources"}:
        assert (package / name).exists(), name


def test_the_reading_order_can_be_read() -> None:
    order = named(section("ARCHITECTURE.md", "## Reading order").replace("\n", " "))
    assert len(order) > 5
    for name in order:
        assert (ROOT / "hpe_studio" / name).is_file(), name


def test_every_decision_is_listed_and_complete() -> None:
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    overview = text_of("docs/decisions/README.md")
    for number, record in enumerate(records, start=1):
        assert record.name.startswith(f"{number:04d}-")
        text = record.read_text(encoding="utf-8")
        assert f"({record.name})" in overview
        assert text.startswith(f"# {number:04d}: ")
        parts = [f"## {p}" for p in ("Context", "Decision", "Consequences")]
        assert [line for line in text.splitlines() if line.startswith("## ")] == parts


def test_the_picture_of_the_window_is_one() -> None:
    data = (ROOT / "docs/images/window.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (1440, 900)
    assert len(data) < 1_500_000
