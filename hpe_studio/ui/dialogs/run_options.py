"""Asks how people are to be found, then starts the run."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.camera import DEFAULT_FOV_DEG
from hpe_studio.ui.dialogs.footer import footer
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.session import Session
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import text_label
from hpe_studio.workflow.estimate import EstimateOptions

_MOST_PEOPLE = 20
_MODELS = (("heavy", "Heavy: exact"), ("full", "Full: quicker"))


class RunDialog(QDialog):
    """Model, number of people, field of view, range.

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
        self.setMinimumWidth(380)
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
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.addRow("Model", self.model)
        form.addRow("People at most", self.most)
        knows_focal = session.document.clip.focal_px is not None
        if knows_focal:
            known = text_label("from the file", tone="secondary")
            form.addRow("Field of view", known)
        else:
            form.addRow("Field of view", self.fov)
        form.addRow("", self.only_range)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        title = "Find people in this clip"
        column.addWidget(text_label(title, size="card", weight=600))
        column.addLayout(form)
        row, self.run = footer(self, "Run", self._on_run_clicked)
        column.addLayout(row)

    def options(self) -> EstimateOptions:
        """What was chosen."""
        fov_deg = self.fov.value
        is_assumed = abs(fov_deg - DEFAULT_FOV_DEG) < 1e-6
        in_range = self.only_range.isChecked()
        return EstimateOptions(
            settings={"model": self.model.currentData()},
            max_people=self.most.currentData(),
            fov_deg=None if is_assumed else fov_deg,
            frames=self._session.view.play_range if in_range else None,
            workers=max(0, settings().read("run.workers", 0)),
        )

    def _on_run_clicked(self) -> None:
        self.chosen.emit(self.options())
        self.accept()
