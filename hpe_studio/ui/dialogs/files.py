"""Lets a person choose files and folders, beside the window's work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

CLIPS = (
    "Clips, projects and results (*.mp4 *.mov *.avi *.mkv *.webm *.m4v *.mpg *.wmv "
    "*.hpes *.bvh *.json *.npz *.npy *.pkl *.pt *.yml);;All files (*)"
)
MOVIES = "Movies (*.mp4 *.mov *.avi *.mkv *.webm *.m4v *.mpg *.wmv);;All files (*)"
RESULTS = (
    "Projects and results (*.hpes *.bvh *.json *.npz *.npy *.pkl *.pt *.yml);;"
    "All files (*)"
)
CALIBRATIONS = "Calibrations (*.json *.toml *.yml *.yaml);;All files (*)"
ANY = "All files (*)"
NETWORKS = "Networks and bodies (*.pkl *.pth *.onnx *.npy);;All files (*)"
BODIES = "Body models (*.npz *.pkl);;All files (*)"

Then = Callable[[Path], object]


def ask_for_file(
    parent: QWidget, title: str, then: Then, *, names: str, folder: str = ""
) -> None:
    """Let a person choose a file that exists.

    Args:
        parent: The window.
        title: What it is for.
        then: Takes the path.
        names: Which files are offered, as Qt writes filters.
        folder: Where to start.
    """
    dialog = _dialog(parent, title, then, folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(names)
    dialog.show()


def ask_for_files(
    parent: QWidget,
    title: str,
    then: Callable[[list[Path]], object],
    *,
    names: str,
    folder: str = "",
) -> None:
    """Let a person choose several files that exist."""
    dialog = _only(parent, title, folder)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilter(names)

    def chosen(paths: list[str]) -> None:
        then([Path(path) for path in paths])

    dialog.filesSelected.connect(chosen)
    dialog.show()


def ask_for_folder(
    parent: QWidget, title: str, then: Then, *, folder: str = ""
) -> None:
    """Let a person choose a folder."""
    dialog = _dialog(parent, title, then, folder)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.show()


def ask_for_new_file(
    parent: QWidget, title: str, then: Then, *, suffix: str, folder: str = ""
) -> None:
    """Let a person name a file to be written."""
    dialog = _dialog(parent, title, then, folder)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.show()


def _dialog(parent: QWidget, title: str, then: Then, folder: str) -> QFileDialog:
    dialog = _only(parent, title, folder)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def chosen(name: str) -> None:
        then(Path(name))

    dialog.fileSelected.connect(chosen)
    return dialog


def _only(parent: QWidget, title: str, folder: str) -> QFileDialog:
    """A dialog in place of one that is open still: none of them is modal."""
    for before in parent.findChildren(QFileDialog):
        before.close()
    return QFileDialog(parent, title, folder)
