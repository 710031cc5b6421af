"""What a person says about joints over a range: outside the picture, occluded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.mark import Mark, MarkKind
from hpe_studio.core.track import Track


def is_marked(
    document: Document, track: Track, kind: MarkKind, joints: Iterable[int], frame: int
) -> bool:
    """True where all of the joints are marked so on a frame."""
    marks = [m for m in document.marks_of(track.id, kind) if frame in m]
    return set(joints) <= {joint for mark in marks for joint in mark.joints}


def set_mark(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    kind: MarkKind,
    joints: Iterable[int],
    start: int,
    stop: int,
) -> None:
    """Mark joints on a range; a mark of the same joints that touches it is extended.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        kind: What is said.
        joints: Joint indices.
        start: First clip frame; the range is cut to the track.
        stop: The frame after the last.

    Raises:
        StudioError: If the track or its person is locked.
    """
    edit.check_unlocked(track.id)
    wanted = tuple(sorted(set(joints)))
    first, end = max(start, track.start), min(stop, track.stop)
    if not wanted or first >= end:
        return
    for mark in document.marks_of(track.id, kind):
        if mark.joints == wanted and mark.start <= end and first <= mark.stop:
            first, end = min(first, mark.start), max(end, mark.stop)
            edit.remove(mark)
    edit.put(
        Mark(
            id=document.new_id(),
            track_id=track.id,
            kind=kind,
            joints=wanted,
            start=first,
            stop=end,
        )
    )


def clear_mark(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    kind: MarkKind,
    joints: Iterable[int],
    start: int,
    stop: int,
) -> None:
    """Take marks off joints on a range; what lies beside it stays.

    Raises:
        StudioError: If the track or its person is locked.
    """
    edit.check_unlocked(track.id)
    freed = set(joints)
    for mark in document.marks_of(track.id, kind):
        if mark.stop <= start or stop <= mark.start or not freed & set(mark.joints):
            continue
        edit.remove(mark)
        others = tuple(j for j in mark.joints if j not in freed)
        parts = (
            replace(mark, stop=start),
            replace(mark, start=stop),
            replace(
                mark,
                joints=others,
                start=max(start, mark.start),
                stop=min(stop, mark.stop),
            ),
        )
        for part in parts:
            if part.start < part.stop and part.joints:
                edit.put(replace(part, id=document.new_id()))
