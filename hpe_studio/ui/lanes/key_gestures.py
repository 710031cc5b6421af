"""Dragging keys and their blend handles: one drag is one undoable step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Key
from hpe_studio.edits import pose
from hpe_studio.ui.lanes import drags
from hpe_studio.ui.lanes.gestures import FREELY, Gesture, Stage, is_near
from hpe_studio.ui.lanes.hits import Hit
from hpe_studio.ui.lanes.selecting import select_keys
from hpe_studio.ui.lanes.snapping import allowed_shift, magnets, snapped
from hpe_studio.ui.timecode import frame_text
from hpe_studio.ui.words import tr

Modifiers = Qt.KeyboardModifier
COPY = Modifiers.ControlModifier
"""Held while dragging keys it leaves the originals."""

FREELY_MOVED = Modifiers.AltModifier
"""Held while dragging keys it suspends snapping; Ctrl copies there."""


class KeyDrag(Gesture, ABC):
    """A drag that writes keys into one edit, opened when the pointer really moves.

    Args:
        stage: Where.
        at: Where the button was pressed.
        grabbed: What was hit; a key or a handle.
        clicked: What a press without a drag means.
    """

    def __init__(
        self, stage: Stage, at: QPointF, grabbed: Hit, clicked: Callable[[], None]
    ) -> None:
        assert grabbed.key is not None
        self.session = stage.session
        self.stage, self.grabbed, self.part = stage, grabbed.key, grabbed.part
        self._from, self._clicked = at, clicked
        self._selection = stage.session.view.selection
        places = {*self._selection.keys, grabbed.key.place}
        self.found = drags.find(self.document, places, self.part)
        dragged = frozenset(key.key for key in self.found.dragged)
        self.magnets = magnets(stage.board(), but=dragged)
        self._edit: Edit | None = None
        self._is_over = False

    @property
    def document(self) -> Document:
        """Whose keys are dragged."""
        return self.session.document

    @property
    @abstractmethod
    def label(self) -> str:
        """Name of the step."""

    @abstractmethod
    def write(self, edit: Edit, distance_px: float, modifiers: Modifiers) -> None:
        """Write the keys as the drag has them now."""

    def move(self, at: QPointF, modifiers: Modifiers, /) -> None:
        """Write anew from what was found and let all views follow."""
        is_waiting = self._edit is None
        if self._is_over or (is_waiting and is_near(at, self._from)):
            return
        if is_waiting and self.document.is_editing:
            return  # another drag goes on, such as a ring's
        try:
            edit = self._edit or self._begun()
            drags.put_back(edit, self.document, self.found)
            self.write(edit, at.x() - self._from.x(), modifiers)
            edit.label = self.label
            edit.preview()
        except StudioError as error:
            self.cancel()
            self.session.notices.complain(error)

    def release(self, _at: QPointF, _modifiers: Modifiers, /) -> None:
        """Keep it as one step."""
        if self._is_over:
            return
        edit, self._edit, self._is_over = self._edit, None, True
        self.stage.show_note(None, "")
        self.stage.show_snap(None)
        if edit is None:
            self._clicked()
            return
        try:
            edit.commit()
        except StudioError as error:
            self.session.view.selection = self._selection
            self.session.notices.complain(error)

    def cancel(self) -> None:
        """Take everything back."""
        edit, self._edit, self._is_over = self._edit, None, True
        self.stage.show_note(None, "")
        self.stage.show_snap(None)
        if edit is not None:
            edit.abort()
        self.session.view.selection = self._selection

    def _begun(self) -> Edit:
        self.session.playback.stop()
        self._edit = self.document.begin_edit(self.label)
        for track_id in self.found.track_ids:
            self._edit.check_unlocked(track_id)
        return self._edit


class MoveKeys(KeyDrag):
    """Moves the selected keys together; with Ctrl held it copies them.

    Taken by a part of the body, only the joints of that part are moved.
    """

    _is_copy = False

    @property
    def label(self) -> str:
        """Name of the step."""
        verb, count = "Copy" if self._is_copy else "Move", len(self.found.dragged)
        of_part = f" of the {self.part.replace('_', ' ')}" if self.part else ""
        return f"{verb} {'key' if count == 1 else f'{count} keys'}{of_part}"

    def write(self, edit: Edit, distance_px: float, modifiers: Modifiers) -> None:
        """Shift the keys by whole frames, within their tracks."""
        self._is_copy = bool(modifiers & COPY)
        tracks, start = self.document.tracks, self.grabbed.frame
        drawing = () if modifiers & FREELY_MOVED else self.magnets
        wanted = snapped(self.stage.axis, start, distance_px, drawing)
        shift = allowed_shift(
            wanted.frame - start,
            self.found.dragged,
            {t: (tracks[t].start, tracks[t].stop) for t in self.found.track_ids},
        )
        places = drags.shift_keys(
            edit,
            self.document,
            self.found.dragged,
            shift,
            as_copy=self._is_copy,
            part=self.part,
        )
        select_keys(self.session, places)
        is_there = start + shift == wanted.magnet
        self.stage.show_snap(wanted.magnet if is_there else None)
        place = self.grabbed.track_id, start + shift
        text = frame_text(place[1], self.document.clip.frame_count)
        if self._is_copy:
            text = tr("Copy to {frame}").format(frame=text)
        self.stage.show_note(place, f"{text}  {shift:+d}")


class Blend(KeyDrag):
    """Drags a blend handle; with Shift held both sides become alike.

    Args:
        stage: Where.
        at: Where the button was pressed.
        grabbed: The handle.
        clicked: What a press without a drag means.
    """

    def __init__(
        self, stage: Stage, at: QPointF, grabbed: Hit, clicked: Callable[[], None]
    ) -> None:
        super().__init__(stage, at, grabbed, clicked)
        self._is_in = grabbed.kind == "blend_in"

    @property
    def label(self) -> str:
        """Name of the step."""
        return "Change blend in" if self._is_in else "Change blend out"

    def write(self, edit: Edit, distance_px: float, modifiers: Modifiers) -> None:
        """Give the key the blend the handle is dragged to."""
        key: Key = self.found.dragged[0]
        was = -key.blend_in if self._is_in else key.blend_out
        drawing = () if modifiers & FREELY else self.magnets
        drawn = snapped(self.stage.axis, key.frame + was, distance_px, drawing)
        self.stage.show_snap(drawn.magnet)
        reach = drawn.frame - key.frame
        now = max(-reach if self._is_in else reach, 0)
        both = bool(modifiers & Modifiers.ShiftModifier)
        pose.set_blend(
            edit,
            key,
            blend_in=now if self._is_in or both else None,
            blend_out=now if not self._is_in or both else None,
        )
        side = tr("In and out") if both else tr("In") if self._is_in else tr("Out")
        self.stage.show_note(key.key, f"{side} {now}")


def grab_key(stage: Stage, at: QPointF, found: Hit, modifiers: Modifiers) -> MoveKeys:
    """Take hold of a key, and of the others where it is one of several selected.

    A plain click selects it alone and goes to it; Shift or Ctrl adds it or takes it
    out.
    """
    assert found.key is not None
    session, place = stage.session, found.key.place
    before = session.view.selection.keys
    is_adding = bool(modifiers & (Modifiers.ShiftModifier | COPY))
    if place not in before:
        select_keys(session, before | {place} if is_adding else frozenset({place}))

    def clicked() -> None:
        if is_adding and place in before:
            select_keys(session, before - {place})
        elif not is_adding:
            select_keys(session, frozenset({place}))
            session.view.frame = place[1]

    return MoveKeys(stage, at, found, clicked)
