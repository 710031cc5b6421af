"""Cuts of the film: tracks go with them, cameras and floors too, undo is exact."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe_studio.core.camera import default_camera
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.tables import ShotCamera
from hpe_studio.edits import cuts, marks, people, pose
from hpe_studio.posing.resolve import resolve
from hpe_studio.storage.project import create_project, open_project
from tests.core.scenes import add_person, empty_document, state_of

FRAMES = 60
LEVEL = np.hstack([np.eye(3), [[0.0], [1.5], [0.0]]])


def film(*borders: int, document: Document | None = None) -> Document:
    """A document whose film is cut before some frames, each shot with its camera."""
    document = document or empty_document(FRAMES)
    edges = (0, *borders, FRAMES)
    with document.edit("Find cuts") as edit:
        for number, (start, stop) in enumerate(pairwise(edges)):
            shot = Shot(
                id=document.new_id(),
                start=start,
                stop=stop,
                level_from_scene=LEVEL * (number + 1),
            )
            edit.put(shot)
            camera = default_camera((1280, 720), focal_px=900.0 + number)
            edit.put(ShotCamera(shot_id=shot.id, camera=camera))
    return document


def ranges(document: Document) -> list[tuple[int, int]]:
    return [(shot.start, shot.stop) for shot in document.shots or ()]


def parts(document: Document, person_id: int) -> list[tuple[int, int]]:
    return [(t.start, t.stop) for t in document.tracks_of(person_id)]


def motion(document: Document, person_id: int) -> np.ndarray:
    found = []
    for track in document.tracks_of(person_id):
        frames = np.arange(track.start, track.stop)
        found.append(resolve(track, document.keys_of(track.id), frames).joints_rad)
    return np.concatenate(found)


def test_a_new_cut_cuts_tracks_and_copies_camera_and_floor() -> None:
    document = film()
    track = add_person(document, start=5, stop=50)
    with document.edit("Key") as edit:
        pose.rotate_joint(
            edit,
            document,
            document.tracks[track.id],
            frame=12,
            joint=18,
            delta_parent_rad=np.array([0.1, 0.5, -0.2]),
        )
    with document.edit("Mark") as edit:
        marks.set_mark(
            edit, document, track, kind="occluded", joints=(4,), start=20, stop=40
        )
    before, was = state_of(document), motion(document, track.person_id)
    with document.edit("Cut the shot") as edit:
        early, late = cuts.add_cut(edit, document, 30)
    assert ranges(document) == [(0, 30), (30, FRAMES)]
    assert parts(document, track.person_id) == [(5, 30), (30, 50)]
    np.testing.assert_array_equal(late.level_from_scene, early.level_from_scene)
    assert document.camera_at(45).intrinsics[0, 0] == 900.0
    np.testing.assert_array_equal(motion(document, track.person_id), was)
    marked = [
        (m.start, m.stop)
        for t in document.tracks_of(track.person_id)
        for m in document.every_mark_of(t.id)
    ]
    assert marked == [(20, 30), (30, 40)]
    document.undo()
    assert state_of(document) == before


def test_the_first_cut_of_a_film_without_known_shots_makes_two() -> None:
    document = empty_document(FRAMES)
    with document.edit("Cut the shot") as edit:
        cuts.add_cut(edit, document, 10)
    assert ranges(document) == [(0, 10), (10, FRAMES)]


@pytest.mark.parametrize("frame", [0, 20, FRAMES])
def test_no_cut_is_made_where_one_is(frame: int) -> None:
    document = film(20)
    before = state_of(document)
    with (
        pytest.raises(StudioError, match="no cut can be made"),
        document.edit("Cut the shot") as edit,
    ):
        cuts.add_cut(edit, document, frame)
    assert state_of(document) == before


def test_a_removed_cut_joins_the_tracks_of_one_person() -> None:
    document = film()
    track = add_person(document, start=5, stop=50)
    was = motion(document, track.person_id)
    with document.edit("Cut the shot") as edit:
        cuts.add_cut(edit, document, 30)
    with document.edit("Remove the cut") as edit:
        whole = cuts.remove_cut(edit, document, 30)
    assert ranges(document) == [(0, FRAMES)]
    assert (whole.start, whole.stop) == (0, FRAMES)
    assert parts(document, track.person_id) == [(5, 50)]
    np.testing.assert_array_equal(motion(document, track.person_id), was)
    assert len(document.table("cameras")) == 1


def test_a_removed_cut_leaves_the_camera_of_every_frame_where_it_was() -> None:
    document = film(20)
    _, second = document.shots or ()
    poses = np.repeat(np.eye(3, 4)[None], 40, axis=0)
    poses[:, 0, 3] = np.arange(40)
    stored = document.table("cameras")[second.id, 0]
    camera = replace(stored.camera, camera_from_scene=poses)
    with document.edit("Camera") as edit:
        edit.put(replace(stored, camera=camera))
    with document.edit("Remove the cut") as edit:
        cuts.remove_cut(edit, document, 20)
    joined = document.camera_at(0)
    assert joined.camera_from_scene.shape == (FRAMES, 3, 4)
    np.testing.assert_array_equal(joined.camera_from_scene[20:], poses)
    with document.edit("Cut the shot") as edit:
        cuts.add_cut(edit, document, 20)
    assert document.camera_at(3).camera_from_scene.shape == (3, 4)
    np.testing.assert_array_equal(document.camera_at(30).camera_from_scene, poses)


@pytest.mark.parametrize("to", [25, 35])
def test_a_moved_cut_takes_the_tracks_along(to: int) -> None:
    document = film()
    track = add_person(document, start=5, stop=50)
    with document.edit("Cut the shot") as edit:
        cuts.add_cut(edit, document, 30)
    before, was = state_of(document), motion(document, track.person_id)
    ids = [shot.id for shot in document.shots or ()]
    with document.edit("Move the cut") as edit:
        cuts.move_cut(edit, document, 30, to=to)
    assert ranges(document) == [(0, to), (to, FRAMES)]
    assert [shot.id for shot in document.shots or ()] == ids
    assert parts(document, track.person_id) == [(5, to), (to, 50)]
    np.testing.assert_array_equal(motion(document, track.person_id), was)
    document.undo()
    assert state_of(document) == before


@pytest.mark.parametrize("to", [0, 40, 55])
def test_a_cut_stays_between_its_neighbours(to: int) -> None:
    document = film(20, 40)
    with (
        pytest.raises(StudioError, match="stay between 1 and 39"),
        document.edit("Move the cut") as edit,
    ):
        cuts.move_cut(edit, document, 20, to=to)
    assert ranges(document) == [(0, 20), (20, 40), (40, FRAMES)]


def test_somebody_locked_refuses_a_cut_and_stays_apart_at_a_removed_one() -> None:
    document = film(30)
    track = add_person(document, start=0, stop=30)
    later = add_person(document, start=30, stop=50, seed=1)
    crossing = add_person(document, start=10, stop=28, seed=2)
    with document.edit("Give") as edit:
        people.give_track(edit, document, later, document.persons[track.person_id])
    with document.edit("Lock") as edit:
        for who in (track.person_id, crossing.person_id):
            people.set_locked(edit, document.persons[who], locked=True)
    before = state_of(document)
    with (
        pytest.raises(StudioError, match="is locked"),
        document.edit("Cut the shot") as edit,
    ):
        cuts.add_cut(edit, document, 20)
    assert state_of(document) == before
    with document.edit("Remove the cut") as edit:
        cuts.remove_cut(edit, document, 30)
    assert parts(document, track.person_id) == [(0, 30), (30, 50)]


def test_a_dissolve_keeps_one_clear_frame_and_goes_with_its_cut(tmp_path: Path) -> None:
    project = create_project(tmp_path / "film.hpes", empty_document(FRAMES).clip)
    document = film(30, document=project.document)
    with document.edit("Dissolve") as edit:
        cuts.set_dissolve(edit, document, 30, frames=12)
    with document.edit("Move the cut") as edit:
        cuts.move_cut(edit, document, 30, to=52)
    assert cuts.shots_about(document, 52)[1].dissolve == 7
    project.close()
    project = open_project(tmp_path / "film.hpes")
    document = project.document
    assert [shot.dissolve for shot in document.shots or ()] == [0, 7]
    with document.edit("Remove the cut") as edit:
        cuts.remove_cut(edit, document, 52)
    assert [shot.dissolve for shot in document.shots or ()] == [0]
    project.close()


@settings(max_examples=25)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["add", "move", "remove"]),
            st.integers(0, FRAMES),
            st.integers(0, FRAMES),
        ),
        max_size=6,
    )
)
def test_any_series_keeps_every_frame_in_one_shot_and_undoes(
    steps: list[tuple[str, int, int]],
) -> None:
    document = film(20, 40)
    tracks = [add_person(document, start=a, stop=b) for a, b in ((3, 18), (22, 39))]
    before, done = state_of(document), document.history.position
    for what, frame, to in steps:
        try:
            with document.edit(what) as edit:
                if what == "add":
                    cuts.add_cut(edit, document, frame)
                elif what == "move":
                    cuts.move_cut(edit, document, frame, to=to)
                else:
                    cuts.remove_cut(edit, document, frame)
        except StudioError:
            continue
        shots = ranges(document)
        assert [a for a, _ in shots] == [0, *(b for _, b in shots[:-1])]
        assert shots[-1][1] == FRAMES
        assert all(a < b for a, b in shots)
        for track in document.tracks.values():
            assert document.shot_at(track.start) is document.shot_at(track.stop - 1)
        for person in document.persons:
            held = sum(b - a for a, b in parts(document, person))
            assert held in {15, 17}, tracks
    while document.history.position > done:
        document.undo()
    assert state_of(document) == before
