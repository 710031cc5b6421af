"""Axis ball, ground line and name tags over the 3D picture."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.render import orbit
from hpe_studio.render.drawlist import Label, Lines
from hpe_studio.render.marks3d import (
    NamedHead,
    axis_ball,
    axis_ball_rect,
    face_rects,
    ground_line,
    hit_axis_ball,
    joint_note,
    name_tags,
    on_axis_ball,
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


def test_tags_leave_handles_faces_and_buttons_free():
    view = STATE.view_camera(SIZE)
    head = np.array([0.0, 1.6, 0.0])
    person = NamedHead(id="1", name="Kim", letter="A", colour="#fff", head_m=head)
    (free,) = name_tags(view, [person])
    handle = free.rect
    (moved,) = name_tags(view, [person], obstacles=[handle])
    assert not _overlap(moved.rect, handle)
    (face,) = face_rects(view, head[None])
    assert not _overlap(moved.rect, face)


def test_a_tag_stays_while_any_of_the_body_is_in_view():
    view = STATE.view_camera(SIZE)
    head = np.array([0.0, 3.4, 0.0])
    body = np.stack([head, [0.0, 1.0, 0.0]])
    assert view.project(head)[1] < 0
    alone = NamedHead(id="1", name="Kim", letter="A", colour="#fff", head_m=head)
    assert name_tags(view, [alone]) == ()
    whole = NamedHead(
        id="1", name="Kim", letter="A", colour="#fff", head_m=head, body_m=body
    )
    (tag,) = name_tags(view, [whole])
    assert tag.rect[1] >= 0


@pytest.mark.parametrize("x", [20.0, 200.0, 410.0])
def test_the_note_of_a_joint_stands_beside_its_handles_inside_the_view(x):
    rect, shapes = joint_note(
        (x, 300.0), ("Right knee", "filled"), DARK, view_px=SIZE, clear_px=54
    )
    assert rect[0] >= 0
    assert rect[2] <= SIZE[0]
    assert rect[0] >= x + 50 or rect[2] <= x - 50
    assert {s.text for s in shapes if isinstance(s, Label)} == {"Right knee", "filled"}


def test_every_end_of_the_ball_looks_along_its_axis():
    view = STATE.view_camera(SIZE)
    left, top, right, bottom = axis_ball_rect(view)
    assert right <= SIZE[0]
    assert bottom <= SIZE[1]
    names = {
        hit_axis_ball(view, x, y)
        for x in np.arange(left, right, 2.0)
        for y in np.arange(top, bottom, 2.0)
    }
    assert names - {None} == {
        "front", "side", "top", "back", "far side", "bottom",
    }  # fmt: skip
    for name in names - {None}:
        toward = orbit.preset(STATE, str(name)).axes()[2]
        assert np.abs(toward).max() == pytest.approx(1)
    assert on_axis_ball(view, (left + right) / 2, (top + bottom) / 2)
    assert not on_axis_ball(view, 30, 30)


def test_a_glide_takes_the_shorter_turn_and_arrives():
    start = orbit.OrbitState(yaw_rad=3.0, distance_m=1.0)
    stop = orbit.OrbitState(yaw_rad=-3.0, distance_m=4.0, focal_m=(2.0, 0.9, 0.0))
    half = orbit.between(start, stop, 0.5)
    assert abs(half.yaw_rad) == pytest.approx(np.pi, abs=0.15)
    assert half.distance_m == pytest.approx(2.0)
    assert half.focal_m == pytest.approx((1.0, 0.9, 0.0))
    last = orbit.between(start, stop, 1.0)
    assert last.axes() == pytest.approx(stop.axes())
    assert last.distance_m == pytest.approx(4.0)


def _overlap(one, other) -> bool:
    apart = one[2] <= other[0] or other[2] <= one[0]
    return not (apart or one[3] <= other[1] or other[3] <= one[1])
