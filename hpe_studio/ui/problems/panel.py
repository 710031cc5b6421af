"""The dock of problems: how many, how far, which ones, one card each."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QToolButton, QVBoxLayout, QWidget

from hpe_studio.quality.check import Judged
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.empty import EmptyState
from hpe_studio.ui.problems.filters import Chips, filter_menu
from hpe_studio.ui.problems.following import Problems
from hpe_studio.ui.problems.list_view import ProblemList
from hpe_studio.ui.problems.menus import problem_menu
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import ActionKey, text_label
from hpe_studio.ui.words import tr

_OWN_KEYS = (
    "next_problem",
    "previous_problem",
    "problem_accept",
    "problem_ignore",
)


class ProblemsPanel(QWidget):
    """Header, chips and cards; says so where nothing is open.

    Args:
        session: Whose problems.
        actions: The table's actions.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session, self._problems = session, session.problems
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.count = text_label(size="small", tone="muted")
        self.filter_button = _filter_button()
        self.key = ActionKey(actions["next_problem"])
        self.bar = DoneBar(self._problems)
        self.chips = Chips(self._problems)
        self.list = ProblemList(session, actions)
        self.empty = EmptyState(
            "circle-check", tr("No open problems"), button=tr("Check again")
        )
        self.empty.button.clicked.connect(actions["check_again"].trigger)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.list)
        self._pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.bar, self.chips):
            column.addWidget(part)
        column.addWidget(self._pages, 1)
        for action_id in _OWN_KEYS:
            self.addAction(actions[action_id])
        self.setFocusProxy(self.list)
        self.list.menu_wanted.connect(self._on_menu_wanted)
        self.filter_button.clicked.connect(self._on_filter_clicked)
        self._problems.changed.connect(self._on_changed)
        self._problems.selected_changed.connect(self._on_selected_changed)
        session.bridge.document_changed.connect(self._on_document_changed)
        self._on_changed()

    @property
    def title_widgets(self) -> tuple[QWidget, ...]:
        """What stands in the title above: how many, the filter, the key."""
        return self.count, self.filter_button, self.key

    def sizeHint(self) -> QSize:
        """Room for some cards."""
        return QSize(224, 220)

    def minimumSizeHint(self) -> QSize:
        """Never wider than the dock is made; a card can be seen."""
        return QSize(0, 120)

    # Within

    def _on_changed(self) -> None:
        self.chips.refresh()
        self.list.refresh()
        self._tell()

    def _on_selected_changed(self) -> None:
        self.list.show_selected()
        self._tell()

    def _on_document_changed(self, touched: Touched) -> None:
        if touched.any_of("persons"):
            self.list.viewport().update()  # names and colours

    def _tell(self) -> None:
        problems = self._problems
        found, done = problems.open_count, problems.done_count
        words = tr("{open} open, {done} done") if done else tr("{open} open")
        text = words.format(open=found, done=done)
        is_bare = not problems.listed
        if problems.is_checking and problems.share is not None:
            text = tr("checking {share} %").format(share=round(problems.share * 100))
        self.count.setText(text)
        self.bar.update()
        self._pages.setCurrentWidget(self.empty if is_bare else self.list)
        self.chips.setVisible(bool(found) or not is_bare)
        if is_bare:
            self.empty.say(self._why_bare(found))

    def _why_bare(self, found: int) -> str:
        if found:
            return tr("{count} are filtered out").format(count=found)
        if not self._session.document.tracks:
            return tr("Nobody is here yet")
        if self._problems.is_checking:
            return tr("Checking")
        done = self._problems.done_count
        return tr("{count} done").format(count=done) if done else ""

    def _on_menu_wanted(self, one: Judged, at: QPoint) -> None:
        told = self.list.rows.told(one)
        problem_menu(self, self._session, one, told).popup(at)

    def _on_filter_clicked(self) -> None:
        button = self.filter_button
        at = button.mapToGlobal(button.rect().bottomLeft())
        filter_menu(self, self._session).popup(at)


class DoneBar(QWidget):
    """A line of 2 px: the share of the problems that is done.

    Args:
        problems: The queue.
    """

    def __init__(self, problems: Problems) -> None:
        super().__init__()
        self._problems = problems
        self.setFixedHeight(2)
        look.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the whole and what is done of it."""
        done, found = self._problems.done_count, self._problems.open_count
        with QPainter(self) as painter:
            box = QRectF(10, 0, self.width() - 20, 2)
            painter.fillRect(box, look.colour("border.subtle"))
            if done:
                box.setWidth(box.width() * done / (done + found))
                painter.fillRect(box, look.colour("state.ok"))


def _filter_button() -> QToolButton:
    button = QToolButton()
    button.setIcon(look.icon("list-filter", 16))
    button.setIconSize(QSize(16, 16))
    button.setFixedSize(24, 24)
    button.setToolTip(tr("Filter and sort problems"))
    button.setAccessibleName(tr("Filter and sort problems"))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
