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
from hpe_studio.edits.keys import move_joints, part_of_key
from hpe_studio.ui.lanes.model import Place
from hpe_studio.ui.lanes.parts import parts_of


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


def find(document: Document, places: Iterable[Place], part: str = "") -> Found:
    """The keys at some places, and their neighbours.

    Args:
        document: Where the keys live.
        places: Their tracks and frames.
        part: Only keys that correct this part of the body; "" for all.
    """
    keys = [key for p in places if (key := document.key_at(*p)) is not None]
    if part:
        keys = [k for k in keys if part_of_key(k, joints_of(document, k, part))]
    tracks = sorted({key.track_id for key in keys})
    return Found(
        dragged=tuple(sorted(keys, key=lambda key: (key.frame, key.track_id))),
        around=tuple(key for track in tracks for key in document.keys_of(track)),
    )


def joints_of(document: Document, key: Key, part: str) -> tuple[int, ...]:
    """The joints of a part of the body, in the skeleton of a key's track."""
    track = document.tracks[key.track_id]
    mine = (p.joints for p in parts_of(track.skeleton) if p.id == part)
    return next(mine, ())


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
    edit: Edit,
    document: Document,
    keys: Sequence[Key],
    shift: int,
    *,
    as_copy: bool,
    part: str = "",
) -> frozenset[Place]:
    """Move or copy keys by some frames; the places where they are then.

    Args:
        edit: The open edit.
        document: Where the keys live.
        keys: The keys.
        shift: In frames.
        as_copy: Whether the keys stay where they are too.
        part: Id of the part of the body that alone is moved, or "" for all of it.

    Raises:
        StudioError: If a key would leave its track, or the track is locked.
    """
    write = pose.copy_key if as_copy else pose.move_key
    ordered = sorted(keys, key=lambda key: key.frame, reverse=shift > 0)
    for key in ordered if shift else ():  # the foremost first: none lands on another
        to_frame = key.frame + shift
        if part:
            joints = joints_of(document, key, part)
            move_joints(edit, document, key, to_frame, joints, as_copy=as_copy)
        else:
            write(edit, document, key, to_frame)
    return frozenset((key.track_id, key.frame + shift) for key in keys)
