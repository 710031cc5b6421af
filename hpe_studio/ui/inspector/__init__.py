"""The panel at the right: exact numbers of the joint, the person, the camera."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.inspector.live import LiveEdit
from hpe_studio.ui.inspector.page import Page
from hpe_studio.ui.inspector.section import Context
from hpe_studio.ui.inspector.table import PAGES
from hpe_studio.ui.inspector.tabs import TabStrip
from hpe_studio.ui.session import Session


class Inspector(QWidget):
    """The pages of `table.PAGES` as tabs.

    Args:
        session: What is inspected.
        actions: Actions of its buttons.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.live = LiveEdit(session, self)
        context = Context(session=session, actions=actions, live=self.live)
        self.pages = {spec.id: Page(spec, context) for spec in PAGES}
        self.strip = TabStrip(
            tuple(self.tr(spec.title) for spec in PAGES), self.tr("Inspector")
        )
        self.tabs = self.strip.bar
        self._stack = QStackedWidget()
        for page in self.pages.values():
            self._stack.addWidget(_scrolled(page))
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self._stack, 1)

    def section(self, section_id: str) -> Any:
        """A section of any page.

        Raises:
            KeyError: If there is none of that name.
        """
        for page in self.pages.values():
            for section in page.sections:
                if section.id == section_id:
                    return section
        raise KeyError(section_id)

    def reveal(self, section_id: str) -> Any:
        """Show a section unfolded, on its page and in view.

        Raises:
            KeyError: If there is none of that name.
        """
        section = self.section(section_id)
        pages = list(self.pages.values())
        number = next(i for i, page in enumerate(pages) if section in page.sections)
        self.tabs.setTabVisible(number, True)
        self.tabs.setCurrentIndex(number)
        if not section.head.is_open:
            section.head.toggle()
        area = self._stack.widget(number)
        if isinstance(area, QScrollArea):
            pages[number].adjustSize()
            area.ensureWidgetVisible(section, 0, 12)
        return section

    def enter_workspace(self, name: str) -> None:
        """Fold the sections as they were left in a workspace."""
        for page in self.pages.values():
            for section in page.sections:
                section.enter_workspace(name)


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
