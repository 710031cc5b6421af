"""The outliner's rows as Qt's views want them; tracks and people are dragged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QWidget

from hpe_studio.core.person import Person
from hpe_studio.core.track import Track
from hpe_studio.ui import commands
from hpe_studio.ui.commands import crowd
from hpe_studio.ui.outliner_nodes import Node, Tree
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import range_text
from hpe_studio.ui.words import tr
from hpe_studio.workflow.take_facts import take_facts, take_lines

KIND = Qt.ItemDataRole.UserRole
ID = Qt.ItemDataRole.UserRole + 1
NAME, LOCK, EYE = 0, 1, 2
TRACK_MIME = "application/x-hpe-studio-track"
PERSON_MIME = "application/x-hpe-studio-person"

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class OutlinerModel(QAbstractItemModel):
    """People with their estimates and tracks, shots, cameras.

    Args:
        session: What is listed.
        parent: The tree.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted = ""
        self.tree = Tree(session.document)

    @property
    def wanted(self) -> str:
        """Text that names must hold; "" lists everything."""
        return self._wanted

    @wanted.setter
    def wanted(self, wanted: str) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self.refresh()

    def refresh(self) -> bool:
        """Read the document again; False where only names and numbers changed."""
        made = Tree(self._session.document, self._wanted)
        if made.shape == self.tree.shape:
            self.tree = made
            for group in filter(_has_rows, made.root.children):
                above = self.index_of(group)
                last = self.index(len(group.children) - 1, EYE, above)
                self.dataChanged.emit(self.index(0, 0, above), last)
            return False
        self.beginResetModel()
        self.tree = made
        self.endResetModel()
        return True

    def node(self, index: Index) -> Node:
        """The row of an index; the root of an invalid one."""
        if not index.isValid():
            return self.tree.root
        number = index.internalId()
        nodes = self.tree.nodes
        return nodes[number] if number < len(nodes) else self.tree.root

    def index_of(self, node: Node | None, column: int = NAME) -> QModelIndex:
        """The index of a row; invalid for none and for the root."""
        if node is None or node.parent is None:
            return QModelIndex()
        return self.createIndex(node.row, column, node.number)

    # What views ask ---------------------------------------------------------------

    def index(self, row: int, column: int = 0, parent: Index = _ROOT) -> QModelIndex:
        """The index of a child."""
        children = self.node(parent).children
        if not 0 <= row < len(children) or not 0 <= column <= EYE:
            return QModelIndex()
        return self.createIndex(row, column, children[row].number)

    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]
        """The index of the row above in the tree."""
        return self.index_of(self.node(child).parent)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many rows are below one."""
        return 0 if parent.column() > 0 else len(self.node(parent).children)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: ARG002
        """Name, lock, eye."""
        return 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names, kinds, ids, and words for screen readers."""
        node = self.node(index)
        if role == KIND:
            return node.kind
        if role == ID:
            return node.id
        roles = Qt.ItemDataRole
        if role == roles.AccessibleTextRole:
            return self._words(node, index.column())
        if role in (roles.DisplayRole, roles.EditRole) and index.column() == NAME:
            return self.title(node)
        if role == roles.ToolTipRole:
            return self._tip(node, index.column())
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Groups are no choice; names are typed, tracks dragged, people take them."""
        flag = Qt.ItemFlag
        kind = self.node(index).kind
        if not index.isValid() or kind == "root":
            return flag.NoItemFlags
        flags = flag.ItemIsEnabled
        if kind != "group":
            flags |= flag.ItemIsSelectable
        if kind == "person":
            flags |= flag.ItemIsDropEnabled
            if index.column() == NAME:
                flags |= flag.ItemIsEditable
        if kind in ("track", "person"):
            flags |= flag.ItemIsDragEnabled
        return flags

    def title(self, node: Node) -> str:
        """The name of a row."""
        if isinstance(node.value, Track):
            count = self._session.document.clip.frame_count
            return range_text(node.value.start, node.value.stop, count)
        return node.text

    # Dragging tracks and people -------------------------------------------------------

    def mimeTypes(self) -> list[str]:
        """Tracks and people."""
        return [TRACK_MIME, PERSON_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The tracks among some rows, or else the people."""
        nodes = [self.node(index) for index in indexes if index.column() == NAME]
        made = QMimeData()
        for kind, mime in (("track", TRACK_MIME), ("person", PERSON_MIME)):
            ids = [str(node.id) for node in nodes if node.kind == kind]
            if ids:
                made.setData(mime, " ".join(ids).encode())
                break
        return made

    def supportedDropActions(self) -> Qt.DropAction:
        """They move."""
        return Qt.DropAction.MoveAction

    def canDropMimeData(
        self, data: QMimeData, _action: object, row: int, _column: int, parent: Index
    ) -> bool:
        """Tracks and other people can be dropped on people."""
        node = self.node(parent)
        if row >= 0 or node.kind != "person":
            return False
        return data.hasFormat(TRACK_MIME) or bool(_ids(data) - {node.id})

    def dropMimeData(
        self, data: QMimeData, _action: object, _row: int, _column: int, parent: Index
    ) -> bool:
        """Give the tracks to the person, or make people one; the rows follow."""
        node = self.node(parent)
        if node.kind != "person":
            return False
        if not data.hasFormat(TRACK_MIME):
            crowd.merge_people(self._session, node.id, _ids(data))
            return True
        for track_id in bytes(data.data(TRACK_MIME).data()).split():
            commands.give_track(self._session, int(track_id), node.id)
        return True

    # Words ------------------------------------------------------------------------

    def _words(self, node: Node, column: int) -> str:
        title = self.title(node)
        if column == LOCK:
            return tr("Lock of {0}").format(title)
        if column == EYE:
            return tr("Eye of {0}").format(title)
        if not isinstance(node.value, Person):
            return title
        hidden = node.id in self._session.view.layers.hidden_persons
        states = [
            word
            for word, holds in (
                (tr("{0} keys").format(node.key_count), node.key_count),
                (tr("locked"), node.value.locked),
                (tr("ignored"), node.value.ignored),
                (tr("hidden"), hidden),
            )
            if holds
        ]
        return ", ".join([title, *states])

    def _tip(self, node: Node, column: int) -> str | None:
        if node.kind == "person" and column == LOCK:
            locked = isinstance(node.value, Person) and node.value.locked
            return tr("Unlock") if locked else tr("Lock")
        if node.kind == "person" and column == EYE:
            return tr("Hide or show")
        if node.kind == "estimate" and column == EYE:
            return tr("Show the estimate as a ghost")
        if node.kind == "estimate" and column == LOCK:
            return tr("Estimates are never changed")
        if node.kind == "estimate":
            take = self._session.document.takes[node.id]
            return "\n".join(take_lines(take_facts(take)))
        return None


def _ids(data: QMimeData) -> set[int]:
    """The people that are dragged."""
    return {int(one) for one in bytes(data.data(PERSON_MIME).data()).split()}


def _has_rows(group: Node) -> bool:
    return bool(group.children)
