"""Clean-up tools: what they change, what they leave alone, and that undo knows all."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Source
from hpe_studio.edits import left_out, pose
from hpe_studio.edits.stretch import limb_joints, stretches
from hpe_studio.motion.comparison import compared, jitter
from hpe_studio.motion.rotations import compose, geodesic_rad
from hpe_studio.motion.smoothing import METHODS
from hpe_studio.posing.resolve import resolve
from tests.core.scenes import state_of

from .cleaning_scenes import BONES, ELBOW, FRAMES, KNEE, mark, use, walker

ARM = limb_joints(BONES, "left arm")


# Smoothing -----------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_smoothing_takes_tremble_and_marks_what_it_changed(method: str) -> None:
    document, poser, track = walker()
    before = poser.joints_of(track.id)
    use(document, poser, "smooth", {"method": method, "strength": 1.5})
    after = poser.joints_of(track.id)
    assert jitter(after, fps=30) < 0.5 * jitter(before, fps=30)
    assert (track.base_source == Source.FILTERED).mean() > 0.95
    document.undo()
    assert (track.base_source == Source.ESTIMATED).all()


def test_only_the_limb_and_the_range_are_written() -> None:
    document, poser, track = walker()
    before = track.base_rad.copy()
    use(document, poser, "smooth", start=40, stop=80, limb="left arm")
    changed = np.argwhere((track.base_rad != before).any(-1))
    assert set(changed[:, 1].tolist()) <= set(ARM)
    assert changed[:, 0].min() >= 40
    assert changed[:, 0].max() < 80
    steps = geodesic_rad(track.base_rad[1:, ELBOW], track.base_rad[:-1, ELBOW])
    assert steps[38:82].max() < 1.5 * steps.max()


def test_tremble_of_a_short_range_of_calm_motion_is_taken_out() -> None:
    document, poser, track = walker(degrees=0.0)
    tremble = np.random.default_rng(5).normal(0, 0.08, (30, 3))
    with document.edit("Spoil") as edit:
        shaken = track.base_rad[40:70, ELBOW] + tremble
        edit.write(track, "base_rad", slice(40, 70), shaken, joints=ELBOW)
    before = poser.joints_of(track.id)
    use(document, poser, "smooth", start=40, stop=70, limb="left arm")
    after = poser.joints_of(track.id)
    assert jitter(after[40:70], fps=30) < 0.5 * jitter(before[40:70], fps=30)
    np.testing.assert_array_equal(after[:40], before[:40])


def test_what_was_not_seen_stays_and_has_no_say() -> None:
    document, poser, track = walker()
    with document.edit("Spoil") as edit:
        edit.write(track, "base_rad", slice(60, 90), 2.0, joints=ELBOW)
    mark(document, track, "outside", [ELBOW], slice(60, 90))
    before = track.base_rad.copy()
    use(document, poser, "smooth", {"strength": 3.0, "protect": False})
    np.testing.assert_array_equal(track.base_rad[60:90, ELBOW], before[60:90, ELBOW])
    beside = geodesic_rad(track.base_rad[[58, 91], ELBOW], before[[58, 91], ELBOW])
    assert beside.max() < np.radians(8)


def test_accents_keep_their_speed() -> None:
    document, poser, track = walker()
    with document.edit("Punch") as edit:
        for row, angle in zip(range(70, 75), (0.4, 1.2, 1.8, 1.0, 0.3), strict=True):
            turn = np.array([0.0, -angle, 0.0])
            edit.write(track, "base_rad", row, turn, joints=ELBOW)
    mark(document, track, "accent", [ELBOW], slice(68, 77))
    before = track.base_rad.copy()
    use(document, poser, "smooth", {"strength": 3.0, "protect": False})
    np.testing.assert_array_equal(track.base_rad[68:77, ELBOW], before[68:77, ELBOW])
    assert not np.array_equal(track.base_rad[:, KNEE], before[:, KNEE])


def test_keys_hold_their_poses_and_feet_their_places() -> None:
    document, poser, track = walker(degrees=0.6)
    use(document, poser, "find_contacts")
    assert len(document.marks_of(track.id, "contact")) >= 2
    use(document, poser, "lock_feet")
    with document.edit("Turn") as edit:
        turn = np.array([0.0, -0.6, 0.0])
        pose.rotate_joint(
            edit, document, track, frame=75, joint=ELBOW, delta_parent_rad=turn
        )
    frames = np.array([75])
    held = resolve(track, document.keys_of(track.id), frames).joints_rad[0, ELBOW]
    places = poser.joints_of(track.id)
    use(document, poser, "smooth", {"strength": 2.0})
    now = resolve(track, document.keys_of(track.id), frames).joints_rad[0, ELBOW]
    np.testing.assert_allclose(now, held, atol=1e-5)
    moved = poser.joints_of(track.id)
    for contact in document.marks_of(track.id, "contact"):
        rows = slice(contact.start, contact.stop)
        slid = np.ptp(moved[rows, contact.joints[0]], axis=0).max()
        assert slid < np.ptp(places[rows, contact.joints[0]], axis=0).max() + 0.005


def test_clean_motion_is_left_as_it_is() -> None:
    document, poser, track = walker(degrees=0.0)
    before = poser.joints_of(track.id)
    use(document, poser, "smooth", {"strength": 2.0})
    away = np.linalg.norm(poser.joints_of(track.id) - before, axis=-1)
    assert away.mean() < 0.0005


def test_the_comparison_tells_speed_lost_and_jitter() -> None:
    document, poser, track = walker()
    before = poser.joints_of(track.id)
    use(document, poser, "smooth", {"strength": 3.0, "protect": False})
    told = compared(before, poser.joints_of(track.id), fps=30)
    assert told is not None
    assert 0.05 < told.lost_peak_speed < 0.9
    assert told.jitter_after < 0.2 * told.jitter_before
    assert compared(before, before, fps=30) is None


# Outliers -------------------------------------------------------------------------


def test_wild_frames_are_found_and_made_anew() -> None:
    document, poser, track = walker(degrees=0.3)
    truth = track.base_rad.copy()
    root = track.base_root_m.copy()
    with document.edit("Spoil") as edit:
        turn = compose(np.array([0.0, 0.0, 1.2]), truth[50:52, KNEE].astype(float))
        edit.write(track, "base_rad", slice(50, 52), turn, joints=KNEE)
        edit.write(track, "base_root_m", 120, root[120] + [0.0, 0.8, 0.0])
    use(document, poser, "remove_outliers")
    off = geodesic_rad(track.base_rad[50:52, KNEE], truth[50:52, KNEE])
    assert np.degrees(off.max()) < 6
    assert np.linalg.norm(track.base_root_m[120] - root[120]) < 0.05
    assert (track.base_source[50:52, KNEE] == Source.FILLED).all()
    filled = (track.base_source == Source.FILLED).sum()
    assert filled == 3
    others = np.delete(track.base_rad, [50, 51], axis=0)
    np.testing.assert_array_equal(others, np.delete(truth, [50, 51], axis=0))


def test_an_accent_is_no_outlier() -> None:
    document, poser, track = walker(degrees=0.3)
    with document.edit("Punch") as edit:
        edit.write(track, "base_rad", 70, np.array([0.0, -2.0, 0.0]), joints=ELBOW)
    mark(document, track, "accent", [ELBOW], slice(69, 72))
    before = state_of(document)
    use(document, poser, "remove_outliers")
    assert state_of(document) == before


# Borrowing ------------------------------------------------------------------------


def test_an_arm_moves_as_the_other_one_with_no_step_at_the_seams() -> None:
    document, poser, track = walker(degrees=0.2)
    with document.edit("Spoil") as edit:
        edit.write(track, "base_rad", slice(60, 120), 1.0, joints=np.array(ARM))
    where = {"start": 60, "stop": 120, "limb": "left arm"}
    use(document, poser, "fill_from_mirror", {"shift": 15}, **where)
    other = [BONES.mirror_permutation()[j] for j in ARM]
    wanted = track.base_rad[90:110, other] * np.array([1, -1, -1])
    got = track.base_rad[75:95, list(ARM)]
    assert np.degrees(geodesic_rad(got, wanted).max()) < 0.1
    steps = geodesic_rad(track.base_rad[1:, ARM[0]], track.base_rad[:-1, ARM[0]])
    assert steps[58:122].max() < 3 * steps[:50].max()
    assert (track.base_source[60:120][:, list(ARM)] == Source.FILLED).all()


def test_the_whole_body_has_no_other_side() -> None:
    document, poser, _ = walker()
    with pytest.raises(StudioError, match="only one limb"):
        use(document, poser, "fill_from_mirror", limb="both legs")


@pytest.mark.parametrize(
    ("name", "least", "most"), [("stand", 0, 15), ("sit", 70, 110)]
)
def test_legs_nobody_saw_stand_or_sit(name: str, least: float, most: float) -> None:
    document, poser, track = walker()
    legs = list(limb_joints(BONES, "both legs"))
    mark(document, track, "outside", legs, slice(0, FRAMES))
    use(document, poser, "carry_over", {"pose": name}, limb="both legs")
    knee = np.degrees(np.linalg.norm(track.base_rad[:, KNEE], axis=-1))
    assert (knee >= least).all()
    assert (knee <= most).all()
    assert (track.base_source[:, legs] == Source.FILLED).all()


def test_a_pose_comes_from_another_frame() -> None:
    document, poser, track = walker(degrees=0.0)
    where = {"start": 100, "stop": 140, "limb": "left leg"}
    held = track.base_rad[12, KNEE].copy()
    use(document, poser, "carry_over", {"pose": "another frame", "frame": 12}, **where)
    off = geodesic_rad(track.base_rad[115:125, KNEE], np.tile(held, (10, 1)))
    assert off.max() < 1e-5


def test_what_is_left_out_is_told_and_taken_back() -> None:
    document, poser, track = walker()
    where = {"start": 20, "stop": 60, "limb": "left leg"}
    use(document, poser, "leave_out", **where)
    out = left_out.left_out(document, track)
    legs = list(limb_joints(BONES, "left leg"))
    assert out[20:60][:, legs].all()
    assert out.sum() == 40 * len(legs)
    use(document, poser, "take_in", **where)
    assert not left_out.left_out(document, track).any()


# Mirroring, ranges, locks ------------------------------------------------------------


@pytest.mark.parametrize("about", ["person", "picture"])
def test_a_motion_mirrored_twice_is_itself(about: str) -> None:
    document, poser, track = walker()
    mark(document, track, "contact", [BONES.index("left_foot")], slice(10, 20))
    before = poser.joints_of(track.id)
    use(document, poser, "mirror_motion", {"about": about})
    once = poser.joints_of(track.id)
    swap = list(BONES.mirror_permutation())
    np.testing.assert_allclose(once[..., 1], before[:, swap, 1], atol=0.02)
    (contact,) = document.marks_of(track.id, "contact")
    assert contact.joints == (BONES.index("right_foot"),)
    use(document, poser, "mirror_motion", {"about": about})
    np.testing.assert_allclose(poser.joints_of(track.id), before, atol=1e-4)


def test_a_range_without_anybody_is_refused() -> None:
    document, _, _ = walker()
    with pytest.raises(StudioError, match="nobody is there"):
        stretches(document, start=900, stop=950)


def test_a_locked_person_is_refused_and_nothing_changes() -> None:
    from hpe_studio.edits.people import set_locked

    document, poser, track = walker()
    with document.edit("Lock") as edit:
        set_locked(edit, document.persons[track.person_id], locked=True)
    before = state_of(document)
    for tool in ("smooth", "remove_outliers", "fill", "lock_feet", "leave_out"):
        with pytest.raises(StudioError, match="locked"):
            use(document, poser, tool, limb="left leg")
    assert state_of(document) == before
