"""From a producer's rows of SMPL parameters to people in the scene.

Producers differ in axes, pivots and what they leave out; what they share stands here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.body.load import load_body
from hpe_studio.body.open_body import open_body
from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import PersonMotion
from hpe_studio.core.skeleton import skeleton_for
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.rotations import (
    compose,
    matrix_from_rotvec,
    rotvec_from_matrix,
)

MAX_FRAMES = 10_000_000
"""No clip is longer (four days at 30 fps)."""

_LONGEST_GAP = 120  # frames without a person beyond which a new run begins

FROM_Z_UP = np.array([[1.0, 0, 0], [0, 0, 1.0], [0, -1.0, 0]])
"""Turns places with Z up to Y up: (x, y, z) to (x, z, -y)."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PersonRows:
    """What a producer says of one person, one row per frame, in the scene's axes.

    Attributes:
        name: The person's name.
        person_id: The producer's identity.
        frames: Frame of each row, shape (rows,), in any order.
        joints_rad: Rotations, shape (rows, joints, 3).
        root_scene_m: Pelvis joint, shape (rows, 3).
        rest_joints_m: Shape (joints, 3).
        betas: Shape (coefficients,).
        body: "smpl", "smplh" or "smplx".
        scale: Size of the body over its model.
        expression: Shape (rows, coefficients), or None.
    """

    name: str
    person_id: str
    frames: IntArray
    joints_rad: FloatArray
    root_scene_m: FloatArray
    rest_joints_m: FloatArray
    betas: FloatArray
    body: str
    scale: float = 1.0
    expression: FloatArray | None = None


def runs_of(rows: PersonRows) -> Iterator[PersonMotion]:
    """The rows as runs of frames; short gaps are NaN, long ones end a run.

    Of several rows on one frame the first counts; rows that are not finite are left
    out.

    Raises:
        ValueError: If shapes do not fit each other or frames are impossible.
    """
    order = _known_rows(rows)
    if not len(order):
        return
    ends = np.flatnonzero(np.diff(rows.frames[order]) > _LONGEST_GAP) + 1
    for part in np.split(order, ends):
        yield _run(rows, part)


def _known_rows(rows: PersonRows) -> IntArray:
    """Rows that count, by increasing frame."""
    count = len(rows.joints_rad)
    if rows.frames.shape != (count,) or rows.root_scene_m.shape != (count, 3):
        raise ValueError(f"the rows of {rows.name} differ in number")
    order: IntArray = np.unique(rows.frames, return_index=True)[1]
    values = np.concatenate(
        [rows.joints_rad.reshape(count, -1), rows.root_scene_m], axis=1
    )
    order = order[np.isfinite(values.sum(axis=1))[order]]
    frames = rows.frames[order]
    if len(frames) and not 0 <= frames[0] <= frames[-1] < MAX_FRAMES:
        raise ValueError(f"{rows.name} is on frames that no clip has")
    return order


def _run(rows: PersonRows, chosen: IntArray) -> PersonMotion:
    """Some rows, by increasing frame, as one run."""
    frames = rows.frames[chosen]
    length = int(frames[-1] - frames[0]) + 1

    def dense(values: FloatArray) -> FloatArray:
        out = np.full((length, *values.shape[1:]), np.nan)
        out[frames - frames[0]] = values[chosen]
        return out

    return PersonMotion(
        name=rows.name,
        skeleton=skeleton_for(rows.joints_rad.shape[1]),
        rest_joints_m=rows.rest_joints_m,
        start=int(frames[0]),
        joints_rad=dense(rows.joints_rad),
        root_scene_m=dense(rows.root_scene_m),
        betas=rows.betas,
        scale=rows.scale,
        person_id=rows.person_id,
        body=rows.body,
        expression=None if rows.expression is None else dense(rows.expression),
    )


