"""Asks how people are to be found, then starts the run."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.assets.own import missing_own
from hpe_studio.catalogue import ESTIMATORS, estimator
from hpe_studio.core.camera import DEFAULT_FOV_DEG
from hpe_studio.core.specs import Option
from hpe_studio.ui.dialogs.footer import footer
from hpe_studio.ui.dialogs.own_files import PYTHON, OwnFilesDialog
from hpe_studio.ui.export.settings_form import SettingsForm
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.session import Session
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import text_label
from hpe_studio.workflow.estimate import EstimateOptions

_MOST_PEOPLE = 20
_MODELS = (("heavy", "Heavy: exact"), ("full", "Full: quicker"))
_OWN = "blazepose"
_ELSEWHERE = ("max_people",)
"""Settings that the dialog asks for in its own words."""


class RunDialog(QDialog):
    """Estimator and its settings, number of people, field of view, range.

    Args:
        session: Whose clip is looked at.
        parent: The window.
    """

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Find people")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(400)
        self.estimator = QComboBox()
        for name in ESTIMATORS:
            self.estimator.addItem(estimator(name).SPEC.label, name)
        self.estimator.setAccessibleName("Estimator")
        self.model = QComboBox()
        for name, title in _MODELS:
            self.model.addItem(title, name)
        self.model.setAccessibleName("Model")
        self.most = QComboBox()
        self.most.addItem("Everyone", None)
        for count in range(1, _MOST_PEOPLE + 1):
            self.most.addItem(str(count), count)
        self.most.setAccessibleName("At most so many people")
        self.fov = NumberField(
            "", "°", minimum=5, maximum=170, name="Field of view of the longer side"
        )
        self.fov.value = settings().read("run.fov_deg", DEFAULT_FOV_DEG)
        wish = self.model.findData(settings().read("run.model", _MODELS[0][0]))
        self.model.setCurrentIndex(max(wish, 0))
        self.only_range = QCheckBox("Only the in–out range")
        self.only_range.setEnabled(session.view.play_range is not None)
        self.more = SettingsForm(field_px=None)
        self.lacking = text_label(tone="warn")
        self.lacking.setWordWrap(True)
        self.set_up = QPushButton("Set up…")
        self.set_up.setAutoDefault(False)
        self.set_up.clicked.connect(self._on_set_up_clicked)
        self._needs = QWidget()
        self._form = QFormLayout()
        self._column = QVBoxLayout(self)
        self._build()
        self.estimator.currentIndexChanged.connect(self._on_estimator_changed)
        last = self.estimator.findData(settings().read("run.estimator", _OWN))
        self.estimator.setCurrentIndex(max(last, 0))
        self._on_estimator_changed()

    def options(self) -> EstimateOptions:
        """What was chosen."""
        fov_deg = self.fov.value
        is_assumed = abs(fov_deg - DEFAULT_FOV_DEG) < 1e-6
        in_range = self.only_range.isChecked()
        return EstimateOptions(
            estimator=self.estimator.currentData(),
            settings=self._settings(),
            max_people=self.most.currentData(),
            fov_deg=None if is_assumed else fov_deg,
            frames=self._session.view.play_range if in_range else None,
            workers=max(0, settings().read("run.workers", 0)),
        )

    def _build(self) -> None:
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(10)
        self._form.addRow("Estimator", self.estimator)
        self._form.addRow("Model", self.model)
        self._form.addRow(self.more)
        self._form.addRow("People at most", self.most)
        knows_focal = self._session.document.clip.focal_px is not None
        if knows_focal:
            known = text_label("from the file", tone="secondary")
            self._form.addRow("Field of view", known)
        else:
            self._form.addRow("Field of view", self.fov)
        self._form.addRow("", self.only_range)
        needs = QHBoxLayout(self._needs)
        needs.setContentsMargins(0, 0, 0, 0)
        needs.setSpacing(10)
        needs.addWidget(self.lacking, 1)
        needs.addWidget(self.set_up, 0, Qt.AlignmentFlag.AlignTop)
        column = self._column
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        title = "Find people in this clip"
        column.addWidget(text_label(title, size="card", weight=600))
        column.addLayout(self._form)
        column.addWidget(self._needs)
        row, self.run = footer(self, "Run", self._on_run_clicked)
        column.addLayout(row)

    def _settings(self) -> dict[str, Any]:
        if self.estimator.currentData() == _OWN:
            return {"model": self.model.currentData()}
        return self.more.values()

    def _options(self) -> tuple[Option, ...]:
        """What else the estimator asks for."""
        if self.estimator.currentData() == _OWN:
            return ()
        options = estimator(self.estimator.currentData()).SPEC.options
        return tuple(option for option in options if option.name not in _ELSEWHERE)

    def _wanted(self) -> tuple[str, ...]:
        """Files that their owner brings and that are not here yet."""
        name = self.estimator.currentData()
        wanted = estimator(name).wanted_assets(self._settings())
        return tuple(entry.name for entry in missing_own(wanted))

    def _show_needs(self) -> None:
        missing = missing_own(self._wanted())
        names = " and ".join(entry.file for entry in missing)
        verb = "is" if len(missing) == 1 else "are"
        self.lacking.setText(f"{names} {verb} missing" if missing else "")
        self._needs.setVisible(bool(missing))
        self.run.setEnabled(not missing)
        self._column.activate()
        self.adjustSize()

    def _on_estimator_changed(self, _index: int = 0) -> None:
        is_own = self.estimator.currentData() == _OWN
        self._form.setRowVisible(self.model, is_own)
        self.more.show_options(self._options())
        self.more.give({"python": settings().read(PYTHON, "")})
        self.more.on_choice(self._show_needs)
        self.more.align_with(self._form)
        self._form.setRowVisible(self.more, not is_own)
        self._show_needs()

    def _on_set_up_clicked(self) -> None:
        dialog = OwnFilesDialog(self, self._wanted())
        dialog.changed.connect(self._show_needs)
        dialog.finished.connect(self._on_set_up_finished)
        dialog.show()

    def _on_set_up_finished(self) -> None:
        self.more.give({"python": settings().read(PYTHON, "")})
        self._show_needs()

    def _on_run_clicked(self) -> None:
        settings().write("run.estimator", self.estimator.currentData())
        python = str(self._settings().get("python", ""))
        if self.estimator.currentData() != _OWN:
            settings().write(PYTHON, python)
        self.chosen.emit(self.options())
        self.accept()
