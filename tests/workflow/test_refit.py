"""A refit makes the correction part of the base, and nothing else moves."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, default_camera
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.core.person import Person
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people, pose
from hpe_studio.motion.fitting import landmarks_camera
from hpe_studio.motion.fitting_problem import BodyShape
from hpe_studio.motion.rotations import (
    geodesic_rad,
    matrix_from_rotvec,
    rotvec_from_matrix,
)
from hpe_studio.posing.resolve import resolve
from hpe_studio.workflow.refit import apply_refit, plan_refit, refit_job
from tests.core.scenes import empty_document, state_of

FRAMES = 30
ARM = (16, 18)
"""Left upper arm and forearm."""
SHAPE = BodyShape(betas=np.zeros(10))


def true_motion() -> tuple[FloatArray, FloatArray]:
    """Somebody who faces the camera and swings an arm; root in the scene."""
    t = np.arange(FRAMES) / 30
    joints_rad = np.zeros((FRAMES, 24, 3))
    joints_rad[:, 16, 2] = -1.1 + 0.3 * np.sin(4 * t)
    joints_rad[:, 17, 2] = 1.1
    joints_rad[:, 18, 1] = -0.3
    return joints_rad, np.tile([0.1, 0.0, -4.0], (FRAMES, 1)) + t[:, None] * 0.1


def wrong_arm(joints_rad: FloatArray) -> FloatArray:
    """The same with an arm that the estimator saw where it was not."""
    wrong = joints_rad.copy()
    wrong[:, 16, 2] += 0.9
    return wrong


def scene(seen_rad: FloatArray, root_m: FloatArray) -> tuple[Document, Track]:
    """A document whose estimate saw a motion, with the landmarks it would have."""
    document, body = empty_document(FRAMES), open_body(24)
    size_px = document.clip.size_px
    camera = default_camera(size_px)
    turned = seen_rad.copy()
    root = FLIP_YZ @ matrix_from_rotvec(turned[:, 0])
    turned[:, 0] = rotvec_from_matrix(root)
    points_m = landmarks_camera(
        body.joint_model, turned, camera.to_camera(root_m), shape=SHAPE
    )
    points_px = camera.project_camera(points_m)
    known = np.isfinite(points_px).all(axis=2)
    hips = points_m[:, [23, 24]].mean(axis=1, keepdims=True)
    arrays = {
        "joints_rad": seen_rad,
        "root_scene_m": root_m,
        "points_px": points_px,
        "confidence": np.where(known, 0.9, 0.0),
        "points_m": points_m - hips,
        "scores": np.ones(FRAMES),
    }
    with document.edit("Estimate") as edit:
        shot = Shot(id=document.new_id(), start=0, stop=FRAMES)
        edit.put(shot)
        edit.put(ShotCamera(shot_id=shot.id, camera=camera))
        person = Person(
            id=document.new_id(), name="A", colour="azure", betas=(0.0,) * 10
        )
        edit.put(person)
        take = Take(id=document.new_id(), name="Run", origin="blazepose")
        edit.put(take)
        estimate = Estimate(
            id=document.new_id(),
            take_id=take.id,
            start=0,
            stop=FRAMES,
            skeleton="smpl24",
            landmark_set="mediapipe33",
        )
        edit.add_estimate(estimate, arrays)
        track = Track(
            id=document.new_id(),
            person_id=person.id,
            start=0,
            stop=FRAMES,
            skeleton="smpl24",
            estimate_id=estimate.id,
        )
        source = np.full((FRAMES, 24), Source.ESTIMATED, np.uint8)
        base = {"base_rad": seen_rad, "base_root_m": root_m, "base_source": source}
        edit.add_track(track, base)
    return document, document.tracks[track.id]


def corrected(document: Document, track: Track, frame: int, wanted: FloatArray) -> None:
    with document.edit("Key") as edit:
        pose.set_joint_rotation(
            edit, document, track, frame=frame, joint=16, rotation_rad=wanted
        )


def refit(document: Document, track: Track, start: int, stop: int) -> int:
    plan = plan_refit(document, open_body(24), track, start=start, stop=stop)
    return apply_refit(document, plan, run_job(refit_job(plan)))


def motion(document: Document, track: Track) -> FloatArray:
    now = document.tracks[track.id]
    frames = np.arange(now.start, now.stop)
    return resolve(now, document.keys_of(track.id), frames).joints_rad


def test_a_refit_takes_the_keys_pose_for_seen_and_keeps_the_rest() -> None:
    truth, root_m = true_motion()
    document, track = scene(wrong_arm(truth), root_m)
    for frame in (10, 14, 18):
        corrected(document, track, frame, truth[frame, 16])
    before, was = state_of(document), motion(document, track)
    old = track.base_rad.copy()
    assert refit(document, track, 8, 21) == 13
    now, base = motion(document, track), document.tracks[track.id].base_rad
    for frame in (10, 14, 18):
        assert geodesic_rad(now[frame, 16], was[frame, 16]) < 1e-5
        assert geodesic_rad(now[frame], was[frame]).max() < 0.06
    np.testing.assert_array_equal(base[:8], old[:8])
    np.testing.assert_array_equal(base[21:], old[21:])
    between = slice(11, 18)
    wrong = geodesic_rad(old[between, 16], truth[between, 16])
    right = geodesic_rad(base[between, 16], truth[between, 16])
    assert np.median(wrong) > 0.8
    assert np.median(right) < 0.3
    assert geodesic_rad(now[between, 16], truth[between, 16]).max() < 0.3
    steps = geodesic_rad(now[1:, 16], now[:-1, 16])
    assert steps.max() <= geodesic_rad(was[1:, 16], was[:-1, 16]).max() + 0.02
    document.undo()
    assert state_of(document) == before


def test_a_refit_of_what_was_seen_right_changes_little() -> None:
    truth, root_m = true_motion()
    document, track = scene(truth, root_m)
    refit(document, track, 5, 25)
    off = geodesic_rad(motion(document, track)[:, list(ARM)], truth[:, list(ARM)])
    assert np.median(off) < 0.1
    now = document.tracks[track.id].base_root_m
    assert np.abs(now - root_m).max() < 0.06


def test_a_refit_of_one_frame_leans_on_its_neighbours() -> None:
    truth, root_m = true_motion()
    document, track = scene(truth, root_m)
    old = track.base_rad.copy()
    old[12] += 0.02  # somebody's doing: the frame is fitted anew, not carried over
    with document.edit("Disturb") as edit:
        edit.write(track, "base_rad", 12, old[12])
    assert refit(document, track, 12, 13) == 1
    changed = (document.tracks[track.id].base_rad != old).any(axis=(1, 2))
    assert np.flatnonzero(changed).tolist() == [12]


def test_somebody_locked_and_a_track_nobody_saw_are_refused() -> None:
    truth, root_m = true_motion()
    document, track = scene(truth, root_m)
    body = open_body(24)
    with pytest.raises(StudioError, match="lie outside the track"):
        plan_refit(document, body, track, start=FRAMES, stop=FRAMES + 4)
    with document.edit("Lock") as edit:
        people.set_locked(edit, document.persons[track.person_id], locked=True)
    with pytest.raises(StudioError, match="is locked"):
        plan_refit(document, body, track, start=0, stop=4)
    document.undo()
    with document.edit("Forget") as edit:
        edit.remove(document.estimates[track.estimate_id or 0])
    with pytest.raises(StudioError, match="nothing was seen"):
        plan_refit(document, body, track, start=0, stop=4)
