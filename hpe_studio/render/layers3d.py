"""Two layers of actors, drawn off screen to an array of pixels."""

from __future__ import annotations

import time

from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import vtkCamera, vtkRenderer

from hpe_studio.core.arrays import ByteArray
from hpe_studio.render.pixels import Finisher
from hpe_studio.render.quality import Effects, Pace, is_software_renderer
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.render.vtktools import offscreen_window, read_pixels

_OCCLUSION_RADIUS_M = 0.22


class Layers3D:
    """The window, its camera and its two renderers.

    Attributes:
        scene: What is lit and shaded.
        above: What is never hidden behind the scene.
        pace: How many effects the graphics card cannot keep up with.
    """

    def __init__(self) -> None:
        self.scene, self.above = vtkRenderer(), vtkRenderer()
        self.pace = Pace()
        self._window = offscreen_window()
        self._window.SetNumberOfLayers(2)
        self.above.SetLayer(1)
        self.above.InteractiveOff()
        self._camera = vtkCamera()
        for renderer in (self.scene, self.above):
            renderer.SetActiveCamera(self._camera)
            # Blended in the order in which actors are added: half the cost, and exact
            # for a flat shadow under a flat grid.
            renderer.SetUseOIT(False)
            self._window.AddRenderer(renderer)
        self._software: bool | None = None
        self._size = (1, 1)
        self._spent_ms = 0.0
        self._pixels = vtkUnsignedCharArray()
        self._finisher = Finisher()

    @property
    def software(self) -> bool:
        """True if pictures are made without a graphics card."""
        if self._software is None:
            self._window.Initialize()
            self._software = is_software_renderer(self._window.ReportCapabilities())
        return self._software

    def aim(self, view: ViewCamera) -> None:
        """Looks through a camera."""
        camera = self._camera
        right_up_back = view.eye_from_scene[:3, :3]
        eye = view.position_m()
        camera.SetPosition(*eye)
        camera.SetFocalPoint(*(eye - right_up_back[2]))
        camera.SetViewUp(*right_up_back[1])
        camera.SetParallelProjection(view.orthographic)
        near, far = view.near_far_m
        camera.SetClippingRange(max(near, 0.01), far)
        matrix = vtkMatrix4x4()
        matrix.DeepCopy(view.clip_from_eye.ravel().tolist())
        camera.SetExplicitProjectionTransformMatrix(matrix)
        camera.UseExplicitProjectionTransformMatrixOn()

    def shade(self, effects: Effects, *, bias_m: float) -> None:
        """Chooses the filters of the next picture.

        Args:
            effects: What it is drawn with.
            bias_m: Depth difference that throws no ambient shade.
        """
        for renderer in (self.scene, self.above):
            renderer.SetUseFXAA(effects.smooth_edges and not self.software)
        self.scene.SetUseSSAO(effects.occlusion_samples > 0)
        if effects.occlusion_samples:
            self.scene.SetSSAORadius(_OCCLUSION_RADIUS_M)
            self.scene.SetSSAOBias(bias_m)
            self.scene.SetSSAOKernelSize(effects.occlusion_samples)
            self.scene.SSAOBlurOn()

    def start(self, width: int, height: int) -> None:
        """Has a picture drawn, which may take longer than this returns after.

        What draws is the graphics card or, without one, other threads: whoever has
        something else to do meanwhile asks for the picture later. A picture that was
        never asked for is lost.

        Args:
            width: Device pixels.
            height: Device pixels.
        """
        self._size = width, height
        if self._window.GetSize() != (width, height):
            self._window.SetSize(width, height)
        start_s = time.perf_counter()
        self._window.Render()
        self._spent_ms = 1e3 * (time.perf_counter() - start_s)

    def finish(self, effects: Effects, *, timed: bool) -> ByteArray:
        """The picture that was started, as RGBA, shape (height, width, 4).

        The next call overwrites it.

        Args:
            effects: As given to `shade`.
            timed: Its time counts for `pace`.
        """
        width, height = self._size
        start_s = time.perf_counter()
        read_pixels(self._window, width, height, self._pixels)
        if timed:
            waited_ms = 1e3 * (time.perf_counter() - start_s)
            self.pace.note(self._spent_ms + waited_ms, software=self.software)
        upside_down = vtk_to_numpy(self._pixels).reshape(height, width, 4)
        return self._finisher.finish(
            upside_down, smooth=effects.smooth_edges and self.software
        )

    def finalize(self) -> None:
        """Gives all graphics memory back."""
        for renderer in (self.scene, self.above):
            renderer.RemoveAllViewProps()
            renderer.RemoveAllLights()
            self._window.RemoveRenderer(renderer)
        self._window.Finalize()
