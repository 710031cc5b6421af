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
        vertex_index: Which vertices are kept, shape (kept,), increasing.
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


def level_of_detail(
    vertices_m: FloatArray, faces: IntArray, *, face_count: int = 9000
) -> LevelOfDetail:
    """A copy with about that many faces, made by leaving vertices out.

    Hands and face stay finest, being most curved. Where the shape allows no further
    removal the copy keeps more faces than asked for.

    Args:
        vertices_m: Rest vertices, shape (vertices, 3).
        faces: Triangles, shape (faces, 3).
        face_count: Wanted number of faces; at or above the mesh's own, all are kept.
    """
    if face_count >= len(faces):
        everything = np.arange(len(vertices_m))
        return LevelOfDetail(vertex_index=everything, faces=faces.astype(np.int32))
    from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
    from vtkmodules.vtkFiltersCore import vtkDecimatePro

    from hpe_studio.render.vtktools import triangle_data

    data = triangle_data(np.ascontiguousarray(vertices_m, np.float32), faces)
    ids = numpy_to_vtk(np.arange(len(vertices_m), dtype=np.int32), deep=1)
    ids.SetName("vertex")
    data.GetPointData().AddArray(ids)
    decimate = vtkDecimatePro()
    decimate.SetInputData(data)
    decimate.SetTargetReduction(1 - face_count / len(faces))
    decimate.PreserveTopologyOn()
    decimate.SplittingOff()
    decimate.Update()
    output = decimate.GetOutput()
    kept = vtk_to_numpy(output.GetPointData().GetArray("vertex")).astype(np.int64)
    triangles = vtk_to_numpy(output.GetPolys().GetConnectivityArray()).reshape(-1, 3)
    order = np.argsort(kept)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return LevelOfDetail(
        vertex_index=kept[order], faces=place[triangles].astype(np.int32)
    )
