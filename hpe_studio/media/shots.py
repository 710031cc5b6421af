"""Where one shot ends and the next begins: hard cuts and dissolves.

Three things are looked at on small pictures. *Colour*: how much the colour histogram
changes, which camera motion hardly does. *Structure*: what of a picture cannot be made
out of the one before by moving its parts (optical flow). A hard cut is one frame on
which both stand far above the frames beside it. *Blend*: in a dissolve every picture is
a mixture of the two at its ends, with a share that rises from 0 to 1; it counts as one
cut where the new shot outweighs the old. Flashes, pans and lights being dimmed are not
cuts. The thresholds were set on real clips: a broadcast with fast pans and a dissolve,
a car park, four studio cameras, a phone clip, and spliced clips.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray, ByteArray, FloatArray
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.media.footage import Footage

_LONG_SIDE_PX = 160
_THUMB_PX = (32, 18)
_BINS = (8, 4, 4)
_NEIGHBOURS = 2

_MIN_COLOUR = 0.12
_MIN_STRUCTURE = 5.0
_MIN_RATIO = 2.0
_STRONG_COLOUR = 0.4
_STRONG_RATIO = 4.0
_FLASH_FRAMES = 5
_SAME_COLOUR = 0.15

_BLEND_HALVES = (3, 5, 8, 12, 18)
_MIN_BLEND_DISTANCE = 35.0
_MAX_BLEND_RESIDUAL = 0.25
_MAX_BLEND_LIKENESS = 0.6
_MAX_BLEND_STEP = 0.5


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Blend:
    """A stretch that looks like a dissolve.

    Attributes:
        frame: First frame on which the new picture outweighs the old.
        start, stop: The stretch, [start, stop).
        change: How far its ends are apart, grey levels (root mean square).
    """

    frame: int
    start: int
    stop: int
    change: float


@dataclass(kw_only=True, slots=True)
class Signals:
    """What the frames of a clip say about cuts, one entry per decoded frame.

    Attributes:
        frames: Frame numbers.
        colour: Histogram distance to the frame before, 0 to 1.
        structure: Grey levels that motion does not explain.
        histograms: Colour histograms, float16, to tell flashes.
        blends: Stretches that look like dissolves.
    """

    frames: list[int] = field(default_factory=list[int])
    colour: list[float] = field(default_factory=list[float])
    structure: list[float] = field(default_factory=list[float])
    histograms: list[FloatArray] = field(default_factory=list[FloatArray])
    blends: list[Blend] = field(default_factory=list[Blend])


def find_shots(footage: Footage) -> Job[tuple[tuple[int, int], ...]]:
    """Shots of a clip as half-open frame ranges that cover it without gaps."""
    total = footage.frame_count
    signals = Signals()
    meter = _Meter(signals)
    reader = footage.open_reader()
    try:
        reader.approach(0)
        while (native := reader.next_frame()) is not None:
            if not native.missing:
                small = footage.to_rgb(native, (_LONG_SIDE_PX, _LONG_SIDE_PX))
                meter.add(native.frame, small)
            yield Progress(done=native.frame + 1, total=total, text="Finding cuts")
    finally:
        reader.close()
    return shots_between(cuts_in(signals), total)


def shots_between(cuts: Sequence[int], frame_count: int) -> tuple[tuple[int, int], ...]:
    """Half-open ranges between cuts; a cut is the first frame of the new shot."""
    inner = sorted({cut for cut in cuts if 0 < cut < frame_count})
    edges = [0, *inner, frame_count]
    return tuple(itertools.pairwise(edges))


def cuts_in(signals: Signals) -> list[int]:
    """First frames of new shots: hard cuts and the middles of dissolves."""
    hard = [signals.frames[i] for i in _hard_cuts(signals)]
    blends = _distinct_blends(signals.blends, hard)
    return sorted([*hard, *(blend.frame for blend in blends)])


def _hard_cuts(signals: Signals) -> list[int]:
    places = [i for i in range(1, len(signals.frames)) if _is_jump(signals, i)]
    flashes: set[int] = set()
    for first, second in itertools.pairwise(places):
        if second - first <= _FLASH_FRAMES:
            before, after = signals.histograms[first - 1], signals.histograms[second]
            if _colour_distance(before, after) < _SAME_COLOUR:
                flashes |= {first, second}
    return [i for i in places if i not in flashes]


def _is_jump(signals: Signals, i: int) -> bool:
    """True where colour and structure both stand out; either may do so feebly."""
    colour, structure = signals.colour[i], signals.structure[i]
    if colour < _MIN_COLOUR or structure < _MIN_STRUCTURE:
        return False
    colour_ratio = colour / _beside(signals.colour, i)
    structure_ratio = structure / _beside(signals.structure, i)
    if colour >= _STRONG_COLOUR and colour_ratio >= _STRONG_RATIO:
        return structure_ratio > 1.0  # a cut out of or into a fast pan
    return min(colour_ratio, structure_ratio) > _MIN_RATIO


def _beside(values: Sequence[float], i: int) -> float:
    """The largest value on the frames next to one."""
    beside = [
        values[j]
        for j in range(max(1, i - _NEIGHBOURS), min(len(values), i + _NEIGHBOURS + 1))
        if j != i
    ]
    return max(1e-6, *beside) if beside else 1e-6


def _distinct_blends(blends: Sequence[Blend], hard: Sequence[int]) -> list[Blend]:
    """The widest of each group of overlapping stretches without a hard cut inside.

    Ends that are furthest apart are the pure shots; nearer ones are mixed already.
    """
    kept: list[Blend] = []
    for blend in sorted(blends, key=lambda b: -b.change):
        has_hard = any(blend.start <= cut <= blend.stop for cut in hard)
        overlaps = any(
            blend.start < other.stop and other.start < blend.stop for other in kept
        )
        if not has_hard and not overlaps:
            kept.append(blend)
    return kept


class _Meter:
    """Measures one picture after the other, keeping only the last few."""

    def __init__(self, signals: Signals) -> None:
        import cv2

        self._signals = signals
        self._flow: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._grey: AnyArray | None = None
        longest = 2 * max(_BLEND_HALVES) + 3
        self._thumbs: deque[FloatArray] = deque(maxlen=longest)

    def add(self, frame: int, rgb: ByteArray) -> None:
        """Take in the next picture, shape (height, width, 3)."""
        import cv2

        signals = self._signals
        grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
        histogram = _histogram(rgb)
        is_first = self._grey is None
        previous = histogram if is_first else signals.histograms[-1]
        signals.frames.append(frame)
        signals.histograms.append(histogram)
        signals.colour.append(_colour_distance(previous, histogram))
        signals.structure.append(
            0.0 if is_first else _unexplained(self._flow, self._grey, grey)
        )
        self._grey = grey
        thumb = cv2.resize(rgb, _THUMB_PX, interpolation=cv2.INTER_AREA)
        self._thumbs.append(np.asarray(thumb, dtype=np.float32).ravel())
        for half in _BLEND_HALVES:
            self._look_for_blend(half)

    def _look_for_blend(self, half: int) -> None:
        """Test the last 2 * half + 3 pictures, the outer two being the pure ends."""
        length = 2 * half + 3
        if len(self._thumbs) < length:
            return
        first, last = self._thumbs[-length], self._thumbs[-1]
        change = last - first
        energy = float(change @ change)
        if energy < _MIN_BLEND_DISTANCE**2 * change.size:
            return
        inner = np.array([self._thumbs[k] for k in range(-length + 1, -1)])
        shares, residual = _mixture(inner, first, change, energy)
        if residual > _MAX_BLEND_RESIDUAL or _likeness(first, last) > (
            _MAX_BLEND_LIKENESS
        ):
            return
        steps = np.diff([0.0, *shares, 1.0])
        if steps.min() < -0.05 or steps.max() > _MAX_BLEND_STEP:
            return
        frames = self._signals.frames[-length:]
        middle = int(np.argmax(shares > 0.5)) + 1
        self._signals.blends.append(
            Blend(
                frame=frames[middle],
                start=frames[0],
                stop=frames[-1] + 1,
                change=float(np.sqrt(energy / change.size)),
            )
        )


def _mixture(
    inner: FloatArray, first: FloatArray, change: FloatArray, energy: float
) -> tuple[FloatArray, float]:
    """Share of the new picture in each, and what mixing leaves unexplained."""
    shares = (inner - first) @ change / energy
    rest = inner - first - shares[:, None] * change
    return shares, float(np.sqrt((rest * rest).mean() / (energy / change.size)))


def _likeness(a: FloatArray, b: FloatArray) -> float:
    """Correlation of two pictures, which dimming the light leaves near 1."""
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 1e-6 else 0.0


def _histogram(rgb: ByteArray) -> FloatArray:
    import cv2

    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    ranges = [0, 180, 0, 256, 0, 256]
    counts = cv2.calcHist([hsv], [0, 1, 2], None, list(_BINS), ranges).ravel()
    return np.asarray(counts / counts.sum(), dtype=np.float16)


def _colour_distance(a: FloatArray, b: FloatArray) -> float:
    return 0.5 * float(np.abs(np.float32(a) - np.float32(b)).sum())


def _unexplained(flow: Any, before: Any, now: Any) -> float:
    """Mean grey levels of `now` that moving the parts of `before` does not give."""
    import cv2

    height, width = now.shape
    shift = flow.calc(now, before, None)
    x = np.arange(width, dtype=np.float32)[None, :] + shift[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + shift[..., 1]
    moved = cv2.remap(before, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    if inside.mean() < 0.3:
        return float(np.abs(np.float32(now) - np.float32(before)).mean())
    return float(np.abs(np.float32(now) - np.float32(moved))[inside].mean())
