"""Pictures of the clip in the row of shots, made while nothing else moves."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap

from hpe_studio.core.arrays import ByteArray
from hpe_studio.media.footage import Footage
from hpe_studio.media.thumbnails import Thumbnails
from hpe_studio.ui import look
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.model import Board
from hpe_studio.ui.lanes.rows import FILM_PX

_SHARPNESS = 2
"""Pixels of a picture per pixel of the row, for screens of twice the density."""

_REST_MS, _SHOW_MS = 150, 60
_MOST_PIXMAPS = 320
_WIDEST = 1.6
"""A slot that is wider than its picture by more than this is not filled."""


class Film(QObject):
    """Small pictures side by side; paints those that are there, asks for the others.

    Args:
        footage: Opened clip.
        parent: Owner.
    """

    pictures_came = Signal()
    _ready = Signal()

    def __init__(self, footage: Footage, parent: QObject) -> None:
        super().__init__(parent)
        width, height = footage.size_px
        self._picture_px = max((FILM_PX - 3) * width / max(height, 1), 12.0)
        size_px = (
            round(self._picture_px * _SHARPNESS),
            round((FILM_PX - 3) * _SHARPNESS),
        )
        self._thumbnails = Thumbnails(footage, self._ready.emit, size_px=size_px)
        self._footage = footage
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()
        self._missing: list[int] = []
        self._rest_timer = self._timer(_REST_MS, self._on_rested)
        self._show_timer = self._timer(_SHOW_MS, self.pictures_came.emit)
        self._ready.connect(self._on_ready)

    @property
    def is_still(self) -> bool:
        """True when all pictures in view are there, or could not be made."""
        is_waiting = self._rest_timer.isActive() or self._show_timer.isActive()
        return not is_waiting and self._thumbnails.is_idle

    @property
    def held_bytes(self) -> int:
        """Memory of the pictures, without those that are ready to be painted."""
        return self._thumbnails.held_bytes

    def disturb(self) -> None:
        """Something moves: make no pictures until it rests."""
        if self._missing or not self._thumbnails.is_idle:
            self._thumbnails.rest()
            self._rest_timer.start()

    def close(self) -> None:
        """Stop making pictures and wait for the last one."""
        self._rest_timer.stop()
        self._show_timer.stop()
        self._thumbnails.close()
        self._pixmaps.clear()

    def paint(self, painter: QPainter, box: QRectF, board: Board) -> None:
        """Fill a box with the pictures of the frames below it."""
        axis = board.axis
        painter.setClipRect(box)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        step = slot_frames(axis, self._picture_px)
        ground = look.colour("bg.header")
        missing: list[int] = []
        start, stop = axis.seen
        for frame in range(start // step * step, stop, step):
            left = axis.edge(frame)
            right = axis.edge(min(frame + step, axis.frame_count))
            slot = QRectF(left, box.top(), right - left - 1, box.height())
            painter.fillRect(slot, ground)
            picture = self._pixmap(frame)
            if picture is None:
                missing.append(frame)
            else:
                self._paint_picture(painter, slot, picture)
        self._want(missing)

    def _paint_picture(self, painter: QPainter, slot: QRectF, picture: QPixmap) -> None:
        """Paint a picture so that it covers its slot, cut where it is too large."""
        width, height = picture.width(), picture.height()
        if slot.width() > _WIDEST * self._picture_px:
            slot = QRectF(slot.left(), slot.top(), self._picture_px, slot.height())
        scale = max(slot.width() / width, slot.height() / height)
        seen = QRectF(0, 0, slot.width() / scale, slot.height() / scale)
        seen.moveCenter(QRectF(0, 0, width, height).center())
        painter.drawPixmap(slot, picture, seen)

    def _pixmap(self, frame: int) -> QPixmap | None:
        key = self._footage.run_start(frame)
        known = self._pixmaps.get(key)
        if known is not None:
            self._pixmaps.move_to_end(key)
            return known
        picture = self._thumbnails.get(frame)
        if picture is None:
            return None
        made = self._pixmaps[key] = _pixmap_of(picture)
        while len(self._pixmaps) > _MOST_PIXMAPS:
            self._pixmaps.popitem(last=False)
        return made

    def _want(self, missing: list[int]) -> None:
        if missing == self._missing:
            return
        self._missing = missing
        if missing:
            self._thumbnails.rest()
            self._rest_timer.start()

    def _timer(self, wait_ms: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait_ms)
        timer.timeout.connect(slot)
        return timer

    def _on_rested(self) -> None:
        self._thumbnails.want(self._missing)

    def _on_ready(self) -> None:
        if not self._show_timer.isActive():
            self._show_timer.start()


def slot_frames(axis: TimeAxis, picture_px: float) -> int:
    """How many frames a picture stands for: 1, 2, 3, 4, 6, 8, 12, ...

    Slots begin at multiples of it, so that pictures stay while the axis is panned.
    """
    wanted = picture_px / axis.px_per_frame
    step = 1
    while step < wanted:
        step *= 2
    between = step * 3 // 4  # 3, 6, 12, ...
    return between if step >= 4 and between >= wanted else step


def _pixmap_of(picture: ByteArray) -> QPixmap:
    height, width = picture.shape[:2]
    image = QImage(picture.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)
