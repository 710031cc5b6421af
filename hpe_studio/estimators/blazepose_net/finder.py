"""Where to look for people: the whole picture, and overlapping tiles when it pays."""

from __future__ import annotations

import numpy as np

from .geometry import overlap

OVERLAP = 0.25
"""Share of a tile that its neighbour sees too: a person cut by one is whole in it."""
WIDE = 2.0
"""From this aspect (cinema formats) people are too small in the fitted picture."""
TILE_PX = 640
"""Source pixels per tile aimed at, so that little resolution is lost."""
TILE_ROUNDS = 12
"""Without other reason the tiles are looked at every so many rounds."""
NEARLY_FULL = 5
"""MoveNet gives six people at most; with five there may be more."""
SAME_DISTANCE = 0.15
"""Proposals of two looks nearer than this share of their size are one person."""
SAME_LOOK_DISTANCE = 0.07
"""Less within one look: MoveNet tells people apart who stand before each other."""
CUT_FACTOR = 0.5
"""Trust left to a proposal that a tile's inner edge cuts."""


class Finder:
    """Proposals of people, each person once.

    Args:
        proposer: See `networks.Proposer`.
        side: Pixels the longer side of a look is scaled to.
        tiles: "auto", "on" or "off".
        least_score: Proposals below are dropped.
    """

    def __init__(self, proposer, *, side, tiles, least_score):
        self._proposer = proposer
        self._side = side
        self._tiles = tiles
        self._least_score = least_score
        self.restart()

    def restart(self):
        """Forget what was learnt (another shot or range begins)."""
        self._round = 0
        self._tiles_pay = False

    def find(self, picture, *, briefly=False):
        """All proposals of one picture, best first.

        Args:
            picture: RGB.
            briefly: Only look at the whole, as when one person was just lost.
        """
        height, width = picture.shape[:2]
        whole = self._proposer.look(
            picture, (0, 0, width, height), self._side, self._least_score
        )
        found = merged(whole, SAME_LOOK_DISTANCE)
        if briefly:
            return found
        if self._wants_tiles(found, width, height):
            extra = []
            for window in tiles(width, height):
                extra += self._look_into(picture, window)
            for proposal in extra:
                proposal.only_in_tile = not any(
                    is_same(proposal, other, SAME_DISTANCE) for other in found
                )
            news = merged([p for p in extra if p.only_in_tile], SAME_DISTANCE)
            found = sorted(found + news, key=lambda p: -p.score)
        self._round += 1
        return found

    def learn(self, proposals):
        """Take note of the proposals that turned out to be people."""
        if any(proposal.only_in_tile for proposal in proposals):
            self._tiles_pay = True
        elif (self._round - 1) % TILE_ROUNDS == 0:
            self._tiles_pay = False

    def look_at(self, picture, box):
        """Proposals in and around a box, at little cost (to verify a reading)."""
        height, width = picture.shape[:2]
        margin = 0.15 * max(box[2] - box[0], box[3] - box[1])
        x0, y0 = (int(max(0, v - margin)) for v in box[:2])
        x1 = int(min(width, box[2] + margin)) + 1
        y1 = int(min(height, box[3] + margin)) + 1
        if x1 - x0 < 8 or y1 - y0 < 8:
            return []
        return self._proposer.look(picture, (x0, y0, x1, y1), 256, self._least_score)

    def _wants_tiles(self, found, width, height):
        if self._tiles != "auto":
            return self._tiles == "on"
        wide = max(width, height) >= WIDE * min(width, height)
        due = self._round % TILE_ROUNDS == 0
        return wide or due or self._tiles_pay or len(found) >= NEARLY_FULL

    def _look_into(self, picture, window):
        height, width = picture.shape[:2]
        found = self._proposer.look(picture, window, self._side, self._least_score)
        for proposal in found:
            if _is_cut(proposal.box, window, (width, height)):
                proposal.score *= CUT_FACTOR
        return found


def tiles(width, height):
    """Overlapping windows (x0, y0, x1, y1) that cover the picture."""
    longer, shorter = max(width, height), min(width, height)
    along = int(np.clip(round(longer / TILE_PX), 2, 3))
    across = 1 if longer >= WIDE * shorter else 2
    columns, rows = (along, across) if width >= height else (across, along)
    return [
        (x0, y0, x1, y1)
        for y0, y1 in _spans(height, rows)
        for x0, x1 in _spans(width, columns)
    ]


def _spans(length, count):
    size = length / (1 + (count - 1) * (1 - OVERLAP))
    starts = [round(i * size * (1 - OVERLAP)) for i in range(count)]
    return [(start, min(length, round(start + size))) for start in starts]


def _is_cut(box, window, size):
    """Whether the box touches an edge of the window that is not the picture's."""
    margin = 0.02 * max(window[2] - window[0], window[3] - window[1])
    near_start = [box[i] < window[i] + margin and window[i] > 0 for i in (0, 1)]
    near_end = [
        box[i + 2] > window[i + 2] - margin and window[i + 2] < size[i] for i in (0, 1)
    ]
    return any(near_start) or any(near_end)


def merged(proposals, distance):
    """The proposals without repetitions, best first."""
    kept = []
    for proposal in sorted(proposals, key=lambda p: -p.score):
        if not any(is_same(proposal, other, distance) for other in kept):
            kept.append(proposal)
    return kept


def is_same(a, b, distance):
    """Whether two proposals mean one person: median keypoint distance over size."""
    trusted = (a.keypoints[:, 2] > 0.2) & (b.keypoints[:, 2] > 0.2)
    if trusted.sum() >= 4:
        gap = a.keypoints[trusted, :2] - b.keypoints[trusted, :2]
        median = np.median(np.linalg.norm(gap, axis=1))
        return median < distance * min(a.size, b.size)
    return overlap(a.box, b.box) > 0.5
