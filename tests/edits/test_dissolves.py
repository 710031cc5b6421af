"""In a dissolve two shots are seen at once: nothing is learnt from it, nor over it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.core.track import Source, Track
from hpe_studio.edits import cuts, floor, outliers, smooth, tracks
from hpe_studio.edits.stretch import dissolving, seen
from hpe_studio.posing.posed import Poser
from hpe_studio.quality import jump
from hpe_studio.quality.check import check_shot
from hpe_studio.quality.evidence import shot_evidence
from hpe_studio.quality.finding import Finding
from hpe_studio.quality.queue import ProblemQueue
from hpe_studio.workflow.follow_plan import plan_again
from hpe_studio.workflow.refit import apply_refit, plan_refit, refit_job
from tests.core.scenes import state_of
from tests.workflow.test_refit import scene, true_motion

from .cleaning_scenes import BONES, FRAMES, mark, use, walker

LENGTH = 8


def dissolving_in(*, length: int = LENGTH) -> tuple[Document, Poser, Track]:
    """A walker whose shot comes out of another one, jumping about while it does."""
    document, poser, track = walker(degrees=0.3)
    shot = document.shot_at(0)
    wild = track.base_root_m[:length] + np.tile([[0.0, 0.0, 0.9], [0, 0, -0.9]], (4, 1))
    with document.edit("Dissolve") as edit:
        edit.put(replace(shot, dissolve=length))
        edit.write(track, "base_root_m", slice(0, length), wild)
        turned = track.base_rad[:length].astype(float)
        turned[:, BONES.index("left_elbow")] += [0.0, 1.2, 0.0]
        edit.write(track, "base_rad", slice(0, length), turned)
    return document, poser, document.tracks[track.id]


def test_its_frames_count_as_unseen() -> None:
    document, _, track = dissolving_in()
    assert np.flatnonzero(dissolving(document, track)).tolist() == list(range(LENGTH))
    known = seen(document, track)
    assert not known[:LENGTH].any()
    assert known[LENGTH:].all()
    with document.edit("Hard cut") as edit:
        edit.put(replace(document.shot_at(0), dissolve=0))
    assert seen(document, track).all()


@pytest.mark.parametrize("method", ["gaussian", "butterworth"])
def test_smoothing_goes_neither_into_it_nor_over_it(method: str) -> None:
    document, poser, track = dissolving_in()
    before = track.base_rad.copy(), track.base_root_m.copy()
    use(document, poser, "smooth", {"method": method, "protect": False})
    with_it = track.base_rad[LENGTH:].copy(), track.base_root_m[LENGTH:].copy()
    np.testing.assert_array_equal(track.base_rad[:LENGTH], before[0][:LENGTH])
    np.testing.assert_array_equal(track.base_root_m[:LENGTH], before[1][:LENGTH])
    document.undo()
    with document.edit("Calm") as edit:  # as if something else had been estimated there
        edit.write(track, "base_root_m", slice(0, LENGTH), before[1][[LENGTH] * LENGTH])
        edit.write(track, "base_rad", slice(0, LENGTH), before[0][[LENGTH] * LENGTH])
    use(document, poser, "smooth", {"method": method, "protect": False})
    np.testing.assert_array_equal(track.base_rad[LENGTH:], with_it[0])
    np.testing.assert_array_equal(track.base_root_m[LENGTH:], with_it[1])


def test_the_first_smoothing_leaves_it_as_it_is() -> None:
    document, _, track = dissolving_in()
    before = track.base_root_m.copy()
    with document.edit("Smooth") as edit:
        smooth.smooth_track(edit, document, track)
    np.testing.assert_array_equal(track.base_root_m[:LENGTH], before[:LENGTH])
    assert (track.base_source[:LENGTH] == Source.ESTIMATED).all()
    assert (track.base_source[LENGTH:] == Source.FILTERED).all()
    assert np.abs(track.base_root_m[LENGTH] - before[LENGTH]).max() < 0.02


def test_outliers_are_neither_sought_in_it_nor_filled_from_it() -> None:
    document, poser, track = dissolving_in()
    before = track.base_root_m.copy()
    with document.edit("Spike") as edit:
        edit.write(
            track, "base_root_m", slice(10, 11), before[10:11] + np.array([0, 0, 1.5])
        )
    use(document, poser, "remove_outliers")
    np.testing.assert_array_equal(track.base_root_m[:LENGTH], before[:LENGTH])
    np.testing.assert_allclose(track.base_root_m[10], before[10], atol=0.05)
    with (
        pytest.raises(StudioError, match="both sides"),
        document.edit("Make anew") as edit,
    ):
        outliers.replace_frames(edit, document, track, start=LENGTH, stop=14)


def test_fill_leads_the_clear_motion_back_to_rest() -> None:
    document, poser, track = dissolving_in()
    before = state_of(document)
    clear = track.base_root_m[LENGTH].copy()
    elbow = BONES.index("left_elbow")
    use(document, poser, "fill", start=0, stop=LENGTH)
    away = np.linalg.norm(track.base_root_m[:LENGTH] - clear, axis=1)
    assert away.max() < 0.25
    assert (np.diff(away) < 1e-6).all()
    assert (track.base_source[:LENGTH] == Source.FILLED).all()
    turned = track.base_rad[:LENGTH, elbow] - track.base_rad[LENGTH, elbow]
    assert np.abs(turned).max() < 0.3
    document.undo()
    assert state_of(document) == before


def test_a_limb_is_filled_from_what_comes_after_it() -> None:
    document, poser, track = dissolving_in()
    elbow = BONES.index("left_elbow")
    use(document, poser, "fill", start=0, stop=LENGTH, limb="left arm")
    turned = track.base_rad[:LENGTH, elbow] - track.base_rad[LENGTH, elbow]
    assert np.abs(turned).max() < 0.6  # 1.2 was seen there


def test_a_track_within_it_is_joined_with_none_after_it() -> None:
    document, _, track = dissolving_in()
    with document.edit("Cut") as edit:
        tracks.cut_track(edit, document, track, LENGTH)
    first, second = document.tracks_of(track.person_id)
    with (
        pytest.raises(StudioError, match="within a dissolve"),
        document.edit("Join") as edit,
    ):
        tracks.join_tracks(edit, document, first, second)
    with document.edit("Hard cut") as edit:
        cut = Shot(id=document.shot_at(0).id, start=0, stop=FRAMES)
        edit.put(cut)
        tracks.join_tracks(edit, document, first, second)
    assert len(document.tracks_of(track.person_id)) == 1


def test_contacts_in_it_carry_no_floor() -> None:
    document, poser, track = dissolving_in()
    mark(document, track, "contact", [BONES.index("left_foot")], slice(1, LENGTH))
    assert floor.contacts_in(document, poser, document.shot_at(0)) == ()
    mark(document, track, "contact", [BONES.index("left_foot")], slice(5, LENGTH + 4))
    (one,) = floor.contacts_in(document, poser, document.shot_at(0))
    assert one.frames.tolist() == list(range(LENGTH, LENGTH + 4))


def jumps(document: Document, poser: Poser) -> list[Finding]:
    evidence = shot_evidence(document, poser, document.shot_at(0))
    return check_shot(evidence, [jump])


def test_findings_in_it_say_so_and_are_half_as_grave() -> None:
    document, poser, _ = dissolving_in()
    told = [f for f in jumps(document, poser) if f.start < LENGTH]
    assert told
    assert all("in a dissolve" in f.cause for f in told)
    with document.edit("Hard cut") as edit:
        edit.put(replace(document.shot_at(0), dissolve=0))
    hard = [f for f in jumps(document, poser) if f.start < LENGTH]
    assert [f.severity for f in told] == [f.severity / 2 for f in hard]
    assert not any("dissolve" in f.cause for f in hard)


def test_the_queue_is_checked_anew_where_a_dissolve_is_marked() -> None:
    document, _, _ = dissolving_in()
    queue = ProblemQueue(document, {"jump": jump})
    document.changed.connect(queue.follow)
    queue.take(run_job(queue.job(open_body(24))))
    assert any("in a dissolve" in found.cause for found in queue.open)
    with document.edit("Hard cut") as edit:
        edit.put(replace(document.shot_at(0), dissolve=0))
    assert queue.is_stale
    queue.take(run_job(queue.job(open_body(24))))
    assert queue.open
    assert not any("in a dissolve" in found.cause for found in queue.open)


def test_a_refit_neither_reads_nor_writes_it() -> None:
    joints_rad, root_m = true_motion()
    document, track = scene(joints_rad, root_m)
    with document.edit("Dissolve") as edit:
        edit.put(replace(document.shot_at(0), dissolve=6))
        edit.write(
            track, "base_root_m", slice(6), root_m[:6] + np.array([0.0, 0.0, 0.5])
        )
    before = track.base_root_m.copy()
    plan = plan_refit(document, open_body(24), track, start=0, stop=20)
    assert not np.isfinite(plan.seen.boxes_px[:6]).any()
    assert apply_refit(document, plan, run_job(refit_job(plan))) == 14
    np.testing.assert_array_equal(track.base_root_m[:6], before[:6])
    np.testing.assert_allclose(track.base_root_m[6:20], root_m[6:20], atol=0.1)


def test_a_run_begins_after_it() -> None:
    joints_rad, root_m = true_motion()
    document, track = scene(joints_rad, root_m)
    with document.edit("Dissolve") as edit:
        edit.put(replace(document.shot_at(0), dissolve=6))
        estimate = document.estimates[track.estimate_id or -1]
        boxes = np.tile([500.0, 100.0, 800.0, 600.0], (len(root_m), 1))
        scores = np.linspace(1.0, 0.5, len(root_m))
        again = replace(estimate, id=document.new_id(), arrays={})
        arrays = {**estimate.arrays, "boxes_px": boxes, "scores": scores}
        edit.add_estimate(again, arrays)
        edit.put(replace(track, estimate_id=again.id))
    person = document.persons[track.person_id]
    plan = plan_again(document, open_body(24), person=person, frames=(0, 20))
    assert (plan.pointed.frame, plan.pointed.start) == (6, 6)


def test_a_longer_dissolve_is_set_on_the_shot_after_the_cut() -> None:
    document, _, track = walker()
    with document.edit("Cut") as edit:
        cuts.add_cut(edit, document, 60)
    with document.edit("Dissolve") as edit:
        cuts.set_dissolve(edit, document, 60, frames=5)
    first, second = document.tracks_of(track.person_id)
    assert not dissolving(document, first).any()
    assert int(dissolving(document, second).sum()) == 5
