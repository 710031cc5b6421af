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
from hpe_studio.render import gizmo
from hpe_studio.render.gizmo import AXES, Gizmo, Ring, RingDrag
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import paint_shapes
from hpe_studio.ui.tools.base import Canvas
from hpe_studio.ui.tools.chip import paint_chip


@dataclass(kw_only=True, slots=True)
class _Gesture:
    """A turn that goes on.

    Attributes:
        edit: The open edit.
        posed: The person as the drag found them.
        joint: What is turned.
        start_rad: The joint's parent-space rotation then, shape (3,).
        drag: How far the ring is turned.
    """

    edit: Edit
    posed: PosedFrame
    joint: int
    start_rad: FloatArray
    drag: RingDrag


class RotateTool:
    """Rings around the selected joint.

    X, Y, Z lock an axis: during a drag at once, else for the next drag, which may then
    start anywhere. Ctrl is fine, Esc takes the drag back.

    Args:
        session: Whose joints are turned.
    """

    hint = "Drag a ring to rotate"

    def __init__(self, session: Session) -> None:
        self._session = session
        self._gesture: _Gesture | None = None
        self._locked: Ring | None = None
        self._hovered: Ring | None = None
        self._view: ViewCamera | None = None

    @property
    def is_dragging(self) -> bool:
        """True between press and release."""
        return self._gesture is not None

    @property
    def gizmo(self) -> Gizmo | None:
        """The rings' place and axes; None without a selected joint."""
        found = self._selected()
        if found is None:
            return None
        posed, joint = found
        return Gizmo(
            centre_m=posed.joints_scene_m[joint],
            axes=np.asarray(posed.rotations[joint]),
        )

    def press(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Take hold of the ring under the pointer, or turn about a locked axis."""
        x, y = event.position().x(), event.position().y()
        if self._gesture is not None:  # its release went astray
            self.release(canvas, event)
        rings, view = self.gizmo, canvas.scene_view()
        if rings is None:
            return False
        if self._session.document.is_editing:  # a drag in the lanes goes on
            return True
        ring = gizmo.hit_ring(rings, view, x, y)
        if self._locked is not None:
            drag = gizmo.begin_free(rings, view, self._locked, x, y)
        elif ring is not None:
            drag = gizmo.begin_drag(rings, view, ring, x, y)
        else:
            return False
        self._session.playback.stop()
        self._view = view
        self._begin(drag)
        return True

    def move(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Turn the joint with the pointer, or light the ring under it."""
        x, y = event.position().x(), event.position().y()
        gesture = self._gesture
        if gesture is None:
            return self._hover(canvas, x, y)
        is_fine = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._view = canvas.scene_view()
        gesture.drag = gizmo.dragged(gesture.drag, self._view, x, y, fine=is_fine)
        self._write(gesture)
        return True

    def release(self, canvas: Canvas, _event: QMouseEvent) -> bool:
        """Keep the turn as one step."""
        gesture, self._gesture = self._gesture, None
        self._locked = None
        if gesture is None:
            return False
        try:
            gesture.edit.commit()
        except StudioError as error:
            self._session.notices.complain(error)
        canvas.update()
        return True

    def cancel(self) -> None:
        """Take the drag back and free a locked axis."""
        gesture, self._gesture = self._gesture, None
        self._locked = None
        if gesture is not None:
            gesture.edit.abort()

    def lock_axis(self, axis: str) -> None:
        """Turn about one axis only; the same axis again frees it."""
        ring = AXES["xyz".index(axis)]
        self._locked = None if self._locked == ring else ring
        gesture = self._gesture
        if gesture is not None and self._view is not None:
            wanted: Ring = self._locked or "view"
            gesture.drag = gizmo.relocked(gesture.drag, self._view, wanted)
            self._write(gesture)

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Draw the rings and, while turning, the angle."""
        rings = self.gizmo
        if rings is None:
            return
        view = canvas.scene_view()
        gesture = self._gesture
        active = gesture.drag.ring if gesture else self._locked or self._hovered
        shapes = gizmo.gizmo_shapes(rings, view, canvas.ink_theme, active=active)
        paint_shapes(painter, tuple(shapes))
        if gesture is not None:
            _paint_chip(painter, view.project(rings.centre_m), gesture.drag)

    def _begin(self, drag: RingDrag) -> None:
        session, found = self._session, self._selected()
        if found is None:
            return
        posed, joint = found
        name = joint_title(posed.skeleton.joint_names[joint]).lower()
        try:
            start = pose.present_rotation(
                session.document, posed.track, posed.frame, joint
            )
            edit = session.document.begin_edit(f"Rotate {name}")
        except StudioError as error:
            session.notices.complain(error)
            return
        self._gesture = _Gesture(
            edit=edit, posed=posed, joint=joint, start_rad=start, drag=drag
        )

    def _write(self, gesture: _Gesture) -> None:
        """Set the joint to where the drag has turned it."""
        posed, joint = gesture.posed, gesture.joint
        parent = posed.skeleton.parents[joint]
        scene_from_parent = posed.rotations[parent] if parent >= 0 else np.eye(3)
        delta_rad = scene_from_parent.T @ gesture.drag.rotation_rad()
        try:
            pose.set_joint_rotation(
                gesture.edit,
                self._session.document,
                posed.track,
                frame=posed.frame,
                joint=joint,
                rotation_rad=compose(delta_rad, gesture.start_rad),
            )
            gesture.edit.preview()
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

    def _hover(self, canvas: Canvas, x: float, y: float) -> bool:
        rings = self.gizmo
        ring = None
        if rings is not None:
            ring = gizmo.hit_ring(rings, canvas.scene_view(), x, y)
        if ring != self._hovered:
            self._hovered = ring
            canvas.update()
        return ring is not None


def _paint_chip(painter: QPainter, centre: FloatArray, drag: RingDrag) -> None:
    """Axis letter and angle beside the rings."""
    if np.isfinite(centre).all():
        reach = gizmo.DIAMETER_PX / 2 * gizmo.VIEW_RING
        x, y = float(centre[0] + reach * 0.8), float(centre[1] - reach - 14)
        paint_chip(painter, x, y, *drag.chip())
