"""How frames of results lie on those of the clip: rate, step, offset, camera."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr
from hpe_studio.workflow.doctor import Examination
from hpe_studio.workflow.importing import ImportOptions
from hpe_studio.workflow.timing import Timing, step_text

FIELD_PX = 178
_TITLE_PX = 92
_STEPS = ("1", "2", "3", "4", "5", "6", "8", "10", "1/2")
_FARTHEST = 1_000_000


class Laying(QWidget):
    """Fields for what a `Timing` says; `laid_anew` comes when one was changed."""

    laid_anew = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_showing = False
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
        for step in (None, *(Fraction(text) for text in _STEPS)):
            words = tr("As the rates say") if step is None else step_text(step)
            self.step.addItem(words[:1].upper() + words[1:], _data(step))
        look.set_role(self.rate, role="boxed")
        named = (
            (self.rate, tr("Frames per second of the results")),
            (self.step, tr("Frames of the clip per frame of the results")),
            (self.camera, tr("Camera")),
        )
        for widget, name in named:
            widget.setAccessibleName(name)
        for widget in (self.rate, self.step, self.camera, self.offset):
            widget.setFixedWidth(look.room_px(FIELD_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(8)
        column.addWidget(text_label(tr("On the clip"), size="title", weight=600))
        self._frames = fields_form(
            (tr("Rate"), self.rate),
            (tr("Step"), self.step),
            (tr("Offset"), self.offset),
            (tr("Camera"), self.camera),
        )
        column.addLayout(self._frames)
        self.step.currentIndexChanged.connect(self._on_laid)
        self.camera.currentIndexChanged.connect(self._on_laid)
        self.offset.edited.connect(self._on_laid)
        self.offset.scrubbed.connect(self._on_laid)
        self.rate.editingFinished.connect(self._on_laid)

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
    def chosen_camera(self) -> str:
        """The view that filmed the clip, or ""."""
        return self.camera.currentData() or ""

    def show_exam(self, exam: Examination) -> None:
        """Show what was read, without asking for anything again."""
        self._is_showing = True
        try:
            self._show_cameras(exam)
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

    def _on_laid(self, _value: object = None) -> None:
        if not self._is_showing:
            self.laid_anew.emit()


def fields_form(*rows: tuple[str, QWidget]) -> QFormLayout:
    """Fields with their titles."""
    form = QFormLayout()
    form.setVerticalSpacing(6)
    for title, widget in rows:
        form.addRow(title, widget)
    align(form)
    return form


def align(form: QLayout | None) -> None:
    """Let the fields of several forms stand below each other."""
    assert isinstance(form, QFormLayout)
    form.setHorizontalSpacing(12)
    for row in range(form.rowCount()):
        item = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        title = None if item is None else item.widget()
        if title is not None:
            title.setFixedWidth(look.room_px(_TITLE_PX))


def _data(step: Fraction | None) -> str | None:
    return None if step is None else str(step)
