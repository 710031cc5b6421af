"""A person run from a drawn box, with the real networks on a real clip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.document import Document
from hpe_studio.core.errors import CancelledByUser, StudioError
from hpe_studio.core.jobs import Progress, run_job
from hpe_studio.core.observations import FrameDetections
from hpe_studio.core.person import Person
from hpe_studio.edits import people, pose
from hpe_studio.media.footage import Footage, open_footage
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.posing.resolve import resolve
from hpe_studio.workflow import follow_box
from hpe_studio.workflow.follow_plan import FollowPlan, plan_again, plan_follow
from tests.core.scenes import state_of

pytestmark = [pytest.mark.data, pytest.mark.models]
WOMAN = (160.0, 500.0, 420.0, 1050.0)
MAN = (340.0, 390.0, 730.0, 1230.0)
"""Boxes on frame 50; the man is half behind the woman."""
FULL = {"model": "full"}


@pytest.fixture(scope="module")
def footage(test_data: Path) -> Iterator[Footage]:
    opened = open_footage(test_data / "video" / "pose2sim_multi" / "cam03.mp4")
    yield opened
    opened.close()


def added(document: Document, footage: Footage, plan: FollowPlan) -> Person:
    followed = run_job(follow_box.follow_job(footage, plan))
    return follow_box.apply_followed(document, followed, label="Add person")


def plan_of(
    document: Document, box: tuple[float, float, float, float], **chosen: object
) -> FollowPlan:
    return plan_follow(
        document,
        open_body(24),
        frame=chosen.pop("frame", 50),  # type: ignore[arg-type]
        box_px=box,
        settings=chosen.pop("settings", FULL),  # type: ignore[arg-type]
        **chosen,  # type: ignore[arg-type]
    )


@pytest.mark.slow
def test_somebody_half_hidden_is_followed_beside_somebody_known(
    footage: Footage,
) -> None:
    document = Document(footage.clip)
    woman = added(document, footage, plan_of(document, WOMAN, frames=(30, 70)))
    before = state_of(document)
    heavy = plan_of(document, MAN, frames=(30, 70), settings={"model": "heavy"})
    man = added(document, footage, heavy)
    assert [p.name for p in document.persons.values()] == [woman.name, man.name]
    (track,) = document.tracks_of(man.id)
    assert (track.start, track.stop) == (30, 70)
    estimate = document.estimates[track.estimate_id or 0]
    hers = document.estimates[document.tracks_of(woman.id)[0].estimate_id or 0]
    hips = [
        e.arrays["points_px"][:, 23:25].mean(axis=1)[:, 0] for e in (estimate, hers)
    ]
    assert np.median(hips[0] - hips[1]) > 100  # he stands to the right of her
    assert estimate.arrays["boxes_px"][20, 3] > 1100  # his feet, not hers
    assert np.nanmedian(estimate.arrays["reprojection_px"]) < 25
    document.undo()
    assert state_of(document) == before


@pytest.mark.slow
def test_a_range_run_again_keeps_the_pose_of_keys(footage: Footage) -> None:
    document = Document(footage.clip)
    person = added(document, footage, plan_of(document, WOMAN, frames=(40, 60)))
    (track,) = document.tracks_of(person.id)
    with document.edit("Key") as edit:
        pose.rotate_joint(
            edit,
            document,
            track,
            frame=52,
            joint=16,
            delta_parent_rad=np.array([0.0, 0.4, 0.3]),
        )
    held = resolve(track, document.keys_of(track.id), np.array([52])).joints_rad
    before, was = state_of(document), track.base_rad.copy()
    body = open_body(24)
    plan = plan_again(document, body, person=person, frames=(48, 57), settings=FULL)
    assert 48 <= plan.pointed.frame < 57
    again = added(document, footage, plan)
    assert again.id == person.id
    (now,) = document.tracks_of(person.id)
    assert (now.start, now.stop) == (track.start, track.stop)
    assert now.estimate_id != track.estimate_id
    kept = resolve(now, document.keys_of(now.id), np.array([52])).joints_rad
    assert geodesic_rad(kept[0, 16], held[0, 16]) < 1e-5
    outside = np.r_[0:8, 17:20]
    np.testing.assert_array_equal(now.base_rad[outside], was[outside])
    assert not np.array_equal(now.base_rad[10:15], was[10:15])
    old = document.estimates[track.estimate_id or 0].arrays["points_px"]
    new = document.estimates[now.estimate_id or 0].arrays["points_px"]
    np.testing.assert_array_equal(new[outside], old[outside])
    document.undo()
    assert state_of(document) == before


def test_a_missing_stretch_is_filled_up_to_what_is_there(footage: Footage) -> None:
    document = Document(footage.clip)
    late = plan_of(document, WOMAN, frame=56, frames=(54, 58))
    person = added(document, footage, late)
    plan = plan_of(document, WOMAN, person=person)
    assert (plan.pointed.start, plan.pointed.stop) == (0, 54)
    assert plan.shape is not None
    short = plan_of(document, WOMAN, person=person, frames=(50, 54))
    again = added(document, footage, short)
    spans = [(t.start, t.stop) for t in document.tracks_of(again.id)]
    assert spans == [(50, 54), (54, 58)]
    assert len(document.persons) == 1


def test_nobody_in_the_box_is_said(footage: Footage) -> None:
    document = Document(footage.clip)
    before = state_of(document)
    plan = plan_of(document, (700.0, 1500.0, 900.0, 1800.0))
    with pytest.raises(StudioError, match="nobody was recognised in the box"):
        run_job(follow_box.follow_job(footage, plan))
    assert state_of(document) == before


def test_somebody_is_found_on_a_single_frame(footage: Footage) -> None:
    document = Document(footage.clip)
    person = added(
        document, footage, plan_of(document, WOMAN, frame=56, frames=(56, 57))
    )
    spans = [(t.start, t.stop) for t in document.tracks_of(person.id)]
    assert spans == [(56, 57)]


def test_a_box_around_somebody_known_says_so(footage: Footage) -> None:
    document = Document(footage.clip)
    added(document, footage, plan_of(document, WOMAN, frame=56, frames=(54, 58)))
    before = state_of(document)
    with pytest.raises(StudioError, match="is known already"):
        added(document, footage, plan_of(document, WOMAN, frame=56, frames=(55, 57)))
    assert state_of(document) == before


def test_cancelling_ends_the_process_and_changes_nothing(footage: Footage) -> None:
    document = Document(footage.clip)
    seen: list[FrameDetections] = []

    def told(progress: Progress) -> None:
        if isinstance(progress.partial, FrameDetections):
            seen.append(progress.partial)

    with pytest.raises(CancelledByUser):
        run_job(
            follow_box.follow_job(footage, plan_of(document, WOMAN)),
            on_progress=told,
            is_cancelled=lambda: len(seen) >= 3,
        )
    assert len(seen) == 3
    assert not document.persons


def test_a_box_too_small_and_somebody_locked_are_refused(footage: Footage) -> None:
    document = Document(footage.clip)
    with pytest.raises(StudioError, match="too small"):
        plan_of(document, (10.0, 10.0, 14.0, 200.0))
    with document.edit("Add") as edit:
        person = people.add_person(edit, document)
        people.set_locked(edit, person, locked=True)
    with pytest.raises(StudioError, match="is locked"):
        plan_of(document, WOMAN, person=document.persons[person.id])
