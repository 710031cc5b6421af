"""Where the window stood, kept from one start to the next."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode

from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from hpe_studio.ui.settings import settings

_NAME = "layout.window"
_VERSION = 1
_FIRST_SIZE = QSize(1440, 900)
_SEEN_PX = 120


def keep_place(window: QWidget) -> None:
    """Keep size, place and whether it fills the screen."""
    text = b64encode(bytes(window.saveGeometry().data())).decode()
    settings().write(_NAME, {"version": _VERSION, "geometry": text})


def restore_place(window: QWidget) -> None:
    """Put the window where it was; on a screen that is there, whatever was kept."""
    told = settings().read(_NAME, {})
    kept = _decoded(told.get("geometry")) if told.get("version") == _VERSION else None
    if kept is None or not window.restoreGeometry(QByteArray(kept)):
        window.resize(_fitting(_FIRST_SIZE, window))
    elif not (window.isMaximized() or window.isFullScreen()):
        _bring_back(window)


def _bring_back(window: QWidget) -> None:
    """A screen that is gone leaves its windows where nobody sees them."""
    frame = window.geometry()
    for screen in QGuiApplication.screens():
        seen = screen.availableGeometry().intersected(frame)
        if seen.width() >= _SEEN_PX and seen.height() >= _SEEN_PX:
            return
    room = QGuiApplication.primaryScreen().availableGeometry()
    size = frame.size().boundedTo(room.size())
    place = QRect(room.topLeft(), size)
    place.moveCenter(room.center())
    window.setGeometry(place)


def _fitting(size: QSize, window: QWidget) -> QSize:
    return size.boundedTo(window.screen().availableGeometry().size())


def _decoded(text: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
