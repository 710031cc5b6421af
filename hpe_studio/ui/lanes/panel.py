"""The lanes panel: labels at the left, time at the right, in step with everything."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QMenu, QScrollBar, QWidget

from hpe_studio.core.viewstate import Selection
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.lanes.canvas import LaneCanvas
from hpe_studio.ui.lanes.corner import Corner
from hpe_studio.ui.lanes.empty import EmptyLanes
from hpe_studio.ui.lanes.labels import LaneLabels
from hpe_studio.ui.lanes.menus import key_menu
from hpe_studio.ui.lanes.model import Hit
from hpe_studio.ui.lanes.selecting import select_keys, select_person
from hpe_studio.ui.person_menu import person_menu
from hpe_studio.ui.session import Session

_LABELS_PX = 260


class LanesPanel(QWidget):
    """Ruler, shots and a lane per person with sources, gaps and keys.

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
        self.empty = EmptyLanes(actions)
        self.empty.setParent(self.canvas)
        self._scroll = QScrollBar(Qt.Orientation.Vertical)
        self._scroll.setAccessibleName("Scroll people")
        self._is_syncing = False
        self.setFocusProxy(self.canvas)
        self._lay_out()
        self._connect()
        self.canvas.refresh()

    def menu_of(self, found: Hit) -> QMenu | None:
        """The context menu of what was hit; it is selected first."""
        session = self._session
        if found.kind == "key" and found.key is not None:
            if found.key.place not in session.view.selection.keys:
                select_keys(session, frozenset({found.key.place}))
            return key_menu(self, session, self._actions, found.key.place)
        person = session.document.persons.get(found.person_id or -1)
        if person is None:
            return None
        if person.id != session.view.selection.active:
            select_person(session, person.id, is_adding=False)
        return person_menu(self, session, self._actions, person)

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
        grid.addWidget(line, 0, 1, 2, 1)
        grid.addWidget(self.canvas, 0, 2, 2, 1)
        grid.addWidget(self._scroll, 0, 3, 2, 1)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(1, 1)
        self.set_labels_px(_LABELS_PX)

    def _connect(self) -> None:
        bridge = self._session.bridge
        bridge.document_changed.connect(self._on_document_changed)
        bridge.frame_changed.connect(self._on_frame_changed)
        bridge.selection_changed.connect(self._on_selection_changed)
        bridge.layers_changed.connect(self._on_looks_changed)
        bridge.range_changed.connect(self._on_looks_changed)
        self.canvas.refreshed.connect(self._on_canvas_refreshed)
        self.canvas.scroll_wanted.connect(self._on_scroll_wanted)
        self.canvas.menu_wanted.connect(self._on_menu_wanted)
        self.labels.menu_wanted.connect(self._on_menu_wanted)
        self._scroll.valueChanged.connect(self._on_scroll_moved)

    def set_labels_px(self, width: int) -> None:
        self.corner.setFixedWidth(width)
        self.labels.setFixedWidth(width)

    def _on_document_changed(self, touched: Touched) -> None:
        if not self.canvas.contents.forget(touched):
            return
        view, document = self._session.view, self._session.document
        if not document.is_editing:
            kept = {p for p in view.selection.keys if document.key_at(*p) is not None}
            if kept != view.selection.keys:
                view.selection = replace(view.selection, keys=frozenset(kept))
        self.canvas.refresh()

    def _on_frame_changed(self, frame: int) -> None:
        canvas, direction = self.canvas, self._session.playback.direction
        canvas.show_frame()
        if canvas.is_dragging:
            return
        axis = canvas.axis
        canvas.axis = axis.paged(frame, direction) if direction else axis.finding(frame)

    def _on_selection_changed(self, selection: Selection) -> None:
        canvas = self.canvas
        people = [lane.person_id for lane in canvas.contents.lanes]
        if selection.active in people and not canvas.is_dragging:
            index = people.index(selection.active)
            canvas.scroll_to(canvas.rows.scroll_to_show(index))
        canvas.refresh()

    def _on_looks_changed(self, _what: object) -> None:
        self.canvas.refresh()

    def _on_canvas_refreshed(self) -> None:
        rows = self.canvas.rows
        self._is_syncing = True
        most = int(rows.most_scroll_px)
        self._scroll.setRange(0, most)
        self._scroll.setPageStep(max(int(rows.height_px - rows.lanes_top), 1))
        self._scroll.setSingleStep(int(rows.lane_px))
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
