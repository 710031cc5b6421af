"""Cutting, joining, exchanging: nothing moves, and undo is exact."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Track
from hpe_studio.edits import identities, marks, pose, tracks
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.posing.resolve import resolve
from hpe_studio.storage.project import create_project, open_project
from tests.core.scenes import add_person, empty_document, state_of

START, STOP = 4, 44


def scene(key_frames: tuple[int, ...] = ()) -> tuple[Document, Track]:
    document = empty_document(60)
    track = add_person(document, start=START, stop=STOP)
    for frame in key_frames:
        with document.edit("Key") as edit:
            pose.rotate_joint(
                edit,
                document,
                document.tracks[track.id],
                frame=frame,
                joint=18,
                delta_parent_rad=np.array([0.1, 0.5, -0.2]),
            )
    return document, document.tracks[track.id]


def motion_at(document: Document, person_id: int, frame: int) -> np.ndarray:
    track = document.track_at(person_id, frame)
    assert track is not None, frame
    keys = document.keys_of(track.id)
    return resolve(track, keys, np.array([frame])).joints_rad[0]


def whole_motion(document: Document, person_id: int) -> np.ndarray:
    return np.array([motion_at(document, person_id, f) for f in range(START, STOP)])


@settings(max_examples=30)
@given(
    cut=st.integers(START + 1, STOP - 1),
    key_frames=st.lists(
        st.sampled_from([f for f in range(START, STOP) if f != 24]),
        max_size=3,
        unique=True,
    ).map(tuple),
)
def test_a_cut_keeps_the_pose_at_its_borders_and_undoes_exactly(
    cut: int, key_frames: tuple[int, ...]
) -> None:
    document, track = scene(key_frames)
    before, motion = state_of(document), whole_motion(document, track.person_id)
    with document.edit("Cut track") as edit:
        early, late = tracks.cut_track(edit, document, track, cut)
    assert (early.start, early.stop, late.start, late.stop) == (START, cut, cut, STOP)
    now = whole_motion(document, track.person_id)
    seen = ~np.isnan(motion[:, 0, 0])
    off = geodesic_rad(now, motion)
    for frame in {cut - 1, cut, *key_frames} - {24}:
        assert off[frame - START].max() < 1e-6, frame
    far = [f for f in range(START, STOP) if abs(f - cut) > 40 - START]
    assert np.nanmax(off[[f - START for f in far]], initial=0.0) < 1e-6
    np.testing.assert_array_equal(np.isnan(now[:, 0, 0]), ~seen)
    after = state_of(document)
    document.undo()
    assert state_of(document) == before
    document.redo()
    assert state_of(document) == after


def test_a_cut_far_from_keys_moves_nothing_at_all() -> None:
    document, track = scene((10,))
    motion = whole_motion(document, track.person_id)
    with document.edit("Cut track") as edit:
        tracks.cut_track(edit, document, track, 30)
    np.testing.assert_array_equal(whole_motion(document, track.person_id), motion)
    assert [k.frame for t in document.tracks for k in document.keys_of(t)] == [10]


@pytest.mark.parametrize("frame", [START, STOP, 0])
def test_a_cut_beside_the_track_is_refused(frame: int) -> None:
    document, track = scene()
    with (
        pytest.raises(StudioError, match="cannot be cut"),
        document.edit("Cut") as edit,
    ):
        tracks.cut_track(edit, document, track, frame)


def test_joining_what_was_cut_gives_the_same_track() -> None:
    document, track = scene((10, 34))
    with document.edit("Mark") as edit:
        marks.set_mark(
            edit, document, track, kind="occluded", joints=(4,), start=20, stop=40
        )
    with document.edit("Cut track") as edit:
        early, late = tracks.cut_track(edit, document, track, 22)
    cut = state_of(document)
    with document.edit("Join tracks") as edit:
        whole = tracks.join_tracks(edit, document, early, late)
    assert (whole.start, whole.stop) == (START, STOP)
    np.testing.assert_array_equal(whole.base_rad, track.base_rad)
    np.testing.assert_array_equal(whole.base_source, track.base_source)
    assert [k.frame for k in document.keys_of(whole.id)] == [10, 34]
    assert [(m.start, m.stop) for m in document.every_mark_of(whole.id)] == [
        (20, 22),
        (22, 40),
    ]
    document.undo()
    assert state_of(document) == cut


def test_a_gap_between_joined_tracks_is_missing() -> None:
    document, track = scene()
    with document.edit("Cut") as edit:
        early, rest = tracks.cut_track(edit, document, track, 20)
        middle, late = tracks.cut_track(edit, document, rest, 23)
        edit.remove(middle)
    with document.edit("Join") as edit:
        whole = tracks.join_tracks(edit, document, early, late)
    rows = slice(20 - START, 23 - START)
    assert np.isnan(whole.base_rad[rows]).all()
    assert (whole.base_source[rows] == 0).all()
    np.testing.assert_array_equal(whole.base_rad[-5:], track.base_rad[-5:])


def test_tracks_do_not_join_over_a_cut_or_of_two_people() -> None:
    document, track = scene()
    other = add_person(document, start=46, stop=50)
    with document.edit("Cut") as edit:
        early, late = tracks.cut_track(edit, document, track, 20)
    with pytest.raises(StudioError, match="two people"), document.edit("Join") as edit:
        tracks.join_tracks(edit, document, late, other)
    with document.edit("Shots") as edit:
        edit.put(Shot(id=document.new_id(), start=0, stop=20))
        edit.put(Shot(id=document.new_id(), start=20, stop=60))
    with pytest.raises(StudioError, match="a cut lies"), document.edit("Join") as edit:
        tracks.join_tracks(edit, document, early, late)


@settings(max_examples=30)
@given(start=st.integers(0, 50), length=st.integers(1, 50))
def test_swapped_people_have_each_others_motion_there_and_only_there(
    start: int, length: int
) -> None:
    document = empty_document(60)
    first = add_person(document, start=0, stop=40, seed=1)
    second = add_person(document, start=10, stop=60, seed=2)
    one, other = (document.persons[t.person_id] for t in (first, second))
    before = state_of(document)
    stop = min(start + length, 60)
    owner = {
        (track.person_id, frame): track.base_rad[frame - track.start].tobytes()
        for track in (first, second)
        for frame in range(track.start, track.stop)
    }
    with document.edit("Swap") as edit:
        identities.swap_people(edit, document, one, other, start=start, stop=stop)
    for person, partner in ((one, other), (other, one)):
        for frame in range(60):
            wanted = owner.get(
                ((partner if start <= frame < stop else person).id, frame)
            )
            track = document.track_at(person.id, frame)
            found = None
            if track is not None:
                found = track.base_rad[frame - track.start].tobytes()
            assert found == wanted, frame
    for person in (one, other):
        mine = document.tracks_of(person.id)
        assert all(a.stop <= b.start for a, b in pairwise(mine))
    document.undo()
    assert state_of(document) == before


def test_locked_people_are_not_swapped() -> None:
    document = empty_document(60)
    ids = [add_person(document, start=0, stop=40, seed=s).person_id for s in (1, 2)]
    one, other = (document.persons[i] for i in ids)
    from hpe_studio.edits.people import set_locked

    with document.edit("Lock") as edit:
        set_locked(edit, other, locked=True)
    before = state_of(document)
    with pytest.raises(StudioError, match="locked"), document.edit("Swap") as edit:
        identities.swap_people(
            edit, document, one, document.persons[other.id], start=3, stop=9
        )
    assert state_of(document) == before


def test_cut_joined_and_swapped_tracks_survive_reopening(tmp_path: Path) -> None:
    path = tmp_path / "walk.hpes"
    project = create_project(path, empty_document(60).clip)
    document = project.document
    first = add_person(document, start=0, stop=40, seed=1)
    second = add_person(document, start=0, stop=40, seed=2)
    one, other = (document.persons[t.person_id] for t in (first, second))
    with document.edit("Swap") as edit:
        identities.swap_people(edit, document, one, other, start=10, stop=20)
    with document.edit("Join") as edit:
        early, late = document.tracks_of(one.id)[1:]
        tracks.join_tracks(edit, document, early, late)
    document.undo()
    document.redo()
    state = state_of(document)
    project.close()
    again = open_project(path)
    try:
        assert state_of(again.document) == state
    finally:
        again.close()
