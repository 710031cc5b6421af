"""The estimate as a body: what a person looked like before anything was corrected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.person import Person
from hpe_studio.posing.posed import PosedFrame
from hpe_studio.render.mesh import vertex_normals
from hpe_studio.ui.session import Session

_INSET_M = 0.004
_SAME_RAD, _SAME_M = 1e-3, 1e-3


def ghosted_persons(session: Session) -> tuple[Person, ...]:
    """Whose ghost is shown: those asked for and the one dragged."""
    dragged = dragged_person(session)
    return asked_ghosts(session) + (() if dragged is None else (dragged,))


def asked_ghosts(session: Session) -> tuple[Person, ...]:
    """Whose ghost is asked for: everyone's, some people's, nobody's."""
    if session.view.layers.ghost:
        return session.persons
    wanted = session.view.layers.ghost_persons
    return tuple(p for p in session.persons if p.id in wanted) if wanted else ()


def dragged_person(session: Session) -> Person | None:
    """Whose ghost is shown because they are dragged, without being asked for."""
    person = session.active_person
    if person is None or not session.document.is_editing:
        return None
    return None if person in asked_ghosts(session) else person


def ghost_pose(session: Session, person: Person) -> PosedFrame | None:
    """The estimate on the frame shown.

    None where there is no estimate, or where the motion still is the estimate.
    """
    posed = session.poser.pose_at(person.id, session.view.frame)
    if posed is None or not session.view.is_visible(person.id):
        return None
    return _estimated_pose(session, posed)


def ghost_vertices_m(
    session: Session, person: Person, estimated: PosedFrame
) -> FloatArray:
    """The estimate's body, shape (vertices, 3), scene metres.

    It is drawn in by 4 mm, so that limbs left as they were hide it.
    """
    vertices = session.poser.vertices_of(estimated, person)
    faces = session.poser.faces().astype(np.int32)
    return vertices - _INSET_M * vertex_normals(vertices, faces)


def _estimated_pose(session: Session, posed: PosedFrame) -> PosedFrame | None:
    track = posed.track
    row = posed.frame - track.start
    estimate = session.document.estimates.get(track.estimate_id or -1)
    joints_rad, root_m = track.base_rad[row], track.base_root_m[row]
    if estimate is not None:
        own_rad = estimate.at("joints_rad", posed.frame)
        own_root_m = estimate.at("root_scene_m", posed.frame)
        if own_rad is not None and own_root_m is not None:
            joints_rad, root_m = own_rad, own_root_m
    if joints_rad.shape != posed.joints_rad.shape or not np.isfinite(root_m).all():
        return None
    turned = float(np.abs(joints_rad - posed.joints_rad).max())
    moved = float(np.abs(root_m - posed.joints_scene_m[0]).max())
    if turned < _SAME_RAD and moved < _SAME_M:
        return None
    places = posed.joints_scene_m + (root_m - posed.joints_scene_m[0])
    return replace(
        posed,
        joints_rad=np.asarray(joints_rad, np.float64),
        joints_scene_m=places,
    )
