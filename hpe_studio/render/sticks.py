"""Stick figures as meshes: people without a body, the truth, the camera's frame."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import cache

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.render.bodies import MergedMesh, Part
from hpe_studio.render.geometry import finite_rows

BONE_RADIUS_M, JOINT_RADIUS_M = 0.022, 0.034
TRUTH_BONE_M, TRUTH_JOINT_M, TRUTH_HULL = 0.0085, 0.012, 1.75
_SIDES = 10
Edges = Sequence[tuple[int, int]]


def stick_faces(edge_count: int, joint_count: int) -> tuple[int, IntArray]:
    """Vertex count and triangles, shape (faces, 3), of a figure's tubes and balls."""
    side = np.arange(_SIDES)
    after = (side + 1) % _SIDES
    tube = np.concatenate(
        [
            np.stack([side, after, after + _SIDES], -1),
            np.stack([side, after + _SIDES, side + _SIDES], -1),
        ]
    )
    ball_vertices, ball_faces = _ball()
    tubes = tube + 2 * _SIDES * np.arange(edge_count)[:, None, None]
    start = 2 * _SIDES * edge_count
    balls = (
        ball_faces + start + len(ball_vertices) * np.arange(joint_count)[:, None, None]
    )
    faces = np.concatenate([tubes.reshape(-1, 3), balls.reshape(-1, 3)])
    return start + len(ball_vertices) * joint_count, faces.astype(np.int32)


def stick_vertices(
    joints_m: FloatArray,
    edges: Edges,
    *,
    bone_radius_m: float = BONE_RADIUS_M,
    joint_radius_m: float = JOINT_RADIUS_M,
) -> FloatArray:
    """Vertices, shape (n, 3), float32, for the triangles of `stick_faces`.

    Parts that touch a joint that is NaN shrink to a point inside the figure.
    """
    joints = np.asarray(joints_m, np.float64)
    known = finite_rows(joints)
    anchor = joints[known][0] if known.any() else np.full(3, np.nan)
    joints = np.where(known[:, None], joints, anchor)
    pairs = np.asarray(edges, np.int64).reshape(-1, 2)
    whole = np.asarray(known[pairs].all(axis=1))
    tubes = _tubes(joints[pairs], bone_radius_m)
    tubes = np.where(whole[:, None, None, None], tubes, anchor)
    ball = _ball()[0] * joint_radius_m
    balls = joints[:, None] + np.where(known[:, None, None], ball, 0.0)
    return np.concatenate([tubes.reshape(-1, 3), balls.reshape(-1, 3)]).astype(
        np.float32
    )


class StickActors:
    """Unlit figures in one colour within a dark or light hull (the truth's look)."""

    def __init__(self, *, bone_radius_m: float, joint_radius_m: float) -> None:
        self._radii = bone_radius_m, joint_radius_m
        self._edges: dict[Hashable, Edges] = {}
        self.core, self.hull = MergedMesh(flat=True), MergedMesh(flat=True)
        # Only the hull's far side is drawn: an outline around the core.
        self.hull.actor.GetProperty().BackfaceCullingOff()
        self.hull.actor.GetProperty().FrontfaceCullingOn()

    def actors(self) -> tuple[vtkActor, vtkActor]:
        """The hull's and the core's actor."""
        return self.hull.actor, self.core.actor

    def set_figures(
        self, figures: dict[Hashable, tuple[Edges, int]], *, colour: str, hull: str
    ) -> None:
        """Makes room for figures, each given as its edges and its joint count."""
        self._edges = {key: edges for key, (edges, _) in figures.items()}
        for mesh, ink in ((self.core, colour), (self.hull, hull)):
            parts = []
            for key, (edges, joints) in figures.items():
                count, faces = stick_faces(len(edges), joints)
                parts.append(Part(id=key, vertex_count=count, faces=faces, colour=ink))
            mesh.set_parts(parts)

    def set_joints(self, key: Hashable, joints_m: FloatArray | None) -> None:
        """Puts one figure at these joints, shape (joints, 3); None hides it."""
        for mesh, factor in ((self.core, 1.0), (self.hull, TRUTH_HULL)):
            vertices = None
            if joints_m is not None and finite_rows(joints_m).any():
                vertices = stick_vertices(
                    joints_m,
                    self._edges[key],
                    bone_radius_m=self._radii[0] * factor,
                    joint_radius_m=self._radii[1] * factor,
                )
            mesh.set_vertices(key, vertices)

    def refresh(self) -> None:
        """Tells VTK what changed."""
        self.core.refresh()
        self.hull.refresh()


def _tubes(ends_m: FloatArray, radius_m: float) -> FloatArray:
    along = ends_m[:, 1] - ends_m[:, 0]
    along = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    helper = np.where(np.abs(along[:, 1:2]) < 0.9, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    first = np.cross(helper, along)
    first = first / np.maximum(np.linalg.norm(first, axis=1, keepdims=True), 1e-9)
    second = np.cross(along, first)
    angle = np.linspace(0, 2 * np.pi, _SIDES, endpoint=False)
    circle = (
        np.cos(angle)[:, None] * first[:, None]
        + np.sin(angle)[:, None] * second[:, None]
    )
    return ends_m[:, :, None] + radius_m * circle[:, None]


@cache
def _ball() -> tuple[FloatArray, IntArray]:
    """A unit sphere from a subdivided octahedron, wound outwards."""
    points = [np.array(p, float) for p in _OCTAHEDRON]
    faces = list(_OCTAHEDRON_FACES)
    for _ in range(2):
        place: dict[tuple[int, int], int] = {}
        finer = []
        for a, b, c in faces:
            ab, bc, ca = (_middle(points, place, e) for e in ((a, b), (b, c), (c, a)))
            finer += [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
        faces = finer
    return np.array(points), np.array(faces)


_OCTAHEDRON = ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1))
_OCTAHEDRON_FACES = (
    (0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4),
    (2, 0, 5), (1, 2, 5), (3, 1, 5), (0, 3, 5),
)  # fmt: skip


def _middle(
    points: list[FloatArray], place: dict[tuple[int, int], int], edge: tuple[int, int]
) -> int:
    key = min(edge), max(edge)
    if key not in place:
        point = points[edge[0]] + points[edge[1]]
        place[key] = len(points)
        points.append(point / np.linalg.norm(point))
    return place[key]
