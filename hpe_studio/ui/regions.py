"""The regions of the window that a key goes through, also those that float."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """One stop of the cycle.

    Attributes:
        widget: What belongs to it.
        target: Which part of it takes the focus.
        bring: Makes it seen, where it lies behind others.
    """

    widget: QWidget
    target: QWidget
    bring: Callable[[], None]


def focus_next(regions: Sequence[Region]) -> None:
    """Put the focus into the region after the one that has it, leaving closed out."""
    shown = [region for region in regions if region.widget.isVisible()]
    if not shown:
        return
    focused = QApplication.focusWidget()
    at = next((i for i, r in enumerate(shown) if _has(r.widget, focused)), -1)
    for region in (*shown[at + 1 :], *shown[: at + 1]):
        target = _target(region)
        if target is None:
            continue
        region.bring()
        if not target.isActiveWindow():
            target.activateWindow()
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return


def _target(region: Region) -> QWidget | None:
    """What can take the focus: its usual target, else the first thing that can."""
    if _takes_focus(region.target):
        return region.target
    parts = region.widget.findChildren(QWidget)
    return next((part for part in parts if _takes_focus(part)), None)


def _takes_focus(widget: QWidget) -> bool:
    proxy = widget.focusProxy()
    if proxy is not None:
        return _takes_focus(proxy)
    is_stop = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return is_stop and widget.isEnabled() and widget.isVisible()


def _has(widget: QWidget, focused: QWidget | None) -> bool:
    return focused is not None and (widget is focused or widget.isAncestorOf(focused))
