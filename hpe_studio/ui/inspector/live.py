"""Edits that show at once while a number is dragged, one undoable step per gesture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.session import Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a gesture does, with all that held when it began.

    Attributes:
        label: Name of the step ("Rotate left elbow").
        write: Writes a value of the field into an edit; called again for each value.
    """

    label: str
    write: Callable[[Edit, float], object]


class Scrubbed(Protocol):
    """A widget whose value is dragged: fields, bars."""

    edited: SignalInstance
    scrubbed: SignalInstance
    scrub_cancelled: SignalInstance

    def repaint(self) -> None:
        """Paint at once."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _FieldPane:
    """A field as the pane that answers first: it shows its number already."""

    field: Scrubbed

    def catch_up(self, _touched: Touched) -> None:
        """There is nothing to take in."""

    def repaint(self) -> None:
        """Paint the field at once."""
        self.field.repaint()


class LiveEdit(QObject):
    """Joins fields to edits of the document; `settled` comes after each gesture.

    Args:
        session: Whose document.
        parent: The panel.
    """

    settled = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._edit: Edit | None = None
        self._change: Change | None = None
        self._is_refused = False
        session.requests.cancel_wanted.connect(self.cancel)
        session.bridge.frame_changed.connect(self._on_frame_changed)

    @property
    def is_open(self) -> bool:
        """True while a gesture goes on."""
        return self._edit is not None

    def bind(self, widget: object, begin: Callable[[], Change | None]) -> None:
        """Let a field or bar write.

        Args:
            widget: A `Scrubbed`.
            begin: What the gesture that begins will do, or None for nothing.
        """
        field: Scrubbed = widget  # type: ignore[assignment]
        field.scrubbed.connect(
            partial(self._on_scrubbed, _FieldPane(field=field), begin)
        )
        field.edited.connect(partial(self._on_edited, begin))
        field.scrub_cancelled.connect(self.cancel)

    def cancel(self) -> None:
        """Take the gesture back."""
        edit, self._edit, self._change = self._edit, None, None
        self._is_refused = False
        if edit is not None:
            edit.abort()
            self.settled.emit()

    def commit(self) -> None:
        """Keep the gesture as one step."""
        edit, self._edit, self._change = self._edit, None, None
        if edit is None:
            return
        try:
            edit.commit()
        except StudioError as error:
            self._session.notices.complain(error)
        self.settled.emit()

    def _on_scrubbed(
        self, pane: _FieldPane, begin: Callable[[], Change | None], value: float
    ) -> None:
        if self._is_refused:
            return
        if self._edit is None:
            with self._session.bridge.answering(pane):
                self._open(begin)
                self._write(value)
        else:
            self._write(value)

    def _on_edited(self, begin: Callable[[], Change | None], value: float) -> None:
        if self._is_refused:  # was told already
            self._is_refused = False
            self.settled.emit()
        elif self._edit is not None:
            self._write(value)
            self.commit()
            self._is_refused = False
        else:
            change = begin()
            if change is not None:
                self._session.perform(change.label, lambda e: change.write(e, value))
            self.settled.emit()

    def _open(self, begin: Callable[[], Change | None]) -> None:
        change = begin()
        if change is None or self._session.document.is_editing:
            self._is_refused = True
            return
        self._session.playback.stop()
        self._change = change
        self._edit = self._session.document.begin_edit(change.label)

    def _write(self, value: float) -> None:
        edit, change = self._edit, self._change
        if edit is None or change is None:
            return
        try:
            change.write(edit, value)
            edit.preview()
        except StudioError as error:
            self._session.notices.complain(error)
            self.cancel()
            self._is_refused = True

    def _on_frame_changed(self, _frame: int) -> None:
        self.commit()
