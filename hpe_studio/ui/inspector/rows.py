"""Rows of a section: a title at the left, a fact at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from hpe_studio.ui.widgets import text_label

_TITLE_PX = 84


def fact_row(rows: QVBoxLayout, title: str) -> tuple[QLabel, QLabel]:
    """Add a title and a fact, at either edge; both can be changed later."""
    row = QHBoxLayout()
    row.setSpacing(10)
    left, right = text_label(title, tone="secondary"), text_label()
    left.setMinimumWidth(10)
    right.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    right.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    row.addWidget(left)
    row.addWidget(right, 1)
    rows.addLayout(row)
    return left, right


def named_row(rows: QVBoxLayout, title: str, widget: QWidget) -> QLabel:
    """Add a widget behind its title; screen readers hear them together."""
    row = QHBoxLayout()
    row.setSpacing(8)
    label = text_label(title, tone="muted")
    label.setBuddy(widget)
    label.setMinimumWidth(label.fontMetrics().horizontalAdvance("Heights"))
    row.addWidget(label)
    row.addWidget(widget, 1)
    rows.addLayout(row)
    return label


def list_row(title: str, detail: str) -> QWidget:
    """A line of a list: what, and muted at the right what of it."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    what = text_label(title)
    what.setMinimumWidth(min(_TITLE_PX, what.sizeHint().width()))
    row.addWidget(what)
    row.addStretch(1)
    of_it = text_label(detail, size="small", tone="muted")
    row.addWidget(of_it)
    return holder
