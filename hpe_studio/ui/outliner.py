"""The list of people and shots at the left: select, rename, hide, lock, delete."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.viewstate import Selection
from hpe_studio.ui import commands, look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.outliner_rows import ID, KIND, RowPainter
from hpe_studio.ui.person_menu import person_menu
from hpe_studio.ui.session import Session

_EYE, _LOCK = 2, 1
_COLUMN_PX = 24


class Outliner(QWidget):
    """Header and tree of people and shots.

    Args:
        session: What is listed.
        actions: Actions of the context menu.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.tree = OutlinerTree(session, actions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tree, 1)


class OutlinerTree(QTreeView):
    """The tree itself; rows are people and shots of the document.

    Args:
        session: What is listed.
        actions: Actions of the context menu.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session = session
        self._actions = actions
        self._is_syncing = False
        self._model = QStandardItemModel(0, 3, self)
        self.setModel(self._model)
        self.setItemDelegate(RowPainter(session, self))
        self.setAccessibleName("People and shots")
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_requested)
        self._rebuild()
        self._size_columns()
        self.selectionModel().selectionChanged.connect(self._on_rows_selected)
        bridge = session.bridge
        bridge.document_changed.connect(self._on_document_changed)
        bridge.selection_changed.connect(self._on_selection_changed)
        bridge.layers_changed.connect(self._on_layers_changed)
        bridge.frame_changed.connect(self._on_frame_changed)
        session.requests.rename_wanted.connect(self.rename)
        self._shot_shown = session.document.shot_at(session.view.frame).id

    def rename(self, person_id: int) -> None:
        """Open the editor of a person's name."""
        item = self.item_of("person", person_id)
        if item is not None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.edit(item.index())

    def item_of(self, kind: str, value_id: int) -> QStandardItem | None:
        """The first column's item of a person or shot."""
        for row in range(self._model.rowCount()):
            group = self._model.item(row)
            for child in range(group.rowCount()):
                item = group.child(child)
                if item.data(KIND) == kind and item.data(ID) == value_id:
                    return item
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Toggle eye and lock; leave the rest to the tree."""
        index = self.indexAt(event.position().toPoint())
        is_person = index.sibling(index.row(), 0).data(KIND) == "person"
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and is_person and index.column() in (_EYE, _LOCK):
            self._toggle(index)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second click on eye or lock toggles again; elsewhere it edits."""
        index = self.indexAt(event.position().toPoint())
        if index.column() in (_EYE, _LOCK):
            self.mousePressEvent(event)
            return
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, hide and show work here as in the viewers."""
        if event.key() == Qt.Key.Key_Delete:
            self._actions["delete_person"].trigger()
        elif event.key() == Qt.Key.Key_H and not event.modifiers():
            self._actions["hide"].trigger()
        elif event.key() == Qt.Key.Key_H and _is_alt(event):
            self._actions["show_all"].trigger()
        else:
            super().keyPressEvent(event)

    def _toggle(self, index: QModelIndex) -> None:
        person_id = index.sibling(index.row(), 0).data(ID)
        if index.column() == _EYE:
            self._session.toggle_hidden(person_id)
        else:
            commands.lock_person(
                self._session, self._session.document.persons[person_id]
            )

    def _size_columns(self) -> None:
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_COLUMN_PX)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (_LOCK, _EYE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, _COLUMN_PX)

    def _rebuild(self) -> None:
        self._is_syncing = True
        self._model.clear()
        self._model.setColumnCount(3)
        people = _group("People")
        for person in self._session.persons:
            people.appendRow(_row("person", person.id, person.name, editable=True))
        self._model.appendRow(people)
        shots = _group("Shots")
        for number, shot in enumerate(self._session.document.shots or (), 1):
            shots.appendRow(_row("shot", shot.id, f"Shot {number}"))
        if shots.rowCount():
            self._model.appendRow(shots)
        self.expandAll()
        self._size_columns()
        self._is_syncing = False
        self._on_selection_changed(self._session.view.selection)

    def _on_document_changed(self, touched: Touched) -> None:
        if touched.any_of("persons", "shots"):
            self._rebuild()
        elif touched.any_of("tracks") and not touched.is_preview_only:
            self.viewport().update()

    def _on_layers_changed(self, _layers: object) -> None:
        self.viewport().update()

    def _on_frame_changed(self, frame: int) -> None:
        shot = self._session.document.shot_at(frame).id
        if shot != self._shot_shown:
            self._shot_shown = shot
            self.viewport().update()

    def _on_selection_changed(self, selection: Selection) -> None:
        if self._is_syncing:
            return
        self._is_syncing = True
        model = self.selectionModel()
        flags = QItemSelectionModel.SelectionFlag
        model.clear()
        for person_id in selection.persons:
            item = self.item_of("person", person_id)
            if item is not None:
                model.select(item.index(), flags.Select | flags.Rows)
                model.setCurrentIndex(item.index(), flags.NoUpdate)
        self._is_syncing = False

    def _on_rows_selected(self) -> None:
        if self._is_syncing:
            return
        rows = self.selectionModel().selectedRows()
        persons = [r.data(ID) for r in rows if r.data(KIND) == "person"]
        shots = [r.data(ID) for r in rows if r.data(KIND) == "shot"]
        current = self.currentIndex().siblingAtColumn(0).data(ID)
        persons.sort(key=lambda person_id: person_id == current)
        self._is_syncing = True
        view = self._session.view
        if tuple(persons) != view.selection.persons:
            view.selection = Selection(persons=tuple(persons))
        if len(shots) == 1 and not persons:
            self._go_to_shot(shots[0])
        self._is_syncing = False

    def _go_to_shot(self, shot_id: int) -> None:
        for shot in self._session.document.shots or ():
            if shot.id == shot_id:
                self._session.view.frame = shot.start

    def _on_menu_requested(self, position: QPoint) -> None:
        index = self.indexAt(position).siblingAtColumn(0)
        if index.data(KIND) != "person":
            return
        person = self._session.document.persons[index.data(ID)]
        menu = person_menu(self, self._session, self._actions, person)
        menu.popup(self.viewport().mapToGlobal(position))


def _is_alt(event: QKeyEvent) -> bool:
    return event.modifiers() == Qt.KeyboardModifier.AltModifier


def _group(title: str) -> QStandardItem:
    item = QStandardItem(title)
    item.setData("group", KIND)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item


def _row(
    kind: str, value_id: int, text: str, *, editable: bool = False
) -> list[QStandardItem]:
    items = [QStandardItem(text), QStandardItem(), QStandardItem()]
    items[0].setData(kind, KIND)
    items[0].setData(value_id, ID)
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    items[0].setFlags(flags | Qt.ItemFlag.ItemIsEditable if editable else flags)
    for item, name in zip(items[1:], ("Lock", "Eye"), strict=True):
        item.setFlags(flags)
        item.setData(f"{name} of {text}", Qt.ItemDataRole.AccessibleTextRole)
    return items
