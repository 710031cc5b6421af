"""Chips that choose how bad, and a menu that chooses whose, which kind, what order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QActionGroup, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QPushButton, QWidget

from hpe_studio.quality.finding import Level
from hpe_studio.ui import look
from hpe_studio.ui.problems.cards import paint_level
from hpe_studio.ui.problems.following import Problems
from hpe_studio.ui.problems.shown import Filter, counts
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr

_SPARE_PX = 28
_SHAPE_PX = 13
_LEVELS: tuple[tuple[Level | None, str], ...] = (
    (None, "All"),
    ("high", "High"),
    ("medium", "Med"),
    ("low", "Low"),
)


class Chip(QPushButton):
    """A level with its shape and how many there are.

    Args:
        level: Which, or None for all.
        word: English.
    """

    def __init__(self, level: Level | None, word: str) -> None:
        super().__init__()
        self.level: Level | None = level
        self._word = tr(word)
        self.setCheckable(True)
        self.setFixedHeight(22)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        look.set_font(self, "small")
        look.set_role(self, role="chip")

    def show_count(self, count: int, *, with_word: bool) -> None:
        """Say how many there are, the shape alone where there is little room."""
        word = self._word if with_word or self.level is None else ""
        lead = "" if self.level is None else "    "
        text = f"{lead}{word} {count}" if word else f"{lead}{count}"
        self.setText(text)
        self.setAccessibleName(f"{self._word}: {count}")
        self.setFixedWidth(self.fontMetrics().horizontalAdvance(text) + 13)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape before the words."""
        super().paintEvent(event)
        level = self.level
        if level is not None:
            with QPainter(self) as painter:
                box = QRectF(5, 0, _SHAPE_PX, self.height())
                paint_level(painter, box, level)

    def sizeHint(self) -> QSize:
        """As wide as it is fixed to."""
        return QSize(self.maximumWidth(), 22)


class Chips(QWidget):
    """All, high, medium, low.

    Args:
        problems: The queue whose filter they are.
    """

    def __init__(self, problems: Problems) -> None:
        super().__init__()
        self._problems = problems
        self.setAccessibleName(tr("How bad"))
        self.chips = tuple(Chip(level, word) for level, word in _LEVELS)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 7, 8, 7)
        row.setSpacing(4)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for chip in self.chips:
            row.addWidget(chip)
            chip.clicked.connect(partial(self._on_clicked, chip))
        row.addStretch(1)
        self.setMinimumWidth(0)
        self.setFixedHeight(36)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out where it is narrow."""
        super().resizeEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Show the counts as they are now."""
        chosen = self._problems.filter
        found = counts(self._problems.everything, chosen)
        each = (found.total, found.high, found.medium, found.low)
        for with_word in (True, False):
            for chip, count in zip(self.chips, each, strict=True):
                chip.show_count(count, with_word=with_word)
                chip.setChecked(chip.level == chosen.level)
            if sum(c.maximumWidth() for c in self.chips) + _SPARE_PX <= self.width():
                break

    def _on_clicked(self, chip: Chip, _is_checked: bool = False) -> None:
        self._problems.filter = replace(self._problems.filter, level=chip.level)
        self.refresh()


def filter_menu(parent: QWidget, session: Session) -> QMenu:
    """Order, whose, which kind, and whether what is done is listed."""
    problems = session.problems
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    now = problems.filter
    orders = (
        (tr("Worst first"), replace(now, order="worst")),
        (tr("In order of time"), replace(now, order="time")),
    )
    _add_choices(menu, problems, orders)
    menu.addSeparator()
    people = [(tr("Everybody"), replace(now, person_id=None))]
    people += [(p.name, replace(now, person_id=p.id)) for p in session.persons]
    _add_choices(menu, problems, people)
    kinds = menu.addMenu(tr("Kind"))
    found = {one.finding.kind for one in problems.everything}
    every = [(tr("All kinds"), replace(now, kind=None))]
    every += [
        (tr(label), replace(now, kind=kind))
        for kind, label in problems.labels.items()
        if kind in found or kind == now.kind
    ]
    _add_choices(kinds, problems, every)
    menu.addSeparator()
    done = menu.addAction(tr("Show what is done"))
    done.setCheckable(True)
    done.setChecked(now.with_done)
    other = replace(now, with_done=not now.with_done)
    done.triggered.connect(partial(_choose, problems, other))
    return menu


def _add_choices(
    menu: QMenu, problems: Problems, choices: Iterable[tuple[str, Filter]]
) -> None:
    group = QActionGroup(menu)
    for text, wanted in choices:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(wanted == problems.filter)
        action.setActionGroup(group)
        action.triggered.connect(partial(_choose, problems, wanted))


def _choose(problems: Problems, wanted: Filter, _is_checked: bool = False) -> None:
    problems.filter = wanted
