"""Tabs of which those that find no room stand in a list under "…"."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QToolButton, QWidget

from hpe_studio.ui import look

_HEIGHT_PX, _MORE_PX, _MARGIN_PX = 30, 20, 2


class TabStrip(QWidget):
    """A tab bar as wide as the panel; the current tab is always to be seen.

    Args:
        titles: Of the tabs.
        name: For screen readers.
    """

    def __init__(self, titles: tuple[str, ...], name: str) -> None:
        super().__init__()
        self.setFixedHeight(_HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="header")
        self.bar = QTabBar()
        self.bar.setAccessibleName(name)
        look.set_role(self.bar, role="strip")
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setMinimumWidth(40)
        for title in titles:
            self.bar.addTab(title)
        self._wide_px = [self.bar.tabRect(i).width() for i in range(self.bar.count())]
        self.more = QToolButton()
        self.more.setIcon(look.icon("ellipsis", 16))
        self.more.setIconSize(QSize(16, 16))
        self.more.setFixedSize(_MORE_PX, 24)
        self.more.setAccessibleName(self.tr("More tabs"))
        self.more.setToolTip(self.tr("More tabs"))
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(self._on_more_clicked)
        self.more.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 0)
        row.setSpacing(0)
        row.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.more)
        self.bar.currentChanged.connect(self._on_current_changed)
        look.changed.connect(self._on_look_changed)

    @property
    def hidden_titles(self) -> tuple[str, ...]:
        """Titles that stand under "…"."""
        bar = self.bar
        hidden = [i for i in range(bar.count()) if not bar.isTabVisible(i)]
        return tuple(bar.tabText(i) for i in hidden)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many tabs as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure the tabs as they look now."""
        super().showEvent(event)
        self._measure()

    def _fit(self) -> None:
        room = self.width() - 2 * _MARGIN_PX
        order = list(range(self.bar.count()))
        shown = set(order)
        if sum(self._wide_px) > room:
            shown = self._chosen(room - _MORE_PX)
        for index in order:
            self.bar.setTabVisible(index, index in shown)
        self.more.setVisible(len(shown) < len(order))

    def _chosen(self, room: int) -> set[int]:
        """The current tab and those from the left that fit beside it."""
        current = max(self.bar.currentIndex(), 0)
        chosen, used = {current}, self._wide_px[current]
        for index, width in enumerate(self._wide_px):
            if index == current:
                continue
            if used + width > room:
                break
            chosen.add(index)
            used += width
        return chosen

    def _on_current_changed(self, _index: int) -> None:
        self._fit()

    def _on_look_changed(self) -> None:
        self._measure()

    def _measure(self) -> None:
        for index in range(self.bar.count()):
            self.bar.setTabVisible(index, True)
        self._wide_px = [self.bar.tabRect(i).width() for i in range(self.bar.count())]
        self._fit()

    def _on_more_clicked(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for index in range(self.bar.count()):
            if not self.bar.isTabVisible(index):
                action = menu.addAction(self.bar.tabText(index))
                action.triggered.connect(partial(self._on_title_chosen, index))
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _on_title_chosen(self, index: int, _is_checked: bool = False) -> None:
        self.bar.setTabVisible(index, True)
        self.bar.setCurrentIndex(index)
