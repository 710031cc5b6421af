"""Bodies out of SMPL, SMPL-H and SMPL-X files (npz or pkl)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.body.landmarks import (
    VERTICES,
    LandmarkSources,
    landmark_sets,
    vertex_point,
)
from hpe_studio.body.model import Body, SurfacePoint, skin_weights
from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.skeleton import Skeleton, landmark_set, skeleton_for
from hpe_studio.core.unpickle import read_npz, read_pickle

_FIX = "choose an SMPL, SMPL-H or SMPL-X model file (npz or pkl)"

# SMPL-X lays shape and expression side by side: 300 + 100 coefficients in the full
# file, 10 + 10 in the short one. Source: the smplx package's documentation.
_FULL_SHAPE, _FULL_BOTH, _SHORT_SHAPE = 300, 400, 10

# Rows of SMPL-X's 51 face landmarks (the 68 of Multi-PIE without the jaw line).
_FACE_ROWS = {
    "right_eye_outer": 19, "right_eye_inner": 22, "left_eye_inner": 25,
    "left_eye_outer": 28, "right_mouth": 31, "left_mouth": 37,
}  # fmt: skip


def load_body(path: Path, *, beta_count: int = 10, expression_count: int = 10) -> Body:
    """A body model from the user's file; nothing in the file is ever run.

    Args:
        path: `.npz` or `.pkl`; the content decides, not the ending.
        beta_count: At most this many shape coefficients are kept.
        expression_count: At most this many expression coefficients are kept.

    Raises:
        StudioError: If the file cannot be read, asks to run code, or is no body model.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            is_archive = stream.read(2) == b"PK"
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise StudioError(what, path=path, fix=_FIX) from error
    arrays = read_npz(path) if is_archive else read_pickle(path)
    if not isinstance(arrays, dict):
        raise StudioError("holds no body model", path=path, fix=_FIX)
    try:
        return body_from_arrays(
            arrays,  # pyright: ignore[reportUnknownArgumentType]
            name=path.stem,
            beta_count=beta_count,
            expression_count=expression_count,
        )
    except (ValueError, TypeError, IndexError) as error:
        raise StudioError(f"is no body model: {error}", path=path, fix=_FIX) from error


def body_from_arrays(
    arrays: Mapping[str, Any],
    *,
    name: str,
    beta_count: int = 10,
    expression_count: int = 10,
) -> Body:
    """A body from the arrays of a file, by SMPL's names.

    Beyond SMPL's own names `expressiondirs`, `expression_names`, and surface points
    (`point_names`, `point_regressor`, shape (points, V)) are understood.

    Raises:
        ValueError: If something is missing or does not fit together.
    """
    template = _floats(arrays, "v_template", (None, 3))
    count = len(template)
    weights = _floats(arrays, "weights", (count, None))
    joints = weights.shape[1]
    regressor = _floats(arrays, "J_regressor", (joints, count)).astype(np.float64)
    shape, expression = _split_shape(arrays, count, joints)
    shape, expression = shape[..., :beta_count], expression[..., :expression_count]
    skeleton = _skeleton(arrays, joints, name)
    rest = regressor @ template.astype(np.float64)
    directions = np.einsum("jv,vck->jck", regressor, shape.astype(np.float64))
    sparse = skin_weights(weights)
    faces = _faces(arrays, count)
    sources = LandmarkSources(
        skeleton=skeleton,
        joints_m=rest,
        joints_shapedirs_m=directions,
        v_template=template,
        shapedirs=shape,
        weights=sparse,
        points=_points(arrays, faces, count),
    )
    return Body(
        name=name,
        faces=faces,
        v_template=template,
        shapedirs=np.ascontiguousarray(shape),
        expressiondirs=np.ascontiguousarray(expression),
        posedirs=_posedirs(arrays, count, joints),
        weights=sparse,
        joint_model=JointModel(
            skeleton=skeleton,
            joints_m=rest,
            joints_shapedirs_m=directions,
            landmarks=landmark_sets(sources),
        ),
        joints_expressiondirs_m=np.einsum(
            "jv,vck->jck", regressor, expression.astype(np.float64)
        ),
        mean_pose_rad=_mean_pose(arrays, joints),
        expression_names=tuple(str(n) for n in arrays.get("expression_names", ())),
        joint_regressor=regressor,
        points=sources.points,
    )


def _floats(
    arrays: Mapping[str, Any], key: str, shape: tuple[int | None, ...]
) -> FloatArray:
    """A float32 array of a given shape, None standing for any length but 0."""
    if key not in arrays:
        raise ValueError(f"it lacks {key}")
    array = np.asarray(arrays[key])
    fits = array.ndim == len(shape) and all(
        n == want or (want is None and n > 0)
        for n, want in zip(array.shape, shape, strict=True)
    )
    if not fits or array.dtype.kind not in "fiu":
        raise ValueError(f"{key} has shape {array.shape} and type {array.dtype}")
    values = array.astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError(f"{key} holds values that are not numbers")
    return values


