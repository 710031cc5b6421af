"""The tree of people, shots and cameras: select, rename, hide, lock, delete, drag."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDrag,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyleOptionViewItem,
    QTreeView,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.outliner_menus import menu_of
from hpe_studio.ui.outliner_model import EYE, LOCK, NAME, OutlinerModel
from hpe_studio.ui.outliner_nodes import Node
from hpe_studio.ui.outliner_rows import INDENT_PX, RowPainter
from hpe_studio.ui.outliner_selecting import RowSelection
from hpe_studio.ui.outliner_switches import toggle_eye, toggle_lock, use
from hpe_studio.ui.session import Session

_COLUMN_PX, _CHEVRON_HIT_PX = 24, 9
_FLAGS = QItemSelectionModel.SelectionFlag
_CLICKS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class OutlinerTree(QTreeView):
    """The tree itself; rows are people and shots of the document.

    Args:
        session: What is listed.
        actions: Actions of the context menu.
    """

    search_wanted = Signal()

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session = session
        self._actions = actions
        self._closed: set[int] = set()
        self._opened: set[int] = set()
        self._rows = OutlinerModel(session, self)
        self.setModel(self._rows)
        self._painter = RowPainter(session, self._rows, self)
        self.setItemDelegate(self._painter)
        self._selecting = RowSelection(session, self, self._rows)
        self._set_up()
        self._size_columns()
        self._expand()
        self._shot_shown = session.document.shot_at(session.view.frame).id
        self._selecting.show(session.view.selection)
        self._connect()

    @property
    def rows(self) -> OutlinerModel:
        """The rows as a model."""
        return self._rows

    @property
    def is_bare(self) -> bool:
        """True where the search left nothing."""
        groups = self._rows.tree.root.children
        return not any(group.children for group in groups)

    def index_of(self, kind: str, value_id: int, person_id: int = 0) -> QModelIndex:
        """The first column of a row; invalid where it is not listed."""
        return self._rows.index_of(self._rows.tree.find(kind, value_id, person_id))

    def rename(self, person_id: int) -> None:
        """Open the editor of a person's name."""
        index = self.index_of("person", person_id)
        if index.isValid():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.scrollTo(index)
            self.edit(index)

    def show_only(self, wanted: str) -> None:
        """List only people and shots whose name holds some text."""
        self._selecting.is_busy = True
        self._rows.wanted = wanted
        self._expand()
        self._selecting.is_busy = False
        self._selecting.show(self._session.view.selection)

    def select_first(self) -> None:
        """Select the first row that the search left."""
        for group in self._rows.tree.root.children:
            if group.children:
                self.setCurrentIndex(self._rows.index_of(group.children[0]))
                return

    # Mouse and keys ---------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Toggle chevron, eye and lock; leave the rest to the tree."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            node = self._rows.node(index)
            if index.column() in (EYE, LOCK):
                if self._toggle(node, index.column()):
                    return
            elif node.children and self._is_on_chevron(index, event):
                self.setExpanded(index, not self.isExpanded(index))
                return
            elif node.kind == "group":
                self.setFocus(Qt.FocusReason.MouseFocusReason)
                self.setExpanded(index, not self.isExpanded(index))
                return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second click on a switch toggles again; a name is typed, a shot shown."""
        index = self.indexAt(event.position().toPoint())
        node = self._rows.node(index)
        is_switch = index.column() in (EYE, LOCK) or node.kind == "group"
        if is_switch or (node.children and self._is_on_chevron(index, event)):
            self.mousePressEvent(event)
        elif node.kind == "person":
            self.rename(node.id)
        else:
            self._use(node)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, show and hide (Space), lock (Ctrl+L), find (Ctrl+F), use (Enter)."""
        keys = Qt.Key
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_ctrl = held == Qt.KeyboardModifier.ControlModifier
        key, node = event.key(), self._rows.node(self.currentIndex())
        if key == keys.Key_Delete:
            self._actions["delete_person"].trigger()
        elif key == keys.Key_Space and not held:
            self._toggle(node, EYE)
        elif key == keys.Key_L and is_ctrl:
            self._toggle(node, LOCK)
        elif key == keys.Key_F and is_ctrl:
            self.search_wanted.emit()
        elif key == keys.Key_H and held == Qt.KeyboardModifier.AltModifier:
            self._actions["show_all"].trigger()
        elif key in _CLICKS and not held:
            self._use(node)
        else:
            super().keyPressEvent(event)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Drag the selected tracks or people; what becomes of them is the drop's."""
        indexes = [i for i in self.selectedIndexes() if i.column() == NAME]
        kinds = ("track", "person")
        dragged = [i for i in indexes if self._rows.node(i).kind in kinds]
        if dragged:
            drag = QDrag(self)
            drag.setMimeData(self._rows.mimeData(dragged))
            drag.exec(Qt.DropAction.MoveAction)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which row has the focus, the first one at first."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            first = self._rows.index(0, 0)
            self.selectionModel().setCurrentIndex(first, _FLAGS.NoUpdate)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the focus mark away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def drawRow(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Mark the row that has the focus."""
        super().drawRow(painter, option, index)
        current = self.currentIndex()
        is_current = current.isValid() and current.siblingAtColumn(0) == index
        if self.hasFocus() and is_current:
            painter.save()
            painter.setPen(look.colour("focus.ring"))
            wide = option.rect.adjusted(0, 0, -1, -1)  # type: ignore[attr-defined]
            wide.setLeft(0)
            painter.drawRect(wide)
            painter.restore()

    # Inside -----------------------------------------------------------------------

    def _set_up(self) -> None:
        self.setAccessibleName(self.tr("People and shots"))
        self.setHeaderHidden(True)
        self.setIndentation(INDENT_PX)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _connect(self) -> None:
        self.customContextMenuRequested.connect(self._on_menu_requested)
        self.expanded.connect(self._on_expanded)
        self.collapsed.connect(self._on_collapsed)
        bridge = self._session.bridge
        bridge.document_changed.connect(self._on_document_changed)
        self._session.problems.changed.connect(self.viewport().update)
        bridge.layers_changed.connect(self._on_layers_changed)
        bridge.frame_changed.connect(self._on_frame_changed)
        self._session.requests.rename_wanted.connect(self.rename)

    def _size_columns(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_COLUMN_PX)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column in (LOCK, EYE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, _COLUMN_PX)

    def _is_on_chevron(self, index: QModelIndex, event: QMouseEvent) -> bool:
        left = self.visualRect(index).left()
        return abs(event.position().x() - left) <= _CHEVRON_HIT_PX

    def _toggle(self, node: Node, column: int) -> bool:
        """Turn a row's switch; that of a selected person turns all selected ones."""
        turn = toggle_eye if column == EYE else toggle_lock
        return turn(self._session, node)

    def _use(self, node: Node) -> None:
        """What a double click or Enter on a row does."""
        if node.kind == "group":
            index = self._rows.index_of(node)
            self.setExpanded(index, not self.isExpanded(index))
        else:
            use(self._session, node)

    def _expand(self) -> None:
        """Open what was open: groups unless they were closed, people if opened."""
        for group in self._rows.tree.root.children:
            if group.id not in self._closed or self._rows.wanted:
                self.expand(self._rows.index_of(group))
        for person_id in self._opened:
            index = self.index_of("person", person_id)
            if index.isValid():
                self.expand(index)

    def _refresh(self) -> None:
        self._selecting.is_busy = True
        if self._rows.refresh():
            self._expand()
        self._selecting.is_busy = False
        self._selecting.show(self._session.view.selection)

    def _on_document_changed(self, touched: Touched) -> None:
        if touched.is_preview_only and not touched.any_of("persons"):
            return
        if touched.any_of("tracks"):
            self._painter.forget_sources()
        people = touched.any_of("persons", "tracks", "keys", "takes", "estimates")
        if people or touched.any_of("shots", "views", "settings"):
            self._refresh()

    def _on_layers_changed(self, _layers: object) -> None:
        self.viewport().update()

    def _on_frame_changed(self, frame: int) -> None:
        shot = self._session.document.shot_at(frame).id
        if shot != self._shot_shown:
            self._shot_shown = shot
            self.viewport().update()

    def _on_expanded(self, index: QModelIndex) -> None:
        node = self._rows.node(index)
        if node.kind == "person":
            self._opened.add(node.id)
        elif not self._rows.wanted:
            self._closed.discard(node.id)

    def _on_collapsed(self, index: QModelIndex) -> None:
        node = self._rows.node(index)
        if node.kind == "person":
            self._opened.discard(node.id)
        elif not self._rows.wanted:
            self._closed.add(node.id)

    def _on_menu_requested(self, position: QPoint) -> None:
        index = self.indexAt(position)
        if not index.isValid():
            return
        node = self._rows.node(index)
        menu = menu_of(self, self._session, self._actions, node)
        if menu is not None:
            menu.popup(self.viewport().mapToGlobal(position))
