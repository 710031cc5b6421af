"""Posed vertices: SMPL's pose correctives and linear blend skinning.

Same result as SMPL's reference implementation, with the root joint placed at `root_m`
(SMPL's `transl` is root_m - J0(betas)). The compiled loop reads the correctives as
16-bit integers, block by block, with one step size per block and feature: half the
memory traffic of float32, which is what limits this computation, at an error far below
a hundredth of a millimetre (`posedirs_error_m` tells it for a body).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np

from hpe_studio.body.model import Body, ShapedBody, SkinWeights
from hpe_studio.core.arrays import AnyArray, FloatArray
from hpe_studio.motion.kinematics import forward_kinematics, pose_features

_BLOCK = 128
_LANES = 64  # as `_compiled.LANES`, which only exists with numba
_LANE_PIECES = 3 * _BLOCK // _LANES
_MAX_THREADS = 8
_PIECES = 8
_NO_BETAS = np.zeros(0)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Skinned:
    """A body in one pose or several.

    Attributes:
        vertices_m: Shape (..., vertices, 3), float32.
        joints_m: Shape (..., joints, 3), float64.
        rotations: World rotations of the joints, shape (..., joints, 3, 3).
    """

    vertices_m: FloatArray
    joints_m: FloatArray
    rotations: FloatArray


def skin(
    body: Body,
    joints_rad: FloatArray,
    *,
    root_m: FloatArray,
    betas: FloatArray = _NO_BETAS,
    scale: float = 1.0,
    expression: FloatArray | None = None,
) -> Skinned:
    """Pose one person over any number of frames.

    Args:
        body: The body model.
        joints_rad: Parent-space rotation vectors, shape (..., joints, 3), hand means
            included.
        root_m: Place of the pelvis joint, shape (..., 3).
        betas: Shape coefficients.
        scale: Size over the model; turns about the root, which stays.
        expression: Expression coefficients, or None.

    Raises:
        ValueError: If the pose has another number of joints than the body.
    """
    pose = np.asarray(joints_rad, dtype=np.float64)
    lead = pose.shape[:-2]
    flat = pose.reshape(-1, *pose.shape[-2:])
    roots = np.broadcast_to(np.asarray(root_m, dtype=np.float64), (*lead, 3))
    shaped = body.shaped(betas, scale=scale, expression=expression)
    posed = _skin(shaped, flat, roots.reshape(-1, 3))
    return Skinned(
        vertices_m=posed.vertices_m.reshape(*lead, body.vertex_count, 3),
        joints_m=posed.joints_m.reshape(pose.shape),
        rotations=posed.rotations.reshape(*pose.shape, 3),
    )


def posedirs_error_m(body: Body) -> float:
    """Upper bound of what 16-bit correctives move a vertex coordinate by, metres."""
    blocks = _blocks(body)
    if blocks is None:
        return 0.0
    # |R - I| of any rotation is at most 2 per element; half a step each.
    return float(blocks.steps.reshape(len(blocks.steps), -1).sum(1).max())


def _skin(shaped: ShapedBody, pose: FloatArray, root: FloatArray) -> Skinned:
    """All poses of a shape: pose (frames, joints, 3), root (frames, 3)."""
    body = shaped.body
    if pose.shape[1] != body.joint_count:
        raise ValueError(f"{pose.shape[1]} joints on a body of {body.joint_count}")
    joints, turns, transforms = _posed_joints(shaped, pose, root)
    out = np.empty((len(pose), body.vertex_count, 3), np.float32)
    rest = shaped.vertices_m
    loop = _compiled_loop()
    features = pose_features(pose) if body.posedirs is not None else None
    if loop is None:
        _skin_plainly(body, rest, features, transforms, out)
    else:
        _skin_in_blocks(loop, body, rest, features, transforms, out)
    return Skinned(vertices_m=out, joints_m=joints, rotations=turns)


def _posed_joints(
    shaped: ShapedBody, pose: FloatArray, root: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Joints, their rotations, and rest to posed (frames, joints, 3, 4), float32."""
    parents = shaped.body.skeleton.parents
    joints, turns = forward_kinematics(parents, shaped.rest_joints_m, pose, root)
    transforms = np.empty((*pose.shape, 4), np.float32)
    turned = shaped.scale * turns
    transforms[..., :3] = turned
    transforms[..., 3] = joints - (turned @ shaped.joints_m[..., None])[..., 0]
    return joints, turns, transforms


