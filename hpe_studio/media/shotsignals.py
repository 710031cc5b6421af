"""What pictures say about cuts: how far colour and structure change between them.

*Colour* is how much the colour histogram changes, which camera motion hardly does.
*Structure* is how many grey levels cannot be made out of the picture before by moving
its parts (optical flow). *Kept* is how much of the local pattern is still there, with
brightness and contrast taken out of every neighbourhood first: light that changes, by
exposure, flash or flare, leaves it near 1, another place brings it near 0. *Blend*: in
a dissolve every picture is a mixture of the two at its ends, with a share that rises
from 0 to 1.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray, ByteArray, FloatArray
from hpe_studio.media.footage import Footage, Native

FLASH_FRAMES = 5
"""A flash, from its first frame to the first behind it, takes at most so many."""

MIN_COLOUR = 0.12
"""Colour changes at least so much at a hard cut that is found by colour."""

MAX_KEPT = 0.35
"""Pattern kept across a cut at most. Different places keep 0.05, at most 0.3;
the same place above 0.5 in the fastest pan, else 0.6, whatever its light does."""

_SAME_COLOUR = 0.15
_SAME_COLOUR_SHARE = 0.3
_LONG_SIDE_PX = 160
_THUMB_PX = (32, 18)
_BINS = (8, 4, 4)

_NEIGHBOURHOOD_PX = 9
_PATTERN_PX = 11
_MIN_CONTRAST = 4.0
_NOISE = 3.0
_MIN_TEXTURED = 0.02
_MAX_TEAR = 0.27
_PATTERN_STEPS = 45.0

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
        kept: Local pattern of the frame before that is still there, about 0 to 1;
            NaN where both are too plain to tell.
        returns: Stretches [start, stop) of entries after which the picture from
            before them is back: flashes.
        blends: Stretches that look like dissolves.
    """

    frames: list[int] = field(default_factory=list[int])
    colour: list[float] = field(default_factory=list[float])
    structure: list[float] = field(default_factory=list[float])
    kept: list[float] = field(default_factory=list[float])
    returns: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    blends: list[Blend] = field(default_factory=list[Blend])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Look:
    """One picture made ready for comparing.

    Attributes:
        grey: Shape (height, width), uint8.
        pattern: The same without local brightness and contrast, float32.
        pattern_grey: `pattern` as grey levels, for optical flow.
        contrast: Standard deviation around each pixel, grey levels.
        histogram: Colour histogram that sums to 1.
        thumb: Flat RGB of `_THUMB_PX`, float32.
    """

    grey: AnyArray
    pattern: FloatArray
    pattern_grey: AnyArray
    contrast: FloatArray
    histogram: FloatArray
    thumb: FloatArray


LOOKED_BACK = 2 * max(_BLEND_HALVES) + 3
"""How many pictures a measurement leans on."""


