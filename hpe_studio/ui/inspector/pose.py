"""The selected joint: rotation in degrees, and the key on the frame shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from hpe_studio.core.edit import Edit
from hpe_studio.core.track import DEFAULT_BLEND_FRAMES, Key
from hpe_studio.edits import pose
from hpe_studio.motion.euler import euler_deg_from_matrix, matrix_from_euler_deg
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from hpe_studio.posing.posed import PosedFrame
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.parts import Page, WhoHeader
from hpe_studio.ui.joints import joint_title, source_title, source_token
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text

_ORDER = "XYZ"
_MOST_BLEND = 500


class PosePage(Page):
    """Rotation X Y Z of a joint and the key with its blend lengths.

    Args:
        session: What is inspected.
        actions: Actions of its buttons.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__(session)
        self._who = WhoHeader()
        self.column.addWidget(self._who)
        self.rotation = self._add_rotation()
        self._key_title, self.blend_in, self.blend_out = self._add_key(actions)
        self.column.addStretch(1)
        bridge = session.bridge
        for signal in (
            bridge.frame_changed,
            bridge.selection_changed,
            bridge.document_changed,
        ):
            signal.connect(self._on_anything_changed)
        self._show()

    @property
    def source_text(self) -> str:
        """Where the joint's rotation comes from, as shown."""
        return self._who.chip.text

    @property
    def who_text(self) -> str:
        """Person and joint, as shown."""
        return f"{self._who.name.text()}: {self._who.detail.text()}"

    def _add_rotation(self) -> tuple[NumberField, ...]:
        rows, _ = self.add_section("Rotation", "local")
        row = QHBoxLayout()
        row.setSpacing(6)
        fields = tuple(
            NumberField(
                name.upper(),
                "°",
                minimum=-360,
                maximum=360,
                axis=name,
                name=f"Rotation {name.upper()}",
            )
            for name in "xyz"
        )
        for field in fields:
            field.edited.connect(self._on_rotation_edited)
            row.addWidget(field, 1)
        rows.addLayout(row)
        return fields

    def _add_key(self, actions: ActionSet) -> tuple[QLabel, NumberField, NumberField]:
        rows, word = self.add_section("Key", "offset from base")
        row = QHBoxLayout()
        row.setSpacing(6)
        fields = (
            NumberField("In", "frames", decimals=0, minimum=0, maximum=_MOST_BLEND),
            NumberField("Out", "frames", decimals=0, minimum=0, maximum=_MOST_BLEND),
        )
        for field, slot in zip(
            fields, (self._on_blend_in_edited, self._on_blend_out_edited), strict=True
        ):
            field.edited.connect(slot)
            row.addWidget(field, 1)
        rows.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        self._insert = _button(actions, "insert_key", is_primary=True)
        self._delete = _button(actions, "delete_key", is_primary=False)
        buttons.addWidget(self._insert, 1)
        buttons.addWidget(self._delete, 1)
        rows.addLayout(buttons)
        return word, *fields

    # Showing -------------------------------------------------------------------

    def _show(self) -> None:
        posed, joint = self._posed(), self.session.view.selection.joint
        has_joint = posed is not None and joint is not None
        detail = "Click a person or a joint"
        if self.session.active_person is not None:
            detail = "Missing on this frame" if posed is None else "Click a joint"
        if posed is not None and joint is not None:
            detail = joint_title(posed.skeleton.joint_names[joint])
            code = int(posed.source[joint])
            self._who.chip.show_text(source_title(code), source_token(code))
            matrix = matrix_from_rotvec(posed.joints_rad[joint])
            degrees = euler_deg_from_matrix(matrix, _ORDER)
            for field, value in zip(self.rotation, degrees.tolist(), strict=True):
                field.value = value
        else:
            self._who.chip.show_text("", "source.missing")
        for field in self.rotation:
            field.setEnabled(has_joint)
        self._who.show_person(self.session, detail)
        self._show_key()

    def _show_key(self) -> None:
        key = self._key()
        frame, count = self.session.view.frame, self.session.document.clip.frame_count
        has_person = self.session.active_track is not None
        text = f"{'key' if key else 'no key'} at {frame_text(frame, count)}"
        self._key_title.setText(text)
        for field, value in (
            (self.blend_in, key.blend_in if key else DEFAULT_BLEND_FRAMES),
            (self.blend_out, key.blend_out if key else DEFAULT_BLEND_FRAMES),
        ):
            field.value = value
            field.setEnabled(key is not None)
        self._insert.setEnabled(has_person)
        self._delete.setEnabled(key is not None)

    def _posed(self) -> PosedFrame | None:
        active = self.session.view.selection.active
        if active is None:
            return None
        return self.session.poser.pose_at(active, self.session.view.frame)

    def _key(self) -> Key | None:
        track = self.session.active_track
        if track is None:
            return None
        return self.session.document.key_at(track.id, self.session.view.frame)

    # Editing -------------------------------------------------------------------

    def _on_rotation_edited(self, _value: float) -> None:
        posed, joint = self._posed(), self.session.view.selection.joint
        if posed is None or joint is None:
            return
        degrees = np.array([field.value for field in self.rotation])
        wanted = rotvec_from_matrix(matrix_from_euler_deg(degrees, _ORDER))
        name = joint_title(posed.skeleton.joint_names[joint]).lower()

        def write(edit: Edit) -> None:
            pose.set_joint_rotation(
                edit,
                self.session.document,
                posed.track,
                frame=posed.frame,
                joint=joint,
                rotation_rad=wanted,
            )

        self.session.perform(f"Rotate {name}", write)

    def _on_blend_in_edited(self, value: float) -> None:
        key = self._key()
        if key is not None and key.blend_in != int(value):
            self.session.perform(
                "Change blend in",
                lambda edit: pose.set_blend(edit, key, blend_in=int(value)),
            )

    def _on_blend_out_edited(self, value: float) -> None:
        key = self._key()
        if key is not None and key.blend_out != int(value):
            self.session.perform(
                "Change blend out",
                lambda edit: pose.set_blend(edit, key, blend_out=int(value)),
            )

    def _on_anything_changed(self, _what: object) -> None:
        if self.isVisible():
            self._show()

    def showEvent(self, _event: object) -> None:
        """Catch up with what changed while hidden."""
        self._show()


def _button(actions: ActionSet, action_id: str, *, is_primary: bool) -> QPushButton:
    action = actions[action_id]
    button = QPushButton(action.iconText())
    token = "accent.on" if is_primary else "text.secondary"
    names = {"insert_key": "diamond-plus", "delete_key": "diamond-minus"}
    button.setIcon(look.gapped_icon(names[action_id], 14, ink=token))
    button.setIconSize(look.gapped_size(14))
    button.setToolTip(action.toolTip())
    if is_primary:
        look.set_role(button, role="primary")
    button.clicked.connect(action.trigger)
    return button
