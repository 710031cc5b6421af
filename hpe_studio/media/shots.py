"""Where one shot ends and the next begins: hard cuts and dissolves.

A hard cut is one frame on which colour and structure both stand far above the frames
beside it, or where a picture that was steady before and is steady after keeps nothing
of its pattern; never one that keeps its pattern in another light. A dissolve is one
cut: before its first frame where its length can be measured, else where the new shot
outweighs the old. Flashes, flares, exposure, pans and lights being dimmed are not cuts.
The thresholds were set on real clips: a broadcast with fast pans and a dissolve, a car
park, four studio cameras, phone clips, one of them with the sun behind somebody who
jumps, and splices of these.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hpe_studio.core.jobs import Job, Progress
from hpe_studio.media.dissolves import measure_blends
from hpe_studio.media.footage import Footage
from hpe_studio.media.shotsignals import (
    LOOKED_BACK,
    MAX_KEPT,
    MIN_COLOUR,
    Blend,
    Meter,
    Signals,
    small_picture,
)
from hpe_studio.media.shotstore import SignalStore

_NEIGHBOURS = 2
_KEEP_EVERY = 5000
_WORTH_KEEPING = 200
"""Fewer frames are measured again in less than a second."""

_MIN_STRUCTURE = 5.0
_MIN_RATIO = 2.0
_STRONG_COLOUR = 0.4
_STRONG_RATIO = 4.0
_STRONG_BREAK = 0.25
_STEADY = 0.6


@dataclass(frozen=True, kw_only=True, slots=True)
class ShotsFound:
    """The shots of a clip.

    Attributes:
        ranges: Half-open frame ranges that cover the clip without gaps.
        dissolves: By first frame of a shot, over how many frames it comes out of the
            one before it; nothing for hard cuts and dissolves too unclear to measure.
    """

    ranges: tuple[tuple[int, int], ...]
    dissolves: Mapping[int, int] = field(default_factory=dict[int, int])


def find_shots(footage: Footage, store: SignalStore | None = None) -> Job[ShotsFound]:
    """Look through a clip for its shots.

    Args:
        footage: The clip.
        store: Keeps what was measured when the job is stopped or killed, so that the
            next one goes on from there to the same result.
    """
    total = footage.frame_count
    meter = Meter(None if store is None else store.load())
    known = meter.signals.frames
    if known and known[-1] >= total:
        meter = Meter()
    try:
        yield from _look_through(footage, meter, store)
        found = yield from _told_apart(footage, meter.signals)
    except GeneratorExit:
        if store is not None and len(meter.signals.frames) > _WORTH_KEEPING:
            store.save(meter.signals)
        raise
    if store is not None:
        store.discard()
    return found


def _look_through(
    footage: Footage, meter: Meter, store: SignalStore | None
) -> Job[None]:
    """Measure all pictures that the meter does not know yet."""
    total, known = footage.frame_count, meter.signals.frames
    done = known[-1] if known else -1
    recalled = set(known[-LOOKED_BACK:])
    reader = footage.open_reader()
    first = min(recalled, default=0)
    try:
        reader.approach(first, keep_from=first)
        while (native := reader.next_frame()) is not None:
            if not native.missing:
                small = small_picture(footage, native)
                if native.frame in recalled:
                    meter.recall(small)
                elif native.frame > done:
                    meter.add(native.frame, small)
            if store is not None and native.frame % _KEEP_EVERY == _KEEP_EVERY - 1:
                store.save(meter.signals)
            yield Progress(done=native.frame + 1, total=total, text="Finding cuts")
    finally:
        reader.close()


def _told_apart(footage: Footage, signals: Signals) -> Job[ShotsFound]:
    """The shots, those that come out of a measured dissolve from its first frame on."""
    hard, blends = _hard_cuts(signals), _distinct_blends(signals)
    cuts = cuts_in(signals)
    measured = yield from measure_blends(footage, blends, cuts)
    lengths = {found.start: found.length for found in measured.values()}
    middles = [b.frame for b in blends if b.frame not in measured]
    ranges = shots_between([*hard, *middles, *lengths], footage.frame_count)
    return ShotsFound(
        ranges=ranges,
        dissolves={
            start: min(lengths[start], stop - start - 1)
            for start, stop in ranges
            if lengths.get(start)
        },
    )


def shots_between(cuts: Sequence[int], frame_count: int) -> tuple[tuple[int, int], ...]:
    """Half-open ranges between cuts; a cut is the first frame of the new shot."""
    inner = sorted({cut for cut in cuts if 0 < cut < frame_count})
    edges = [0, *inner, frame_count]
    return tuple(itertools.pairwise(edges))


def cuts_in(signals: Signals) -> list[int]:
    """First frames of new shots: hard cuts and the middles of dissolves."""
    blends = _distinct_blends(signals)
    return sorted([*_hard_cuts(signals), *(blend.frame for blend in blends)])


def _hard_cuts(signals: Signals) -> list[int]:
    """First frames behind hard cuts."""
    flashes = {i for start, stop in signals.returns for i in range(start, stop)}
    places = (i for i in range(1, len(signals.frames)) if i not in flashes)
    cuts = [i for i in places if _is_jump(signals, i) or _is_break(signals, i)]
    return [signals.frames[i] for i in cuts]


def _is_jump(signals: Signals, i: int) -> bool:
    """True where colour and structure both stand out; either may do so feebly."""
    colour, structure = signals.colour[i], signals.structure[i]
    if colour < MIN_COLOUR or structure < _MIN_STRUCTURE:
        return False
    if signals.kept[i] > MAX_KEPT:
        return False  # the same place in another light
    colour_ratio = colour / _beside(signals.colour, i)
    structure_ratio = structure / _beside(signals.structure, i)
    if colour >= _STRONG_COLOUR and colour_ratio >= _STRONG_RATIO:
        return structure_ratio > 1.0  # a cut out of or into a fast pan
    return min(colour_ratio, structure_ratio) > _MIN_RATIO


def _is_break(signals: Signals, i: int) -> bool:
    """True where the pattern is lost between steady pictures, whatever their colour."""
    if not signals.kept[i] < _STRONG_BREAK or signals.structure[i] < _MIN_STRUCTURE:
        return False
    is_steady = all(signals.kept[j] > _STEADY for j in _places_beside(signals.kept, i))
    return is_steady and signals.structure[i] > _MIN_RATIO * _beside(
        signals.structure, i
    )


def _beside(values: Sequence[float], i: int) -> float:
    """The largest value on the frames next to one."""
    return max(1e-6, *(values[j] for j in _places_beside(values, i)), 1e-6)


def _places_beside(values: Sequence[float], i: int) -> list[int]:
    """Places next to one; the first of all has nothing before it to differ from."""
    start, stop = max(1, i - _NEIGHBOURS), min(len(values), i + _NEIGHBOURS + 1)
    return [j for j in range(start, stop) if j != i]


def _distinct_blends(signals: Signals) -> list[Blend]:
    """The widest of each group of overlapping stretches without a hard cut inside.

    Ends that are furthest apart are the pure shots; nearer ones are mixed already.
    """
    hard, kept = _hard_cuts(signals), list[Blend]()
    for blend in sorted(signals.blends, key=lambda b: -b.change):
        has_hard = any(blend.start <= cut <= blend.stop for cut in hard)
        overlaps = any(
            blend.start < other.stop and other.start < blend.stop for other in kept
        )
        if not has_hard and not overlaps:
            kept.append(blend)
    return kept