class Meter:
    """Measures one picture after the other, keeping only the last few.

    Args:
        signals: What was measured before; `recall` the last pictures then.
    """

    def __init__(self, signals: Signals | None = None) -> None:
        import cv2

        self.signals = signals or Signals()
        dis = cv2.DISOpticalFlow
        self._flow: Any = dis.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._thorough_flow: Any = dis.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        self._looks: deque[_Look] = deque(maxlen=LOOKED_BACK)

    def recall(self, rgb: ByteArray) -> None:
        """Look again at a picture that was measured before."""
        self._looks.append(_look_at(rgb))

    def add(self, frame: int, rgb: ByteArray) -> None:
        """Take in the next picture, shape (height, width, 3), all of one size."""
        now = _look_at(rgb)
        before = self._looks[-1] if self._looks else now
        self._looks.append(now)
        signals = self.signals
        signals.frames.append(frame)
        colour = _colour_distance(before.histogram, now.histogram)
        kept = self._kept(before, now)
        if colour >= MIN_COLOUR and kept < MAX_KEPT:
            kept = self._kept_at_best(before, now)
        signals.colour.append(colour)
        signals.structure.append(self._unexplained(before, now))
        signals.kept.append(kept)
        self._look_for_return()
        for half in _BLEND_HALVES:
            self._look_for_blend(half)

    def _look_for_return(self) -> None:
        """Tell whether a stretch that began lately ends with this picture."""
        signals = self.signals
        last = len(signals.frames) - 1
        for start in range(max(1, last - FLASH_FRAMES), last):
            if not self._begins(start):
                continue
            before, now = self._looks[start - 2 - last], self._looks[-1]
            jump = min(signals.colour[start], signals.colour[last])
            is_back = not signals.kept[last] > MAX_KEPT and (
                _colour_distance(before.histogram, now.histogram)
                < max(_SAME_COLOUR, _SAME_COLOUR_SHARE * jump)
            )
            if is_back or self._kept_at_best(before, now) > MAX_KEPT:
                signals.returns.append((start, last + 1))

    def _begins(self, i: int) -> bool:
        """True where the pattern breaks all at once, not as in the midst of a pan."""
        colour, kept = self.signals.colour, self.signals.kept
        if kept[i] > MAX_KEPT:
            return False
        if i < 2 or kept[i - 1] > MAX_KEPT:
            return True
        return colour[i] >= max(MIN_COLOUR, 2 * colour[i - 1])

    def _look_for_blend(self, half: int) -> None:
        """Test the last 2 * half + 3 pictures, the outer two being the pure ends."""
        length = 2 * half + 3
        if len(self._looks) < length:
            return
        first, last = self._looks[-length], self._looks[-1]
        change = last.thumb - first.thumb
        energy = float(change @ change)
        if energy < _MIN_BLEND_DISTANCE**2 * change.size:
            return
        inner = np.array([self._looks[k].thumb for k in range(-length + 1, -1)])
        shares, residual = _mixture(inner, first.thumb, change, energy)
        if residual > _MAX_BLEND_RESIDUAL or not _rises(shares):
            return
        if _likeness(first.thumb, last.thumb) > _MAX_BLEND_LIKENESS:
            return
        if self._kept_at_best(first, last) > MAX_KEPT:
            return  # the same place in another light
        frames = self.signals.frames[-length:]
        middle = int(np.argmax(shares > 0.5)) + 1
        self.signals.blends.append(
            Blend(
                frame=frames[middle],
                start=frames[0],
                stop=frames[-1] + 1,
                change=float(np.sqrt(energy / change.size)),
            )
        )

    def _unexplained(self, before: _Look, now: _Look) -> float:
        """Mean grey levels of `now` that moving the parts of `before` does not give."""
        shift = self._flow.calc(now.grey, before.grey, None)
        (moved,), inside = _moved(shift, before.grey)
        if inside.mean() < 0.3:
            inside, moved = np.ones_like(inside), before.grey
        return float(np.abs(np.float32(now.grey) - np.float32(moved))[inside].mean())

    def _kept(self, before: _Look, now: _Look) -> float:
        """Mean local correlation of the patterns where there is any; NaN if nowhere."""
        flow = self._flow.calc(now.pattern_grey, before.pattern_grey, None)
        return _kept_after(flow, before, now)

    def _kept_at_best(self, before: _Look, now: _Look) -> float:
        """The same, sought with more effort: motion may be fast and blurred.

        A finer flow can bend smooth pictures into anything; one that is torn more
        than real motion is does not count.
        """
        thorough = self._thorough_flow.calc(now.pattern_grey, before.pattern_grey, None)
        flows = [thorough, _flow_around_pan(self._flow, before, now)]
        kept = [_kept_after(f, before, now) for f in flows if _tear_px(f) <= _MAX_TEAR]
        kept.append(self._kept(before, now))
        return max((k for k in kept if not np.isnan(k)), default=float("nan"))


def _tear_px(flow: Any) -> float:
    """Mean change of a flow from a pixel to the next ones, pixels."""
    across, down = np.abs(np.diff(flow, axis=1)), np.abs(np.diff(flow, axis=0))
    return float(across.mean() + down.mean())


def _kept_after(flow: Any, before: _Look, now: _Look) -> float:
    (moved, contrast), inside = _moved(flow, before.pattern, before.contrast)
    has_texture = inside & (np.maximum(now.contrast, contrast) > _MIN_CONTRAST)
    if has_texture.mean() < _MIN_TEXTURED:
        return float("nan")
    return float(_correlation(moved, now.pattern)[has_texture].mean())


