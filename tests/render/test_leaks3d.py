"""Nothing of the 3D view stays behind: no VTK object, no memory."""

from __future__ import annotations

import ctypes
import gc
from pathlib import Path

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkObjectBase

from hpe_studio.render.mesh import PersonMesh
from hpe_studio.render.orbit import OrbitState
from hpe_studio.render.scene3d import Scene3D
from hpe_studio.render.theme import theme
from tests.render.synthetic3d import ball

SIZE = (120, 100)
_STATM = Path("/proc/self/statm")


def _vtk_objects() -> int:
    gc.collect()
    return sum(issubclass(type(thing), vtkObjectBase) for thing in gc.get_objects())


def _resident_mb() -> float:
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return int(_STATM.read_text().split()[1]) * 4096 / 2**20


def _opened() -> Scene3D:
    scene = Scene3D(theme("dark"))
    vertices, faces = ball((0, 1, 0), 0.4)
    scene.set_people(
        [PersonMesh(id=1, vertex_count=len(vertices), faces=faces, colour="#13A4F5")]
    )
    scene.set_vertices(1, vertices)
    scene.set_view(OrbitState().view_camera(SIZE))
    return scene


def _open_and_close(times: int) -> None:
    for _ in range(times):
        scene = _opened()
        scene.render(*SIZE, "moving")
        scene.finalize()


def _draw(scene: Scene3D, frames: int) -> None:
    vertices, _ = ball((0, 1, 0), 0.4)
    for frame in range(frames):
        scene.set_vertices(1, vertices + np.float32([0.001 * (frame % 9), 0, 0]))
        scene.render(*SIZE, "still" if frame % 40 == 0 else "moving")


def test_a_closed_scene_leaves_no_vtk_object_behind():
    _open_and_close(1)
    before = _vtk_objects()
    _open_and_close(3)
    assert _vtk_objects() <= before


def test_frames_make_no_vtk_objects():
    scene = _opened()
    _draw(scene, 50)
    before = _vtk_objects()
    _draw(scene, 150)
    assert _vtk_objects() <= before
    scene.finalize()


@pytest.mark.slow
@pytest.mark.skipif(not _STATM.exists(), reason="memory is read from Linux's /proc")
def test_a_long_day_takes_no_more_memory():
    _open_and_close(5)
    scene = _opened()
    _draw(scene, 200)
    before_mb = _resident_mb()
    _draw(scene, 2000)
    assert _resident_mb() - before_mb < 8
    scene.finalize()
    # Memory that was freed is given back now and then: compare the lowest tides.
    tides = [_tide_mb() for _ in range(20)]
    assert min(tides[10:]) - min(tides[:10]) < 16, tides


def _tide_mb() -> float:
    _open_and_close(10)
    return _resident_mb()
