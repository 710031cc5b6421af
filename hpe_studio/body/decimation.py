"""Coarser meshes for many people at once; skinned like the full one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from hpe_studio.body.model import Body
from hpe_studio.core.arrays import AnyArray, FloatArray, IntArray


@lru_cache(maxsize=8)
def decimate(body: Body, target_faces: int) -> Body:
    """The body on a mesh of about so many triangles, its vertices a subset.

    Joints and landmarks stay as they are. A body that has no more triangles comes
    back unchanged.

    Source: Schroeder 1992, "Decimation of triangle meshes" (VTK's vtkDecimatePro),
    which drops vertices and moves none, so that shape directions, correctives and
    weights carry over row by row.
    """
    if len(body.faces) <= target_faces:
        return body
    kept, faces = _coarser(body.v_template, body.faces, target_faces)
    posedirs = body.posedirs
    if posedirs is not None:
        by_vertex = posedirs.reshape(len(posedirs), -1, 3)[:, kept]
        posedirs = np.ascontiguousarray(by_vertex.reshape(len(posedirs), -1))
    return replace(
        body,
        faces=faces,
        v_template=body.v_template[kept],
        shapedirs=body.shapedirs[kept],
        expressiondirs=body.expressiondirs[kept],
        posedirs=posedirs,
        weights=body.weights.rows(kept),
    )


def _coarser(
    vertices_m: FloatArray, faces: IntArray, target_faces: int
) -> tuple[IntArray, IntArray]:
    """Kept vertices and the triangles between them, shape (F, 3), int32."""
    from vtkmodules.util import numpy_support
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
    from vtkmodules.vtkFiltersCore import vtkDecimatePro

    to_vtk: Any = numpy_support.numpy_to_vtk
    to_numpy: Any = numpy_support.vtk_to_numpy
    points = vtkPoints()
    points.SetData(to_vtk(np.ascontiguousarray(vertices_m), deep=True))
    triangles = vtkCellArray()
    flat = np.ascontiguousarray(faces, dtype=np.int64).ravel()
    ends = np.arange(0, len(flat) + 1, 3, dtype=np.int64)
    triangles.SetData(
        numpy_support.numpy_to_vtkIdTypeArray(ends, deep=True),
        numpy_support.numpy_to_vtkIdTypeArray(flat, deep=True),
    )
    mesh = vtkPolyData()
    mesh.SetPoints(points)
    mesh.SetPolys(triangles)
    identity = to_vtk(np.arange(len(vertices_m), dtype=np.int32), deep=True)
    identity.SetName("vertex")
    mesh.GetPointData().AddArray(identity)
    dropper = vtkDecimatePro()
    dropper.SetInputData(mesh)
    dropper.SetTargetReduction(1 - target_faces / len(faces))
    dropper.PreserveTopologyOn()
    dropper.SplittingOff()
    dropper.BoundaryVertexDeletionOff()
    dropper.Update()
    coarse = dropper.GetOutput()
    kept: AnyArray = to_numpy(coarse.GetPointData().GetArray("vertex"))
    ring: AnyArray = to_numpy(coarse.GetPolys().GetConnectivityArray())
    return kept.astype(np.int64), ring.reshape(-1, 3).astype(np.int32)
