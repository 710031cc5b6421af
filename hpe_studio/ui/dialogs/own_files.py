"""Sets up ROMP and BEV: which files are needed, where they are got, taking them in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.errors import StudioError
from hpe_studio.ui import look
from hpe_studio.ui.dialogs import files
from hpe_studio.ui.dialogs.sizes import open_as_its_words_need
from hpe_studio.ui.jobs import RunningJob
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import IconLabel, horizontal_line, text_label
from hpe_studio.workflow.own_files import AddReport, OwnStatus, add_own, own_status

PYTHON = "run.romp_python"
"""Setting: the Python in which a person's ROMP runs."""
_GROUPS = (
    ("ROMP", ("romp", "romp_smpl")),
    ("BEV", ("bev", "romp_smpla", "romp_smil")),
)
_TEXT_PX, _LEAST_ROWS_PX, _FRAME_PX = 520, 120, 2


class OwnFilesDialog(QDialog):
    """One row per file, with what is here and where the rest is got; modeless.

    Args:
        parent: The window, or the dialog that lacks something.
        wanted: Names of files that somebody waits for; they come first in the eye.

    Attributes:
        changed: Comes when files were taken in.
    """

    changed = Signal()

    def __init__(self, parent: QWidget, wanted: tuple[str, ...] = ()) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self._job: RunningJob | None = None
        self._rows: dict[str, tuple[IconLabel, QLabel]] = {}
        self.setWindowTitle(self.tr("Set up ROMP and BEV"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.python = QLineEdit(settings().read(PYTHON, ""))
        self.python.setPlaceholderText(self.tr("The studio's own"))
        self.python.setAccessibleName(self.tr("Python in which ROMP runs"))
        look.set_role(self.python, role="boxed")
        self.python.editingFinished.connect(self._on_python_edited)
        self.outcome = text_label(tone="secondary")
        self.outcome.setWordWrap(True)
        self.outcome.setMinimumWidth(_TEXT_PX)
        self.outcome.setAccessibleName(self.tr("Outcome"))
        self.take_files = QPushButton(self.tr("Choose files…"))
        self.take_folder = QPushButton(self.tr("Choose a folder…"))
        self._build()
        self._show_state()
        self.take_files.setFocus()

    @property
    def is_working(self) -> bool:
        """True while files are checked."""
        return self._job is not None and self._job.state == "running"

    def take(self, paths: list[Path]) -> None:
        """Check files and folders and keep what is sound, beside the window's work."""
        if self.is_working or not paths:
            return
        self._say(self.tr("Checking…"), "secondary")
        for button in (self.take_files, self.take_folder):
            button.setEnabled(False)
        job = add_own(paths, python=self.python.text().strip())
        self._job = RunningJob(self.tr("Checking files"), job, self)
        self._job.progressed.connect(self._on_progressed)
        self._job.ended.connect(self._on_ended)

    def showEvent(self, event: QShowEvent) -> None:
        """Be as high as its words need, now that they are dressed."""
        super().showEvent(event)
        if not event.spontaneous():
            open_as_its_words_need(self, width_px=_TEXT_PX)

    def reject(self) -> None:
        """Close; a check that goes on is given up."""
        if self._job is not None and self.is_working:
            self._job.cancel()
        super().reject()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        title = self.tr("Set up ROMP and BEV")
        column.addWidget(text_label(title, size="card", weight=600))
        told = text_label(
            self.tr(
                "Their networks and SMPL have licences of their own, so you get the "
                "files yourself and choose them here. They are checked and kept in "
                "the data folder; nothing is fetched."
            ),
            tone="secondary",
        )
        told.setWordWrap(True)
        told.setMinimumWidth(_TEXT_PX)
        column.addWidget(told)
        column.addWidget(self._scrolled(self._table()), 1)
        column.addWidget(horizontal_line())
        column.addLayout(self._python_row())
        column.addWidget(self.outcome)
        column.addLayout(self._buttons())

    def _scrolled(self, rows: QGridLayout) -> QScrollArea:
        """The files as high as they are, where the screen is; else they scroll."""
        page = QWidget()
        look.set_role(page, role="page")
        page.setLayout(rows)
        area = _TallArea()
        area.setAccessibleName(self.tr("Files"))
        look.set_role(area, role="boxed")
        area.setWidget(page)
        return area

    def _table(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        lines = {line.entry.name: line for line in own_status()}
        row = 0
        for title, names in _GROUPS:
            grid.addWidget(text_label(title, weight=600), row, 0, 1, 2)
            row += 1
            for name in names:
                self._add_row(grid, row, lines[name])
                row += 1
        return grid

    def _add_row(self, grid: QGridLayout, row: int, line: OwnStatus) -> None:
        icon = IconLabel("circle-alert", 16, "text.muted")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(text_label(f"{line.entry.file}  ·  {line.entry.label}"))
        where = text_label(tone="secondary", size="small")
        where.setWordWrap(True)
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.addWidget(where)
        grid.addWidget(icon, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(words, row, 1)
        self._rows[line.entry.name] = (icon, where)

    def _python_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(text_label(self.tr("Python with simple-romp")))
        row.addWidget(self.python, 1)
        return row

    def _buttons(self) -> QHBoxLayout:
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.reject)
        look.set_role(self.take_files, role="primary")
        self.take_files.setDefault(True)
        self.take_files.clicked.connect(self._on_files_clicked)
        self.take_folder.clicked.connect(self._on_folder_clicked)
        row = QHBoxLayout()
        row.addWidget(close)
        row.addStretch(1)
        row.addWidget(self.take_folder)
        row.addWidget(self.take_files)
        for button in (close, self.take_folder):
            button.setAutoDefault(False)
        return row

    def _show_state(self) -> None:
        for line in own_status():
            if line.entry.name in self._rows:
                self._show_line(line)

    def _show_line(self, line: OwnStatus) -> None:
        icon, where = self._rows[line.entry.name]
        is_here = line.path is not None
        is_waited_for = line.entry.name in self._wanted
        ink = "state.ok" if is_here else "state.warn" if is_waited_for else "text.muted"
        icon.show_icon("circle-check" if is_here else "circle-alert", ink)
        icon.setAccessibleName(self.tr("here") if is_here else self.tr("missing"))
        told = self.tr("In {}").format(line.path)
        if not is_here:
            made = self.tr("Packed here out of {}")
            told = (made if line.entry.made_of else self.tr("Get it from {}")).format(
                line.entry.where
            )
        where.setText(told)

    def _say(self, text: str, tone: str) -> None:
        look.set_role(self.outcome, tone=tone)
        self.outcome.setText(text)
        open_as_its_words_need(self, width_px=_TEXT_PX)

    def _on_files_clicked(self) -> None:
        title = self.tr("Choose network and SMPL files")
        files.ask_for_files(self, title, self.take, names=files.NETWORKS)

    def _on_folder_clicked(self) -> None:
        title = self.tr("Choose the folder that holds them")
        files.ask_for_folder(self, title, partial(_one, self.take))

    def _on_python_edited(self) -> None:
        settings().write(PYTHON, self.python.text().strip())

    def _on_progressed(self) -> None:
        if self._job is not None and self._job.progress.text:
            self._say(f"{self._job.progress.text}…", "secondary")

    def _on_ended(self) -> None:
        job = self._job
        for button in (self.take_files, self.take_folder):
            button.setEnabled(True)
        self._show_state()
        if job is None or job.state == "cancelled":
            return
        job.is_told = True
        if isinstance(job.result, AddReport):
            lines = [f"{name}: {facts}" for name, facts in job.result.added]
            self._say("\n".join([*lines, *job.result.notes]), "ok")
            self.changed.emit()
        elif isinstance(job.error, StudioError):
            self._say(str(job.error), "warn")


class _TallArea(QScrollArea):
    """An area that wishes to be as high as what is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumHeight(_LEAST_ROWS_PX)

    def hasHeightForWidth(self) -> bool:
        """Wrapped words are higher where it is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Of everything in it."""
        page = self.widget()
        rows = None if page is None else page.layout()
        if rows is None:
            return _LEAST_ROWS_PX
        return rows.totalHeightForWidth(width - _FRAME_PX) + _FRAME_PX


def _one(take: object, path: Path) -> None:
    assert callable(take)
    take([path])
