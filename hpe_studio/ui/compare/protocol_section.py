"""The rules of the comparison: every setting that changes a number, and whose they are.

What people change most stands above the card; the rest folds away under *More*. Time
and camera have a section of their own (`settings_sections`).
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from hpe_studio.metrics.protocol import NAMED, TITLES, Protocol, modified_fields
from hpe_studio.ui.compare.card import ProtocolCard
from hpe_studio.ui.compare.protocol_fields import (
    FIRST,
    GATES,
    MORE,
    Choice,
    Number,
    choice_value,
    with_choice,
    with_number,
)
from hpe_studio.ui.compare.settings_sections import count_words
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.rows import named_row
from hpe_studio.ui.inspector.section import Context, Section, SectionHead
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import text_label

_LABEL_PX = 84
_MORE_IS_OPEN = "compare.protocol_more"


class ProtocolSection(Section):
    """The rules, and the card that says whose they are.

    Args:
        context: What it is made of.

    Attributes:
        choices: Boxes by setting.
        numbers: Fields by setting.
    """

    id = "protocol"
    title = "Protocol"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.choices: dict[str, QComboBox] = {}
        self.numbers: dict[str, NumberField] = {}
        self.card = ProtocolCard()
        names = tuple((name, TITLES[name]) for name in NAMED)
        self._add(Choice("name", "Rules", names), self.rows)
        for one in FIRST:
            self._add(one, self.rows)
        self.more = SectionHead(self.tr("More"))
        self._hidden = QWidget()
        self._hidden.setLayout(self._groups())
        self.rows.addWidget(self.card)
        self.rows.addWidget(self.more)
        self.rows.addWidget(self._hidden)
        self.more.is_open = settings().read(_MORE_IS_OPEN, default=False)
        self._hidden.setVisible(self.more.is_open)
        self.more.toggled.connect(self._on_more_toggled)

    def refresh(self) -> None:
        """Show the rules and whether they are still whose name they bear."""
        comparing = self.session.comparing
        self.setVisible(comparing.has_truth)
        protocol = comparing.shown_protocol
        for field, box in self.choices.items():
            box.setCurrentIndex(box.findData(choice_value(protocol, field)))
        self._show_numbers(protocol)
        changed = {one.field for _, group in MORE for one in group}
        count = len(changed & set(modified_fields(protocol)))
        words = self.tr("{count} changed").format(count=count) if count else ""
        self.more.show_word(words)
        comparison = comparing.comparison
        counts = "" if comparison is None else count_words(comparison.counts)
        self.card.show_protocol(protocol, counts)

    def _show_numbers(self, protocol: Protocol) -> None:
        for field in ("confidence", "least_inside"):
            self.numbers[field].value = getattr(protocol, field)
        gate, missed = self.numbers["gate"], self.numbers["missed_mm"]
        gate.setVisible(math.isfinite(protocol.gate))
        if math.isfinite(protocol.gate):
            gate.value = protocol.gate
        missed.setVisible(protocol.missed_mm is not None)
        if protocol.missed_mm is not None:
            missed.value = protocol.missed_mm
        words = protocol.frames
        every = words.removeprefix("every ") if words.startswith("every ") else "1"
        self.numbers["frames"].value = int(every)

    # Inside ------------------------------------------------------------------

    def _groups(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setContentsMargins(0, 0, 0, 4)
        rows.setSpacing(self.rows.spacing())
        for title, group in MORE:
            rows.addWidget(text_label(self.tr(title), size="small", tone="muted"))
            for one in group:
                self._add(one, rows)
        return rows

    def _add(self, one: Choice | Number, rows: QVBoxLayout) -> None:
        if isinstance(one, Number):
            field = NumberField(
                self.tr(one.title), self.tr(one.unit), decimals=one.decimals,
                minimum=one.least, maximum=one.most, step=one.step,
                name=self.tr(one.name),
            )  # fmt: skip
            field.edited.connect(partial(self._on_typed, one.field))
            rows.addWidget(field)
            self.numbers[one.field] = field
            return
        box = QComboBox()
        for value, text in one.values:
            box.addItem(self.tr(text), value)
        box.setAccessibleName(self.tr(one.title))
        box.setMinimumWidth(60)
        box.activated.connect(partial(self._on_chosen, one.field))
        named_row(rows, self.tr(one.title), box).setMinimumWidth(_LABEL_PX)
        self.choices[one.field] = box

    def _on_chosen(self, field: str, _index: int) -> None:
        value = self.choices[field].currentData()
        protocol = self.session.comparing.protocol
        if field == "name":
            self._take(NAMED[value])
        elif field == "matching":
            own = NAMED[protocol.name]
            gate = own.gate if value == own.matching else GATES.get(value, 0.5)
            self._take(replace(protocol, matching=value, gate=gate))
        else:
            self._take(with_choice(protocol, field, value))

    def _on_typed(self, field: str, value: float) -> None:
        self._take(with_number(self.session.comparing.protocol, field, value))

    def _take(self, protocol: Any) -> None:
        self.session.comparing.protocol = protocol
        self.refresh()

    def _on_more_toggled(self) -> None:
        self._hidden.setVisible(self.more.is_open)
        settings().write(_MORE_IS_OPEN, self.more.is_open)
