"""Keys as the lanes show them: diamonds, and hills of how they come and go. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.track import Key, Track


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyMark:
    """A key as the lanes show it.

    Attributes:
        track_id: Its track.
        frame: Its frame.
        blend_in, blend_out: Frames over which it comes and goes.
        joined_until: The last later key into which it passes without going to nothing,
            or its own frame.
        bounds: Half-open range of its track; beyond it nothing is corrected.
        muted: Whether it is left out for now.
    """

    track_id: int
    frame: int
    blend_in: int
    blend_out: int
    joined_until: int
    bounds: tuple[int, int]
    muted: bool = False

    @property
    def place(self) -> tuple[int, int]:
        """Track and frame, as selections name keys."""
        return self.track_id, self.frame


@dataclass(frozen=True, kw_only=True, slots=True)
class Hill:
    """Where keys act: up over a blend in, flat while joined, down over a blend out.

    Attributes:
        foot, peak: Frames at which the first key begins to come and is there.
        last_peak, last_foot: Frames at which the last key is there and has gone.
        bounds: Half-open range of the track; the hill is cut off there.
    """

    foot: int
    peak: int
    last_peak: int
    last_foot: int
    bounds: tuple[int, int]

    def outline(self, seen: tuple[int, int]) -> tuple[tuple[float, float], ...]:
        """Corners as (frame edge, height from 0 to 1), from left to right.

        A frame's middle lies half a frame behind its edge.

        Args:
            seen: Half-open range of frames that is wanted; nothing lies outside.
        """
        first = max(self.bounds[0], seen[0])
        stop = min(self.bounds[1], seen[1])
        frames = (self.foot, self.peak, self.last_peak, self.last_foot)
        edges = [frame + 0.5 for frame in frames]
        heights = (0.0, 1.0, 1.0, 0.0)
        corners = [
            (edge, height)
            for edge, height in zip(edges, heights, strict=True)
            if first <= edge <= stop
        ]
        if edges[0] < first < edges[3]:
            height = float(np.interp(first, edges, heights))
            corners[:0] = [(first, 0.0), (first, height)]
        if edges[0] < stop < edges[3]:
            height = float(np.interp(stop, edges, heights))
            corners += [(stop, height), (stop, 0.0)]
        return tuple(corners)


def key_marks(
    track: Track, keys: Sequence[Key], joints: tuple[int, ...] | None = None
) -> tuple[KeyMark, ...]:
    """A track's keys as marks.

    Keys are joined as motion joins them: for each joint (and the root) apart, where
    the blends of neighbours meet.

    Args:
        track: The track.
        keys: Its keys in order of frames.
        joints: Only keys that correct one of these joints; the root goes with 0.
    """
    if joints is not None:
        wanted = frozenset(joints)
        keys = [key for key in keys if corrects(key, wanted)]
    joined = [key.frame for key in keys]
    latest: dict[int, int] = {}
    for index, key in enumerate(keys):
        if key.muted:
            continue
        corrected = key.joints if key.root_offset_m is None else (*key.joints, -1)
        for part in corrected:
            if joints is not None and max(part, 0) not in joints:
                continue
            before = latest.get(part)
            if before is not None and _meet(keys[before], key):
                joined[before] = max(joined[before], key.frame)
            latest[part] = index
    return tuple(
        KeyMark(
            track_id=key.track_id,
            frame=key.frame,
            blend_in=key.blend_in,
            blend_out=key.blend_out,
            joined_until=until,
            bounds=(track.start, track.stop),
            muted=key.muted,
        )
        for key, until in zip(keys, joined, strict=True)
    )


def corrects(key: Key, joints: frozenset[int]) -> bool:
    """True where a key corrects one of some joints; the root's place goes with 0."""
    has_root = key.root_offset_m is not None and 0 in joints
    return has_root or not joints.isdisjoint(key.joints)


def frame_of(mark: KeyMark) -> int:
    """A mark's frame, to look marks up by."""
    return mark.frame


def hill_of(mark: KeyMark) -> Hill:
    """The hill of one key by itself."""
    return _hill([mark])


def hills(marks: Sequence[KeyMark]) -> tuple[Hill, ...]:
    """The hills of a track's keys; joined keys make one.

    Args:
        marks: In order of frames.
    """
    by_frame = {mark.frame: mark for mark in marks}
    found: list[Hill] = []
    used: set[int] = set()
    for mark in marks:
        if mark.frame in used or mark.muted:
            continue
        chain = [mark]
        while chain[-1].joined_until > chain[-1].frame:
            chain.append(by_frame[chain[-1].joined_until])
        used.update(link.frame for link in chain)
        found.append(_hill(chain))
    return tuple(found)


def _hill(chain: Sequence[KeyMark]) -> Hill:
    first, last = chain[0], chain[-1]
    return Hill(
        foot=first.frame - first.blend_in,
        peak=first.frame,
        last_peak=last.frame,
        last_foot=last.frame + last.blend_out,
        bounds=first.bounds,
    )


def _meet(before: Key, after: Key) -> bool:
    return before.frame + before.blend_out >= after.frame - after.blend_in
