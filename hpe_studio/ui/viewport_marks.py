"""What is painted over the 3D picture: name tags, joints, the axis ball."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.drawlist import Tag
from hpe_studio.render.tags import place_rect, tag_size
from hpe_studio.render.theme import letter_ink
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.ui import look
from hpe_studio.ui.figures import HEAD_JOINT, is_correcting, joints_now
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import name_width, paint_shapes

_TAG_ABOVE_HEAD_M = 0.14
_BALL_PX = 29.0
_AXES = (("X", 0), ("Y", 1), ("Z", 2))


def paint_marks(
    painter: QPainter, session: Session, view: ViewCamera, level_view: ViewCamera
) -> None:
    """Paint tags, the selected person's joints and the axis ball."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    joints = joints_now(session)
    active = session.view.selection.active
    if active in joints:
        _paint_joints(painter, view.project(joints[active]), session)
    if session.view.layers.names:
        paint_shapes(painter, _tags(session, view, joints))
    _paint_axes(painter, level_view)
    painter.restore()


def _paint_joints(painter: QPainter, points: FloatArray, session: Session) -> None:
    selected = session.view.selection.joint
    painter.setPen(QPen(QColor(8, 9, 12, 190), 1.0))
    painter.setBrush(QColor(255, 255, 255, 190))
    for joint, (x, y) in enumerate(points.tolist()):
        if math.isfinite(x) and math.isfinite(y) and joint != selected:
            painter.drawEllipse(QPointF(x, y), 2.4, 2.4)
    if selected is None or selected >= len(points):
        return
    x, y = points[selected].tolist()
    if not math.isfinite(x):
        return
    painter.setBrush(QColor("#FFFFFF"))
    painter.setPen(QPen(QColor(8, 9, 12, 220), 2.0))
    painter.drawEllipse(QPointF(x, y), 5.0, 5.0)


def _tags(
    session: Session, view: ViewCamera, joints: dict[int, FloatArray]
) -> tuple[Tag, ...]:
    """Tags above heads, off each other and off the faces."""
    is_short = is_correcting(session)
    placed: list[Tag] = []
    faces = [_face(view, places) for places in joints.values()]
    taken = [face for face in faces if face is not None]
    for person_id, places in joints.items():
        above = _head(places) + np.array([0.0, _TAG_ABOVE_HEAD_M, 0.0])
        x, y = view.project(above)
        if not (np.isfinite(x) and np.isfinite(y)):
            continue
        person = session.document.persons[person_id]
        size = tag_size(person.name, short=is_short, text_width=name_width)
        rect = place_rect((float(x), float(y)), size, view.size, taken)
        taken.append(rect)
        placed.append(
            Tag(
                person=str(person_id),
                rect=rect,
                letter=session.letter_of(person_id),
                text="" if is_short else person.name,
                disc=look.person_colour(person, on_video=True).name(),
                letter_ink=letter_ink("video"),
            )
        )
    return tuple(placed)


def _head(places: FloatArray) -> FloatArray:
    return places[min(HEAD_JOINT, len(places) - 1)]


def _face(
    view: ViewCamera, places: FloatArray
) -> tuple[float, float, float, float] | None:
    head = _head(places) + np.array([0.0, 0.05, 0.0])
    x, y = (float(v) for v in view.project(head))
    if not (math.isfinite(x) and math.isfinite(y)):
        return None
    reach = 0.13 / view.metres_per_pixel(head)
    return x - reach, y - reach, x + reach, y + reach


def _paint_axes(painter: QPainter, view: ViewCamera) -> None:
    """Three arms that show where X, Y and Z point, in the lower right corner."""
    middle = QPointF(view.size[0] - 12 - _BALL_PX, view.size[1] - 12 - _BALL_PX)
    arms = view.eye_from_scene[:3, :3]
    face = look.font("micro", 700)
    painter.setFont(face)
    for name, axis in sorted(_AXES, key=lambda named: arms[2, named[1]]):
        direction = arms[:, axis]
        tip = middle + QPointF(direction[0], -direction[1]) * (_BALL_PX - 8)
        tint = look.colour(f"axis.{name.lower()}")
        painter.setPen(QPen(tint, 2.0))
        painter.drawLine(middle, tip)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawEllipse(tip, 7.5, 7.5)
        painter.setPen(QColor("#0D0F13"))
        box = QRectF(tip.x() - 8, tip.y() - 8, 16, 16)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
