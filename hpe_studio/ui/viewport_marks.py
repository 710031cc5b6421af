"""What is painted over the 3D picture: name tags, joints, the axis ball."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.drawlist import Tag
from hpe_studio.render.tags import tag_size
from hpe_studio.render.theme import letter_ink
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.ui import look
from hpe_studio.ui.figures import HEAD_JOINT, joints_now
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import name_width, paint_shapes

_TAG_ABOVE_HEAD_M = 0.24
_BALL_PX = 29.0
_AXES = (("X", 0), ("Y", 1), ("Z", 2))


def paint_marks(
    painter: QPainter, session: Session, view: ViewCamera, _ratio: float
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
    _paint_axes(painter, view)
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
    tags: list[Tag] = []
    is_editing = session.document.is_editing
    for person_id, places in joints.items():
        person = session.document.persons[person_id]
        head = places[min(HEAD_JOINT, len(places) - 1)]
        x, y = view.project(head + np.array([0.0, _TAG_ABOVE_HEAD_M, 0.0]))
        if not (np.isfinite(x) and np.isfinite(y)):
            continue
        width, height = tag_size(person.name, short=is_editing, text_width=name_width)
        left = min(max(x - width / 2, 4.0), view.size[0] - width - 4)
        top = min(max(y - height, 4.0), view.size[1] - height - 4)
        tags.append(
            Tag(
                person=str(person_id),
                rect=(left, top, left + width, top + height),
                letter=session.letter_of(person_id),
                text="" if is_editing else person.name,
                disc=look.person_colour(person, on_video=True).name(),
                letter_ink=letter_ink("video"),
            )
        )
    return tuple(tags)


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
