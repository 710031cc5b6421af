"""All views as thumbnails in columns, scrolled where they need more room."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from hpe_studio.ui.viewer_layout import Box
from hpe_studio.ui.views.cell import ViewCell
from hpe_studio.ui.views.places import GAP_PX, Spread


class ThumbArea(QScrollArea):
    """Holds the cells of all views while they stand beside the large one.

    Args:
        parent: What it lies in.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(never)
        self._thumbs = QWidget()
        self.setWidget(self._thumbs)
        self.hide()

    def lay_out(self, made: Spread, cells: Mapping[int, ViewCell], shown: int) -> None:
        """Take the cells in, in rows, that of the large view lit and in sight.

        Args:
            made: How many columns of which size.
            cells: By view.
            shown: The view that is large.
        """
        wide, high = made.thumb_px
        rows = -(-len(cells) // made.columns)
        total = rows * (high + GAP_PX) - GAP_PX
        if total > self.height():  # the bar takes its share of the width
            bar = self.verticalScrollBar().sizeHint().width()
            free = self.width() - bar - GAP_PX * (made.columns - 1)
            wide, high = free // made.columns, round(high * free / made.columns / wide)
            total = rows * (high + GAP_PX) - GAP_PX
        self._thumbs.resize(made.columns * (wide + GAP_PX) - GAP_PX, total)
        for place, (number, cell) in enumerate(cells.items()):
            row, column = divmod(place, made.columns)
            cell.setParent(self._thumbs)
            cell.setGeometry(
                column * (wide + GAP_PX), row * (high + GAP_PX), wide, high
            )
            cell.light(is_large=number == shown)
            cell.show()
        if shown in cells:
            self.ensureWidgetVisible(cells[shown], 0, 0)


def rect_of(box: Box) -> QRect:
    """A box of the layout as Qt takes it."""
    return QRect(box.x, box.y, box.width, box.height)
