"""The compiled loops of `render.mesh`; imported on first use, for numba is heavy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, fastmath=True, nogil=True)
def normals_into(vertices: Any, faces: Any, out: Any) -> None:
    """Area-weighted unit normals of a triangle mesh, written into `out`."""
    out[:] = 0
    for f in range(len(faces)):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ux = vertices[b, 0] - vertices[a, 0]
        uy = vertices[b, 1] - vertices[a, 1]
        uz = vertices[b, 2] - vertices[a, 2]
        vx = vertices[c, 0] - vertices[a, 0]
        vy = vertices[c, 1] - vertices[a, 1]
        vz = vertices[c, 2] - vertices[a, 2]
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for k in range(3):
            vertex = faces[f, k]
            out[vertex, 0] += nx
            out[vertex, 1] += ny
            out[vertex, 2] += nz
    for i in range(len(out)):
        length = math.sqrt(out[i, 0] ** 2 + out[i, 1] ** 2 + out[i, 2] ** 2)
        if length > 0:
            out[i] /= length
        else:
            out[i, 2] = 1


@njit(cache=True, fastmath=True, nogil=True)
def turn_normals(vertices: Any, toward: Any, parts: Any, normals: Any) -> None:
    """Turns unit normals in place by `mesh.Shading`."""
    for i in range(len(normals)):
        nx, ny, nz = normals[i, 0], normals[i, 1], normals[i, 2]
        j = toward[i]
        ex = vertices[j, 0] - vertices[i, 0]
        ey = vertices[j, 1] - vertices[i, 1]
        ez = vertices[j, 2] - vertices[i, 2]
        along = ex * nx + ey * ny + ez * nz
        ex, ey, ez = ex - along * nx, ey - along * ny, ez - along * nz
        length = math.sqrt(ex * ex + ey * ey + ez * ez)
        if length < 1e-7:
            continue
        ex, ey, ez = ex / length, ey / length, ez / length
        cx, cy, cz = ny * ez - nz * ey, nz * ex - nx * ez, nx * ey - ny * ex
        a, b, c = parts[i, 0], parts[i, 1], parts[i, 2]
        normals[i, 0] = a * nx + b * ex + c * cx
        normals[i, 1] = a * ny + b * ey + c * cy
        normals[i, 2] = a * nz + b * ez + c * cz


@njit(cache=True, fastmath=True, nogil=True)
def bounds_into(vertices: Any, low: Any, high: Any) -> None:
    """Smallest and largest coordinates of vertices, written into two arrays (3,)."""
    low[:], high[:] = vertices[0], vertices[0]
    for i in range(1, len(vertices)):
        for k in range(3):
            low[k] = min(low[k], vertices[i, k])
            high[k] = max(high[k], vertices[i, k])


@njit(cache=True, nogil=True)
def drop_areas(
    vertices: Any, areas: Any, corner: Any, grain: Any, floor: float, fall: float,
    fallen: Any,
) -> None:  # fmt: skip
    """Adds what each vertex drops on the floor's texels beneath it.

    Args:
        vertices: Shape (n, 3).
        areas: Shape (n,).
        corner: Smallest x and z of the texels.
        grain: Width (along x) and depth (along z) of one.
        floor: Height of the floor.
        fall: Height at which a share of 1/e arrives.
        fallen: Shape (rows, columns).
    """
    rows, columns = fallen.shape
    for i in range(len(vertices)):
        column = int((vertices[i, 0] - corner[0]) / grain[0])
        row = int((vertices[i, 2] - corner[1]) / grain[1])
        if 0 <= column < columns and 0 <= row < rows:
            height = max(vertices[i, 1] - floor, 0.0)
            fallen[row, column] += areas[i] * math.exp(-height / fall)


@njit(cache=True, nogil=True)
def first_hit(origin: Any, direction: Any, vertices: Any, faces: Any) -> float:
    """Distance along a ray to the nearest triangle, infinity if it meets none."""
    best = np.inf
    dx, dy, dz = direction[0], direction[1], direction[2]
    for f in range(len(faces)):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ax, ay, az = vertices[a, 0], vertices[a, 1], vertices[a, 2]
        ux, uy, uz = vertices[b, 0] - ax, vertices[b, 1] - ay, vertices[b, 2] - az
        vx, vy, vz = vertices[c, 0] - ax, vertices[c, 1] - ay, vertices[c, 2] - az
        px, py, pz = dy * vz - dz * vy, dz * vx - dx * vz, dx * vy - dy * vx
        det = ux * px + uy * py + uz * pz
        if abs(det) < 1e-14:
            continue
        tx, ty, tz = origin[0] - ax, origin[1] - ay, origin[2] - az
        s = (tx * px + ty * py + tz * pz) / det
        if s < 0 or s > 1:
            continue
        qx, qy, qz = ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux
        t = (dx * qx + dy * qy + dz * qz) / det
        if t < 0 or s + t > 1:
            continue
        along = (vx * qx + vy * qy + vz * qz) / det
        if 0 < along < best:
            best = along
    return best