def turned(joints_rad: FloatArray, turn: FloatArray) -> FloatArray:
    """The same poses seen in other axes: only the root turns, R' = R_c R_0.

    Args:
        joints_rad: Shape (rows, joints, 3).
        turn: Rotation into the new axes, shape (3, 3) or (rows, 3, 3).
    """
    out = np.array(joints_rad, dtype=np.float64)
    if len(out):
        out[:, 0] = compose(rotvec_from_matrix(turn), out[:, 0])
    return out


def rest_from_posed_m(
    parents: Sequence[int], joints_rad: FloatArray, joints_m: FloatArray
) -> FloatArray:
    """Rest joints from posed ones: each bone turned back by its parent's rotation.

    Args:
        parents: Parent of each joint, -1 for the root.
        joints_rad: Shape (rows, joints, 3).
        joints_m: Posed joints in the same axes, shape (rows, joints, 3).

    Returns:
        Median over the rows, shape (joints, 3), the root at the origin. Exact where
        the shape is the same in all rows.
    """
    tree = np.maximum(np.array(parents), 0)
    still = np.zeros((len(tree), 3))
    _, turns = forward_kinematics(parents, still, joints_rad, np.zeros(3))
    bones = joints_m - joints_m[:, tree]
    offsets = np.median(np.einsum("rjkl,rjk->rjl", turns[:, tree], bones), axis=0)
    rest = np.zeros_like(offsets)
    for joint, parent in enumerate(parents):
        if parent >= 0:
            rest[joint] = rest[parent] + offsets[joint]
    return rest


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RestJoints:
    """Where rest joints come from when the file has no joints.

    Attributes:
        joint_count: 24, 52 or 55.
        body_path: The user's body file, or None for the open body's mean shape.
        told_m: As the file tells them after all, shape (joints, 3), or None.
    """

    joint_count: int
    body_path: Path | None = None
    told_m: FloatArray | None = None

    def of(self, betas: FloatArray) -> FloatArray:
        """Rest joints of each row of betas, shape (rows, joints, 3).

        Raises:
            StudioError: If the body file is none or has other joints.
        """
        shapes = np.atleast_2d(np.asarray(betas, dtype=np.float64))
        if self.told_m is not None:
            return np.broadcast_to(self.told_m, (len(shapes), *self.told_m.shape))
        if self.body_path is None:
            model = open_body(self.joint_count).joint_model
            return np.broadcast_to(model.joints_m, (len(shapes), *model.joints_m.shape))
        model = load_body(self.body_path, beta_count=shapes.shape[1]).joint_model
        if len(model.joints_m) != self.joint_count:
            raise StudioError(
                f"has {len(model.joints_m)} joints instead of {self.joint_count}",
                path=self.body_path,
                fix="choose the body with which the results were made",
            )
        count = min(shapes.shape[1], model.beta_count)
        changes = model.joints_shapedirs_m[..., :count]
        return model.joints_m + np.einsum("jkb,rb->rjk", changes, shapes[:, :count])

    @property
    def assumed(self) -> tuple[str, ...]:
        """What is taken for granted, as sentences."""
        if self.body_path is not None or self.told_m is not None:
            return ()
        return (
            "Bone lengths and the pelvis above SMPL's origin are those of the open "
            "body's mean shape; give your body file to have them exact",
        )


