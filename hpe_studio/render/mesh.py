"""Triangle meshes on the CPU: normals, lighter copies, and what a ray meets."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Shading:
    """Which way a light mesh's vertices face on the whole mesh.

    Few triangles make poor normals, and shade flat patches that vanish when the whole
    mesh comes back. The better normal is kept at rest, in a frame of the light normal
    and one edge, and follows any pose that bends the two alike.

    Attributes:
        toward: For each vertex the other end of an edge, shape (kept,), int32.
        parts: Along normal, edge and their cross, shape (kept, 3), float32.
    """

    toward: IntArray
    parts: FloatArray


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LevelOfDetail:
    """A lighter copy of a mesh whose vertices are some of the mesh's own.

    Attributes:
        vertex_index: Which vertices are kept, shape (kept,).
        faces: Triangles over the kept ones, shape (light faces, 3), int32.
        shading: Keeps the whole mesh's roundness; None shades the triangles.
    """

    vertex_index: IntArray
    faces: IntArray
    shading: Shading | None = None


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
    vertices_m: FloatArray,
    faces: IntArray,
    out: FloatArray | None = None,
    *,
    shading: Shading | None = None,
) -> FloatArray:
    """Unit normals, area weighted, shape (vertices, 3), float32.

    Args:
        vertices_m: Shape (vertices, 3), float32, C order.
        faces: Shape (faces, 3), int32, counter-clockwise seen from outside.
        out: Written in place when given.
        shading: Turns them to where the whole mesh faced.
    """
    if out is None:
        out = np.empty(vertices_m.shape, np.float32)
    _kernels().normals_into(vertices_m, faces, out)
    if shading is not None:
        _kernels().turn_normals(vertices_m, shading.toward, shading.parts, out)
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
    vertices_m: FloatArray,
    light_vertices_m: FloatArray,
    light_faces: IntArray,
    *,
    faces: IntArray | None = None,
) -> LevelOfDetail:
    """The level of detail that a mesh decimated without moving vertices makes.

    Args:
        vertices_m: Rest vertices of the whole mesh, shape (vertices, 3).
        light_vertices_m: Rest vertices of the light mesh, a subset, shape (kept, 3).
        light_faces: Its triangles, shape (light faces, 3).
        faces: Triangles of the whole mesh, whose roundness is then kept.

    Raises:
        ValueError: If a light vertex is none of the whole mesh's.
    """
    whole = np.ascontiguousarray(vertices_m)
    light = np.ascontiguousarray(light_vertices_m, whole.dtype)
    place = {row.tobytes(): i for i, row in enumerate(whole)}
    try:
        kept = np.array([place[row.tobytes()] for row in light], np.int64)
    except KeyError:
        raise ValueError("the light mesh has vertices of its own") from None
    few = light_faces.astype(np.int32)
    shading = None
    if faces is not None:
        wanted = vertex_normals(whole.astype(np.float32), faces.astype(np.int32))
        shading = shading_between(light.astype(np.float32), few, wanted[kept])
    return LevelOfDetail(vertex_index=kept, faces=few, shading=shading)


def shading_between(
    vertices_m: FloatArray, faces: IntArray, wanted: FloatArray
) -> Shading:
    """How a light mesh's normals are turned, from both at rest.

    Args:
        vertices_m: Rest vertices of the light mesh, shape (kept, 3), float32.
        faces: Its triangles, shape (light faces, 3), int32.
        wanted: Unit normals of the whole mesh there, shape (kept, 3).
    """
    toward = np.arange(len(vertices_m), dtype=np.int32)
    for corner in range(3):
        toward[faces[:, corner]] = faces[:, (corner + 1) % 3]
    normals = vertex_normals(vertices_m, faces).astype(np.float64)
    edge = vertices_m[toward].astype(np.float64) - vertices_m
    along = edge - (edge * normals).sum(axis=1, keepdims=True) * normals
    length = np.linalg.norm(along, axis=1, keepdims=True)
    along = np.where(length > 1e-7, along / np.maximum(length, 1e-7), 0.0)
    frame = np.stack([normals, along, np.cross(normals, along)], axis=1)
    parts = np.einsum("nij,nj->ni", frame, wanted)
    # Where there is no frame, or the two disagree wholly, the light normal stays.
    lost = (length[:, 0] <= 1e-7) | (parts[:, 0] < 0.1)
    parts[lost] = (1.0, 0.0, 0.0)
    return Shading(toward=toward, parts=parts.astype(np.float32))
