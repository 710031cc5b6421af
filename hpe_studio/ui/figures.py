"""The people of the frame as the overlay and the viewport draw them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.person import Person
from hpe_studio.core.skeleton import Skeleton
from hpe_studio.core.viewstate import Layers
from hpe_studio.posing.posed import PosedFrame
from hpe_studio.render.alike import are_alike
from hpe_studio.render.hidden import hidden_joints
from hpe_studio.render.overlay import OverlayPerson
from hpe_studio.render.skeleton2d import beyond_picture
from hpe_studio.ui import look
from hpe_studio.ui.eye import Eye
from hpe_studio.ui.ghosts import ghosted_persons
from hpe_studio.ui.joints import joint_title, source_title
from hpe_studio.ui.session import Session

HEAD_JOINT = 15
_COLOURS, _SHOT_SAMPLES = 10, 6
_REACH_STEP, _FARTHEST = 0.125, 0.75
_HEAD_UP_M, _HEAD_WIDE_M, _HEAD_HIGH_M = 0.07, 0.10, 0.14


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shown:
    """All that a person's drawing follows from.

    Attributes:
        posed: The pose; another object whenever it changed, or what was estimated.
        person: Who.
        letter, colour: Of the tag and the bones.
        is_double: Bones are double lines.
        is_picked: The person is selected.
        joint, hovered_joint: The selected joint and the one under the pointer.
        layers: What is drawn.
        camera: What it is seen through.
        place: The view's number, and which of the camera's places holds.
        outlines_px: Of the body; another object whenever they changed.
    """

    posed: PosedFrame
    person: Person
    letter: str
    colour: str
    is_double: bool
    is_picked: bool
    joint: int | None
    hovered_joint: int | None
    layers: Layers
    camera: Camera = field(compare=False)
    place: tuple[int, int]
    outlines_px: tuple[FloatArray, ...] = field(compare=False)

    def is_like(self, other: _Shown) -> bool:
        """True if both are drawn the same."""
        is_same = self == other and self.outlines_px is other.outlines_px
        return is_same and are_alike(self.camera, other.camera)


PeopleMemory = dict[int, tuple[_Shown, OverlayPerson]]
"""By person id what was drawn last, for `overlay_people`."""


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
    """Scene joints of everyone visible in the shot shown, on frames all along it.

    The frame shown, or the nearest one, is among them; each array is of shape (frames *
    joints, 3).
    """
    shot = session.document.shot_at(session.view.frame)
    found: list[FloatArray] = []
    for track in session.document.tracks.values():
        if track.start not in shot or not session.view.is_visible(track.person_id):
            continue
        now = min(max(session.view.frame, track.start), track.stop - 1)
        along = np.linspace(track.start, track.stop - 1, _SHOT_SAMPLES).astype(int)
        joints = session.poser.joints_of(track.id, np.unique([*along, now]))
        if np.isfinite(joints).any():
            found.append(joints.reshape(-1, 3))
    return found


def overlay_people(
    session: Session,
    hovered: tuple[int, int] | None,
    outlines_px: Mapping[int, tuple[FloatArray, ...]] | None = None,
    *,
    eye: Eye | None = None,
    memory: PeopleMemory | None = None,
) -> list[OverlayPerson]:
    """Everyone to be drawn over the footage of a view.

    Args:
        session: The project.
        hovered: Person id and joint under the pointer, or None.
        outlines_px: Outlines of bodies by person id, stored pixels.
        eye: The view; the one that is shown when None.
        memory: Of the last time, from which comes who is as they were.
    """
    eye = eye or session.eye()
    layers = session.view.layers
    known = {} if memory is None else memory
    now: PeopleMemory = {}
    for number, person in enumerate(session.persons):
        posed = session.poser.pose_at(person.id, session.view.frame)
        if posed is None or not session.view.is_visible(person.id):
            continue
        joint = hovered[1] if hovered is not None and hovered[0] == person.id else None
        shown = _Shown(
            posed=posed,
            person=person,
            letter=session.letter_of(person.id),
            colour=look.person_colour(person, on_video=True).name(),
            is_double=number >= _COLOURS,
            is_picked=person.id in session.view.selection.persons,
            joint=_selected_joint(session, person),
            hovered_joint=joint,
            layers=layers,
            camera=eye.camera,
            place=(eye.view, eye.frame_in_shot),
            outlines_px=(outlines_px or {}).get(person.id, ()),
        )
        before = known.get(person.id)
        if before is None or not before[0].is_like(shown):
            before = shown, _overlay_person(session, shown, eye)
        now[person.id] = before
    people = [person for _, person in now.values()]
    if memory is not None:
        memory.clear()
        memory.update(now)
    if eye.view:  # estimates speak of the clip's own pixels
        return people
    people += _ghosts(session)
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
    eye = session.eye()
    points = eye.project(posed.joints_scene_m)
    outside = beyond_picture(points, eye.clip.size_px)
    if not outside[selection.joint]:
        return None
    width, height = eye.clip.size_px
    margin = 0.03 * height
    low = np.nanmin(points[outside], axis=0) - margin
    high = np.nanmax(points[outside], axis=0) + margin
    # In coarse steps, so that the picture stays where it is while limbs move, and
    # never so far that the picture becomes small.
    step = _REACH_STEP * height
    low = np.maximum(
        np.floor(low / step) * step, -_FARTHEST * np.array([width, height])
    )
    high = np.minimum(
        np.ceil(high / step) * step, (1 + _FARTHEST) * np.array([width, height])
    )
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _selected_joint(session: Session, person: Person) -> int | None:
    selection = session.view.selection
    return selection.joint if person.id == selection.active else None


def _overlay_person(session: Session, shown: _Shown, eye: Eye) -> OverlayPerson:
    posed, person, layers = shown.posed, shown.person, shown.layers
    points_px = eye.project(posed.joints_scene_m)
    letter = shown.letter
    return OverlayPerson(
        id=str(person.id),
        points_px=points_px,
        edges=bones_of(posed.skeleton) if layers.skeletons else (),
        colour=shown.colour,
        name=person.name if layers.names else "",
        letter=letter if layers.names else "",
        occluded=_occluded(session, posed) if eye.view == 0 else None,
        head=(HEAD_JOINT,),
        head_box_px=_head_box(posed, eye),
        selected=shown.is_picked,
        selected_joint=shown.joint,
        hovered_joint=shown.hovered_joint,
        selected_caption=_caption(posed, shown.joint),
        hovered_caption=_caption(posed, shown.hovered_joint),
        double=shown.is_double,
        box_px=_box(session, person, points_px, eye) if layers.boxes else None,
        box_letter=letter if layers.boxes and not layers.names else "",
        outlines_px=shown.outlines_px,
        outline_fill=layers.mesh_opacity if layers.mesh in ("fill", "both") else 0.0,
        outline_alpha=1.0 if layers.mesh in ("outline", "both") else 0.0,
    )


def _caption(posed: PosedFrame, joint: int | None) -> tuple[str, str] | None:
    """A joint's name and where its rotation comes from."""
    if joint is None or joint >= len(posed.source):
        return None
    name = joint_title(posed.skeleton.joint_names[joint])
    return name, source_title(posed.source[joint]).lower()


