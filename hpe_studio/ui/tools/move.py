"""Drag joints, or the whole body, where they should be: one drag is one step."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import cast

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QPainter

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.posing.posed import PosedFrame
from hpe_studio.render.pulling import (
    Axis,
    Sight,
    arrow_shapes,
    begin_pull,
    chip_of,
    gaze_shapes,
    hit_arrow,
    nearest_joint,
    pulled_on,
)
from hpe_studio.ui.figures import joints_now
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import paint_shapes
from hpe_studio.ui.sights import sight_of
from hpe_studio.ui.tools.base import Canvas
from hpe_studio.ui.tools.chip import paint_chip
from hpe_studio.ui.tools.grip import Grip, Kind, follow, gaze_m, place_m, take_hold
from hpe_studio.ui.words import tr

_THRESHOLD_PX = 2.0
_GAZE_REACH_PX, _GAZE_APART_PX = 9.0, 22.0
_CHIP_AWAY_PX = (18.0, -34.0)


class MoveTool:
    """Takes a joint by the hand; the body follows.

    X, Y, Z lock an axis, during a drag or for the next one, which may then start
    anywhere. Shift drags along the line of sight, Ctrl is fine, Esc takes the drag
    back. Pinned joints stay. Before a selected head is a handle that it looks at.

    Args:
        session: Whose joints are moved.
    """

    hint = "Drag a joint to move it"
    kind: Kind = "joint"
    has_handles = True
    threshold_px = _THRESHOLD_PX

    def __init__(self, session: Session) -> None:
        self._session = session
        self._grip: Grip | None = None
        self._sight: Sight | None = None
        self._locked: Axis | None = None
        self._hovered: Axis | str | None = None

    @property
    def is_dragging(self) -> bool:
        """True between press and release."""
        return self._grip is not None

    def press(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Take hold of what lies under the pointer."""
        x, y = event.position().x(), event.position().y()
        if self._grip is not None:  # its release went astray
            self.release(canvas, event)
        if self._session.document.is_editing:  # a drag in the lanes goes on
            return True
        sight = sight_of(self._session, canvas)
        grip = self._taken(canvas, sight, x, y)
        if grip is None:
            return False
        self._session.playback.stop()
        self._grip, self._sight = grip, sight
        selection = self._session.view.selection
        if (selection.active, selection.joint) != (grip.posed.person_id, grip.joint):
            self._session.select(grip.posed.person_id, grip.joint)
        return True

    def move(self, canvas: Canvas, event: QMouseEvent) -> bool:
        """Let the body follow the pointer, or light up what lies under it."""
        at = (event.position().x(), event.position().y())
        grip = self._grip
        if grip is None:
            return self._hover(canvas, *at)
        if grip.edit is None and not self._begun(grip, at):
            return True
        held = event.modifiers()
        self._sight = sight_of(self._session, canvas)
        grip.drag = pulled_on(
            grip.drag,
            self._sight,
            at,
            fine=bool(held & Qt.KeyboardModifier.ControlModifier),
            deep=bool(held & Qt.KeyboardModifier.ShiftModifier),
        )
        self._follow(grip)
        return True

    def release(self, canvas: Canvas, _event: QMouseEvent) -> bool:
        """Keep the drag as one step."""
        grip, self._grip = self._grip, None
        self._locked = None
        if grip is None:
            return False
        try:
            if grip.edit is not None:
                grip.edit.commit()
        except StudioError as error:
            self._session.notices.complain(error)
        canvas.update()
        return True

    def cancel(self) -> None:
        """Take the drag back and free a locked axis."""
        grip, self._grip = self._grip, None
        self._locked = None
        if grip is not None and grip.edit is not None:
            grip.edit.abort()

    def lock_axis(self, axis: str) -> None:
        """Move along one axis only; the same axis again frees it."""
        wanted = cast("Axis", axis)
        self._locked = None if self._locked == wanted else wanted
        grip = self._grip
        if grip is not None:
            grip.drag = replace(grip.drag, lock=self._locked)
            if grip.edit is not None:
                self._follow(grip)

    def paint(self, painter: QPainter, canvas: Canvas) -> None:
        """Draw the arrows, the gaze and, while dragging, how far it went."""
        self.paint_distance(painter, canvas)
        found = self._selected()
        if found is None or not self.has_handles:
            return
        posed, joint = found
        sight = sight_of(self._session, canvas)
        if self.kind == "joint" and _is_head(posed, joint):
            ends = sight.project(_line_of_sight_m(posed, joint))
            lit = self._hovered == "gaze"
            if _is_apart(ends):
                paint_shapes(painter, tuple(gaze_shapes(ends[0], ends[1], lit=lit)))
        if canvas.picture_transform is None:
            active = self._locked or self._hovered
            shapes = arrow_shapes(
                sight,
                posed.joints_scene_m[self._handle(joint)],
                self._axes(),
                canvas.ink_theme,
                active=cast("Axis | None", active),
            )
            paint_shapes(painter, tuple(shapes))

    # What is under the pointer ---------------------------------------------------

    def _taken(self, canvas: Canvas, sight: Sight, x: float, y: float) -> Grip | None:
        """What a press there takes hold of."""
        found = self._selected()
        if found is not None:
            posed, joint = found
            handle = self._handle(joint)
            arrow = self._arrow(canvas, sight, x, y)
            if self._locked is not None or arrow is not None:
                return self._grip_of(canvas, sight, posed, handle, (x, y), arrow)
            if self._is_on_gaze(sight, posed, joint, x, y):
                aim = gaze_m(posed, joint)
                drag = begin_pull(sight, aim, self._axes(), (x, y))
                return Grip(
                    kind="gaze",
                    posed=posed,
                    joint=joint,
                    drag=drag,
                    is_picture=canvas.picture_transform is not None,
                )
        hit = self._joint_at(sight, x, y)
        if hit is None:
            return None
        posed = self._session.poser.pose_at(hit[0], self._session.view.frame)
        if posed is None:
            return None
        return self._grip_of(canvas, sight, posed, hit[1], (x, y), None)

    def _grip_of(
        self,
        canvas: Canvas,
        sight: Sight,
        posed: PosedFrame,
        joint: int,
        at: tuple[float, float],
        arrow: Axis | None,
    ) -> Grip:
        start = posed.joints_scene_m[joint]
        self._locked = arrow or self._locked
        drag = begin_pull(sight, start, self._axes(), at, self._locked)
        return Grip(
            kind=self.kind,
            posed=posed,
            joint=joint,
            drag=drag,
            is_picture=canvas.picture_transform is not None,
        )

    def _joint_at(self, sight: Sight, x: float, y: float) -> tuple[int, int] | None:
        people: dict[Hashable, FloatArray] = {**joints_now(self._session)}
        active = self._session.view.selection.active
        hit = nearest_joint(sight, people, x, y, first=active)
        return None if hit is None else (cast("int", hit[0]), hit[1])

    def _arrow(self, canvas: Canvas, sight: Sight, x: float, y: float) -> Axis | None:
        found = self._selected()
        is_picture = canvas.picture_transform is not None
        if found is None or is_picture or not self.has_handles:
            return None
        place = found[0].joints_scene_m[self._handle(found[1])]
        return hit_arrow(sight, place, self._axes(), x, y)

    def _is_on_gaze(
        self, sight: Sight, posed: PosedFrame, joint: int, x: float, y: float
    ) -> bool:
        if self.kind != "joint" or not (self.has_handles and _is_head(posed, joint)):
            return False
        ends = sight.project(_line_of_sight_m(posed, joint))
        away = np.hypot(*(ends[1] - (x, y)))
        return _is_apart(ends) and bool(away <= _GAZE_REACH_PX)

    def _selected(self) -> tuple[PosedFrame, int] | None:
        selection = self._session.view.selection
        if selection.active is None or selection.joint is None:
            return None
        posed = self._session.poser.pose_at(selection.active, self._session.view.frame)
        if posed is None or selection.joint >= len(posed.joints_scene_m):
            return None
        return posed, selection.joint

    def _handle(self, joint: int) -> int:
        """Where the arrows stand."""
        return joint

    def _axes(self) -> FloatArray:
        """The levelled axes, as rows, in the scene."""
        return np.asarray(self._session.level_from_scene, np.float64)[:, :3]

    def _hover(self, canvas: Canvas, x: float, y: float) -> bool:
        sight = sight_of(self._session, canvas)
        lit: Axis | str | None = self._arrow(canvas, sight, x, y)
        found = self._selected()
        if lit is None and found is not None and self._is_on_gaze(sight, *found, x, y):
            lit = "gaze"
        if lit != self._hovered:
            self._hovered = lit
            canvas.update()
        return lit is not None

    # The drag ----------------------------------------------------------------------

    def _begun(self, grip: Grip, at: tuple[float, float]) -> bool:
        """Open the edit once the hand has really moved."""
        if np.hypot(at[0] - grip.drag.at[0], at[1] - grip.drag.at[1]) < (
            self.threshold_px
        ):
            return False
        try:
            take_hold(self._session, grip, self._label(grip))
        except StudioError as error:
            self._grip = None
            self._session.notices.complain(error)
            return False
        return True

    def _label(self, grip: Grip) -> str:
        name = joint_title(grip.posed.skeleton.joint_names[grip.joint]).lower()
        if grip.kind == "gaze":
            return tr("Turn the look")
        return tr("Move {joint}").format(joint=name)

    def _follow(self, grip: Grip) -> None:
        assert self._sight is not None
        try:
            follow(self._session, grip, self._sight)
        except StudioError as error:
            self.cancel()
            self._session.notices.complain(error)

    def paint_distance(self, painter: QPainter, canvas: Canvas) -> None:
        """Draw how far a drag went."""
        grip = self._grip
        if grip is None or grip.edit is None or grip.kind == "gaze":
            return
        sight = sight_of(self._session, canvas)
        place = place_m(grip)
        x, y = sight.project(place).tolist()
        if np.isfinite([x, y]).all():
            right, up = _CHIP_AWAY_PX
            paint_chip(painter, x + right, y + up, *chip_of(grip.drag, place))


