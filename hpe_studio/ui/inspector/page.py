"""A page of the inspector: who is inspected, a notice, sections below each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hpe_studio.core.track import Source
from hpe_studio.ui import look
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.calm import Calm
from hpe_studio.ui.inspector.facts import (
    OutsideRanges,
    missing_range,
    posed_person,
    selected_joint,
)
from hpe_studio.ui.inspector.section import Context, Section
from hpe_studio.ui.inspector.who import Notice, WhoHeader
from hpe_studio.ui.looks import Looks
from hpe_studio.ui.timecode import range_text


@dataclass(frozen=True, kw_only=True, slots=True)
class PageSpec:
    """One tab of the inspector.

    Attributes:
        id: Name in code.
        title: On the tab.
        sections: What stands on it, from top to bottom.
        is_about_person: True where it starts with who is selected.
    """

    id: str
    title: str
    sections: tuple[Callable[[Context], Section], ...]
    is_about_person: bool = True


class Page(QWidget):
    """A column of sections that shows what is selected while it is visible.

    Args:
        spec: What it holds.
        context: What sections are made of.
    """

    def __init__(self, spec: PageSpec, context: Context) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self._session = context.session
        self.who = WhoHeader() if spec.is_about_person else None
        self.notice = Notice()
        self._outside = OutsideRanges(context.session)
        self._is_outside_stale = False
        self._looks = Looks(context.session.document)
        self.sections = tuple(make(context) for make in spec.sections)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        if self.who is not None:
            column.addWidget(self.who)
            holder = QVBoxLayout()
            holder.setContentsMargins(12, 0, 12, 0)
            holder.addWidget(self.notice)
            column.addLayout(holder)
            column.addSpacing(0)
        for section in self.sections:
            column.addWidget(section)
        column.addStretch(1)
        bridge = context.session.bridge
        self._calm = Calm(context.session, self._on_anything_changed, self)
        bridge.selection_changed.connect(self._on_anything_changed)
        bridge.document_changed.connect(self._on_document_changed)
        context.live.settled.connect(self._on_settled)
        self.refresh()

    def section(self, section_id: str) -> Any:
        """The section of that name.

        Raises:
            KeyError: If the page has none.
        """
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    def refresh(self) -> None:
        """Show what is selected now."""
        if self.who is not None:
            self._show_who(self.who)
        for section in self.sections:
            section.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while hidden."""
        super().showEvent(event)
        self._outside.forget()
        self.refresh()

    def _show_who(self, who: WhoHeader) -> None:
        session = self._session
        selected = selected_joint(session)
        person = session.active_person
        if person is None:
            detail = self.tr("Click a person or a joint")
        elif posed_person(session) is None:
            detail = self.tr("Missing on this frame")
        elif selected is None:
            detail = self.tr("No joint selected")
        else:
            detail = selected.title
        who.chip.show_source(None if selected is None else selected.source)
        if person is not None and posed_person(session) is None:
            who.chip.show_source(Source.MISSING)
        who.show_selected(session, detail)
        self.notice.show_text(*self._notice())

    def _notice(self) -> tuple[str, str]:
        """What is amiss with the selected joint, and what follows from it."""
        session = self._session
        person, selected = session.active_person, selected_joint(session)
        count = session.document.clip.frame_count
        if person is None:
            return "", ""
        if person.locked:
            title = self.tr("{0} is locked").format(person.name)
            return title, self.tr("Numbers are shown but not changed.")
        gap = missing_range(session, person.id)
        if gap is not None:
            title = self.tr("Missing {0}").format(range_text(*gap, count))
            words = self.tr("Nobody was found here: nothing is drawn or exported.")
            return title, words
        outside = None if selected is None else self._outside.around(selected)
        if outside is None or selected is None:
            return "", ""
        title = self.tr("Outside the picture {0}").format(range_text(*outside, count))
        return title, self._origin(selected.source)

    def _origin(self, source: Source) -> str:
        """Where the values of a joint come from that the picture does not show."""
        if source == Source.KEYED:
            return self.tr("Not seen there: set by a key.")
        if source == Source.FILLED:
            return self.tr("Not seen there: filled from the frames around it.")
        if source == Source.IMPORTED:
            return self.tr("Not seen there: as the file says.")
        return self.tr(
            "Not seen there: it follows from the rest of the body and the frames"
            " around it. Left out of the fit to the picture."
        )

    def _on_document_changed(self, touched: Touched) -> None:
        is_dressed = touched.any_of("persons") and self._looks.are_new()
        if is_dressed or touched.any_of("tracks", "keys", "shots", "cameras"):
            self._is_outside_stale = True
        if self._is_outside_stale and not touched.is_preview_only:
            self._is_outside_stale = False
            self._outside.forget()
        if self.isVisible():
            self.refresh()

    def _on_anything_changed(self, _what: object = None) -> None:
        if self.isVisible():
            self.refresh()

    def _on_settled(self) -> None:
        if self.isVisible():
            self.refresh()
