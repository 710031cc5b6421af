"""The page of a comparison: self-contained, true to its numbers and its rules."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects
import pytest

from hpe_studio.core.skeleton import landmark_set
from hpe_studio.metrics.comparing import Setting, compared
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.effect import effect
from hpe_studio.metrics.people import People
from hpe_studio.metrics.protocol import NAMED, Protocol
from hpe_studio.render.theme import theme
from hpe_studio.report.figures import figures
from hpe_studio.report.look import heat_index, style
from hpe_studio.report.page import page
from hpe_studio.report.pictures import pictures
from hpe_studio.report.tables import (
    as_json,
    facts,
    per_frame_csv,
    run_rows,
    table_latex,
)
from hpe_studio.report.writing import write_report, write_table

JOINTS = landmark_set("coco19").names
STUDIO = NAMED["studio"]


def truth(frames: int = 30) -> People:
    rng = np.random.default_rng(2)
    body = rng.normal(size=(1, 2, 19, 3)) * 0.3
    body[:, :, 2] = (body[:, :, 6] + body[:, :, 12]) / 2
    points = body + np.arange(2)[:, None, None] * np.array([2.0, 0, 0])
    points = points + np.arange(frames)[:, None, None, None] * 0.01
    return People(
        names=("<b>Ann</b>", "Bob & Co"),
        joints=JOINTS,
        points_m=points,
        points_px=200 * points[..., :2] + [300, 300],
    )


def result(people: People) -> People:
    points = people.points_m.copy()
    points[12, 0, JOINTS.index("left_wrist")] += [0.5, 0, 0]
    points[20:23, 1] = np.nan
    return replace(people, points_m=points)


def found(
    people: People | None = None, protocol: Protocol = STUDIO, **more: Any
) -> Comparison:
    true = truth()
    frames = np.arange(30) + 100
    setting = Setting(
        frames=frames,
        truth_frames=frames.astype(float),
        fps=30.0,
        prediction="romp",
        truth="band1",
        size_px=(800, 600),
        **more,
    )
    return compared(people or result(true), true, protocol, setting)


class Tags(HTMLParser):
    """Checks that what opens closes, and collects what would be fetched."""

    VOID = frozenset(
        {"meta", "link", "img", "br", "input", "path", "rect", "circle", "image"}
    )

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(dict(attrs))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(dict(attrs))

    def _note(self, attrs: dict[str, str | None]) -> None:
        for name in ("src", "href"):
            value = attrs.get(name)
            if value and not value.startswith("data:"):
                self.fetched.append(value)
        if attrs.get("id"):
            self.ids.append(str(attrs["id"]))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open, tag
            assert self.open.pop() == tag


def without_library(html: str) -> str:
    return re.sub(r"<script[^j]*?>.*?</script>", "", html, flags=re.DOTALL)


def written(comparison: Comparison, **more: Any) -> str:
    drawn = pictures(comparison, comparison.worst(4), more.pop("read_rgb", None))
    return page(comparison, drawn, **more)


def test_the_page_is_whole_and_fetches_nothing() -> None:
    html = without_library(written(found()))
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    assert tags.fetched == []
    assert len(tags.ids) == len(set(tags.ids))
    assert {"figure-errors", "figure-correct", "figure-spread"} <= set(tags.ids)
    assert "@import" not in html
    assert not re.search(r"url\((?!\"data:)", html)


def test_names_of_people_are_text_not_markup() -> None:
    html = without_library(written(found()))
    assert "<b>Ann</b>" not in html
    assert "&lt;b&gt;Ann&lt;/b&gt;" in html
    data = re.search(r'id="figures">(.*?)</script>', written(found()), re.DOTALL)
    assert data is not None
    assert json.loads(data[1])[0]["data"][0]["name"] == "&lt;b&gt;Ann&lt;/b&gt;"


def test_the_card_is_green_until_a_setting_leaves_the_protocol() -> None:
    kept = without_library(written(found()))
    assert 'class="card kept"' in kept
    assert "HS-Panoptic, kept" in kept
    assert "aligned root" in kept
    assert "counts in the mean" in kept
    left = found(protocol=replace(STUDIO, root="neck"))
    amber = without_library(written(left))
    assert 'class="card modified"' in amber
    assert "root neck instead of mid hip" in amber
    romp = without_library(written(found(protocol=NAMED["romp"])))
    assert "counts as 150 mm" in romp


def test_the_numbers_on_the_page_are_the_numbers() -> None:
    comparison = found()
    html = without_library(written(comparison))
    assert f"{comparison.error.value:.1f} <small>mm</small>" in html
    counts = comparison.counts
    assert (counts.matched, counts.missed) == (57, 3)
    assert "3 missed, 0 that are nobody" in html
    share = f"{counts.counted:,} of {counts.true_joints:,} true joints measured"
    assert share in html
    assert html.count('<svg class="frame"') == 1
    assert "frame 0112, &lt;b&gt;Ann" in html
    assert "left wrist 500 mm" in html


def coloured(node: Any) -> Any:
    """The figure with the tokens of the dark theme in place of their names."""
    look = theme("dark")
    if isinstance(node, list):
        return [coloured(one) for one in node]
    if not isinstance(node, dict):
        return node
    out = {}
    for key, value in node.items():
        is_token = key in ("color", "fillcolor") and isinstance(value, str)
        if is_token and value.startswith("person."):
            out[key] = look.person(int(value.removeprefix("person.")))
        else:
            out[key] = look.colour(value) if is_token else coloured(value)
    return out


def test_figures_are_what_plotly_takes_and_leave_gaps() -> None:
    comparison = found()
    before = found(truth())
    drawn = figures(comparison, before, effect(before, comparison))
    for one in drawn:
        clean = coloured({"data": one["data"], "layout": one["layout"]})
        plotly.graph_objects.Figure(clean)  # raises where a property is none
    lines = [t for t in drawn[0]["data"] if t["mode"] == "lines"]
    bob = next(t for t in lines if t["name"] == "Bob &amp; Co")
    assert bob["x"][20:23] == [120, 121, 122]
    assert bob["y"][20:23] == [None, None, None]
    missed = next(t for t in drawn[0]["data"] if t["name"].endswith("missed"))
    assert missed["x"] == [120, 121, 122]
    assert drawn[0]["layout"]["shapes"][0]["x0"] == 111.5
    pck = drawn[1]["data"][-1]["y"]
    assert pck == sorted(pck)


def test_pictures_hold_the_footage_cut_to_the_person() -> None:
    comparison = found()
    asked: list[int] = []

    def read_rgb(frame: int) -> np.ndarray:
        asked.append(frame)
        return np.full((600, 800, 3), 90, np.uint8)

    with_footage = pictures(comparison, comparison.worst(1), read_rgb)[0]
    assert asked == [112]
    assert "data:image/jpeg;base64," in with_footage.svg
    plain = pictures(comparison, comparison.worst(1))[0]
    assert "data:image" not in plain.svg
    for kind in ("true", "mine p0", "gap", "point", "worst"):
        assert f'class="{kind}"' in plain.svg
    blind = replace(comparison, truth_px=None, predicted_px=None)
    sides = pictures(blind, blind.worst(1))[0]
    assert sides.svg.count('class="true"') == 2


def test_both_themes_are_the_window_s_own() -> None:
    sheet = style()
    for name in ("dark", "light"):
        panel = theme(name).colours["bg.panel"]
        assert f"--bg-panel:{panel};" in sheet
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", sheet))
    known = set(re.findall(r"--([a-z0-9-]+):", sheet))
    assert used <= known
    assert [heat_index(e) for e in (0, 24.9, 25, 149, 150, 900)] == [0, 0, 1, 5, 5, 5]


def test_data_without_numbers_is_empty_or_null_never_nan() -> None:
    comparison = found()
    text = as_json(facts(comparison))
    assert "NaN" not in text
    rows = per_frame_csv(comparison)
    assert "nan" not in rows
    assert rows.count("missed") == 3
    missed = next(line for line in rows.splitlines() if ",missed," in line)
    assert missed.endswith("," * 14)


def test_latex_escapes_names() -> None:
    text = table_latex([({"result": "romp_v1 & co"}, found())])
    assert r"romp\_v1 \& co" in text
    odd = table_latex([({"result": r"a\b{c}~d^e <f> 50%"}, found())])
    assert r"a\textbackslash{}b\{c\}\textasciitilde{}d" in odd
    assert r"\textasciicircum{}e \textless{}f\textgreater{} 50\%" in odd
    assert text.count(r"\midrule") == 1


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    from hpe_studio.core.errors import StudioError

    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="cannot be made"):
        write_report(found(), tmp_path / "file" / "out")


def test_the_effect_of_edits_says_what_was_in_sight() -> None:
    true = truth()
    before = found()
    fixed = result(true)
    fixed.points_m[12] = true.points_m[12]
    after = found(fixed)
    changed = effect(before, after)
    assert changed.edited_frames == 1
    assert changed.sentence.startswith("36 → 0.0 mm on 1 edited frame, ")
    assert changed.sentence.endswith("edited blind")
    seen = np.ones((30, 2), dtype=bool)
    assert effect(before, after, seen).sight == "edited with truth in sight"
    assert effect(after, after).sentence == "nothing edited"
    html = without_library(page(after, [], before=before, effect=changed))
    assert "36 → 0.0 mm on 1 edited frame" in html


def test_sequences_with_several_cameras_have_means_of_their_own() -> None:
    runs = [
        ({"sequence": sequence, "camera": camera}, found(result(truth())))
        for sequence in ("a1", "b2")
        for camera in ("00_16", "00_30")
    ]
    head, rows = run_rows(runs)
    assert [row[:2] for row in rows[4:]] == [["a1", ""], ["b2", ""], ["all", ""]]
    people = head.index("People")
    assert [row[people] for row in rows] == ["60"] * 4 + ["120", "120", "240"]
    assert table_latex(runs).splitlines()[-6] == r"\midrule"


def test_the_page_stays_small_and_its_library_opens() -> None:
    html = written(found())
    packed = re.search(r'<script type="text/plain" id="plotly">(.*?)</script>', html)
    assert packed is not None
    library = gzip.decompress(base64.b64decode(packed[1])).decode()
    assert library.lstrip().startswith("/**\n* plotly.js")
    assert len(html) < 2_400_000


def over(frames: np.ndarray, people: int = 1) -> Comparison:
    rng = np.random.default_rng(4)
    true = truth(len(frames))
    points = np.repeat(true.points_m[:, :1], people, axis=1)
    apart = np.arange(people)[:, None, None] * np.array([2.0, 0, 0])
    true = People(
        names=tuple(f"id {n}" for n in range(people)),
        joints=JOINTS,
        points_m=points + apart,
    )
    noisy = true.points_m + rng.normal(size=true.points_m.shape) * 0.01
    noisy[:, people - 1] += rng.normal(size=noisy[:, 0].shape) * 0.03
    setting = Setting(frames=frames, truth_frames=frames.astype(float), fps=30.0)
    return compared(replace(true, points_m=noisy), true, STUDIO, setting)


def test_every_twelfth_frame_is_a_line_and_one_frame_a_dot() -> None:
    line = figures(over(100 + 12 * np.arange(20)))[0]["data"][0]
    assert line["x"] == [100.0 + 12 * n for n in range(20)]
    assert None not in line["y"]
    assert line["mode"] == "lines"
    dot = figures(over(np.array([7])))[0]
    assert dot["data"][0]["mode"] == "lines+markers"
    assert dot["data"][0]["marker"]["size"] == [6]
    assert dot["layout"]["xaxis"]["dtick"] == 1
    uneven = figures(over(np.array([3, 4, 9])))[0]["data"][0]
    assert uneven["x"] == [3, 4, 5, 6, 7, 8, 9]
    assert uneven["marker"]["size"] == [0, 0, 0, 0, 0, 0, 6]


def test_of_a_crowd_the_mean_and_the_worst_are_drawn() -> None:
    crowd = over(np.arange(10), people=30)
    names = [trace["name"] for trace in figures(crowd)[0]["data"]]
    assert names[0] == "everybody"
    assert len(names) == 13
    assert "id 29" in names, "the one furthest off"
    assert "30 people, and the 12 who" in without_library(page(crowd, []))


def test_a_table_of_runs_tells_the_protocol_once_and_means_in_bold(
    tmp_path: Path,
) -> None:
    long = "simple_romp_with_a_name_that_is_much_longer_than_a_column_is_wide"
    runs = [({"result": name}, found()) for name in (long, "bev")]
    write_table(runs, tmp_path, ["a.html", "b.html"])
    html = without_library((tmp_path / "overview.html").read_text("utf-8"))
    assert html.count("HS-Panoptic") == 1
    assert html.count('<tr class="total">') == 2  # the mean, and that of the joints
    assert f'title="{long}"' in html
    assert "Protocol" in (tmp_path / "table.csv").read_text("utf-8")
