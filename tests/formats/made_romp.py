"""Files as ROMP and BEV write them (simple_romp 1.1.4, ResultSaver), known motion."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .made_motion import Made

FOCAL_PX = 443.4


def seventy_one(person: Made) -> np.ndarray:
    """ROMP's 71 joints relative to the translation: SMPL's 24, then points on them."""
    relative = person.places_m - person.transl_m[:, None]
    hips = relative[:, [2, 1]] + np.array([0.0, 0.02, 0.01])
    rng = np.random.default_rng(5)
    more = relative[:, rng.integers(0, 24, 47)] + rng.normal(0, 0.03, (47, 3))
    more[:, 45 - 24 : 47 - 24] = hips
    return np.concatenate([relative, more], axis=1)


def pixels(square: np.ndarray, size_px: tuple[int, int]) -> np.ndarray:
    """convert_proejection_from_input_to_orgimg of ROMP."""
    width, height = size_px
    side = max(width, height)
    left, top = (side - width) // 2, (side - height) // 2
    return (square + 1) * side / 2 - np.array([left, top])


def romp_people(person: Made, size_px: tuple[int, int]) -> dict[str, np.ndarray]:
    """All rows of one person as `post_parser.py` of ROMP computes them."""
    joints, trans = seventy_one(person), person.transl_m
    scale = FOCAL_PX / 256 / trans[:, 2]
    cam = np.stack([scale, scale * trans[:, 0], scale * trans[:, 1]], axis=1)
    pj2d = cam[:, None, :1] * joints[..., :2] + cam[:, None, 1:]
    thetas = person.joints_rad.reshape(-1, 72)
    rows = len(thetas)
    return {
        "cam": cam,
        "global_orient": thetas[:, :3],
        "body_pose": thetas[:, 3:],
        "smpl_betas": np.tile(np.linspace(-1, 1, 10), (rows, 1)),
        "smpl_thetas": thetas,
        "center_preds": np.zeros((rows, 2)),
        "center_confs": np.full((rows, 1), 0.6),
        "cam_trans": trans,
        "verts": np.zeros((rows, 6890, 3)),
        "joints": joints,
        "pj2d_org": pixels(pj2d, size_px),
    }


def bev_people(person: Made, size_px: tuple[int, int]) -> dict[str, np.ndarray]:
    """The same of BEV: joints around the middle of the hips, a perspective camera."""
    joints = seventy_one(person)
    middle = joints[:, 45:47].mean(axis=1)
    joints, trans = joints - middle[:, None], person.transl_m + middle
    placed = joints + trans[:, None]
    square = placed[..., :2] / placed[..., 2:] * FOCAL_PX / 256
    slope = np.tan(np.radians(30))
    cam = np.stack(
        [
            (1 / trans[:, 2] - 1e-3) / slope,
            trans[:, 1] / trans[:, 2] / slope,
            trans[:, 0] / trans[:, 2] / slope,
        ],
        axis=1,
    )
    rows = len(joints)
    return {
        "smpl_thetas": person.joints_rad.reshape(-1, 72),
        "smpl_betas": np.tile(np.linspace(-1, 1, 11), (rows, 1)),
        "cam": cam,
        "cam_trans": trans,
        "params_pred": np.zeros((rows, 146)),
        "center_confs": np.full((rows, 1), 0.6),
        "pred_batch_ids": np.zeros(rows, np.int64),
        "verts": np.zeros((rows, 6890, 3)),
        "joints": joints,
        "pj2d_org": pixels(square, size_px),
    }


def frames_of(
    people: list[tuple[Made, dict[str, np.ndarray]]], *, with_ids: bool = False
) -> dict[int, dict[str, np.ndarray]]:
    """Per frame the arrays of whoever is on it, in float32 as torch gives them."""
    found: dict[int, dict[str, np.ndarray]] = {}
    for frame in sorted({int(f) for person, _ in people for f in person.frames}):
        rows = [
            (number, values, int(np.flatnonzero(person.frames == frame)[0]))
            for number, (person, values) in enumerate(people)
            if frame in person.frames
        ]
        if frame % 2:
            rows.reverse()  # the network lists people in any order
        found[frame] = {
            key: np.stack([values[key][row] for _, values, row in rows]).astype(
                np.float32
            )
            for key in rows[0][1]
        }
        if with_ids:
            found[frame]["track_ids"] = np.array(
                [number + 1 for number, _, _ in rows], np.int32
            )
    return found


def write_folder(folder: Path, frames: dict, *, name: str = "{:08d}.npz") -> Path:
    folder.mkdir(exist_ok=True)
    for frame, results in frames.items():
        np.savez(folder / name.format(frame), results=results)
    return folder


def write_video(path: Path, frames: dict) -> Path:
    """`save_video_results` of ROMP."""
    video, sequences = {}, {}
    for frame, results in sorted(frames.items(), reverse=True):
        video[f"{frame:08d}.png"] = results
        for row, track_id in enumerate(results.get("track_ids", [])):
            track = sequences.setdefault(track_id, {"frame_id": []})
            track["frame_id"].append(frame)
            for key, value in results.items():
                track.setdefault(key, []).append(value[row])
    np.savez(path, results=video, sequence_results=sequences)
    return path


def old_people(results: dict[str, np.ndarray], joints: str) -> list[dict]:
    """One frame as ROMP's first versions wrote it: a dictionary per person."""
    people = []
    for row in range(len(results["cam"])):
        all54 = results["joints"][row, :54]
        person = {
            "cam": results["cam"][row].astype(np.float16),
            "pose": results["smpl_thetas"][row],
            "betas": results["smpl_betas"][row],
            "trans": results["cam_trans"][row],
            "center_conf": results["center_confs"][row],
            "j3d_smpl24": all54[:24],
            "j3d_op25": all54[:25],
            "verts": results["verts"][row].astype(np.float16),
        }
        if joints == "j3d_all54":
            person[joints] = all54
            person["pj2d_org"] = results["pj2d_org"][row, :54]
        people.append(person)
    return people
