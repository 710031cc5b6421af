"""The import window: found, assumed, misfits, and a live frame; modeless."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.errors import StudioError
from hpe_studio.ui import look
from hpe_studio.ui.dialogs.footer import footer
from hpe_studio.ui.dialogs.sizes import open_as_large_as
from hpe_studio.ui.importing.choices import Choices
from hpe_studio.ui.importing.found import Found
from hpe_studio.ui.importing.head import add_head
from hpe_studio.ui.importing.misfits import Misfits
from hpe_studio.ui.importing.preview import Preview
from hpe_studio.ui.importing.starting import start_import
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import horizontal_line, text_label, vertical_line
from hpe_studio.ui.words import tr
from hpe_studio.workflow.doctor import Examination, examine, reconsidered, solved
from hpe_studio.workflow.importing import ImportOptions, onto
from hpe_studio.workflow.timing import clip_positions

if TYPE_CHECKING:
    from hpe_studio.core.arrays import FloatArray
    from hpe_studio.core.jobs import Job
    from hpe_studio.ui.jobs import RunningJob

_SIZE_PX = (940, 580)
_RIGHT_PX = 352
_SOON_MS = 200

Then = Callable[[Examination], None]


class ImportDialog(QDialog):
    """Results of another program on their way into the open project.

    Reading and matching are jobs; nothing is in the project before Import is pressed.

    Args:
        session: The project they join.
        path: File or folder.
        parent: The window.
    """

    def __init__(self, session: Session, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._path = session, path
        self._goal = onto(session.document)
        self._job: RunningJob | None = None
        self._is_closed = False
        self.exam: Examination | None = None
        self.setWindowTitle(tr("Import results"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        has_clip = session.document.clip.kind != "none"
        self._has_clip = has_clip
        self.found = Found()
        self.choices = Choices(has_clip=has_clip)
        self.preview = Preview(session.footage)
        self.misfits = Misfits()
        self.said = text_label(tone="secondary")
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.read)
        self._build()
        self.choices.read_anew.connect(self._soon.start)
        self.choices.laid_anew.connect(self._lay)
        self.misfits.repaired.connect(self._on_repaired)
        open_as_large_as(self, _SIZE_PX)
        self.choices.format.setFocus()
        self.read()

    @property
    def is_working(self) -> bool:
        """True while results are read or matched."""
        return self._job is not None or self._soon.isActive()

    def read(self) -> None:
        """Read the results as chosen, as a job."""
        self._stop()
        self._refresh(tr("Reading…"))
        job = examine(self._path, self.choices.options, goal=self._goal)
        self._start(tr("Reading {}").format(self._path.name), job, self._on_read)

    def bring_in(self) -> None:
        """Import as a job and close; the project gets one undoable step."""
        exam, session = self.exam, self._session
        if exam is None or not self.import_button.isEnabled():
            return
        self._stop()
        start_import(session, self._path, exam, self.choices.options)
        self.accept()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop reading and decoding."""
        self._end()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Stop reading and decoding, however it is closed."""
        self._end()
        super().done(result)

    # Building ----------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        add_head(column, tr("Import results"), self._path)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.found)
        middle.addWidget(_between())
        middle.addWidget(self.choices, 1)
        middle.addWidget(_between())
        middle.addWidget(self._right())
        column.addLayout(middle, 1)
        column.addWidget(horizontal_line())
        buttons, self.import_button = footer(self, tr("Import"), self.bring_in)
        buttons.setContentsMargins(18, 10, 16, 10)
        buttons.setSpacing(8)
        self.said.setMinimumWidth(0)
        buttons.insertWidget(0, self.said, 1)
        column.addLayout(buttons)

    def _right(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        title = tr("On the picture") if self._has_clip else tr("No clip")
        column.addWidget(text_label(title, size="title", weight=600))
        self.preview.setVisible(self._session.footage is not None)
        column.addWidget(self.preview)
        if self._session.footage is None:
            told = text_label(
                tr("There is no footage to compare with"), tone="secondary"
            )
            told.setWordWrap(True)
            column.addWidget(told)
        column.addWidget(self.misfits)
        column.addStretch(1)
        area = QScrollArea()
        area.setFixedWidth(_RIGHT_PX)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(tr("What does not fit"))
        look.set_role(area, role="boxed")
        area.setWidget(page)
        return area

    # Working -----------------------------------------------------------------

    def _start(self, title: str, job: Job[Examination], then: Then) -> None:
        self._job = self._session.jobs.start(
            title,
            job,
            on_result=partial(self._on_result, then),
            on_cancelled=partial(self._on_given_up, is_read=then == self._show),
        )

    def _stop(self) -> None:
        self._soon.stop()
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _end(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._stop()
            self.preview.close_loader()

    def _on_result(self, then: Then, exam: Examination) -> None:
        """Take what a job found, unless it is of yesterday."""
        if self._is_closed or self._job is None:
            return
        self._job = None
        then(exam)

    def _on_given_up(self, *, is_read: bool) -> None:
        """Say why; what was read stays where only its frames could not be matched."""
        job, self._job = self._job, None
        if self._is_closed or job is None:
            return
        if isinstance(job.error, StudioError):
            job.is_told = True
            if is_read:
                self._refresh(job.error.what, tone="warn")
                return
            self.exam = None
            self.found.show_exam(None)
            self.misfits.show_exam(None, has_clip=self._has_clip)
            self._refresh(job.error.what, tone="warn")

    def _on_read(self, exam: Examination) -> None:
        self._show(exam)
        footage = self._session.footage
        if footage is None or exam.overlay is None:
            return
        self._refresh(tr("Matching frames with the pictures…"))
        job = solved(exam, self._goal, footage)
        self._start(tr("Matching frames"), job, self._show)

    def _on_repaired(self, options: ImportOptions) -> None:
        self.choices.take(options)
        self.choices.offset.box.setFocus()

    def _lay(self) -> None:
        """The same people, laid otherwise: nothing is read again."""
        if self.exam is not None:
            options = self.choices.options
            self._show(reconsidered(self.exam, options, self._goal))

    # Showing -----------------------------------------------------------------

    def _show(self, exam: Examination) -> None:
        self.exam = exam
        self.found.show_exam(exam)
        self.choices.show_exam(exam)
        self.misfits.show_exam(exam, has_clip=self._has_clip)
        self.preview.show_people(exam.overlay, self._positions(exam))
        self._refresh("")

    def _positions(self, exam: Examination) -> FloatArray:
        """Frame of the results for each frame of the clip, shape (frames,)."""
        clip = self._goal.clip
        at = clip_positions(exam.motion, clip, self.choices.timing)
        frames = np.arange(clip.frame_count, dtype=np.float64)
        rows = np.arange(len(at), dtype=np.float64)
        return np.interp(frames, at, rows, left=-1.0, right=len(at) + 1.0)

    def _refresh(self, text: str, *, tone: str = "secondary") -> None:
        look.set_role(self.said, tone=tone)
        self.said.setText(text)
        ready = self.exam is not None and self.choices.is_somebody_chosen
        self.import_button.setEnabled(ready and bool(self.exam and self.exam.people))


def _between() -> QWidget:
    line = vertical_line(0)
    line.setMinimumHeight(0)
    line.setMaximumHeight(16_777_215)
    return line
