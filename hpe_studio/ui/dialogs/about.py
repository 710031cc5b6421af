"""What the program is, what is new in it, and whose work it stands on."""

from __future__ import annotations

from itertools import groupby
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

import hpe_studio
from hpe_studio.ui import look, news
from hpe_studio.ui.dialogs.sizes import open_as_large_as
from hpe_studio.ui.licences import Licensed, licensed_works
from hpe_studio.ui.topbar import AppMark
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr

Page = Literal["about", "news", "licences"]
_PAGES: tuple[Page, ...] = ("about", "news", "licences")
_SIZE_PX = (720, 520)
_MARGIN_PX, _INDENT_PX, _APART_PX = 12, 18, 7
_TEXT_ROLE = Qt.ItemDataRole.UserRole


class AboutDialog(QDialog):
    """Three pages behind tabs; it stands beside the work and blocks nothing.

    Args:
        parent: The window.
        page: The one shown first.
    """

    def __init__(self, parent: QWidget, page: Page = "about") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("About HPE Studio"))
        open_as_large_as(self, _SIZE_PX)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("Pages"))
        self.pages = QStackedWidget()
        for title in (tr("About"), tr("What’s new"), tr("Licences")):
            self.tabs.addTab(title)
        self.licences = LicencePage()
        self.news = NewsPage()
        for widget in (_about_page(), self.news, self.licences):
            self.pages.addWidget(widget)
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        self._read = (self.tabs, self.news.browser, self.licences.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)
        self.show_page(page)

    def show_page(self, page: Page) -> None:
        """Show one of the pages, ready to be read with the arrow keys."""
        self.tabs.setCurrentIndex(_PAGES.index(page))
        self._read[_PAGES.index(page)].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by Escape; nothing here is a default button."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()


class NewsPage(QWidget):
    """What changed from version to version."""

    def __init__(self) -> None:
        super().__init__()
        self.browser = QTextBrowser()
        self.browser.setOpenExternalLinks(True)
        self.browser.setAccessibleName(tr("What’s new"))
        self.browser.setMarkdown(news.changelog())
        _air(self.browser.document())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.addWidget(self.browser)


class LicencePage(QWidget):
    """A list of all works of others; below it the licence of the chosen one."""

    def __init__(self) -> None:
        super().__init__()
        self.list = QTreeWidget()
        self.list.setColumnCount(3)
        self.list.setHeaderLabels([tr("Name"), tr("Version"), tr("Licence")])
        self.list.setAccessibleName(tr("Works of others"))
        look.set_role(self.list, role="boxed")
        self.list.setRootIsDecorated(False)
        self.list.setItemsExpandable(False)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Text of the licence"))
        self.list.currentItemChanged.connect(self._on_current_changed)
        self._fill()
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.list)
        splitter.addWidget(self.text)
        splitter.setSizes([280, 170])
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.addWidget(splitter)

    def _fill(self) -> None:
        for group, works in groupby(licensed_works(), key=lambda work: work.group):
            head = QTreeWidgetItem([group])
            head.setFont(0, look.font("body", 600))
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.list.addTopLevelItem(head)
            head.setFirstColumnSpanned(True)
            for work in works:
                head.addChild(_item(work))
        self.list.expandAll()
        self.list.setColumnWidth(0, 250)
        self.list.setColumnWidth(1, 110)
        model = self.list.model()
        self.list.setCurrentIndex(model.index(0, 0, model.index(0, 0)))

    def _on_current_changed(
        self, now: QTreeWidgetItem | None, _before: QTreeWidgetItem | None
    ) -> None:
        self.text.setPlainText("" if now is None else now.data(0, _TEXT_ROLE) or "")


def show_about(parent: QWidget, page: Page = "about") -> AboutDialog:
    """Show a small window with what the program is."""
    dialog = parent.findChild(AboutDialog)
    if dialog is None:
        dialog = AboutDialog(parent, page)
    dialog.show_page(page)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog


def _about_page() -> QWidget:
    page = QWidget()
    head = QHBoxLayout()
    head.setSpacing(16)
    head.addWidget(AppMark(44))
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(text_label("HPE Studio", size="hero", weight=600))
    version = tr("Version {version}").format(version=hpe_studio.__version__)
    words.addWidget(text_label(version, tone="secondary"))
    head.addLayout(words)
    head.addStretch(1)
    column = QVBoxLayout(page)
    column.setContentsMargins(24, 24, 24, 24)
    column.setSpacing(14)
    column.addLayout(head)
    for sentence in (
        tr("Human motion out of ordinary video: found, fitted, corrected, exported."),
        tr(
            "Free software under the Apache License 2.0. Libraries, models, icons and "
            "fonts are under licences of their own, listed on the third page."
        ),
        tr("Nothing you open leaves this computer, and nothing is counted."),
    ):
        column.addWidget(_paragraph(sentence))
    column.addStretch(1)
    return page


def _air(document: QTextDocument) -> None:
    """Set the entries apart, which Markdown packs."""
    document.setDocumentMargin(_MARGIN_PX)
    document.setIndentWidth(_INDENT_PX)
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        shape = block.blockFormat()
        shape.setBottomMargin(_APART_PX)
        cursor.setBlockFormat(shape)
        block = block.next()


def _paragraph(text: str) -> QLabel:
    label = text_label(text, tone="secondary")
    label.setWordWrap(True)
    return label


def _item(work: Licensed) -> QTreeWidgetItem:
    item = QTreeWidgetItem([work.name, work.version, work.licence])
    item.setData(0, _TEXT_ROLE, work.text)
    item.setToolTip(2, work.licence)
    return item