class MoveBodyTool(MoveTool):
    """Takes the whole body: over the floor in 3D, across the picture in the video.

    Args:
        session: Whose people are moved.
    """

    hint = "Drag a person to move the whole body"
    kind: Kind = "body"

    def _label(self, grip: Grip) -> str:
        person = self._session.document.persons[grip.posed.person_id]
        return tr("Move {name}").format(name=person.name)

    def _handle(self, joint: int) -> int:  # noqa: ARG002 - the body goes as one
        """The pelvis."""
        return 0

    def _selected(self) -> tuple[PosedFrame, int] | None:
        """The active person, whatever joint is selected."""
        active = self._session.view.selection.active
        if active is None:
            return None
        posed = self._session.poser.pose_at(active, self._session.view.frame)
        joint = self._session.view.selection.joint
        return None if posed is None else (posed, joint or 0)


def _is_head(posed: PosedFrame, joint: int) -> bool:
    return posed.skeleton.joint_names[joint] == "head"


def _is_apart(ends_px: FloatArray) -> bool:
    """Whether a head's handle can be told from the head, which it may lie before."""
    return bool(np.hypot(*(ends_px[1] - ends_px[0])) >= _GAZE_APART_PX)


def _line_of_sight_m(posed: PosedFrame, head: int) -> FloatArray:
    return np.stack([posed.joints_scene_m[head], gaze_m(posed, head)])
