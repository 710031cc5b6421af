"""The dock "Compare": what with what, by which rules, and what edits did."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.compare.protocol_section import ProtocolSection
from hpe_studio.ui.compare.settings_sections import EffectSection, TruthPlaceSection
from hpe_studio.ui.compare.sources import PairingSection, Sources
from hpe_studio.ui.empty import EmptyState
from hpe_studio.ui.inspector.live import LiveEdit
from hpe_studio.ui.inspector.section import Context
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr


class ComparePanel(QWidget):
    """Sources, pairing, time and camera, protocol, edits; or how to attach truth.

    Args:
        session: Whose comparison.
        actions: The table's actions.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session = session
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        context = Context(
            session=session, actions=actions, live=LiveEdit(session, self)
        )
        self.sources = Sources(session)
        self.message = text_label(size="small", tone="warn")
        self.message.setWordWrap(True)
        self.message.setContentsMargins(12, 0, 12, 8)
        self.pairing = PairingSection(context)
        self.place = TruthPlaceSection(context)
        self.protocol = ProtocolSection(context)
        self.effect = EffectSection(context)
        self.sections = (self.effect, self.protocol, self.place, self.pairing)
        self.empty = EmptyState(
            "git-compare",
            tr("No truth yet"),
            detail=tr("A Panoptic folder, results or a project"),
            action=actions["attach_truth"],
        )
        self.pages = QStackedWidget()
        self.pages.addWidget(self._scrolled())
        self.pages.addWidget(self.empty)
        self.buttons = self._buttons(actions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addWidget(self.buttons)
        for section in self.sections:
            section.enter_workspace("compare")
        session.comparing.changed.connect(self.refresh)
        session.comparing.sight_changed.connect(self.effect.show_sight)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known."""
        comparing = self._session.comparing
        has_truth = comparing.has_truth
        self.pages.setCurrentIndex(0 if has_truth else 1)
        self.buttons.setVisible(has_truth)
        self.message.setText(comparing.error)
        self.message.setVisible(bool(comparing.error))
        self.sources.refresh()
        for section in self.sections:
            section.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Numbers are in sight."""
        super().showEvent(event)
        self._session.comparing.note_panel(self, is_seen=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Numbers are out of sight."""
        super().hideEvent(event)
        self._session.comparing.note_panel(self, is_seen=False)

    def _scrolled(self) -> QScrollArea:
        page = QWidget()
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(page, role="panel")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        column.addWidget(self.sources)
        column.addWidget(self.message)
        for section in self.sections:
            column.addWidget(section)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _buttons(self, actions: ActionSet) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(12, 6, 12, 10)
        row.setSpacing(6)
        self.report = QPushButton(tr("Report…"))
        look.set_role(self.report, role="primary")
        self.attach = QPushButton(tr("Truth…"))
        self.detach = QPushButton(tr("Detach"))
        for button, action_id in (
            (self.attach, "attach_truth"),
            (self.detach, "detach_truth"),
            (self.report, "comparison_report"),
        ):
            button.setFixedHeight(26)
            button.clicked.connect(actions[action_id].trigger)
            button.setToolTip(actions[action_id].toolTip())
            row.addWidget(button, int(button is self.report))
        return holder
