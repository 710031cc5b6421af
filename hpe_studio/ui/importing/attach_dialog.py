"""The window that asks before a clip is attached that does not fit at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from hpe_studio.media.footage import Footage
from hpe_studio.ui.dialogs.footer import footer
from hpe_studio.ui.dialogs.sizes import open_as_large_as
from hpe_studio.ui.importing.head import add_head
from hpe_studio.ui.importing.laying import Laying
from hpe_studio.ui.importing.misfits import Misfits
from hpe_studio.ui.importing.preview import Preview
from hpe_studio.ui.widgets import horizontal_line, text_label
from hpe_studio.ui.words import tr
from hpe_studio.workflow.doctor import Examination, reconsidered
from hpe_studio.workflow.importing import ImportOptions, Onto
from hpe_studio.workflow.timing import Timing, clip_positions

_SIZE_PX = (720, 460)
_RIGHT_PX = 352


class AttachDialog(QDialog):
    """People of a project on a clip that it is to get, and what does not fit.

    Args:
        exam: What the doctor says.
        goal: What the people are laid on.
        footage: The clip; it is closed with the window.
        attach: Attaches the clip with a timing.
        parent: The window.
    """

    def __init__(
        self,
        exam: Examination,
        goal: Onto,
        footage: Footage,
        attach: Callable[[Timing], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._goal, self._footage, self._attach = goal, footage, attach
        self._is_closed = False
        self.exam = exam
        self.setWindowTitle(tr("Attach clip"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.laying, self.misfits = Laying(), Misfits()
        self.preview = Preview(footage)
        self._build()
        self.laying.laid_anew.connect(self._lay)
        self.misfits.repaired.connect(self._on_repaired)
        open_as_large_as(self, _SIZE_PX)
        self._show(exam)
        self.laying.offset.box.setFocus()

    def bring_in(self) -> None:
        """Attach the clip as it is laid here."""
        timing, attach = self.laying.timing, self._attach
        self.accept()
        attach(timing)

    def done(self, result: int) -> None:
        """Stop decoding, however it is closed."""
        if not self._is_closed:
            self._is_closed = True
            self.preview.close_loader()
            self._footage.close()
        super().done(result)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        add_head(column, tr("Attach clip"), self.exam.path)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.laying)
        left.addWidget(self.misfits)
        left.addStretch(1)
        right = QWidget()
        right.setFixedWidth(_RIGHT_PX)
        shown = QVBoxLayout(right)
        shown.setContentsMargins(0, 6, 0, 0)
        shown.setSpacing(10)
        shown.addWidget(text_label(tr("On the picture"), size="title", weight=600))
        shown.addWidget(self.preview)
        shown.addStretch(1)
        middle = QHBoxLayout()
        middle.setContentsMargins(18, 8, 18, 14)
        middle.setSpacing(18)
        middle.addLayout(left, 1)
        middle.addWidget(right)
        column.addLayout(middle, 1)
        column.addWidget(horizontal_line())
        buttons, self.attach_button = footer(self, tr("Attach"), self.bring_in)
        buttons.setContentsMargins(18, 10, 16, 10)
        buttons.setSpacing(8)
        column.addLayout(buttons)

    def _on_repaired(self, options: ImportOptions) -> None:
        self.laying.take(options)
        self.laying.offset.box.setFocus()

    def _lay(self) -> None:
        options = ImportOptions(timing=self.laying.timing)
        self._show(reconsidered(self.exam, options, self._goal))

    def _show(self, exam: Examination) -> None:
        self.exam = exam
        self.laying.show_exam(exam)
        self.misfits.show_exam(exam, has_clip=True)
        clip = self._goal.clip
        at = clip_positions(exam.motion, clip, self.laying.timing)
        frames = np.arange(clip.frame_count, dtype=np.float64)
        rows = np.arange(len(at), dtype=np.float64)
        positions = np.interp(frames, at, rows, left=-1.0, right=len(at) + 1.0)
        self.preview.show_people(exam.overlay, positions)