def _split_shape(
    arrays: Mapping[str, Any], count: int, joints: int
) -> tuple[FloatArray, FloatArray]:
    """Shape and expression directions."""
    both = _floats(arrays, "shapedirs", (count, 3, None))
    if "expressiondirs" in arrays:
        return both, _floats(arrays, "expressiondirs", (count, 3, None))
    if joints != 55:
        return both, both[..., :0]
    if both.shape[2] >= _FULL_BOTH:
        return both[..., :_FULL_SHAPE], both[..., _FULL_SHAPE:]
    return both[..., :_SHORT_SHAPE], both[..., _SHORT_SHAPE:]


def _skeleton(arrays: Mapping[str, Any], joints: int, name: str) -> Skeleton:
    table = np.asarray(arrays.get("kintree_table", ()))
    if table.shape != (2, joints) or table.dtype.kind not in "iuf":
        raise ValueError("kintree_table does not fit the weights")
    raw = table[0].astype(np.int64)
    parents = tuple(-1 if i == 0 else int(p) for i, p in enumerate(raw))
    if any(not 0 <= p < i for i, p in enumerate(parents) if i):
        raise ValueError("kintree_table has children before their parents")
    try:
        known = skeleton_for(joints)
    except KeyError:
        known = None
    if known is not None and known.parents == parents:
        return known
    given = [str(n) for n in arrays.get("joint_names", ())]
    names = given if len(given) == joints else [f"joint_{i}" for i in range(joints)]
    return Skeleton(name=name, joint_names=tuple(names), parents=parents)


def _faces(arrays: Mapping[str, Any], count: int) -> IntArray:
    raw = np.asarray(arrays.get("f", arrays.get("faces", ())))
    if raw.ndim != 2 or raw.shape[1] != 3 or raw.dtype.kind not in "iuf":
        raise ValueError("it lacks triangles (f)")
    faces = raw.astype(np.int32)
    if faces.min(initial=0) < 0 or faces.max(initial=0) >= count:
        raise ValueError("f names vertices that do not exist")
    return np.ascontiguousarray(faces)


def _posedirs(arrays: Mapping[str, Any], count: int, joints: int) -> FloatArray | None:
    """Pose correctives, shape (9 (joints - 1), 3 vertices); zeros are none."""
    if arrays.get("posedirs") is None:
        return None
    features = 9 * (joints - 1)
    if np.ndim(arrays["posedirs"]) == 2:
        by_feature = _floats(arrays, "posedirs", (features, 3 * count))
    else:
        by_vertex = _floats(arrays, "posedirs", (count, 3, features))
        by_feature = np.ascontiguousarray(by_vertex.reshape(-1, features).T)
    return by_feature if by_feature.any() else None


def _points(
    arrays: Mapping[str, Any], faces: IntArray, count: int
) -> dict[str, SurfacePoint]:
    """Named surface points: of the file, else of a mesh that is known by its size."""
    if "point_regressor" in arrays:
        names = [str(n) for n in arrays["point_names"]]
        rows = _floats(arrays, "point_regressor", (len(names), count)).astype(
            np.float64
        )
        return {
            name: SurfacePoint(vertices=np.flatnonzero(row), weights=row[row != 0])
            for name, row in zip(names, rows, strict=True)
        }
    points = {n: vertex_point(v) for n, v in VERTICES.get(count, {}).items()}
    triangles = np.asarray(arrays.get("lmk_faces_idx", ()))
    if triangles.shape == (51,) and triangles.max() < len(faces):
        shares = _floats(arrays, "lmk_bary_coords", (51, 3)).astype(np.float64)
        face = zip(landmark_set("face70").names[17:68], range(51), strict=True)
        for name, row in (*_FACE_ROWS.items(), *face):
            points[name] = SurfacePoint(
                vertices=faces[int(triangles[row])], weights=shares[row]
            )
    return points


def _mean_pose(arrays: Mapping[str, Any], joints: int) -> FloatArray:
    """The hands' mean pose, on the last 30 joints of SMPL-H and SMPL-X."""
    mean = np.zeros((joints, 3))
    if joints in (52, 55) and "hands_meanl" in arrays and "hands_meanr" in arrays:
        mean[-30:-15] = _floats(arrays, "hands_meanl", (45,)).reshape(15, 3)
        mean[-15:] = _floats(arrays, "hands_meanr", (45,)).reshape(15, 3)
    return mean