def numbers(values: Any, *tail: int, name: str) -> FloatArray:
    """An array of shape (rows, *tail) in float64; single rows may lack the first axis.

    Raises:
        ValueError: If it has another number of values per row, or no numbers.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{name} holds no numbers")
    size = math.prod(tail)
    rows = 1 if array.shape == tail else len(array) if array.ndim else 0
    if array.size != rows * size:
        raise ValueError(f"{name} has shape {array.shape}")
    return array.reshape(rows, *tail).astype(np.float64)


def frame_numbers(values: Any) -> IntArray:
    """Frames of rows, shape (rows,).

    Raises:
        ValueError: If they are no whole numbers.
    """
    array = np.asarray(values).reshape(-1)
    if array.size and array.dtype.kind not in "iuf":
        raise ValueError("frames are no numbers")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ValueError("frames are no whole numbers")
    return np.clip(array, -1, MAX_FRAMES).astype(np.int64)


def mean_betas(betas: FloatArray) -> FloatArray:
    """One shape of many: the median of each coefficient, shape (coefficients,)."""
    rows: FloatArray = np.atleast_2d(betas)
    return np.median(rows, axis=0) if len(rows) else np.zeros(rows.shape[-1:])


def rotvecs(values: Any, joints: int, *, name: str) -> FloatArray:
    """Rotation vectors, shape (rows, joints, 3), of vectors or matrices.

    Raises:
        ValueError: If the values are neither.
    """
    array = np.asarray(values)
    per_row = array.size // max(1, len(array) if array.ndim else 1)
    if array.ndim > 2 and array.shape[-2:] == (3, 3) and per_row == 9 * joints:
        return rotvec_from_matrix(numbers(array, joints, 3, 3, name=name))
    return numbers(array, joints, 3, name=name)


def pinhole(focal_px: float, centre_px: Sequence[float], *, source: str) -> Camera:
    """A camera at the scene's origin that looks along its -Z axis.

    Raises:
        ValueError: If the focal length is impossible.
    """
    x, y = (float(v) for v in centre_px)
    if not (1e-3 < focal_px < 1e9 and math.isfinite(x + y)):
        raise ValueError(f"a focal length of {focal_px} px")
    return Camera(
        intrinsics=np.array([[focal_px, 0.0, x], [0.0, focal_px, y], [0.0, 0.0, 1.0]]),
        distortion=np.zeros(5),
        camera_from_scene=np.hstack([FLIP_YZ, np.zeros((3, 1))]),
        source=source,
    )


def moved(camera: Camera, camera_from_scene: FloatArray) -> Camera:
    """The camera in other places, shape (frames, 3, 4)."""
    return Camera(
        intrinsics=camera.intrinsics,
        distortion=camera.distortion,
        camera_from_scene=camera_from_scene,
        source=camera.source,
    )


def poses_on_all_frames(
    frames: IntArray, poses: FloatArray, frame_count: int
) -> FloatArray:
    """Camera poses of some frames, the nearest one taken on the others.

    Args:
        frames: Shape (rows,).
        poses: Shape (rows, 3, 4).
        frame_count: Frames wanted.

    Returns:
        Shape (frame_count, 3, 4).
    """
    known, order = np.unique(frames, return_index=True)
    wanted = np.arange(frame_count)
    after = np.clip(np.searchsorted(known, wanted), 0, len(known) - 1)
    before = np.maximum(after - 1, 0)
    is_before = wanted - known[before] <= known[after] - wanted
    return poses[order[np.where(is_before, before, after)]]


def camera_of_two_views(
    seen: Sequence[PersonRows], world: Sequence[PersonRows], frame_count: int
) -> FloatArray:
    """Where the camera is, from people as it sees them and as they are.

    Args:
        seen: People in the camera's scene (camera axes turned to Y up).
        world: The same rows in the world.
        frame_count: Frames wanted. Of several people on a frame the first counts;
            where nobody is, the nearest frame with somebody does.

    Returns:
        camera_from_scene of each frame, shape (frame_count, 3, 4).
    """
    frames = np.concatenate([person.frames for person in seen])
    roots = [
        np.concatenate([p.joints_rad[:, 0] for p in side]) for side in (seen, world)
    ]
    places = [np.concatenate([p.root_scene_m for p in side]) for side in (seen, world)]
    of_seen, of_world = (matrix_from_rotvec(root) for root in roots)
    turn = FLIP_YZ @ of_seen @ np.swapaxes(of_world, -1, -2)
    shift = places[0] @ FLIP_YZ.T - np.einsum("rij,rj->ri", turn, places[1])
    poses = np.concatenate([turn, shift[..., None]], axis=-1)
    return poses_on_all_frames(frames, poses, frame_count)


def not_of_this_kind(path: Path, producer: str, why: object) -> StudioError:
    """The error for a file that its producer cannot have written so."""
    return StudioError(
        f"is no result of {producer} ({why})",
        path=path,
        fix="choose the file as it was written",
    )
