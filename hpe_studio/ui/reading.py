"""A long film while its frames are read: its pictures at once, nothing to edit yet.

Frames are never counted by rate, so there is no document before the last one is known.
Until then the part that is known is shown and can be scrubbed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.errors import StudioError
from hpe_studio.media.loader import FrameLoader, Picture
from hpe_studio.ui import look
from hpe_studio.ui.jobs import JobRunner, RunningJob
from hpe_studio.ui.widgets import text_label
from hpe_studio.workflow.films import first_part, read_film, unread_film

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage
    from hpe_studio.media.frameindex import FrameIndex

_CACHE_BYTES = 96 << 20
_MARGIN_PX = 16


class ReadingPage(QWidget):
    """Shows the first part of a film while the rest is read.

    `cancelled` is emitted when a person does not want to wait.

    Args:
        path: The film.
    """

    cancelled = Signal()
    _loaded = Signal(object)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._footage: Footage | None = None
        self._loader: FrameLoader | None = None
        look.set_role(self, role="page")
        self.setAccessibleName(self.tr("Reading {}").format(path.name))
        self.picture = _PictureBox()
        self.strip = PartStrip()
        self._title = text_label(path.name)
        self._told = text_label(tone="secondary")
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(self._title)
        row.addWidget(self._told, 1)
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(10)
        column.addWidget(self.picture, 1)
        column.addWidget(self.strip)
        column.addLayout(row)
        self.strip.moved.connect(self._ask)
        self._loaded.connect(self._on_loaded, Qt.ConnectionType.QueuedConnection)
        self.tell(None)

    @property
    def frame(self) -> int:
        """The frame asked for."""
        return self.strip.frame

    def tell(self, fraction: float | None) -> None:
        """Say how much of the film is read."""
        share = "" if fraction is None else f" {round(100 * fraction)} %"
        self._told.setText(self.tr("Reading the film…") + share)
        self.strip.set_share(fraction or 0.0)

    def grow(self, index: FrameIndex) -> None:
        """More of the film is known."""
        try:
            footage = first_part(self._path, index)
        except StudioError:
            return  # the job says what is wrong with the film
        self.close_film()
        self._footage = footage
        self._loader = FrameLoader(footage, self._loaded.emit, cache_bytes=_CACHE_BYTES)
        self.strip.set_frames(footage.frame_count)
        if not self.picture.has_picture:
            # the very first one was decoded already when the part was opened
            self.picture.show_picture(footage.read_rgb(0))
        self._ask(self.frame)

    def close_film(self) -> None:
        """Give the file back."""
        if self._loader is not None:
            self._loader.close()
        if self._footage is not None:
            self._footage.close()
        self._loader = self._footage = None

    def _ask(self, frame: int) -> None:
        if self._loader is not None:
            self._loader.request(frame)

    def _on_loaded(self, picture: Picture) -> None:
        self.picture.show_picture(picture.rgb)


class _PictureBox(QWidget):
    """One picture, as large as fits."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 90)
        self.setAccessibleName(self.tr("Video"))

    @property
    def has_picture(self) -> bool:
        """True from the first picture on."""
        return self._image is not None

    def show_picture(self, rgb: ByteArray) -> None:
        """Show a picture, shape (height, width, 3)."""
        height, width, _ = rgb.shape
        kind = QImage.Format.Format_RGB888
        self._image = QImage(rgb.tobytes(), width, height, 3 * width, kind).copy()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture amid the backdrop."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.colour("video.backdrop"))
            if self._image is not None:
                size = self._image.size().scaled(
                    self.size(), Qt.AspectRatioMode.KeepAspectRatio
                )
                left = (self.width() - size.width()) / 2
                top = (self.height() - size.height()) / 2
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                place = QRectF(left, top, size.width(), size.height())
                painter.drawImage(place, self._image)


