"""The body by measures with names: build, arm, leg, shoulder width."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from hpe_studio.body.shape_controls import MEASURES, measures_m
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.person import Person
from hpe_studio.edits import shape
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.facts import locked_reason
from hpe_studio.ui.inspector.live import Change
from hpe_studio.ui.inspector.refit_box import RefitBox
from hpe_studio.ui.inspector.section import Context, Section

_RANGES_CM = {
    "build": (10, 80),
    "arm": (20, 100),
    "leg": (30, 150),
    "shoulder width": (15, 80),
}


class BuildSection(Section):
    """Sliders with names; each keeps the other measures as far as may be.

    Args:
        context: What it is made of.
    """

    id = "build"
    title = "Build"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.fields: dict[str, NumberField] = {}
        for name in MEASURES[1:]:  # height stands in the section below
            low, high = _RANGES_CM[name]
            title = self.tr(name.capitalize())
            field = NumberField(
                title,
                "cm",
                decimals=1,
                minimum=low,
                maximum=high,
                step=0.5,
                name=title,
                is_filled=True,
            )
            context.live.bind(field, partial(self._begin, name))
            self.rows.addWidget(field)
            self.fields[name] = field
        self._add_buttons()
        self.refit = RefitBox(context)
        self.rows.addWidget(self.refit)

    def refresh(self) -> None:
        """Measure the active person's body."""
        person, reason = self.session.active_person, locked_reason(self.session)
        for widget in (self.median, self.of_frame, self.refit):
            widget.setEnabled(person is not None and not reason)
        self.refit.refresh()
        for field in self.fields.values():
            field.setEnabled(person is not None)
            field.set_read_only(reason)
        if person is not None:
            body = self.session.poser.body
            found = measures_m(body, person.betas, person.scale)
            for name, value_m in zip(MEASURES[1:], found[1:].tolist(), strict=True):
                self.fields[name].value = 100 * value_m

    def _begin(self, name: str) -> Change | None:
        person, poser = self.session.active_person, self.session.poser
        if person is None:
            return None
        self.refit.watch()

        def write(edit: Edit, value: float) -> None:
            shape.set_measure(edit, poser, person, name=name, value_m=value / 100)

        return Change(label=f"Change {name} of {person.name}", write=write)

    def _add_buttons(self) -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(6)
        self.median = QPushButton(self.tr("Median"))
        self.median.setToolTip(self.tr("The middle of what estimates said"))
        self.median.clicked.connect(self._on_median_clicked)
        self.of_frame = QPushButton(self.tr("This frame's"))
        self.of_frame.setToolTip(self.tr("The shape that this frame's estimate has"))
        self.of_frame.clicked.connect(self._on_frame_clicked)
        for button in (self.median, self.of_frame):
            button.setFixedHeight(26)
            row.addWidget(button, 1)
        self.rows.addWidget(holder)

    def _on_median_clicked(self) -> None:
        session, person = self.session, self.session.active_person
        if person is not None:
            title = f"Median shape of {person.name}"
            write = partial(_take_median, session.document, person)
            self._perform(title, write)

    def _on_frame_clicked(self) -> None:
        session, person = self.session, self.session.active_person
        if person is not None:
            frame, document = session.view.frame, session.document
            self._perform(
                f"Shape of frame {frame} for {person.name}",
                lambda edit: shape.take_shape_of_frame(edit, document, person, frame),
            )

    def _perform(self, title: str, write: Callable[[Edit], object]) -> None:
        self.refit.watch()
        self.session.perform(title, write)
        self.refit.follow()


def _take_median(document: Document, person: Person, edit: Edit) -> None:
    shape.take_median_shape(edit, document, person)
