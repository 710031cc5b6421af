"""The export window: formats, who and when, settings, and the check; modeless."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.catalogue import motion_format
from hpe_studio.core.errors import StudioError
from hpe_studio.core.specs import FormatSpec, WriteReport
from hpe_studio.ui import look
from hpe_studio.ui.dialogs.footer import footer
from hpe_studio.ui.dialogs.sizes import open_as_large_as
from hpe_studio.ui.export.check_column import CheckColumn
from hpe_studio.ui.export.format_list import FormatList
from hpe_studio.ui.export.settings_form import SettingsForm
from hpe_studio.ui.export.who_and_when import Frames, People
from hpe_studio.ui.jobs import RunningJob
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import horizontal_line, text_label, vertical_line
from hpe_studio.ui.words import tr
from hpe_studio.workflow import exporting

_SIZE_PX = (960, 562)


class ExportDialog(QDialog):
    """One window for every format; its settings come from the format's SPEC.

    Args:
        session: What is exported.
        parent: The window.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._job: RunningJob | None = None
        self.setWindowTitle(tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.formats, self.form = FormatList(), SettingsForm()
        self.people, self.frames = People(session), Frames(session)
        self.check = CheckColumn()
        self.path = QLineEdit()
        look.set_role(self.path, role="boxed")
        self.path.setAccessibleName(tr("File"))
        self.files = text_label(size="small", tone="secondary")
        self._build()
        self.formats.currentRowChanged.connect(self._on_format_changed)
        self.people.changed.connect(self._refresh)
        self.frames.changed.connect(self._refresh)
        self.path.textChanged.connect(self._refresh)
        session.jobs.changed.connect(self._on_jobs_changed)
        self._on_format_changed()
        open_as_large_as(self, _SIZE_PX)
        self.formats.setFocus()

    @property
    def is_writing(self) -> bool:
        """True while files are being written."""
        return self._job is not None

    def write(self) -> None:
        """Export what was chosen as a job; the right column tells how it went."""
        session = self._session
        try:
            plan = exporting.plan_export(
                session.document,
                session.poser,
                Path(self.path.text()).expanduser(),
                format_name=self.formats.chosen,
                person=self.people.chosen,
                frames=self.frames.chosen,
                options=self.form.values(),
            )
        except StudioError as error:
            self.check.fail(str(error))
            return
        job = exporting.export_job(plan)
        self._job = session.jobs.start(
            tr("Exporting"),
            job,
            on_result=self._on_written,
            on_cancelled=self._on_given_up,
        )
        self._refresh()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(18, 12, 18, 12)
        head.setSpacing(10)
        head.addWidget(text_label(tr("Export"), size="title", weight=600))
        head.addWidget(text_label(self._session.title, tone="secondary"), 1)
        column.addLayout(head)
        column.addWidget(horizontal_line())
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.formats)
        middle.addWidget(_between())
        middle.addWidget(self._choices(), 1)
        middle.addWidget(_between())
        middle.addWidget(self.check)
        column.addLayout(middle, 1)
        column.addWidget(horizontal_line())
        buttons, self.export_button = footer(self, tr("Export"), self.write)
        buttons.setContentsMargins(18, 10, 16, 10)
        buttons.setSpacing(8)
        count = self._session.problems.open_count
        open_problems = tr("{count} problems are open").format(count=count)
        said = text_label(open_problems if count else "", tone="secondary")
        buttons.insertWidget(0, said)
        column.addLayout(buttons)

    def _choices(self) -> QWidget:
        """The middle column; it scrolls where a format has many settings."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(6)
        self._settings_title = text_label(tone="secondary")
        groups = (
            (text_label(tr("People"), tone="secondary"), self.people),
            (text_label(tr("Range"), tone="secondary"), self.frames),
            (self._settings_title, self.form),
            (text_label(tr("File"), tone="secondary"), self._where()),
        )
        for title, widget in groups:
            column.addWidget(title)
            column.addWidget(widget)
            column.addSpacing(8)
        column.addWidget(self.files)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setAccessibleName(tr("Who, when and how"))
        look.set_role(area, role="boxed")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        return area

    def _where(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        choose = QPushButton(tr("Choose…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._on_choose_clicked)
        row.addWidget(self.path, 1)
        row.addWidget(choose)
        return holder

    @property
    def _spec(self) -> FormatSpec:
        return motion_format(self.formats.chosen).SPEC

    def _on_format_changed(self, _row: int = 0) -> None:
        spec = self._spec
        self.form.show_options(spec.write_options)
        self._settings_title.setText(tr("Settings"))
        for widget in (self._settings_title, self.form):
            widget.setVisible(bool(spec.write_options))
        path = Path(self.path.text() or self._session.project.path)
        name = f"{self._session.title}{spec.extensions[0]}"
        self.path.setText(str(path.with_name(name)))
        self.check.wait()
        self._refresh()

    def _refresh(self) -> None:
        """Say how many files there will be, and whether they can be written."""
        people = len(self.people.chosen)
        count = people if self._spec.one_file_per_person else min(people, 1)
        words = tr("Export {count} files") if count > 1 else tr("Export")
        self.export_button.setText(words.format(count=count))
        self.export_button.setEnabled(count > 0 and not self.is_writing)
        name = Path(self.path.text()).name
        told = tr("Nobody is chosen") if not people else name
        if count > 1:
            told = tr("{count} files, one per person").format(count=count)
        self.files.setText(told)

    def _on_jobs_changed(self) -> None:
        if self._job is not None and self._job.state == "running":
            self.check.work(self._job.progress)

    def _on_written(self, report: WriteReport) -> None:
        self._job = None
        self.check.show_report(report)
        names = ", ".join(path.name for path in report.paths)
        self._session.notices.say(tr("Exported {names}").format(names=names))
        self._refresh()

    def _on_given_up(self) -> None:
        job, self._job = self._job, None
        if job is not None and isinstance(job.error, StudioError):
            job.is_told = True  # here, where it was asked for
            self.check.fail(str(job.error))
        else:
            self.check.wait()
        self._refresh()

    def _on_choose_clicked(self) -> None:
        dialog = QFileDialog(self, tr("Export to"), self.path.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.path.setText)
        dialog.show()


def _between() -> QWidget:
    line = vertical_line(0)
    line.setMinimumHeight(0)
    line.setMaximumHeight(16_777_215)
    return line
