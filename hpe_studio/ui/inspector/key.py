"""The key on the frame shown: blend lengths, their curve, buttons that set keys."""

from __future__ import annotations

from functools import partial
from typing import Literal

from PySide6.QtWidgets import QHBoxLayout

from hpe_studio.core.edit import Edit
from hpe_studio.core.track import DEFAULT_BLEND_FRAMES, Key
from hpe_studio.edits import pose
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.action_button import ActionButton
from hpe_studio.ui.inspector.blend_curve import BlendCurve
from hpe_studio.ui.inspector.facts import locked_reason, posed_person
from hpe_studio.ui.inspector.live import Change
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.ui.timecode import frame_text

_MOST_BLEND = 500
_Side = Literal["in", "out"]


class KeySection(Section):
    """In and out frames, the curve they make, Key and Whole body.

    Args:
        context: What it is made of.
    """

    id = "key"
    title = "Key"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._delete = self.head.add_icon("diamond-minus", self.tr("Delete key"))
        self._delete.setToolTip(context.actions["delete_key"].toolTip())
        self._delete.clicked.connect(context.actions["delete_key"].trigger)
        self.blend_in = self._blend_field("in", self.tr("In"), self.tr("Blend in"))
        self.blend_out = self._blend_field("out", self.tr("Out"), self.tr("Blend out"))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.blend_in, 1)
        row.addWidget(self.blend_out, 1)
        self.rows.addLayout(row)
        self.curve = BlendCurve()
        context.live.bind(self.curve.blend_in, partial(self._begin, "in"))
        context.live.bind(self.curve.blend_out, partial(self._begin, "out"))
        self.rows.addWidget(self.curve)
        actions = context.actions
        self.insert = ActionButton(
            actions["insert_key"], self.tr("Key"), "diamond", is_primary=True
        )
        self.whole = ActionButton(
            actions["key_body"], self.tr("Whole body"), "person-standing"
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.insert, 1)
        buttons.addWidget(self.whole, 1)
        self.rows.addLayout(buttons)

    def refresh(self) -> None:
        """Show the key of the frame, or that there is none."""
        key, session = self._key(), self.session
        frame, count = session.view.frame, session.document.clip.frame_count
        self.head.show_title(self.tr("Key at {0}").format(frame_text(frame, count)))
        self.head.show_word(self.tr("offset from base") if key else self.tr("no key"))
        reason = locked_reason(session)
        for field, value in (
            (self.blend_in, key.blend_in if key else DEFAULT_BLEND_FRAMES),
            (self.blend_out, key.blend_out if key else DEFAULT_BLEND_FRAMES),
        ):
            field.setEnabled(key is not None)
            field.set_read_only(reason)
            field.value = value
        self.curve.set_read_only(reason)
        self.curve.show_blend((key.blend_in, key.blend_out) if key else None)
        can_key = posed_person(session) is not None and not reason
        for button in (self.insert, self.whole):
            button.allow(is_allowed=can_key)
        self._delete.setEnabled(key is not None and not reason)

    def _blend_field(self, side: _Side, label: str, name: str) -> NumberField:
        field = NumberField(
            label,
            "frames",
            decimals=0,
            minimum=0,
            maximum=_MOST_BLEND,
            step=1,
            name=name,
        )
        self.context.live.bind(field, partial(self._begin, side))
        return field

    def _key(self) -> Key | None:
        track = self.session.active_track
        if track is None:
            return None
        return self.session.document.key_at(track.id, self.session.view.frame)

    def _begin(self, side: _Side) -> Change | None:
        key = self._key()
        if key is None:
            return None

        def write(edit: Edit, value: float) -> None:
            frames = round(value)
            if side == "in":
                pose.set_blend(edit, key, blend_in=frames)
            else:
                pose.set_blend(edit, key, blend_out=frames)

        return Change(label=f"Change blend {side}", write=write)
