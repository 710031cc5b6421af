"""The marks of pinned joints, in both viewers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from hpe_studio.ui import look
from hpe_studio.ui.figures import joints_now
from hpe_studio.ui.session import Session
from hpe_studio.ui.sights import sight_of

if TYPE_CHECKING:
    from hpe_studio.ui.tools.base import Canvas

SIZE_PX = 18.0
_UP_PX, _ICON_PX = 17.0, 12


def paint_pins(painter: QPainter, session: Session, canvas: Canvas) -> None:
    """Paint a pin above every pinned joint that is seen; square ones keep turns."""
    pins = session.view.pins
    if not pins:
        return
    sight, joints = sight_of(session, canvas), joints_now(session)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pin in pins:
        places = joints.get(pin.person_id)
        if places is None or pin.joint >= len(places):
            continue
        x, y = sight.project(places[pin.joint]).tolist()
        if np.isfinite([x, y]).all():
            _paint(painter, QPointF(x, y - _UP_PX), is_square=pin.keeps_turn)
    painter.restore()


def _paint(painter: QPainter, middle: QPointF, *, is_square: bool) -> None:
    half = SIZE_PX / 2
    box = QRectF(middle.x() - half, middle.y() - half, SIZE_PX, SIZE_PX)
    painter.setPen(look.colour("video.tag_text", alpha=0.9))
    painter.setBrush(look.colour("video.tag", alpha=0.92))
    radius = 4.0 if is_square else half
    painter.drawRoundedRect(box, radius, radius)
    ratio = painter.device().devicePixelRatio()
    icon = look.pixmap("pin", _ICON_PX, look.colour("video.tag_text"), ratio)
    at = QRectF(0, 0, _ICON_PX, _ICON_PX)
    at.moveCenter(middle)
    painter.drawPixmap(at, icon, QRectF(icon.rect()))
