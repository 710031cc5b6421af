"""The lanes panel: labels at the left, time at the right, in step with everything."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QScrollBar, QWidget

from hpe_studio.core.viewstate import Selection
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.lanes import doing
from hpe_studio.ui.lanes.canvas import LaneCanvas
from hpe_studio.ui.lanes.corner import Corner
from hpe_studio.ui.lanes.curve_label import CurveLabel
from hpe_studio.ui.lanes.curve_view import CurveView, is_wanted
from hpe_studio.ui.lanes.empty import EmptyLanes
from hpe_studio.ui.lanes.film import Film
from hpe_studio.ui.lanes.hits import Hit
from hpe_studio.ui.lanes.labels import LaneLabels
from hpe_studio.ui.lanes.menus import key_menu, time_menu
from hpe_studio.ui.lanes.overview import Overview
from hpe_studio.ui.lanes.selecting import select_keys, select_person
from hpe_studio.ui.person_menu import person_menu
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr

_LABELS_PX = 260


class LanesPanel(QWidget):
    """Ruler, shots and a lane per person with sources, gaps, keys; curves below.

    Args:
        session: What is shown.
        actions: Actions of the menus and of the empty state.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session, self._actions = session, actions
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.canvas = LaneCanvas(session)
        self.labels = LaneLabels(session, self.canvas)
        self.corner = Corner(self.canvas)
        self.curves = CurveView(session, self.canvas)
        self.curve_label = CurveLabel(session, self.curves, actions["toggle_curves"])
        self.overview = Overview(self.canvas)
        self.film: Film | None = None
        self.empty = EmptyLanes(actions)
        self.empty.setParent(self.canvas)
        self._foot = QWidget()
        self._scroll = QScrollBar(Qt.Orientation.Vertical)
        self._scroll.setAccessibleName(tr("Scroll people"))
        self._is_syncing = False
        self.setFocusProxy(self.canvas)
        self._lay_out()
        self._connect()
        self._show_film()
        self._show_rows()
        self.canvas.refresh()

    @property
    def is_still(self) -> bool:
        """True when no picture of the clip is still being made."""
        return self.film is None or self.film.is_still

    def close_views(self) -> None:
        """Abort drags and stop making pictures, before the footage is closed."""
        self.canvas.cancel()
        self._drop_film()

    def menu_of(self, found: Hit) -> QMenu | None:
        """The context menu of what was hit; it is selected first."""
        session = self._session
        if found.kind == "key" and found.key is not None:
            if found.key.place not in session.view.selection.keys:
                select_keys(session, frozenset({found.key.place}))
            place = found.key.place
            return key_menu(self, session, self._actions, place, found.part)
        person = session.document.persons.get(found.person_id or -1)
        if person is None:
            return time_menu(self, session, self._actions, found)
        if person.id != session.view.selection.active:
            select_person(session, person.id, is_adding=False)
        return person_menu(self, session, self._actions, person)

    def do(self, what: str) -> None:
        """Do what a command asks of the lanes ("zoom_in", "toggle_parts", ...)."""
        session, canvas = self._session, self.canvas
        active = session.view.selection.active
        if what == "toggle_parts" and active is not None:
            canvas.toggle_open(active)
        elif what == "select_all_keys":
            doing.select_all_keys(session)
        elif what in ("nudge_back", "nudge_forward"):
            doing.nudge_keys(session, 1 if what == "nudge_forward" else -1)
        else:
            canvas.zoom_as(what)

    def set_labels_px(self, width: int) -> None:
        """Make the labels as wide as the dock above them."""
        for widget in (self.corner, self.labels, self.curve_label, self._foot):
            widget.setFixedWidth(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the curves out where the panel is low."""
        self.canvas.room_px = float(event.size().height())
        self._show_rows()

    # Within

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.corner, 0, 0)
        grid.addWidget(self.labels, 1, 0)
        line = QFrame()
        line.setFixedWidth(1)
        look.set_role(line, role="line")
        grid.addWidget(line, 0, 1, 4, 1)
        grid.addWidget(self.canvas, 0, 2, 2, 1)
        grid.addWidget(self._scroll, 0, 3, 2, 1)
        grid.addWidget(self.curve_label, 2, 0)
        grid.addWidget(self.curves, 2, 2)
        grid.addWidget(self._foot, 3, 0)
        grid.addWidget(self.overview, 3, 2)
        self._foot.setFixedHeight(self.overview.height())
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(1, 1)
        self.set_labels_px(_LABELS_PX)

    def _connect(self) -> None:
        bridge, requests = self._session.bridge, self._session.requests
        bridge.document_changed.connect(self._on_document_changed)
        bridge.frame_changed.connect(self._on_frame_changed)
        bridge.selection_changed.connect(self._on_selection_changed)
        bridge.layers_changed.connect(self._on_layers_changed)
        bridge.range_changed.connect(self._on_looks_changed)
        requests.lanes_wanted.connect(self.do)
        requests.range_wanted.connect(self.canvas.bring_range)
        requests.footage_attached.connect(self._show_film)
        requests.footage_lost.connect(self._drop_film)
        self.canvas.refreshed.connect(self._on_canvas_refreshed)
        self.canvas.axis_changed.connect(self._on_axis_changed)
        self.canvas.scroll_wanted.connect(self._on_scroll_wanted)
        self.canvas.menu_wanted.connect(self._on_menu_wanted)
        self.labels.menu_wanted.connect(self._on_menu_wanted)
        self._scroll.valueChanged.connect(self._on_scroll_moved)

    def _show_film(self) -> None:
        """Show pictures of the clip, where they are wanted and there is footage."""
        is_on = self._session.view.layers.thumbnails
        footage = self._session.footage
        if self.film is None and is_on and footage is not None:
            self.film = Film(footage, self)
            self.film.pictures_came.connect(self.canvas.refresh_pictures)
        shown = self.film if is_on else None
        if self.canvas.film is not shown:
            self.canvas.film = shown

    def _drop_film(self) -> None:
        """Make no more pictures of footage that goes or is gone."""
        self.canvas.film = None
        if self.film is not None:
            self.film.close()
            self.film = None

    def _show_rows(self) -> None:
        """Show the rows below the lanes that are wanted."""
        with_curves = is_wanted(self._session.view.layers, self.height())
        for widget in (self.curves, self.curve_label):
            widget.setVisible(with_curves)
        is_zoomed = not self.canvas.axis.is_fitted
        for widget in (self.overview, self._foot):
            widget.setVisible(is_zoomed)

    def _on_document_changed(self, touched: Touched) -> None:
        view, document = self._session.view, self._session.document
        if not document.is_editing:
            kept = {p for p in view.selection.keys if document.key_at(*p) is not None}
            if kept != view.selection.keys:
                view.selection = replace(view.selection, keys=frozenset(kept))
        if self.canvas.contents.forget(touched):
            self.canvas.refresh()

    def _on_frame_changed(self, frame: int) -> None:
        canvas, direction = self.canvas, self._session.playback.direction
        canvas.show_frame()
        if self.film is not None:
            self.film.disturb()
        if canvas.is_dragging:
            return
        axis = canvas.axis
        canvas.axis = axis.paged(frame, direction) if direction else axis.finding(frame)

    def _on_selection_changed(self, selection: Selection) -> None:
        canvas = self.canvas
        canvas.contents.show_contacts_of(selection.active)
        index = canvas.contents.index_of(selection.active or -1)
        if index is not None and not canvas.is_dragging:
            canvas.scroll_to(canvas.rows.scroll_to_show(index))
        canvas.refresh()

    def _on_layers_changed(self, _layers: object) -> None:
        self._show_film()
        self._show_rows()
        self.canvas.refresh()

    def _on_looks_changed(self, _what: object) -> None:
        self.canvas.refresh()

    def _on_axis_changed(self) -> None:
        if self.overview.isHidden() is not self.canvas.axis.is_fitted:
            self._show_rows()

    def _on_canvas_refreshed(self) -> None:
        rows = self.canvas.rows
        self._is_syncing = True
        most = int(rows.most_scroll_px)
        self._scroll.setRange(0, most)
        self._scroll.setPageStep(max(int(rows.height_px - rows.lanes_top), 1))
        self._scroll.setSingleStep(int(rows.lanes_px[0]) if rows.lanes_px else 1)
        self._scroll.setValue(int(rows.scroll_px))
        self._scroll.setVisible(most > 0)
        self._is_syncing = False
        self.empty.setVisible(rows.lane_count == 0)
        top = int(rows.lanes_top)
        self.empty.setGeometry(
            0, top, self.canvas.width(), max(self.canvas.height() - top, 0)
        )

    def _on_scroll_moved(self, value: int) -> None:
        if not self._is_syncing:
            self.canvas.scroll_to(float(value))

    def _on_scroll_wanted(self, by_px: float) -> None:
        self.canvas.scroll_to(self.canvas.rows.scroll_px + by_px)

    def _on_menu_wanted(self, found: Hit, where: QPoint) -> None:
        menu = self.menu_of(found)
        if menu is not None:
            menu.popup(where)
