"""Chains of one person linked over gaps, for the whole shot at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.motion.assignment import gated_pairs
from hpe_studio.tracking.colours import ColourScale, mean_colours
from hpe_studio.tracking.likeness import colour_distance, pose_distance
from hpe_studio.tracking.table import Chain, DetectionTable

# Rounds of linking: log odds needed, and how far they must exceed those of any rival.
# The certain ones come first, as each link makes the evidence of the next one longer.
_ROUNDS = ((3.0, 3.0), (1.5, 1.5), (0.0, 0.0))
# Rows left alone: log odds, margin, and longest gap in seconds.
_LAST_ROUND = (1.0, 0.0, 0.5)
# Somebody is lost, and nobody but this one can be who is found soon after.
_LONELY_ROUND = (-1.2, 3.0, 1.0)
_NEAR_ROWS, _FITS = 30, 1.0
_END_S = 0.3
# Where somebody is after a gap, in body sizes: known to this, plus this per second.
_PLACE_SD, _PLACE_SD_PER_S, _PLACE_SD_MOST = 0.22, 1.4, 2.0
_SIZE_SD, _SIZE_SD_PER_S, _SIZE_LEAST = 0.25, 0.15, -2.0
_POSE_SD_M, _POSE_MEMORY_S = 0.25, 0.4
_VELOCITY_MEMORY_S = 0.6
_BORDER_SHARE = 0.02
_COVERED_TRUST = 0.4
_BRIEF_ROWS, _BRIEF_DOUBT = 2, 1.0
_INSIDE_BONUS = 1.0
# Over long gaps somebody new is as likely; colours have to speak for the link.
_LONG_GAP_S, _LONG_GAP_DOUBT = 1.0, 1.5


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ChainEnd:
    """What one end of a chain says about where the person goes on (or came from).

    Attributes:
        row: The outermost detection.
        time_s: Its time.
        centre_px: Middle of the trunk then, by a line through the last 0.3 s.
        velocity_px: Slope of that line, pixels per second.
        body_px: Usual size of the body in those 0.3 s.
        inside: Whether the body is clear of the picture's border.
        look: Mean histogram of the whole chain, shape (bins,).
        look_trust: How much that says, 0 to 1; little when nobody was ever uncovered.
        brief: Whether the chain is one or two frames only.
    """

    row: int
    time_s: float
    centre_px: FloatArray
    velocity_px: FloatArray
    body_px: float
    inside: bool
    look: FloatArray
    look_trust: float
    brief: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What linking weighs: the table, how colours spread, which rows are uncovered."""

    table: DetectionTable
    scale: ColourScale
    clear: BoolArray

    def link_odds(self, first: Chain, second: Chain) -> float:
        """Log odds that `second` continues `first`; -inf where that cannot be."""
        if self.table.frames[second[0]] <= self.table.frames[first[-1]]:
            return -np.inf
        return self.odds(self.end(first), self.end(second, late=False))

    def odds(self, end: ChainEnd, begin: ChainEnd) -> float:
        """Log odds that what begins there is what ended here; -inf out of reach."""
        gap_s = max(begin.time_s - end.time_s, 1e-6)
        odds = _place_odds(self.table, end, begin, gap_s)
        if not np.isfinite(odds):
            return odds
        odds += _size_odds(end, begin, gap_s) + _pose_odds(
            self.table, end, begin, gap_s
        )
        if self.table.bins:
            apart = colour_distance(end.look[None], begin.look[None])
            trust = min(end.look_trust, begin.look_trust)
            odds += trust * float(self.scale.evidence(apart)[0, 0])
            odds -= _LONG_GAP_DOUBT if gap_s > _LONG_GAP_S else 0.0
        odds -= _BRIEF_DOUBT if end.brief or begin.brief else 0.0
        return odds + (_INSIDE_BONUS if end.inside and begin.inside else 0.0)

    def end(self, chain: Chain, *, late: bool = True) -> ChainEnd:
        """What the late (or early) end of a chain tells."""
        table = self.table
        tip = int(chain[-1] if late else chain[0])
        near = chain[np.abs(table.times_s[chain] - table.times_s[tip]) <= _END_S]
        centre_px, velocity_px = _motion(table, near, float(table.times_s[tip]))
        box, margin = table.boxes_px[tip], _BORDER_SHARE * np.array(table.size_px)
        high = np.array(table.size_px) - margin
        return ChainEnd(
            row=tip,
            time_s=float(table.times_s[tip]),
            centre_px=centre_px,
            velocity_px=velocity_px,
            body_px=float(np.median(table.sizes_px[near])),
            inside=bool((box[:2] > margin).all() and (box[2:] < high).all()),
            look=mean_colours(table, chain, self.clear),
            look_trust=1.0 if self.clear[chain].any() else _COVERED_TRUST,
            brief=len(chain) <= _BRIEF_ROWS,
        )


