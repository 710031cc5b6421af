"""What is painted over the 3D picture: name tags, joints, notes, the axis ball."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.drawlist import Discs, Ink, Shape
from hpe_studio.render.geometry import finite_rows
from hpe_studio.render.gizmo import DIAMETER_PX, VIEW_RING
from hpe_studio.render.marks3d import (
    NamedHead,
    axis_ball,
    axis_ball_rect,
    ground_line,
    joint_note,
    name_tags,
    picture_edges,
)
from hpe_studio.render.tags import Rect
from hpe_studio.render.theme import letter_ink
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.ui import look
from hpe_studio.ui.camera_marks import camera_names
from hpe_studio.ui.compare.marks import scene_shapes
from hpe_studio.ui.figures import HEAD_JOINT, is_correcting, joints_now
from hpe_studio.ui.joints import joint_title, source_title
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import name_width
from hpe_studio.ui.tools import TOOLS

_JOINT_M, _JOINT_PX = 0.018, (4.0, 8.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Marking:
    """What the marks refer to.

    Attributes:
        session: Whose people.
        view: How the scene is seen.
        level_view: How the levelled space is seen.
        floor_m: Height of the floor in the levelled space.
        picture: Where the clip's picture lies, None unless seen through its camera.
        cameras_m: Cameras of views (`frustum_points_m`), levelled; empty if not shown.
        hovered_camera: The view whose camera is under the pointer, or None.
        is_ball_hovered: The pointer is on the axis ball.
    """

    session: Session
    view: ViewCamera
    level_view: ViewCamera
    floor_m: float = 0.0
    picture: Rect | None = None
    cameras_m: Mapping[int, FloatArray] = field(default_factory=dict)
    hovered_camera: int | None = None
    is_ball_hovered: bool = False


def marks_over(marking: Marking) -> tuple[Shape, ...]:
    """Tags, the selected person's joints and the axis ball."""
    session, view = marking.session, marking.view
    joints = joints_now(session)
    active = session.view.selection.active
    shapes: list[Shape] = []
    if marking.picture is not None:
        shapes += picture_edges(marking.picture, view.size)
    elif session.view.layers.floor:
        theme = look.theme()
        shapes += ground_line(marking.level_view, theme, height_m=marking.floor_m)
    shapes += scene_shapes(session, view)
    taken = [_tools_rect(), axis_ball_rect(view)]
    shapes += camera_names(
        session,
        marking.level_view,
        marking.cameras_m,
        hovered=marking.hovered_camera,
        taken=taken,
    )
    if active in joints:
        own, rects = _joint_marks(session, view, joints[active], active)
        shapes += own
        taken += rects
    if session.view.layers.names:
        shapes += _tags(session, view, joints, taken)
    hovered = marking.is_ball_hovered
    shapes += axis_ball(marking.level_view, look.theme(), hovered=hovered)
    return tuple(shapes)


def _joint_marks(
    session: Session, view: ViewCamera, joints_m: FloatArray, person_id: int
) -> tuple[list[Shape], list[Rect]]:
    """Handles of a person's joints and the selected one's note; what they occupy."""
    points = view.project(joints_m)
    selected = session.view.selection.joint
    known = finite_rows(points)
    if selected is not None and selected < len(points):
        known[selected] = False
    dark = Ink(colour="#08090C", alpha=0.75)
    shapes: list[Shape] = [
        Discs(
            centres=points[known],
            radius=2.4,
            fill=Ink(colour="#FFFFFF", alpha=0.75),
            stroke=dark,
            stroke_width=1.0,
        )
    ]
    if selected is None or selected >= len(points):
        return shapes, []
    x, y = points[selected].tolist()
    if not math.isfinite(x):
        return shapes, []
    least, most = _JOINT_PX
    sphere = _JOINT_M / view.metres_per_pixel(joints_m[selected])
    at = points[selected][None]
    shapes += [
        Discs(
            centres=at,
            radius=min(max(sphere, least), most),
            fill=Ink(colour="#FFFFFF"),
            stroke=Ink(colour="#101216", alpha=0.9),
            stroke_width=2.0,
        )
    ]
    clear_px = _clear_px(session)
    rects: list[Rect] = [(x - clear_px, y - clear_px, x + clear_px, y + clear_px)]
    posed = session.poser.pose_at(person_id, session.view.frame)
    if posed is not None and not session.document.is_editing:
        name = joint_title(posed.skeleton.joint_names[selected])
        source = source_title(int(posed.source[selected])).lower()
        rect, note = joint_note(
            (x, y),
            (name, source),
            look.theme(),
            view_px=view.size,
            clear_px=clear_px,
            text_width=name_width,
            covered=(_tools_rect(), axis_ball_rect(view)),
        )
        shapes += note
        rects.append(rect)
    return shapes, rects


def _tools_rect() -> Rect:
    """Where the column of tools lies."""
    return 8.0, 8.0, 42.0, 12.0 + 30.0 * len(TOOLS)


def _clear_px(session: Session) -> float:
    """How far from the selected joint its handles reach."""
    return 14.0 if session.view.tool == "select" else DIAMETER_PX / 2 * VIEW_RING + 6


def _tags(
    session: Session,
    view: ViewCamera,
    joints: dict[int, FloatArray],
    taken: list[Rect],
) -> tuple[Shape, ...]:
    """Tags above heads, off each other, faces, handles and buttons."""
    people = []
    for person_id, places in joints.items():
        person = session.document.persons[person_id]
        people.append(
            NamedHead(
                id=str(person_id),
                name=person.name,
                letter=session.letter_of(person_id),
                colour=look.person_colour(person, on_video=True).name(),
                head_m=places[min(HEAD_JOINT, len(places) - 1)],
                body_m=places,
                letter_ink=letter_ink("video"),
            )
        )
    return name_tags(
        view,
        people,
        short=is_correcting(session),
        text_width=name_width,
        obstacles=taken,
    )
