"""The selected joint's rotation in degrees, and how far it is bent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.track import Track
from hpe_studio.edits import pose
from hpe_studio.motion.joint_ranges import Hinge, bend_deg, hinge_of, with_bend
from hpe_studio.motion.rotations import (
    compose,
    euler_deg_from_matrix,
    inverse,
    matrix_from_euler_deg,
    matrix_from_rotvec,
    rotvec_from_matrix,
    unwrapped_euler_deg,
)
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.bend_bar import BendBar
from hpe_studio.ui.inspector.facts import (
    SelectedJoint,
    locked_reason,
    posed_others,
    selected_joint,
)
from hpe_studio.ui.inspector.live import Change
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.ui.widgets import text_label

_ORDER = "XYZ"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Turn:
    """Joints as they stood when a gesture began: the active person's first.

    Attributes:
        document: Where they are written.
        frame: Clip frame.
        joint: Index of the joint, of all persons.
        tracks: Of each person.
        start_rad: Rotation of each, shape (persons, 3).
    """

    document: Document
    frame: int
    joint: int
    tracks: tuple[Track, ...]
    start_rad: FloatArray

    def write(self, edit: Edit, wanted_rad: FloatArray) -> None:
        """Give the first its rotation and turn the others by as much."""
        delta_rad = compose(wanted_rad, inverse(self.start_rad[0]))
        for row, track in enumerate(self.tracks):
            turned = compose(delta_rad, self.start_rad[row])
            pose.set_joint_rotation(
                edit,
                self.document,
                track,
                frame=self.frame,
                joint=self.joint,
                rotation_rad=turned if row else wanted_rad,
            )


class RotationSection(Section):
    """X, Y, Z in the parent's axes; a bend bar where the joint has a main axis.

    Args:
        context: What it is made of.
    """

    id = "rotation"
    title = "Rotation"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._shown: tuple[object, ...] = ()
        self._hinge: Hinge | None = None
        self.head.show_word(self.tr("local"))
        self.reset = self.head.add_icon("undo-2", self.tr("Back to the base"))
        self.reset.clicked.connect(self._on_reset_clicked)
        self.fields = tuple(
            NumberField(
                name.upper(),
                "°",
                minimum=-360,
                maximum=360,
                step=1,
                axis=name,
                name=self.tr("Rotation {0}").format(name.upper()),
            )
            for name in "xyz"
        )
        row = QHBoxLayout()
        row.setSpacing(6)
        for axis, field in enumerate(self.fields):
            context.live.bind(field, partial(self._begin_turn, axis))
            row.addWidget(field, 1)
        self.rows.addLayout(row)
        self.bend = BendBar()
        self._bend_row = self._add_bend()

    def refresh(self) -> None:
        """Show the selected joint, or dim fields."""
        selected = selected_joint(self.session)
        reason = locked_reason(self.session)
        for field in self.fields:
            field.setEnabled(selected is not None)
            field.set_read_only(reason)
        self.bend.set_read_only(reason)
        self.reset.setEnabled(not reason and _is_corrected(selected))
        self._show_angles(selected)
        self._show_bend(selected)

    def _add_bend(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(text_label(self.tr("Bend"), tone="muted"))
        row.addWidget(self.bend, 1)
        self._bend_word = text_label()
        row.addWidget(self._bend_word)
        self.rows.addWidget(holder)
        self.context.live.bind(self.bend, self._begin_bend)
        return holder

    def _show_angles(self, selected: SelectedJoint | None) -> None:
        if any(field.is_scrubbing for field in self.fields):
            return
        degrees = np.zeros(3)
        if selected is not None:
            joint_rad = selected.posed.joints_rad[selected.joint]
            degrees = euler_deg_from_matrix(matrix_from_rotvec(joint_rad), _ORDER)
            what = (selected.person.id, selected.joint, selected.posed.frame)
            if what == self._shown:  # written as it was before, however far it turned
                before = np.array([field.value for field in self.fields])
                degrees = unwrapped_euler_deg(np.stack([before, degrees]))[1]
                degrees = np.clip(degrees, -360, 360)
            self._shown = what
        for field, value in zip(self.fields, degrees.tolist(), strict=True):
            field.value = value

    def _show_bend(self, selected: SelectedJoint | None) -> None:
        self._hinge = None if selected is None else hinge_of(selected.name)
        self._bend_row.setVisible(self._hinge is not None)
        if self._hinge is None or selected is None:
            return
        value = bend_deg(selected.posed.joints_rad[selected.joint], self._hinge)
        self.bend.show_bend(value, self._hinge.low_deg, self._hinge.high_deg)
        self._bend_word.setText(f"{value:.1f}°".replace("-", "−"))
        self._bend_word.setMinimumWidth(
            self._bend_word.fontMetrics().horizontalAdvance("−000.0°")
        )

    def _begin(self) -> tuple[SelectedJoint, _Turn] | None:
        selected = selected_joint(self.session)
        if selected is None:
            return None
        posed = (selected.posed, *posed_others(self.session))
        joint = selected.joint
        same = tuple(p for p in posed if joint < p.skeleton.joint_count)
        turn = _Turn(
            document=self.session.document,
            frame=selected.posed.frame,
            joint=joint,
            tracks=tuple(p.track for p in same),
            start_rad=np.array([p.joints_rad[joint] for p in same]),
        )
        return selected, turn

    def _begin_turn(self, axis: int) -> Change | None:
        begun = self._begin()
        if begun is None:
            return None
        selected, turn = begun
        start_deg = np.array([field.value for field in self.fields])

        def write(edit: Edit, value: float) -> None:
            degrees = start_deg.copy()
            degrees[axis] = value
            matrix = matrix_from_euler_deg(degrees, _ORDER)
            turn.write(edit, rotvec_from_matrix(matrix))

        return Change(label=_label(selected, turn), write=write)

    def _begin_bend(self) -> Change | None:
        begun, hinge = self._begin(), self._hinge
        if begun is None or hinge is None:
            return None
        selected, turn = begun

        def write(edit: Edit, value: float) -> None:
            turn.write(edit, with_bend(turn.start_rad[0], hinge, value))

        return Change(label=_label(selected, turn), write=write)

    def _on_reset_clicked(self) -> None:
        begun = self._begin()
        if begun is None:
            return
        selected, turn = begun

        def write(edit: Edit) -> None:
            for track in turn.tracks:
                pose.reset_joint_at(
                    edit, turn.document, track, frame=turn.frame, joint=turn.joint
                )

        self.session.perform(f"Reset {selected.title.lower()}", write)


def _label(selected: SelectedJoint, turn: _Turn) -> str:
    label = f"Rotate {selected.title.lower()}"
    count = len(turn.tracks)
    return label if count == 1 else f"{label} of {count} people"


def _is_corrected(selected: SelectedJoint | None) -> bool:
    if selected is None:
        return False
    posed, joint = selected.posed, selected.joint
    base = posed.track.base_rad[posed.frame - posed.track.start, joint]
    return not np.allclose(posed.joints_rad[joint], base, atol=1e-6)
