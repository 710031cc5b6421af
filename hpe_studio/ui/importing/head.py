"""The head of the windows that bring a file in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from hpe_studio.ui.widgets import horizontal_line, text_label


def add_head(column: QVBoxLayout, title: str, path: Path) -> None:
    """Put a title, the file's name and a line below them into a window's column.

    Args:
        column: Whose margins and spacing become 0.
        title: What the window is for.
        path: The file; the whole of it is the name's tooltip.
    """
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    head = QHBoxLayout()
    head.setContentsMargins(18, 12, 18, 12)
    head.setSpacing(10)
    head.addWidget(text_label(title, size="title", weight=600))
    name = text_label(path.name, tone="secondary")
    name.setToolTip(str(path))
    head.addWidget(name, 1)
    column.addLayout(head)
    column.addWidget(horizontal_line())
