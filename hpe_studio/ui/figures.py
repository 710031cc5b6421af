"""The people of the frame as the overlay and the viewport draw them."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.person import Person
from hpe_studio.core.skeleton import Skeleton, skeleton_for
from hpe_studio.render.overlay import OverlayPerson
from hpe_studio.render.skeleton2d import beyond_picture
from hpe_studio.ui import look
from hpe_studio.ui.session import Session

HEAD_JOINT = 15


def joints_now(session: Session) -> dict[int, FloatArray]:
    """Scene joints of every visible person on the frame shown, by person id."""
    found: dict[int, FloatArray] = {}
    for person in session.persons:
        if not session.view.is_visible(person.id):
            continue
        posed = session.poser.pose_at(person.id, session.view.frame)
        if posed is not None:
            found[person.id] = np.asarray(posed.joints_scene_m)
    return found


def joints_in_shot(session: Session) -> list[FloatArray]:
    """Scene joints of everyone visible in the shot shown, each on a frame nearby."""
    shot = session.document.shot_at(session.view.frame)
    found: list[FloatArray] = []
    for track in session.document.tracks.values():
        if track.start not in shot or not session.view.is_visible(track.person_id):
            continue
        frame = min(max(session.view.frame, track.start), track.stop - 1)
        posed = session.poser.pose_at(track.person_id, frame)
        if posed is not None:
            found.append(np.asarray(posed.joints_scene_m))
    return found


def overlay_people(
    session: Session, hovered: tuple[int, int] | None
) -> list[OverlayPerson]:
    """Everyone to be drawn over the footage.

    Args:
        session: The project.
        hovered: Person id and joint under the pointer, or None.
    """
    layers = session.view.layers
    people: list[OverlayPerson] = []
    for person_id, joints_m in joints_now(session).items():
        person = session.document.persons[person_id]
        points_px = session.camera.project(joints_m, session.frame_in_shot)
        people.append(_overlay_person(session, person, points_px, hovered))
    is_turning = session.document.is_editing
    if layers.ghost or is_turning:
        people += _ghosts(session, only=None if layers.ghost else _active(session))
    if layers.skeletons:
        people += session.finds.people_at(session.view.frame)
    return people


def is_correcting(session: Session) -> bool:
    """True while a pose is corrected: tags shrink so that joints stay in reach."""
    return session.document.is_editing or session.view.tool != "select"


def bones_of(skeleton: Skeleton) -> tuple[tuple[int, int], ...]:
    """Parent and child of every bone."""
    return tuple(
        (parent, joint) for joint, parent in enumerate(skeleton.parents) if parent >= 0
    )


def reach_px(session: Session) -> tuple[float, float, float, float] | None:
    """What of the selected person must be seen beyond the picture.

    None unless the selected joint lies outside: the margin opens only for that.
    """
    selection = session.view.selection
    if selection.active is None or selection.joint is None:
        return None
    posed = session.poser.pose_at(selection.active, session.view.frame)
    if posed is None or selection.joint >= len(posed.joints_scene_m):
        return None
    points = session.camera.project(posed.joints_scene_m, session.frame_in_shot)
    outside = beyond_picture(points, session.document.clip.size_px)
    if not outside[selection.joint]:
        return None
    margin = 0.03 * session.document.clip.size_px[1]
    left, top = np.nanmin(points[outside], axis=0) - margin
    right, bottom = np.nanmax(points[outside], axis=0) + margin
    return float(left), float(top), float(right), float(bottom)


def _overlay_person(
    session: Session,
    person: Person,
    points_px: FloatArray,
    hovered: tuple[int, int] | None,
) -> OverlayPerson:
    view = session.view
    layers = view.layers
    is_selected = person.id in view.selection.persons
    is_active = person.id == view.selection.active
    skeleton = skeleton_for(len(points_px))
    is_hovered = hovered is not None and hovered[0] == person.id
    return OverlayPerson(
        id=str(person.id),
        points_px=points_px,
        edges=bones_of(skeleton) if layers.skeletons else (),
        colour=look.person_colour(person, on_video=True).name(),
        name=person.name if layers.names else "",
        letter=session.letter_of(person.id) if layers.names else "",
        head=(HEAD_JOINT,),
        selected=is_selected,
        selected_joint=view.selection.joint if is_active else None,
        hovered_joint=hovered[1] if is_hovered and hovered is not None else None,
        box_px=_box(session, person, points_px) if layers.boxes else None,
    )


def _box(
    session: Session, person: Person, points_px: FloatArray
) -> tuple[float, float, float, float] | None:
    """The estimator's own box where there is one, else around the joints."""
    track = session.document.track_at(person.id, session.view.frame)
    estimate = session.document.estimates.get(
        -1 if track is None or track.estimate_id is None else track.estimate_id
    )
    stored = None if estimate is None else estimate.at("boxes_px", session.view.frame)
    if stored is not None and np.isfinite(stored).all():
        left, top, right, bottom = (float(v) for v in stored)
        return left, top, right, bottom
    known = points_px[np.isfinite(points_px).all(axis=1)]
    if len(known) == 0:
        return None
    (left, top), (right, bottom) = known.min(axis=0), known.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _active(session: Session) -> int:
    active = session.view.selection.active
    return -1 if active is None else active


def _ghosts(session: Session, *, only: int | None) -> list[OverlayPerson]:
    """The estimator's own points of everyone visible, or of one person."""
    from hpe_studio.core.skeleton import landmark_set

    ghosts: list[OverlayPerson] = []
    for person in session.persons:
        track = session.document.track_at(person.id, session.view.frame)
        is_left_out = only is not None and person.id != only
        if track is None or is_left_out or not session.view.is_visible(person.id):
            continue
        estimate = session.document.estimates.get(track.estimate_id or -1)
        if estimate is None or not estimate.landmark_set:
            continue
        points = estimate.at("points_px", session.view.frame)
        if points is None:
            continue
        ghosts.append(
            OverlayPerson(
                id=f"ghost {person.id}",
                points_px=points,
                edges=landmark_set(estimate.landmark_set).edges,
                colour="#FFFFFF",
                style="ghost",
            )
        )
    return ghosts
