"""What a press of a mouse button begins among the curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.edit import Edit
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Key
from hpe_studio.edits import pose
from hpe_studio.posing.resolve import resolve
from hpe_studio.posing.series import narrowed, nearest_turns
from hpe_studio.ui.curves.quantities import Quantity
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.lanes import gestures
from hpe_studio.ui.lanes.gestures import Modifiers
from hpe_studio.ui.lanes.hits import Hit
from hpe_studio.ui.lanes.key_gestures import MoveKeys
from hpe_studio.ui.lanes.selecting import select_keys

_SHAKE_PX = 6.0
"""A drag up or down does not change the frame before it goes that far aside."""


class CurveStage(gestures.Stage, Protocol):
    """What gestures need of the curve view, beside what they need of the lanes."""

    def show_frames(self, first: float, last: float, y: tuple[float, float]) -> None:
        """Let a rectangle of places in frames and of pixels fill the view."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Grip:
    """A key's diamond as it was taken.

    Attributes:
        quantity: Of which curve.
        joint: Joint index.
        component: 0, 1 or 2 for X, Y, Z.
        values: All components there when it was taken, shape (3,).
        per_px: How much the value grows per pixel upwards.
    """

    quantity: Quantity
    joint: int
    component: int
    values: FloatArray
    per_px: float


class DragValue(MoveKeys):
    """Moves keys in time and value: the offset over the base grows by the drag.

    Shift keeps to one direction, Ctrl copies, Alt does not snap.

    Args:
        stage: Where.
        at: Where the button was pressed.
        grabbed: The key.
        grip: Its diamond.
        clicked: What a press without a drag means.
    """

    def __init__(
        self,
        stage: CurveStage,
        at: QPointF,
        grabbed: Hit,
        *,
        grip: Grip,
        clicked: Callable[[], None],
    ) -> None:
        super().__init__(stage, at, grabbed, clicked)
        self._grip, self._press = grip, at
        self._to = at
        self._change = 0.0

    @property
    def label(self) -> str:
        """Name of the step."""
        if not self._change:
            return super().label
        if self._grip.quantity.id == "places":
            return "Move the body"
        track = self.document.tracks[self.grabbed.track_id]
        name = skeleton(track.skeleton).joint_names[self._grip.joint]
        return f"Rotate {joint_title(name).lower()}"

    def move(self, at: QPointF, modifiers: Modifiers, /) -> None:
        """Write anew from what was found and let all views follow."""
        self._to = at
        super().move(at, modifiers)

    def write(self, edit: Edit, distance_px: float, modifiers: Modifiers) -> None:
        """Shift the keys by whole frames, then give them their values."""
        up_px = self._press.y() - self._to.y()
        is_level = abs(distance_px) > abs(up_px)
        if modifiers & Modifiers.ShiftModifier:
            distance_px, up_px = (distance_px, 0.0) if is_level else (0.0, up_px)
        elif not is_level and abs(distance_px) < _SHAKE_PX:
            distance_px = 0.0
        super().write(edit, distance_px, modifiers)
        self._change = up_px * self._grip.per_px
        places = self.session.view.selection.keys
        if self._change:
            for place in sorted(places):
                key = self.document.key_at(*place)
                if key is not None:
                    self._turn(edit, key)
        self._tell(next(iter(places), self.grabbed.place))

    def _turn(self, edit: Edit, key: Key) -> None:
        grip, track = self._grip, self.document.tracks[key.track_id]
        frames = np.array([key.frame])
        part, mine = narrowed(track, self.document.keys_of(track.id), (grip.joint,))
        motion = resolve(part, mine, frames)
        push = np.zeros(3)
        push[grip.component] = self._change
        if grip.quantity.id == "places":
            if key.root_offset_m is not None:
                level = self.document.shot_at(track.start).level_from_scene
                wanted_m = motion.root_scene_m[0] + push @ level[:, :3]
                pose.set_root_place(
                    edit, self.document, track, frame=key.frame, root_scene_m=wanted_m
                )
        elif grip.joint in key.joints:
            near = nearest_turns(motion.joints_rad[0, 0], np.deg2rad(grip.values))
            pose.set_joint_rotation(
                edit,
                self.document,
                track,
                frame=key.frame,
                joint=grip.joint,
                rotation_rad=near + np.deg2rad(push),
            )

    def _tell(self, place: tuple[int, int]) -> None:
        grip = self._grip
        values = grip.values.copy()
        values[grip.component] += self._change
        now = grip.quantity.text(values.tolist(), (grip.component,))
        more = f"{self._change:+.{grip.quantity.digits}f}{grip.quantity.unit}"
        shift = place[1] - self.grabbed.frame
        frames = f"   {shift:+d}" if shift else ""
        self.stage.show_note(place, f"{now}   {more}{frames}".replace("-", "−"))


def grab(
    stage: CurveStage, at: QPointF, found: Hit, grip: Grip, modifiers: Modifiers
) -> DragValue:
    """Take hold of a diamond; a mere click selects its key and goes there."""
    assert found.key is not None
    session, place = stage.session, found.key.place
    before = session.view.selection.keys
    is_adding = bool(modifiers & Modifiers.ShiftModifier)
    if place not in before:
        select_keys(session, before | {place} if is_adding else frozenset({place}))

    def clicked() -> None:
        if is_adding and place in before:
            select_keys(session, before - {place})
        elif not is_adding:
            select_keys(session, frozenset({place}))
            session.view.frame = place[1]

    return DragValue(stage, at, found, grip=grip, clicked=clicked)


class RangeSelect(gestures.Gesture):
    """Sets in and out of the play range to what is dragged over.

    Args:
        stage: Where.
        at: Where the button was pressed.
    """

    def __init__(self, stage: CurveStage, at: QPointF) -> None:
        self._stage, self._from = stage, at
        self._before = stage.session.view.play_range

    def move(self, at: QPointF, _modifiers: Modifiers, /) -> None:
        """Let the range reach to the pointer."""
        if gestures.is_near(at, self._from):
            return
        axis = self._stage.axis
        ends = sorted((axis.frame_at(self._from.x()), axis.frame_at(at.x())))
        self._stage.session.view.play_range = (ends[0], ends[1] + 1)

    def cancel(self) -> None:
        """Put the range back."""
        self._stage.session.view.play_range = self._before


class BoxZoom(gestures.Gesture):
    """Lets the rectangle that is dragged fill the view.

    Args:
        stage: Where.
        at: Where the button was pressed.
    """

    def __init__(self, stage: CurveStage, at: QPointF) -> None:
        self._stage, self._from = stage, at

    def move(self, at: QPointF, _modifiers: Modifiers, /) -> None:
        """Show the rectangle."""
        self._stage.show_box(self._from, at)

    def release(self, at: QPointF, _modifiers: Modifiers, /) -> None:
        """Zoom to it, unless it is hardly one."""
        self._stage.show_box(None, None)
        if gestures.is_near(at, self._from) or abs(at.x() - self._from.x()) < _SHAKE_PX:
            return
        axis = self._stage.axis
        left, right = sorted((self._from.x(), at.x()))
        first, last = (axis.first + x / axis.px_per_frame for x in (left, right))
        self._stage.show_frames(first, last, (self._from.y(), at.y()))

    def cancel(self) -> None:
        """Zoom nowhere."""
        self._stage.show_box(None, None)
