"""What the patterns in the lanes mean, as small samples in the bottom line."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hpe_studio.core.track import Source
from hpe_studio.ui import look
from hpe_studio.ui.joints import source_title
from hpe_studio.ui.lanes.bars import paint_pieces
from hpe_studio.ui.lanes.model import BAR_PX
from hpe_studio.ui.lanes.runs import Piece
from hpe_studio.ui.widgets import text_label

_SHOWN = (
    Source.ESTIMATED,
    Source.FILLED,
    Source.FILTERED,
    Source.KEYED,
    Source.IMPORTED,
    Source.MISSING,
)
_SAMPLE = QSize(16, 10)


class Legend(QWidget):
    """A sample and a word for every source of motion."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for source in _SHOWN:
            row.addWidget(_Sample(source))
            word = source_title(source).lower()
            row.addWidget(text_label(word, size="small", tone="secondary"))
            row.addSpacing(8)


class _Sample(QWidget):
    """A piece of a lane's bar.

    Args:
        source: Which.
    """

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self.setFixedSize(_SAMPLE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it, cut to its height."""
        with QPainter(self) as painter:
            if self._source == Source.KEYED:
                self._paint_diamond(painter)
                return
            painter.setClipRect(QRectF(self.rect()))
            piece = Piece(left=0.0, right=self.width() + 1.0, source=self._source)
            top, ground = (self.height() - BAR_PX) / 2, look.colour("bg.panel")
            paint_pieces(painter, (piece,), top, 0.0, ground)

    def _paint_diamond(self, painter: QPainter) -> None:
        """Keys are diamonds in the lanes."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("bg.window"), 1.0))
        painter.setBrush(look.colour("source.keyed"))
        painter.translate(QRectF(self.rect()).center())
        painter.rotate(45)
        side = self.height() * 0.7
        painter.drawRect(QRectF(-side / 2, -side / 2, side, side))
