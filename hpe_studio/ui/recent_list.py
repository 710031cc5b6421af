"""The recent projects of the start page: found, opened, located, taken away."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.ui import look, recent
from hpe_studio.ui.dialogs import files
from hpe_studio.ui.recent import RecentProject, recent_projects
from hpe_studio.ui.start_cards import RecentCard
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr

_RECENT_LEAST_PX, _MOST_FOUND = 190, 10
_SEARCH_PX = 220


class RecentProjects(QWidget):
    """Recent projects side by side, newest first, and a field to find one."""

    chosen = Signal(Path)
    _looked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[RecentCard] = []
        self._projects: tuple[RecentProject, ...] = ()
        self._gone: frozenset[Path] = frozenset()
        self._shown_columns = 0
        self.search = _search_field()
        self.search.textChanged.connect(self._fill)
        self._none = text_label(tr("No project of that name"), tone="muted")
        self._grid = QGridLayout()
        self._grid.setSpacing(14)
        head = QHBoxLayout()
        head.addWidget(text_label(tr("Recent projects"), size="list_large", weight=600))
        head.addStretch(1)
        head.addWidget(self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._none)
        column.addLayout(self._grid)
        self._looked.connect(self._on_looked, Qt.ConnectionType.QueuedConnection)

    def refresh(self) -> None:
        """Read the list again and look which projects are still there."""
        self._projects = recent_projects()
        self.setVisible(bool(self._projects))
        self.search.clear()
        self._fill()
        paths = [project.path for project in self._projects]
        threading.Thread(target=self._look, args=(paths,), daemon=True).start()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Show as many beside each other as fit."""
        if self.cards and self._shown_columns != self._columns():
            self._fill()

    def _look(self, paths: list[Path]) -> None:
        """Runs in a thread of its own: a share that is gone can take long."""
        gone = frozenset(path for path in paths if not path.is_file())
        try:
            self._looked.emit(gone)
        except RuntimeError:  # the page is gone as well
            return

    def _on_looked(self, gone: frozenset[Path]) -> None:
        self._gone = gone
        for card in self.cards:
            if card.project.path in gone:
                card.be_missing()

    def _fill(self) -> None:
        focused = next((c.project.path for c in self.cards if c.hasFocus()), None)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        wanted, columns = self.search.text(), self._columns()
        found = [p for p in self._projects if p.matches(wanted)]
        shown = found[: _MOST_FOUND if wanted else columns]
        self._shown_columns = columns
        self.cards = [self._card(project) for project in shown]
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)
            if card.project.path == focused:
                card.setFocus()
        for column in range(max(columns, self._grid.columnCount())):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._none.setVisible(bool(self._projects) and not found)

    def _columns(self) -> int:
        least = _RECENT_LEAST_PX * look.text_px("body") / 12
        return max(2, min(5, int((self.width() + 14) // (least + 14))))

    def _card(self, project: RecentProject) -> RecentCard:
        card = RecentCard(project)
        if project.path in self._gone:
            card.be_missing()
        card.clicked.connect(partial(self._on_card_clicked, card))
        card.menu_wanted.connect(partial(self._show_menu, card))
        return card

    def _on_card_clicked(self, card: RecentCard) -> None:
        if card.is_missing:
            self._show_menu(card, card.mapToGlobal(card.rect().bottomLeft()))
        else:
            self.chosen.emit(card.project.path)

    def _show_menu(self, card: RecentCard, place: QPoint) -> None:
        self.menu_of(card).popup(place)

    def menu_of(self, card: RecentCard) -> QMenu:
        """What can be done with a project of the list."""
        path = card.project.path
        menu = QMenu(card)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if card.is_missing:
            menu.addAction(tr("Locate…"), partial(self._locate, path))
        else:
            menu.addAction(tr("Open"), partial(self.chosen.emit, path))
            menu.addAction(tr("Show in folder"), partial(_show_folder, path))
        menu.addSeparator()
        menu.addAction(tr("Remove from list"), partial(self._remove, path))
        return menu

    def _locate(self, path: Path) -> None:
        then = partial(self._on_located, path)
        names = tr("Projects") + " (*.hpes)"
        files.ask_for_file(self.window(), tr("Locate the project"), then, names=names)

    def _on_located(self, old: Path, new: Path) -> None:
        recent.moved(old, new)
        self.refresh()
        self.chosen.emit(new)

    def _remove(self, path: Path) -> None:
        recent.forget(path)
        self.refresh()


def _search_field() -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(tr("Search recent"))
    field.setAccessibleName(tr("Search recent projects"))
    field.setClearButtonEnabled(True)
    field.setMinimumSize(_SEARCH_PX, 28)
    look.set_role(field, role="boxed")
    glass = field.addAction(
        look.icon("search", 14, ink="text.muted"),
        QLineEdit.ActionPosition.LeadingPosition,
    )
    glass.setEnabled(True)
    return field


def _show_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
