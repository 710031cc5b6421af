"""Asks over which frames something about identities is done; remembers the answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from hpe_studio.edits.scope import SCOPES, Scope, scope_range
from hpe_studio.ui.dialogs.low_card import LowCard
from hpe_studio.ui.session import Session
from hpe_studio.ui.settings import settings
from hpe_studio.ui.timecode import frame_text, range_text
from hpe_studio.ui.widgets import key_label, text_label
from hpe_studio.ui.words import tr

_WIDTH_PX = 300
Then = Callable[[Scope], object]


class ScopeChooser(LowCard):
    """A small card over a viewer: four answers, Enter takes the last one again.

    It is not modal: a click elsewhere or Esc closes it and nothing is done.

    Args:
        host: What it lies over.
        session: Whose frame and shot are meant.
        title: What will be done.
        kind: Under which name the answer is remembered ("swap").
        then: Takes the answer.
    """

    def __init__(
        self, host: QWidget, session: Session, *, title: str, kind: str, then: Then
    ) -> None:
        super().__init__(host, title, width_px=_WIDTH_PX)
        self._then, self._setting = then, f"scope.{kind}"
        self.column.setSpacing(6)
        heading = text_label(title, weight=600)
        heading.setWordWrap(True)
        self.column.addWidget(heading)
        self.buttons: dict[Scope, QPushButton] = {}
        for number, scope in enumerate(SCOPES, start=1):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(key_label(str(number)))
            button = QPushButton(_label(session, scope))
            button.setStyleSheet("text-align: left")
            button.clicked.connect(partial(self._on_answered, scope))
            self.buttons[scope] = button
            row.addWidget(button, 1)
            self.column.addLayout(row)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 8)
        shadow.setColor(QColor(0, 0, 0, 140))
        self.setGraphicsEffect(shadow)

    def ask(self, over: QWidget) -> None:
        """Show it low in the middle of a viewer, the last answer ready for Enter."""
        last = settings().read(self._setting, SCOPES[1])
        chosen = self.buttons.get(last, self.buttons["onwards"])  # type: ignore[call-overload]
        self.show_over(over, chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 4 answer, arrows go through the answers, Esc gives up."""
        key = event.key()
        order: list[QWidget] = list(self.buttons.values())
        number = key - Qt.Key.Key_1
        focused = QApplication.focusWidget()
        at = order.index(focused) if focused in order else 0
        if 0 <= number < len(SCOPES):
            self._on_answered(SCOPES[number])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_answered(SCOPES[at])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by = 1 if key == Qt.Key.Key_Down else -1
            order[(at + by) % len(order)].setFocus(Qt.FocusReason.TabFocusReason)
        elif key == Qt.Key.Key_Escape:
            self.leave()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Keep Tab among the answers."""
        order: list[QWidget] = list(self.buttons.values())
        focused = QApplication.focusWidget()
        at = order.index(focused) if focused in order else -1
        by = 1 if is_next else -1
        order[(at + by) % len(order)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _on_answered(self, scope: Scope, _is_checked: bool = False) -> None:
        settings().write(self._setting, scope)
        self.leave()
        self._then(scope)


def _label(session: Session, scope: Scope) -> str:
    document, frame = session.document, session.view.frame
    start, stop = scope_range(document, frame, scope)
    count = document.clip.frame_count
    if scope == "frame":
        return tr("This frame: {frame}").format(frame=frame_text(frame, count))
    names = {
        "onwards": tr("From here: {range}"),
        "shot": tr("This shot: {range}"),
        "clip": tr("The clip: {range}"),
    }
    return names[scope].format(range=range_text(start, stop, count))
