"""One toast at a time at the bottom of the window: a sentence and a way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.notices import Notice
from hpe_studio.ui.toast import Toast

_STAY_MS = {"ok": 6000, "info": 8000, "danger": 15000}
_WIDEST_PX, _UP_PX = 720, 10


class Toasts(QObject):
    """Shows notices over the bottom edge of a widget.

    A toast stays as long as the pointer is over it or one of its buttons has the focus.

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
        self._toast: Toast | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        host.installEventFilter(self)

    @property
    def text(self) -> str:
        """The sentence shown now, or ""."""
        return "" if self._toast is None else self._toast.accessibleName()

    @property
    def shown(self) -> Toast | None:
        """The toast shown now."""
        return self._toast

    def show(self, notice: Notice) -> None:
        """Show a notice in place of the one before, and read it to who cannot see."""
        self.clear()
        self._toast = Toast(notice, self._host, self._actions)
        self._toast.closed.connect(self.clear)
        self._toast.held.connect(self._on_held)
        self._place()
        self._toast.show()
        self._toast.raise_()
        self._timer.start(_STAY_MS[notice.tone])
        announcement = QAccessibleAnnouncementEvent(self._toast, notice.text)
        if notice.tone == "danger":
            politeness = QAccessible.AnnouncementPoliteness.Assertive
            announcement.setPoliteness(politeness)
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

    def _on_held(self, is_held: bool) -> None:
        if is_held:
            self._timer.stop()
        elif self._toast is not None:
            self._timer.start(_STAY_MS["ok"])

    def _place(self) -> None:
        if self._toast is None:
            return
        self._toast.setMaximumWidth(min(_WIDEST_PX, self._host.width() - 40))
        self._toast.adjustSize()
        x = (self._host.width() - self._toast.width()) // 2
        lift_px = _UP_PX + self._lift_px()
        self._toast.move(x, self._host.height() - self._toast.height() - lift_px)
