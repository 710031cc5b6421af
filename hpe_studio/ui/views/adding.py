"""The dialog that adds synchronous views: films, their cameras, their offsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.clip import Clip
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.formats.calibration import CalibratedCamera, read_calibration
from hpe_studio.ui import look
from hpe_studio.ui.dialogs import files
from hpe_studio.ui.dialogs.footer import footer
from hpe_studio.ui.jobs import RunningJob
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr
from hpe_studio.workflow import views as work

_WIDE_PX, _ROWS_PX = 640, 210
_FARTHEST_FRAMES = 100_000


class _Row:
    """Fields of one film.

    Args:
        clip: The film.
        name: What it is called at first.
    """

    def __init__(self, clip: Clip, name: str) -> None:
        self.clip = clip
        assert clip.path is not None
        self.film = text_label(clip.path.name)
        self.film.setToolTip(str(clip.path))
        self.name = QLineEdit(name)
        self.name.setAccessibleName(tr("Name of {}").format(clip.path.name))
        self.camera = QComboBox()
        self.camera.setAccessibleName(tr("Camera of {}").format(clip.path.name))
        self.offset = QSpinBox()
        self.offset.setRange(-_FARTHEST_FRAMES, _FARTHEST_FRAMES)
        self.offset.setAccessibleName(tr("Frames ahead: {}").format(clip.path.name))
        self.drop = QToolButton()
        self.drop.setIcon(look.icon("x", 14))
        self.drop.setToolTip(tr("Leave out"))
        self.drop.setAccessibleName(tr("Leave out {}").format(clip.path.name))
        self.drop.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """From the left to the right."""
        return self.film, self.name, self.camera, self.offset, self.drop

    def plan(self) -> work.ViewPlan:
        """What it adds."""
        return work.ViewPlan(
            clip=self.clip,
            name=self.name.text().strip(),
            camera_name=str(self.camera.currentData() or ""),
            offset_frames=self.offset.value(),
        )


class AddViewsDialog(QDialog):
    """Films of other cameras, their calibration, and which camera filmed which.

    Args:
        session: Whose document gets the views.
        parent: The window.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: list[_Row] = []
        self._cameras: Mapping[str, CalibratedCamera] = {}
        self._reading: RunningJob | None = None
        self.setWindowTitle(tr("Add synchronous views"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDE_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        title = tr("Films of other cameras at the same time")
        column.addWidget(text_label(title, size="card", weight=600))
        column.addLayout(self._choosers())
        self._told = text_label("", size="small", tone="muted")
        self._told.setWordWrap(True)
        column.addWidget(self._own_row())
        column.addWidget(self._table(), 1)
        column.addWidget(self._told)
        row, self.go = footer(self, tr("Add"), self._on_go_clicked)
        column.addLayout(row)
        self._follow()

    # Doing -------------------------------------------------------------------------

    def add_films(self, paths: Sequence[Path]) -> None:
        """Read films and list them."""
        known = {row.clip.path for row in self._rows}
        new = [path for path in paths if path.absolute() not in known]
        if not new or self._reading is not None:
            return
        job = work.read_clips(new, self._session.document.clip)
        self._reading = self._session.jobs.start(
            tr("Reading films"), job, on_result=self._on_clips_read
        )
        self._reading.ended.connect(self._on_reading_ended)
        self._follow()

    def use_calibration(self, path: Path) -> None:
        """Take cameras from a calibration, and match them with the films."""
        try:
            self._cameras = read_calibration(path)
        except StudioError as error:
            self._session.notices.complain(error)
            return
        self.calibration.setText(path.name)
        for combo in (self.own_camera, *(row.camera for row in self._rows)):
            self._fill(combo)
        self._match()

    # Within ------------------------------------------------------------------------

    def _choosers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.films = QPushButton(tr("Add films…"))
        self.folder = QPushButton(tr("Add a folder of images…"))
        self.calibration = QPushButton(tr("Calibration…"))
        self.films.clicked.connect(self._on_films_clicked)
        self.folder.clicked.connect(self._on_folder_clicked)
        self.calibration.clicked.connect(self._on_calibration_clicked)
        for button in (self.films, self.folder, self.calibration):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _own_row(self) -> QWidget:
        """Which camera filmed the project's own clip."""
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        name = self._session.document.view_name(0)
        row.addWidget(text_label(tr("{} was filmed by").format(name or tr("The clip"))))
        self.own_camera = QComboBox()
        self.own_camera.setAccessibleName(tr("Camera of the clip"))
        self._fill(self.own_camera)
        row.addWidget(self.own_camera)
        row.addStretch(1)
        return whole

    def _table(self) -> QScrollArea:
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 2)
        heads = (tr("Film"), tr("Name"), tr("Camera"), tr("Frames ahead"))
        for place, text in enumerate(heads):
            label = text_label(text, size="small", tone="muted")
            self._grid.addWidget(label, 0, place)
        self._grid.setRowStretch(1000, 1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setMinimumHeight(_ROWS_PX)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _fill(self, combo: QComboBox) -> None:
        kept = combo.currentData()
        combo.clear()
        combo.addItem(tr("not known"), "")
        for name in self._cameras:
            combo.addItem(name, name)
        combo.setCurrentIndex(max(combo.findData(kept), 0))
        combo.setEnabled(bool(self._cameras))

    def _match(self) -> None:
        """Choose the cameras that the names of films tell."""
        own = self._session.document.clip.path or Path("clip")
        films = [own, *(row.clip.path or own for row in self._rows)]
        combos = [self.own_camera, *(row.camera for row in self._rows)]
        found = work.matched_cameras(films, list(self._cameras))
        for combo, camera in zip(combos, found, strict=True):
            if camera:
                combo.setCurrentIndex(combo.findData(camera))
        for row in self._rows:
            camera = str(row.camera.currentData() or "")
            if camera and not row.name.isModified():
                row.name.setText(camera)
        self._follow()

    def _follow(self) -> None:
        is_reading = self._reading is not None
        self.go.setEnabled(bool(self._rows) and not is_reading)
        for button in (self.films, self.folder):
            button.setEnabled(not is_reading)
        lost = [row for row in self._rows if not row.camera.currentData()]
        if is_reading:
            told = tr("Reading…")
        elif not self._rows:
            told = tr("All cameras run on the frames of this project's clip.")
        elif not self._cameras:
            told = tr("Without a calibration people are not drawn in their places.")
        elif lost:
            told = tr("Choose the cameras that filmed the others, where known.")
        else:
            told = tr("Every film has its camera.")
        self._told.setText(told)

    def _on_clips_read(self, clips: tuple[Clip, ...]) -> None:
        document = self._session.document
        for clip in clips:
            assert clip.path is not None
            taken = [row.name.text() for row in self._rows]
            name = work.free_name(document, work.name_of_film(clip.path), taken)
            self._add_row(_Row(clip, name))
        if not self._cameras:
            beside = work.calibration_beside(clips[0].path or Path())
            if beside is not None:
                self.use_calibration(beside)
        self._match()

    def _add_row(self, row: _Row) -> None:
        self._rows.append(row)
        line = self._grid.rowCount()
        self._fill(row.camera)
        row.camera.currentIndexChanged.connect(self._follow)
        row.drop.clicked.connect(partial(self._on_drop_clicked, row))
        for place, widget in enumerate(row.widgets):
            self._grid.addWidget(widget, line, place)

    def _on_drop_clicked(self, row: _Row, _is_checked: bool = False) -> None:
        self._rows.remove(row)
        for widget in row.widgets:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._follow()

    def _on_reading_ended(self) -> None:
        self._reading = None
        self._follow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """What is still read is wanted no more."""
        self._stop_reading()
        super().closeEvent(event)

    def reject(self) -> None:
        """Closed by Esc or Cancel."""
        self._stop_reading()
        super().reject()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.ended.disconnect(self._on_reading_ended)
            self._reading.cancel(keep=False)
            self._reading = None

    def _on_films_clicked(self) -> None:
        files.ask_for_files(
            self, tr("Add films"), self.add_films, names=files.MOVIES, folder=self._at
        )

    def _on_folder_clicked(self) -> None:
        def then(path: Path) -> None:
            self.add_films([path])

        title = tr("Add a folder of images")
        files.ask_for_folder(self, title, then, folder=self._at)

    def _on_calibration_clicked(self) -> None:
        title, names = tr("Calibration"), files.CALIBRATIONS
        then = self.use_calibration
        files.ask_for_file(self, title, then, names=names, folder=self._at)

    @property
    def _at(self) -> str:
        clip = self._session.document.clip
        return str((clip.path or self._session.project.path).parent)

    def _on_go_clicked(self) -> None:
        plans = [row.plan() for row in self._rows]
        cameras, document = self._cameras, self._session.document
        own = str(self.own_camera.currentData() or "")

        def write(edit: Edit) -> None:
            work.add_planned(edit, document, plans, cameras, clip_camera=own)

        if self._session.perform(tr("Add synchronous views"), write):
            self.accept()
