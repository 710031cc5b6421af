"""The protocol card: green with a protocol's name, amber the moment it is left."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy

from hpe_studio.metrics.protocol import TITLES, Protocol, modified
from hpe_studio.ui import look
from hpe_studio.ui.widgets import IconLabel, text_label
from hpe_studio.ui.words import tr


class ProtocolCard(QFrame):
    """Whose numbers these are, and what was changed."""

    def __init__(self) -> None:
        super().__init__()
        self.icon = IconLabel("circle-check", 15, "state.ok")
        self.title = text_label(weight=600)
        self.detail = text_label(size="small", tone="secondary")
        for label in (self.title, self.detail):
            label.setWordWrap(True)
            label.setMinimumWidth(40)
            label.setSizePolicy(
                QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
            )
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 9, 10, 9)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.addWidget(self.icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.title, 0, 1)
        grid.addWidget(self.detail, 1, 1)
        grid.setColumnStretch(1, 1)
        self.is_modified = False

    def show_protocol(self, protocol: Protocol, counts: str) -> None:
        """Show the rules as they are used, and what the means are over."""
        changes = modified(protocol)
        self.is_modified = bool(changes)
        name = TITLES[protocol.name]
        tone, icon = ("warn", "triangle-alert") if changes else ("ok", "circle-check")
        self.icon.show_icon(icon, f"state.{tone}")
        look.set_role(self, role="verdict", tone=tone)
        if changes:
            self.title.setText(tr("Modified: not {name} any more").format(name=name))
            said = "; ".join(changes)
            said = f"{said[:1].upper()}{said[1:]}."
        else:
            self.title.setText(tr("{name}, as published").format(name=name))
            said = _root_words(protocol)
        self.detail.setText(f"{said} {counts}".strip())
        self.setAccessibleName(self.title.text())
        self.setAccessibleDescription(self.detail.text())


def _root_words(protocol: Protocol) -> str:
    """Whether the joint that is laid on the other counts in the mean."""
    if protocol.align not in ("root", "scale"):
        return ""
    if protocol.counts_root:
        return tr("The aligned root counts in the mean.")
    return tr("The aligned root does not count in the mean.")