def _occluded(session: Session, posed: PosedFrame) -> BoolArray | None:
    """Joints placed by guess; None where no estimate says."""
    estimate = session.document.estimates.get(posed.track.estimate_id or -1)
    if estimate is None or not estimate.landmark_set:
        return None
    confidence = estimate.at("confidence", posed.frame)
    if confidence is None:
        return None
    return hidden_joints(
        posed.skeleton.name, estimate.landmark_set, confidence, posed.source
    )


def _box(
    session: Session, person: Person, points_px: FloatArray, eye: Eye
) -> tuple[float, float, float, float] | None:
    """The estimator's own box where there is one, else around the joints."""
    track = session.document.track_at(person.id, session.view.frame)
    estimate = session.document.estimates.get(
        -1 if track is None or track.estimate_id is None else track.estimate_id
    )
    stored = None if estimate is None else estimate.at("boxes_px", session.view.frame)
    if eye.view == 0 and stored is not None and np.isfinite(stored).all():
        left, top, right, bottom = (float(v) for v in stored)
        return left, top, right, bottom
    known = points_px[np.isfinite(points_px).all(axis=1)]
    if len(known) == 0:
        return None
    (left, top), (right, bottom) = known.min(axis=0), known.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _ghosts(session: Session) -> list[OverlayPerson]:
    """The estimator's own points of everyone visible whose ghost is shown."""
    from hpe_studio.core.skeleton import landmark_set

    ghosts: list[OverlayPerson] = []
    for person in ghosted_persons(session):
        track = session.document.track_at(person.id, session.view.frame)
        if track is None or not session.view.is_visible(person.id):
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


def _head_box(posed: PosedFrame, eye: Eye) -> tuple[float, float, float, float] | None:
    """Around the whole head, which reaches well above its joint; stored pixels."""
    places = posed.joints_scene_m
    up = places[HEAD_JOINT] - places[posed.skeleton.parents[HEAD_JOINT]]
    length = float(np.linalg.norm(up))
    if not length > 0:
        return None
    right = eye.camera.pose(eye.frame_in_shot)[0, :3]
    middle = places[HEAD_JOINT] + up / length * _HEAD_UP_M
    reach = np.stack([right, up / length]) * np.array([[_HEAD_WIDE_M], [_HEAD_HIGH_M]])
    around_m = np.concatenate([middle + reach, middle - reach])
    points = eye.project(around_m)
    if not np.isfinite(points).all():
        return None
    (left, top), (far, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(far), float(bottom)
