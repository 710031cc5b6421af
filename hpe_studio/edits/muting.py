"""Keys left out for a while: muted, or all others of a track."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.track import Key


def set_muted(edit: Edit, keys: Iterable[Key], *, muted: bool) -> None:
    """Leave keys out of the motion, or let them count again.

    Raises:
        StudioError: If a person is locked.
    """
    for key in keys:
        if key.muted != muted:
            edit.put(replace(key, muted=muted))


def solo(edit: Edit, document: Document, keys: Iterable[Key]) -> bool:
    """Let only some keys of their tracks count; where they do already, let all count.

    Returns:
        Whether others are left out now.

    Raises:
        StudioError: If a person is locked.
    """
    chosen = {key.key for key in keys}
    tracks = {track_id for track_id, _ in chosen}
    every = [key for track_id in tracks for key in document.keys_of(track_id)]
    mine = [key for key in every if key.key in chosen]
    others = [key for key in every if key.key not in chosen]
    were_alone = not any(k.muted for k in mine) and all(k.muted for k in others)
    set_muted(edit, mine, muted=False)
    set_muted(edit, others, muted=not were_alone)
    return bool(others) and not were_alone
