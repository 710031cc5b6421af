"""How well a few typed letters fit a text, and which letters they hit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

_WHOLE, _WORD_START, _INSIDE, _SCATTERED = 100.0, 60.0, 30.0, 10.0
_FIRST_BONUS = 20.0
_GAP_COST = 1.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """How letters fit.

    Attributes:
        score: More is better.
        hits: Indices of the letters that were hit, increasing.
    """

    score: float
    hits: tuple[int, ...] = ()


def match(typed: str, text: str) -> Match | None:
    """How typed words fit a text, in any order; None where one does not.

    A word fits best as a word of the text, then as the start of one, then inside one,
    then as letters in their order ("kwb" for "Key the Whole Body").

    Args:
        typed: What a person typed; case does not count.
        text: What is looked through.
    """
    low = text.lower()
    total, hits = 0.0, set[int]()
    for word in typed.lower().split():
        found = _within(word, low) or _scattered(word, low)
        if found is None:
            return None
        total += found.score
        hits.update(found.hits)
    return Match(score=total - 0.05 * len(low), hits=tuple(sorted(hits)))


def _within(word: str, low: str) -> Match | None:
    best: Match | None = None
    at = low.find(word)
    while at >= 0:
        starts = at == 0 or not low[at - 1].isalnum()
        end = at + len(word)
        is_whole = starts and (end == len(low) or not low[end].isalnum())
        score = _WHOLE if is_whole else _WORD_START if starts else _INSIDE
        score += _FIRST_BONUS if at == 0 else 0.0
        if best is None or score > best.score:
            best = Match(score=score, hits=tuple(range(at, end)))
        at = low.find(word, at + 1)
    return best


def _scattered(word: str, low: str) -> Match | None:
    """Letters in their order, starts of words first."""
    for jumps in (True, False):
        hits = _letters(word, low, to_word_starts=jumps)
        if hits is not None:
            gaps = sum(1 for a, b in pairwise(hits) if b > a + 1)
            starts = sum(1 for i in hits if i == 0 or not low[i - 1].isalnum())
            score = _SCATTERED + 4.0 * starts - _GAP_COST * gaps
            return Match(score=score, hits=tuple(hits)) if starts else None
    return None


def _letters(word: str, low: str, *, to_word_starts: bool) -> list[int] | None:
    hits: list[int] = []
    at = 0
    for letter in word:
        plain = low.find(letter, at)
        if plain < 0:
            return None
        found = plain
        follows = bool(hits) and plain == hits[-1] + 1
        if to_word_starts and not follows:
            jump = low.find(" " + letter, max(at - 1, 0))
            found = jump + 1 if jump >= 0 and plain != 0 else plain
        hits.append(found)
        at = found + 1
    return hits