def _flow_around_pan(flow: Any, before: _Look, now: _Look) -> Any:
    """Flow sought around the shift that brings most of the picture into place."""
    import cv2

    size_px = now.pattern.shape[::-1]
    window = cv2.createHanningWindow(size_px, cv2.CV_32F)
    # It multiplies the pictures it is given by the window, in place.
    pictures = now.pattern.copy(), before.pattern.copy()
    shift_px, _ = cv2.phaseCorrelate(*pictures, window)
    dx, dy = round(shift_px[0]), round(shift_px[1])
    back = np.array([[1, 0, -dx], [0, 1, -dy]], dtype=np.float32)
    edge = cv2.BORDER_REPLICATE
    shifted = cv2.warpAffine(before.pattern_grey, back, size_px, borderMode=edge)
    rest = flow.calc(now.pattern_grey, shifted, None)
    return rest + np.array([dx, dy], dtype=np.float32)


def _look_at(rgb: ByteArray) -> _Look:
    import cv2

    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    level = np.asarray(grey, dtype=np.float32)
    mean = _blurred(level, _NEIGHBOURHOOD_PX)
    variance = _blurred(level * level, _NEIGHBOURHOOD_PX) - mean * mean
    contrast = np.sqrt(np.maximum(variance, 0.0))
    pattern = (level - mean) / (contrast + _NOISE)
    pattern_grey = np.clip(128 + _PATTERN_STEPS * pattern, 0, 255).astype(np.uint8)
    return _Look(
        grey=grey,
        pattern=pattern,
        pattern_grey=pattern_grey,
        contrast=contrast,
        histogram=_histogram(rgb),
        thumb=thumb_of(rgb),
    )


def small_picture(footage: Footage, native: Native) -> ByteArray:
    """A frame as cuts are looked for in it, shape (height, width, 3)."""
    return footage.to_rgb(native, (_LONG_SIDE_PX, _LONG_SIDE_PX))


def thumb_of(rgb: ByteArray) -> FloatArray:
    """A picture of a few hundred pixels, flat, grey levels per colour."""
    import cv2

    thumb = cv2.resize(rgb, _THUMB_PX, interpolation=cv2.INTER_AREA)
    return np.asarray(thumb, dtype=np.float32).ravel()


def _blurred(values: AnyArray, size_px: int) -> FloatArray:
    import cv2

    return np.asarray(cv2.blur(values, (size_px, size_px)), dtype=np.float32)


def _moved(shift: Any, *maps: AnyArray) -> tuple[list[Any], AnyArray]:
    """Maps shifted by a flow field, and where the flow stays inside the picture."""
    import cv2

    height, width = shift.shape[:2]
    x = np.arange(width, dtype=np.float32)[None, :] + shift[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + shift[..., 1]
    edge = cv2.BORDER_REPLICATE
    moved = [cv2.remap(m, x, y, cv2.INTER_LINEAR, borderMode=edge) for m in maps]
    return moved, (x >= 0) & (x < width) & (y >= 0) & (y < height)


def _correlation(a: FloatArray, b: FloatArray) -> FloatArray:
    """Correlation of two patterns around each pixel, -1 to 1."""
    power = _blurred(a * a, _PATTERN_PX) * _blurred(b * b, _PATTERN_PX)
    return _blurred(a * b, _PATTERN_PX) / np.sqrt(power + 1e-6)


def _mixture(
    inner: FloatArray, first: FloatArray, change: FloatArray, energy: float
) -> tuple[FloatArray, float]:
    """Share of the new picture in each, and what mixing leaves unexplained."""
    shares = (inner - first) @ change / energy
    rest = inner - first - shares[:, None] * change
    return shares, float(np.sqrt((rest * rest).mean() / (energy / change.size)))


def _rises(shares: FloatArray) -> bool:
    steps = np.diff([0.0, *shares, 1.0])
    return bool(steps.min() >= -0.05 and steps.max() <= _MAX_BLEND_STEP)


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
    return np.asarray(counts / counts.sum(), dtype=np.float32)


def _colour_distance(a: FloatArray, b: FloatArray) -> float:
    return 0.5 * float(np.abs(a - b).sum())
