"""Writes motion to a file: format, who, settings, where; modeless."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.catalogue import FORMATS, motion_format
from hpe_studio.core.errors import StudioError
from hpe_studio.core.specs import Option, WriteReport
from hpe_studio.ui import look
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import text_label
from hpe_studio.workflow import exporting

_WARN_FROM_M = 0.001


class ExportDialog(QDialog):
    """One window for every format; its settings come from the format's SPEC.

    Args:
        session: What is exported.
        parent: The window.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self.format = QComboBox()
        for name in FORMATS:
            spec = motion_format(name).SPEC
            if spec.writes:
                title = f"{spec.label} ({spec.extensions[0]})"
                self.format.addItem(title, name)
        self.format.setAccessibleName("Format")
        self.person = QComboBox()
        self.person.setAccessibleName("Who")
        self.person.addItem("Everyone", exporting.ALL)
        for person in session.persons:
            self.person.addItem(person.name, person.name)
        self.path = QLineEdit()
        look.set_role(self.path, role="boxed")
        self.path.setAccessibleName("File")
        self.outcome = text_label(tone="secondary")
        self.outcome.setWordWrap(True)
        self._inputs: dict[str, QWidget] = {}
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(10)
        self._build()
        self.format.currentIndexChanged.connect(self._on_format_changed)
        self._on_format_changed()

    def options(self) -> dict[str, Any]:
        """The format's settings as chosen."""
        values: dict[str, Any] = {}
        for option in self._options():
            value = _value_of(self._inputs[option.name])
            if value != "" or option.default == "":
                values[option.name] = value
        return values

    def write(self) -> WriteReport | None:
        """Export now; None (and the reason shown) where it failed."""
        try:
            report = exporting.export(
                self._session.document,
                self._session.poser,
                Path(self.path.text()).expanduser(),
                format_name=self.format.currentData(),
                person=self.person.currentData(),
                options=self.options(),
            )
        except StudioError as error:
            look.set_role(self.outcome, tone="warn")
            self.outcome.setText(str(error))
            return None
        self._show(report)
        names = ", ".join(path.name for path in report.paths)
        self._session.notices.say(f"Exported {names}")
        return report

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addWidget(text_label("Export motion", size="card", weight=600))
        choose = QPushButton("Choose…")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._on_choose_clicked)
        where = QHBoxLayout()
        where.setSpacing(6)
        where.addWidget(self.path, 1)
        where.addWidget(choose)
        self._form.addRow("Format", self.format)
        self._form.addRow("Who", self.person)
        self._form.addRow("File", where)
        column.addLayout(self._form)
        column.addWidget(self.outcome)
        close, self.export_button = QPushButton("Close"), QPushButton("Export")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        look.set_role(self.export_button, role="primary")
        self.export_button.setDefault(True)
        self.export_button.clicked.connect(self._on_export_clicked)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(self.export_button)
        column.addLayout(row)

    def _options(self) -> tuple[Option, ...]:
        return motion_format(self.format.currentData()).SPEC.write_options

    def _on_format_changed(self, _index: int = 0) -> None:
        while self._inputs:
            _, widget = self._inputs.popitem()
            self._form.removeRow(widget)
        for option in self._options():
            widget = _input_for(option)
            widget.setToolTip(option.help)
            self._inputs[option.name] = widget
            self._form.addRow(_title(option), widget)
        suffix = motion_format(self.format.currentData()).SPEC.extensions[0]
        project = self._session.project.path
        name = self._session.title
        self.path.setText(str(project.with_name(name + suffix)))
        self.outcome.clear()

    def _on_choose_clicked(self) -> None:
        dialog = QFileDialog(self, "Export to", self.path.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()

    def _on_export_clicked(self) -> None:
        self.write()

    def _show(self, report: WriteReport) -> None:
        error_m = report.max_joint_error_m
        is_off = error_m > _WARN_FROM_M
        look.set_role(self.outcome, tone="warn" if is_off else "ok")
        lines = list(report.notes)
        if math.isfinite(error_m):
            far = f"{1000 * error_m:.3g} mm"
            lines.insert(0, f"Read back: no joint is off by more than {far}")
        self.outcome.setText("\n".join(lines))


def _title(option: Option) -> str:
    words = option.name.replace("_", " ")
    titled = words.upper() if words == "fps" else words[:1].upper() + words[1:]
    return f"{titled} ({option.unit})" if option.unit else titled


def _input_for(option: Option) -> QWidget:
    makers = {"choice": _choice, "bool": _switch, "int": _whole, "float": _number}
    maker = makers.get(option.kind, _text)
    widget = maker(option)
    if isinstance(widget, QLineEdit):
        look.set_role(widget, role="boxed")
    widget.setAccessibleName(_title(option))
    return widget


def _choice(option: Option) -> QWidget:
    box = QComboBox()
    box.addItems(option.choices)
    box.setCurrentText(str(option.default))
    return box


def _switch(option: Option) -> QWidget:
    box = QCheckBox(option.help)
    box.setChecked(bool(option.default))
    return box


def _whole(option: Option) -> QWidget:
    return _number(option, decimals=0)


def _number(option: Option, *, decimals: int = 3) -> QWidget:
    field = NumberField(
        "",
        option.unit,
        decimals=decimals,
        minimum=option.minimum or 0.0,
        maximum=option.maximum or 1e6,
        name=_title(option),
    )
    field.value = float(str(option.default or 0))
    return field


def _text(option: Option) -> QWidget:
    line = QLineEdit("" if option.default is None else str(option.default))
    line.setPlaceholderText(option.help)
    return line


def _value_of(widget: QWidget) -> Any:
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    if isinstance(widget, NumberField):
        return int(widget.value) if widget.decimals == 0 else widget.value
    assert isinstance(widget, QLineEdit)
    return widget.text().strip()
