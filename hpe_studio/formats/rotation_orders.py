"""Six and four numbers as rotations, in whichever order they stand.

Six numbers (Zhou et al. 2019) are two columns of the matrix one behind the other
("columns", the paper's code), two rows ("rows", pytorch3d), or the first two columns of
each row ("interleaved", SPIN and its many heirs). Lengths and right angles tell columns
from interleaved; columns and rows differ by the inverse, which is told by knees and
elbows that bend as they can. Quaternions have w first ("wxyz") or last ("xyzw").
"""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.rotations import rotvec_from_matrix, rotvec_from_quaternion

SIX = ("columns", "rows", "interleaved")
FOUR = ("wxyz", "xyzw")

_KNEES, _ELBOWS = (4, 5), (18, 19)
_SURE_RAD = 0.05
_RIGHT_ANGLES = 0.05
"""Mean departure of lengths and angles from a rotation's up to which six numbers are
one without a telling name."""


def six_misfit(values: FloatArray) -> float:
    """How far six numbers are from two unit vectors at a right angle, either way.

    Args:
        values: Shape (..., 6).
    """
    return min(_misfit(values, order) for order in ("columns", "interleaved"))


def are_six(values: FloatArray) -> bool:
    """Whether six numbers are rotations by themselves, shape (..., 6)."""
    return six_misfit(values) < _RIGHT_ANGLES


def order_of_six(values: FloatArray, *, first_joint: int) -> tuple[str, str]:
    """How six numbers stand, and by what that is told.

    Args:
        values: Shape (frames, joints, 6).
        first_joint: SMPL's number of the first joint: 0, or 1 without the root.
    """
    if _misfit(values, "interleaved") < _misfit(values, "columns"):
        return "interleaved", "their lengths and angles"
    bend = _bend(rotvec_of_six(values, "columns"), first_joint)
    if abs(bend) < _SURE_RAD:
        return "columns", "custom, as knees and elbows are straight"
    return ("columns" if bend > 0 else "rows"), "how knees and elbows bend"


def rotvec_of_six(values: FloatArray, order: str) -> FloatArray:
    """Rotation vectors, shape (..., 3), of six numbers made orthogonal (Gram-Schmidt).

    Args:
        values: Shape (..., 6).
        order: One of `SIX`.
    """
    first, second = _vectors(values, order)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = first / np.linalg.norm(first, axis=-1, keepdims=True)
        y = second - (x * second).sum(axis=-1, keepdims=True) * x
        y = y / np.linalg.norm(y, axis=-1, keepdims=True)
    axis = -2 if order == "rows" else -1
    matrix = np.stack([x, y, np.cross(x, y)], axis=axis)
    known = np.isfinite(matrix).all(axis=(-2, -1))
    out = np.full((*matrix.shape[:-2], 3), np.nan)
    out[known] = rotvec_from_matrix(matrix[known])
    return out


def order_of_four(values: FloatArray) -> str:
    """Where w stands in quaternions, shape (..., 4): the largest of most poses."""
    weight = np.nanmean(np.abs(values).reshape(-1, 4), axis=0)
    return "xyzw" if weight[3] > weight[0] else "wxyz"


def rotvec_of_four(values: FloatArray, order: str) -> FloatArray:
    """Rotation vectors, shape (..., 3), of quaternions, shape (..., 4)."""
    is_last = order == "xyzw"
    return rotvec_from_quaternion(np.roll(values, 1, axis=-1) if is_last else values)


def _vectors(values: FloatArray, order: str) -> tuple[FloatArray, FloatArray]:
    if order == "interleaved":
        return values[..., 0::2], values[..., 1::2]
    return values[..., :3], values[..., 3:]


def _misfit(values: FloatArray, order: str) -> float:
    """Mean departure of two lengths from 1 and of their angle's cosine from 0."""
    first, second = _vectors(values, order)
    lengths = np.stack([np.linalg.norm(v, axis=-1) for v in (first, second)])
    cosine = (first * second).sum(axis=-1) / np.maximum(lengths.prod(axis=0), 1e-12)
    off = np.abs(lengths - 1).sum(axis=0) + np.abs(cosine)
    known = off[np.isfinite(off)]
    return float(known.mean()) if len(known) else np.inf


def _bend(pose_rad: FloatArray, first_joint: int) -> float:
    """How far knees and elbows bend the way they can, mean, radians.

    A knee bends about +x, the left elbow about -y, the right one about +y.
    """
    knees = pose_rad[:, [joint - first_joint for joint in _KNEES], 0]
    elbows = pose_rad[:, [joint - first_joint for joint in _ELBOWS], 1]
    values = np.concatenate([knees, elbows * [-1.0, 1.0]], axis=1)
    return float(np.nanmean(values))
