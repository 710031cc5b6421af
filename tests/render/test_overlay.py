"""What is drawn over the footage and what the pointer hits there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from hpe_studio.core.skeleton import landmark_set
from hpe_studio.render import drawlist as shapes
from hpe_studio.render.alike import are_alike
from hpe_studio.render.hit2d import hit_test
from hpe_studio.render.overlay import OverlayPerson, draw_overlay
from hpe_studio.render.skeletonmemory import SkeletonMemory
from hpe_studio.render.tags import place_rect
from hpe_studio.render.viewtransform import fit
from tests.work import calls_of

SIZE, PANE = (1920, 1080), (500.0, 480.0)
VIEW = fit(SIZE, PANE)
# Head, neck, hip, knee, foot.
EDGES = ((0, 1), (1, 2), (2, 3), (3, 4))
STANDING = np.array([[960, 200], [960, 300], [960, 600], [980, 800], [960, 1000.0]])


def _person(shift=(0, 0), **kwargs) -> OverlayPerson:
    given = {"id": "a", "points_px": STANDING + shift, "edges": EDGES}
    return OverlayPerson(
        **{**given, "colour": "#13A4F5", "name": "Ada", "letter": "A", **kwargs}
    )


def _of(overlay, kind):
    return [shape for shape in overlay.shapes if isinstance(shape, kind)]


def test_lines_join_the_points_where_the_picture_lies():
    overlay = draw_overlay([_person()], VIEW)
    casing, bones = _of(overlay, shapes.Lines)
    assert_allclose(bones.ends, VIEW.to_view(STANDING)[np.array(EDGES)])
    assert bones.width == 2.5
    assert casing.width == pytest.approx(4.9)
    assert bones.ink.colour == "#13A4F5"
    assert not _of(overlay, shapes.Capsules)
    assert not _of(overlay, shapes.Dots)


def test_widths_do_not_zoom():
    near = draw_overlay([_person()], VIEW.zoomed(5, 100, 100))
    assert [s.width for s in _of(near, shapes.Lines)] == pytest.approx([4.9, 2.5])


def test_limbs_beyond_the_picture_are_hatched_and_nothing_else_is():
    person = _person(shift=(0, 300), selected=True)
    overlay = draw_overlay([person], fit(SIZE, PANE, reach_px=(960, 500, 980, 1300)))
    (hatched,) = _of(overlay, shapes.Capsules)
    assert len(hatched.ends) == 2
    assert hatched.radius == 5.5
    edge_y = overlay.shapes[0].except_rect[3]
    assert hatched.except_rect == overlay.shapes[0].except_rect
    (lines,) = [s for s in _of(overlay, shapes.Lines) if s.width == 3.2]
    assert len(lines.ends) == 3
    assert lines.ends[..., 1].max() == pytest.approx(edge_y)
    assert _of(overlay, shapes.Dots)


def test_what_a_model_says_of_outside_wins_over_the_pixel():
    flags = np.array([False, False, False, False, True])
    overlay = draw_overlay([_person(outside=flags)], VIEW)
    (hatched,) = _of(overlay, shapes.Capsules)
    assert_allclose(hatched.ends, VIEW.to_view(STANDING)[None, [3, 4]])


def test_the_frame_edge_is_drawn_only_where_limbs_cross_it():
    overlay = draw_overlay([_person(shift=(0, 300))], VIEW, frame_edge="frame edge")
    (edge,) = [s for s in _of(overlay, shapes.Lines) if s.dash == (6, 4)]
    assert_allclose(edge.ends[:, :, 1], VIEW.picture_rect()[3])
    (label,) = _of(overlay, shapes.Label)
    assert (label.text, label.x) == ("frame edge", 10)
    left = draw_overlay([_person(shift=(-850, 300))], VIEW, frame_edge="frame edge")
    assert _of(left, shapes.Label)[0].x > 300


def test_hidden_limbs_are_dashed_and_missing_ones_left_out():
    points = STANDING.copy()
    points[4] = np.nan
    occluded = np.array([False, False, False, True, False])
    overlay = draw_overlay([_person(points_px=points, occluded=occluded)], VIEW)
    (dashed,) = [s for s in _of(overlay, shapes.Lines) if s.dash]
    assert_allclose(dashed.ends, VIEW.to_view(STANDING)[None, [2, 3]])
    assert dashed.ink.alpha == 0.55
    assert not _of(overlay, shapes.Capsules)
    everything = [s.ends for s in _of(overlay, shapes.Lines)]
    assert all(np.isfinite(ends).all() for ends in everything)


def test_a_person_without_points_draws_nothing_and_hits_nothing():
    nobody = _person(points_px=np.full((5, 2), np.nan))
    overlay = draw_overlay([nobody], VIEW)
    assert overlay.shapes == ()
    assert hit_test(overlay, 250, 240) is None
    assert hit_test(draw_overlay([], VIEW), 250, 240) is None


def test_the_nearest_joint_is_hit_within_its_reach():
    overlay = draw_overlay([_person()], VIEW)
    x, y = VIEW.to_view(STANDING[3])
    hit = hit_test(overlay, x + 6, y - 8)
    assert (hit.person, hit.joint, hit.kind) == ("a", 3, "joint")
    assert hit.distance == pytest.approx(10)
    far = hit_test(overlay, x + 15, y)
    assert far is None or far.kind != "joint"


def test_bones_then_boxes_are_hit_where_no_joint_is():
    view = VIEW.zoomed(4, 250, 240)
    wide = _person(points_px=STANDING + np.array([[0], [0], [0], [200], [0]]) * (1, 0))
    overlay = draw_overlay([wide], view)
    middle = view.to_view((wide.points_px[1] + wide.points_px[2]) / 2)
    bone = hit_test(overlay, middle[0] + 4, middle[1])
    assert (bone.kind, bone.joint) == ("bone", 2)
    box = hit_test(overlay, middle[0] + 60, middle[1])
    assert (box.kind, box.joint) == ("box", None)
    assert hit_test(overlay, middle[0] - 60, middle[1]) is None


def test_the_selected_person_lies_on_top_and_is_hit_first():
    same = [_person(id="a", selected=True), _person(id="b")]
    overlay = draw_overlay(same, VIEW)
    x, y = VIEW.to_view(STANDING[3])
    assert hit_test(overlay, x, y).person == "a"


def test_ghost_and_truth_are_drawn_but_never_hit():
    others = [_person(id="g", style="ghost"), _person(id="t", style="truth")]
    overlay = draw_overlay(others, VIEW)
    assert [s.dash for s in _of(overlay, shapes.Lines)] == [(1.5, 4), (), (5, 3.2)]
    x, y = VIEW.to_view(STANDING[3])
    assert hit_test(overlay, x, y) is None


def test_the_selected_joint_is_marked():
    overlay = draw_overlay([_person(selected=True, selected_joint=3)], VIEW)
    at = VIEW.to_view(STANDING[3])
    marks = [s for s in _of(overlay, shapes.Discs) if len(s.centres) == 1]
    assert_allclose(marks[-1].centres[0], at)
    assert (marks[-1].radius, marks[-1].fill.colour) == (4.0, "#FFD84A")
    assert 7.5 in [s.radius for s in marks]


@pytest.mark.parametrize("place", [(-5000, -2000), (955, -250), (-940, 900), (0, 0)])
def test_tags_stay_in_the_view(place):
    overlay = draw_overlay([_person(shift=place)], VIEW)
    for tag in overlay.tags:
        left, top, right, bottom = tag.rect
        assert left >= 0
        assert top >= 0
        assert right <= PANE[0]
        assert bottom <= PANE[1]
    assert bool(overlay.tags) == (place != (-5000, -2000))


def test_tags_keep_off_faces_joints_and_each_other():
    shifts = [(0, 0), (70, 120), (-60, 140), (30, 60)]
    people = [
        _person(shift=s, id=str(i), name="Bartholomew", head=(0,))
        for i, s in enumerate(shifts)
    ]
    overlay = draw_overlay(people, VIEW)
    rects = np.array([tag.rect for tag in overlay.tags])
    assert len(rects) == len(people)
    heads = np.array([VIEW.to_view(p.points_px[0]) for p in people])
    for i, (left, top, right, bottom) in enumerate(rects):
        inside = (heads > (left, top)) & (heads < (right, bottom))
        assert not inside.all(axis=1).any()
        for other in rects[i + 1 :]:
            apart = other[0] >= right or other[2] <= left
            assert apart or other[1] >= bottom or other[3] <= top


def test_a_tag_evades_what_stands_above_the_head():
    free = place_rect((250, 240), (60, 18), PANE, [])
    assert free == (220, 207, 280, 225)
    moved = place_rect((250, 240), (60, 18), PANE, [(245, 200, 255, 230)])
    assert moved[2] <= 245 or moved[0] >= 255 or moved[3] <= 200


def test_tags_shrink_to_the_letter_while_editing():
    (tag,) = draw_overlay([_person()], VIEW, short_tags=True).tags
    assert tag.text == ""
    assert tag.rect[2] - tag.rect[0] == 18


def test_boxes_and_outlines_lie_where_the_picture_does():
    outline = np.array([[900, 200], [1000, 200], [950, 900.0]])
    overlay = draw_overlay(
        [_person(box_px=(900, 200, 1000, 900), outlines_px=(outline,))], VIEW
    )
    assert_allclose(_of(overlay, shapes.Polygons)[0].outlines[0], VIEW.to_view(outline))
    left, top, right, bottom = _of(overlay, shapes.Brackets)[-1].rect
    assert_allclose((left, top), VIEW.to_view(np.array([900.0, 200])))
    assert_allclose((right, bottom), VIEW.to_view(np.array([1000.0, 900])))


def test_ten_people_are_drawn_and_hit_with_little_work():
    edges = landmark_set("mediapipe33").edges
    rng = np.random.default_rng(1)
    people = [
        OverlayPerson(
            id=str(i),
            points_px=rng.uniform(0, 1080, (33, 2)) + np.array([i * 60, 100]),
            edges=edges,
            colour="#13A4F5",
            name="Person",
            letter="A",
            selected=i == 3,
        )
        for i in range(10)
    ]
    overlay = draw_overlay(people, VIEW)
    assert calls_of(lambda: draw_overlay(people, VIEW).targets) < 20_000
    hit_test(overlay, 3, 3)  # what can be hit is worked out once per drawing
    assert calls_of(lambda: hit_test(overlay, 3, 3)) < 200


def test_only_who_moved_is_worked_out_again():
    memory = SkeletonMemory()
    people = [replace(_person(), id=name) for name in "abc"]
    before = draw_overlay(people, VIEW, memory=memory)
    assert memory.made == 3
    points = people[1].points_px + 4.0
    again = [replace(_person(), id=name) for name in "abc"]
    again[1] = replace(again[1], points_px=points)
    after = draw_overlay(again, VIEW, memory=memory)
    assert memory.made == 4
    fresh = draw_overlay(again, VIEW)
    assert len(after.shapes) == len(fresh.shapes)
    assert all(map(are_alike, after.shapes, fresh.shapes))
    assert not all(map(are_alike, after.shapes, before.shapes))
    assert after.skeletons[0] is before.skeletons[0]
    draw_overlay(again, VIEW.panned(3, 0), memory=memory)
    assert memory.made == 7, "in another place everyone is drawn anew"
