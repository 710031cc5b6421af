"""A format's settings as fields, made from its SPEC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from hpe_studio.core.specs import Option
from hpe_studio.ui import look
from hpe_studio.ui.fields import NumberField

_FIELD_PX = 178


class SettingsForm(QWidget):
    """Fields for some options; `show_options` puts others in their place.

    Args:
        field_px: Width of the fields; None for all the room there is.
    """

    def __init__(self, field_px: int | None = _FIELD_PX) -> None:
        super().__init__()
        self._field_px = field_px
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(6)
        self._options: tuple[Option, ...] = ()
        self._inputs: dict[str, QWidget] = {}

    def show_options(self, options: tuple[Option, ...]) -> None:
        """Ask for these, at their defaults."""
        while self._form.rowCount():
            self._form.removeRow(0)
        self._options = options
        self._inputs = {option.name: _input_for(option) for option in options}
        for option in options:
            widget = self._inputs[option.name]
            if option.kind != "bool" and self._field_px is not None:
                widget.setFixedWidth(look.room_px(self._field_px))
            self._form.addRow("" if option.kind == "bool" else _title(option), widget)

    def values(self) -> dict[str, Any]:
        """What was chosen, without fields that were left empty."""
        found = {name: _value_of(widget) for name, widget in self._inputs.items()}
        return {name: value for name, value in found.items() if value != ""}

    def align_with(self, other: QFormLayout) -> None:
        """Let the fields begin where those of another form begin."""
        labels = [
            item.widget()
            for form in (self._form, other)
            for row in range(form.rowCount())
            if (item := form.itemAt(row, QFormLayout.ItemRole.LabelRole)) is not None
        ]
        named = [label for label in labels if isinstance(label, QLabel)]
        wide_px = max((label.sizeHint().width() for label in named), default=0)
        for label in named:
            label.setMinimumWidth(wide_px)

    def give(self, values: Mapping[str, str]) -> None:
        """Put texts into the fields of those names, where there are such."""
        for name, text in values.items():
            line = self._inputs.get(name)
            if isinstance(line, QLineEdit):
                line.setText(text)

    def on_choice(self, then: Callable[[], None]) -> None:
        """Have something done whenever another choice is made."""
        for widget in self._inputs.values():
            if isinstance(widget, QComboBox):
                widget.currentIndexChanged.connect(then)


def _title(option: Option) -> str:
    words = option.label or option.name.replace("_", " ").capitalize()
    return f"{words} ({option.unit})" if option.unit else words


def _input_for(option: Option) -> QWidget:
    makers = {"choice": _choice, "bool": _switch, "int": _number, "float": _number}
    widget = makers.get(option.kind, _text)(option)
    widget.setToolTip(option.help)
    widget.setAccessibleName(_title(option))
    return widget


def _choice(option: Option) -> QWidget:
    box = QComboBox()
    for value, words in zip(
        option.choices, option.choice_labels or option.choices, strict=True
    ):
        box.addItem(words, value)
    box.setCurrentIndex(box.findData(option.default))
    return box


def _switch(option: Option) -> QWidget:
    box = QCheckBox(option.label or option.help)
    box.setChecked(bool(option.default))
    return box


def _number(option: Option) -> QWidget:
    field = NumberField(
        "",
        option.unit,
        decimals=0 if option.kind == "int" else 3,
        minimum=option.minimum or 0.0,
        maximum=option.maximum or 1e6,
        name=_title(option),
    )
    field.value = float(str(option.default or 0))
    return field


def _text(option: Option) -> QWidget:
    line = QLineEdit("" if option.default is None else str(option.default))
    line.setPlaceholderText(option.empty)
    look.set_role(line, role="boxed")
    return line


def _value_of(widget: QWidget) -> Any:
    if isinstance(widget, QComboBox):
        return widget.currentData()
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    if isinstance(widget, NumberField):
        return int(widget.value) if widget.decimals == 0 else widget.value
    assert isinstance(widget, QLineEdit)
    return widget.text().strip()
