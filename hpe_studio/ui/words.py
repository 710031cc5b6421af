"""Words that people see, in their language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

CONTEXT = "studio"


def tr(text: str) -> str:
    """A text in the language of the window; itself where no translation is loaded.

    Args:
        text: English, as it stands in the code. What changes in it is put in
            afterwards: `tr("{count} keys").format(count=3)`.
    """
    return QCoreApplication.translate(CONTEXT, text)
