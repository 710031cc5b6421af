"""The middle column: how results are read, and how they are laid on the clip."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.catalogue import FORMATS, motion_format
from hpe_studio.ui import look
from hpe_studio.ui.export.settings_form import SettingsForm
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.importing.laying import FIELD_PX, Laying, align, fields_form
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr
from hpe_studio.workflow.doctor import Examination
from hpe_studio.workflow.importing import ImportOptions
from hpe_studio.workflow.reading import AUTO
from hpe_studio.workflow.timing import Timing


class Choices(QScrollArea):
    """Fields for everything that results do not say themselves.

    `read_anew` comes when the file has to be read again, `laid_anew` when the same
    people only lie otherwise.

    Args:
        has_clip: False where there is no clip to lay them on.
    """

    read_anew = Signal()
    laid_anew = Signal()

    def __init__(self, *, has_clip: bool) -> None:
        super().__init__()
        self._is_showing = False
        self._shown_format = ""
        self._told: tuple[str, ...] = ()
        self._elsewhere = ("fps",) if has_clip else ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("How it is read"))
        look.set_role(self, role="boxed")
        self.format = QComboBox()
        self.form = SettingsForm()
        self.laying = Laying()
        self.offset, self.step = self.laying.offset, self.laying.step
        self.people: dict[str, QCheckBox] = {}
        self._assumed = text_label(size="small", tone="secondary")
        self._assumed.setWordWrap(True)
        self._build(has_clip=has_clip)
        self._connect()

    # Reading -----------------------------------------------------------------

    @property
    def options(self) -> ImportOptions:
        """What is chosen."""
        chosen = tuple(n for n, box in self.people.items() if box.isChecked())
        return ImportOptions(
            format=self.format.currentData(),
            settings=self.settings,
            timing=self.timing,
            people=() if len(chosen) == len(self.people) else chosen,
            camera=self.laying.chosen_camera,
        )

    @property
    def settings(self) -> dict[str, Any]:
        """The format's settings that are not as the format has them by itself."""
        if not self._shown_format:
            return {}
        defaults = {
            option.name: option.default
            for option in motion_format(self._shown_format).SPEC.read_options
        }
        values = self.form.values()
        return {n: v for n, v in values.items() if v != defaults.get(n)}

    @property
    def timing(self) -> Timing:
        """How frames are laid."""
        return self.laying.timing

    @property
    def is_somebody_chosen(self) -> bool:
        """False where everybody is switched off."""
        return not self.people or any(b.isChecked() for b in self.people.values())

    @property
    def assumed_text(self) -> str:
        """What was taken for granted, one sentence per line."""
        return self._assumed.text()

    # Showing -----------------------------------------------------------------

    def show_exam(self, exam: Examination) -> None:
        """Show what was read and assumed, without asking for anything again."""
        self._is_showing = True
        try:
            self._show_format(exam)
            self._show_people(exam)
            self.laying.show_exam(exam)
            sentences = [f"· {sentence}" for sentence in exam.assumed]
            self._assumed.setText("\n".join(sentences))
            self._assumed_head.setVisible(bool(sentences))
            self._assumed.setVisible(bool(sentences))
        finally:
            self._is_showing = False

    def take(self, options: ImportOptions) -> None:
        """Show other options, as a repair would have them."""
        self.laying.take(options)

    # Within ------------------------------------------------------------------

    def _build(self, *, has_clip: bool) -> None:
        self.format.addItem(tr("Told from the content"), AUTO)
        for name in FORMATS:
            spec = motion_format(name).SPEC
            if spec.reads:
                self.format.addItem(spec.label, name)
        self.format.setAccessibleName(tr("Format"))
        self.format.setFixedWidth(look.room_px(FIELD_PX))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        column.addWidget(text_label(tr("How it is read"), size="title", weight=600))
        column.addLayout(fields_form((tr("Format"), self.format)))
        column.addWidget(self.form)
        self._assumed_head = text_label(tr("Assumed"), tone="secondary")
        column.addWidget(self._assumed_head)
        column.addWidget(self._assumed)
        self.laying.setVisible(has_clip)
        column.addWidget(self.laying)
        self._people_head = text_label(tr("People"), tone="secondary")
        column.addWidget(self._people_head)
        self._people_rows = QVBoxLayout()
        self._people_rows.setSpacing(5)
        column.addLayout(self._people_rows)
        column.addStretch(1)
        self.setWidget(page)

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(self._on_format_changed)
        self.laying.laid_anew.connect(self._on_laid)

    def _show_format(self, exam: Examination) -> None:
        if exam.format == self._shown_format:
            return
        self._shown_format = exam.format
        spec = motion_format(exam.format).SPEC
        options = tuple(o for o in spec.read_options if o.name not in self._elsewhere)
        self.form.show_options(options)
        self.form.setVisible(bool(options))
        align(self.form.layout())
        for box in self.form.findChildren(QComboBox):
            box.currentIndexChanged.connect(self._on_read)
        for switch in self.form.findChildren(QCheckBox):
            switch.toggled.connect(self._on_read)
        for field in self.form.findChildren(NumberField):
            field.edited.connect(self._on_read)
        for line in self.form.findChildren(QLineEdit):
            if not isinstance(line.parent(), NumberField):
                line.editingFinished.connect(self._on_text_edited)
                line.setPlaceholderText(line.placeholderText() or tr("not said"))

    def _show_people(self, exam: Examination) -> None:
        if tuple(self.people) == exam.people:
            return
        for box in self.people.values():
            self._people_rows.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.people = {name: QCheckBox(name) for name in exam.people}
        for box in self.people.values():
            box.setChecked(True)
            box.toggled.connect(self._on_laid)
            self._people_rows.addWidget(box)
        is_choice = len(self.people) > 1
        self._people_head.setVisible(is_choice)
        for box in self.people.values():
            box.setVisible(is_choice)

    def _on_format_changed(self, _index: int) -> None:
        if not self._is_showing:
            self._shown_format = ""
            self.read_anew.emit()

    def _on_text_edited(self) -> None:
        told = tuple(f"{name}={value}" for name, value in self.settings.items())
        if told != self._told:
            self._told = told
            self._on_read()

    def _on_read(self, _value: object = None) -> None:
        if not self._is_showing:
            self.read_anew.emit()

    def _on_laid(self, _value: object = None) -> None:
        if not self._is_showing:
            self.laid_anew.emit()
