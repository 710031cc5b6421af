"""A walker whose left leg the picture cuts off for 40 frames, with the exact truth."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

import hpe_studio as hs
from hpe_studio.body import open_body
from hpe_studio.core.skeleton import landmark_set, skeleton
from hpe_studio.motion.rotations import compose
from hpe_studio.quality.staging import Performance, Stage, document_of, staged
from hpe_studio.storage.project import write_document
from hpe_studio.workflow.attaching import attach_clip

CUT_OFF = (44, 84)
"""Frames on which the leg is outside the picture."""

BONES = skeleton("smpl24")
LEG = tuple(BONES.index(f"left_{name}") for name in ("knee", "ankle", "foot"))
_TURNED = tuple(BONES.index(f"left_{name}") for name in ("hip", "knee", "ankle"))
_DRIFT_RAD, _KNOT_FRAMES = np.radians(25), 8
_CAPTURED_HZ, _FPS = 120, 30


def walker_cut_off(folder: Path, motion: Path) -> tuple[Path, Stage]:
    """A project with footage, and the truth it was made from.

    What is lost drifts as the benchmark's documented generator lets it drift
    (`quality.failures`, "truncated"): rotations of the leg by up to 40 degrees,
    landmarks outside with a confidence of 0.05 to 0.3.
    """
    with hs.open(motion) as opened:
        moved = opened.people[0].motion
        step = _CAPTURED_HZ // _FPS
        truth = Performance(
            joints_rad=np.array(moved.joints_rad[::step], float),
            root_m=np.array(moved.root_scene_m[::step], float),
        )
    rng = np.random.default_rng(11)
    stage = staged([truth], open_body(24), rng=rng, fps=Fraction(_FPS))
    _lose_leg(stage, rng)
    project = folder / "walker.hpes"
    write_document(project, document_of(stage))
    attach_clip(project, _film(stage, folder / "walker"), fps=Fraction(_FPS))
    return project, stage


def _lose_leg(stage: Stage, rng: np.random.Generator) -> None:
    report, rows = stage.reports[0], slice(*CUT_OFF)
    count = CUT_OFF[1] - CUT_OFF[0]
    for joint in _TURNED:
        knots = rng.normal(0, _DRIFT_RAD, (count // _KNOT_FRAMES + 2, 3))
        place = np.linspace(0, len(knots) - 1, count)
        drift = [np.interp(place, range(len(knots)), axis) for axis in knots.T]
        turned = compose(np.stack(drift, -1), report.joints_rad[rows, joint])
        report.joints_rad[rows, joint] = turned
    names = landmark_set("mediapipe33").names
    lost = [i for i, n in enumerate(names) if n.startswith("left_") and _is_leg(n)]
    report.outside[rows, lost] = 1.0
    report.confidence[rows, lost] = rng.uniform(0.05, 0.3, (count, len(lost)))


def _is_leg(landmark: str) -> bool:
    return landmark.endswith(("knee", "ankle", "heel", "foot_index"))


def _film(stage: Stage, folder: Path) -> Path:
    """The walker drawn as sticks, without the leg while it is cut off."""
    folder.mkdir()
    wide, high = stage.size_px
    for frame, joints_m in enumerate(stage.joints_m(0)):
        picture = np.full((high, wide, 3), 208, np.uint8)
        at = np.round(stage.camera.project(joints_m)).astype(int)
        for joint, parent in enumerate(BONES.parents):
            is_lost = joint in LEG and CUT_OFF[0] <= frame < CUT_OFF[1]
            if parent >= 0 and not is_lost:
                ends = tuple(at[joint].tolist()), tuple(at[parent].tolist())
                cv2.line(picture, *ends, (96, 80, 64), 9, cv2.LINE_AA)
        assert cv2.imwrite(str(folder / f"{frame:04d}.jpg"), picture)
    return folder
