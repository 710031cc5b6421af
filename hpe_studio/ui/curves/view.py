"""The picture of the curves: kept until something changes, the playhead over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap, QResizeEvent

from hpe_studio.core.skeleton import skeleton
from hpe_studio.ui import look
from hpe_studio.ui.curves.marks import CurveMarks, Diamond
from hpe_studio.ui.curves.quantities import QUANTITIES, Quantity
from hpe_studio.ui.curves.row import Row
from hpe_studio.ui.curves.source import GraphSource
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.board_painter import paint_cuts, paint_ruler
from hpe_studio.ui.lanes.marks import KeyMark, key_marks
from hpe_studio.ui.lanes.model import Board, Lane, Place
from hpe_studio.ui.lanes.over_time import OverTime
from hpe_studio.ui.lanes.rows import RULER_PX, Layout
from hpe_studio.ui.lanes.runs import ranges_as_runs
from hpe_studio.ui.session import Session

_LEAST_ROW_PX = 44.0


class CurvesView(OverTime):
    """Ruler and rows of curves over time, to look at.

    Args:
        session: What is shown.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.source = GraphSource(session)
        self.components: tuple[int, ...] = (0, 1, 2)
        self.rows: tuple[Row, ...] = ()
        self.marks = CurveMarks(self)
        self._graph = pg.GraphicsView(self)
        self._graph.setBackground(None)
        self._graph.hide()
        scene = self._graph.scene()
        scene.setItemIndexMethod(scene.ItemIndexMethod.NoIndex)
        self._made: dict[tuple[Quantity, ...], Row] = {}
        self._quantities: tuple[Quantity, ...] = QUANTITIES[:1]
        self._is_normalised = False
        self._make_rows()

    # Reading -----------------------------------------------------------------

    @property
    def axis(self) -> TimeAxis:
        """Frames over pixels."""
        return self._axis

    @axis.setter
    def axis(self, axis: TimeAxis) -> None:
        if axis != self._axis:
            self._axis = axis
            self.refresh()

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What is shown, from top to bottom."""
        return self._quantities

    @property
    def is_normalised(self) -> bool:
        """True where all curves share one row, each in its own range."""
        return self._is_normalised

    def board(self) -> Board:
        """Time and the active person's keys, as gestures and rulers want them."""
        if self._board is None:
            layout = Layout(lanes_px=(), height_px=float(self.height()))
            self._board = self._made_board(layout, self._lanes())
        return self._board

    def row_at(self, y: float) -> Row | None:
        """The row below a pixel."""
        inside = (row for row in self.rows if row.rect.bottom() > y - RULER_PX)
        return next(inside, None) if y >= RULER_PX else None

    # Changing ----------------------------------------------------------------

    def show_quantities(
        self, quantities: Sequence[Quantity], *, normalised: bool
    ) -> None:
        """Show these, each in a row or all in one, made comparable."""
        self._quantities, self._is_normalised = tuple(quantities), normalised
        self._make_rows()
        self.refresh()

    def show_components(self, components: Sequence[int]) -> None:
        """Show these of X, Y and Z (0, 1, 2)."""
        self.components = tuple(sorted(components))
        self.refresh()

    def refresh(self) -> None:
        """Draw everything anew soon."""
        self._board = self._picture = None
        self._place_playhead()
        self.update()
        self.refreshed.emit()

    def show_frame(self) -> None:
        """Let the playhead and the values beside the rows' names follow."""
        if self._board is not None:
            self._board = replace(self._board, frame=self.session.view.frame)
        self._place_playhead()
        for row in self.rows:
            self.update(self.marks.title_rect(row).toAlignedRect())

    def close_graph(self) -> None:
        """Give pyqtgraph's scene back, before the widget goes."""
        self.rows = ()
        self._made.clear()
        self._graph.close()

    # Events ------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is seen."""
        self._playhead.setGeometry(self.rect())
        self._axis = self._axis.resized(event.size().width())
        self._place_rows()
        self.refresh()

    # Within

    def _paint_over(self, painter: QPainter) -> None:
        self.marks.paint_titles(painter)

    def _note_y(self, place: Place) -> float | None:
        return self.marks.note_y(place)

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(look.colour("bg.lane"))
        for row in self.rows:
            series = {q.id: self.source.series(q.id) for q in row.quantities}
            row.draw(series, self._axis, self.components)
        painter = QPainter(picture)
        scene = self._graph.scene()
        scene.prepareForPaint()  # type: ignore[attr-defined]
        area = QRectF(0, 0, self.width(), max(self.height() - RULER_PX, 1))
        scene.render(painter, area.translated(0, RULER_PX), area)
        self.marks.paint(painter)
        board = self.board()
        paint_cuts(painter, board, RULER_PX, self.height(), notched=False)
        self._playhead.labels = paint_ruler(painter, board)
        painter.end()
        return picture

    def _make_rows(self) -> None:
        is_joint = self._is_normalised and len(self._quantities) > 1
        each = [(quantity,) for quantity in self._quantities]
        groups = [self._quantities] if is_joint else each
        for group in groups:
            if group not in self._made:
                self._made[group] = Row(self._graph, group)
        self.rows = tuple(self._made[group] for group in groups)
        for row in self._made.values():
            row.show(shown=row in self.rows)
        self._place_rows()

    def _place_rows(self) -> None:
        room = max(self.height() - RULER_PX, 1.0)
        each = max(room / max(len(self.rows), 1), _LEAST_ROW_PX)
        self._graph.setRange(QRectF(0, 0, max(self.width(), 1), room), padding=0)
        for index, row in enumerate(self.rows):
            row.place(QRectF(0, index * each, self.width(), each))

    def _lanes(self) -> tuple[Lane, ...]:
        """The active person's keys of the joint as one lane."""
        active = self.session.view.selection.active
        marks = tuple(mark for mark in self.key_marks())
        if active is None:
            return ()
        lane = Lane(
            person_id=active,
            runs=ranges_as_runs([]),
            keys=marks,
            places=frozenset(mark.place for mark in marks),
        )
        return (lane,)

    def key_marks(self) -> tuple[KeyMark, ...]:
        """Keys of the joint shown, in order of time."""
        document, joint = self.session.document, self.source.joint
        return tuple(
            mark
            for track in self.source.tracks
            for mark in key_marks(track, document.keys_of(track.id), (joint,))
        )

    def diamonds(self) -> tuple[Diamond, ...]:
        """The diamonds that are seen."""
        return self.marks.diamonds()

    @property
    def joint_count(self) -> int:
        """Joints of the first track shown; 0 where there is none."""
        tracks = self.source.tracks
        return len(skeleton(tracks[0].skeleton).joint_names) if tracks else 0
