"""The bar at the top: menus, Open, Run, workspaces, and where in the clip we are."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMenuBar,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.segments import Segments
from hpe_studio.ui.session import Session
from hpe_studio.ui.whereabouts import Whereabouts
from hpe_studio.ui.widgets import vertical_line
from hpe_studio.ui.workspaces import WORKSPACES

HEIGHT_PX = 40
_NAMED_FROM_PX = 1320
_LEFT_PX, _RIGHT_PX, _GAP_PX = 10, 10, 12
_NO_RATE, _NO_WORDS, _NO_LABELS, _LEVELS = 2, 3, 4, 5
"""What is left out step by step: the name, the rate, words of tabs and buttons."""


class AppMark(QWidget):
    """The program's mark: a figure on an accent tile.

    Args:
        side: Width and height.
    """

    def __init__(self, side: int = 18) -> None:
        super().__init__()
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint tile and figure."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent.fill"))
            side = self.width()
            painter.drawRoundedRect(QRectF(self.rect()), side * 0.24, side * 0.24)
            inner = round(side * 0.78)
            ratio = self.devicePixelRatioF()
            figure = look.pixmap(
                "person-standing", inner, look.colour("accent.on"), ratio
            )
            start = round((side - inner) / 2)
            painter.drawPixmap(start, start, figure)


class TopBar(QWidget):
    """Menus at the left, workspaces in the middle, the frame and time at the right.

    Args:
        actions: The table's actions, which also feed the menus.
    """

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.menu_bar = QMenuBar()
        self.menu_bar.setNativeMenuBar(False)
        fixed = QSizePolicy.Policy.Fixed  # as high as its words, in the middle
        self.menu_bar.setSizePolicy(QSizePolicy.Policy.Minimum, fixed)
        actions.fill_menus(self.menu_bar)
        self._buttons = (
            _labelled_button(actions, "open", "folder-open"),
            _labelled_button(actions, "run", "scan-face", role="primary"),
        )
        self._left = QWidget(self)
        row = QHBoxLayout(self._left)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(AppMark())
        row.addWidget(self.menu_bar)
        row.addWidget(vertical_line(18))
        for button in self._buttons:
            row.addWidget(button)
        self.workspaces = Segments(self.tr("Workspaces"))
        self.workspaces.setParent(self)
        for spec in WORKSPACES:
            self.workspaces.add_action(actions[f"workspace_{spec.id}"], spec.icon)
        self.workspaces.add_action(actions["export"], "file-output")
        self.whereabouts = Whereabouts()
        self.whereabouts.setParent(self)
        look.changed.connect(self._fit)
        self.show_session(None)

    def show_session(self, session: Session | None) -> None:
        """Follow another project, or none."""
        self._buttons[1].setVisible(session is not None)
        self.workspaces.setVisible(session is not None)
        self.whereabouts.show_session(session)
        self._fit()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Say less where there is less room."""
        self._fit()

    def showEvent(self, _event: QShowEvent) -> None:
        """Only now the style sheet says how wide words are."""
        self._fit()

    def _fit(self) -> None:
        """Leave out as little as possible, then put the workspaces in the middle."""
        for level in range(_LEVELS):
            self._say_less(level)
            widths = [_width(part) for part in self._parts()]
            gaps = _GAP_PX * (sum(width > 0 for width in widths) - 1)
            if sum(widths) + gaps + _LEFT_PX + _RIGHT_PX <= self.width():
                break
        left, middle, right = (_width(part) for part in self._parts())
        spot = (self.width() - middle) // 2
        most = self.width() - _RIGHT_PX - right - _GAP_PX - middle
        spot = max(min(spot, most), _LEFT_PX + left + _GAP_PX)
        end = max(self.width() - _RIGHT_PX - right, spot + middle + _GAP_PX)
        self._left.setGeometry(_LEFT_PX, 0, left, HEIGHT_PX)
        self.workspaces.setGeometry(spot, 4, middle, HEIGHT_PX - 8)
        self.whereabouts.setGeometry(end, 0, right, HEIGHT_PX)

    def _parts(self) -> tuple[QWidget, QWidget, QWidget]:
        return self._left, self.workspaces, self.whereabouts

    def _say_less(self, level: int) -> None:
        has_name = level < 1 and self.width() >= _NAMED_FROM_PX
        self.whereabouts.say_less(name=has_name, rate=level < _NO_RATE)
        self.workspaces.show_words(level < _NO_WORDS)
        if self.menu_bar.property("tight") is not (not has_name):
            look.set_role(self.menu_bar, tight=not has_name)
            remeasure = QEvent(QEvent.Type.StyleChange)  # it keeps its items' places
            QApplication.sendEvent(self.menu_bar, remeasure)
        style = Qt.ToolButtonStyle
        for button in self._buttons:
            button.setToolButtonStyle(
                style.ToolButtonTextBesideIcon
                if level < _NO_LABELS
                else style.ToolButtonIconOnly
            )


def _width(part: QWidget) -> int:
    layout = part.layout()
    if part.isHidden() or layout is None:
        return 0
    layout.activate()
    return layout.sizeHint().width()


def _labelled_button(
    actions: ActionSet, action_id: str, icon: str, *, role: str = "text"
) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(actions[action_id])
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setIconSize(look.gapped_size())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(actions[action_id].iconText())
    look.set_role(button, role=role)
    ink = "accent.on" if role == "primary" else "text.primary"
    dressed = partial(button.setIcon, look.gapped_icon(icon, ink=ink))
    actions[action_id].changed.connect(dressed)  # which sets the plain one again
    dressed()
    return button
