"""Two people that are one: nothing is lost, the surer stretch stays, undo is exact."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.mark import Decision
from hpe_studio.core.person import Person
from hpe_studio.core.track import Estimate, Take, Track
from hpe_studio.edits import merge, people, pose
from tests.core.scenes import add_person, empty_document, random_motion, state_of


def seen(document: Document, start: int, stop: int, score: float) -> Track:
    """A person whom an estimator saw with some trust."""
    track = add_person(document, start=start, stop=stop, seed=start + stop)
    motion = random_motion(stop - start, 24, start)
    with document.edit("Estimate") as edit:
        take = Take(id=document.new_id(), name="Run", origin="blazepose")
        edit.put(take)
        estimate = Estimate(
            id=document.new_id(),
            take_id=take.id,
            start=start,
            stop=stop,
            skeleton="smpl24",
        )
        arrays = {
            "joints_rad": motion["base_rad"],
            "root_scene_m": motion["base_root_m"],
            "scores": np.full(stop - start, score, np.float32),
        }
        edit.add_estimate(estimate, arrays)
        edit.put(
            Track(
                id=track.id,
                person_id=track.person_id,
                start=start,
                stop=stop,
                skeleton="smpl24",
                estimate_id=estimate.id,
            )
        )
    return document.tracks[track.id]


def merged(document: Document, one: Track, other: Track) -> merge.Merged:
    with document.edit("Merge") as edit:
        return merge.merge_people(edit, document, *persons(document, one, other))


def persons(document: Document, *tracks: Track) -> list[Person]:
    return [document.persons[track.person_id] for track in tracks]


def spans(document: Document, person_id: int) -> list[tuple[int, int]]:
    return [(t.start, t.stop) for t in document.tracks_of(person_id)]


def test_two_people_one_after_the_other_become_one() -> None:
    document = empty_document(60)
    one, other = seen(document, 0, 20, 0.9), seen(document, 25, 50, 0.9)
    with document.edit("Ignore") as edit:
        edit.put(Decision(id=document.new_id(), kind="jump", person_id=other.person_id))
    before = state_of(document)
    result = merged(document, one, other)
    assert result.overlap == 0
    assert list(document.persons) == [one.person_id]
    assert spans(document, one.person_id) == [(0, 20), (25, 50)]
    np.testing.assert_array_equal(document.tracks[other.id].base_rad, other.base_rad)
    assert [d.person_id for d in document.decisions.values()] == [one.person_id]
    document.undo()
    assert state_of(document) == before


@pytest.mark.parametrize(
    ("scores", "expected"),
    [((0.9, 0.4), [(0, 30), (30, 50)]), ((0.4, 0.9), [(0, 20), (20, 50)])],
)
def test_where_both_are_there_the_surer_one_stays(
    scores: tuple[float, float], expected: list[tuple[int, int]]
) -> None:
    document = empty_document(60)
    one, other = seen(document, 0, 30, scores[0]), seen(document, 20, 50, scores[1])
    before = state_of(document)
    result = merged(document, one, other)
    assert result.overlap == 10
    assert spans(document, one.person_id) == expected
    surer = one if scores[0] > scores[1] else other
    kept = document.track_at(one.person_id, 25)
    assert kept is not None
    np.testing.assert_array_equal(
        kept.base_rad[25 - kept.start], surer.base_rad[25 - surer.start]
    )
    document.undo()
    assert state_of(document) == before


def test_corrections_by_hand_weigh_more_than_the_estimate() -> None:
    document = empty_document(60)
    one, other = seen(document, 0, 30, 0.9), seen(document, 20, 50, 0.4)
    with document.edit("Key") as edit:
        pose.rotate_joint(
            edit,
            document,
            other,
            frame=24,
            joint=18,
            delta_parent_rad=np.array([0.3, 0.0, 0.0]),
        )
    merged(document, one, other)
    kept = document.track_at(one.person_id, 24)
    assert kept is not None
    assert document.key_at(kept.id, 24) is not None


def test_a_whole_track_that_loses_goes_with_its_estimate() -> None:
    document = empty_document(60)
    one, other = seen(document, 0, 50, 0.9), seen(document, 20, 30, 0.4)
    merged(document, one, other)
    assert spans(document, one.person_id) == [(0, 50)]
    assert list(document.estimates) == [one.estimate_id]


def test_frames_on_which_one_is_missing_are_not_contested() -> None:
    document = empty_document(60)
    one, other = seen(document, 0, 20, 0.9), seen(document, 10, 40, 0.5)
    missing = np.zeros((4, 24), np.uint8)
    with document.edit("Miss") as edit:
        edit.write(one, "base_source", np.arange(13, 17), missing)
    assert merged(document, one, other).overlap == 5, (
        "10 and 13 to 16 of ten are missing"
    )


def test_many_overlaps_are_settled_one_by_one() -> None:
    document = empty_document(60)
    one, other = seen(document, 0, 50, 0.5), seen(document, 5, 10, 0.9)
    extra = seen(document, 30, 40, 0.2)
    with document.edit("Give") as edit:
        people.give_track(edit, document, extra, document.persons[other.person_id])
    result = merged(document, one, other)
    assert result.overlap == 13, "of 15 frames each of the short ones misses one"
    held = spans(document, one.person_id)
    assert held == [(0, 5), (5, 10), (10, 50)]


def test_somebody_locked_and_oneself_are_refused() -> None:
    document = empty_document(60)
    one, other = seen(document, 0, 20, 0.9), seen(document, 25, 50, 0.9)
    with document.edit("Lock") as edit:
        people.set_locked(edit, document.persons[other.person_id], locked=True)
    before = state_of(document)
    with pytest.raises(StudioError, match="is locked"):
        merged(document, one, other)
    with pytest.raises(StudioError, match="select two people"):
        merged(document, one, one)
    assert state_of(document) == before
