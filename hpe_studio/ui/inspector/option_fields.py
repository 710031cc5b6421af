"""Fields for the settings of a tool, made from what it says of them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from hpe_studio.core.specs import Option
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.rows import named_row
from hpe_studio.ui.words import tr

_UNITS = {"deg": "°"}
_STEPS = 40
_ONLY_WITH = {
    "cutoff_hz": ("method", "butterworth"),
    "frame": ("pose", "another frame"),
}
"""Settings that mean something only with a choice of another one."""


class OptionFields(QWidget):
    """A column of fields; `changed` comes with every value on its way."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(7)
        self.fields: dict[str, QWidget] = {}
        self._holder: QWidget | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What is chosen, by name."""
        return {name: _value(field) for name, field in self.fields.items()}

    def show_options(self, options: tuple[Option, ...]) -> None:
        """Show other settings with their defaults."""
        if self._holder is not None:
            self.column.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = QWidget()
        rows = QVBoxLayout(self._holder)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(7)
        self.fields = {}
        for option in options:
            self.fields[option.name] = self._add(rows, option)
        self.column.addWidget(self._holder)
        self._show_relevant()
        self.setVisible(bool(options))

    def _add(self, rows: QVBoxLayout, option: Option) -> QWidget:
        title = _title(option)
        field: QWidget
        if option.kind == "bool":
            box = QCheckBox(tr(option.help))
            box.setChecked(bool(option.default))
            box.toggled.connect(self._on_changed)
            box.setAccessibleName(title)
            rows.addWidget(box)
            return box
        if option.kind == "choice":
            choice = QComboBox()
            choice.setMinimumWidth(60)
            for word in option.choices:
                choice.addItem(tr(word.capitalize()), word)
            choice.setCurrentIndex(choice.findData(option.default))
            choice.currentIndexChanged.connect(self._on_changed)
            choice.setAccessibleName(title)
            named_row(rows, title, choice)
            field = choice
        else:
            field = self._number(option, title)
            rows.addWidget(field)
        field.setToolTip(tr(option.help))
        return field

    def _number(self, option: Option, title: str) -> NumberField:
        is_whole = option.kind == "int"
        low, high = option.minimum or 0.0, option.maximum or 1e6
        step = 1.0 if is_whole else min(max((high - low) / _STEPS / 2.5, 0.01), 1.0)
        number = NumberField(
            title,
            _UNITS.get(option.unit, option.unit),
            decimals=0 if is_whole else 2,
            minimum=low,
            maximum=high,
            step=step,
            name=title,
        )
        number.value = float(option.default)  # type: ignore[arg-type]
        number.setProperty("is_whole", is_whole)
        number.scrubbed.connect(self._on_changed)
        number.edited.connect(self._on_changed)
        number.scrub_cancelled.connect(self._on_changed)
        return number

    def _on_changed(self, _value: object = None) -> None:
        self._show_relevant()
        self.changed.emit()

    def _show_relevant(self) -> None:
        """Hide settings that mean nothing with what is chosen."""
        for name, (other, value) in _ONLY_WITH.items():
            if name in self.fields and other in self.fields:
                self.fields[name].setVisible(_value(self.fields[other]) == value)


def _title(option: Option) -> str:
    words = option.name.removesuffix("_hz").removesuffix("_deg").removesuffix("_m")
    return tr(words.replace("_", " ").capitalize())


def _value(field: QWidget) -> Any:
    if isinstance(field, QCheckBox):
        return field.isChecked()
    if isinstance(field, QComboBox):
        return field.currentData()
    assert isinstance(field, NumberField)
    return round(field.value) if field.property("is_whole") else field.value
