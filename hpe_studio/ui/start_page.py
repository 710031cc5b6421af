"""What a person sees first: three ways to begin, and what was open lately."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.assets import path_of
from hpe_studio.core.errors import StudioError
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.recent import RecentProject, recent_projects
from hpe_studio.ui.topbar import AppMark
from hpe_studio.ui.widgets import icon_label, key_label, text_label

_COLUMN_PX = 1080
_SIDE_PX = 24
_CARD_PX = 176


class Card(QWidget):
    """A large button with an icon, a title and a line of words.

    Args:
        icon: Name of the icon.
        title: What it does.
        text: To what.
        keys: Keys that do the same.
        note: Other small words at the bottom.
        is_accent: True for the one that is recommended.
        height: Of the card.
    """

    clicked = Signal()

    def __init__(
        self,
        icon: str,
        title: str,
        text: str,
        keys: str = "",
        *,
        note: str = "",
        is_accent: bool = False,
        height: int = _CARD_PX,
    ) -> None:
        super().__init__()
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(4)
        if icon:
            column.addWidget(_tile(icon, is_accent=is_accent))
            column.addSpacing(12)
        column.addWidget(text_label(title, size="card", weight=600))
        words = text_label(text, tone="secondary")
        words.setWordWrap(True)
        column.addWidget(words)
        column.addStretch(1)
        if keys:
            foot = QHBoxLayout()
            foot.addWidget(key_label(keys))
            foot.addStretch(1)
            column.addLayout(foot)
        if note:
            column.addWidget(text_label(note, size="small", tone="muted"))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Do it."""
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do it by Return or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card, brighter under the pointer, ringed with the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        has_focus = self.hasFocus()
        width = 2.0 if has_focus else 1.0
        ring = "focus.ring" if has_focus else "border.strong"
        painter.setPen(QPen(look.colour(ring), width))
        painter.setBrush(look.colour("bg.hover" if self.underMouse() else "bg.header"))
        inset = width / 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, 10, 10)
        painter.end()


class StartPage(QWidget):
    """Three cards, a place to drop files, recent projects.

    Args:
        actions: What the cards do.
    """

    project_chosen = Signal(Path)

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="page")
        self.setAccessibleName("Start")
        middle = QWidget()
        middle.setMaximumWidth(_COLUMN_PX + 2 * _SIDE_PX)
        self._column = QVBoxLayout(middle)
        self._column.setContentsMargins(_SIDE_PX, 24, _SIDE_PX, 24)
        self._column.setSpacing(16)
        self._column.addLayout(_masthead())
        self._column.addSpacing(14)
        self._column.addLayout(self._cards(actions))
        self._column.addWidget(DropHint())
        self._recent = QGridLayout()
        self._recent.setSpacing(14)
        self._recent_title = text_label(
            "Recent projects", size="list_large", weight=600
        )
        self._column.addSpacing(18)
        self._column.addWidget(self._recent_title)
        self._column.addLayout(self._recent)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        inner = QVBoxLayout()
        inner.addStretch(2)
        inner.addWidget(middle)
        inner.addStretch(3)
        outer.addLayout(inner, 100)
        outer.addStretch(1)
        self.refresh()

    def refresh(self) -> None:
        """Show the recent projects as they are now; focus where work goes on."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        projects = recent_projects()[:5]
        self._recent_title.setVisible(bool(projects))
        cards = [self._recent_card(project) for project in projects]
        for column, card in enumerate(cards):
            self._recent.addWidget(card, 0, column)
        for column in range(5):
            self._recent.setColumnStretch(column, 1)
        self._first = cards[0] if cards else self.sample
        self._first.setFocus()

    def showEvent(self, _event: QShowEvent) -> None:
        """Put the focus where work most likely goes on."""
        self._first.setFocus()

    def _cards(self, actions: ActionSet) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        clip = Card(
            "file-play", "Open a clip", "A movie or a folder of images", "Ctrl+O"
        )
        results = Card(
            "folder", "Open results", "A project, BVH or JSON file", "Ctrl+Shift+O"
        )
        self.sample = Card(
            "sparkles",
            "Try the sample",
            "A short clip of one person, ready to run",
            note=_sample_note(),
            is_accent=True,
        )
        for card, action_id in (
            (clip, "open"),
            (results, "open_results"),
            (self.sample, "sample"),
        ):
            card.clicked.connect(actions[action_id].trigger)
            row.addWidget(card, 1)
        return row

    def _recent_card(self, project: RecentProject) -> Card:
        card = Card(
            "", project.path.stem, project.summary, note=project.when, height=104
        )
        card.setToolTip(str(project.path))
        card.clicked.connect(partial(self.project_chosen.emit, project.path))
        return card


class DropHint(QWidget):
    """Says that files can be dropped anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(52)
        words = "Drop a clip, a folder, a results file or a project anywhere"
        row = QHBoxLayout(self)
        row.setSpacing(10)
        row.addStretch(1)
        row.addWidget(icon_label("upload", 16, "text.secondary"))
        row.addWidget(text_label(words, tone="secondary"))
        row.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a dashed outline around the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(look.colour("border.strong"), 1.0)
        pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()
        super().paintEvent(event)


def _sample_note() -> str:
    """Whether the sample is here already, and how large it is."""
    try:
        size = path_of("sample_clip").stat().st_size
    except (StudioError, OSError):
        return "not fetched yet"
    return f"{size / 1e6:.0f} MB, already here"


def _masthead() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(16)
    row.addWidget(AppMark(44))
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(text_label("HPE Studio", size="hero", weight=600))
    tagline = "Human motion from video: open, fix, export"
    words.addWidget(text_label(tagline, size="list_large", tone="secondary"))
    row.addLayout(words)
    row.addStretch(1)
    return row


def _tile(icon: str, *, is_accent: bool) -> QLabel:
    label = icon_label(icon, 22, "accent.on" if is_accent else "text.primary")
    label.setFixedSize(40, 40)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    token = "accent.fill" if is_accent else "bg.raised"
    label.setStyleSheet(f"background: {look.colour(token).name()}; border-radius: 8px")
    return label
