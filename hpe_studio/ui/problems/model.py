"""The listed problems as rows of a Qt list."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from hpe_studio.quality.check import Judged
from hpe_studio.ui.problems.following import Problems
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import range_text
from hpe_studio.ui.words import tr

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ProblemModel(QAbstractListModel):
    """One row per listed problem; what stays the same keeps its row.

    Args:
        session: Whose problems.
        problems: The queue.
    """

    def __init__(self, session: Session, problems: Problems) -> None:
        super().__init__()
        self._session, self._problems = session, problems
        self._rows: tuple[Judged, ...] = ()
        self.refresh()

    @property
    def rows(self) -> tuple[Judged, ...]:
        """All rows."""
        return self._rows

    def refresh(self) -> bool:
        """Show what is listed now; True where rows came, went or moved."""
        listed = self._problems.listed
        keys = [one.finding.key for one in listed]
        if keys == [one.finding.key for one in self._rows]:
            self._rows = listed
            if listed:
                self.dataChanged.emit(self.index(0), self.index(len(listed) - 1))
            return False
        self.beginResetModel()
        self._rows = listed
        self.endResetModel()
        return True

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row's text, read out and typed ahead; its whole as a tooltip."""
        one = self._rows[index.row()]
        finding = one.finding
        if role == Qt.ItemDataRole.DisplayRole:
            return finding.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self.told(one)
        return None

    def told(self, one: Judged) -> str:
        """All about a problem, for reading out, tooltips and copying."""
        finding, document = one.finding, self._session.document
        names = [
            document.persons[p].name
            for p in finding.person_ids
            if p in document.persons
        ]
        count = document.clip.frame_count
        parts = [
            finding.title,
            ", ".join(names),
            range_text(finding.start, finding.stop, count),
            finding.cause,
            {"high": tr("High"), "medium": tr("Medium"), "low": tr("Low")}[
                finding.level
            ],
        ]
        if one.decision is not None:
            parts.append(tr(one.decision.verdict).capitalize())
        elif one.was_repaired:
            parts.append(tr("repaired, and still found"))
        return "; ".join(parts)
