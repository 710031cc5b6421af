"""The one place where signals of the core and results of threads become Qt signals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

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
    """

    changes: tuple[ChangeSet, ...]

    def any_of(self, *tables: Table) -> bool:
        """True where one of the tables changed."""
        return any(c.touches(table) for c in self.changes for table in tables)

    @property
    def is_preview_only(self) -> bool:
        """True while a gesture goes on and nothing was committed."""
        return all(change.cause == "preview" for change in self.changes)


class Bridge(QObject):
    """Qt's side of a document, a view state and a frame loader.

    `document_changed` comes once per turn of the event loop, however many edits
    there were; the others at once (their slots only mark widgets for painting).

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
        self._document.changed.disconnect(self._on_document_changed)
        self._view.frame_changed.disconnect(self._on_frame_changed)
        self._view.selection_changed.disconnect(self._on_selection_changed)
        self._view.layers_changed.disconnect(self._on_layers_changed)
        self._view.range_changed.disconnect(self._on_range_changed)
        self._view.tool_changed.disconnect(self._on_tool_changed)
        self._view.pins_changed.disconnect(self._on_pins_changed)
        self._view.shown_view_changed.disconnect(self._on_shown_view_changed)

    def on_picture(self, picture: Picture) -> None:
        """Tell the window that a picture is ready; callable from any thread."""
        self.picture_arrived.emit(picture)

    def _on_document_changed(self, change: ChangeSet) -> None:
        self._pending.append(change)
        if len(self._pending) == 1:
            self._flush_wanted.emit()

    def _flush(self) -> None:
        changes, self._pending = tuple(self._pending), []
        if changes:
            self.document_changed.emit(Touched(changes=changes))

    def _on_frame_changed(self, frame: int) -> None:
        self.frame_changed.emit(frame)

    def _on_selection_changed(self, selection: Selection) -> None:
        self.selection_changed.emit(selection)

    def _on_layers_changed(self, layers: Layers) -> None:
        self.layers_changed.emit(layers)

    def _on_range_changed(self, play_range: object) -> None:
        self.range_changed.emit(play_range)

    def _on_tool_changed(self, tool: str) -> None:
        self.tool_changed.emit(tool)

    def _on_pins_changed(self, pins: object) -> None:
        self.pins_changed.emit(pins)

    def _on_shown_view_changed(self, number: int) -> None:
        self.shown_view_changed.emit(number)
