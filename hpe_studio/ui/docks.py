"""The docks around the viewers: their table, their titles, their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QToolButton,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.compare.lanes import ErrorLanes
from hpe_studio.ui.compare.numbers import NumbersPanel
from hpe_studio.ui.compare.panel import ComparePanel
from hpe_studio.ui.curves.panel import CurvesPanel
from hpe_studio.ui.inspector import Inspector
from hpe_studio.ui.lanes import LanesPanel
from hpe_studio.ui.outliner import Outliner
from hpe_studio.ui.problems.panel import ProblemsPanel
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr

TITLE_PX = 30
_WIDE_PX, _HIGH_PX = 1400, 800
_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


@dataclass(frozen=True, kw_only=True, slots=True)
class DockSpec:
    """One line of the table of docks; docks of one area lie below each other.

    Attributes:
        id: Name in settings and of its action ("dock_people").
        title: English.
        area: Where it is at first.
        size_px: Its width (at the sides) or height (at the bottom) in a narrow and in
            a wide window.
        make: Makes what is in it.
        focus: The part of it that takes the focus.
        has_title: True where it has a title also while it is docked.
        behind: The dock with which it shares a place as a tab, or ""; such a dock is
            closed at first.
    """

    id: str
    title: str
    area: Qt.DockWidgetArea
    size_px: tuple[int, int]
    make: Callable[[Session, ActionSet], QWidget]
    focus: Callable[[QWidget], QWidget]
    has_title: bool = False
    behind: str = ""

    @property
    def is_upright(self) -> bool:
        """True where its width is what counts."""
        return self.area != _BOTTOM


def _tree_of(widget: QWidget) -> QWidget:
    return widget.tree if isinstance(widget, Outliner) else widget


def _tabs_of(widget: QWidget) -> QWidget:
    return widget.tabs if isinstance(widget, Inspector) else widget


def _list_of(widget: QWidget) -> QWidget:
    return widget.list if isinstance(widget, ProblemsPanel) else widget


def _itself(widget: QWidget) -> QWidget:
    return widget


def _canvas_of(widget: QWidget) -> QWidget:
    return widget.canvas if isinstance(widget, LanesPanel) else widget


def _shown_of(widget: QWidget) -> QWidget:
    return widget.tabs if isinstance(widget, NumbersPanel) else widget


DOCKS: tuple[DockSpec, ...] = (
    DockSpec(id="people", title="People & Shots", area=_LEFT, size_px=(224, 260),
             make=Outliner, focus=_tree_of, has_title=True),
    DockSpec(id="problems", title="Problems", area=_LEFT, size_px=(224, 260),
             make=ProblemsPanel, focus=_list_of, has_title=True),
    DockSpec(id="inspector", title="Inspector", area=_RIGHT, size_px=(256, 300),
             make=Inspector, focus=_tabs_of),
    DockSpec(id="lanes", title="Lanes", area=_BOTTOM, size_px=(148, 200),
             make=LanesPanel, focus=_canvas_of),
    DockSpec(id="curves", title="Curves", area=_BOTTOM, size_px=(148, 200),
             make=CurvesPanel, focus=_itself, behind="lanes"),
    DockSpec(id="compare", title="Compare", area=_LEFT, size_px=(224, 260),
             make=ComparePanel, focus=_itself, has_title=True, behind="people"),
    DockSpec(id="errors", title="Errors", area=_RIGHT, size_px=(272, 320),
             make=NumbersPanel, focus=_shown_of, behind="inspector"),
    DockSpec(id="error_lanes", title="Error over the clip", area=_BOTTOM,
             size_px=(164, 232), make=ErrorLanes, focus=_itself, behind="lanes"),
)  # fmt: skip


def first_size_px(
    spec: DockSpec, room: QSize, other: tuple[int, int] | None = None
) -> int:
    """A dock's first width or height in a window of that size."""
    narrow, wide = other or spec.size_px
    if spec.is_upright:
        first = wide if room.width() >= _WIDE_PX else narrow
        return max(first, least_width_px(spec))
    return wide if room.height() >= _HIGH_PX else narrow