def link_chains(
    evidence: Evidence, chains: Sequence[Chain], *, max_gap_s: float
) -> list[Chain]:
    """Join chains that one person left behind.

    Every chain gets at most one successor and one predecessor; all pairs of a round
    are chosen together (Hungarian), which is the smallest-cost cover by paths.
    """
    brief = [chain for chain in chains if len(chain) <= _BRIEF_ROWS]
    current = [chain for chain in chains if len(chain) > _BRIEF_ROWS]
    for needed, margin in _ROUNDS:
        current = _link_all(evidence, current, needed, margin, max_gap_s)
    current += insert_brief(evidence, current, brief, max_gap_s=max_gap_s)
    current = _link_all(evidence, current, *_LAST_ROUND)
    needed, margin, gap_s = _LONELY_ROUND
    return _link_all(evidence, current, needed, margin, min(gap_s, max_gap_s))


def insert_brief(
    evidence: Evidence, people: list[Chain], brief: list[Chain], *, max_gap_s: float
) -> list[Chain]:
    """Give chains of a frame or two to the people whose gaps they fit best.

    They know neither motion nor much colour, so they come last and decide nothing.

    Args:
        evidence: What linking weighs.
        people: The long chains; those that gain rows are replaced in place.
        brief: The short ones.
        max_gap_s: Farther from a person's next row nothing is given.

    Returns:
        The short chains that fitted nowhere.
    """
    left: list[Chain] = []
    for chain in sorted(brief, key=lambda c: -len(c)):
        odds = [_fit(evidence, person, chain, max_gap_s) for person in people]
        best = int(np.argmax(odds)) if odds else -1
        if best < 0 or odds[best] <= _FITS:
            left.append(chain)
            continue
        both = np.concatenate([people[best], chain])
        order = np.argsort(evidence.table.frames[both], kind="stable")
        people[best] = both[order]
    return left


def _fit(evidence: Evidence, person: Chain, brief: Chain, max_gap_s: float) -> float:
    """Smallest log odds of a short chain with the rows before and after it."""
    frames, times_s = evidence.table.frames, evidence.table.times_s
    at = int(np.searchsorted(frames[person], frames[brief[0]]))
    before, after = person[:at], person[at:]
    if len(after) and frames[after[0]] <= frames[brief[-1]]:
        return -np.inf
    odds: list[float] = []
    if len(before) and times_s[brief[0]] - times_s[before[-1]] <= max_gap_s:
        odds.append(evidence.link_odds(before[-_NEAR_ROWS:], brief))
    if len(after) and times_s[after[0]] - times_s[brief[-1]] <= max_gap_s:
        odds.append(evidence.link_odds(brief, after[:_NEAR_ROWS]))
    return min(odds, default=-np.inf)


def _link_all(
    evidence: Evidence,
    chains: list[Chain],
    needed: float,
    margin: float,
    max_gap_s: float,
) -> list[Chain]:
    while True:
        joined = _link_once(evidence, chains, needed, margin, max_gap_s)
        if len(joined) == len(chains):
            return joined
        chains = joined


def _link_once(
    evidence: Evidence,
    chains: list[Chain],
    needed: float,
    margin: float,
    max_gap_s: float,
) -> list[Chain]:
    odds = _all_odds(evidence, chains, max_gap_s)
    spans = [evidence.table.times_s[chain[[0, -1]]] for chain in chains]
    clear = odds >= _rivals(odds, np.array(spans).reshape(-1, 2)) + margin
    cost = np.where(clear if margin > 0 else True, -odds, np.nan)
    pairs = gated_pairs(cost, unmatched_cost=-needed)
    following = dict(zip(*(p.tolist() for p in pairs), strict=True))
    heads = [i for i in range(len(chains)) if i not in set(following.values())]
    joined: list[Chain] = []
    for head in heads:
        parts = [head]
        while parts[-1] in following:
            parts.append(following[parts[-1]])
        joined.append(np.concatenate([chains[p] for p in parts]))
    return joined


