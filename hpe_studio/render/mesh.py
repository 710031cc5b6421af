"""Triangle meshes on the CPU: normals, lighter copies, and what a ray meets."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LevelOfDetail:
    """A lighter copy of a mesh whose vertices are some of the mesh's own.

    Attributes:
        vertex_index: Which vertices are kept, shape (kept,).
        faces: Triangles over the kept ones, shape (light faces, 3), int32.
    """

    vertex_index: IntArray
    faces: IntArray


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PersonMesh:
    """One person as the viewport draws them.

    Attributes:
        id: Whose mesh it is; given back by picking.
        vertex_count: Number of vertices.
        faces: Triangles, shape (faces, 3).
        colour: "#rrggbb" of the person.
        light: Drawn while the picture moves; None draws the whole mesh always.
    """

    id: Hashable
    vertex_count: int
    faces: IntArray
    colour: str
    light: LevelOfDetail | None = None


@cache
def _kernels() -> Any:
    from hpe_studio.render import meshkernels

    return meshkernels


def vertex_normals(
    vertices_m: FloatArray, faces: IntArray, out: FloatArray | None = None
) -> FloatArray:
    """Unit normals, area weighted, shape (vertices, 3), float32.

    Args:
        vertices_m: Shape (vertices, 3), float32, C order.
        faces: Shape (faces, 3), int32, counter-clockwise seen from outside.
        out: Written in place when given.
    """
    if out is None:
        out = np.empty(vertices_m.shape, np.float32)
    _kernels().normals_into(vertices_m, faces, out)
    return out


def vertex_areas_m2(vertices_m: FloatArray, faces: IntArray) -> FloatArray:
    """The share of the surface that belongs to each vertex, shape (vertices,)."""
    corners = vertices_m[faces]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(cross, axis=1) / 6
    return np.bincount(
        faces.ravel(), np.repeat(area, 3), minlength=len(vertices_m)
    ).astype(np.float32)


def ray_distance_m(
    origin_m: FloatArray,
    direction: FloatArray,
    vertices_m: FloatArray,
    faces: IntArray,
) -> float:
    """How far along a ray the mesh is first met; infinity if never.

    Source: Möller and Trumbore, "Fast, minimum storage ray/triangle intersection"
    (1997).
    """
    return float(
        _kernels().first_hit(
            np.asarray(origin_m, np.float64),
            np.asarray(direction, np.float64),
            vertices_m,
            faces,
        )
    )


def level_between(
    vertices_m: FloatArray, light_vertices_m: FloatArray, light_faces: IntArray
) -> LevelOfDetail:
    """The level of detail that a mesh decimated without moving vertices makes.

    Args:
        vertices_m: Rest vertices of the whole mesh, shape (vertices, 3).
        light_vertices_m: Rest vertices of the light mesh, a subset, shape (kept, 3).
        light_faces: Its triangles, shape (light faces, 3).

    Raises:
        ValueError: If a light vertex is none of the whole mesh's.
    """
    place = {row.tobytes(): i for i, row in enumerate(vertices_m)}
    light = np.asarray(light_vertices_m, vertices_m.dtype)
    try:
        kept = [place[row.tobytes()] for row in light]
    except KeyError:
        raise ValueError("the light mesh has vertices of its own") from None
    return LevelOfDetail(
        vertex_index=np.array(kept, np.int64), faces=light_faces.astype(np.int32)
    )
