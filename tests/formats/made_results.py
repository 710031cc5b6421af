"""Files of other producers, each as its own source writes it, from known motion."""

from __future__ import annotations

import json
from pathlib import Path

import joblib
import numpy as np
import torch

from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix

from .made_motion import Made

SIZE = (1920, 1080)
BODY_25_OF_SMPL = [24, 12, 17, 19, 21, 16, 18, 20, 0, 2, 5, 8, 1, 4, 7]


def matrices(person: Made) -> np.ndarray:
    return matrix_from_rotvec(person.joints_rad)


def camera_path(frames: int) -> tuple[np.ndarray, np.ndarray]:
    """A camera that pans and walks, y of its world pointing down."""
    angle = np.linspace(0, 0.6, frames)
    turn = matrix_from_rotvec(np.stack([0.1 + 0 * angle, angle, 0 * angle], axis=1))
    place = np.stack([angle, 0 * angle - 1.5, 2 * angle], axis=1)
    return turn, place


def seen_in_world(
    person: Made, turn: np.ndarray, place: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pose, pelvis and joints of a person of the camera's axes in its world."""
    turn, place = turn[person.frames], place[person.frames]
    pose = np.array(person.joints_rad)
    pose[:, 0] = rotvec_from_matrix(turn @ matrix_from_rotvec(pose[:, 0]))
    places = np.einsum("fij,fkj->fki", turn, person.places_m) + place[:, None]
    return pose, places[:, 0], places


Y_DOWN = np.diag([1.0, -1.0, -1.0])


def write_wham(path: Path, people: list[Made]) -> Path:
    """demo.py of WHAM, with --save_pkl."""
    turn, place = camera_path(1 + max(int(p.frames.max()) for p in people))
    results = {}
    for number, person in enumerate(people):
        pose, root, _ = seen_in_world(person, Y_DOWN @ turn, place @ Y_DOWN)
        rows = len(person.frames)
        results[number] = {
            "pose": person.joints_rad.reshape(-1, 72).astype(np.float32),
            "trans": person.transl_m.astype(np.float32),
            "pose_world": pose.reshape(-1, 72).astype(np.float32),
            "trans_world": (root - person.rest_m[0]).astype(np.float32),
            "betas": np.full((rows, 10), 0.5, np.float32),
            "verts": np.zeros((rows, 50, 3), np.float32),
            "frame_ids": person.frames,
        }
    joblib.dump(results, path)
    return path


def write_gvhmr(path: Path, person: Made, dtype: torch.dtype = torch.float32) -> Path:
    """tools/demo/demo.py of GVHMR."""
    frames = len(person.frames)
    turn, place = camera_path(frames)
    pose, root, _ = seen_in_world(person, Y_DOWN @ turn, place @ Y_DOWN)

    def params(joints: np.ndarray, transl: np.ndarray) -> dict:
        return {
            "body_pose": torch.tensor(joints[:, 1:22].reshape(frames, 63)).to(dtype),
            "betas": torch.tensor(np.full((1, 10), 0.3)).to(dtype).expand(frames, 10),
            "global_orient": torch.tensor(joints[:, 0]).to(dtype),
            "transl": torch.tensor(transl).to(dtype),
        }

    intrinsics = torch.tensor([[1500.0, 0, 960], [0, 1500, 540], [0, 0, 1]])
    torch.save(
        {
            "smpl_params_global": params(pose, root - person.rest_m[0]),
            "smpl_params_incam": params(person.joints_rad, person.transl_m),
            "K_fullimg": intrinsics.expand(frames, 3, 3),
            "net_outputs": {"static_conf_logits": torch.zeros(1, frames, 6)},
        },
        path,
    )
    return path


def write_tram(folder: Path, people: list[Made]) -> Path:
    """estimate_humans.py of TRAM: object dictionaries with tensors."""
    count = 1 + max(int(p.frames.max()) for p in people)
    turn, place = camera_path(count)
    (folder / "hps").mkdir(parents=True)
    np.save(
        folder / "camera.npy",
        {
            "pred_cam_R": turn,
            "pred_cam_T": place,
            "world_cam_R": turn,
            "world_cam_T": place,
            "img_focal": 1400.0,
            "img_center": np.array([960.0, 540.0]),
            "spec_focal": 1500.0,
        },
    )
    for number, person in enumerate(people):
        rows = len(person.frames)
        np.save(
            folder / "hps" / f"hps_track_{number}.npy",
            {
                "pred_cam": torch.zeros(rows, 3),
                "pred_pose": torch.zeros(rows, 144),
                "pred_shape": torch.zeros(rows, 10),
                "pred_rotmat": torch.tensor(matrices(person)).float(),
                "pred_trans": torch.tensor(person.transl_m).float()[:, None],
                "frame": torch.tensor(person.frames),
            },
        )
    return folder


def write_prompthmr(path: Path, people: list[Made], *, full: bool) -> Path:
    """results.pkl of PromptHMR."""
    count = 1 + max(int(p.frames.max()) for p in people)
    turn, place = camera_path(count)
    found = {}
    for number, person in enumerate(people, start=1):
        rows = len(person.frames)
        values = {
            "pose": person.joints_rad[:, :25].reshape(rows, 75).astype(np.float32),
            "shape": np.zeros((rows, 10), np.float32),
            "trans": person.transl_m.astype(np.float32),
        }
        if full:
            values["rotmat"] = matrices(person).astype(np.float32)
        found[number] = {
            "frames": person.frames,
            "track_id": number,
            "smplx_cam": values,
            "smplx_world": {"pose": values["pose"]},
        }
    camera = {"img_focal": 1300.0, "img_center": np.array([640.0, 360.0])}
    world = {
        "Rwc": turn,
        "Twc": place,
        "Rcw": np.swapaxes(turn, 1, 2),
        "Tcw": -np.einsum("fji,fj->fi", turn, place),
    }
    joblib.dump(
        {"camera": camera, "camera_world": camera | world, "people": found}, path
    )
    return path


def write_phalp(path: Path, people: list[Made], *, with_joints: bool) -> Path:
    """PHALP.py: joblib.dump(…, compress=3), lists over people per frame."""
    count = 1 + max(int(p.frames.max()) for p in people)
    content = {}
    for frame in reversed(range(count)):
        name = f"_DEMO/clip/img/{frame + 1:06d}.jpg"
        entry = {
            key: []
            for key in ("tid", "tracked_time", "smpl", "camera", "3d_joints", "size")
        }
        entry |= {"time": frame, "shot": 0, "frame_path": name}
        for number, person in enumerate(people, start=1):
            if frame not in person.frames:
                if frame > person.frames[0]:
                    entry["tid"].append(number)  # remembered, not seen
                    entry["tracked_time"].append(2)
                    entry["smpl"].append({"global_orient": np.zeros((1, 3, 3))})
                    entry["camera"].append(np.zeros(3))
                    entry["3d_joints"].append(np.zeros((45, 3)))
                continue
            row = int(np.flatnonzero(person.frames == frame)[0])
            turns = matrices(person)[row].astype(np.float32)
            relative = person.places_m[row] - person.transl_m[row]
            joints = np.zeros((45, 3), np.float32)
            for place, smpl in enumerate(BODY_25_OF_SMPL):
                if smpl < 24:
                    joints[place] = relative[smpl]
            entry["tid"].append(number)
            entry["tracked_time"].append(0)
            entry["smpl"].append(
                {
                    "global_orient": turns[:1],
                    "body_pose": turns[1:],
                    "betas": np.zeros(10, np.float32),
                }
            )
            entry["camera"].append(person.transl_m[row].astype(np.float32))
            if with_joints:
                entry["3d_joints"].append(joints)
            entry["size"].append([SIZE[1], SIZE[0]])
        content[name] = entry
    joblib.dump(content, path, compress=3)
    return path


def write_amass(path: Path, person: Made, *, spelling: str) -> Path:
    """AMASS's own npz; the SMPL-X release spells the rate otherwise."""
    rows = len(person.frames)
    width = person.joints_rad.shape[1] * 3
    poses = person.joints_rad.reshape(rows, width)
    content = {
        "trans": person.transl_m,
        "gender": np.array("neutral"),
        spelling: np.float64(120.0),
        "betas": np.zeros(16),
        "poses": poses,
    }
    if width == 165:
        content |= {
            "surface_model_type": np.array("smplx"),
            "num_betas": np.array(16),
            "root_orient": poses[:, :3],
            "pose_body": poses[:, 3:66],
            "pose_hand": poses[:, 75:],
        }
    else:
        content["dmpls"] = np.zeros((rows, 8))
    np.savez(path, **content)
    return path


def write_aist(path: Path, person: Made, scale: float = 93.7) -> Path:
    """A motion of AIST++."""
    import pickle

    content = {
        "smpl_loss": 1.5,
        "smpl_poses": person.joints_rad.reshape(-1, 72),
        "smpl_scaling": np.array([scale]),
        "smpl_trans": person.transl_m * scale,
    }
    path.write_bytes(pickle.dumps(content, protocol=4))
    return path


def write_easymocap(folder: Path, people: list[Made], *, width: int) -> Path:
    """writer.py of EasyMocap: a file per frame, turned about the origin."""
    folder.mkdir(parents=True)
    for frame in range(1 + max(int(p.frames.max()) for p in people)):
        found = []
        for number, person in enumerate(people):
            if frame not in person.frames:
                continue
            row = int(np.flatnonzero(person.frames == frame)[0])
            turn = matrix_from_rotvec(person.joints_rad[row, 0])
            j0 = person.rest_m[0]
            th = person.transl_m[row] + j0 - turn @ j0
            pose = person.joints_rad[row].reshape(-1)
            zero = np.zeros(3)
            poses = {
                72: np.concatenate([zero, pose[3:72]]),
                69: pose[3:72],
                78: np.concatenate([zero, pose[3:66], np.zeros(12)]),
                87: np.concatenate([zero, pose[3:66], np.zeros(12), pose[66:75]]),
                165: np.concatenate([zero, pose[3:165]]),
            }[width]
            entry = {
                "id": number,
                "Rh": [person.joints_rad[row, 0].tolist()],
                "Th": [th.tolist()],
                "poses": [poses.tolist()],
                "shapes": [[0.0] * 10],
            }
            if width in (87, 165):
                entry["expression"] = [[0.1 * row] * 10]
            found.append(entry)
        (folder / f"{frame:06d}.json").write_text(json.dumps(found))
    return folder


def write_mtc(folder: Path, person: Made) -> Path:
    """Monocular Total Capture: negated rotations, centimetres, files from 1."""
    folder.mkdir(parents=True)
    for row, frame in enumerate(person.frames):
        pose = np.zeros((62, 3))
        pose[:22] = -person.joints_rad[row, :22]
        lines = [100 * person.transl_m[row], pose.reshape(-1), np.zeros(30)]
        lines.append(np.zeros(200))
        text = "\n".join(" ".join(f"{v:.9g}" for v in line) for line in lines)
        (folder / f"{frame + 1:04d}.txt").write_text(text + "\n")
    return folder


def write_trace(path: Path, people: list[Made]) -> Path:
    """TRACE's npz: one row per person and frame."""
    count = 1 + max(int(p.frames.max()) for p in people)
    turn, place = camera_path(count)
    rows: dict[str, list] = {
        key: []
        for key in (
            "reorganize_idx", "track_ids", "smpl_thetas", "smpl_betas", "cam_trans",
            "world_trans", "world_global_rots", "j3d", "pj2d_org", "center_confs",
        )
    }  # fmt: skip
    for frame in range(count):
        for number, person in enumerate(people, start=1):
            if frame not in person.frames:
                continue
            row = int(np.flatnonzero(person.frames == frame)[0])
            pose, root, _ = seen_in_world(person, turn, place)
            placed = person.places_m[row]
            square = placed[:, :2] / placed[:, 2:] * 548 / 256
            side = max(SIZE)
            pad = np.array([(side - SIZE[0]) // 2, (side - SIZE[1]) // 2])
            rows["reorganize_idx"].append(frame)
            rows["track_ids"].append(number)
            rows["smpl_thetas"].append(person.joints_rad[row].reshape(-1))
            rows["smpl_betas"].append(np.zeros(11))
            rows["cam_trans"].append(person.transl_m[row])
            rows["world_trans"].append(root[row] - person.rest_m[0])
            rows["world_global_rots"].append(pose[row, 0])
            rows["j3d"].append(person.places_m[row] - person.transl_m[row])
            rows["pj2d_org"].append((square + 1) * side / 2 - pad)
            rows["center_confs"].append([0.5])
    outputs = {key: np.array(values) for key, values in rows.items()}
    paths = np.array([f"{frame:06d}.jpg" for frame in range(count + 2)])
    np.savez(path, outputs=outputs, imgpaths=paths)
    return path
