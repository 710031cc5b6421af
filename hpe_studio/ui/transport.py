"""The row under the viewers: loop, speed, range, stepping, playing, editing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.playback import SPEEDS
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text
from hpe_studio.ui.transport_edit import EditButtons
from hpe_studio.ui.widgets import tool_button
from hpe_studio.ui.words import tr

HEIGHT_PX = 40
_AROUND_PX = 24
"""Margins and gaps."""


class Transport(QWidget):
    """Buttons that play and step; everything they do is an action with a key.

    Args:
        session: What is played.
        actions: The table's actions.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session = session
        self._actions = actions
        self.setFixedHeight(HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="bar")
        self._play = _large_play(actions["play"])
        self._speed = self._speed_button()
        self._in_label, self._out_label = QLabel(), QLabel()
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(4)
        self.editing = EditButtons(session, actions)
        self._parts = (self._left(), self._middle())
        for part in self._parts:
            row.addLayout(part, 1)
        row.addWidget(self.editing, 1)
        look.changed.connect(self._on_look_changed)
        session.playback.changed.connect(self._on_playback_changed)
        session.bridge.range_changed.connect(self._on_range_changed)
        self._on_playback_changed()
        self._on_range_changed(None)

    def _left(self) -> QHBoxLayout:
        row = _row(Qt.AlignmentFlag.AlignLeft)
        row.addWidget(tool_button(self._actions["loop"], 30))
        row.addWidget(self._speed)
        row.addSpacing(4)
        for label in (self._in_label, self._out_label):
            label.setTextFormat(Qt.TextFormat.RichText)
            row.addWidget(label)
            row.addSpacing(6)
        return row

    def _middle(self) -> QHBoxLayout:
        row = _row(Qt.AlignmentFlag.AlignHCenter)
        row.addWidget(tool_button(self._actions["shot_start"], 30))
        row.addWidget(tool_button(self._actions["previous_frame"], 30))
        row.addWidget(self._play)
        row.addWidget(tool_button(self._actions["next_frame"], 30))
        row.addWidget(tool_button(self._actions["shot_end"], 30))
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out where it is narrow."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out as little as possible: words of buttons, then the range."""
        for has_words, has_range in ((True, True), (False, True), (False, False)):
            self.editing.show_words(shown=has_words)
            for label in (self._in_label, self._out_label):
                label.setVisible(has_range)
            self._row.invalidate()
            self._row.activate()
            if self._needed_px() <= self.width():
                return

    def _needed_px(self) -> int:
        """Width of three parts of which the middle one stands in the middle."""
        left, middle = (part.sizeHint().width() for part in self._parts)
        right = self.editing.sizeHint().width()
        return max(left, right) * 2 + middle + _AROUND_PX

    def _speed_button(self) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(tr("Speed"))
        button.setToolTip(tr("Speed of playing"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        button.setIcon(look.icon("chevron-down", 12))
        button.setIconSize(QSize(12, 12))
        look.set_role(button, role="text")
        menu = QMenu(button)
        for speed in SPEEDS:
            menu.addAction(_speed_text(speed)).triggered.connect(
                partial(self._on_speed_triggered, speed)
            )
        button.setMenu(menu)
        return button

    def _on_speed_triggered(self, speed: float) -> None:
        self._session.playback.speed = speed

    def _on_look_changed(self) -> None:
        self._on_playback_changed()
        self._on_range_changed(None)
        self._fit()

    def _on_playback_changed(self) -> None:
        playback = self._session.playback
        is_playing = playback.direction != 0
        self._actions["play"].setIcon(_play_icon(is_playing))
        self._play.setAccessibleName(tr("Pause") if is_playing else tr("Play"))
        self._speed.setText(_speed_text(playback.speed))
        self._actions["loop"].setChecked(playback.is_looping)

    def _on_range_changed(self, _play_range: object) -> None:
        start, stop = self._session.playback.bounds()
        count = self._session.document.clip.frame_count
        self._in_label.setText(_labelled(tr("In"), frame_text(start, count)))
        self._out_label.setText(
            _labelled(tr("Out"), frame_text(max(stop - 1, 0), count))
        )


def _row(alignment: Qt.AlignmentFlag) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(4)
    row.setAlignment(alignment)
    return row


def _large_play(action: QAction) -> QToolButton:
    button = tool_button(action, 30)
    button.setFixedWidth(40)
    button.setIconSize(QSize(16, 16))
    look.set_role(button, role="play")
    return button


def _play_icon(is_playing: bool) -> QIcon:
    name = "pause-solid" if is_playing else "play-solid"
    return look.icon(name, 16, ink="text.primary")


def _speed_text(speed: float) -> str:
    return f"{speed:g}×" if speed < 1 else f"{speed:.1f}×"


def _labelled(name: str, value: str) -> str:
    muted = look.colour("text.muted").name()
    return f'<span style="color:{muted}">{name}</span> {value}'
