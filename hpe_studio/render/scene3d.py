"""The 3D viewport as pictures: VTK rendering off screen, without Qt."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Literal

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import vtkCamera, vtkRenderer

from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.render import picking
from hpe_studio.render.backdrop import BehindQuad, Dome, PictureBehind
from hpe_studio.render.floor import Floor
from hpe_studio.render.frustum import Frustum
from hpe_studio.render.lights import STRENGTH, set_lights
from hpe_studio.render.mesh import PersonMesh
from hpe_studio.render.orbit import OrbitState
from hpe_studio.render.people3d import PeopleMeshes
from hpe_studio.render.sticks import TRUTH_BONE_M, TRUTH_JOINT_M, Edges, StickActors
from hpe_studio.render.theme import Theme
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.render.vtktools import (
    is_software,
    offscreen_window,
    read_pixels,
)

Quality = Literal["moving", "still", "photo"]
"""While something moves, 150 ms after the last event, and for pictures to keep."""

_OCCLUSION_RADIUS_M, _OCCLUSION_BIAS = 0.22, 0.008
_OCCLUSION_BIAS_PER_M = 0.0015
_OCCLUSION_SAMPLES = {"moving": 64, "still": 160, "photo": 160}
_SOFTWARE_SAMPLES = {"moving": 0, "still": 24, "photo": 160}
_HULLS = {"dark": "#0E1013", "light": "#FFFFFF", "contrast": "#000000"}


class Scene3D:
    """People, floor and camera in one view, drawn to an array of pixels.

    Nothing is drawn until `render`; setters only note what changed. All pixels are
    counted in the view's own logical pixels, from its upper left corner.
    """

    def __init__(self, look: Theme) -> None:
        self.view = OrbitState().view_camera((640, 480))
        self._window = offscreen_window()
        self._window.SetNumberOfLayers(2)
        self._scene, self._above = vtkRenderer(), vtkRenderer()
        self._above.SetLayer(1)
        self._above.InteractiveOff()
        self._camera = vtkCamera()
        for renderer in (self._scene, self._above):
            renderer.SetActiveCamera(self._camera)
            # Blended in the order of `_add_actors`: half the cost, and exact for a flat
            # shadow under a flat grid.
            renderer.SetUseOIT(False)
            self._window.AddRenderer(renderer)
        self._software: bool | None = None
        self._picture: PictureBehind | None = None
        self._pixels = vtkUnsignedCharArray()
        self._frame = np.zeros((0, 0, 4), np.uint8)
        self._dome, self._behind, self._floor = Dome(), BehindQuad(), Floor()
        self._frustum = Frustum()
        self._people = PeopleMeshes()
        self._truth = StickActors(
            bone_radius_m=TRUTH_BONE_M, joint_radius_m=TRUTH_JOINT_M
        )
        self._floor_place = (0.0, 0.0), 0.0
        self._floor_shown = True
        self._behind.actor.VisibilityOff()
        self._add_actors()
        self.set_look(look)

    def set_look(self, look: Theme) -> None:
        """Takes another theme; truth figures must be set again."""
        self.look = look
        set_lights(self._scene, strength=STRENGTH[look.name])
        self._scene.SetBackground(*look.rgb("video.backdrop"))
        self._dome.set_look(look)
        self._frustum.set_look(look)
        self.set_floor(self._floor_place[0], height_m=self._floor_place[1])

    def set_people(
        self, people: Sequence[PersonMesh], *, ghosts: Sequence[PersonMesh] = ()
    ) -> None:
        """Says who may be seen; each is invisible until `set_vertices`."""
        self._people.set_people(people, ghosts)

    def set_vertices(
        self,
        person: Hashable,
        vertices_m: FloatArray | None,
        *,
        ghost: bool = False,
        light: bool = False,
    ) -> None:
        """Puts one person where these vertices are.

        Args:
            person: An id given to `set_people`.
            vertices_m: Shape (vertices, 3), float32, scene metres; None or NaN if the
                person is not in this frame.
            ghost: Moves the person's ghost instead.
            light: The vertices are only those of `PersonMesh.light`, as while moving.
                They are drawn until all of them are given again.
        """
        self._people.set_vertices(person, vertices_m, ghost=ghost, light=light)

    def set_truth(self, figures: Mapping[Hashable, tuple[Edges, int]]) -> None:
        """Says which stick figures of the truth there are: edges and joint count."""
        self._truth.set_figures(
            dict(figures),
            colour=self.look.colour("data.truth"),
            hull=_HULLS[self.look.name],
        )

    def set_truth_joints(self, figure: Hashable, joints_m: FloatArray | None) -> None:
        """Puts one figure of the truth at joints, shape (joints, 3); None hides it."""
        self._truth.set_joints(figure, joints_m)

    def set_floor(
        self,
        centre_m: tuple[float, float],
        *,
        height_m: float = 0.0,
        visible: bool = True,
    ) -> None:
        """Lays the grid around X and Z of a place, at a height."""
        self._floor_place, self._floor_shown = (centre_m, height_m), visible
        self._floor.set_look(self.look, centre_m=centre_m, height_m=height_m)

    def set_frustum(
        self, points_m: FloatArray | None, rgb: ByteArray | None = None
    ) -> None:
        """Shows the clip's camera at `frustum.frustum_points_m` with its picture."""
        self._frustum.paint(rgb)
        self._frustum.place(points_m)

    def set_view(self, view: ViewCamera) -> None:
        """Looks through another camera; also sets the size that pixels refer to."""
        self.view = view

    def set_backdrop(self, behind: PictureBehind | None) -> None:
        """Puts the clip's picture behind the scene, for the view through its camera.

        Floor, dome and frustum are away meanwhile. None brings them back.
        """
        self._picture = behind

    def render(self, width: int, height: int, quality: Quality = "still") -> ByteArray:
        """The view as RGBA, shape (height, width, 4), first row on top.

        The array is overwritten by the next call.

        Args:
            width: Device pixels; a whole multiple of the view's on HiDPI screens.
            height: Device pixels.
            quality: How much care is taken.
        """
        self._aim()
        self._dress(quality)
        if self._window.GetSize() != (width, height):
            self._window.SetSize(width, height)
        self._window.Render()
        if self._software is None:
            self._software = is_software(self._window)
            if not self._software:  # the first picture was dressed for the slow case
                return self.render(width, height, quality)
        return self._read(width, height)

    @property
    def software(self) -> bool:
        """True if pictures are made without a graphics card; known after `render`."""
        return bool(self._software)

    def project_to_view(self, points_scene_m: FloatArray) -> FloatArray:
        """View pixels, shape (..., 2), where scene points are seen; for name tags."""
        return self.view.project(points_scene_m)

    def pick_person(self, x: float, y: float) -> Hashable | None:
        """Whose body is seen at a view pixel, None where there is nobody."""
        return picking.pick_person(self.view, self._people.meshes(), x, y)

    def finalize(self) -> None:
        """Gives all graphics memory back; the scene cannot be used afterwards."""
        for renderer in (self._scene, self._above):
            renderer.RemoveAllViewProps()
            renderer.RemoveAllLights()
            self._window.RemoveRenderer(renderer)
        self._window.Finalize()

    def _add_actors(self) -> None:
        # Translucent actors are blended in this order.
        for actor in (
            self._dome.actor,
            self._behind.actor,
            *self._people.solid_actors(),
            self._frustum.picture.actor,
            self._frustum.tubes.core.actor,
            self._floor.shadow.actor,
            self._floor.grid.actor,
            self._people.ghosts.actor,
        ):
            self._scene.AddActor(actor)
        for actor in self._truth.actors():
            self._above.AddActor(actor)

    def _aim(self) -> None:
        view, camera = self.view, self._camera
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
        self._dome.follow(view)

    def _dress(self, quality: Quality) -> None:
        behind = self._picture
        self._dome.actor.SetVisibility(behind is None)
        self._behind.actor.SetVisibility(behind is not None)
        if behind is not None:
            self._behind.show(behind, self.view)
        self._floor.set_visible(visible=self._floor_shown and behind is None)
        moving = quality == "moving" and self._software is not False
        self._people.refresh(moving=moving)
        self._truth.refresh()
        self._floor.set_sharpness(sharp=not moving)
        self._floor.cast(*self._people.surface())
        self._frustum.set_visible(visible=behind is None)
        if behind is not None:
            self._floor.shadow.actor.VisibilityOff()
        for renderer in (self._scene, self._above):
            renderer.SetUseFXAA(not moving)
        samples = self._samples(quality)
        self._scene.SetUseSSAO(samples > 0)
        if samples:
            self._scene.SetSSAORadius(_OCCLUSION_RADIUS_M)
            self._scene.SetSSAOBias(self._bias())
            self._scene.SetSSAOKernelSize(samples)
            self._scene.SSAOBlurOn()

    def _samples(self, quality: Quality) -> int:
        hardware = self._software is False
        return (_OCCLUSION_SAMPLES if hardware else _SOFTWARE_SAMPLES)[quality]

    def _bias(self) -> float:
        """Depth difference that throws no shade; depths are kept in 16-bit floats."""
        vertices, _ = self._people.surface()
        if len(vertices) == 0:
            return _OCCLUSION_BIAS
        depth = float(np.median(np.abs(self.view.depth_m(vertices[::50]))))
        return max(_OCCLUSION_BIAS, _OCCLUSION_BIAS_PER_M * depth)

    def _read(self, width: int, height: int) -> ByteArray:
        read_pixels(self._window, width, height, self._pixels)
        if self._frame.shape[:2] != (height, width):
            self._frame = np.empty((height, width, 4), np.uint8)
        upside_down = vtk_to_numpy(self._pixels).reshape(height, width, 4)
        np.copyto(self._frame, upside_down[::-1])
        return self._frame
