"""What the palette can find: actions, frames, people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from hpe_studio.core.person import Person
from hpe_studio.ui.palette.fuzzy import match


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the palette.

    Attributes:
        id: What is remembered as used last ("action:play").
        text: What is looked through and shown.
        group: Title it stands under.
        run: What Enter does; None where it cannot be done now.
        detail: Muted, behind the text: what it acts on, or what is lacking.
        keys: Stored keys of it; the first is shown.
        icon: Name of an icon, or "".
        person: Whose swatch is shown in place of an icon.
        action_id: The action whose key Alt+Enter changes, or "".
        hits: Letters of the text that were typed.
    """

    id: str
    text: str
    group: str = ""
    run: Callable[[], object] | None = None
    detail: str = ""
    keys: tuple[str, ...] = ()
    icon: str = ""
    person: Person | None = None
    action_id: str = ""
    hits: tuple[int, ...] = ()


def found_rows(
    typed: str, rows: Sequence[Row], *, recent: Mapping[str, int]
) -> list[Row]:
    """Rows that fit what was typed, in groups, the best group and row first.

    Args:
        typed: What a person typed; everything fits nothing typed.
        rows: What there is, in its own order.
        recent: How lately a row was used by id: 0 for the last, then 1, 2, ...
    """
    scored: list[tuple[float, Row]] = []
    for row in rows:
        found = match(typed, row.text)
        if found is not None:
            lately = max(0.0, 8.0 - recent.get(row.id, 8))
            scored.append((found.score + lately, replace(row, hits=found.hits)))
    best: dict[str, float] = {}
    for score, row in scored:
        best[row.group] = max(best.get(row.group, score), score)
    order = list(dict.fromkeys(row.group for row in rows))
    scored.sort(
        key=lambda pair: (-best[pair[1].group], order.index(pair[1].group), -pair[0])
    )
    return [row for _, row in scored]


def rows_by_key(typed: str, rows: Sequence[Row]) -> list[Row]:
    """Rows with keys that fit a typed key or text ("ctrl z"), in their own order."""
    found: list[Row] = []
    for row in rows:
        if not row.keys:
            continue
        keys = " ".join(row.keys).replace("+", " ")
        if match(typed, keys) is not None:
            found.append(row)
        else:
            fit = match(typed, row.text)
            if fit is not None:
                found.append(replace(row, hits=fit.hits))
    return found
