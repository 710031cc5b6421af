"""The picture of the lanes: kept until something changes, the playhead over it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPixmap, QResizeEvent

from hpe_studio.ui import look
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.board_painter import Pictures, paint_board
from hpe_studio.ui.lanes.contents import Contents
from hpe_studio.ui.lanes.lane_painter import LaneStrips
from hpe_studio.ui.lanes.model import Board, Lane, Place
from hpe_studio.ui.lanes.over_time import OverTime
from hpe_studio.ui.lanes.rows import (
    BAR_PX,
    CONTACTS_PX,
    FILM_PX,
    PART_PX,
    RULER_PX,
    SHOTS_PX,
    Layout,
    person_lane_px,
)
from hpe_studio.ui.session import Session


class LaneView(OverTime):
    """Ruler, shots and one lane per person over time, to look at.

    Args:
        session: What is shown.
    """

    axis_changed = Signal()
    snap_top_px = RULER_PX - 4.0

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.contents = Contents(session.document)
        self.strips = LaneStrips()
        self._rows = Layout(lanes_px=(), height_px=1.0)
        self._film: Pictures | None = None
        self._room_px = 0.0
        self._shot_drawn: int | None = None
        look.changed.connect(self._on_look_changed)
        session.problems.changed.connect(self._on_problems_changed)

    # Reading -----------------------------------------------------------------

    @property
    def axis(self) -> TimeAxis:
        """Frames over pixels."""
        return self._axis

    @axis.setter
    def axis(self, axis: TimeAxis) -> None:
        if axis != self._axis:
            self._axis = axis
            self.axis_changed.emit()
            self.refresh()

    @property
    def rows(self) -> Layout:
        """Where the rows lie."""
        return self._rows

    @property
    def film(self) -> Pictures | None:
        """What paints pictures of the clip, or None where there are none."""
        return self._film

    @film.setter
    def film(self, film: Pictures | None) -> None:
        self._film = film
        self.refresh()

    @property
    def room_px(self) -> float:
        """Height of the whole panel, which decides how high lanes are."""
        return self._room_px or float(self.height())

    @room_px.setter
    def room_px(self, room_px: float) -> None:
        self._room_px = room_px
        self.refresh()

    def scroll_to(self, scroll_px: float) -> None:
        """Scroll the lanes, within bounds."""
        bounded = min(max(scroll_px, 0.0), self._rows.most_scroll_px)
        if bounded != self._rows.scroll_px:
            self._rows = replace(self._rows, scroll_px=bounded)
            self.refresh()

    def board(self) -> Board:
        """What is shown now."""
        if self._board is None:
            self._board = self._made_board(self._rows, self.contents.lanes)
        return self._board

    def y_of(self, person_id: int, part: str = "") -> float:
        """Where the keys of a person, or of a part of one, stand.

        Raises:
            KeyError: If there is no such lane.
        """
        for index, lane in enumerate(self.contents.lanes):
            if (lane.person_id, lane.part) == (person_id, part):
                return self._rows.key_y(index)
        raise KeyError(person_id)

    # Changing ----------------------------------------------------------------

    def toggle_open(self, person_id: int) -> None:
        """Show the parts of a person's body, or only the person."""
        self.contents.opened ^= {person_id}
        self.refresh()
        index = self.contents.index_of(person_id)
        if index is not None and person_id in self.contents.opened:
            lanes = self.contents.lanes
            last = max(i for i, e in enumerate(lanes) if e.person_id == person_id)
            self.scroll_to(self._rows.scroll_to_show(last))
            self.scroll_to(self._rows.scroll_to_show(index))

    def refresh(self) -> None:
        """Draw everything that looks different anew soon."""
        self._board = self._picture = None
        self._rows = self._fitted_rows()
        self._place_playhead()
        self.update()
        self.refreshed.emit()

    def refresh_pictures(self) -> None:
        """Draw the clip's pictures anew soon; nothing else changed."""
        self._picture = None
        self.update()

    def show_frame(self) -> None:
        """Let only the playhead follow, unless another shot begins."""
        if self._board is not None:
            self._board = replace(self._board, frame=self.session.view.frame)
        self._place_playhead()
        if self._picture is not None and self._shot_shown() != self._shot_drawn:
            self._picture = None
            self.update()

    def catch_up(self, touched: Touched) -> None:
        """Take in what a gesture here did, to show it before anybody else."""
        view, board = self.session.view, self.board()
        seen = (board.selected, board.persons, board.play_range)
        chosen = view.selection
        is_other = (chosen.keys, chosen.persons, view.play_range) != seen
        if self.contents.forget(touched) or is_other:
            self.refresh()
        else:
            self.show_frame()

    # Events ------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is seen."""
        self._playhead.setGeometry(self.rect())
        self.axis = self._axis.resized(event.size().width())
        self.refresh()

    # Within

    def _fitted_rows(self) -> Layout:
        height = self.height()
        lane_px = person_lane_px(self.room_px)
        sizes = {"person": lane_px, "part": PART_PX, "contacts": CONTACTS_PX}
        lanes_px = tuple(sizes[lane.kind] for lane in self.contents.lanes)
        shots_px = SHOTS_PX if self._film is None else FILM_PX
        return self._rows.fitted(lanes_px, height, shots_px)

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        self._shot_drawn = self._shot_shown()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        with QPainter(picture) as painter:
            labels = paint_board(painter, self.board(), self.strips, self._film)
        self._playhead.labels = labels
        return picture

    def _shot_shown(self) -> int | None:
        return self.board().shot_number_at(self.session.view.frame)

    def _note_y(self, place: Place) -> float | None:
        lanes = self.contents.lanes
        index = next((i for i, e in enumerate(lanes) if _shows(e, place)), None)
        if index is None:
            return None
        return max(self._rows.key_y(index) - BAR_PX / 2, RULER_PX + 22)

    def _on_problems_changed(self) -> None:
        if self.contents.show_problems(self.session.problems.open_ranges()):
            self.refresh()

    def _on_look_changed(self) -> None:
        self.strips.clear()
        self.refresh()


def _shows(lane: Lane, place: Place) -> bool:
    return lane.kind == "person" and place in lane.places
