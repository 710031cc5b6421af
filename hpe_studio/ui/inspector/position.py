"""Where the selected person's pelvis is, in metres."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtWidgets import QHBoxLayout

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.edit import Edit
from hpe_studio.edits import pose
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.facts import locked_reason, posed_others, posed_person
from hpe_studio.ui.inspector.live import Change
from hpe_studio.ui.inspector.pin_buttons import PinButtons
from hpe_studio.ui.inspector.section import Context, Section


class PositionSection(Section):
    """X, Y, Z of the pelvis as the viewport draws it, over the levelled floor.

    Args:
        context: What it is made of.
    """

    id = "position"
    title = "Position"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.head.show_word(self.tr("pelvis, scene"))
        self.fields = tuple(
            NumberField(
                name.upper(),
                "m",
                decimals=2,
                minimum=-1000,
                maximum=1000,
                step=0.01,
                axis=name,
                name=self.tr("Position {0}").format(name.upper()),
            )
            for name in "xyz"
        )
        row = QHBoxLayout()
        row.setSpacing(6)
        for axis, field in enumerate(self.fields):
            context.live.bind(field, partial(self._begin, axis))
            row.addWidget(field, 1)
        self.rows.addLayout(row)
        self.pins = PinButtons(context.session)
        self.rows.addWidget(self.pins)

    def refresh(self) -> None:
        """Show the active person's place, or dim fields."""
        self.pins.refresh()
        posed = posed_person(self.session)
        reason = locked_reason(self.session)
        for field in self.fields:
            field.setEnabled(posed is not None)
            field.set_read_only(reason)
        place_m = np.zeros(3)
        if posed is not None:
            place_m = self.session.to_level(np.asarray(posed.joints_scene_m[0]))
        for field, value in zip(self.fields, place_m.tolist(), strict=True):
            field.value = value

    def _begin(self, axis: int) -> Change | None:
        posed = posed_person(self.session)
        if posed is None:
            return None
        everyone = (posed, *posed_others(self.session))
        document = self.session.document
        start_m = [np.array(p.joints_scene_m[0], np.float64) for p in everyone]
        turn: FloatArray = np.asarray(self.session.level_from_scene)[:, :3]
        first_m = float(self.session.to_level(start_m[0])[axis])

        def write(edit: Edit, value: float) -> None:
            moved = np.zeros(3)
            moved[axis] = value - first_m
            for person, place_m in zip(everyone, start_m, strict=True):
                pose.set_root_place(
                    edit,
                    document,
                    person.track,
                    frame=person.frame,
                    root_scene_m=place_m + turn.T @ moved,
                )

        count = len(everyone)
        name = document.persons[posed.person_id].name
        who = name if count == 1 else f"{count} people"
        return Change(label=f"Move {who}", write=write)
