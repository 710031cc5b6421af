"""Axis ball, ground line and name tags over the 3D picture."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.render import orbit
from hpe_studio.render.drawlist import Label, Lines
from hpe_studio.render.marks3d import (
    NamedHead,
    axis_ball,
    ground_line,
    hit_axis_ball,
    name_tags,
)
from hpe_studio.render.theme import theme

SIZE = (425.0, 486.0)
DARK = theme("dark")
STATE = orbit.OrbitState()


def test_the_axis_ball_shows_where_the_axes_point():
    front = orbit.preset(STATE, "front").view_camera(SIZE)
    labels = {s.text: s for s in axis_ball(front, DARK) if isinstance(s, Label)}
    assert set(labels) == {"X", "Y", "Z"}
    assert labels["X"].x > labels["Z"].x + 15
    assert labels["Y"].y < labels["Z"].y - 15


@pytest.mark.parametrize(
    ("text", "name"), [("X", "side"), ("Y", "top"), ("Z", "front")]
)
def test_a_click_on_an_axis_names_its_view(text, name):
    view = STATE.view_camera(SIZE)
    (label,) = [s for s in axis_ball(view, DARK) if getattr(s, "text", "") == text]
    assert hit_axis_ball(view, label.x, label.y) == name
    assert hit_axis_ball(view, 10, 10) is None


def test_the_floor_is_a_line_where_it_is_seen_edge_on():
    front = orbit.preset(STATE, "front").view_camera(SIZE)
    (line,) = ground_line(front, DARK, height_m=0.2)
    assert isinstance(line, Lines)
    assert line.ends[0, 0, 1] == pytest.approx(front.project(np.array([1, 0.2, 3]))[1])
    assert line.ink.colour == DARK.colour("axis.x")
    (line,) = ground_line(orbit.preset(STATE, "side").view_camera(SIZE), DARK)
    assert line.ink.colour == DARK.colour("axis.z")
    assert ground_line(orbit.preset(STATE, "top").view_camera(SIZE), DARK) == []
    assert ground_line(STATE.view_camera(SIZE), DARK) == []


def test_tags_stand_above_heads_inside_the_view_and_apart():
    view = STATE.view_camera(SIZE)
    places = [
        (0, 1.6, 0),
        (0.05, 1.6, -0.3),
        (0.1, 1.58, 0.1),
        (0, np.nan, 0),
        (90, 0, 0),
    ]
    people = [
        NamedHead(
            id=str(i), name="Bartholomew", letter="A", colour="#fff", head_m=np.array(p)
        )
        for i, p in enumerate(places)
    ]
    tags = name_tags(view, people)
    assert {tag.person for tag in tags} == {"0", "1", "2"}
    for i, tag in enumerate(tags):
        left, top, right, bottom = tag.rect
        assert min(left, top) >= 0
        assert right <= SIZE[0]
        assert bottom <= SIZE[1]
        for other in tags[i + 1 :]:
            apart = other.rect[0] >= right or other.rect[2] <= left
            assert apart or other.rect[1] >= bottom or other.rect[3] <= top
    first = next(tag for tag in tags if tag.person == "2")
    assert first.rect[3] < view.project(people[2].head_m)[1]
    assert all(tag.text == "" for tag in name_tags(view, people, short=True))
