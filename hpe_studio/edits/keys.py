"""Keys of some joints only: moved, copied or deleted apart from the rest of a key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Key


def part_of_key(key: Key, joints: Iterable[int]) -> Key | None:
    """What a key corrects of some joints, or None; the root's place goes with 0."""
    return _kept(key, frozenset(joints), inside=True)


def rest_of_key(key: Key, joints: Iterable[int]) -> Key | None:
    """What a key corrects beside some joints, or None where that is nothing."""
    return _kept(key, frozenset(joints), inside=False)


def move_joints(
    edit: Edit,
    document: Document,
    key: Key,
    to_frame: int,
    joints: Iterable[int],
    *,
    as_copy: bool = False,
) -> None:
    """Put what a key corrects of some joints on another frame of its track.

    The other joints stay where they are. A key that lies there already keeps its other
    joints and its blend lengths.

    Args:
        edit: The open edit.
        document: Where the key lives.
        key: The key.
        to_frame: Clip frame.
        joints: Joint indices; the root's place goes with 0.
        as_copy: Whether the key keeps the joints too.

    Raises:
        StudioError: If the frame lies outside the track.
    """
    wanted = frozenset(joints)
    taken = part_of_key(key, wanted)
    if taken is None or to_frame == key.frame:
        return
    track = document.tracks[key.track_id]
    if to_frame not in track:
        raise StudioError(
            f"frame {to_frame} lies outside the track",
            fix=f"stay within {track.start} and {track.stop - 1}",
        )
    if not as_copy:
        delete_joints(edit, key, wanted)
    there = document.key_at(key.track_id, to_frame)
    edit.put(_joined(replace(taken, frame=to_frame), there))


def delete_joints(edit: Edit, key: Key, joints: Iterable[int]) -> None:
    """Take some joints out of a key; a key without any goes."""
    rest = rest_of_key(key, joints)
    if rest is None:
        edit.remove(key)
    else:
        edit.put(rest)


def _kept(key: Key, joints: frozenset[int], *, inside: bool) -> Key | None:
    pairs = [
        (joint, offset)
        for joint, offset in zip(key.joints, key.offsets_rad, strict=True)
        if (joint in joints) is inside
    ]
    root = key.root_offset_m if (0 in joints) is inside else None
    if not pairs and root is None:
        return None
    return replace(
        key,
        joints=tuple(joint for joint, _ in pairs),
        offsets_rad=tuple(offset for _, offset in pairs),
        root_offset_m=root,
    )


def _joined(key: Key, there: Key | None) -> Key:
    """A key over another one of the same frame."""
    if there is None:
        return key
    offsets = dict(zip(there.joints, there.offsets_rad, strict=True))
    offsets |= dict(zip(key.joints, key.offsets_rad, strict=True))
    ordered = sorted(offsets.items())
    return replace(
        there,
        joints=tuple(joint for joint, _ in ordered),
        offsets_rad=tuple(offset for _, offset in ordered),
        root_offset_m=(
            there.root_offset_m if key.root_offset_m is None else key.root_offset_m
        ),
    )
