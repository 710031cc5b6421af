"""Small pictures of recent projects: the clip at the frame that was shown last."""

from __future__ import annotations

import hashlib
import logging
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from hpe_studio.assets import data_folder
from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing

if TYPE_CHECKING:
    from hpe_studio.ui.session import Session

_log = logging.getLogger(__name__)

SIZE_PX = (416, 228)
"""Twice the size at which a thumbnail is shown."""
_MOST_BYTES = 40_000
_QUALITIES = (85, 75, 60, 45, 30)


class _Teller(QObject):
    written = Signal(str)


_teller = _Teller()
written = _teller.written
"""Tells the path of a thumbnail that has just been stored."""


def path_for(project: Path) -> Path:
    """Where a project's thumbnail lies, whether it is there or not."""
    name = hashlib.sha256(str(project.absolute()).encode()).hexdigest()[:24]
    return data_folder() / "thumbnails" / f"{name}.jpg"


def keep(session: Session) -> threading.Thread | None:
    """Store a picture of the frame shown, if it is at hand, without waiting.

    Returns:
        The thread that writes it, or None where there is nothing to write.
    """
    loader = session.loader
    picture = None if loader is None else loader.cached(session.view.frame)
    if picture is None or picture.missing:
        return None
    path = path_for(session.project.path)
    writer = threading.Thread(target=_store, args=(path, picture.rgb), name="thumbnail")
    writer.start()
    return writer


def forget(project: Path) -> None:
    """Delete a project's thumbnail."""
    with suppress(OSError):
        path_for(project).unlink(missing_ok=True)


def encoded(rgb: ByteArray) -> bytes:
    """A picture cut to the thumbnail's shape and size, as JPEG below 40 kB.

    Args:
        rgb: Shape (height, width, 3).
    """
    import cv2

    height, width = rgb.shape[:2]
    wide, high = SIZE_PX
    share = min(width / wide, height / high)
    cut_w, cut_h = max(1, round(wide * share)), max(1, round(high * share))
    left, top = (width - cut_w) // 2, (height - cut_h) // 2
    cut = rgb[top : top + cut_h, left : left + cut_w]
    small = cv2.resize(cut, SIZE_PX, interpolation=cv2.INTER_AREA)
    bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    data = b""
    for quality in _QUALITIES:
        _, buffer = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
        data = buffer.tobytes()
        if len(data) <= _MOST_BYTES:
            break
    return data


def _store(path: Path, rgb: ByteArray) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_replacing(path, encoded(rgb))
    except (OSError, StudioError) as error:
        _log.info("no thumbnail: %s", error)
        return
    with suppress(RuntimeError):  # the program ended meanwhile
        _teller.written.emit(str(path))
