"""The fit's cost beside the network it follows, per person and frame, in one run.

A person made from the shipped body moves for 300 frames at 30 fps, seen with 2 px and
2 cm of noise. The fit includes finding the shape. The network is BlazePose heavy on one
thread, alone, as the estimator calls it. With detection and landmarks at 85 % and all
with the fit at 75 % of the networks' own speed, the fit may cost 1/0.75 - 1/0.85 =
0.157 of their time; half of that is kept for the rest of the work.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from hpe_studio.assets import path_of
from hpe_studio.body.open_body import open_body
from hpe_studio.core.camera import FLIP_YZ, default_camera
from hpe_studio.core.jobs import run_job
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.observations import Tracklet
from hpe_studio.motion.fitting import BodyShape, fit_track, landmarks_camera
from hpe_studio.motion.prior import pose_prior
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix

_FRAMES = 300
_ROUNDS = 5
_CALLS = 20


def run() -> dict[str, dict[str, Any]]:
    """Ratios by name: value, limit, unit and what was measured."""
    model, camera = open_body().joint_model, default_camera((1920, 1080))
    tracklet = _walker(model)
    run_job(fit_track(model, tracklet, camera))  # compiles
    network = _network()
    fits, calls = [], []
    for _ in range(_ROUNDS):
        start_s = time.perf_counter()
        run_job(fit_track(model, tracklet, camera))
        fits.append((time.perf_counter() - start_s) / _FRAMES)
        start_s = time.perf_counter()
        for _ in range(_CALLS):
            network.invoke()
        calls.append((time.perf_counter() - start_s) / _CALLS)
    ratio = statistics.median(a / b for a, b in zip(fits, calls, strict=True))
    detail = (
        f"fit {1e3 * statistics.median(fits):.2f} ms, BlazePose heavy "
        f"{1e3 * statistics.median(calls):.1f} ms per person and frame"
    )
    result = {"ratio": ratio, "limit": 0.078, "unit": "x", "detail": detail}
    return {"fit_beside_network": result}


def _walker(model: JointModel) -> Tracklet:
    rng = np.random.default_rng(0)
    prior = pose_prior(model.skeleton)
    phase = rng.uniform(0, 2 * np.pi, prior.mean_rad.shape)
    wave = np.sin(np.linspace(0, 40, _FRAMES)[:, None, None] + phase)
    joints = prior.mean_rad + 0.5 * prior.spread_rad * prior.known[:, None] * wave
    joints = np.clip(joints, prior.lower_rad, prior.upper_rad)
    turn = np.zeros((_FRAMES, 3))
    turn[:, 1] = np.linspace(0, 2 * np.pi, _FRAMES)
    joints[:, 0] = rotvec_from_matrix(FLIP_YZ @ matrix_from_rotvec(turn))
    root = np.array([0.0, 0.0, 4.0]) + np.zeros((_FRAMES, 1))
    shape = BodyShape(betas=np.zeros(model.beta_count))
    points = landmarks_camera(model, joints, root, shape=shape)
    px = default_camera((1920, 1080)).project_camera(points)
    px += rng.normal(0, 2, px.shape)
    around_hips = points - points[:, 23:25].mean(1, keepdims=True)
    seen = np.isfinite(px).all(-1)
    return Tracklet(
        start=0,
        points_px=px,
        confidence=np.where(seen, 0.95, 0.0),
        outside=np.zeros(seen.shape, dtype=np.uint8),
        points_m=around_hips + rng.normal(0, 0.02, points.shape),
        boxes_px=np.concatenate([np.nanmin(px, 1), np.nanmax(px, 1)], axis=1),
        scores=np.ones(_FRAMES),
        appearance=np.zeros(0),
    )


def _network() -> Any:
    from ai_edge_litert.interpreter import Interpreter

    path = path_of("blazepose_heavy")
    network = Interpreter(model_path=str(path), num_threads=1)
    network.allocate_tensors()
    entrance = network.get_input_details()[0]
    picture = np.random.default_rng(1).random(entrance["shape"], dtype=np.float32)
    network.set_tensor(entrance["index"], picture)
    network.invoke()
    return network
