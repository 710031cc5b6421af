"""The one place where signals of the core and results of threads become Qt signals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from hpe_studio.core.changes import ChangeSet, Table
from hpe_studio.core.document import Document
from hpe_studio.core.viewstate import Layers, Selection, ViewState

if TYPE_CHECKING:
    from hpe_studio.media.loader import Picture


@dataclass(frozen=True, kw_only=True, slots=True)
class Touched:
    """What changed in the document during one turn of the event loop.

    Attributes:
        changes: The change sets, oldest first.
        shown_by: The pane that shows all of them already, or None.
    """

    changes: tuple[ChangeSet, ...]
    shown_by: Pane | None = None

    def any_of(self, *tables: Table) -> bool:
        """True where one of the tables changed."""
        return any(c.touches(table) for c in self.changes for table in tables)

    @property
    def is_preview_only(self) -> bool:
        """True while a gesture goes on and nothing was committed."""
        return all(change.cause == "preview" for change in self.changes)


class Pane(Protocol):
    """What can answer a gesture before all others: a widget under the hand."""

    def catch_up(self, touched: Touched, /) -> None:
        """Take in what changed in the document, and what is looked at now."""
        ...

    def repaint(self) -> None:
        """Paint at once."""
        ...


class Bridge(QObject):
    """Qt's side of a document, a view state and a frame loader.

    `document_changed` comes once per turn of the event loop, however many edits
    there were; the others at once (their slots only mark widgets for painting).
    Within `answering` all of them wait for the next turn.

    Args:
        document: Whose changes are passed on.
        view: Whose changes are passed on.
    """

    document_changed = Signal(object)
    frame_changed = Signal(int)
    selection_changed = Signal(object)
    layers_changed = Signal(object)
    range_changed = Signal(object)
    tool_changed = Signal(str)
    pins_changed = Signal(object)
    shown_view_changed = Signal(int)
    picture_arrived = Signal(object)
    _flush_wanted = Signal()

    def __init__(self, document: Document, view: ViewState) -> None:
        super().__init__()
        self._document = document
        self._view = view
        self._pending: list[ChangeSet] = []
        self._held: list[tuple[SignalInstance, object]] = []
        self._is_answering = False
        self._shown: tuple[Pane, int] | None = None
        self.answers = 0
        self._flush_wanted.connect(self._flush, Qt.ConnectionType.QueuedConnection)
        document.changed.connect(self._on_document_changed)
        view.frame_changed.connect(self._on_frame_changed)
        view.selection_changed.connect(self._on_selection_changed)
        view.layers_changed.connect(self._on_layers_changed)
        view.range_changed.connect(self._on_range_changed)
        view.tool_changed.connect(self._on_tool_changed)
        view.pins_changed.connect(self._on_pins_changed)
        view.shown_view_changed.connect(self._on_shown_view_changed)

    def close(self) -> None:
        """Listen to nothing any more."""
        self._held.clear()
        self._document.changed.disconnect(self._on_document_changed)
        self._view.frame_changed.disconnect(self._on_frame_changed)
        self._view.selection_changed.disconnect(self._on_selection_changed)
        self._view.layers_changed.disconnect(self._on_layers_changed)
        self._view.range_changed.disconnect(self._on_range_changed)
        self._view.tool_changed.disconnect(self._on_tool_changed)
        self._view.pins_changed.disconnect(self._on_pins_changed)
        self._view.shown_view_changed.disconnect(self._on_shown_view_changed)

    @contextmanager
    def answering(self, pane: Pane) -> Iterator[None]:
        """Let a pane show what is done within before anybody else hears of it.

        If the document or the view state tells anything meanwhile, the pane takes it
        in and is painted at once, and counted in `answers`; everybody hears of it in
        the next turn of the event loop.
        """
        if self._is_answering:
            yield
            return
        told = len(self._pending), len(self._held)
        self._is_answering = True
        try:
            yield
        finally:
            self._is_answering = False
        if (len(self._pending), len(self._held)) != told:
            self.answers += 1
            self._shown = pane, len(self._pending)
            pane.catch_up(Touched(changes=tuple(self._pending)))
            pane.repaint()

    def on_picture(self, picture: Picture) -> None:
        """Tell the window that a picture is ready; callable from any thread."""
        self.picture_arrived.emit(picture)

    def _on_document_changed(self, change: ChangeSet) -> None:
        self._pending.append(change)
        self._want_flush()

    def _want_flush(self) -> None:
        if len(self._pending) + len(self._held) == 1:
            self._flush_wanted.emit()

    def _flush(self) -> None:
        self._release()
        changes, self._pending = tuple(self._pending), []
        shown, self._shown = self._shown, None
        if changes:
            is_shown = shown is not None and shown[1] == len(changes)
            pane = shown[0] if shown is not None and is_shown else None
            self.document_changed.emit(Touched(changes=changes, shown_by=pane))

    def _tell(self, signal: SignalInstance, value: object) -> None:
        """Pass on what the view state says, or keep it back while a pane answers."""
        if self._is_answering:
            self._held.append((signal, value))
            self._want_flush()
        else:
            self._release()
            signal.emit(value)

    def _release(self) -> None:
        """Tell what was kept back, in order."""
        held, self._held = self._held, []
        for signal, value in held:
            signal.emit(value)

    def _on_frame_changed(self, frame: int) -> None:
        self._tell(self.frame_changed, frame)

    def _on_selection_changed(self, selection: Selection) -> None:
        self._tell(self.selection_changed, selection)

    def _on_layers_changed(self, layers: Layers) -> None:
        self._tell(self.layers_changed, layers)

    def _on_range_changed(self, play_range: object) -> None:
        self._tell(self.range_changed, play_range)

    def _on_tool_changed(self, tool: str) -> None:
        self._tell(self.tool_changed, tool)

    def _on_pins_changed(self, pins: object) -> None:
        self._tell(self.pins_changed, pins)

    def _on_shown_view_changed(self, number: int) -> None:
        self._tell(self.shown_view_changed, number)
