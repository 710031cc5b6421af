"""Filling writes what is asked, keeps what keys hold, and is one step to undo."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Source, Track
from hpe_studio.edits import pose
from hpe_studio.edits.fill import fill_limb, fill_missing
from hpe_studio.posing.resolve import resolve
from tests.core.scenes import empty_document, state_of
from tests.motion.test_infill import LEG, walking

BONES = skeleton("smpl24")
FRAMES = 180


def walker(gap: slice = slice(0, 0)) -> tuple[Document, Track]:
    from hpe_studio.core.person import Person

    document = empty_document(FRAMES)
    base = walking(FRAMES)
    root = np.stack([np.linspace(0, 3, FRAMES), np.ones(FRAMES), np.zeros(FRAMES)], -1)
    source = np.full((FRAMES, 24), Source.ESTIMATED)
    base[gap], root[gap], source[gap] = np.nan, np.nan, Source.MISSING
    with document.edit("Add") as edit:
        edit.put(Person(id=document.new_id(), name="A", colour="blue"))
        track = Track(
            id=document.new_id(),
            person_id=1,
            start=0,
            stop=FRAMES,
            skeleton="smpl24",
        )
        edit.add_track(
            track, {"base_rad": base, "base_root_m": root, "base_source": source}
        )
    return document, document.tracks[track.id]


def test_a_filled_leg_is_marked_and_everything_else_stays() -> None:
    document, track = walker()
    before = track.base_rad.copy()
    with document.edit("Spoil") as edit:
        edit.write(track, "base_rad", slice(60, 90), 1.0, joints=np.array(LEG))
    state = state_of(document)
    with document.edit("Fill") as edit:
        fill_limb(edit, document, track, start=60, stop=90, joints=LEG)
    source = track.base_source
    assert (source[60:90][:, LEG] == Source.FILLED).all()
    assert (source == Source.FILLED).sum() == 30 * len(LEG)
    others = [j for j in range(24) if j not in LEG]
    np.testing.assert_array_equal(track.base_rad[:, others], before[:, others])
    assert np.abs(track.base_rad[60:90] - before[60:90]).max() < 0.15
    document.undo()
    assert state_of(document) == state


def test_a_key_within_the_range_keeps_its_pose() -> None:
    document, track = walker()
    with document.edit("Turn") as edit:
        turn = np.array([0.4, 0.0, 0.0])
        pose.rotate_joint(
            edit, document, track, frame=75, joint=LEG[0], delta_parent_rad=turn
        )
    keys = document.keys_of(track.id)
    held = resolve(track, keys, np.array([75])).joints_rad[0, LEG[0]]
    with document.edit("Fill") as edit:
        fill_limb(edit, document, track, start=60, stop=90, joints=LEG)
    now = resolve(track, document.keys_of(track.id), np.array([75])).joints_rad
    np.testing.assert_allclose(now[0, LEG[0]], held, atol=1e-5)


def test_missing_frames_are_walked_through() -> None:
    document, track = walker(gap=slice(80, 90))
    with document.edit("Fill") as edit:
        assert fill_missing(edit, document, track, start=80, stop=90) == 10
    assert np.isfinite(track.base_rad).all()
    assert (track.base_source[80:90] == Source.FILLED).all()
    steps = np.diff(track.base_root_m[:, 0])
    assert steps.min() > 0
    assert steps.max() < 1.5 * np.median(steps)


@pytest.mark.parametrize("gap", [slice(0, 12), slice(170, FRAMES)])
def test_a_gap_with_nobody_on_one_side_is_refused(gap: slice) -> None:
    document, track = walker(gap=gap)
    with (
        pytest.raises(StudioError, match="both sides"),
        document.edit("Fill") as edit,
    ):
        fill_missing(edit, document, track, start=gap.start, stop=gap.stop)
    assert np.isnan(track.base_root_m[gap]).all()


def test_a_limb_that_was_never_seen_is_refused_in_one_sentence() -> None:
    document, track = walker()
    unseen = np.ones((FRAMES, 24), dtype=np.bool_)
    unseen[:, LEG] = False
    with (
        pytest.raises(StudioError, match="nothing is known of these joints"),
        document.edit("Fill") as edit,
    ):
        fill_limb(edit, document, track, start=60, stop=90, joints=LEG, is_known=unseen)


def test_a_range_beside_the_track_is_refused() -> None:
    document, track = walker()
    with (
        pytest.raises(StudioError, match="outside the track"),
        document.edit("Fill") as edit,
    ):
        fill_limb(edit, document, track, start=400, stop=420, joints=LEG)