def least_width_px(spec: DockSpec) -> int:
    """How narrow a dock at a side may become, so that larger texts stand whole in it.

    Texts of 100 % leave that to whoever drags its edge.
    """
    grown = look.room_px(spec.size_px[0])
    return grown if spec.is_upright and grown > spec.size_px[0] else 0


class PanelDock(QDockWidget):
    """A dock with a title of our own, which it shows always or only afloat.

    Args:
        spec: Its line of the table.
        widget: What is in it.
    """

    def __init__(self, spec: DockSpec, widget: QWidget) -> None:
        super().__init__(tr(spec.title).replace("&", "&&"))
        self.spec = spec
        self.setObjectName(f"dock_{spec.id}")
        self.setWidget(widget)
        self._shows_titles = False
        self._title = _DockTitle(self)
        self.setTitleBarWidget(self._title)
        self.topLevelChanged.connect(self._show_title)
        self._show_title()
        look.changed.connect(self._on_look_changed)
        self.setMinimumWidth(least_width_px(spec))

    @property
    def focus_target(self) -> QWidget:
        """What takes the focus in it."""
        widget = self.widget()
        return self.spec.focus(widget)

    @property
    def has_title(self) -> bool:
        """True while its title is seen."""
        return self.spec.has_title or self._shows_titles or self.isFloating()

    def show_titles(self, shown: bool) -> None:
        """Show the title also where it is usually left out, so it can be dragged."""
        self._shows_titles = shown
        self._show_title()

    def add_to_title(self, widget: QWidget, *, beside: bool = False) -> None:
        """Put a button into the title, at its right, or beside its words."""
        (self._title.beside if beside else self._title.extras).addWidget(widget)

    def _on_look_changed(self) -> None:
        """Grow with the texts, and give the room back with them."""
        before, least = self.minimumWidth(), least_width_px(self.spec)
        self.setMinimumWidth(least)
        main = self.parentWidget()
        is_docked = self.isVisible() and not self.isFloating()
        if before != least and is_docked and isinstance(main, QMainWindow):
            first = first_size_px(self.spec, main.size())
            main.resizeDocks([self], [first], Qt.Orientation.Horizontal)

    def _show_title(self, _is_floating: bool = False) -> None:
        self._title.setFixedHeight(TITLE_PX if self.has_title else 0)
        self._title.show_buttons(self.isFloating() or self._shows_titles)


def add_dock(
    main: QMainWindow, dock: PanelDock, docks: Mapping[str, PanelDock]
) -> None:
    """Put a dock where it is at first; one that lies behind another stays closed."""
    main.addDockWidget(dock.spec.area, dock)
    if dock.spec.behind:
        main.tabifyDockWidget(docks[dock.spec.behind], dock)
        dock.hide()


class _DockTitle(QWidget):
    def __init__(self, dock: PanelDock) -> None:
        super().__init__(dock)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.extras = QHBoxLayout()
        self.extras.setSpacing(2)
        self.beside = QHBoxLayout()
        self.beside.setContentsMargins(6, 0, 0, 0)
        name = tr(dock.spec.title)
        self._buttons = (
            _title_button("picture-in-picture-2", tr("Dock or float {}").format(name)),
            _title_button("x", tr("Close {}").format(name)),
        )
        self._buttons[0].clicked.connect(self._on_float_clicked)
        self._buttons[1].clicked.connect(dock.close)
        self._dock = dock
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 6, 0)
        row.setSpacing(2)
        row.addWidget(text_label(name, weight=600))
        row.addLayout(self.beside)
        row.addStretch(1)
        row.addLayout(self.extras)
        for button in self._buttons:
            row.addWidget(button)

    def sizeHint(self) -> QSize:
        """As high as it is fixed to."""
        return QSize(80, self.maximumHeight())

    def minimumSizeHint(self) -> QSize:
        """Never wider than what is below it."""
        return QSize(0, self.maximumHeight())

    def show_buttons(self, shown: bool) -> None:
        """Offer docking and closing where no menu is near."""
        for button in self._buttons:
            button.setVisible(shown)

    def _on_float_clicked(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())


def _title_button(icon: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(look.icon(icon, 14))
    button.setIconSize(QSize(14, 14))
    button.setFixedSize(24, 24)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
