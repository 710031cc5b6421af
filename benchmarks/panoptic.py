"""A whole Panoptic sequence: time to the first picture, and the fit of its truth.

Thirty-one HD films of 9,000 frames (one film under 31 names) that nobody has read yet,
and a tar of bodies of three people over all of them. Opening counts until the first
picture is decoded, as the window shows it; the other cameras and the truth come behind.
The fit is of the shipped body in motion, seen with 5 mm of noise, its shape included.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.jobs import run_job
from hpe_studio.motion.point_fitting import fit_points
from hpe_studio.workflow.opening import open_path
from hpe_studio.workflow.sequences import complete, complete_job
from tests.longfilm import long_film
from tests.motion.point_scene import moving_points
from tests.panoptic_made import body_file, write_calibration, write_frames

_CAMERAS = tuple(f"00_{n:02d}" for n in range(31))
_FRAMES = 9_000
_PEOPLE = 3
_ROUNDS = 3
_FIT_FRAMES = 400


def run() -> dict[str, dict[str, Any]]:
    """Figures by name: value, limit, unit and what was measured."""
    return {"panoptic_first_picture": _opening(), "panoptic_fit": _fit()}


def _opening() -> dict[str, Any]:
    best_s, rest_s = float("inf"), float("inf")
    before = os.environ.get("HPE_STUDIO_HOME")
    with tempfile.TemporaryDirectory() as folder:
        sequence = _made(Path(folder))
        for turn in range(_ROUNDS):
            os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / f"home{turn}")
            start_s = time.perf_counter()
            opened = open_path(sequence)
            assert opened.footage is not None
            opened.footage.read_rgb(0)
            best_s = min(best_s, time.perf_counter() - start_s)
            start_s = time.perf_counter()
            document = opened.project.document
            complete(document, run_job(complete_job(document)))
            rest_s = min(rest_s, time.perf_counter() - start_s)
            path = opened.project.path
            opened.close()
            path.unlink()
    if before is None:
        del os.environ["HPE_STUDIO_HOME"]
    else:
        os.environ["HPE_STUDIO_HOME"] = before
    detail = (
        f"31 films of 1920x1080 and {_FRAMES} frames; the other cameras and the truth "
        f"of {_PEOPLE} people came {rest_s:.1f} s later"
    )
    return {"ratio": best_s, "limit": 2.0, "unit": "s", "detail": detail}


def _made(folder: Path) -> Path:
    sequence = folder / "170101_made1"
    (sequence / "hdVideos").mkdir(parents=True)
    write_calibration(sequence, _CAMERAS, size_px=(1920, 1080))
    film = long_film(_FRAMES)
    for camera in _CAMERAS:
        goal = sequence / f"hdVideos/hd_{camera}.mp4"
        goal.symlink_to(film)
    joints = moving_points(frames=400).points_m
    files = {
        frame: body_file(
            {who: joints[frame % 400] + [who, 0, 0] for who in range(_PEOPLE)}, frame
        )
        for frame in range(_FRAMES)
    }
    write_frames(sequence, "hdPose3d_stage1_coco19", files, as_tar=True)
    return sequence


def _fit() -> dict[str, Any]:
    scene = moving_points(frames=_FIT_FRAMES, noise_m=0.005)
    points = scene.points_m
    run_job(fit_points(points[:30], None, scene.landmarks, scene.model))  # compiles
    best_s, error_m = float("inf"), float("nan")
    for _ in range(_ROUNDS):
        start_s = time.perf_counter()
        fit = run_job(fit_points(points, None, scene.landmarks, scene.model))
        best_s, error_m = min(best_s, time.perf_counter() - start_s), fit.mean_error_m
    detail = f"frames a second of one person, shape included; {1000 * error_m:.1f} mm"
    return {
        "ratio": float(np.round(_FIT_FRAMES / best_s)),
        "limit": 200.0,
        "better": "higher",
        "unit": "frames/s",
        "detail": detail,
    }
