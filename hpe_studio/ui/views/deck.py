"""The video's pane with all synchronous views: one, some side by side, or all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from hpe_studio.edits.views import view_numbers
from hpe_studio.ui import look
from hpe_studio.ui.empty import EmptyState
from hpe_studio.ui.session import Session
from hpe_studio.ui.video_view import VideoView
from hpe_studio.ui.viewer_layout import Grid
from hpe_studio.ui.views.cell import ViewCell
from hpe_studio.ui.views.feed import SizePx
from hpe_studio.ui.views.places import (
    GAP_PX,
    Spread,
    page_of,
    page_step,
    spread,
)
from hpe_studio.ui.views.thumbs import ThumbArea, rect_of
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.media.loader import Picture
    from hpe_studio.ui.bridge import Touched


class ViewDeck(QWidget):
    """Lays the video and the other views out and tells which of them are seen.

    The view that is edited in is always the video itself, in its own place of the
    grid; the others are `ViewCell`s. A press into one of equal rank makes it the one
    that is edited in and acts there at once.

    Args:
        session: What is shown.
        video: Where one edits.
        add_action: Adds views; offered where there are none.
    """

    grid_wanted = Signal(str)
    menu_wanted = Signal(int, object)

    def __init__(self, session: Session, video: VideoView, add_action: QAction) -> None:
        super().__init__()
        self._session = session
        self.video = video
        self._grid: Grid = "one"
        self.last_grid: Grid = "four"
        self.cells: dict[int, ViewCell] = {}
        self._held: int | None = None  # between press and release within its cell
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Views"))
        self.setMinimumSize(160, 120)
        video.setParent(self)
        video.setMinimumSize(1, 1)  # as small as its place in the grid
        video.installEventFilter(self)
        self.thumb_area = ThumbArea(self)
        self.thumb_area.verticalScrollBar().valueChanged.connect(self._tell_seen)
        self.thumb_area.hide()
        self.empty = EmptyState(
            "video",
            tr("One camera only"),
            detail=tr("Films of other cameras at the same time stand here beside it"),
            action=add_action,
        )
        self.empty.setParent(self)
        self.empty.hide()
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.setInterval(0)
        self._telling.timeout.connect(self._tell_seen)
        self._listen()
        self._place()

    # Reading -----------------------------------------------------------------------

    @property
    def grid(self) -> Grid:
        """How many views stand here."""
        return self._grid

    @grid.setter
    def grid(self, grid: Grid) -> None:
        if grid != self._grid:
            if grid != "one":
                self.last_grid = grid
            self._grid = grid
            self._place()

    @property
    def numbers(self) -> tuple[int, ...]:
        """All views in order."""
        return view_numbers(self._session.document)

    @property
    def seen(self) -> tuple[int, ...]:
        """Views that can be seen now, the one that is edited in among them."""
        cells = [n for n, cell in self.cells.items() if self._is_seen(cell)]
        return tuple(sorted({self._session.view.shown_view, *cells}))

    @property
    def is_still(self) -> bool:
        """True when every view that is seen shows the frame's picture."""
        if self._telling.isActive():
            return False
        return len(self.numbers) == 1 or self._session.feeds.is_still

    # Doing -------------------------------------------------------------------------

    def show_view(self, number: int) -> None:
        """Make a view the one that is edited in."""
        if number in self.numbers:
            self._session.view.shown_view = number

    def step(self, by: int) -> None:
        """Make the view so many further the one that is edited in, round and round."""
        numbers = self.numbers
        at = numbers.index(self._session.view.shown_view)
        self.show_view(numbers[(at + by) % len(numbers)])

    def step_page(self, by: int) -> None:
        """Show the views so many pages further."""
        shown = self._session.view.shown_view
        self.show_view(page_step(self.numbers, shown, self._grid, by))

    def show_large(self, number: int) -> None:
        """Give a view all the room, or the large place over the thumbnails."""
        self.show_view(number)
        if self._grid != "all":
            self.grid_wanted.emit("one")
        self.video.setFocus(Qt.FocusReason.OtherFocusReason)

    # Laying out ----------------------------------------------------------------------

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Share the new room."""
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what is between and beside the views."""
        with QPainter(self) as painter:
            ground = look.colour("video.backdrop")
            painter.fillRect(self.rect(), ground)
            painter.fillRect(self.rect(), look.colour("video.tag_text", alpha=0.14))
            for box in self._spread().slots:
                painter.fillRect(rect_of(box), ground)
            if self._spread().thumbs is not None:
                painter.fillRect(self.thumb_area.geometry(), ground)
            if self._is_parted():
                painter.setPen(QPen(look.colour("accent.fill"), GAP_PX))
                painter.drawRect(self.video.geometry().adjusted(-1, -1, 1, 1))

    def _is_parted(self) -> bool:
        return self._grid not in ("one", "all") and len(self.numbers) > 1

    def _aspect(self) -> float:
        clip = self._session.shown_clip
        return clip.size_px[0] * clip.pixel_aspect / clip.size_px[1]

    def _spread(self) -> Spread:
        numbers, shown = self.numbers, self._session.view.shown_view
        room = (max(self.width(), 1), max(self.height(), 1))
        if len(numbers) == 1:
            is_asked = self._grid != "one"
            return spread("two" if is_asked else "one", 0, room, self._aspect())
        page = page_of(numbers, shown, self._grid)
        at, count = page.index(shown), len(numbers)
        return spread(self._grid, at, room, self._aspect(), count)

    def _place(self, _cause: object = None) -> None:
        made, numbers = self._spread(), self.numbers
        shown = self._session.view.shown_view
        self.video.setGeometry(rect_of(made.large))
        self._keep_cells(numbers if self._grid != "one" else ())
        is_alone = len(numbers) == 1 and self._grid != "one"
        self.empty.setVisible(is_alone)
        if is_alone:
            self.empty.setGeometry(rect_of(made.slots[1]))
        self.thumb_area.setVisible(made.thumbs is not None)
        if made.thumbs is not None:
            self.thumb_area.setGeometry(rect_of(made.thumbs))
            self.thumb_area.lay_out(made, self.cells, shown)
        else:
            self._place_cells(made, page_of(numbers, shown, self._grid), shown)
        self.update()
        self._telling.start()

    def _place_cells(self, made: Spread, page: tuple[int, ...], shown: int) -> None:
        places = dict(zip(page, made.slots, strict=False))
        for number, cell in self.cells.items():
            cell.setParent(self)
            cell.light(is_large=False)
            if number in places:
                cell.setGeometry(rect_of(places[number]))
            is_under = number == shown and number == self._held
            cell.setVisible(number in places and (number != shown or is_under))
            if is_under:
                cell.stackUnder(self.video)

    def _keep_cells(self, numbers: tuple[int, ...]) -> None:
        """A cell for each of these views, in order."""
        if len(numbers) == 1:
            numbers = ()
        for number in [n for n in self.cells if n not in numbers]:
            cell = self.cells.pop(number)
            cell.hide()
            cell.deleteLater()
        made: dict[int, ViewCell] = {}
        for number in numbers:
            made[number] = self.cells.get(number) or self._new_cell(number)
        self.cells = made

    def _new_cell(self, number: int) -> ViewCell:
        cell = ViewCell(self._session, number)
        cell.pressed.connect(self._on_cell_pressed)
        cell.moved.connect(self._on_cell_moved)
        cell.released.connect(self._on_cell_released)
        cell.chosen.connect(self.show_large)
        cell.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

        def asked(at: object) -> None:
            self.menu_wanted.emit(number, at)

        cell.customContextMenuRequested.connect(asked)
        return cell

    def _is_seen(self, cell: ViewCell) -> bool:
        return cell.isVisible() and not cell.visibleRegion().isEmpty()

    def _tell_seen(self) -> None:
        """Say which views have to decode, and how large."""
        if len(self.numbers) == 1:
            return
        sizes: dict[int, SizePx] = {
            number: cell.picture_px
            for number, cell in self.cells.items()
            if self._is_seen(cell)
        }
        sizes[self._session.view.shown_view] = self._large_px()
        self._session.feeds.see(sizes)

    def _large_px(self) -> SizePx:
        """How large the video's picture is needed; None for whole."""
        if not self._is_parted() or not self.video.zoom.is_fitted:
            return None
        left, top, right, bottom = self.video.transform.picture_rect()
        ratio = self.devicePixelRatioF()
        wide, high = round((right - left) * ratio), round((bottom - top) * ratio)
        return max(wide, 1), max(high, 1)

    # What happens -------------------------------------------------------------------

    def _listen(self) -> None:
        session, bridge = self._session, self._session.bridge
        session.feeds.picture_arrived.connect(self._on_picture_arrived)
        session.feeds.opened.connect(self._on_opened)
        bridge.shown_view_changed.connect(self._place)
        bridge.frame_changed.connect(self._on_places_changed)
        bridge.selection_changed.connect(self._on_places_changed)
        bridge.layers_changed.connect(self._on_people_changed)
        bridge.document_changed.connect(self._on_document_changed)
        self.video.zoom.moved.connect(self._on_zoom_moved)
        look.changed.connect(self._on_people_changed)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A double click gives the video the room where it shares it."""
        is_double = event.type() == QEvent.Type.MouseButtonDblClick
        if is_double and self._is_parted():
            self.show_large(self._session.view.shown_view)
            return True
        return False

    def _on_cell_pressed(self, number: int, event: QMouseEvent) -> None:
        cell = self.cells[number]
        if event.button() == Qt.MouseButton.RightButton:
            return
        if self._grid == "all":
            cell.setFocus(Qt.FocusReason.MouseFocusReason)
            person = cell.person_at(event.position().x(), event.position().y())
            if person is not None:
                self._session.select(person)
            return
        # The cell keeps the mouse, below the video, until it is released.
        self._held = number
        self._session.view.shown_view = number
        self.video.mousePressEvent(event)

    def _on_cell_moved(self, number: int, event: QMouseEvent) -> None:
        if number == self._held:
            self.video.mouseMoveEvent(event)

    def _on_cell_released(self, number: int, event: QMouseEvent) -> None:
        if number == self._held:
            self._held = None
            self.video.mouseReleaseEvent(event)
            self._place()

    def _on_picture_arrived(self, number: int, picture: Picture) -> None:
        cell = self.cells.get(number)
        if cell is not None:
            cell.show_picture(picture)

    def _on_opened(self, number: int) -> None:
        if number in self.cells:
            self.cells[number].update()

    def _on_places_changed(self, _change: object = None) -> None:
        for cell in self.cells.values():
            cell.forget_places()

    def _on_people_changed(self, _change: object = None) -> None:
        for cell in self.cells.values():
            cell.forget_people()

    def _on_zoom_moved(self) -> None:
        if len(self.numbers) > 1:
            self._session.feeds.fit(self._session.view.shown_view, self._large_px())

    def _on_document_changed(self, touched: Touched) -> None:
        if touched.any_of("views"):
            self._place()
        if touched.any_of("views", "settings"):
            for cell in self.cells.values():
                cell.take_name()
        self._on_people_changed()
