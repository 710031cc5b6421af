"""Fingers out of pictures: hands of OpenPose and MediaPipe move bodies with fingers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.camera import default_camera
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.jobs import run_job
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.formats import mediapipe_json, openpose
from hpe_studio.motion.fitting import landmarks_camera
from hpe_studio.motion.fitting_problem import BodyShape
from hpe_studio.workflow.import_linking import linked
from hpe_studio.workflow.import_points import fit_points_of_file
from tests.workflow import import_scenes as scenes

FRAMES = 12
CAMERA = default_camera(scenes.SIZE_PX)


def gesturing(model: JointModel) -> tuple[np.ndarray, np.ndarray]:
    """Somebody near the camera who closes both hands: rotations and pelvis."""
    names = model.skeleton.joint_names
    pose = np.zeros((FRAMES, len(names), 3))
    pose[:, 0, 0] = np.pi  # upright in the camera's axes, facing it
    closing = np.linspace(0.0, 1.2, FRAMES)
    for side, sign in (("left", -1.0), ("right", 1.0)):
        pose[:, names.index(f"{side}_shoulder"), 2] = sign * 0.6
        for finger in ("index", "middle", "ring", "pinky"):
            for number, share in (("1", 1.0), ("2", 1.0), ("3", 0.7)):
                joint = names.index(f"{side}_{finger}{number}")
                pose[:, joint, 2] = sign * share * closing
    root = np.tile([0.05, 0.1, 2.2], (FRAMES, 1))
    return pose, root


def seen_px(model: JointModel, name: str) -> np.ndarray:
    """Where the points of a set are in the picture, shape (frames, points, 2)."""
    pose, root = gesturing(model)
    shape = BodyShape(betas=np.zeros(model.beta_count))
    return CAMERA.project_camera(
        landmarks_camera(model, pose, root, shape=shape, landmark_name=name)
    )


def marks(path: Path, model: JointModel) -> Path:
    """What a script around MediaPipe Holistic writes: shares, hands without visibility.

    Another person stands beside, whose hands are not seen; now and then the left hand
    of the first one is not either.
    """
    body = seen_px(model, "mediapipe33")
    hands = {side: seen_px(model, f"{side}_hand21") for side in ("left", "right")}

    def listed(points_px: np.ndarray, visibility: float) -> list[dict[str, float]]:
        shares = np.nan_to_num(points_px / np.array(scenes.SIZE_PX))
        return [{"x": x, "y": y, "z": 0.0, "visibility": visibility} for x, y in shares]

    frames = []
    for frame in range(FRAMES):
        first, other = body[frame], body[frame] + [150, 0]
        both = [
            listed(p, 0.9) for p in ((other, first) if frame % 2 else (first, other))
        ]
        left = None if frame == 4 else listed(hands["left"][frame], 0.0)
        right = listed(hands["right"][frame], 0.0)
        frames.append(
            {
                "pose_landmarks": both,
                "left_hand_landmarks": left,
                "right_hand_landmarks": right,
            }
        )
    width, height = scenes.SIZE_PX
    content = {"fps": 30, "width": width, "height": height, "frames": frames}
    path.write_text(json.dumps(content))
    return path


def results(folder: Path, model: JointModel, *, hands: bool = True) -> Path:
    """What OpenPose writes of it, exactly where the body's points are."""
    sets = ("body25", "left_hand21", "right_hand21")
    seen = {name: seen_px(model, name) for name in sets}
    keys = {"body25": "pose_keypoints_2d"}
    if hands:
        keys |= {
            f"{side}_hand21": f"hand_{side}_keypoints_2d" for side in ("left", "right")
        }
    folder.mkdir()
    for frame in range(FRAMES):
        person = {"person_id": [-1]}
        for name, key in keys.items():
            points = np.nan_to_num(seen[name][frame])
            sure = np.isfinite(seen[name][frame]).all(axis=1) * 0.9
            person[key] = np.c_[points, sure].ravel().tolist()
        text = json.dumps({"version": 1.3, "people": [person]})
        (folder / f"a_{frame:012d}_keypoints.json").write_text(text)
    return folder


def fitted(path: Path, joints: int):
    (person,) = everybody(openpose.read(path, fps="30"), joints)
    return person


def everybody(motion: MotionFile, joints: int) -> tuple[PersonMotion, ...]:
    clip = scenes.clip(FRAMES)
    runs = run_job(
        linked(motion.points, size_px=clip.size_px, times_s=np.arange(FRAMES) / 30)
    )
    model = open_body(joints).joint_model
    done = run_job(
        fit_points_of_file(runs, model, camera_at=lambda _: CAMERA, clip=clip)
    )
    return done.people


def bend_rad(person, side: str) -> np.ndarray:
    """Mean bend of the fingers' first two joints, frame by frame."""
    names = person.skeleton.joint_names
    columns = [
        names.index(f"{side}_{finger}{number}")
        for finger in ("index", "middle", "ring", "pinky")
        for number in "12"
    ]
    sign = -1.0 if side == "left" else 1.0
    return np.asarray(sign * person.joints_rad[:, columns, 2].mean(axis=1))


@pytest.mark.parametrize("joints", [52, 55])
def test_fingers_close_as_they_do_in_the_picture(tmp_path: Path, joints: int) -> None:
    model = open_body(joints).joint_model
    person = fitted(results(tmp_path / "op", model), joints)
    meant = np.linspace(0.0, 1.2, FRAMES)
    for side in ("left", "right"):
        bend = bend_rad(person, side)
        assert np.abs(bend - meant).mean() < 0.1
        assert bend[-1] - bend[0] > 0.8
    # what is stored beside it is of the body, as everywhere else
    assert person.landmark_set == "body25"
    assert person.points_px.shape == (FRAMES, 25, 2)
    assert np.nanmedian(person.reprojection_px) < 3.0


def test_hands_of_mediapipe_move_the_fingers_of_whom_they_belong_to(
    tmp_path: Path,
) -> None:
    model = open_body(55).joint_model
    path = marks(tmp_path / "holistic.json", model)
    motion = mediapipe_json.read(path)
    hands = motion.points[0].point_set.names.index("left_hand_root")
    confidence = [run.confidence[:, hands:] for run in motion.points]
    assert (confidence[0][4, :21] == 0).all()  # the hand that is not seen
    assert (np.delete(confidence[0], 4, axis=0) == 1).all()
    assert (confidence[1] == 0).all()
    first, other = everybody(motion, 55)
    meant = np.linspace(0.0, 1.2, FRAMES)
    for side in ("left", "right"):
        bend = bend_rad(first, side)
        assert np.abs(bend - meant).mean() < 0.1
        assert bend[-1] - bend[0] > 0.8
        assert np.ptp(bend_rad(other, side)) < 1e-6
    assert first.landmark_set == "mediapipe33"
    assert np.nanmedian(first.reprojection_px) < 3.0


def test_without_hands_fingers_stay_at_rest(tmp_path: Path) -> None:
    model = open_body(55).joint_model
    person = fitted(results(tmp_path / "op", model, hands=False), 55)
    first = landmark_set("left_hand21").names[5]
    assert first == "left_index1"
    for side in ("left", "right"):
        np.testing.assert_array_equal(bend_rad(person, side), 0)


def test_a_body_without_fingers_leaves_them_out(tmp_path: Path) -> None:
    model = open_body(55).joint_model
    folder = results(tmp_path / "op", model)
    person = fitted(folder, 24)
    same = fitted(results(tmp_path / "bare", model, hands=False), 24)
    np.testing.assert_allclose(person.joints_rad, same.joints_rad, atol=1e-9)
