"""One toast: a sentence, perhaps a way back, and a cross."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.notices import Notice
from hpe_studio.ui.widgets import icon_label, key_label, text_label
from hpe_studio.ui.words import tr

_WIDEST_PX, _BESIDE_PX = 560, 200
_ICONS = {
    "ok": ("circle-check", "state.ok"),
    "info": ("info", "state.info"),
    "danger": ("circle-alert", "state.danger"),
}


class Toast(QFrame):
    """Shows a notice; `held` tells whether a person is busy with it.

    Args:
        notice: What it says and offers.
        host: Where it is shown.
        actions: What it may offer.
    """

    closed = Signal()
    held = Signal(bool)

    def __init__(self, notice: Notice, host: QWidget, actions: ActionSet) -> None:
        super().__init__(host)
        self.setAccessibleName(notice.text)
        self._details = notice.details
        look.set_role(self, role="toast", tone=notice.tone)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 4, 6, 4)
        self._row.setSpacing(10)
        icon, ink = _ICONS[notice.tone]
        self._row.addWidget(icon_label(icon, 16, ink))
        self._row.addWidget(_sentence(notice.text, host.width()), 1)
        if notice.action:
            self._add_action(actions, notice.action)
        if notice.other_action:
            self._add_action(actions, notice.other_action)
        if notice.details:
            copy = self._add_button(tr("Copy details"))
            copy.clicked.connect(self._copy)
        self._add_cross()
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 8)
        shadow.setColor(look.colour("overlay.shadow"))
        self.setGraphicsEffect(shadow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go away by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while the pointer is over it."""
        super().enterEvent(event)
        self.held.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Go when its time is over."""
        super().leaveEvent(event)
        self.held.emit(False)

    def _add_action(self, actions: ActionSet, action_id: str) -> None:
        action = actions[action_id]
        words = tr("Undo") if action_id == "undo" else action.iconText()
        button = self._add_button(words)
        button.clicked.connect(self.closed)  # first: the action may have more to say
        button.clicked.connect(action.trigger)
        if not action.shortcut().isEmpty():
            self._row.addWidget(key_label(action.shortcut().toString()))

    def _add_button(self, words: str) -> QPushButton:
        button = _ToastButton(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.focused.connect(self.held)
        look.set_role(button, role="link")
        self._row.addWidget(button)
        return button

    def _add_cross(self) -> None:
        cross = QToolButton()
        cross.setIcon(look.icon("x", 14))
        cross.setIconSize(QSize(14, 14))
        cross.setFixedSize(24, 24)
        cross.setAccessibleName(tr("Close"))
        cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        cross.clicked.connect(self.closed)
        self._row.addWidget(cross)

    def _copy(self) -> None:
        text = f"{self.accessibleName()}\n\n{self._details}"
        QGuiApplication.clipboard().setText(text)


class _ToastButton(QPushButton):
    """Tells when the focus comes and goes."""

    focused = Signal(bool)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus comes."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The focus goes."""
        super().focusOutEvent(event)
        self.focused.emit(False)


def _sentence(text: str, room: int) -> QLabel:
    label = text_label(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumHeight(24)
    widest = min(_WIDEST_PX, room - _BESIDE_PX)
    if label.sizeHint().width() > widest:
        label.setWordWrap(True)
        label.setMinimumWidth(widest)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
    return label
