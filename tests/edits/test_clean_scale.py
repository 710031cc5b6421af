"""Takes, shapes, sizes and floors: the picture stays, and what is known comes true."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.body.shape_controls import MEASURES, measures_m, with_measure
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Estimate, Key, Source, Take, Track
from hpe_studio.edits import floor, scale, shape
from hpe_studio.edits.apart import bring_over, set_apart
from hpe_studio.edits.stretch import stretches
from hpe_studio.edits.take_from import offers, take_from
from hpe_studio.edits.tools import TOOLS, Bench
from hpe_studio.posing.posed import Poser
from tests.core.scenes import state_of

from .cleaning_scenes import BONES, FRAMES, use, walker


def second_take(document: Document, track: Track, *, aside_m: float = 0.1) -> Estimate:
    """A run that sees the same person a little aside, arms down, on frames 20-160."""
    turns = track.base_rad[20:160].copy()
    turns[:, BONES.index("left_shoulder")] = [0.0, 0.0, 0.2]
    arrays = {
        "joints_rad": turns,
        "root_scene_m": track.base_root_m[20:160] + np.array([aside_m, 0.0, 0.0]),
        "points_px": np.zeros((140, 33, 2)),
    }
    with document.edit("Run again") as edit:
        take = Take(id=document.new_id(), name="Second", origin="blazepose")
        edit.put(take)
        estimate = Estimate(
            id=document.new_id(), take_id=take.id, start=20, stop=160, skeleton="smpl24"
        )
        edit.add_estimate(estimate, arrays)
    return document.estimates[estimate.id]


def test_a_limb_takes_its_base_from_another_take_with_soft_seams() -> None:
    document, _, track = walker(degrees=0.0)
    before = track.base_rad.copy()
    estimate = second_take(document, track)
    found = offers(document, track)
    assert [offer.take.name for offer in found] == ["First", "Second"]
    (arm,) = stretches(document, start=50, stop=90, limb="left arm")
    with document.edit("Take") as edit:
        assert take_from(edit, document, arm, estimate, blend=5) == 40
    shoulder = BONES.index("left_shoulder")
    told = estimate.arrays["joints_rad"][60 - 20 : 80 - 20, shoulder]
    np.testing.assert_array_equal(track.base_rad[60:80, shoulder], told)
    assert (track.base_source[60:80, shoulder] == Source.ESTIMATED).all()
    changed = np.argwhere((track.base_rad != before).any(-1))
    assert set(changed[:, 1].tolist()) == {shoulder}
    assert (changed[:, 0].min(), changed[:, 0].max()) == (50, 89)
    away = np.linalg.norm(np.diff(track.base_rad[45:95, shoulder], axis=0), axis=1)
    step = np.linalg.norm(told[0] - before[60, shoulder])
    assert away.max() < 0.5 * step


def test_a_take_beside_the_range_or_of_somebody_else_is_refused() -> None:
    document, _, track = walker()
    estimate = second_take(document, track, aside_m=4.0)
    assert len(offers(document, track)) == 1
    (late,) = stretches(document, start=165, stop=180)
    with (
        pytest.raises(StudioError, match="does not know these frames"),
        document.edit("Take") as edit,
    ):
        take_from(edit, document, late, estimate)


# Shape ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_changes_and_the_others_stay(name: str) -> None:
    body = open_body(24)
    before = measures_m(body, (0.3, -0.2), 1.05)
    at = MEASURES.index(name)
    betas, size = with_measure(
        body, (0.3, -0.2), 1.05, name=name, value_m=1.04 * before[at]
    )
    share = measures_m(body, betas, size) / before
    assert share[at] == pytest.approx(1.04, abs=0.004)
    if name != "height":
        np.testing.assert_allclose(np.delete(share, at), 1.0, atol=0.005)
    assert np.abs(betas).max() <= 3.0


@pytest.mark.parametrize("name", MEASURES[1:])
def test_a_measure_beyond_all_bodies_never_turns_back(name: str) -> None:
    body = open_body(24)
    before = measures_m(body, (0.3, -0.2), 1.05)
    index, reached = MEASURES.index(name), []
    for share in (1.0, 1.2, 1.5, 2.0):
        betas, size = with_measure(
            body, (0.3, -0.2), 1.05, name=name, value_m=share * before[index]
        )
        assert np.abs(betas).max() <= 3.0
        reached.append(float(measures_m(body, betas, size)[index]))
    assert reached == sorted(reached)
    assert reached[-1] > 1.8 * reached[0]


def test_shapes_come_from_estimates_by_frames() -> None:
    document, _, track = walker()
    person = document.persons[track.person_id]
    with document.edit("Shape") as edit:
        assert shape.take_median_shape(edit, document, person) == 1
    assert document.persons[person.id].betas == (0.5,)
    with document.edit("Shape") as edit:
        shape.take_shape_of_frame(edit, document, person, 10)
    with pytest.raises(StudioError, match="no estimate"), document.edit("No") as edit:
        shape.take_shape_of_frame(edit, document, person, 999)


# Scale ----------------------------------------------------------------------------


def picture(document: Document, poser: Poser, track: Track) -> np.ndarray:
    return document.camera_at(0).project(poser.joints_of(track.id))


def test_a_known_height_leaves_the_picture_as_it_is() -> None:
    document, poser, track = walker()
    with document.edit("Key") as edit:
        edit.put(Key(track_id=track.id, frame=50, root_offset_m=(0.1, 0.0, 0.2)))
    person = document.persons[track.person_id]
    before = picture(document, poser, track)
    with document.edit("Height") as edit:
        scale.set_known_height(edit, document, poser, person, height_m=2.0)
    now = document.persons[person.id]
    assert scale.standing_height_m(poser, now) == pytest.approx(2.0, abs=1e-3)
    np.testing.assert_allclose(picture(document, poser, track), before, atol=0.05)


def test_a_known_distance_comes_true() -> None:
    document, poser, track = walker()
    person = document.persons[track.person_id]
    before = picture(document, poser, track)
    with document.edit("Distance") as edit:
        scale.set_known_distance(edit, document, person, frame=30, distance_m=8.0)
    place = track.base_root_m[30]
    assert np.linalg.norm(place) == pytest.approx(8.0, abs=1e-3)
    np.testing.assert_allclose(picture(document, poser, track), before, atol=0.05)


def test_impossible_sizes_are_refused() -> None:
    document, _, track = walker()
    person = document.persons[track.person_id]
    with (
        pytest.raises(StudioError, match="times as large"),
        document.edit("No") as edit,
    ):
        scale.set_known_distance(edit, document, person, frame=3, distance_m=400.0)


def test_a_floor_is_laid_under_contacts_and_never_from_none() -> None:
    document, poser, track = walker()
    shot: Shot = document.shot_at(0)
    with pytest.raises(StudioError, match="no foot is marked"):
        floor.ground_of(document, poser, shot)
    use(document, poser, "find_contacts")
    with document.edit("Floor") as edit:
        ground = floor.level_from_contacts(edit, document, poser, shot)
    assert ground.contact_count > 3
    level = document.shot_at(0)
    toes = level.to_level(poser.joints_of(track.id))[:, BONES.index("left_foot"), 1]
    assert -0.03 < toes.min() < 0.06
    document.undo()
    assert not document.shot_at(0).is_levelled


# Work apart -------------------------------------------------------------------------


@pytest.mark.parametrize("tool", ["smooth", "find_contacts", "leave_out", "lock_feet"])
def test_work_on_a_copy_comes_over_as_the_same_step(tool: str) -> None:
    direct, poser, _ = walker()
    use(direct, poser, tool, limb="left leg")
    document, _, track = walker()
    before = state_of(document)
    apart = set_apart(document, [track.id])
    other = Poser(apart.document, open_body(24))
    with apart.document.edit("Work") as edit:
        bench = Bench(edit=edit, document=apart.document, poser=other)
        where = stretches(apart.document, limb="left leg")
        TOOLS[tool].apply(bench, where, {})
    assert state_of(document) == before
    with document.edit(TOOLS[tool].spec.label) as edit:
        bring_over(edit, document, apart)
    np.testing.assert_array_equal(
        document.tracks[track.id].base_rad, direct.tracks[track.id].base_rad
    )
    assert len(document.every_mark_of(track.id)) == len(direct.every_mark_of(track.id))
    assert len(document.decisions) == len(direct.decisions)
    document.undo()
    assert state_of(document) == before
    assert track.frame_count == FRAMES
