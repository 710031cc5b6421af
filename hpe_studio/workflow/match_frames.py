"""Frame offset and step of results, solved by laying them on the pictures.

Two kinds of evidence. Where joints are said to be, the picture should move as they do:
optical flow at the joints against their own movement, a correlation over many frames.
And where the embedded estimator sees people in a dozen pictures, theirs should be the
limbs: a distance in pixels, much the stronger one.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.clip import Clip
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.jobs import Job, scaled
from hpe_studio.workflow.match_overlay import Overlay
from hpe_studio.workflow.match_pictures import Moving, Seen, look, who_is_where
from hpe_studio.workflow.timing import Timing, is_rate_assumed, step_text

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage

_REACH_S = 2.0
_STEPS = tuple(
    Fraction(text) for text in ("1", "2", "3", "4", "5", "6", "8", "10", "1/2", "1/3")
)
_LEAST_FRAMES = 4
_TELLING_GAIN, _NO_DOUBT_GAIN = 0.9, 0.7
_NEARLY = 1.01
_LEAST_PEAK, _LEAST_LEAD = 0.6, 0.2
_HALF_A_BODY, _NEAR_A_BODY = 0.5, 0.15


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One way to lay a file's frames on a clip, and how well it fits.

    Attributes:
        offset, step: As in `Timing`.
        motion: Agreement of movement, -1 to 1; NaN where nothing moves.
        off_px: Median distance from the people seen, pixels; NaN without any.
        cost: What decides: mean distance with misses, pixels; NaN without any.
    """

    offset: int
    step: Fraction
    motion: float = float("nan")
    off_px: float = float("nan")
    cost: float = float("nan")


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameMatch:
    """How a file's frames lie on a clip, as the pictures tell.

    Attributes:
        best: The way that fits best.
        given: The way the file was laid before.
        frames_seen: Pictures in which people were looked for.
        pairs: Pairs of pictures whose movement was looked at.
        is_sure: True where the evidence tells the two apart.
    """

    best: Candidate
    given: Candidate
    frames_seen: int
    pairs: int
    is_sure: bool

    @property
    def timing(self) -> Timing:
        """The way that fits best, for an import."""
        return Timing(offset=self.best.offset, step=self.best.step)

    @property
    def is_other(self) -> bool:
        """True where another way than the given one surely fits better."""
        same = (self.best.offset, self.best.step) == (
            self.given.offset,
            self.given.step,
        )
        return self.is_sure and not same

    @property
    def leaves_no_doubt(self) -> bool:
        """True where the other way is so much better that nobody need be asked."""
        best, given = self.best.cost, self.given.cost
        return self.is_other and bool(best < _NO_DOUBT_GAIN * given)

    @property
    def evidence(self) -> str:
        """The numbers, in one line."""
        if np.isfinite(self.best.cost) and np.isfinite(self.given.cost):
            looked = f"{self.frames_seen} frames looked at"
            best, given = f"{self.best.off_px:.1f} px", f"{self.given.off_px:.1f} px"
        else:
            looked = f"movement over {self.pairs} frames looked at"
            best, given = f"{self.best.motion:.2f}", f"{self.given.motion:.2f}"
        if (self.best.offset, self.best.step) == (self.given.offset, self.given.step):
            return f"as given: {given}; {looked}"
        if not self.is_sure:
            return f"as given: {given}; nothing fits surely better; {looked}"
        return f"{placed_text(self.best)}: {best}; as given: {given}; {looked}"


def placed_text(candidate: Candidate | Timing) -> str:
    """Offset and step as people read them."""
    count = candidate.offset
    frames = "1 frame" if abs(count) == 1 else f"{abs(count)} frames"
    shift = "no offset" if count == 0 else f"offset {'-' if count < 0 else ''}{frames}"
    if candidate.step in (None, 1):
        return shift
    return f"{shift}, {step_text(candidate.step)}"


def match_frames(
    motion: MotionFile, overlay: Overlay, footage: Footage, given: Timing
) -> Job[FrameMatch | None]:
    """Solve offset and step; None where the pictures have nothing to tell.

    Args:
        motion: The file.
        overlay: Its people in the picture.
        footage: The clip.
        given: How the file is laid now.
    """
    moving, pictures = yield from scaled(look(footage), start=0.0, share=0.4)
    seen = yield from scaled(who_is_where(pictures), start=0.4, share=0.6)
    return best_match(motion, overlay, footage.clip, given, moving=moving, seen=seen)


def best_match(
    motion: MotionFile,
    overlay: Overlay,
    clip: Clip,
    given: Timing,
    *,
    moving: Moving,
    seen: Sequence[Seen],
) -> FrameMatch | None:
    """The best of all ways to lay a file on a clip, from what its pictures say."""
    steps = _steps(motion, clip, given)
    reach = round(_REACH_S * float(clip.fps))
    offsets = np.arange(given.offset - reach, given.offset + reach + 1)
    people = tuple(s for s in seen if len(s.limbs_px))
    apart = [_apart(overlay, people, offsets, float(step)) for step in steps]
    meant = _is_meant(apart)
    heights = np.concatenate([s.height_px for s in people] or [np.zeros(0)])[meant]
    rated: list[Candidate] = []
    for step, shares in zip(steps, apart, strict=True):
        movement = _movement(overlay, moving, offsets, float(step))
        rated += _rated(offsets, step, movement, shares[:, meant] * heights)
    start_step = given.step if given.step in steps else steps[0]
    start = next(c for c in rated if (c.offset, c.step) == (given.offset, start_step))
    best = _chosen(rated, start)
    if best is None:
        return None
    return FrameMatch(
        best=best,
        given=start,
        frames_seen=len(people),
        pairs=len(moving.frames),
        is_sure=_is_sure(best, start),
    )