Loop = Callable[..., None]


@cache
def _compiled_loop() -> Loop | None:
    """The compiled loop, or None where numba is not to be had."""
    try:
        from hpe_studio.body._compiled import skin_blocks
    except (ImportError, RuntimeError):  # RuntimeError: nowhere to keep its cache
        return None
    return skin_blocks


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, _helpers()), thread_name_prefix="skinning")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Blocks:
    """Correctives as the compiled loop wants them (see `_compiled.skin_blocks`)."""

    correctives: AnyArray
    steps: FloatArray


@lru_cache(maxsize=8)
def _blocks(body: Body) -> _Blocks | None:
    if body.posedirs is None:
        return None
    features, width = len(body.posedirs), 3 * _BLOCK
    count = -(-3 * body.vertex_count // width)
    padded = np.zeros((features, count * width), np.float32)
    padded[:, : 3 * body.vertex_count] = body.posedirs
    by_block = padded.reshape(features, count, width).transpose(1, 0, 2)
    steps = np.abs(by_block).max(2) / 32767
    safe = np.where(steps == 0, 1, steps)[..., None]
    joints = body.joint_count - 1
    whole = np.rint(by_block / safe).astype(np.int16)
    pieces = whole.reshape(count, joints, 9, _LANE_PIECES, _LANES)
    return _Blocks(
        correctives=np.ascontiguousarray(pieces.transpose(0, 1, 3, 2, 4)),
        steps=steps.reshape(count, joints, 9).astype(np.float32),
    )


def _skin_in_blocks(
    loop: Loop,
    body: Body,
    rest: FloatArray,
    features: FloatArray | None,
    transforms: FloatArray,
    out: FloatArray,
) -> None:
    """The compiled loop over all blocks, on as many threads as there are cores."""
    blocks = _blocks(body)
    frames, joints = transforms.shape[:2]
    if blocks is None or features is None:
        correctives = np.empty((0, joints - 1, _LANE_PIECES, 9, _LANES), np.int16)
        steps = np.empty((0, joints - 1, 9), np.float32)
        features = np.empty((frames, joints - 1, 9), np.float32)
    else:
        correctives, steps = blocks.correctives, blocks.steps
    w = body.weights
    flat = transforms.reshape(frames, joints, 12)
    shared = (flat, features, correctives, steps, rest, w.start, w.joint, w.weight, out)
    total = -(-body.vertex_count // _BLOCK)
    pieces = min(_PIECES, total)
    edges = [total * i // pieces for i in range(pieces + 1)]
    left = deque(pairwise(edges))
    helpers = [
        _pool().submit(_take_pieces, left, loop, shared) for _ in range(_helpers())
    ]
    _take_pieces(left, loop, shared)
    for helper in helpers:
        # One that has not begun has nothing left to do: never wait for a busy core.
        if not helper.cancel():
            helper.result()


def _take_pieces(
    left: deque[tuple[int, int]], loop: Loop, shared: tuple[Any, ...]
) -> None:
    """Work through what is left, together with other threads."""
    while True:
        try:
            first, stop = left.pop()
        except IndexError:
            return
        loop(first, stop, *shared)


@cache
def _helpers() -> int:
    """Threads beside the calling one."""
    return min(_MAX_THREADS, os.cpu_count() or 1) - 1


def _skin_plainly(
    body: Body,
    rest: FloatArray,
    features: FloatArray | None,
    transforms: FloatArray,
    out: FloatArray,
) -> None:
    """The same in numpy, with the correctives as they are."""
    weights: Any = _matrix(body.weights, body.joint_count)
    for frame, matrices in enumerate(transforms):
        bent = rest
        if features is not None and body.posedirs is not None:
            bent = bent + (features[frame].ravel() @ body.posedirs).reshape(-1, 3)
        blended = (weights @ matrices.reshape(-1, 12)).reshape(-1, 3, 4)
        out[frame] = np.einsum("vij,vj->vi", blended[..., :3], bent) + blended[..., 3]


def _matrix(weights: SkinWeights, joint_count: int) -> Any:
    sparse: Any = import_module("scipy.sparse")

    shape = (len(weights.start) - 1, joint_count)
    return sparse.csr_matrix(
        (weights.weight, weights.joint, weights.start), shape=shape
    )
