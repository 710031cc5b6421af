"""Everything the window asks a person: files, folders, and dialogs of whole tasks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QInputDialog

from hpe_studio.core.clip import Clip
from hpe_studio.ui import commands
from hpe_studio.ui.attaching import attach
from hpe_studio.ui.commands import comparing
from hpe_studio.ui.dialogs import files
from hpe_studio.ui.dialogs.about import Page, show_about
from hpe_studio.ui.dialogs.crash import CrashDialog
from hpe_studio.ui.dialogs.own_files import OwnFilesDialog
from hpe_studio.ui.dialogs.rate import RateDialog
from hpe_studio.ui.dialogs.run_options import RunDialog
from hpe_studio.ui.export import ExportDialog
from hpe_studio.ui.importing import ImportDialog
from hpe_studio.ui.views.adding import AddViewsDialog

if TYPE_CHECKING:
    from hpe_studio.ui.window import StudioWindow


class Asking(QObject):
    """Dialogs of one window; none of them blocks it.

    Args:
        window: Over which they stand, and which does what was answered.
    """

    def __init__(self, window: StudioWindow) -> None:
        super().__init__(window)
        self._window = window

    def for_clip(self) -> None:
        """Let a person choose any file to open."""
        self._file(self.tr("Open"), files.CLIPS)

    def for_results(self) -> None:
        """Let a person choose a results file or a project."""
        self._file(self.tr("Open results"), files.RESULTS)

    def for_folder(self) -> None:
        """Let a person choose a folder of images."""
        title = self.tr("Open a folder of images")
        then = self._window.open_path
        files.ask_for_folder(self._window, title, then, folder=self._folder())

    def for_rate(self, path: Path, clip: Clip) -> None:
        """Ask for the frame rate of a folder of images, then open it."""
        for before in self._window.findChildren(RateDialog):
            before.close()
        dialog = RateDialog(clip, self._window)
        dialog.chosen.connect(partial(self._window.open_path, path))
        dialog.show()

    def for_footage(self) -> None:
        """Let a person say where the clip is after it moved."""
        window = self._window
        if window.session is None:
            return
        title, folder = self.tr("Locate the footage"), self._folder()
        then = window.locate_footage
        if window.session.document.clip.kind == "images":
            files.ask_for_folder(window, title, then, folder=folder)
        else:
            files.ask_for_file(window, title, then, names=files.MOVIES, folder=folder)

    def for_copy(self) -> None:
        """Let a person name a copy of the project."""
        window, title = self._window, self.tr("Save a copy as")
        if window.session is not None:
            then, folder = window.save_copy, self._folder()
            files.ask_for_new_file(window, title, then, suffix="hpes", folder=folder)

    def for_body(self) -> None:
        """Let a person choose an SMPL, SMPL-H or SMPL-X model file."""
        window, title = self._window, self.tr("Choose a body model")
        if window.session is not None:
            use, folder = partial(commands.use_body, window.session), self._folder()
            files.ask_for_file(window, title, use, names=files.BODIES, folder=folder)

    def for_truth(self) -> None:
        """Let a person choose a file that is held to be true."""
        window, title = self._window, self.tr("Attach a file as truth")
        if window.session is not None:
            then = partial(comparing.attach_path, window.session)
            folder = self._folder()
            files.ask_for_file(window, title, then, names=files.ANY, folder=folder)

    def for_report(self) -> None:
        """Let a person choose a folder for the report of a comparison."""
        window, title = self._window, self.tr("Write the report into")
        if window.session is not None:
            then = partial(comparing.write_report_to, window.session)
            files.ask_for_folder(window, title, then, folder=self._folder())

    def for_truth_folder(self) -> None:
        """Let a person choose a folder with truth."""
        window, title = self._window, self.tr("Attach truth")
        if window.session is not None:
            then = partial(comparing.attach_path, window.session)
            files.ask_for_folder(window, title, then, folder=self._folder())

    def for_import(self) -> None:
        """Let a person choose a results file that joins the open project."""
        window, title = self._window, self.tr("Import results")
        if window.session is not None:
            then, folder = self.show_import, self._folder()
            files.ask_for_file(window, title, then, names=files.ANY, folder=folder)

    def for_import_folder(self) -> None:
        """Let a person choose a folder of results that joins the open project."""
        window, title = self._window, self.tr("Import a folder of results")
        if window.session is not None:
            then, folder = self.show_import, self._folder()
            files.ask_for_folder(window, title, then, folder=folder)

    def show_import(self, path: Path) -> None:
        """Show what results hold before they join the open project."""
        session = self._window.session
        if session is None:
            return
        for dialog in self._window.findChildren(ImportDialog):
            dialog.close()
        ImportDialog(session, path, self._window).show()

    def for_attaching(self) -> None:
        """Let a person choose the clip of a project that was made of results."""
        window, title = self._window, self.tr("Attach the clip")
        if window.session is not None:
            then, folder = partial(attach, window), self._folder()
            files.ask_for_file(window, title, then, names=files.MOVIES, folder=folder)

    def for_run(self) -> None:
        """Show what can be chosen for an estimation."""
        if self._window.session is not None and not self._brought(RunDialog):
            dialog = RunDialog(self._window.session, self._window)
            dialog.chosen.connect(self._window.start_run)
            dialog.show()

    def for_views(self) -> None:
        """Show what footage of other cameras is added, and their calibration."""
        if self._window.session is not None and not self._brought(AddViewsDialog):
            AddViewsDialog(self._window.session, self._window).show()

    def for_name(self, title: str, name: str, then: Callable[[str], object]) -> None:
        """Let a person type a name.

        Args:
            title: What is named.
            name: As it is called now.
            then: Takes the name.
        """
        for before in self._window.findChildren(QInputDialog):
            before.close()
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(title)
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(name)
        dialog.textValueSelected.connect(then)
        dialog.show()

    def for_own_files(self) -> None:
        """Show which files ROMP and BEV need, and take them in."""
        if not self._brought(OwnFilesDialog):
            OwnFilesDialog(self._window).show()

    def for_export(self) -> None:
        """Show the export window, beside which the work goes on."""
        session = self._window.session
        if session is not None and not self._brought(ExportDialog):
            ExportDialog(session, self._window).show()

    def about(self, page: Page = "about") -> None:
        """Tell name, version, what is new, and licences."""
        show_about(self._window, page)

    def report(self) -> None:
        """Show what a report of the last failure would contain."""
        CrashDialog(self._window.crashes.report(), self._window).show()

    def _brought(self, kind: type[QDialog]) -> bool:
        """True where such a window is open already; it comes to the front."""
        for dialog in self._window.findChildren(kind):
            if dialog.isVisible():
                dialog.raise_()
                dialog.activateWindow()
                return True
        return False

    def _file(self, title: str, names: str) -> None:
        then, folder = self._window.open_path, self._folder()
        files.ask_for_file(self._window, title, then, names=names, folder=folder)

    def _folder(self) -> str:
        session = self._window.session
        return "" if session is None else str(session.project.path.parent)
