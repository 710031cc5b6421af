"""Whose motion is exported, and which frames of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from hpe_studio.core.person import Person
from hpe_studio.ui import look
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import swatch_pixmap
from hpe_studio.ui.words import tr

_A_ROW = 3
_SWATCH_PX, _GAP_PX = 12, 5


class People(QWidget):
    """A button per person; those who are ignored start switched off.

    Args:
        session: Whose people.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setAccessibleName(tr("People"))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        self._buttons: dict[int, QPushButton] = {}
        for number, person in enumerate(session.persons):
            button = _toggle(person.name, is_on=not person.ignored)
            button.setIcon(_icon(person))
            button.setIconSize(QSize(_SWATCH_PX + _GAP_PX, _SWATCH_PX))
            button.toggled.connect(self.changed)
            grid.addWidget(button, number // _A_ROW, number % _A_ROW)
            self._buttons[person.id] = button

    @property
    def chosen(self) -> tuple[int, ...]:
        """Ids of those who are switched on."""
        return tuple(i for i, button in self._buttons.items() if button.isChecked())

    def choose(self, person_ids: tuple[int, ...]) -> None:
        """Switch on these only."""
        for person_id, button in self._buttons.items():
            button.setChecked(person_id in person_ids)


class Frames(QWidget):
    """The shot shown, the in-out range, or the whole clip.

    Args:
        session: Whose clip.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setAccessibleName(tr("Range"))
        document, view = session.document, session.view
        shots = [shot.id for shot in document.shots or ()]
        shot = document.shot_at(view.frame)
        number = shots.index(shot.id) + 1 if shot.id in shots else 1
        ranges = (
            (tr("Shot {number}").format(number=number), (shot.start, shot.stop)),
            (tr("In to out"), view.play_range),
            (tr("Whole clip"), None),
        )
        self._ranges = [frames for _, frames in ranges]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for index, (words, _) in enumerate(ranges):
            button = _toggle(words, is_on=index == len(ranges) - 1)
            self._group.addButton(button, index)
            row.addWidget(button, 1)
        is_marked = view.play_range is not None
        self._group.button(1).setEnabled(is_marked)
        if not is_marked:
            words = tr("Set a range with I and O in the lanes first")
            self._group.button(1).setToolTip(words)
        self._group.idToggled.connect(self.changed)

    @property
    def chosen(self) -> tuple[int, int] | None:
        """The half-open range, or None for the whole clip."""
        return self._ranges[self._group.checkedId()]


def _toggle(words: str, *, is_on: bool) -> QPushButton:
    button = QPushButton(words)
    button.setCheckable(True)
    button.setChecked(is_on)
    button.setAutoDefault(False)
    look.set_role(button, role="toggle")
    return button


def _icon(person: Person) -> QIcon:
    """A person's colour with some room before the name."""
    swatch = swatch_pixmap(look.person_colour(person), _SWATCH_PX)
    ratio = swatch.devicePixelRatio()
    wide = QPixmap(swatch.width() + round(_GAP_PX * ratio), swatch.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    with QPainter(wide) as painter:
        painter.drawPixmap(0, 0, swatch)
    return QIcon(wide)
