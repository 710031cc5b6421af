"""A shape changed with a refit: the picture fits again, keys stay, one step of undo."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Track
from hpe_studio.edits import people, pose, shape
from hpe_studio.motion.fitting import landmarks_camera
from hpe_studio.motion.rotations import (
    geodesic_rad,
    matrix_from_rotvec,
    rotvec_from_matrix,
)
from hpe_studio.posing.posed import Poser
from hpe_studio.posing.resolve import resolve
from hpe_studio.workflow.refit import shape_of
from hpe_studio.workflow.shape_refit import change_shape_and_refit
from tests.core.scenes import state_of
from tests.workflow.test_refit import FRAMES, scene, true_motion

BODY = open_body(24)
KEY_FRAME = 12


def seen() -> tuple[Document, Track]:
    joints_rad, root_m = true_motion()
    document, track = scene(joints_rad, root_m)
    return document, document.tracks[track.id]


def motion(document: Document, track: Track) -> tuple[FloatArray, FloatArray]:
    now = document.tracks[track.id]
    told = resolve(now, document.keys_of(now.id), np.arange(now.start, now.stop))
    return told.joints_rad, told.root_scene_m


def off_px(document: Document, track: Track) -> FloatArray:
    """How far landmarks are from where they were seen, per frame."""
    joints_rad, root_m = motion(document, track)
    camera = document.camera_at(0)
    turned = joints_rad.copy()
    turned[:, 0] = rotvec_from_matrix(FLIP_YZ @ matrix_from_rotvec(turned[:, 0]))
    person = document.persons[track.person_id]
    places = landmarks_camera(
        BODY.joint_model, turned, camera.to_camera(root_m), shape=shape_of(person)
    )
    estimate = document.estimates[track.estimate_id or -1]
    away = camera.project_camera(places) - estimate.arrays["points_px"]
    return np.nanmedian(np.linalg.norm(away, axis=-1), axis=1)


def grow(document: Document, track: Track, *, refit: bool) -> None:
    """Somebody much taller, with or without a refit."""
    person = document.persons[track.person_id]
    poser = Poser(document, BODY)
    with document.edit("Change height") as edit:
        change = partial(
            shape.set_measure, edit, poser, person, name="height", value_m=1.95
        )
        if refit:
            change_shape_and_refit(edit, document, BODY, person, change)
        else:
            change()
    poser.close()


def test_the_picture_fits_again_and_undo_takes_all_back() -> None:
    document, track = seen()
    before, steps = state_of(document), document.history.position
    grow(document, track, refit=False)
    alone = off_px(document, track)
    document.undo()
    grow(document, track, refit=True)
    fitted = off_px(document, track)
    assert np.median(fitted) < 0.4 * np.median(alone)
    assert document.persons[track.person_id].scale > 1.05
    assert document.history.position == steps + 1
    joints_rad, root_m = motion(document, track)
    assert np.linalg.norm(np.diff(root_m, 2, axis=0), axis=1).max() < 0.02
    assert geodesic_rad(joints_rad[1:], joints_rad[:-1]).max() < 0.2
    document.undo()
    assert state_of(document) == before


def test_keys_keep_their_poses() -> None:
    document, track = seen()
    wanted = np.array([0.1, 0.2, -0.4])
    with document.edit("Key") as edit:
        pose.set_joint_rotation(
            edit, document, track, frame=KEY_FRAME, joint=16, rotation_rad=wanted
        )
    held = motion(document, track)[0][KEY_FRAME, 16]
    grow(document, track, refit=True)
    now = motion(document, track)[0][KEY_FRAME, 16]
    assert float(geodesic_rad(now, held)) < 1e-3
    assert [key.frame for key in document.keys_of(track.id)] == [KEY_FRAME]


def test_a_dissolve_and_frames_without_anyone_stay() -> None:
    document, track = seen()
    with document.edit("Lose") as edit:
        edit.put(replace(document.shot_at(0), dissolve=4))
        nobody = np.full((2, 3), np.nan)
        edit.write(track, "base_root_m", slice(20, 22), nobody)
        edit.write(track, "base_rad", slice(20, 22), np.full((2, 24, 3), np.nan))
    before = track.base_root_m.copy()
    grow(document, track, refit=True)
    now = document.tracks[track.id].base_root_m
    np.testing.assert_array_equal(now[:4], before[:4])
    assert np.isnan(now[20:22]).all()
    assert (np.abs(now[4:20] - before[4:20]).max(axis=1) > 1e-3).all()
    assert len(now) == FRAMES


def test_what_nobody_saw_or_is_locked_is_refused_whole() -> None:
    document, track = seen()
    person = document.persons[track.person_id]
    with document.edit("By hand") as edit:
        edit.put(replace(track, estimate_id=None))
    before = state_of(document)
    with pytest.raises(StudioError, match="nothing was seen"):
        grow(document, track, refit=True)
    assert state_of(document) == before
    with document.edit("Lock") as edit:
        people.set_locked(edit, person, locked=True)
    with pytest.raises(StudioError, match="locked"):
        grow(document, track, refit=True)
