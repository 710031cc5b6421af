"""Turn the selected joint by rings: one drag is one undoable step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QPainter

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.edits import pose
from hpe_studio.motion.rotations import compose
from hpe_studio.posing.posed import PosedFrame
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.session import Session
from hpe_studio.ui.tools.base import Canvas
from hpe_studio.ui.tools.ring_painter import paint_rings
from hpe_studio.ui.tools.rings import AXES, Ring, hit_ring, rings_at, turn_rad

_FINE = 0.1


@dataclass(kw_only=True, slots=True)
class _Drag:
    """A turn that goes on.

    Attributes:
        edit: The open edit.
        posed: The person as the drag found them.
        joint: What is turned.
        start_rad: The joint's rotation then, shape (3,).
        axis: "x", "y", "z" or "view".
        normal: What it is turned about, scene, shape (3,).
        pointer: Where the pointer was last, view pixels.
        angle_rad: Turned so far.
    """

    edit: Edit
    posed: PosedFrame
    joint: int
    start_rad: FloatArray
    axis: str
    normal: FloatArray
    pointer: tuple[float, float]
    angle_rad: float = 0.0


class RotateTool:
    """Rings around the selected joint.

    X, Y, Z lock an axis, Ctrl is fine, Esc takes the drag back.

    Args:
        session: Whose joints are turned.
    """

    hint = "Drag a ring to rotate"

    def __init__(self, session: Session) -> None:
        self._session = session
        self._drag: _Drag | None = None
        self._locked: str | None = None
        self._hovered: str | None = None

    @property
    def is_dragging(self) -> bool:
        """True between press and release."""
        return self._drag is not None

    def rings(self, canvas: Canvas) -> tuple[Ring, ...]:
        """The rings as a viewer shows them; none without a selected joint."""
        found = self._selected()
        if found is None:
            return ()
        posed, joint = found
        axes = np.asarray(posed.rotations[joint])
        rings = rings_at(canvas.scene_view(), posed.joints_scene_m[joint], axes)
        return tuple(r for r in rings if self._locked in (None, r.axis))

    def press(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Take hold of the ring under the pointer."""
        at = (event.position().x(), event.position().y())
        ring = hit_ring(self.rings(canvas), *at)
        found = self._selected()
        if ring is None or found is None:
            return False
        self._session.playback.stop()
        self._begin(*found, ring, at)
        return True

    def move(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Turn the joint with the pointer, or light the ring under it."""
        at = (event.position().x(), event.position().y())
        if self._drag is None:
            ring = hit_ring(self.rings(canvas), *at)
            self._hover(canvas, ring.axis if ring else None)
            return ring is not None
        drag = self._drag
        centre = drag.posed.joints_scene_m[drag.joint]
        step = turn_rad(canvas.scene_view(), centre, drag.normal, drag.pointer, at)
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        drag.angle_rad += step * (_FINE if is_fine else 1.0)
        drag.pointer = at
        self._write(drag)
        return True

    def release(self, canvas: Canvas, _event: QMouseEvent) -> bool:
        """Keep the turn as one step."""
        drag, self._drag = self._drag, None
        if drag is None:
            return False
        try:
            drag.edit.commit()
        except StudioError as error:
            self._session.notices.complain(error)
        canvas.update()
        return True

    def cancel(self) -> None:
        """Take the drag back, or free the locked axis."""
        drag, self._drag = self._drag, None
        self._locked = None
        if drag is not None:
            drag.edit.abort()

    def lock_axis(self, axis: str) -> None:
        """Turn about one axis only; the same axis again frees it."""
        self._locked = None if self._locked == axis else axis
        drag = self._drag
        if drag is None:
            return
        drag.axis = self._locked or "view"
        drag.angle_rad = 0.0
        if self._locked is not None:
            drag.normal = drag.posed.rotations[drag.joint][:, AXES.index(axis)]
        self._write(drag)

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Draw the rings and, while turning, the angle."""
        rings = self.rings(canvas)
        if not rings:
            return
        active = self._drag.axis if self._drag else self._hovered
        angle = self._drag.angle_rad if self._drag else None
        paint_rings(painter, rings, active=active, angle_rad=angle)

    def _begin(
        self, posed: PosedFrame, joint: int, ring: Ring, at: tuple[float, float]
    ) -> None:
        session = self._session
        name = joint_title(posed.skeleton.joint_names[joint]).lower()
        try:
            start = pose.present_rotation(
                session.document, posed.track, posed.frame, joint
            )
            edit = session.document.begin_edit(f"Rotate {name}")
        except StudioError as error:
            session.notices.complain(error)
            return
        self._drag = _Drag(
            edit=edit,
            posed=posed,
            joint=joint,
            start_rad=start,
            axis=ring.axis,
            normal=np.array(ring.normal),
            pointer=at,
        )

    def _write(self, drag: _Drag) -> None:
        """Set the joint to where the drag has turned it."""
        parent = drag.posed.skeleton.parents[drag.joint]
        scene_from_parent = drag.posed.rotations[parent] if parent >= 0 else np.eye(3)
        delta_rad = drag.angle_rad * (scene_from_parent.T @ drag.normal)
        try:
            pose.set_joint_rotation(
                drag.edit,
                self._session.document,
                drag.posed.track,
                frame=drag.posed.frame,
                joint=drag.joint,
                rotation_rad=compose(delta_rad, drag.start_rad),
            )
            drag.edit.preview()
        except StudioError as error:
            self.cancel()
            self._session.notices.complain(error)

    def _selected(self) -> tuple[PosedFrame, int] | None:
        selection = self._session.view.selection
        if selection.active is None or selection.joint is None:
            return None
        posed = self._session.poser.pose_at(selection.active, self._session.view.frame)
        if posed is None or selection.joint >= len(posed.joints_scene_m):
            return None
        return posed, selection.joint

    def _hover(self, canvas: Canvas, axis: str | None) -> None:
        if axis != self._hovered:
            self._hovered = axis
            canvas.update()
