"""Everyone in the 3D scene at two levels of detail, and their ghosts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from hpe_studio.core.arrays import ByteArray, FloatArray, IntArray
from hpe_studio.render.bodies import MergedMesh, Part
from hpe_studio.render.mesh import PersonMesh


@dataclass(frozen=True, kw_only=True, slots=True)
class MeshWork:
    """What has been done for people's meshes, of all levels and ghosts.

    Attributes:
        made: How many people's triangles have been made room for.
        moved: How often somebody's surface was worked out anew.
    """

    made: int
    moved: int


class PeopleMeshes:
    """The meshes of all people: whole for still pictures, light while moving."""

    def __init__(self) -> None:
        self.whole, self.light = MergedMesh(), MergedMesh()
        self.ghosts = MergedMesh(ghost=True)
        self._people: dict[Hashable, PersonMesh] = {}
        self._drawn = self.whole
        # Whose whole mesh is older than their light one.
        self._light_only: set[Hashable] = set()

    def solid_actors(self) -> tuple[vtkActor, vtkActor]:
        """The actors of both levels; one of them is seen at a time."""
        return self.whole.actor, self.light.actor

    def set_people(
        self, people: Sequence[PersonMesh], ghosts: Sequence[PersonMesh]
    ) -> frozenset[Hashable]:
        """Makes room for these people and ghosts.

        Returns:
            Those who stay where they are: at most their colour is another.
        """
        self._people = {person.id: person for person in people}
        kept = self.whole.set_parts([_whole(person) for person in people])
        kept &= self.light.set_parts([_light(person) for person in people])
        self._light_only &= kept
        self.ghosts.set_parts([_whole(person) for person in ghosts])
        return kept

    @property
    def work(self) -> MeshWork:
        """What has been done so far."""
        every = (self.whole, self.light, self.ghosts)
        return MeshWork(
            made=sum(mesh.made for mesh in every),
            moved=sum(mesh.moved for mesh in every),
        )

    def set_vertices(
        self,
        person: Hashable,
        vertices_m: FloatArray | None,
        *,
        ghost: bool,
        light: bool,
    ) -> None:
        """Puts someone where these vertices are; None takes them away."""
        if ghost:
            self.ghosts.set_vertices(person, vertices_m)
            return
        level = self._people[person].light
        if light and level is not None:
            self.light.set_vertices(person, vertices_m)
            self._light_only.add(person)
            return
        self._light_only.discard(person)
        self.whole.set_vertices(person, vertices_m)
        if vertices_m is not None and level is not None:
            vertices_m = np.take(vertices_m, level.vertex_index, axis=0)
        self.light.set_vertices(person, vertices_m)

    def set_colours(self, person: Hashable, rgb: ByteArray | None) -> None:
        """Gives someone a colour per vertex of the whole mesh; None: their own."""
        self.whole.set_colours(person, rgb)
        known = self._people.get(person)
        if rgb is not None and known is not None and known.light is not None:
            rgb = np.take(rgb, known.light.vertex_index, axis=0)
        self.light.set_colours(person, rgb)

    def refresh(self, *, light: bool, brightness: float = 1.0) -> None:
        """Brings the level that is drawn up to date and hides the other.

        The light meshes also stand in where whole ones would show an older frame.

        Args:
            light: Draw the light meshes.
            brightness: Share of the light that bodies throw back.
        """
        light = light or bool(self._light_only)
        self._drawn, other = (
            (self.light, self.whole) if light else (self.whole, self.light)
        )
        self._drawn.refresh()
        self._drawn.set_brightness(brightness)
        self.ghosts.refresh()
        self._drawn.actor.SetVisibility(self._drawn.occupied)
        other.actor.VisibilityOff()

    @property
    def whole_faces(self) -> int:
        """Triangles of the whole meshes of everyone in the picture."""
        return sum(
            len(self._people[person].faces)
            for person in self.light.present
            if person in self._people
        )

    def surface(self) -> tuple[FloatArray, FloatArray]:
        """Vertices and areas of the level that is drawn; they throw the shadow."""
        return self._drawn.surface()

    def meshes(self) -> Mapping[Hashable, tuple[FloatArray, IntArray]]:
        """Vertices and faces of everyone in the picture, for picking."""
        return self.light.people()


def _whole(person: PersonMesh) -> Part:
    return Part(
        id=person.id,
        vertex_count=person.vertex_count,
        faces=person.faces.astype(np.int32),
        colour=person.colour,
    )


def _light(person: PersonMesh) -> Part:
    level = person.light
    if level is None:
        return _whole(person)
    return Part(
        id=person.id,
        vertex_count=len(level.vertex_index),
        faces=level.faces,
        colour=person.colour,
        shading=level.shading,
    )
