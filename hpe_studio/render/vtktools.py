"""Small helpers over VTK that the scene's parts share."""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np
from vtkmodules import vtkRenderingOpenGL2
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import (
    vtkActor,
    vtkPolyDataMapper,
    vtkRenderWindow,
    vtkTexture,
)

from hpe_studio.core.arrays import AnyArray, ByteArray, FloatArray, IntArray


def offscreen_window() -> vtkRenderWindow:
    """A render window that never shows, on whatever OpenGL the machine has.

    VTK picks its window for the display. On Linux without one it would first warn of a
    missing X server, so EGL is asked for by name there.
    """
    headless = sys.platform.startswith("linux") and not os.environ.get("DISPLAY")
    if headless and "VTK_DEFAULT_OPENGL_WINDOW" not in os.environ:
        window = vtkRenderingOpenGL2.vtkEGLRenderWindow()
    else:
        window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetShowWindow(False)
    window.SetMultiSamples(0)
    # To swap would wait until all is drawn; pixels are read from a buffer of VTK's own.
    window.SwapBuffersOff()
    return window


def read_pixels(window: Any, width: int, height: int, into: Any) -> None:
    """Copies the picture, RGBA with the last row first, into a VTK byte array."""
    window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, into)


def shared_array(values: AnyArray) -> Any:
    """A VTK array over the same memory; the caller keeps `values` alive."""
    return numpy_to_vtk(values, deep=0)


def cell_array(faces: IntArray) -> vtkCellArray:
    """VTK's form of triangles, shape (faces, 3)."""
    cells = vtkCellArray()
    corners = np.ascontiguousarray(faces, np.int64).ravel()
    offsets = np.arange(0, len(corners) + 1, 3, dtype=np.int64)
    cells.SetData(
        numpy_to_vtkIdTypeArray(offsets, deep=1),
        numpy_to_vtkIdTypeArray(corners, deep=1),
    )
    return cells


def triangle_data(vertices_m: FloatArray, faces: IntArray) -> vtkPolyData:
    """A mesh over the vertices' own memory; the caller keeps them alive."""
    points = vtkPoints()
    points.SetData(shared_array(vertices_m))
    data = vtkPolyData()
    data.SetPoints(points)
    data.SetPolys(cell_array(faces))
    return data


def mapper_for(data: vtkPolyData) -> vtkPolyDataMapper:
    """A mapper that takes vertex colours as they are."""
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.SetColorModeToDirectScalars()
    return mapper


def plain_actor(data: vtkPolyData) -> vtkActor:
    """A white mesh that no light touches."""
    mapper = mapper_for(data)
    mapper.ScalarVisibilityOff()
    actor = vtkActor()
    actor.SetMapper(mapper)
    actor.GetProperty().LightingOff()
    return actor


class TexturedQuad:
    """A flat picture standing in the scene that no light touches."""

    def __init__(self, *, mipmaps: bool = False) -> None:
        self.corners_m = np.zeros((4, 3), np.float32)
        self._data = triangle_data(
            self.corners_m, np.array([[0, 1, 2], [0, 2, 3]], np.int32)
        )
        places = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
        self._data.GetPointData().SetTCoords(numpy_to_vtk(places, deep=1))
        self._image = vtkImageData()
        self._has_mipmaps = mipmaps
        self._textures: dict[int, vtkTexture] = {}
        self.actor = plain_actor(self._data)
        self.set_anisotropy(1)
        self._pixels: ByteArray | None = None

    def set_anisotropy(self, samples: int) -> None:
        """Filters a picture seen at a slant well (16) or fast (1).

        Each has a texture of its own: to change one would upload the picture anew.
        """
        if samples not in self._textures:
            texture = vtkTexture()
            texture.SetInputData(self._image)
            texture.SetColorModeToDirectScalars()
            texture.InterpolateOn()
            texture.EdgeClampOn()
            texture.SetMipmap(self._has_mipmaps)
            texture.SetMaximumAnisotropicFiltering(float(samples))
            self._textures[samples] = texture
        self.actor.SetTexture(self._textures[samples])

    def place(self, corners_m: FloatArray) -> None:
        """Moves the corners: lower left, lower right, upper right, upper left."""
        self.corners_m[:] = corners_m
        self._data.GetPoints().GetData().Modified()
        self._data.GetPoints().Modified()
        self._data.Modified()

    def paint(self, pixels: ByteArray) -> None:
        """Puts a picture on, shape (height, width, 3 or 4), first row on top."""
        height, width, channels = pixels.shape
        self._pixels = np.ascontiguousarray(pixels[::-1]).reshape(-1, channels)
        self._image.SetDimensions(width, height, 1)
        self._image.GetPointData().SetScalars(shared_array(self._pixels))
        self._image.Modified()
