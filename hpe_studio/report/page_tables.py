"""Tables of a report's page: joints, people, all measures, what adds up to what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np

from hpe_studio.metrics.comparison import Comparison, Measure
from hpe_studio.report.look import heat_index, heat_share

_MOST_COLUMNS = 8
_LEFT = ' class="id"'
_HYPHEN = "\N{NON-BREAKING HYPHEN}"


def joint_table(comparison: Comparison) -> str:
    """Mean error of each joint for each person, with bars."""
    table = comparison.person_joint_m()
    people = list(range(len(comparison.people)))[:_MOST_COLUMNS]
    head = "".join(
        f'<th><span class="swatch s{i % 10}"></span>{_name(comparison.people[i])}</th>'
        for i in people
    )
    rows = [
        f"<tr><td>{escape(joint.replace('_', ' '))}</td>"
        + "".join(_heat(table[i, j], comparison) for i in people)
        + _heat(mean, comparison)
        + "</tr>"
        for j, (joint, mean) in enumerate(
            zip(comparison.joints, comparison.per_joint_m(), strict=True)
        )
    ]
    totals = comparison.per_person_m()
    everybody = comparison.error.value / comparison.protocol.per_m
    total = "".join(_heat(totals[i], comparison) for i in people)
    rows.append(
        f'<tr class="total"><td>all joints</td>{total}'
        f"{_heat(everybody, comparison)}</tr>"
    )
    unit = comparison.protocol.unit
    left = len(comparison.people) - len(people)
    more = f" {left} more people are in metrics.json." if left else ""
    return (
        f'<section><h2>Joints</h2><p class="lead">Mean error, {unit}, over the frames '
        f"on which a joint counts.{more}</p>"
        f'<div class="scroll"><table><thead><tr><th>joint</th>{head}<th>everybody</th>'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def side_by_side(runs: Sequence[tuple[str, Comparison]]) -> str:
    """Mean error of each joint, a column per run; empty where joints differ."""
    shown = list(runs)[:_MOST_COLUMNS]
    joints = shown[0][1].joints
    if any(one.joints != joints for _, one in shown):
        return ""
    head = "".join(
        f'<th><span class="swatch s{i % 10}"></span>{_name(name)}</th>'
        for i, (name, _) in enumerate(shown)
    )
    means = [one.per_joint_m() for _, one in shown]
    rows = [
        f"<tr><td>{escape(joint.replace('_', ' '))}</td>"
        + "".join(_heat(m[j], shown[i][1]) for i, m in enumerate(means))
        + "</tr>"
        for j, joint in enumerate(joints)
    ]
    total = "".join(
        _heat(one.error.value / one.protocol.per_m, one) for _, one in shown
    )
    rows.append(f'<tr class="total"><td>all joints</td>{total}</tr>')
    unit = shown[0][1].protocol.unit
    return (
        f'<section><h2>Joints, side by side</h2><p class="lead">Mean error, {unit}.</p>'
        f'<div class="scroll"><table><thead><tr><th>joint</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def person_table(comparison: Comparison) -> str:
    """How each person was found and how far off they are."""
    errors = comparison.per_person_m() * comparison.protocol.per_m
    rows: list[str] = []
    for i, name in enumerate(comparison.people):
        there = int(comparison.present[:, i].sum())
        missed = int(comparison.missed[:, i].sum())
        own = comparison.frame_errors_m[:, i] * comparison.protocol.per_m
        known = own[np.isfinite(own)]
        worst = float(known.max()) if len(known) else math.nan
        middle = float(np.median(known)) if len(known) else math.nan
        cells = [there, there - missed, missed, int(comparison.left_out[:, i].sum())]
        rows.append(
            f'<tr><td><span class="swatch s{i % 10}"></span>{escape(name)}</td>'
            + "".join(f"<td>{cell:,}</td>" for cell in cells)
            + "".join(_value(v) for v in (float(errors[i]), middle, worst))
            + "</tr>"
        )
    unit = comparison.protocol.unit
    heads = ["person", "frames", "found", "missed", "left out"]
    heads += [f"mean, {unit}", f"median, {unit}", f"worst, {unit}"]
    return _table("People", heads, rows)


def measure_table(comparison: Comparison) -> str:
    """Every measure with how much it is made from."""
    rows = [
        _measure(one) for name, one in comparison.measures.items() if name != "error"
    ]
    heads = ["measure", "value", "unit", "values", "coverage", "note"]
    return _table("All measures", heads, rows, words=("unit", "note"))


def adding_up(comparison: Comparison) -> str:
    """What the means are over, so that denominators can be checked."""
    c = comparison.counts
    boxes = (
        (
            "True people",
            c.true_people,
            (("matched", c.matched, "ok"), ("missed", c.missed, "bad")),
        ),
        (
            "Predicted people",
            c.predicted_people,
            (
                ("matched", c.matched_predictions, "ok"),
                ("of people who do not count", c.ignored_predictions, "mid"),
                ("nobody", c.false_positives, "bad"),
            ),
        ),
        (
            "True joints",
            c.true_joints,
            (
                ("measured", c.counted, "ok"),
                ("not in the result", c.lacking, "mid"),
                ("of missed people", c.missed_joints, "bad"),
            ),
        ),
    )
    drawn = "".join(_box(title, whole, parts) for title, whole, parts in boxes)
    left = (
        f"{c.left_out:,} more person-frames are there and do not count by the protocol."
        if c.left_out
        else "Everybody who is there counts."
    )
    return (
        "<section><h2>What the means are over</h2>"
        f'<p class="lead">On each frame, added up. {left}</p>'
        f'<div class="adds">{drawn}</div></section>'
    )


def runs_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, runs: int, keys: int
) -> str:
    """A table of texts, a row per run; those after them are means, in bold.

    Args:
        heads: Of the columns.
        rows: Texts.
        runs: How many rows are runs.
        keys: How many columns, the first, say which run it is.
    """
    head = "".join(
        f"<th{_LEFT if i < keys else ''}>{escape(one.replace('-', _HYPHEN))}</th>"
        for i, one in enumerate(heads)
    )
    body = "".join(
        ("<tr>" if i < runs else '<tr class="total">')
        + "".join(f"<td{_LEFT}>{_name(cell)}</td>" for cell in row[:keys])
        + "".join(f"<td>{escape(cell) or '–'}</td>" for cell in row[keys:])
        + "</tr>"
        for i, row in enumerate(rows)
    )
    return (
        f'<div class="scroll"><table class="runs"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _table(
    title: str, heads: Sequence[str], rows: Sequence[str], words: Sequence[str] = ()
) -> str:
    cells = "".join(
        f'<th class="words">{one}</th>' if one in words else f"<th>{escape(one)}</th>"
        for one in heads
    )
    return (
        f'<section><h2>{title}</h2><div class="scroll"><table><thead><tr>{cells}</tr>'
        f"</thead><tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def _name(text: str) -> str:
    """A name in a heading, cut where it is long, whole when pointed at."""
    return f'<span class="name" title="{escape(text)}">{escape(text)}</span>'


def _measure(one: Measure) -> str:
    digits = 3 if one.unit == "m/s²" else 1
    share = "–" if not math.isfinite(one.coverage) else f"{100 * one.coverage:.1f} %"
    return (
        f"<tr><td>{escape(one.label)}</td>{_value(one.value, digits)}"
        f'<td class="words">{escape(one.unit)}</td><td>{one.count:,}</td>'
        f"<td>{share}</td>"
        f'<td class="words">{escape(one.note)}</td></tr>'
    )


def _value(value: float, digits: int = 1) -> str:
    if not math.isfinite(value):
        return '<td class="none">–</td>'
    return f"<td>{value:,.{digits}f}</td>"


def _heat(error_m: float, comparison: Comparison) -> str:
    if not math.isfinite(error_m):
        return '<td class="heat none"><div><span>–</span></div></td>'
    width = round(100 * heat_share(1000 * error_m))
    digits = (
        0 if comparison.protocol.unit == "mm" else 1 + (comparison.protocol.per_m < 9)
    )
    return (
        f'<td class="heat"><div><i><b class="h{heat_index(1000 * error_m)}" '
        f'style="width:{width}%"></b></i>'
        f"<span>{error_m * comparison.protocol.per_m:.{digits}f}</span></div></td>"
    )


def _box(title: str, whole: int, parts: Sequence[tuple[str, int, str]]) -> str:
    bars = "".join(
        f'<i class="{kind}" style="width:{100 * part / whole:.2f}%"></i>'
        for _, part, kind in parts
        if whole and part
    )
    lines = "".join(
        f"<p><span>{escape(name)}</span><span>{part:,}</span></p>"
        for name, part, _ in parts
    )
    return (
        f"<div><h3><span>{title}</span><span>{whole:,}</span></h3>"
        f'<div class="bar">{bars}</div>{lines}</div>'
    )