class PartStrip(QWidget):
    """Where in the film one is; only what is known can be reached.

    `moved` carries the frame, by mouse, arrows, Home and End.
    """

    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.frame = 0
        self._frames = 0
        self._share = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(24)
        self.setAccessibleName(self.tr("Part of the film that is read"))

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(400, 24)

    def set_frames(self, count: int) -> None:
        """So many frames can be reached."""
        self._frames = count
        self.update()

    def set_share(self, share: float) -> None:
        """So much of the film is read, 0 to 1."""
        self._share = share
        self.update()

    def x_of(self, frame: int) -> float:
        """Where a known frame lies."""
        known = max(1, self._frames - 1)
        return _MARGIN_PX + self._known_px() * min(1.0, frame / known)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the film, the part that is known and the playhead."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            whole = QRectF(_MARGIN_PX, 9, self.width() - 2 * _MARGIN_PX, 6)
            painter.setBrush(look.colour("bg.input"))
            painter.drawRoundedRect(whole, 3, 3)
            painter.setBrush(look.colour("accent.fill"))
            whole.setWidth(self._known_px())
            painter.drawRoundedRect(whole, 3, 3)
            if self._frames:
                painter.setPen(QPen(look.colour("data.playhead"), 2))
                x = self.x_of(self.frame)
                painter.drawLine(round(x), 3, round(x), 21)
            if self.hasFocus():
                painter.setPen(QPen(look.colour("focus.ring"), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(8, 1, self.width() - 16, 22), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        self._go_to_x(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub while the button is held."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to_x(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by arrows, ten frames with Shift; Home and End."""
        step = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        goals = {
            Qt.Key.Key_Left: self.frame - step,
            Qt.Key.Key_Right: self.frame + step,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._frames - 1,
        }
        goal = goals.get(Qt.Key(event.key()))
        if goal is None:
            event.ignore()
        else:
            self._go(goal)

    def _known_px(self) -> float:
        return (self.width() - 2 * _MARGIN_PX) * self._share

    def _go_to_x(self, x: float) -> None:
        known = max(1.0, self._known_px())
        self._go(round((x - _MARGIN_PX) / known * (self._frames - 1)))

    def _go(self, frame: int) -> None:
        if self._frames:
            self.frame = min(max(frame, 0), self._frames - 1)
            self.moved.emit(self.frame)
            self.update()


class FilmReader(QObject):
    """Reads a long film before it is opened, one at a time.

    Args:
        jobs: Where reading runs.
        show_page: Told the page to show, None when it is over.
        parent: Owner.
    """

    def __init__(
        self,
        jobs: JobRunner,
        show_page: Callable[[ReadingPage | None], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._show_page = show_page
        self._job: RunningJob | None = None
        self.page: ReadingPage | None = None

    def read_first(self, path: Path, then: Callable[[int], None]) -> bool:
        """True where a film has to be read before a path can be opened.

        Args:
            path: Clip or project.
            then: Called when the film is read, with the frame that was looked at.
        """
        self.stop()
        film = unread_film(path)
        if film is None:
            return False

        page = ReadingPage(film)

        def on_result(_index: FrameIndex) -> None:
            if self.page is page:  # nobody wants another film meanwhile
                self._leave(page)
                then(page.frame)

        self._job = self._jobs.start(
            self.tr("Reading the film"),
            read_film(film),
            on_result=on_result,
            on_cancelled=partial(self._leave, page),
            on_partial=partial(self._on_partial, page),
        )
        self._job.progressed.connect(self._on_progressed)
        self.page = page
        page.cancelled.connect(self.stop)
        self._show_page(page)
        return True

    def stop(self) -> None:
        """Give up reading and show again what was shown before."""
        if self._job is not None and self.page is not None:
            self._job.cancel()
            self._leave(self.page)

    def _leave(self, page: ReadingPage) -> None:
        if self.page is page:
            self.page = self._job = None
            self._show_page(None)
            page.close_film()
            page.deleteLater()

    def _on_progressed(self) -> None:
        if self.page is not None and self._job is not None:
            self.page.tell(self._job.progress.fraction)

    def _on_partial(self, page: ReadingPage, part: object) -> None:
        if self.page is page:
            page.grow(cast("FrameIndex", part))
