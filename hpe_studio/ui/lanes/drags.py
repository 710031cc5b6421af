"""What a drag writes: keys moved, copied or blended anew from where they were. No Qt.

A drag writes into one open edit. Before each step it puts back what it found, so that
passing over other keys leaves them as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.track import Key
from hpe_studio.edits import pose
from hpe_studio.ui.lanes.model import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Keys as a drag found them.

    Attributes:
        dragged: The keys that are dragged, in order of frames.
        around: All keys of their tracks.
    """

    dragged: tuple[Key, ...]
    around: tuple[Key, ...]

    @property
    def track_ids(self) -> frozenset[int]:
        """The tracks that are touched."""
        return frozenset(key.track_id for key in self.dragged)


def find(document: Document, places: Iterable[Place]) -> Found:
    """The keys at some places, and their neighbours."""
    keys = [key for p in places if (key := document.key_at(*p)) is not None]
    tracks = sorted({key.track_id for key in keys})
    return Found(
        dragged=tuple(sorted(keys, key=lambda key: (key.frame, key.track_id))),
        around=tuple(key for track in tracks for key in document.keys_of(track)),
    )


def put_back(edit: Edit, document: Document, found: Found) -> None:
    """Let the tracks' keys be as they were found."""
    before = {key.key: key for key in found.around}
    for track_id in found.track_ids:
        for key in tuple(document.keys_of(track_id)):
            if key.key not in before:
                edit.remove(key)
    for place, key in before.items():
        if document.key_at(*place) is not key:
            edit.put(key)


def shift_keys(
    edit: Edit, document: Document, keys: Sequence[Key], shift: int, *, as_copy: bool
) -> frozenset[Place]:
    """Move or copy keys by some frames; the places where they are then.

    Raises:
        StudioError: If a key would leave its track, or the track is locked.
    """
    write = pose.copy_key if as_copy else pose.move_key
    ordered = sorted(keys, key=lambda key: key.frame, reverse=shift > 0)
    if shift:
        for key in ordered:  # the foremost first, so that none lands on another
            write(edit, document, key, key.frame + shift)
    return frozenset((key.track_id, key.frame + shift) for key in keys)
