"""People with known motion as the files of other programs would tell of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from hpe_studio.body import open_body
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.clip import Clip, clip_without_footage
from hpe_studio.core.interchange import MotionFile, PersonMotion, PersonPoints
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m

SIZE_PX = (640, 480)
FPS = Fraction(25)


def camera() -> Camera:
    """The camera everything is seen by."""
    return default_camera(SIZE_PX)


def clip(frames: int, *, size_px: tuple[int, int] = SIZE_PX) -> Clip:
    """Footage of which only the facts are needed."""
    made = clip_without_footage(frame_count=frames, fps=FPS, size_px=size_px)
    return replace(made, kind="movie", path=Path("clip.mp4"))


def walker(frames: int, *, side: float = 0.0, name: str = "Ravi") -> PersonMotion:
    """Somebody who walks along with swinging arms and legs, upright, facing us."""
    model = open_body().joint_model
    time = np.arange(frames) / 25
    rad = np.zeros((frames, model.skeleton.joint_count, 3))
    swing = np.sin(2 * np.pi * 1.1 * time + side)
    for joint, axis, size in (
        ("left_hip", 0, 0.5),
        ("right_hip", 0, -0.5),
        ("left_shoulder", 1, 0.6),
        ("right_shoulder", 1, 0.6),
        ("left_elbow", 1, -0.5),
        ("right_elbow", 1, 0.5),
    ):
        rad[:, model.skeleton.index(joint), axis] = size * swing
    rad[:, model.skeleton.index("left_shoulder"), 2] = -1.1
    rad[:, model.skeleton.index("right_shoulder"), 2] = 1.1
    root = np.stack([side + 0.35 * time, 0 * time, -4 + 0.2 * swing], axis=1)
    betas = np.zeros(model.beta_count)
    return PersonMotion(
        name=name,
        skeleton=model.skeleton,
        rest_joints_m=model.rest_joints_m(betas),
        start=0,
        joints_rad=rad,
        root_scene_m=root,
        betas=betas,
        person_id=name,
    )


def places(person: PersonMotion, set_name: str = "coco17") -> np.ndarray:
    """Where a set's points are, shape (frames, points, 3), scene metres."""
    model = open_body().joint_model
    joints, rotations = forward_kinematics(
        person.skeleton.parents,
        person.rest_joints_m,
        person.joints_rad,
        person.root_scene_m,
    )
    return landmarks_m(model, set_name, joints, rotations, person.betas)


def in_pictures(
    *people: PersonMotion, set_name: str = "coco17", step: int = 1, first: int = 0
) -> MotionFile:
    """A keypoint file without identities: every frame lists people in turn.

    Args:
        people: Who is seen.
        set_name: The points.
        step: Only every so many frames are told.
        first: Frame of the walk that the file's frame 0 shows.
    """
    points = landmark_set(set_name)
    runs: list[PersonPoints] = []
    count = len(people[0].joints_rad[first::step])
    for frame in range(count):
        order = people if frame % 2 else people[::-1]
        for person in order:
            here = places(person, set_name)[first::step][frame]
            runs.append(
                PersonPoints(
                    name="somebody",
                    point_set=points,
                    start=frame,
                    points_px=camera().project(here)[None],
                    confidence=np.full((1, len(points.names)), 0.9),
                )
            )
    return MotionFile(
        fps=Fraction(30),
        frame_count=count,
        people=(),
        points=tuple(runs),
        provenance={"format": "openpose"},
        assumed=("30 frames per second",),
    )


def in_space(person: PersonMotion, set_name: str = "coco19") -> MotionFile:
    """A file of 3D points."""
    return MotionFile(
        fps=FPS,
        frame_count=len(person.joints_rad),
        people=(),
        points=(
            PersonPoints(
                name=person.name,
                point_set=landmark_set(set_name),
                start=0,
                points_scene_m=places(person, set_name),
                person_id=person.name,
            ),
        ),
    )
