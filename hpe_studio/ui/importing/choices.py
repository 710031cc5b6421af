"""The middle column: how results are read, and how they are laid on the clip."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.catalogue import FORMATS, motion_format
from hpe_studio.ui import look
from hpe_studio.ui.export.settings_form import SettingsForm
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr
from hpe_studio.workflow.doctor import Examination
from hpe_studio.workflow.importing import ImportOptions
from hpe_studio.workflow.reading import AUTO
from hpe_studio.workflow.timing import Timing, step_text

_FIELD_PX, _TITLE_PX = 178, 92
_STEPS = ("1", "2", "3", "4", "5", "6", "8", "10", "1/2")
_FARTHEST = 1_000_000


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
        self.rate = QLineEdit()
        self.offset = NumberField(
            "",
            tr("frames"),
            decimals=0,
            minimum=-_FARTHEST,
            maximum=_FARTHEST,
            step=1,
            name=tr("Frame of the clip that the first one shows"),
        )
        self.step, self.camera = QComboBox(), QComboBox()
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
            camera=self.camera.currentData() or "",
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
        step = self.step.currentData()
        return Timing(
            offset=round(self.offset.value),
            step=None if step is None else Fraction(step),
            fps=self._rate(),
        )

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
            self._show_cameras(exam)
            sentences = [f"· {sentence}" for sentence in exam.assumed]
            self._assumed.setText("\n".join(sentences))
            self._assumed_head.setVisible(bool(sentences))
            self._assumed.setVisible(bool(sentences))
            self.rate.setPlaceholderText(f"{float(exam.motion.fps):.6g}")
        finally:
            self._is_showing = False

    def take(self, options: ImportOptions) -> None:
        """Show other options, as a repair would have them."""
        self._is_showing = True
        try:
            self.offset.value = options.timing.offset
            self._choose_step(options.timing.step)
            fps = options.timing.fps
            self.rate.setText("" if fps is None else f"{float(fps):.6g}")
            self.camera.setCurrentIndex(max(0, self.camera.findData(options.camera)))
        finally:
            self._is_showing = False
        self.laid_anew.emit()

    # Within ------------------------------------------------------------------

    def _build(self, *, has_clip: bool) -> None:
        self.format.addItem(tr("Told from the content"), AUTO)
        for name in FORMATS:
            spec = motion_format(name).SPEC
            if spec.reads:
                self.format.addItem(spec.label, name)
        for step in (None, *(Fraction(text) for text in _STEPS)):
            words = tr("As the rates say") if step is None else step_text(step)
            self.step.addItem(words[:1].upper() + words[1:], _data(step))
        look.set_role(self.rate, role="boxed")
        named = (
            (self.format, tr("Format")),
            (self.rate, tr("Frames per second of the results")),
            (self.step, tr("Frames of the clip per frame of the results")),
            (self.camera, tr("Camera")),
        )
        for widget, name in named:
            widget.setAccessibleName(name)
        for widget in (self.format, self.rate, self.step, self.camera, self.offset):
            widget.setFixedWidth(look.room_px(_FIELD_PX))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        column.addWidget(text_label(tr("How it is read"), size="title", weight=600))
        column.addLayout(_form((tr("Format"), self.format)))
        column.addWidget(self.form)
        self._assumed_head = text_label(tr("Assumed"), tone="secondary")
        column.addWidget(self._assumed_head)
        column.addWidget(self._assumed)
        self._laid = QWidget()
        laid = QVBoxLayout(self._laid)
        laid.setContentsMargins(0, 6, 0, 0)
        laid.setSpacing(8)
        laid.addWidget(text_label(tr("On the clip"), size="title", weight=600))
        self._frames = _form(
            (tr("Rate"), self.rate),
            (tr("Step"), self.step),
            (tr("Offset"), self.offset),
            (tr("Camera"), self.camera),
        )
        laid.addLayout(self._frames)
        self._laid.setVisible(has_clip)
        column.addWidget(self._laid)
        self._people_head = text_label(tr("People"), tone="secondary")
        column.addWidget(self._people_head)
        self._people_rows = QVBoxLayout()
        self._people_rows.setSpacing(5)
        column.addLayout(self._people_rows)
        column.addStretch(1)
        self.setWidget(page)

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(self._on_format_changed)
        self.step.currentIndexChanged.connect(self._on_laid)
        self.camera.currentIndexChanged.connect(self._on_laid)
        self.offset.edited.connect(self._on_laid)
        self.offset.scrubbed.connect(self._on_laid)
        self.rate.editingFinished.connect(self._on_laid)

    def _show_format(self, exam: Examination) -> None:
        if exam.format == self._shown_format:
            return
        self._shown_format = exam.format
        spec = motion_format(exam.format).SPEC
        options = tuple(o for o in spec.read_options if o.name not in self._elsewhere)
        self.form.show_options(options)
        self.form.setVisible(bool(options))
        _align(self.form.layout())
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

    def _show_cameras(self, exam: Examination) -> None:
        names = tuple(sorted(exam.motion.views))
        known = tuple(self.camera.itemData(i) for i in range(1, self.camera.count()))
        if names != known or not self.camera.count():
            self.camera.clear()
            self.camera.addItem(tr("Told by the names"), "")
            for name in names:
                self.camera.addItem(name, name)
        self._frames.setRowVisible(self.camera, len(names) > 1)

    def _choose_step(self, step: Fraction | None) -> None:
        place = self.step.findData(_data(step))
        if place < 0:
            words = step_text(step)
            self.step.addItem(words[:1].upper() + words[1:], _data(step))
            place = self.step.count() - 1
        self.step.setCurrentIndex(place)

    def _rate(self) -> Fraction | None:
        try:
            rate = Fraction(self.rate.text().strip().replace(",", "."))
        except (ValueError, ZeroDivisionError):
            return None
        return rate if 0 < rate <= 1000 else None

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


def _data(step: Fraction | None) -> str | None:
    return None if step is None else str(step)


def _form(*rows: tuple[str, QWidget]) -> QFormLayout:
    form = QFormLayout()
    form.setVerticalSpacing(6)
    for title, widget in rows:
        form.addRow(title, widget)
    _align(form)
    return form


def _align(form: QLayout | None) -> None:
    """Let the fields of several forms stand below each other."""
    assert isinstance(form, QFormLayout)
    form.setHorizontalSpacing(12)
    for row in range(form.rowCount()):
        item = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        title = None if item is None else item.widget()
        if title is not None:
            title.setFixedWidth(look.room_px(_TITLE_PX))
