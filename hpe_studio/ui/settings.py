"""What a person prefers, kept in the data folder from one start to the next."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QSettings, Signal

from hpe_studio.assets import data_folder

_FILE_NAME = "settings.ini"
_T = TypeVar("_T")


class Settings(QObject):
    """Names and values that outlive the window ("keys.profile", "look.theme").

    Values are what JSON can say. A value that cannot be read, or is of another type
    than its default, counts as never chosen: a damaged file never stops the program.

    Args:
        path: The file; made with the first value.
    """

    changed = Signal(str)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    def read(self, name: str, default: _T) -> _T:
        """The value chosen, else the default."""
        text = self._store.value(name)
        try:
            value: Any = json.loads(text) if isinstance(text, str) else default
        except ValueError:
            return default
        return value if isinstance(value, type(default)) else default

    def write(self, name: str, value: object) -> None:
        """Keep a value and tell who listens; the same value again is no change."""
        text = json.dumps(value)
        if self._store.value(name) != text:
            self._store.setValue(name, text)
            self._store.sync()
            self.changed.emit(name)

    def forget(self, name: str) -> None:
        """Go back to the default."""
        if self._store.contains(name):
            self._store.remove(name)
            self._store.sync()
            self.changed.emit(name)


def settings() -> Settings:
    """The settings of the data folder in use."""
    return _settings_at(data_folder() / _FILE_NAME)


@cache
def _settings_at(path: Path) -> Settings:
    with suppress(OSError):  # then nothing is kept, and nothing fails
        path.parent.mkdir(parents=True, exist_ok=True)
    return Settings(path)
