"""People's meshes in the 3D scene: one merged mesh, its arrays rewritten in place."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from hpe_studio.core.arrays import BoolArray, ByteArray, FloatArray, IntArray
from hpe_studio.render.mesh import Shading, vertex_areas_m2, vertex_normals
from hpe_studio.render.theme import parse_colour
from hpe_studio.render.vtktools import mapper_for, shared_array, triangle_data

CLAY_GREY, CLAY_SHARE = 0.62, 0.16
GHOST_OPACITY, GHOST_AMBIENT = 0.22, 0.30
_AMBIENT, _DIFFUSE, _SPECULAR, _SPECULAR_POWER = 0.20, 0.84, 0.12, 22


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Part:
    """One person's share of a merged mesh.

    Attributes:
        id: Whose share it is.
        vertex_count: Number of vertices.
        faces: Triangles over the person's own vertices, shape (faces, 3).
        colour: "#rrggbb".
        shading: For a light mesh, which way it really faces.
    """

    id: Hashable
    vertex_count: int
    faces: IntArray
    colour: str
    shading: Shading | None = None


class MergedMesh:
    """Several people in one VTK mesh, which draws faster than one mesh each.

    Positions, normals and colours are numpy arrays that VTK reads where they are.
    Someone who is not in the frame shrinks to a point, so that nothing but numbers
    changes while scrubbing.

    Args:
        ghost: Half transparent.
        flat: No light touches it; colours are exact.

    Attributes:
        made: How many people's triangles have been made room for so far.
        moved: How often somebody's surface was worked out anew.
    """

    def __init__(self, *, ghost: bool = False, flat: bool = False) -> None:
        self.actor = vtkActor()
        self.actor.VisibilityOff()
        look = self.actor.GetProperty()
        look.SetInterpolationToPhong()
        look.SetAmbient(_AMBIENT + (GHOST_AMBIENT if ghost else 0.0))
        look.SetDiffuse(_DIFFUSE)
        look.SetSpecular(_SPECULAR)
        look.SetSpecularPower(_SPECULAR_POWER)
        # Bodies are closed: the far side is never seen, and a ghost must not show it.
        look.BackfaceCullingOn()
        if ghost:
            look.SetOpacity(GHOST_OPACITY)
        self._throws_shadow = not ghost
        self._clay = 0.0 if ghost or flat else CLAY_SHARE
        if flat:
            look.LightingOff()
        self.made = self.moved = 0
        self._parts: dict[Hashable, Part] = {}
        self._stale: set[Hashable] = set()
        self._present: set[Hashable] = set()
        self._own_colours: dict[Hashable, ByteArray] = {}
        self._merge([])

    def set_parts(self, parts: Sequence[Part]) -> frozenset[Hashable]:
        """Makes room for these people.

        Returns:
            Those who stay where they are, as they had the same triangles before; nobody
            else is seen until their vertices come.
        """
        before = self._parts
        kept = frozenset(
            part.id
            for part in parts
            if part.id in before and _is_alike(part, before[part.id])
        )
        self.made += len(parts) - len(kept)
        if len(kept) == len(parts) and list(before) == [part.id for part in parts]:
            self._recolour(parts)
            return kept
        old = {
            person: (self._vertices[share], self._normals[share], self._areas[share])
            for person, share in self._slices.items()
            if person in kept
        }
        self._merge(parts)
        for person, (vertices, normals, areas) in old.items():
            share = self._slices[person]
            self._vertices[share] = vertices
            self._normals[share] = normals
            self._areas[share] = areas
        self._present &= kept
        self._stale &= kept
        self.actor.SetVisibility(bool(self._present))
        return kept

    def _recolour(self, parts: Sequence[Part]) -> None:
        is_same = all(part.colour == self._parts[part.id].colour for part in parts)
        self._parts = {part.id: part for part in parts}
        if not is_same:
            self._colours[:] = self._vertex_colours(len(self._colours))
            self._data.GetPointData().GetScalars().Modified()
            self._data.Modified()

    def _merge(self, parts: Sequence[Part]) -> None:
        """Put the triangles of these people into one mesh, everyone in a point."""
        self._parts = {part.id: part for part in parts}
        ends = np.cumsum([0, *(part.vertex_count for part in parts)])
        self._slices = {
            part.id: slice(int(a), int(b))
            for part, a, b in zip(parts, ends[:-1], ends[1:], strict=True)
        }
        total = max(int(ends[-1]), 1)
        self._vertices = np.zeros((total, 3), np.float32)
        self._normals = np.tile(np.array([0, 0, 1], np.float32), (total, 1))
        self._areas = np.zeros(total, np.float32)
        moved = [
            part.faces.astype(np.int64) + self._slices[part.id].start for part in parts
        ]
        faces = np.concatenate(moved) if moved else np.zeros((0, 3), np.int64)
        self._data = triangle_data(self._vertices, faces)
        self._data.GetPointData().SetNormals(shared_array(self._normals))
        self._colours = self._vertex_colours(total)
        self._data.GetPointData().SetScalars(shared_array(self._colours))
        mapper = mapper_for(self._data)
        mapper.SetVBOShiftScaleMethod(0)
        self.actor.SetMapper(mapper)

    def set_colours(self, person: Hashable, rgb: ByteArray | None) -> None:
        """Gives someone a colour per vertex, shape (vertices, 3); None: their own."""
        if rgb is None:
            self._own_colours.pop(person, None)
        else:
            self._own_colours[person] = rgb
        share = self._slices.get(person)
        if share is not None:
            self._colours[share] = self._colours_of(self._parts[person])
            self._data.GetPointData().GetScalars().Modified()
            self._data.Modified()

    def set_vertices(self, person: Hashable, vertices_m: FloatArray | None) -> None:
        """Puts one person where these vertices are, shape (vertices, 3).

        None, or anything that is not finite, takes the person out of the picture.
        """
        share = self._slices[person]
        if vertices_m is None or not np.isfinite(vertices_m.sum()):
            self._present.discard(person)
            self._vertices[share] = 0
        else:
            self._vertices[share] = vertices_m
            self._present.add(person)
        self._stale.add(person)

    def refresh(self) -> None:
        """Brings normals up to date with the vertices and tells VTK."""
        if not self._stale:
            return
        for person in self._stale & self._present:
            share, part = self._slices[person], self._parts[person]
            vertices = self._vertices[share]
            normals = self._normals[share]
            self.moved += 1
            vertex_normals(vertices, part.faces, normals, shading=part.shading)
            if self._throws_shadow and not self._areas[share].any():
                self._areas[share] = vertex_areas_m2(vertices, part.faces)
        self._stale.clear()
        points = self._data.GetPoints()
        points.GetData().Modified()
        self._data.GetPointData().GetNormals().Modified()
        points.Modified()
        self._data.Modified()
        self.actor.SetVisibility(bool(self._present))

    def set_brightness(self, share: float) -> None:
        """Throws back a share of the light."""
        look = self.actor.GetProperty()
        look.SetAmbient(_AMBIENT * share)
        look.SetDiffuse(_DIFFUSE * share)

    @property
    def present(self) -> frozenset[Hashable]:
        """Everyone in the picture."""
        return frozenset(self._present)

    @property
    def occupied(self) -> bool:
        """True if anyone is in the picture."""
        return bool(self._present)

    def people(self) -> dict[Hashable, tuple[FloatArray, IntArray]]:
        """Vertices and faces of everyone in the picture."""
        return {
            person: (self._vertices[self._slices[person]], part.faces)
            for person, part in self._parts.items()
            if person in self._present
        }

    def surface(self) -> tuple[FloatArray, FloatArray]:
        """Vertices (n, 3) of all in the picture, and the area of each, shape (n,)."""
        if self._present and len(self._present) == len(self._parts):
            return self._vertices, self._areas
        chosen = self._chosen()
        return self._vertices[chosen], self._areas[chosen]

    def _chosen(self) -> BoolArray:
        chosen = np.zeros(len(self._vertices), bool)
        for person in self._present:
            chosen[self._slices[person]] = True
        return chosen

    def _vertex_colours(self, total: int) -> ByteArray:
        colours = np.zeros((total, 3), np.uint8)
        for part in self._parts.values():
            colours[self._slices[part.id]] = self._colours_of(part)
        return colours

    def _colours_of(self, part: Part) -> ByteArray:
        """The colours of someone's vertices, one for all or one each."""
        own = self._own_colours.get(part.id)
        if own is not None and len(own) == part.vertex_count:
            return own
        rgb = np.array(parse_colour(part.colour)[:3])
        rgb = rgb * (1 - self._clay) + CLAY_GREY * self._clay
        return np.round(255 * rgb).astype(np.uint8)


def _is_alike(part: Part, other: Part) -> bool:
    """True where two shares differ at most in colour."""
    return (
        part.vertex_count == other.vertex_count
        and part.shading is other.shading
        and (part.faces is other.faces or np.array_equal(part.faces, other.faces))
    )
