"""What is selected in the outliner is selected everywhere, and the other way round."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject
from PySide6.QtWidgets import QTreeView

from hpe_studio.core.clip import Shot
from hpe_studio.core.viewstate import Selection
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.outliner_model import OutlinerModel
from hpe_studio.ui.outliner_nodes import Node
from hpe_studio.ui.session import Session

_FLAGS = QItemSelectionModel.SelectionFlag


class RowSelection(QObject):
    """Keeps the rows of a tree and the selection of a session alike.

    While `is_busy`, neither follows the other: rows come and go.

    Args:
        session: Whose selection.
        tree: The tree; it has its model.
        rows: That model.
    """

    def __init__(self, session: Session, tree: QTreeView, rows: OutlinerModel) -> None:
        super().__init__(tree)
        self._session, self._tree, self._rows = session, tree, rows
        self.is_busy = False
        self._own: Selection | None = None
        tree.selectionModel().selectionChanged.connect(self._on_rows_selected)
        session.bridge.selection_changed.connect(self._on_selection_changed)

    def show(self, selection: Selection) -> None:
        """Select the rows of the selected persons and bring the active one to sight."""
        if self.is_busy:
            return
        self.is_busy = True
        model = self._tree.selectionModel()
        if self._persons_of_rows() != set(selection.persons):
            nodes = [self._rows.tree.find("person", p) for p in selection.persons]
            wanted = _ranges(self._rows, [node for node in nodes if node])
            model.select(wanted, _FLAGS.ClearAndSelect | _FLAGS.Rows)
        active = selection.active
        node = None if active is None else self._rows.tree.find("person", active)
        index = self._rows.index_of(node)
        if index.isValid() and not self._is_current_of(active):
            model.setCurrentIndex(index, _FLAGS.NoUpdate)
            self._tree.scrollTo(index)
        self.is_busy = False

    def _on_rows_selected(self) -> None:
        """Select everywhere what was selected here; a shot is gone to."""
        if self.is_busy:
            return
        self.is_busy = True
        chosen = self._tree.selectionModel().selectedRows()
        rows = [self._rows.node(index) for index in chosen]
        current = self._rows.node(self._tree.currentIndex()).person_id
        persons = list(dict.fromkeys(n.person_id for n in rows if n.person_id))
        persons.sort(key=lambda person_id: person_id == current)
        with self._session.bridge.answering(self):
            self._select(persons, rows[0].value if len(rows) == 1 else None)
        self.is_busy = False

    def catch_up(self, _touched: Touched) -> None:
        """The rows are selected already."""

    def repaint(self) -> None:
        """Paint the rows at once."""
        self._tree.viewport().repaint()

    def _select(self, persons: list[int], shot: object) -> None:
        view = self._session.view
        is_other = set(persons) != set(view.selection.persons)
        if is_other or (persons and persons[-1] != view.selection.active):
            view.selection = self._own = Selection(persons=tuple(persons))
        if isinstance(shot, Shot) and view.frame not in shot:
            view.frame = shot.start

    def _on_selection_changed(self, selection: Selection) -> None:
        if selection is not self._own:  # else the rows said so
            self.show(selection)

    def _is_current_of(self, person_id: int | None) -> bool:
        return self._rows.node(self._tree.currentIndex()).person_id == person_id

    def _persons_of_rows(self) -> set[int]:
        rows = self._tree.selectionModel().selectedRows()
        owners = (self._rows.node(row).person_id for row in rows)
        return {owner for owner in owners if owner is not None}


def _ranges(model: OutlinerModel, nodes: list[Node]) -> QItemSelection:
    """Rows as few ranges: hundreds of single ones would take Qt long."""
    made = QItemSelection()
    start: Node | None = None
    last: Node | None = None
    for node in sorted(nodes, key=lambda node: node.row):
        if last is None or node.row != last.row + 1:
            if start is not None and last is not None:
                made.select(model.index_of(start), model.index_of(last))
            start = node
        last = node
    if start is not None and last is not None:
        made.select(model.index_of(start), model.index_of(last))
    return made
