"""Motion with exact truth, for the conformance tests of formats."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from hpe_studio.core.camera import default_camera
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.skeleton import skeleton

STICK_24_OFFSETS_M = np.array(
    [
        (0, 0, 0), (0.06, -0.09, 0), (-0.06, -0.09, 0), (0, 0.11, -0.02),
        (0.04, -0.38, 0), (-0.04, -0.38, 0), (0, 0.13, 0), (-0.01, -0.40, -0.03),
        (0.01, -0.40, -0.03), (0, 0.05, 0.02), (0.04, -0.06, 0.12),
        (-0.04, -0.06, 0.12), (0, 0.21, -0.03), (0.08, 0.12, -0.02),
        (-0.08, 0.12, -0.02), (0, 0.09, 0.05), (0.09, 0.03, -0.01),
        (-0.09, 0.03, -0.01), (0.26, -0.01, -0.02), (-0.26, -0.01, -0.02),
        (0.25, 0.01, 0), (-0.25, 0.01, 0), (0.08, -0.01, -0.01), (-0.08, -0.01, -0.01),
    ]
)  # fmt: skip


def rest_joints_m(name: str) -> np.ndarray:
    bones = skeleton(name)
    rest = np.zeros((bones.joint_count, 3))
    for joint, parent in enumerate(bones.parents):
        offset = (
            STICK_24_OFFSETS_M[joint]
            if joint < 22
            else np.array([0.03, 0.002 * joint, 0.01])
        )
        rest[joint] = offset if parent < 0 else rest[parent] + offset
    return rest


def person(
    *, name: str = "Ravi", start: int = 0, frames: int = 30, seed: int = 0,
    bones: str = "smpl24", with_gap: bool = False, person_id: str = "7",
) -> PersonMotion:  # fmt: skip
    rng = np.random.default_rng(seed)
    joints = skeleton(bones).joint_count
    steps = np.cumsum(rng.normal(0, 0.08, (frames, joints, 3)), axis=0)
    joints_rad = rng.normal(0, 0.4, (joints, 3)) + steps
    root = np.array([0.1, 0.9, -3.0]) + np.cumsum(rng.normal(0, 0.02, (frames, 3)), 0)
    points = rng.uniform(0, 500, (frames, 33, 2))
    source = rng.integers(1, 6, (frames, joints)).astype(np.uint8)
    outside = rng.integers(0, 2, (frames, 33)).astype(np.uint8)
    if with_gap:
        joints_rad[10:13] = root[10:13] = points[10:13] = np.nan
        source[10:13] = 0
    return PersonMotion(
        name=name,
        skeleton=skeleton(bones),
        rest_joints_m=rest_joints_m(bones),
        start=start,
        joints_rad=joints_rad,
        root_scene_m=root,
        betas=rng.normal(0, 1, 10),
        scale=1.05,
        colour="azure",
        source=source,
        landmark_set="mediapipe33",
        points_px=points,
        confidence=rng.uniform(0, 1, (frames, 33)),
        outside=outside,
        points_m=rng.normal(0, 0.4, (frames, 33, 3)),
        reprojection_px=rng.uniform(0, 9, (frames, 33)),
        person_id=person_id,
    )


def motion(*people: PersonMotion, fps: Fraction = Fraction(24000, 1001)) -> MotionFile:
    return MotionFile(
        fps=fps,
        frame_count=60,
        people=people or (person(),),
        size_px=(1920, 1080),
        shots=((0, 40), (40, 60)),
        cameras={0: default_camera((1920, 1080)), 1: default_camera((1920, 1080))},
        clip_name="clip.mp4",
        provenance={"program": "HPE Studio", "extra": {"kept": True}},
    )
