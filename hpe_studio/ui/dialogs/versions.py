"""Says that all edits are kept, and gives what is there now a name to come back to."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.errors import StudioError
from hpe_studio.ui import look
from hpe_studio.ui.dialogs.footer import footer
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr

_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def versions_folder(project: Path) -> Path:
    """Where the named versions of a project lie: beside it."""
    return project.with_name(f"{project.stem} versions")


def versions_of(project: Path) -> tuple[Path, ...]:
    """The named versions of a project, the newest first."""
    try:
        found = list(versions_folder(project).glob("*.hpes"))
        return tuple(sorted(found, key=lambda p: -p.stat().st_mtime))
    except OSError:
        return ()


class VersionsDialog(QDialog):
    """Names a version; lists those there are. Modeless.

    Args:
        session: Whose project.
        parent: The window.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(tr("Versions"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        self.name = QLineEdit()
        look.set_role(self.name, role="boxed")
        self.name.setAccessibleName(tr("Name of this version"))
        self.name.setPlaceholderText(tr("Name of this version"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Versions, the newest first"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        kept = tr("All edits are kept in {name}").format(name=session.project.path.name)
        column.addWidget(text_label(kept, size="card", weight=600))
        about = tr(
            "Every edit is on disk already, with its undo. A named version is a copy "
            "to come back to; open it like any project."
        )
        told = text_label(about, tone="secondary")
        told.setWordWrap(True)
        column.addWidget(told)
        column.addWidget(self.name)
        column.addWidget(self.list)
        row, self.go = footer(self, tr("Keep version"), self.keep)
        column.addLayout(row)
        self.name.textChanged.connect(self._on_name_changed)
        self._on_name_changed("")
        self._show_versions()
        self.name.setFocus()

    def keep(self) -> None:
        """Write the version and close; a toast says how it went."""
        path = self._path()
        if path is None:
            return
        try:
            path.parent.mkdir(exist_ok=True)
            self._session.project.save_copy(path)
        except OSError as error:
            problem = f"cannot be made ({error.strerror})"
            fix = tr("save a copy in another folder instead")
            self._session.notices.complain(
                StudioError(problem, path=path.parent, fix=fix)
            )
        except StudioError as error:
            self._session.notices.complain(error)
        else:
            told = tr("Version “{name}” kept").format(name=path.stem)
            self._session.notices.say(told)
            self.accept()

    def _path(self) -> Path | None:
        name = _UNFIT.sub(" ", self.name.text()).strip().strip(".")[:100]
        if not name:
            return None
        return versions_folder(self._session.project.path) / f"{name}.hpes"

    def _on_name_changed(self, _text: str) -> None:
        path = self._path()
        self.go.setEnabled(path is not None)
        is_there = path is not None and path.exists()
        self.go.setText(tr("Replace version") if is_there else tr("Keep version"))

    def _show_versions(self) -> None:
        found = versions_of(self._session.project.path)
        self.list.setVisible(bool(found))
        short = QLocale.FormatType.ShortFormat
        for path in found:
            time = QDateTime.fromSecsSinceEpoch(int(path.stat().st_mtime))
            when = QLocale().toString(time, short)
            item = QListWidgetItem(f"{path.stem}   {when}")
            item.setToolTip(str(path))
            self.list.addItem(item)
