"""A format's settings as fields, made from its SPEC."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from hpe_studio.core.specs import Option
from hpe_studio.ui import look
from hpe_studio.ui.fields import NumberField

_FIELD_PX = 178


class SettingsForm(QWidget):
    """Fields for some options; `show_options` puts others in their place."""

    def __init__(self) -> None:
        super().__init__()
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
            self._form.addRow("" if option.kind == "bool" else _title(option), widget)

    def values(self) -> dict[str, Any]:
        """What was chosen, without fields that were left empty."""
        found = {name: _value_of(widget) for name, widget in self._inputs.items()}
        return {name: value for name, value in found.items() if value != ""}


def _title(option: Option) -> str:
    words = option.label or option.name.replace("_", " ").capitalize()
    return f"{words} ({option.unit})" if option.unit else words


def _input_for(option: Option) -> QWidget:
    makers = {"choice": _choice, "bool": _switch, "int": _number, "float": _number}
    widget = makers.get(option.kind, _text)(option)
    widget.setToolTip(option.help)
    widget.setAccessibleName(_title(option))
    if option.kind != "bool":
        widget.setFixedWidth(_FIELD_PX)
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
