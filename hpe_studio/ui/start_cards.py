"""The cards of the start page: ways to begin, and projects that were open lately."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout

from hpe_studio.ui import look, thumbnails
from hpe_studio.ui.empty import Tile
from hpe_studio.ui.recent import RecentProject
from hpe_studio.ui.widgets import ActionKey, text_label
from hpe_studio.ui.words import tr

CARD_PX, LOW_CARD_PX = 176, 148
THUMBNAIL_PX, RECENT_PX = 114, 196
_RADIUS_PX, _RECENT_RADIUS_PX, _PAD_PX = 10, 8, 12
_PLACEHOLDER_PX, _DIMMED = 28, 0.4
_BACK, _ON = (Qt.Key.Key_Left, Qt.Key.Key_Up), (Qt.Key.Key_Right, Qt.Key.Key_Down)


class _Card(QAbstractButton):
    """A button as large as a card: Return does what Space does, arrows go on."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do it by Return; go to the neighbours by arrows."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (*_BACK, *_ON):
            self.focusNextPrevChild(event.key() in _ON)
        else:
            super().keyPressEvent(event)

    def _paint_ground(self, painter: QPainter, radius: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = "bg.header"
        if self.isDown():
            ground = "bg.pressed"
        elif self.underMouse():
            ground = "bg.hover"
        painter.setBrush(look.colour(ground))
        painter.drawRoundedRect(self._inner(), radius, radius)

    def _paint_edge(self, painter: QPainter, radius: float) -> None:
        has_focus = self.hasFocus()
        ring = "focus.ring" if has_focus else "border.strong"
        painter.setPen(QPen(look.colour(ring), 2.0 if has_focus else 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self._inner(), radius, radius)

    def _inner(self) -> QRectF:
        half = 1.0 if self.hasFocus() else 0.5
        return QRectF(self.rect()).adjusted(half, half, -half, -half)


class Card(_Card):
    """A large button with an icon, a title and a line of words.

    Args:
        icon: Name of the icon.
        title: What it does.
        text: To what.
        keys: The action whose key does the same.
        note: Other small words at the bottom.
        is_accent: True for the one that is recommended.
    """

    def __init__(
        self,
        icon: str,
        title: str,
        text: str,
        *,
        keys: QAction | None = None,
        note: str = "",
        is_accent: bool = False,
    ) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{text}. {note}".rstrip(". "))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        ink, ground = "text.primary", "bg.raised"
        if is_accent:
            ink, ground = "accent.on", "accent.fill"
        self._column = QVBoxLayout(self)
        self._column.setSpacing(4)
        self._column.addWidget(Tile(icon, ink, ground))
        self._column.addSpacing(12)
        self._column.addWidget(text_label(title, size="card", weight=600))
        words = text_label(text, tone="secondary")
        words.setWordWrap(True)
        self._column.addWidget(words)
        self._column.addStretch(1)
        foot = QHBoxLayout()
        if keys is not None:
            foot.addWidget(ActionKey(keys))
        if note:
            foot.addWidget(text_label(note, size="small", tone="muted"))
        foot.addStretch(1)
        self._column.addLayout(foot)
        self.be_low(is_low=False)

    def be_low(self, *, is_low: bool) -> None:
        """Take less room where the window is low."""
        pad = 12 if is_low else 20
        self._column.setContentsMargins(20, pad, 20, pad)
        extra = look.text_px("body") + look.text_px("card") - 27
        self.setFixedHeight((LOW_CARD_PX if is_low else CARD_PX) + 2 * max(extra, 0))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card, brighter under the pointer, ringed with the focus."""
        with QPainter(self) as painter:
            self._paint_ground(painter, _RADIUS_PX)
            self._paint_edge(painter, _RADIUS_PX)


class RecentCard(_Card):
    """A recent project: its picture, its name, what is in it and when it was open.

    Args:
        project: Which.
    """

    menu_wanted = Signal(object)

    def __init__(self, project: RecentProject) -> None:
        super().__init__()
        self.project = project
        self.is_missing = False
        self.setToolTip(str(project.path))
        self.setAccessibleName(project.path.name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._file = thumbnails.path_for(project.path)
        self._thumbnail = QPixmap(str(self._file))
        self._say()
        thumbnails.written.connect(self._on_thumbnail_written)
        look.changed.connect(self.updateGeometry)

    def be_missing(self) -> None:
        """Show that the file is not where it was."""
        self.is_missing = True
        self._say()
        self.update()

    def sizeHint(self) -> QSize:
        """Picture and three lines of text."""
        return QSize(160, THUMBNAIL_PX + 22 + 3 * self._line_px())

    def minimumSizeHint(self) -> QSize:
        """The same height however narrow."""
        return self.sizeHint()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu, at the pointer or below the card."""
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        below = self.mapToGlobal(self.rect().bottomLeft())
        self.menu_wanted.emit(below if is_key else event.globalPos())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint picture, name and lines."""
        with QPainter(self) as painter:
            self._paint_ground(painter, _RECENT_RADIUS_PX)
            self._paint_picture(painter)
            room = QRectF(self.rect()).adjusted(_PAD_PX, THUMBNAIL_PX + 10, -_PAD_PX, 0)
            line = self._line_px()
            self._paint_name(
                painter, QRectF(room.left(), room.top(), room.width(), line)
            )
            second = room.translated(0, line)
            self._paint_line(painter, second, self.project.summary, "text.secondary")
            self._paint_foot(painter, room.translated(0, 2 * line + 4))
            self._paint_edge(painter, _RECENT_RADIUS_PX)

    def _paint_picture(self, painter: QPainter) -> None:
        box = QRectF(0, 0, self.width(), THUMBNAIL_PX)
        shape = QPainterPath()
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape.addRoundedRect(whole, _RECENT_RADIUS_PX, _RECENT_RADIUS_PX)
        painter.save()
        painter.setClipPath(shape)
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._thumbnail.isNull():
            self._paint_placeholder(painter, box)
        else:
            painter.setOpacity(_DIMMED if self.is_missing else 1.0)
            painter.drawPixmap(box, self._thumbnail, self._shown_part(box))
        painter.restore()

    def _shown_part(self, box: QRectF) -> QRectF:
        picture = QRectF(self._thumbnail.rect())
        share = min(picture.width() / box.width(), picture.height() / box.height())
        part = QRectF(0, 0, box.width() * share, box.height() * share)
        part.moveCenter(picture.center())
        return part

    def _paint_placeholder(self, painter: QPainter, box: QRectF) -> None:
        painter.fillRect(box, look.colour("bg.window"))
        ink, ratio = look.colour("text.disabled"), self.devicePixelRatioF()
        half = _PLACEHOLDER_PX / 2
        picture = look.pixmap("clapperboard", _PLACEHOLDER_PX, ink, ratio)
        painter.drawPixmap(box.center() - QPointF(half, half), picture)

    def _paint_name(self, painter: QPainter, box: QRectF) -> None:
        painter.setFont(look.font("body", 600))
        metrics = painter.fontMetrics()
        suffix = self.project.path.suffix
        plain = look.font("body")
        room = box.width() - metrics.horizontalAdvance(suffix)
        elide = Qt.TextElideMode.ElideMiddle
        stem = metrics.elidedText(self.project.path.stem, elide, int(room))
        painter.setPen(look.colour(self._ink("text.primary")))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, stem)
        box.setLeft(box.left() + metrics.horizontalAdvance(stem))
        painter.setFont(plain)
        painter.setPen(look.colour("text.muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, suffix)

    def _paint_line(self, painter: QPainter, room: QRectF, text: str, ink: str) -> None:
        painter.setFont(look.font("small"))
        painter.setPen(look.colour(self._ink(ink)))
        box = QRectF(room.left(), room.top(), room.width(), self._line_px())
        metrics = painter.fontMetrics()
        elide = Qt.TextElideMode.ElideRight
        shown = metrics.elidedText(text, elide, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_foot(self, painter: QPainter, room: QRectF) -> None:
        if self.is_missing:
            words = tr("not found: locate or remove")
            self._paint_line(painter, room, words, "state.warn")
            return
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text.muted"))
        box = QRectF(room.left(), room.top(), room.width(), self._line_px())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box, flags, self.project.when)
        taken = painter.fontMetrics().horizontalAdvance(self.project.when) + 8
        left = room.adjusted(0, 0, -taken, 0)
        self._paint_line(painter, left, self.project.note, "text.muted")

    def _ink(self, ink: str) -> str:
        return "text.muted" if self.is_missing and ink != "state.warn" else ink

    def _line_px(self) -> int:
        return look.text_px("body") + 8

    def _say(self) -> None:
        project = self.project
        lacking = tr("not found") if self.is_missing else ""
        words = (project.summary, project.note, project.when, lacking)
        self.setAccessibleDescription(", ".join(filter(None, words)))

    def _on_thumbnail_written(self, path: str) -> None:
        if Path(path) == self._file:
            self._thumbnail = QPixmap(path)
            self.update()
