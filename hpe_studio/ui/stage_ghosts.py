"""The ghosts in the 3D scene: placed once, they stay while a drag bends the body."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hpe_studio.render.mesh import PersonMesh
from hpe_studio.ui.ghosts import (
    asked_ghosts,
    dragged_person,
    ghost_pose,
    ghost_vertices_m,
)
from hpe_studio.ui.session import Session

if TYPE_CHECKING:
    from hpe_studio.core.person import BodyShape, Person
    from hpe_studio.posing.posed import PosedFrame
    from hpe_studio.render.scene3d import Scene3D

_DRAGGED = "dragged"
"""Whose ghost it is that room is always kept for: it comes with a drag's first move."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ghost:
    """All that a ghost's place in the scene follows from.

    Attributes:
        frame: The clip's.
        joints_rad: The estimated pose, as bytes.
        root_m: Where it stands, as bytes.
        shape: The person's shape and size.
        level: How the shot is levelled, as bytes.
    """

    frame: int
    joints_rad: bytes
    root_m: bytes
    shape: BodyShape
    level: bytes


class StageGhosts:
    """Those asked for, and the one of who is dragged.

    Args:
        session: Whose people.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._placed: dict[Hashable, _Ghost | None] = {}

    def forget(self) -> None:
        """None has a place any more."""
        self._placed.clear()

    def meshes(self, mesh_of: Callable[[Person], PersonMesh]) -> tuple[PersonMesh, ...]:
        """Those asked for, and room for the one who is dragged or may be next."""
        session = self._session
        asked = tuple(mesh_of(person) for person in asked_ghosts(session))
        person = session.active_person or next(iter(session.persons), None)
        if person is None:
            return asked
        return *asked, replace(mesh_of(person), id=_DRAGGED)

    def place(self, scene: Scene3D) -> None:
        """Put all of them where they are."""
        dragged = dragged_person(self._session)
        for person in asked_ghosts(self._session):
            self._place(scene, person, person.id)
        if dragged is not None:
            self._place(scene, dragged, _DRAGGED)
        elif self._placed.pop(_DRAGGED, None) is not None:
            scene.set_vertices(_DRAGGED, None, ghost=True)

    def _place(self, scene: Scene3D, person: Person, share: Hashable) -> None:
        session = self._session
        estimated = ghost_pose(session, person)
        ghost = None if estimated is None else _ghost_of(session, person, estimated)
        if share in self._placed and self._placed[share] == ghost:
            return
        vertices = None
        if estimated is not None:
            vertices = session.to_level(ghost_vertices_m(session, person, estimated))
        scene.set_vertices(share, vertices, ghost=True)
        self._placed[share] = ghost


def _ghost_of(session: Session, person: Person, estimated: PosedFrame) -> _Ghost:
    return _Ghost(
        frame=estimated.frame,
        joints_rad=estimated.joints_rad.tobytes(),
        root_m=estimated.joints_scene_m[0].tobytes(),
        shape=person.body_shape,
        level=session.level_from_scene.tobytes(),
    )


def look_of(meshes: tuple[PersonMesh, ...]) -> list[tuple[Hashable, str]]:
    """What tells ghosts apart; of other bodies `Stage.forget_people` tells."""
    return [(mesh.id, mesh.colour) for mesh in meshes]
