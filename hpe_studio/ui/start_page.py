"""What a person sees first: three ways to begin, and what was open lately."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.assets import path_of
from hpe_studio.core.errors import StudioError
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.recent_list import RecentProjects
from hpe_studio.ui.start_cards import Card
from hpe_studio.ui.topbar import AppMark
from hpe_studio.ui.widgets import icon_label, text_label
from hpe_studio.ui.words import tr

_COLUMN_PX, _SIDE_PX, _LOW_PX = 1080, 24, 720
_GAPS_PX = (8, 10)  # more below the masthead and above the recent projects


class StartPage(QScrollArea):
    """Three cards, a place to drop files, recent projects.

    Args:
        actions: What the cards do.
    """

    project_chosen = Signal(Path)

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Start"))
        page = QWidget()
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(page, role="page")
        middle = QWidget()
        middle.setMaximumWidth(_COLUMN_PX + 2 * _SIDE_PX)
        self._column = QVBoxLayout(middle)
        self._column.setSpacing(16)
        self._gaps = (QSpacerItem(0, 0), QSpacerItem(0, 0))
        self.sample = _sample_card(actions)
        self._ways = (*_opening_cards(actions), self.sample)
        self.recent = RecentProjects()
        self.recent.chosen.connect(self.project_chosen)
        self._lay_out()
        _centre(page, middle)
        self.setWidget(page)
        look.changed.connect(self._fit)
        self.refresh()

    def refresh(self) -> None:
        """Show the recent projects as they are now; focus where work goes on."""
        self.recent.refresh()
        self._first().setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Put the focus where work most likely goes on."""
        super().showEvent(event)
        self._first().setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take less room in a low window."""
        super().resizeEvent(event)
        self._fit()

    def _first(self) -> QWidget:
        cards = self.recent.cards
        return next((card for card in cards if not card.is_missing), self.sample)

    def _fit(self) -> None:
        is_low = self.height() < _LOW_PX
        top = 12 if is_low else 24
        self._column.setContentsMargins(_SIDE_PX, top, _SIDE_PX, top)
        for gap, height in zip(self._gaps, _GAPS_PX, strict=True):
            gap.changeSize(0, 0 if is_low else height)
        self._column.invalidate()
        for card in self._ways:
            card.be_low(is_low=is_low)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        for card in self._ways:
            row.addWidget(card, 1)
        self._column.addLayout(_masthead())
        self._column.addItem(self._gaps[0])
        self._column.addLayout(row)
        self._column.addWidget(DropHint())
        self._column.addItem(self._gaps[1])
        self._column.addWidget(self.recent)


class DropHint(QWidget):
    """Says that files can be dropped anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(52)
        words = tr("Drop a clip, a folder, a results file or a project anywhere")
        row = QHBoxLayout(self)
        row.setSpacing(10)
        row.addStretch(1)
        row.addWidget(icon_label("upload", 16, "text.secondary"))
        row.addWidget(text_label(words, tone="secondary"))
        row.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a dashed outline around the words."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(look.colour("border.strong"), 1.0)
            pen.setDashPattern([4.0, 3.0])
            painter.setPen(pen)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        super().paintEvent(event)


def _opening_cards(actions: ActionSet) -> tuple[Card, Card]:
    clip = Card(
        "file-play",
        tr("Open a clip"),
        tr("A movie or a folder of images"),
        keys=actions["open"],
    )
    results = Card(
        "folder",
        tr("Open results"),
        tr("ROMP, Panoptic, AMASS, BVH, JSON or a project"),
        keys=actions["open_results"],
    )
    clip.clicked.connect(actions["open"].trigger)
    results.clicked.connect(actions["open_results"].trigger)
    return clip, results


def _sample_card(actions: ActionSet) -> Card:
    sample = Card(
        "sparkles",
        tr("Try the sample"),
        tr("Two people, a walk and a somersault, 8 seconds"),
        note=_sample_note(),
        is_accent=True,
    )
    sample.clicked.connect(actions["sample"].trigger)
    return sample


def _sample_note() -> str:
    """Whether the sample is here already, and how large it is."""
    try:
        size = path_of("sample_clip").stat().st_size
    except (StudioError, OSError):
        return tr("not fetched yet")
    return tr("{size} MB, already here").format(size=f"{size / 1e6:.0f}")


def _masthead() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(16)
    row.addWidget(AppMark(44))
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(text_label("HPE Studio", size="hero", weight=600))
    tagline = tr("Human motion from video: open, fix, compare, export")
    words.addWidget(text_label(tagline, size="list_large", tone="secondary"))
    row.addLayout(words)
    row.addStretch(1)
    return row


def _centre(page: QWidget, middle: QWidget) -> None:
    outer = QHBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addStretch(1)
    inner = QVBoxLayout()
    inner.addStretch(2)
    inner.addWidget(middle)
    inner.addStretch(3)
    outer.addLayout(inner, 100)
    outer.addStretch(1)
