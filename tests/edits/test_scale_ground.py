"""Three people of wrong sizes come to stand on the floor they walk on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Source, Track
from hpe_studio.edits import floor, people, scale
from hpe_studio.edits.scale_ground import CommonGround, common_ground_and_scale
from hpe_studio.motion.rotations import rotvec_from_matrix
from hpe_studio.posing.posed import Poser
from tests.core.scenes import empty_document, state_of

from .cleaning_scenes import BONES, mark

FRAMES = 60
BELOW_M = 1.5
HEIGHTS_M = (1.82, 1.64, 1.73)
WRONG = (0.6, 1.0, 1.5)
PAUSES = tuple(slice(at, at + 4) for at in range(0, FRAMES, 10))
FEET = [BONES.index(f"{s}_{j}") for s in ("left", "right") for j in ("ankle", "foot")]


def turned(pitch_deg: float) -> np.ndarray:
    """From the floor's axes (Y up) to the scene's: the camera looks down."""
    angle = np.radians(pitch_deg)
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def three(pitch_deg: float = 12.0) -> tuple[Document, Poser, list[Track]]:
    """People who stand here and there on a floor 1.5 m below a camera, all sized right.

    The scene is the camera's frame, so that the floor leans in it. Contacts are marked.
    """
    document = empty_document(FRAMES)
    poser = Poser(document, open_body(24))
    turn = turned(pitch_deg)
    with document.edit("Shot") as edit:
        edit.put(Shot(id=document.new_id(), start=0, stop=FRAMES))
    tracks = [
        _stander(document, poser, number, height_m, turn)
        for number, height_m in enumerate(HEIGHTS_M)
    ]
    for track in tracks:
        for pause in PAUSES:
            mark(document, track, "contact", FEET, pause)
    return document, poser, tracks


def _stander(
    document: Document, poser: Poser, number: int, height_m: float, turn: np.ndarray
) -> Track:
    rng = np.random.default_rng(number)
    with document.edit("Add") as edit:
        person = Person(id=document.new_id(), name=f"P{number}", colour="azure")
        person = replace(
            person, scale=height_m / scale.standing_height_m(poser, person)
        )
        edit.put(person)
        rad = np.zeros((FRAMES, 24, 3))
        rad[:, 0] = rotvec_from_matrix(turn)
        track = Track(
            id=document.new_id(),
            person_id=person.id,
            start=0,
            stop=FRAMES,
            skeleton="smpl24",
        )
        arrays = {
            "base_rad": rad,
            "base_root_m": np.zeros((FRAMES, 3)),
            "base_source": np.full((FRAMES, 24), Source.ESTIMATED),
        }
        edit.add_track(track, arrays)
    track = document.tracks[track.id]
    ankle = (poser.joints_of(track.id)[0] @ turn)[BONES.index("left_ankle")]
    spots = np.zeros((FRAMES, 3))
    for row in range(0, FRAMES, 10):
        spots[row : row + 10] = [
            1.6 * (number - 1) + rng.uniform(-1, 1),
            -BELOW_M + 0.08 * height_m / 1.7 - ankle[1],
            -5.0 + rng.uniform(-2, 2),
        ]
    with document.edit("Place") as edit:
        edit.write(track, "base_root_m", slice(None), spots @ turn.T)
    return document.tracks[track.id]


def shrink(document: Document, tracks: list[Track]) -> None:
    """Make everybody so large and far that the picture stays and the truth does not."""
    with document.edit("Shrink") as edit:
        for track, factor in zip(tracks, WRONG, strict=True):
            scale.resize(edit, document, document.persons[track.person_id], factor)


def picture(document: Document, poser: Poser, track: Track) -> np.ndarray:
    return document.camera_at(0).project(poser.joints_of(track.id))


def solve(
    document: Document,
    poser: Poser,
    *,
    known_heights_m: dict[int, float] | None = None,
    with_focal: bool = False,
    only: list[int] | None = None,
) -> CommonGround:
    with document.edit("Common ground and scale") as edit:
        return common_ground_and_scale(
            edit,
            document,
            poser,
            document.shot_at(0),
            persons=only,
            known_heights_m=known_heights_m,
            with_focal=with_focal,
        )


@pytest.mark.parametrize("pitch_deg", [0.0, 12.0, 20.0])
def test_sizes_and_floor_come_out_and_the_picture_stays(pitch_deg: float) -> None:
    document, poser, tracks = three(pitch_deg)
    truth = [track.base_root_m.copy() for track in tracks]
    shrink(document, tracks)
    seen = [picture(document, poser, track) for track in tracks]
    before = state_of(document)
    told = solve(document, poser, known_heights_m={tracks[1].person_id: 1.64})
    np.testing.assert_allclose(told.heights_m, HEIGHTS_M, rtol=0.02)
    np.testing.assert_allclose(told.solved.factors * WRONG, 1.0, atol=0.02)
    normal = turned(pitch_deg)[:, 1]
    lean = np.degrees(np.arccos(np.clip(told.solved.ground.normal @ normal, -1, 1)))
    assert lean < 0.3
    level = document.shot_at(0).level_from_scene
    assert level[1, 3] == pytest.approx(BELOW_M, abs=0.01)
    for track, was, place in zip(tracks, seen, truth, strict=True):
        now = picture(document, poser, track)
        assert np.abs(now - was).max() < 0.05
        height_m = document.shot_at(0).to_level(track.base_root_m.astype(float))[:, 1]
        goal = place @ normal + BELOW_M
        assert np.abs(height_m - goal).max() < 0.02
    soles = floor.contact_places(document, poser, document.shot_at(0))
    for places in soles.values():
        assert np.abs(document.shot_at(0).to_level(places)[:, 1]).max() < 0.01
    assert told.cue == "known heights"
    assert (told.solved.residuals_m < 0.01).all()
    assert told.solved.contact_counts.tolist() == [24, 24, 24]
    document.undo()
    assert state_of(document) == before


def test_with_nobody_known_people_are_of_usual_height() -> None:
    document, poser, tracks = three()
    shrink(document, tracks)
    told = solve(document, poser)
    assert told.cue == "people's usual height"
    relative = np.array(told.heights_m) / HEIGHTS_M
    np.testing.assert_allclose(relative / relative.mean(), 1.0, atol=0.02)
    assert relative.mean() == pytest.approx(1.0, abs=0.06)


def test_a_longer_lens_is_found_and_feet_stay_where_they_are_seen() -> None:
    document, poser, tracks = three(25.0)
    shot = document.shot_at(0)
    level = np.hstack([turned(25.0).T, np.zeros((3, 1))])
    camera = document.camera_at(0)
    short = camera.intrinsics.copy()
    short[[0, 1], [0, 1]] /= 1.3
    with document.edit("Another lens") as edit:
        edit.put(replace(shot, level_from_scene=level))
        edit.put(ShotCamera(shot_id=shot.id, camera=replace(camera, intrinsics=short)))
        for track in tracks:
            root = track.base_root_m.astype(float)
            root[:, 2] /= 1.3
            edit.write(track, "base_root_m", slice(None), root)
    pelvis = [picture(document, poser, track)[:, 0] for track in tracks]
    known = {t.person_id: h for t, h in zip(tracks, HEIGHTS_M, strict=True)}
    told = solve(document, poser, known_heights_m=known, with_focal=True)
    assert told.solved.focal_factor == pytest.approx(1.3, rel=0.08)
    assert told.focal_px == pytest.approx(camera.intrinsics[1, 1], rel=0.08)
    for track, was in zip(tracks, pelvis, strict=True):
        now = picture(document, poser, track)[:, 0]
        np.testing.assert_allclose(now, was, atol=0.05)


def test_feet_that_nobody_marked_are_refused_by_name() -> None:
    document, poser, tracks = three()
    one, two = (document.persons[t.person_id] for t in tracks[1:])
    for track in tracks[1:]:
        for found in document.every_mark_of(track.id):
            with document.edit("Unmark") as edit:
                edit.remove(found)
    before = state_of(document)
    with pytest.raises(StudioError, match="no foot of P1, P2 is marked"):
        solve(document, poser)
    with pytest.raises(StudioError, match="no foot is marked"):
        solve(document, poser, only=[one.id])
    assert state_of(document) == before
    solve(document, poser, only=[tracks[0].person_id])
    with document.edit("Ignore") as edit:
        people.set_ignored(edit, one, ignored=True)
        people.set_ignored(edit, two, ignored=True)
    assert solve(document, poser).persons == (tracks[0].person_id,)


def test_the_locked_and_the_impossible_are_refused() -> None:
    document, poser, tracks = three()
    with pytest.raises(StudioError, match="nobody is 17"):
        solve(document, poser, known_heights_m={tracks[0].person_id: 17.0})
    with document.edit("Lock") as edit:
        person = document.persons[tracks[2].person_id]
        people.set_locked(edit, person, locked=True)
    before = state_of(document)
    with pytest.raises(StudioError, match="locked"):
        solve(document, poser)
    assert state_of(document) == before
