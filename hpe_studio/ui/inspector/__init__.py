"""The panel at the right: exact numbers of the joint, the person, the camera."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.inspector.camera import CameraPage
from hpe_studio.ui.inspector.person import PersonPage
from hpe_studio.ui.inspector.pose import PosePage
from hpe_studio.ui.session import Session


class Inspector(QWidget):
    """Tabs Pose, Person, Camera.

    Args:
        session: What is inspected.
        actions: Actions of its buttons.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.pose = PosePage(session, actions)
        self.person = PersonPage(session)
        self.camera = CameraPage(session)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Inspector")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self._pages = QStackedWidget()
        for title, page in (
            ("Pose", self.pose),
            ("Person", self.person),
            ("Camera", self.camera),
        ):
            self.tabs.addTab(title)
            self._pages.addWidget(_scrolled(page))
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        strip = QWidget()
        strip.setFixedHeight(30)
        strip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(strip, role="header")
        inner = QVBoxLayout(strip)
        inner.setContentsMargins(4, 0, 4, 0)
        inner.addWidget(self.tabs)
        column.addWidget(strip)
        column.addWidget(self._pages, 1)


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
