"""The 3D viewport as pictures: VTK rendering off screen, without Qt."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.render import picking
from hpe_studio.render.backdrop import BehindQuad, Dome, PictureBehind
from hpe_studio.render.floor import Floor
from hpe_studio.render.frustum import CameraFrames, Frustum
from hpe_studio.render.layers3d import Layers3D
from hpe_studio.render.lights import STRENGTH, set_lights
from hpe_studio.render.mesh import PersonMesh
from hpe_studio.render.orbit import OrbitState
from hpe_studio.render.people3d import MeshWork, PeopleMeshes
from hpe_studio.render.quality import Effects, Quality, effects_for
from hpe_studio.render.sticks import TRUTH_BONE_M, TRUTH_JOINT_M, Edges, StickActors
from hpe_studio.render.theme import Theme
from hpe_studio.render.viewcamera import ViewCamera

_OCCLUSION_BIAS_M, _OCCLUSION_BIAS_PER_M = 0.008, 0.0015
_UNSHADED = 0.965
_HULLS = {"dark": "#0E1013", "light": "#FFFFFF", "contrast": "#000000"}


class Scene3D:
    """People, floor and camera in one view, drawn to an array of pixels.

    Nothing is drawn until `render`; setters only note what changed. All pixels are
    counted in the view's own logical pixels, from its upper left corner.
    """

    def __init__(self, look: Theme) -> None:
        self.view = OrbitState().view_camera((640, 480))
        self._layers = Layers3D()
        self._picture: PictureBehind | None = None
        self._dome, self._behind, self._floor = Dome(), BehindQuad(), Floor()
        self._frustum, self._cameras = Frustum(), CameraFrames()
        self._people = PeopleMeshes()
        self._truth = StickActors(
            bone_radius_m=TRUTH_BONE_M, joint_radius_m=TRUTH_JOINT_M
        )
        self._floor_place = (0.0, 0.0), 0.0
        self._floor_shown = True
        self._begun = effects_for("still", software=False, pixels=0), False
        self._behind.actor.VisibilityOff()
        self._add_actors()
        self.set_look(look)

    def set_look(self, look: Theme) -> None:
        """Takes another theme; truth figures must be set again."""
        self.look = look
        set_lights(self._layers.scene, strength=STRENGTH[look.name])
        self._layers.scene.SetBackground(*look.rgb("video.backdrop"))
        self._dome.set_look(look)
        self._frustum.set_look(look)
        self._cameras.set_look(look)
        self.set_floor(self._floor_place[0], height_m=self._floor_place[1])

    def set_people(
        self, people: Sequence[PersonMesh], *, ghosts: Sequence[PersonMesh] = ()
    ) -> frozenset[Hashable]:
        """Says who may be seen, and in which colour.

        Returns:
            Those who stay where they are, as nothing else of them changed; each of the
            others is invisible until `set_vertices`.
        """
        return self._people.set_people(people, ghosts)

    @property
    def mesh_work(self) -> MeshWork:
        """How many meshes have been made and moved so far."""
        return self._people.work

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

    def set_colours(self, person: Hashable, rgb: ByteArray | None) -> None:
        """Gives a person a colour per vertex, shape (vertices, 3); None: their own."""
        self._people.set_colours(person, rgb)

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

    def set_cameras(self, points_m: Mapping[int, FloatArray]) -> None:
        """Shows other views' cameras, each at its `frustum.frustum_points_m`."""
        self._cameras.place(points_m)

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
        self.begin(width, height, quality)
        return self.finish()

    def begin(self, width: int, height: int, quality: Quality = "still") -> None:
        """Has the view drawn, to be fetched with `finish`; as `render` has it.

        Meanwhile others draw: without a graphics card other threads.
        """
        layers, moving = self._layers, quality == "moving"
        if not moving:
            layers.pace.rest()
        effects = self._effects(quality, width * height, self._people.whole_faces)
        layers.aim(self.view)
        self._dress(effects)
        layers.shade(effects, bias_m=self._bias_m(effects))
        layers.start(width, height)
        self._begun = effects, moving

    def finish(self) -> ByteArray:
        """The view that was begun, as `render` gives it."""
        effects, is_timed = self._begun
        return self._layers.finish(effects, timed=is_timed)

    def draws_light(self, quality: Quality, *, faces: int) -> bool:
        """True if the next picture shows light meshes of this many whole triangles."""
        return self._effects(quality, 0, faces).light_meshes

    @property
    def software(self) -> bool:
        """True if pictures are made without a graphics card."""
        return self._layers.software

    def pick_person(self, x: float, y: float) -> Hashable | None:
        """Whose body is seen at a view pixel, None where there is nobody."""
        return picking.pick_person(self.view, self._people.meshes(), x, y)

    def finalize(self) -> None:
        """Gives all graphics memory back; the scene cannot be used afterwards."""
        self._layers.finalize()

    def _add_actors(self) -> None:
        # Translucent actors are blended in this order.
        for actor in (
            self._dome.actor,
            self._behind.actor,
            *self._people.solid_actors(),
            self._frustum.picture.actor,
            self._frustum.tubes.core.actor,
            self._cameras.tubes.core.actor,
            self._floor.shadow.actor,
            self._floor.grid.actor,
            self._people.ghosts.actor,
        ):
            self._layers.scene.AddActor(actor)
        for actor in self._truth.actors():
            self._layers.above.AddActor(actor)

    def _dress(self, effects: Effects) -> None:
        behind = self._picture
        self._dome.follow(self.view)
        self._dome.actor.SetVisibility(behind is None)
        self._behind.actor.SetVisibility(behind is not None)
        if behind is not None:
            self._behind.show(behind, self.view)
        # What ambient shade takes from the still picture, on the whole.
        shade = 1.0 if effects.occlusion_samples else _UNSHADED
        self._people.refresh(light=effects.light_meshes, brightness=shade)
        self._truth.refresh()
        self._floor.set_visible(visible=self._floor_shown and behind is None)
        self._floor.set_anisotropy(effects.floor_anisotropy)
        if behind is None and effects.shadow != "none":
            self._floor.cast(*self._people.surface(), fine=effects.shadow == "fine")
        else:
            self._floor.shadow.actor.VisibilityOff()
        self._frustum.set_visible(visible=behind is None)
        self._cameras.set_visible(visible=behind is None)

    def _effects(self, quality: Quality, pixels: int, faces: int) -> Effects:
        return effects_for(
            quality,
            software=self._layers.software,
            pixels=pixels,
            faces=faces,
            steps_down=self._layers.pace.steps_down,
        )

    def _bias_m(self, effects: Effects) -> float:
        """Depth difference that throws no shade; depths are kept in 16-bit floats."""
        if not effects.occlusion_samples:
            return _OCCLUSION_BIAS_M
        vertices, _ = self._people.surface()
        if len(vertices) == 0:
            return _OCCLUSION_BIAS_M
        depth = float(np.median(np.abs(self.view.depth_m(vertices[::50]))))
        return max(_OCCLUSION_BIAS_M, _OCCLUSION_BIAS_PER_M * depth)
