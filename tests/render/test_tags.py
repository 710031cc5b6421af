"""Name tags get out of the way of each other, of faces and of the selected joint."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe_studio.render.overlay import OverlayPerson, draw_overlay
from hpe_studio.render.tags import overlap
from hpe_studio.render.viewtransform import fit

VIEW = fit((1920, 1080), (640.0, 420.0))
EDGES = ((0, 1), (1, 2), (2, 3), (3, 4))
STANDING = np.array([[0, 0], [0, 90], [0, 350], [30, 520], [0, 700.0]])
NAMES = ("Ada", "Bartholomew", "Person C", "Ω")

people = st.lists(
    st.tuples(
        st.integers(-200, 2100),
        st.integers(-300, 1100),
        st.floats(0.2, 2.0),
        st.sampled_from(NAMES),
    ),
    min_size=1,
    max_size=12,
)


def _person(i, place, *, selected, joint):
    x, y, size, name = place
    points = STANDING * size + (x, y)
    head = (x - 40 * size, y - 110 * size, x + 40 * size, y + 30 * size)
    return OverlayPerson(
        id=str(i),
        points_px=points,
        edges=EDGES,
        colour="#13A4F5",
        name=name,
        letter="A",
        head=(0,),
        head_box_px=head,
        selected=selected,
        selected_joint=joint if selected else None,
        selected_caption=("Right knee", "filled") if selected else None,
    )


@settings(max_examples=200)
@given(people, st.integers(0, 4), st.booleans())
def test_tags_touch_neither_each_other_nor_what_is_selected(places, joint, short):
    crowd = [
        _person(i, place, selected=i == 0, joint=joint)
        for i, place in enumerate(places)
    ]
    overlay = draw_overlay(crowd, VIEW, short_tags=short)
    joint_view = VIEW.to_view(crowd[0].points_px[joint])
    ring = (*(joint_view - 8.5), *(joint_view + 8.5))
    face = tuple(VIEW.to_view(np.array(crowd[0].head_box_px).reshape(2, 2)).ravel())
    rects = [tag.rect for tag in overlay.tags]
    for i, rect in enumerate(rects):
        assert rect[0] >= 0
        assert rect[1] >= 0
        assert rect[2] <= 640
        assert rect[3] <= 420
        assert overlap(rect, ring) == 0
        assert overlap(rect, face) == 0
        assert all(overlap(rect, other) == 0 for other in rects[i + 1 :])


def test_a_crowd_keeps_its_letters():
    rng = np.random.default_rng(3)
    spots = zip(rng.integers(300, 1600, 10), rng.integers(200, 400, 10), strict=True)
    crowd = [
        _person(i, (x, y, 0.9, "Bartholomew"), selected=False, joint=0)
        for i, (x, y) in enumerate(spots)
    ]
    assert len(draw_overlay(crowd, VIEW).tags) == 10


def test_a_caption_keeps_off_the_joint_and_points_at_it():
    person = _person(0, (900, 300, 1.0, "Ada"), selected=True, joint=3)
    overlay = draw_overlay([person], VIEW, clear_px=48)
    (caption,) = overlay.captions
    x, y = VIEW.to_view(person.points_px[3])
    assert (caption.text, caption.detail) == ("Right knee", "filled")
    assert overlap(caption.rect, (x - 48, y - 48, x + 48, y + 48)) == 0
    (start, stop) = caption.leader
    assert np.hypot(start[0] - x, start[1] - y) < 10
    assert caption.rect[0] <= stop[0] <= caption.rect[2]


def test_tags_keep_off_what_lies_over_the_view():
    tools = (8.0, 8.0, 42.0, 74.0)
    crowd = [_person(0, (60, 100, 1.0, "Ada"), selected=False, joint=0)]
    free = draw_overlay(crowd, VIEW).tags[0].rect
    assert overlap(free, tools) > 0
    (tag,) = draw_overlay(crowd, VIEW, covered=[tools]).tags
    assert overlap(tag.rect, tools) == 0
