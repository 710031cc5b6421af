"""One self-contained page of a comparison: numbers, figures, worst frames, rules."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from html import escape

from hpe_studio.metrics.comparison import Comparison, Measure
from hpe_studio.metrics.effect import Effect
from hpe_studio.metrics.protocol import DIFFERENCES, TITLES, settings
from hpe_studio.report.figures import Figure, figures, shown_people
from hpe_studio.report.look import plotly, script, style
from hpe_studio.report.page_tables import (
    adding_up,
    joint_table,
    measure_table,
    person_table,
)
from hpe_studio.report.pictures import Picture
from hpe_studio.report.tables import frames_words, plain

_CARDS = ("mpjpe", "pa_mpjpe", "pck150")
_TICK = '<svg viewBox="0 0 24 24"><path d="M20 6 9 17l-5-5"/></svg>'
_WARN = (
    '<svg viewBox="0 0 24 24"><path d="m21.7 18-8-14a2 2 0 0 0-3.4 0l-8 14A2 2 0 0 0 4 '
    '21h16a2 2 0 0 0 1.7-3M12 9v4M12 17h.01"/></svg>'
)


def page(
    comparison: Comparison,
    pictures: Sequence[Picture],
    *,
    before: Comparison | None = None,
    effect: Effect | None = None,
) -> str:
    """The page as text.

    Args:
        comparison: What was found.
        pictures: Worst frames, worst first.
        before: The same result before it was edited, or None.
        effect: What the edits changed, or None.
    """
    drawn = figures(comparison, before, effect)
    body = "".join(
        [
            _top(comparison),
            "<main>",
            _hero(comparison),
            _effect(effect),
            _card(comparison),
            _plots(drawn, comparison),
            _frames(pictures, comparison),
            joint_table(comparison),
            person_table(comparison),
            measure_table(comparison),
            adding_up(comparison),
            "</main>",
            _foot(comparison),
        ]
    )
    title = f"{comparison.prediction} against {comparison.truth}"
    return document(title, body, drawn)


def document(title: str, body: str, drawn: Sequence[Figure]) -> str:
    """A whole HTML document around a body.

    Args:
        title: Of the window.
        body: HTML.
        drawn: Figures whose places ``figure-ID`` are in the body.
    """
    data = json.dumps(plain(list(drawn)), allow_nan=False).replace("</", "<\\/")
    library = (
        f'<script type="text/plain" id="plotly">{plotly()}</script>' if drawn else ""
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style()}</style></head><body>{body}"
        f'<script type="application/json" id="figures">{data}</script>{library}'
        f"<script>{script()}</script></body></html>\n"
    )


def top(title: str, meta: Sequence[str]) -> str:
    """The head of a page.

    Args:
        title: HTML.
        meta: Facts in a line.
    """
    facts = "".join(f"<span>{escape(fact)}</span>" for fact in meta)
    return (
        '<header class="top"><div><div class="mark">HPE Studio comparison</div>'
        f'<h1>{title}</h1><p class="meta">{facts}</p>'
        '<button class="theme" type="button" aria-label="Change the theme"></button>'
        "</div></header>"
    )


def number(value: float, digits: int = 1) -> str:
    """A number for people; a dash where there is none."""
    return f"{value:,.{digits}f}" if math.isfinite(value) else "–"


def _top(comparison: Comparison) -> str:
    frames = comparison.frames
    words = "official" if comparison.official_frames else "non-official"
    meta = [
        f"{frames_words(frames.tolist())} ({words})",
        f"{comparison.fps:.5g} fps",
        f"{_many(len(comparison.people), 'person', 'people')}",
        f"camera {comparison.camera}" if comparison.camera else "no camera",
    ]
    title = (
        f"{escape(comparison.prediction)} <span>against</span> "
        f"{escape(comparison.truth)}"
    )
    return top(title, meta)


def _many(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


def _hero(comparison: Comparison) -> str:
    counts = comparison.counts
    cells = [
        _number_card(
            comparison.error,
            f"{comparison.error.label}, {TITLES[comparison.protocol.name]}",
            "first",
        )
    ]
    others = [comparison.measures[name] for name in _CARDS]
    others = [one for one in others if one.label != comparison.error.label]
    cells += [_number_card(one, one.label) for one in others[:2]]
    found = (
        100 * counts.matched / counts.true_people if counts.true_people else math.nan
    )
    cells.append(
        _plain_card(
            "People found",
            f"{number(found)} <small>%</small>",
            f"{counts.missed} missed, {counts.false_positives} that are nobody",
        )
    )
    cells.append(
        _plain_card(
            "Coverage",
            f"{number(100 * counts.coverage)} <small>%</small>",
            f"{counts.counted:,} of {counts.true_joints:,} true joints measured",
        )
    )
    return f'<dl class="hero">{"".join(cells)}</dl>'


def _number_card(one: Measure, label: str, kind: str = "") -> str:
    values = _many(one.count, "value", "values")
    share = f"over {values}, coverage {number(100 * one.coverage)} %"
    value = f"{number(one.value)} <small>{escape(one.unit)}</small>"
    return _plain_card(label, value, share, kind)


def _plain_card(label: str, value: str, text: str, kind: str = "") -> str:
    return (
        f'<div class="{kind}"><dt>{escape(label)}</dt><dd>{value}<p>{escape(text)}</p>'
        "</dd></div>"
    )


def _effect(effect: Effect | None) -> str:
    if effect is None or not effect.edited_frames:
        return ""
    return (
        f'<p class="effect">{escape(effect.sentence)}<small>Error before and after the '
        "edits; edited frames are shaded below.</small></p>"
    )


def _card(comparison: Comparison) -> str:
    """The protocol, green where it was kept, amber where a setting left it."""
    protocol = comparison.protocol
    title, changes = TITLES[protocol.name], comparison.modified
    kind, icon = ("modified", _WARN) if changes else ("kept", _TICK)
    head = f"{title}, modified" if changes else f"{title}, kept"
    said = "".join(f"<li>{escape(one)}</li>" for one in changes)
    said = (
        f"<ul>{said}</ul>" if changes else "<p>Every setting is the protocol's own.</p>"
    )
    rows = [*settings(protocol), ("matched by, in the end", comparison.matching)]
    listed = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows)
    differs = "".join(f"<li>{escape(one)}</li>" for one in DIFFERENCES[protocol.name])
    notes = "".join(f"<li>{escape(one)}</li>" for one in comparison.notes)
    notes = f'<ul class="notes">{notes}</ul>' if notes else ""
    return (
        f'<section><h2>Protocol</h2><div class="card {kind}"><h3>{icon}{escape(head)}'
        f"</h3>{said}<details><summary>Every setting</summary>"
        f'<dl class="settings">{listed}</dl></details><details><summary>How it differs '
        f"from a clean metric</summary><ul>{differs}</ul></details></div>{notes}"
        "</section>"
    )


def _plots(drawn: Sequence[Figure], comparison: Comparison) -> str:
    titles = {
        "errors": "Error over the frames",
        "correct": "Joints within a threshold",
        "spread": "Spread of the errors",
    }
    boxes = [
        f'<div class="plot"><h3>{titles[one["id"]]}</h3>'
        f'<div id="figure-{one["id"]}" style="min-height:{one["height"]}px"></div>'
        "</div>"
        for one in drawn
    ]
    count, shown = len(comparison.people), len(shown_people(comparison))
    crowd = (
        f'<p class="lead">The mean over {count} people, and the {shown} who are '
        "furthest off.</p>"
        if shown < count
        else ""
    )
    return (
        f"<section><h2>Over time</h2>{crowd}"
        '<p class="lead hint">Drag across a plot to zoom, double-click to see '
        "everything; click a name to hide it.</p>"
        f'{boxes[0]}<div class="pair">{"".join(boxes[1:])}</div></section>'
    )


def _frames(pictures: Sequence[Picture], comparison: Comparison) -> str:
    if not pictures:
        return ""
    items = "".join(
        f"<li>{one.svg}<b>{escape(one.title)}</b><span>{escape(one.text)}</span></li>"
        for one in pictures
    )
    has_picture = comparison.truth_px is not None
    lead = (
        "" if has_picture else '<p class="lead">From the front and from the side.</p>'
    )
    return (
        f"<section><h2>Worst frames</h2>{lead}"
        '<p class="key"><span><i class="t"></i>truth</span>'
        '<span><i class="r"></i>result, coloured by person</span>'
        '<span><i class="g"></i>how far off</span></p>'
        f'<ul class="frames">{items}</ul></section>'
    )


def _foot(comparison: Comparison) -> str:
    versions = ", ".join(f"{name} {v}" for name, v in comparison.versions.items())
    return f"<footer>{escape(versions)}</footer>"
