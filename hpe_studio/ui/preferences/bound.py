"""Fields that show a setting, change it at once, and follow it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import text_label

_FIELD_PX, _NOTE_GAP_PX, _TITLE_DOWN_PX = 220, 4, 4


def choice(
    setting: str, title: str, options: Sequence[tuple[Any, str]], default: Any
) -> QComboBox:
    """One of a few values.

    Args:
        setting: Its name.
        title: Name for screen readers.
        options: Values and what they are called.
        default: The value before anything was chosen.
    """
    box = QComboBox()
    box.setAccessibleName(title)
    for value, text in options:
        box.addItem(text, value)
    box.setCurrentIndex(max(box.findData(settings().read(setting, default)), 0))

    def write(_index: int) -> None:
        settings().write(setting, box.currentData())

    box.activated.connect(write)
    return box


def switch(setting: str, text: str, *, default: bool) -> QCheckBox:
    """Yes or no."""
    box = QCheckBox(text)
    box.setChecked(settings().read(setting, default))

    def write(is_on: bool) -> None:
        settings().write(setting, is_on)

    box.toggled.connect(write)
    return box


def number(
    setting: str,
    title: str,
    *,
    unit: str,
    default: float,
    bounds: tuple[float, float],
    decimals: int = 0,
) -> NumberField:
    """A number with its unit.

    Args:
        setting: Its name.
        title: Name for screen readers.
        unit: Unit after it.
        default: The value before anything was chosen.
        bounds: Smallest and largest.
        decimals: Digits after the point; 0 keeps whole numbers.
    """
    field = NumberField(
        "",
        unit,
        decimals=decimals,
        minimum=bounds[0],
        maximum=bounds[1],
        name=title,
    )
    field.value = settings().read(setting, default)

    def write(value: float) -> None:
        settings().write(setting, int(value) if decimals == 0 else float(value))

    field.edited.connect(write)
    return field


class FormPage(QWidget):
    """A page of named fields.

    Args:
        title: What the page is about.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(14)
        column.addWidget(text_label(title, size="card", weight=600))
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(16)
        self.form.setVerticalSpacing(12)
        column.addLayout(self.form)
        column.addStretch(1)

    def add(self, label: str, field: QWidget, note: str = "") -> None:
        """Add a field, with a muted line below it that says more."""
        if isinstance(field, QComboBox | NumberField):
            field.setFixedWidth(look.room_px(_FIELD_PX))
        if not note:
            self.form.addRow(label, field)
            return
        both = QVBoxLayout()
        both.setSpacing(_NOTE_GAP_PX)
        both.addWidget(field)
        both.addWidget(text_label(note, size="small", tone="muted"))
        title = QLabel(label)
        title.setBuddy(field)
        title.setAlignment(Qt.AlignmentFlag.AlignTop)
        title.setContentsMargins(0, _TITLE_DOWN_PX, 0, 0)
        self.form.addRow(title, both)
