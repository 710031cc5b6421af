"""Size, distance and floor from what is known; the picture stays as it is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from hpe_studio.core.edit import Edit
from hpe_studio.edits import floor, scale
from hpe_studio.motion.ground import Ground
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.live import Change
from hpe_studio.ui.inspector.rows import fact_row
from hpe_studio.ui.inspector.section import Context, Section


class ScaleSection(Section):
    """Known height, known distance, floor from contacts.

    Args:
        context: What it is made of.
    """

    id = "scale"
    title = "Scale and floor"
    is_open_at_first = False

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.height_field = self._field(self.tr("Known height"), 0.3, 3.0)
        self.distance_field = self._field(self.tr("Known distance"), 0.2, 500.0)
        context.live.bind(self.height_field, self._begin_height)
        context.live.bind(self.distance_field, self._begin_distance)
        _, self.evidence = fact_row(self.rows, self.tr("Contacts"))
        self.level = self._button(self.tr("Floor from contacts"), self._on_level)
        self.level.setToolTip(self.tr("Lays the shot's floor under standing feet"))

    def refresh(self) -> None:
        """Show the active person's size and distance, and what marks say of feet."""
        session, person = self.session, self.session.active_person
        for field in (self.height_field, self.distance_field):
            field.setEnabled(person is not None)
        if person is not None:
            self.height_field.value = scale.standing_height_m(session.poser, person)
            away = scale.camera_distance_m(session.document, person, session.view.frame)
            self.distance_field.setEnabled(away is not None)
            self.distance_field.value = away or self.distance_field.value
        count = floor.contact_count(session.document, session.view.frame)
        words = self.tr("{0} in this shot") if count else self.tr("none in this shot")
        self.evidence.setText(words.format(count))
        self.level.setEnabled(count > 0)

    def _begin_height(self) -> Change | None:
        session, person = self.session, self.session.active_person
        if person is None:
            return None

        def write(edit: Edit, value: float) -> None:
            stored = session.document.persons[person.id]
            scale.set_known_height(
                edit, session.document, session.poser, stored, height_m=value
            )

        return Change(label=f"Set known height of {person.name}", write=write)

    def _begin_distance(self) -> Change | None:
        session, person = self.session, self.session.active_person
        if person is None:
            return None
        frame = session.view.frame

        def write(edit: Edit, value: float) -> None:
            stored = session.document.persons[person.id]
            scale.set_known_distance(
                edit, session.document, stored, frame=frame, distance_m=value
            )

        return Change(label=f"Set known distance of {person.name}", write=write)

    def _on_level(self) -> None:
        session = self.session
        found: list[Ground] = []

        def write(edit: Edit) -> None:
            shot = session.document.shot_at(session.view.frame)
            document = session.document
            found.append(floor.level_from_contacts(edit, document, session.poser, shot))

        if session.perform(self.tr("Floor from contacts"), write):
            session.notices.say(self._told(found[0]), action="undo")

    def _told(self, ground: Ground) -> str:
        words = self.tr("Floor from {0} of {1} contacts, within {2:.1f} cm")
        told = words.format(
            ground.inlier_count, ground.contact_count, 100 * ground.spread_m
        )
        return told if ground.is_tilt_known else told + self.tr("; tilt kept")

    def _field(self, title: str, low: float, high: float) -> NumberField:
        field = NumberField(
            title, "m", decimals=2, minimum=low, maximum=high, step=0.01, name=title
        )
        self.rows.addWidget(field)
        return field

    def _button(self, title: str, does: Callable[[], None]) -> QPushButton:
        button = QPushButton(title)
        button.setFixedHeight(26)
        button.clicked.connect(does)
        self.rows.addWidget(button)
        return button
