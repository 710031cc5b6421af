"""Keys baked, muted and heard alone; ranges taken back to the estimate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Estimate, Key, Source, Take, Track
from hpe_studio.edits import bake, muting, pose
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.posing.resolve import Motion, resolve
from hpe_studio.storage.project import open_project, write_document
from tests.core.scenes import add_person, empty_document, state_of

FRAMES, ARM, KNEE = 60, 18, 4


@pytest.fixture
def scene() -> tuple[Document, Track]:
    document = empty_document(FRAMES)
    track = add_person(document, start=0, stop=FRAMES)
    take = Take(id=document.new_id(), name="Made", origin="test")
    estimate = Estimate(
        id=document.new_id(), take_id=take.id, start=0, stop=FRAMES, skeleton="smpl24"
    )
    told = {"joints_rad": track.base_rad, "root_scene_m": track.base_root_m}
    arrays = {name: np.array(array) for name, array in track.arrays.items()}
    with document.edit("Estimate") as edit:
        edit.put(take)
        edit.add_estimate(estimate, {n: np.array(a) for n, a in told.items()})
        edit.remove(track)
        edit.add_track(replace(track, estimate_id=estimate.id, arrays={}), arrays)
    return document, document.tracks[track.id]


def motion_of(document: Document, track: Track) -> Motion:
    return resolve(document.tracks[track.id], document.keys_of(track.id))


def put(document: Document, track: Track, *keys: tuple[int, int, float]) -> None:
    with document.edit("Keys") as edit:
        for frame, joint, turn in keys:
            offset = ((turn, 0.1, 0.0),)
            root = (turn, 0.0, 0.0) if joint == 0 else None
            edit.put(
                Key(
                    track_id=track.id,
                    frame=frame,
                    joints=(joint,),
                    offsets_rad=offset,
                    root_offset_m=root,
                )
            )


KEYS = st.lists(
    st.tuples(
        st.integers(0, FRAMES - 1).filter(lambda f: f != FRAMES // 2),
        st.sampled_from([0, ARM, KNEE]),
        st.floats(0.05, 0.8),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda k: k[0],
)


@settings(max_examples=30)
@given(keys=KEYS, start=st.integers(0, 40), length=st.integers(1, 30))
def test_baking_keeps_the_motion_and_takes_the_keys(
    keys: list[tuple[int, int, float]], start: int, length: int
) -> None:
    document = empty_document(FRAMES)
    track = add_person(document, start=0, stop=FRAMES)
    put(document, track, *keys)
    inside = [k for k in keys if start <= k[0] < start + length]
    if not inside:
        return
    before, state = motion_of(document, track), state_of(document)
    with document.edit("Bake") as edit:
        count = bake.bake_keys(edit, document, track, start, start + length)
    assert count == len(inside)
    left = {key.frame for key in document.keys_of(track.id)}
    assert left == {k[0] for k in keys} - {k[0] for k in inside}
    after = motion_of(document, track)
    there = ~np.isnan(before.joints_rad[:, 0, 0])
    off = geodesic_rad(before.joints_rad[there], after.joints_rad[there])
    assert off.max() < 2e-6  # what float32 holds
    np.testing.assert_allclose(after.root_scene_m, before.root_scene_m, atol=2e-6)
    np.testing.assert_array_equal(after.source, before.source)
    document.undo()
    assert state_of(document) == state


def test_frames_that_no_baked_key_reaches_keep_every_bit(
    scene: tuple[Document, Track],
) -> None:
    document, track = scene
    put(document, track, (10, ARM, 0.4), (45, ARM, 0.3))
    before = np.array(track.base_rad)
    with document.edit("Bake") as edit:
        bake.bake_keys(edit, document, track, 0, 30)
    now = document.tracks[track.id].base_rad
    changed = np.flatnonzero((now != before).any(axis=(1, 2)) & ~np.isnan(now[:, 0, 0]))
    assert (changed.min(), changed.max()) == (6, 14)
    assert (document.tracks[track.id].base_source[6:15, ARM] == Source.KEYED).all()


def test_nothing_to_bake_is_said(scene: tuple[Document, Track]) -> None:
    document, track = scene
    with pytest.raises(StudioError, match="no key to bake"), document.edit("Bake") as e:
        bake.bake_keys(e, document, track, 0, 30)
    assert not document.is_editing


def test_muted_keys_are_as_if_they_were_not_there(
    scene: tuple[Document, Track],
) -> None:
    document, track = scene
    plain = motion_of(document, track)
    put(document, track, (10, ARM, 0.4), (14, KNEE, 0.3))
    keyed, state = motion_of(document, track), state_of(document)
    with document.edit("Mute") as edit:
        muting.set_muted(edit, document.keys_of(track.id), muted=True)
    now = motion_of(document, track)
    np.testing.assert_array_equal(now.joints_rad, plain.joints_rad)
    np.testing.assert_array_equal(now.source, plain.source)
    with (
        pytest.raises(StudioError, match="frame 10 is muted"),
        document.edit("Turn") as edit,
    ):
        pose.set_joint_rotation(
            edit, document, track, frame=10, joint=ARM, rotation_rad=np.zeros(3)
        )
    document.undo()
    assert state_of(document) == state
    np.testing.assert_array_equal(
        motion_of(document, track).joints_rad, keyed.joints_rad
    )


def test_one_key_counts_alone_and_then_all_do_again(
    scene: tuple[Document, Track],
) -> None:
    document, track = scene
    put(document, track, (10, ARM, 0.4), (20, KNEE, 0.3), (40, ARM, 0.2))
    for expected in ([True, False, True], [False, False, False]):
        chosen = document.key_at(track.id, 20)
        assert chosen is not None
        with document.edit("Solo") as edit:
            assert muting.solo(edit, document, [chosen]) is any(expected)
        assert [k.muted for k in document.keys_of(track.id)] == expected


def test_a_muted_key_is_kept_in_the_project(
    scene: tuple[Document, Track], tmp_path: Path
) -> None:
    document, track = scene
    put(document, track, (10, ARM, 0.4))
    with document.edit("Mute") as edit:
        muting.set_muted(edit, document.keys_of(track.id), muted=True)
    write_document(tmp_path / "one.hpes", document)
    project = open_project(tmp_path / "one.hpes")
    assert project.document.key_at(track.id, 10) == document.key_at(track.id, 10)
    assert project.document.key_at(track.id, 10).muted  # type: ignore[union-attr]
    project.close()


def test_a_range_of_a_limb_goes_back_to_the_estimate(
    scene: tuple[Document, Track],
) -> None:
    document, track = scene
    told = motion_of(document, track)
    put(document, track, (8, ARM, 0.4), (12, ARM, 0.5), (12 + 8, ARM, 0.3))
    with document.edit("Smooth") as edit:
        edit.write(track, "base_rad", slice(0, 30), 0.1, joints=ARM)
        edit.write(track, "base_source", slice(0, 30), Source.FILTERED, joints=ARM)
    before, state = motion_of(document, track), state_of(document)
    with document.edit("Reset") as edit:
        bake.reset_to_estimate(edit, document, track, 10, 18, joints=[ARM])
    now = motion_of(document, track)
    off = geodesic_rad(now.joints_rad[10:18, ARM], told.joints_rad[10:18, ARM])
    assert off.max() < 1e-9
    np.testing.assert_array_equal(
        np.delete(now.joints_rad, ARM, axis=1), np.delete(before.joints_rad, ARM, 1)
    )
    np.testing.assert_array_equal(now.joints_rad[:8, ARM], before.joints_rad[:8, ARM])
    assert document.tracks[track.id].base_source[12, ARM] == Source.ESTIMATED
    document.undo()
    assert state_of(document) == state


def test_a_whole_body_goes_back_to_the_estimate(scene: tuple[Document, Track]) -> None:
    document, track = scene
    told = motion_of(document, track)
    put(document, track, (12, 0, 0.5), (14, KNEE, 0.2))
    with document.edit("Reset") as edit:
        bake.reset_to_estimate(edit, document, track, 0, FRAMES)
    now = motion_of(document, track)
    np.testing.assert_array_equal(now.joints_rad, told.joints_rad)
    np.testing.assert_array_equal(now.root_scene_m, told.root_scene_m)
    assert not document.keys_of(track.id)
