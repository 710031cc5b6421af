"""The body of the selected persons: height, shape coefficients, model."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QGridLayout

from hpe_studio.core.edit import Edit
from hpe_studio.core.person import Person
from hpe_studio.edits import people
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.facts import locked_reason
from hpe_studio.ui.inspector.live import Change
from hpe_studio.ui.inspector.refit_box import RefitBox
from hpe_studio.ui.inspector.rows import fact_row
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.ui.session import Session

_MOST_BETAS, _COLUMNS, _FURTHEST = 10, 2, 5.0
_LEAST_CM, _MOST_CM = 30, 300


class ShapeSection(Section):
    """Height in centimetres and the model's shape coefficients.

    Changes are relative where several persons are selected.

    Args:
        context: What it is made of.
    """

    id = "shape"
    title = "Body"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.reset = self.head.add_icon("undo-2", self.tr("Mean shape, same height"))
        self.reset.clicked.connect(self._on_reset_clicked)
        self.height_field = NumberField(
            self.tr("Height"),
            "cm",
            decimals=1,
            minimum=_LEAST_CM,
            maximum=_MOST_CM,
            step=1,
            name=self.tr("Height"),
        )
        context.live.bind(self.height_field, self._begin_height)
        self.rows.addWidget(self.height_field)
        self.betas = self._add_betas()
        self.refit = RefitBox(context)
        self.rows.addWidget(self.refit)
        _, self.model = fact_row(self.rows, self.tr("Model"))

    def refresh(self) -> None:
        """Show the active person's body."""
        session, person = self.session, self.session.active_person
        reason = locked_reason(session)
        count = session.poser.body.beta_count
        self.height_field.setEnabled(person is not None)
        self.height_field.set_read_only(reason)
        if person is not None:
            self.height_field.value = 100 * session.height_m(person)
        for index, field in enumerate(self.betas):
            field.setVisible(index < count)
            field.setEnabled(person is not None)
            field.set_read_only(reason)
            field.value = 0.0 if person is None else _beta(person, index)
        self.refit.setEnabled(person is not None and not reason)
        self.refit.refresh()
        has_shape = person is not None and any(person.betas)
        self.reset.setEnabled(has_shape and not reason)
        stored = str(session.document.setting("body", "open"))
        name = self.tr("open body") if stored == "open" else Path(stored).stem
        self.model.setText(name)

    def _add_betas(self) -> tuple[NumberField, ...]:
        grid = QGridLayout()
        grid.setSpacing(6)
        fields: list[NumberField] = []
        for index in range(_MOST_BETAS):
            field = NumberField(
                f"β{index + 1}",
                "",
                decimals=2,
                minimum=-_FURTHEST,
                maximum=_FURTHEST,
                step=0.05,
                name=self.tr("Shape {0}").format(index + 1),
                is_filled=True,
            )
            self.context.live.bind(field, partial(self._begin_beta, index))
            grid.addWidget(field, index // _COLUMNS, index % _COLUMNS)
            fields.append(field)
        self.rows.addLayout(grid)
        return tuple(fields)

    def _begin_height(self) -> Change | None:
        session, active = self.session, self.session.active_person
        if active is None:
            return None
        self.refit.watch()
        heights = {p.id: (p, 100 * session.height_m(p)) for p in _chosen(session)}
        before_cm = heights[active.id][1]

        def write(edit: Edit, value: float) -> None:
            for person, height_cm in heights.values():
                wanted_cm = min(max(height_cm + value - before_cm, _LEAST_CM), _MOST_CM)
                scale = person.scale * wanted_cm / height_cm
                people.set_shape(edit, person, betas=person.betas, scale=scale)

        return Change(label=f"Change height of {_title(session)}", write=write)

    def _begin_beta(self, index: int) -> Change | None:
        session, active = self.session, self.session.active_person
        if active is None:
            return None
        self.refit.watch()
        chosen, before = _chosen(session), _beta(active, index)
        count = session.poser.body.beta_count

        def write(edit: Edit, value: float) -> None:
            for person in chosen:
                length = max(len(person.betas), min(count, _MOST_BETAS))
                betas = [_beta(person, i) for i in range(length)]
                wanted = betas[index] + value - before
                betas[index] = min(max(wanted, -_FURTHEST), _FURTHEST)
                people.set_shape(edit, person, betas=betas, scale=person.scale)

        return Change(label=f"Change shape of {_title(session)}", write=write)

    def _on_reset_clicked(self) -> None:
        session = self.session

        def write(edit: Edit) -> None:
            for person in _chosen(session):
                height_m = session.height_m(person)
                mean = Person(id=0, name="", colour="", scale=person.scale)
                scale = person.scale * height_m / session.height_m(mean)
                people.set_shape(edit, person, betas=(), scale=scale)

        self.refit.watch()
        session.perform(f"Reset shape of {_title(session)}", write)
        self.refit.follow()


def _beta(person: Person, index: int) -> float:
    return person.betas[index] if index < len(person.betas) else 0.0


def _chosen(session: Session) -> list[Person]:
    persons = session.document.persons
    return [persons[p] for p in session.view.selection.persons if p in persons]


def _title(session: Session) -> str:
    chosen = _chosen(session)
    return chosen[0].name if len(chosen) == 1 else f"{len(chosen)} people"
