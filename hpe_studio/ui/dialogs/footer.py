"""The row of buttons at the bottom of a dialog: cancel, and the one loud thing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton

from hpe_studio.ui import look


def footer(
    dialog: QDialog, text: str, go: Callable[[], None]
) -> tuple[QHBoxLayout, QPushButton]:
    """Cancel and a default button that does what the dialog is for.

    Args:
        dialog: Cancel rejects it.
        text: What the default button says.
        go: What it does.
    """
    cancel, button = QPushButton("Cancel"), QPushButton(text)
    look.set_role(button, role="primary")
    button.setDefault(True)
    cancel.setAutoDefault(False)
    cancel.clicked.connect(dialog.reject)
    button.clicked.connect(go)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(cancel)
    row.addWidget(button)
    return row, button
