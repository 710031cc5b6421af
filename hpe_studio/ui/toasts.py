"""One toast at a time at the bottom of the window: a sentence and a way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor
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

_STAY_MS = {"ok": 6000, "info": 8000, "danger": 15000}
_ICONS = {
    "ok": ("circle-check", "state.ok"),
    "info": ("info", "state.info"),
    "danger": ("circle-alert", "state.danger"),
}


class Toasts(QObject):
    """Shows notices over the bottom edge of a widget.

    Args:
        host: Where they are shown.
        actions: What they may offer.
        lift_px: How far the lower edge is to be left free.
    """

    def __init__(
        self, host: QWidget, actions: ActionSet, lift_px: Callable[[], int]
    ) -> None:
        super().__init__(host)
        self._host = host
        self._actions = actions
        self._lift_px = lift_px
        self._toast: QFrame | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        host.installEventFilter(self)

    @property
    def text(self) -> str:
        """The sentence shown now, or ""."""
        return "" if self._toast is None else self._toast.accessibleName()

    def show(self, notice: Notice) -> None:
        """Show a notice in place of the one before."""
        self.clear()
        self._toast = _build(notice, self._host, self._actions, self)
        self._place()
        self._toast.show()
        self._toast.raise_()
        self._timer.start(_STAY_MS[notice.tone])
        announcement = QAccessibleAnnouncementEvent(self._toast, notice.text)
        QAccessible.updateAccessibility(announcement)

    def clear(self) -> None:
        """Take the toast away."""
        self._timer.stop()
        if self._toast is not None:
            self._toast.hide()
            self._toast.deleteLater()
            self._toast = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stay in the middle when the window changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        if self._toast is None:
            return
        self._toast.setMaximumWidth(min(720, self._host.width() - 40))
        self._toast.adjustSize()
        x = (self._host.width() - self._toast.width()) // 2
        lift_px = 10 + self._lift_px()
        self._toast.move(x, self._host.height() - self._toast.height() - lift_px)


def _build(notice: Notice, host: QWidget, actions: ActionSet, toasts: Toasts) -> QFrame:
    frame = QFrame(host)
    frame.setAccessibleName(notice.text)
    look.set_role(frame, role="toast", tone=notice.tone)
    row = QHBoxLayout(frame)
    row.setContentsMargins(12, 5, 6, 5)
    row.setSpacing(10)
    row.addWidget(icon_label(_ICONS[notice.tone][0], 16, _ICONS[notice.tone][1]))
    row.addWidget(_sentence(notice.text, host.width()), 1)
    if notice.action:
        _add_action(row, actions, notice.action, toasts)
    close = QToolButton()
    close.setIcon(look.icon("x", 14))
    close.setIconSize(QSize(14, 14))
    close.setFixedSize(24, 24)
    close.setAccessibleName("Close")
    close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    close.clicked.connect(toasts.clear)
    row.addWidget(close)
    shadow = QGraphicsDropShadowEffect(frame)
    shadow.setBlurRadius(24)
    shadow.setOffset(0, 8)
    shadow.setColor(QColor(0, 0, 0, 140))
    frame.setGraphicsEffect(shadow)
    return frame


def _sentence(text: str, room: int) -> QLabel:
    label = text_label(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumHeight(24)
    if label.sizeHint().width() > min(560, room - 200):
        label.setWordWrap(True)
        label.setMinimumWidth(min(560, room - 200))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
    return label


def _add_action(
    row: QHBoxLayout, actions: ActionSet, action_id: str, toasts: Toasts
) -> None:
    action = actions[action_id]
    button = QPushButton(action.iconText().split(" ")[0])
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    look.set_role(button, role="link")
    button.clicked.connect(action.trigger)
    button.clicked.connect(toasts.clear)
    row.addWidget(button)
    if not action.shortcut().isEmpty():
        row.addWidget(key_label(action.shortcut().toString()))
