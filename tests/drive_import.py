"""Verbs for the import window, by real events."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton

from hpe_studio.ui.importing import ImportDialog
from tests.driver import StudioDriver


def examined(driver: StudioDriver, path: Path | None = None) -> ImportDialog:
    """The import window once it has read (and matched) its results.

    Args:
        driver: The window.
        path: Results to show it for; it is open already when None.
    """
    if path is not None:
        driver.window.asking.show_import(path)
    dialog = driver.window.findChild(ImportDialog)
    assert dialog is not None, "no import window"
    driver.wait_until(lambda: not dialog.is_working, "results to be read")
    driver.settle()
    return dialog


def press(driver: StudioDriver, button: QPushButton) -> None:
    """Click a button in its middle."""
    driver.click(button, button.width() / 2, button.height() / 2)


def take_in(driver: StudioDriver, path: Path | None = None) -> None:
    """Press Import and wait until the people are there."""
    dialog = examined(driver, path)
    press(driver, dialog.import_button)
    driver.wait_idle()