def _steps(motion: MotionFile, clip: Clip, given: Timing) -> list[Fraction]:
    """Steps worth a try, the given or likeliest first."""
    rate = motion.fps if given.fps is None else given.fps
    by_rate = (clip.fps / rate).limit_denominator(20)
    likeliest = Fraction(1) if is_rate_assumed(motion) else by_rate
    tried = [given.step or likeliest, *_STEPS, by_rate]
    sane = [step for step in tried if Fraction(1, 8) <= step <= 16]
    return list(dict.fromkeys(sane or [Fraction(1)]))


def _is_meant(apart: Sequence[FloatArray]) -> BoolArray:
    """Whom of those seen the file means: who is near somebody of it in some way.

    Somebody in the background of whom no file knows would only blur the numbers.
    """
    nearest = np.min([shares.min(axis=0, initial=np.inf) for shares in apart], axis=0)
    return np.asarray(nearest < _NEAR_A_BODY, dtype=np.bool_)


def _rated(
    offsets: IntArray, step: Fraction, movement: FloatArray, off_px: FloatArray
) -> list[Candidate]:
    enough = off_px.shape[1] >= _LEAST_FRAMES
    return [
        Candidate(
            offset=int(offset),
            step=step,
            motion=float(movement[i]),
            off_px=float(np.median(off_px[i])) if enough else float("nan"),
            cost=float(off_px[i].mean()) if enough else float("nan"),
        )
        for i, offset in enumerate(offsets)
    ]


def _movement(
    overlay: Overlay, moving: Moving, offsets: IntArray, step: float
) -> FloatArray:
    """Correlation of the joints' movement with the picture's, shape (offsets,).

    Little overlap counts for little: it is scaled by the root of the share of pairs
    that have somebody, over the most any offset has.
    """
    scores = np.full(len(offsets), np.nan)
    covered = np.zeros(len(offsets))
    height, width = moving.flow_px.shape[1:3]
    pairs = np.arange(len(moving.frames))[:, None, None]
    for i, offset in enumerate(offsets):
        here = overlay.at((moving.frames - offset) / step)
        there = overlay.at((moving.frames + 1 - offset) / step)
        with np.errstate(invalid="ignore"):
            at = np.nan_to_num(here * moving.scale, nan=-1e6).round()
        column = at[..., 0].astype(np.int64)
        line = at[..., 1].astype(np.int64)
        known = (column >= 0) & (column < width) & (line >= 0) & (line < height)
        known &= np.isfinite(there).all(axis=-1)
        covered[i] = known.any(axis=(1, 2)).sum()
        if covered[i] < _LEAST_FRAMES:
            continue
        x, y = np.clip(column, 0, width - 1), np.clip(line, 0, height - 1)
        flow = moving.flow_px[pairs, y, x][known]
        own = (there - here)[known]
        size = np.sqrt((own**2).sum() * (flow**2).sum())
        if size > 0:
            scores[i] = float((own * flow).sum() / size)
    most = covered.max(initial=1.0)
    return scores * np.sqrt(covered / max(most, 1.0))


def _apart(
    overlay: Overlay, people: Sequence[Seen], offsets: IntArray, step: float
) -> FloatArray:
    """How far off those seen are, shape (offsets, people seen), in shares of a body.

    A person of whom the file knows nothing counts as half a body off.
    """
    columns: list[FloatArray] = []
    for seen in people:
        places = overlay.at((seen.frame - offsets) / step)
        off_px = np.linalg.norm(
            places[:, None] - seen.limbs_px[None, :, None], axis=-1
        )  # offsets, people seen, people of the file, limbs
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # nobody there
            nearest = np.nanmin(np.nanmean(off_px, axis=-1), axis=-1)
        share = nearest / np.maximum(seen.height_px, 1.0)
        columns.append(np.fmin(np.nan_to_num(share, nan=np.inf), _HALF_A_BODY))
    if not columns:
        return np.zeros((len(offsets), 0))
    return np.concatenate(columns, axis=1)


def _chosen(rated: Sequence[Candidate], start: Candidate) -> Candidate | None:
    """The nearest to the people seen; by movement where they do not decide."""
    near = [c for c in rated if np.isfinite(c.cost)]
    if near:
        least = min(c.cost for c in near)
        close = [c for c in near if c.cost <= _NEARLY * least]
        return max(close, key=lambda c: (_or_low(c.motion), c is start, -abs(c.offset)))
    moved = [c for c in rated if np.isfinite(c.motion)]
    if not moved:
        return None
    return max(moved, key=lambda c: (c.motion, -abs(c.offset)))


def _or_low(value: float) -> float:
    return value if np.isfinite(value) else -1.0


def _is_sure(best: Candidate, start: Candidate) -> bool:
    """True where the best way is better by more than chance."""
    if np.isfinite(best.cost):
        return not best.cost > _TELLING_GAIN * start.cost
    lead = best.motion - _or_low(start.motion)
    return best.motion >= _LEAST_PEAK and lead >= _LEAST_LEAD
