"""Runs of equal source along a track: what the lanes paint instead of frames. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from hpe_studio.core.arrays import BoolArray, ByteArray, IntArray
from hpe_studio.core.track import Source, Track
from hpe_studio.ui.lanes.axis import TimeAxis

_SAMPLE_PX = 4.0
_NONE = 255


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Runs:
    """Half-open ranges of frames with one source each, in order, without overlap.

    Attributes:
        starts, stops: Clip frames, shape (runs,).
        sources: `Source` codes, shape (runs,).
    """

    starts: IntArray
    stops: IntArray
    sources: ByteArray

    def __len__(self) -> int:
        return len(self.starts)

    def source_at(self, frame: int) -> Source | None:
        """The source on a frame, or None where there is no run."""
        index = int(np.searchsorted(self.starts, frame, side="right")) - 1
        if index < 0 or frame >= self.stops[index]:
            return None
        return Source(int(self.sources[index]))

    def run_at(self, frame: int) -> tuple[int, int] | None:
        """The half-open range of the run over a frame."""
        index = int(np.searchsorted(self.starts, frame, side="right")) - 1
        if index < 0 or frame >= self.stops[index]:
            return None
        return int(self.starts[index]), int(self.stops[index])


class Piece(NamedTuple):
    """A run as it is painted; there are many, and they are made on every zoom.

    Attributes:
        left, right: Pixels.
        source: `Source` code.
    """

    left: float
    right: float
    source: int


def track_runs(track: Track, joints: tuple[int, ...] | None = None) -> Runs:
    """Runs of a track's base, of some joints (of all when None).

    Where joints differ, what a tool did stands before what was there: filled, then
    filtered, imported, estimated. Missing where the root is NaN or no joint is known.
    """
    codes = track.base_source
    if joints is not None:
        codes = np.ascontiguousarray(codes[:, list(joints)])
    missing = np.isnan(track.base_rad[:, 0, 0])
    if len(codes) == 0:
        return _encoded(np.zeros(0, np.uint8), track.start)
    borders = _borders(codes, missing)
    firsts = np.concatenate([[0], borders])
    sources = codes[firsts].max(axis=1, initial=0)
    sources = np.where(missing[firsts], np.uint8(Source.MISSING), sources)
    starts = firsts + track.start
    return _merged(starts, np.append(starts[1:], track.stop), sources)


def joined_runs(parts: Sequence[Runs], shot_starts: IntArray) -> Runs:
    """Runs of a person's tracks in order; gaps within a shot are runs of MISSING.

    Args:
        parts: Runs of each track, in order of time.
        shot_starts: First frame of every shot, increasing; a gap over a cut is no gap.
    """
    kept = [part for part in parts if len(part)]
    if not kept:
        return _encoded(np.zeros(0, np.uint8), 0)
    pieces: list[Runs] = []
    for before, part in zip([None, *kept], kept, strict=False):
        if before is not None:
            pieces.extend(_gap(int(before.stops[-1]), int(part.starts[0]), shot_starts))
        pieces.append(part)
    return Runs(
        starts=np.concatenate([p.starts for p in pieces]),
        stops=np.concatenate([p.stops for p in pieces]),
        sources=np.concatenate([p.sources for p in pieces]),
    )


def ranges_as_runs(ranges: Sequence[tuple[int, int]]) -> Runs:
    """Half-open ranges as runs of one source; those that overlap become one."""
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(ranges):
        if joined and start <= joined[-1][1]:
            first, last = joined.pop()
            joined.append((first, max(last, stop)))
        else:
            joined.append((start, stop))
    edges = np.array(joined, dtype=np.int64).reshape(-1, 2)
    return Runs(
        starts=edges[:, 0],
        stops=edges[:, 1],
        sources=np.full(len(edges), Source.ESTIMATED, np.uint8),
    )


def pieces(runs: Runs, axis: TimeAxis) -> tuple[Piece, ...]:
    """What of the runs is seen, never more pieces than a quarter of the pixels."""
    start, stop = axis.seen
    low = int(np.searchsorted(runs.stops, start, side="right"))
    high = int(np.searchsorted(runs.starts, stop, side="left"))
    if high - low > axis.width_px / _SAMPLE_PX:
        return _sampled(runs, axis)
    seen = slice(low, high)
    edges = np.stack([runs.starts[seen], runs.stops[seen]])
    left, right = ((edges - axis.first) * axis.px_per_frame).tolist()
    sources = runs.sources[seen].tolist()
    return tuple(map(Piece, left, right, sources))


def _gap(start: int, stop: int, shot_starts: IntArray) -> list[Runs]:
    crossed = np.searchsorted(shot_starts, [start, stop], side="right")
    is_at_cut = stop in shot_starts
    if start >= stop or crossed[0] != crossed[1] or is_at_cut:
        return []
    return [
        Runs(
            starts=np.array([start]),
            stops=np.array([stop]),
            sources=np.array([Source.MISSING], np.uint8),
        )
    ]


def _borders(codes: ByteArray, missing: BoolArray) -> IntArray:
    """Rows that differ from the one before, compared some bytes at a time."""
    width = codes.shape[1]
    unit = next(u for u in (np.uint64, np.uint32, np.uint8) if width % u().nbytes == 0)
    words = np.ascontiguousarray(codes).view(unit) if width else codes
    differs = missing[1:] != missing[:-1]
    for column in range(words.shape[1]):
        differs |= words[1:, column] != words[:-1, column]
    return np.flatnonzero(differs) + 1


def _merged(starts: IntArray, stops: IntArray, sources: ByteArray) -> Runs:
    """Runs where neighbours of the same source are one."""
    firsts = np.append(True, sources[1:] != sources[:-1])
    lasts = np.append(firsts[1:], True)
    return Runs(starts=starts[firsts], stops=stops[lasts], sources=sources[firsts])


def _encoded(sources: ByteArray, first: int) -> Runs:
    if len(sources) == 0:
        none = np.zeros(0, np.int64)
        return Runs(starts=none, stops=none, sources=sources)
    starts = np.arange(len(sources)) + first
    return _merged(starts, starts + 1, sources)


def _sampled(runs: Runs, axis: TimeAxis) -> tuple[Piece, ...]:
    """Steps of a few pixels where runs are too many to be told apart."""
    x = np.arange(0.0, axis.width_px, _SAMPLE_PX)
    middle = axis.first + (x + _SAMPLE_PX / 2) / axis.px_per_frame
    frames = np.floor(middle).astype(np.int64)
    index = np.searchsorted(runs.starts, frames, side="right") - 1
    inside = (index >= 0) & (frames < runs.stops[np.maximum(index, 0)])
    codes = np.where(inside, runs.sources[np.maximum(index, 0)], _NONE)
    found = _encoded(codes.astype(np.uint8), 0)
    return tuple(
        Piece(left=_SAMPLE_PX * a, right=_SAMPLE_PX * b, source=code)
        for a, b, code in zip(
            found.starts.tolist(),
            found.stops.tolist(),
            found.sources.tolist(),
            strict=True,
        )
        if code != _NONE
    )
