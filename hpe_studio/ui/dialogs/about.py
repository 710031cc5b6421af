"""Tells name, version and licences."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

import hpe_studio


def show_about(parent: QWidget) -> None:
    """Show a small window with what the program is."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("About HPE Studio")
    box.setText(f"HPE Studio {hpe_studio.__version__}")
    box.setInformativeText(
        "Human motion out of ordinary video. Apache-2.0; models, icons and fonts "
        "under their own licences, see NOTICE."
    )
    box.open()
