"""Coarser meshes for many people at once; skinned like the full one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from importlib import import_module
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
        joint_regressor=None,
        points={},
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
    support, core = _vtk("util.numpy_support"), _vtk("vtkCommonCore")
    model, filters = _vtk("vtkCommonDataModel"), _vtk("vtkFiltersCore")
    points = core.vtkPoints()
    points.SetData(support.numpy_to_vtk(np.ascontiguousarray(vertices_m), deep=True))
    triangles = model.vtkCellArray()
    flat = np.ascontiguousarray(faces, dtype=np.int64).ravel()
    ends = np.arange(0, len(flat) + 1, 3, dtype=np.int64)
    triangles.SetData(
        support.numpy_to_vtkIdTypeArray(ends, deep=True),
        support.numpy_to_vtkIdTypeArray(flat, deep=True),
    )
    mesh = model.vtkPolyData()
    mesh.SetPoints(points)
    mesh.SetPolys(triangles)
    number = support.numpy_to_vtk(np.arange(len(vertices_m), dtype=np.int32), deep=True)
    number.SetName("vertex")
    mesh.GetPointData().AddArray(number)
    dropper = filters.vtkDecimatePro()
    dropper.SetInputData(mesh)
    dropper.SetTargetReduction(1 - target_faces / len(faces))
    dropper.PreserveTopologyOn()
    dropper.SplittingOff()
    # Creases up to this angle may go; the default of 15 deg keeps a third of a body.
    dropper.SetFeatureAngle(75.0)
    dropper.Update()
    coarse = dropper.GetOutput()
    kept: AnyArray = support.vtk_to_numpy(coarse.GetPointData().GetArray("vertex"))
    ring: AnyArray = support.vtk_to_numpy(coarse.GetPolys().GetConnectivityArray())
    return kept.astype(np.int64), ring.reshape(-1, 3).astype(np.int32)


def _vtk(module: str) -> Any:
    """A module of VTK, which has no complete types and loads slowly."""
    return import_module(f"vtkmodules.{module}")