def _all_odds(evidence: Evidence, chains: list[Chain], max_gap_s: float) -> FloatArray:
    """Odds of each chain (column) to follow each (row); -inf where it cannot."""
    odds = np.full((len(chains), len(chains)), -np.inf)
    ends = [evidence.end(chain) for chain in chains]
    begins = [evidence.end(chain, late=False) for chain in chains]
    begin_s = np.array([begin.time_s for begin in begins])
    for i, end in enumerate(ends):
        gap_s = begin_s - end.time_s
        for j in np.flatnonzero((gap_s > 0) & (gap_s <= max_gap_s)):
            odds[i, j] = evidence.odds(end, begins[j])
    return odds


def _rivals(odds: FloatArray, spans_s: FloatArray) -> FloatArray:
    """The best odds of another link that would exclude each one, same shape.

    Two successors (or predecessors) exclude each other when they overlap in time;
    otherwise they can follow one another.
    """
    begin_s, end_s = spans_s[:, 0], spans_s[:, 1]
    overlap = (begin_s[:, None] <= end_s[None]) & (begin_s[None] <= end_s[:, None])
    np.fill_diagonal(overlap, val=False)
    best = np.full_like(odds, -np.inf)
    for i, j in zip(*np.nonzero(np.isfinite(odds)), strict=True):
        best[i, j] = max(
            odds[i, overlap[j]].max(initial=-np.inf),
            odds[overlap[i], j].max(initial=-np.inf),
        )
    return best


def _motion(
    table: DetectionTable, near: Chain, now_s: float
) -> tuple[FloatArray, FloatArray]:
    """Place at a time and velocity of a few rows."""
    times_s, centres_px = table.times_s[near] - now_s, table.centres_px[near]
    if len(near) < 3 or np.ptp(times_s) <= 0:
        return centres_px.mean(axis=0), np.zeros(2)
    slope, value = np.polyfit(times_s, centres_px, 1)
    return value, slope


def _place_odds(
    table: DetectionTable, end: ChainEnd, begin: ChainEnd, gap_s: float
) -> float:
    """Log odds from where both ends meet half way, each going on ever slower."""
    coast_s = _VELOCITY_MEMORY_S * (1.0 - np.exp(-0.5 * gap_s / _VELOCITY_MEMORY_S))
    size_px = 0.5 * (end.body_px + begin.body_px)
    ahead_px = end.centre_px + end.velocity_px * coast_s
    back_px = begin.centre_px - begin.velocity_px * coast_s
    apart = min(
        float(np.linalg.norm(ahead_px - back_px)),
        float(np.linalg.norm(end.centre_px - begin.centre_px)) + 0.1 * size_px,
    )
    spread = min(_PLACE_SD + _PLACE_SD_PER_S * gap_s, _PLACE_SD_MOST)
    off = apart / size_px / spread
    if off > 4.0:
        return -np.inf
    picture = table.size_px[0] * table.size_px[1] / size_px**2
    return float(np.log(picture / (2 * np.pi * spread**2)) - 0.5 * off**2)


def _size_odds(end: ChainEnd, begin: ChainEnd, gap_s: float) -> float:
    spread = _SIZE_SD + _SIZE_SD_PER_S * gap_s
    off = np.log(begin.body_px / end.body_px) / spread
    return float(max(0.5 - 0.5 * off**2, _SIZE_LEAST))


def _pose_odds(
    table: DetectionTable, end: ChainEnd, begin: ChainEnd, gap_s: float
) -> float:
    apart_m = pose_distance(table, np.array([end.row]), np.array([begin.row]))[0, 0]
    if not np.isfinite(apart_m):
        return 0.0
    weight = np.exp(-gap_s / _POSE_MEMORY_S)
    return float(weight * np.clip(1.0 - apart_m / _POSE_SD_M, -1.0, 1.0))
