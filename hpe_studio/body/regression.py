"""Skeletons from shape alone: any joint set out of a body's rest vertices.

A point of a set is a weighted sum of joints and surface points, and those are weighted
sums of vertices: one matrix takes vertices to points, as SMPL's `J_regressor` does.
"""

from __future__ import annotations

import numpy as np

from hpe_studio.body.landmarks import Recipe, recipes
from hpe_studio.body.model import Body
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.jointmodel import fit_length
from hpe_studio.core.pointsets import known_set


def set_regressor(body: Body, set_name: str) -> FloatArray:
    """The matrix that takes rest vertices to the points of a set.

    Returns:
        Shape (points, vertices), float64; rows of NaN for points that the body lacks.

    Raises:
        KeyError: If no such set is shipped.
        ValueError: If the body is a coarser mesh, which knows no regressor.
    """
    if body.joint_regressor is None:
        raise ValueError("a coarser mesh has no joint regressor")
    names = known_set(set_name).names
    table = recipes(set_name, _hip_distance_m(body))
    rows = [_row(body, table.get(name, ())) for name in names]
    return np.stack(rows)


def shaped_vertices_m(body: Body, betas: FloatArray) -> FloatArray:
    """Rest vertices of a shape, shape (..., vertices, 3), metres, float64.

    Args:
        body: The body.
        betas: Shape (..., coefficients); padded with zeros or cut to the body's.
    """
    flat = np.asarray(betas, dtype=np.float64).reshape(-1, np.shape(betas)[-1])
    fitted = np.stack([fit_length(row, body.beta_count) for row in flat])
    template = body.v_template.astype(np.float64)
    moved = np.einsum("vck,bk->bvc", body.shapedirs.astype(np.float64), fitted)
    return (template + moved).reshape(*np.shape(betas)[:-1], *template.shape)


def regressed(regressor: FloatArray, vertices_m: FloatArray) -> FloatArray:
    """Points out of vertices, shape (..., points, 3), in the vertices' unit.

    Args:
        regressor: Shape (points, vertices).
        vertices_m: Shape (..., vertices, 3).

    Raises:
        ValueError: If the numbers of vertices differ.
    """
    if regressor.ndim != 2 or regressor.shape[1] != vertices_m.shape[-2]:
        raise ValueError(
            f"the regressor is {regressor.shape}, the mesh has "
            f"{vertices_m.shape[-2]} vertices"
        )
    return np.asarray(regressor, dtype=np.float64) @ vertices_m


def _hip_distance_m(body: Body) -> float:
    names, joints = body.skeleton.joint_names, body.joint_model.joints_m
    if "left_hip" not in names or "right_hip" not in names:
        return 0.0
    hips = joints[names.index("left_hip")] - joints[names.index("right_hip")]
    return float(np.linalg.norm(hips))


def _row(body: Body, options: tuple[Recipe, ...]) -> FloatArray:
    names, regressor = body.skeleton.joint_names, body.joint_regressor
    assert regressor is not None
    for recipe in options:
        row = np.zeros(body.vertex_count)
        for name, share in recipe.items():
            point = body.points.get(name[1:]) if name.startswith("@") else None
            if point is not None:
                np.add.at(row, point.vertices, share * point.weights)
            elif name in names:
                row += share * regressor[names.index(name)]
            else:
                break
        else:
            return row
    return np.full(body.vertex_count, np.nan)
