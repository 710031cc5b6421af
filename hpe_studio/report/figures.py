"""Figures of a report as plotly.js data; colours are names that the page resolves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.effect import Effect
from hpe_studio.metrics.measures import on_every_frame
from hpe_studio.metrics.pose import (
    AUC_THRESHOLDS_M,
    correct_share,
    mean_over_joints,
)

Figure = dict[str, Any]

_MOST_LINES = 12
_FEW_FRAMES, _LONG_FRAMES = 10, 300
_LONG_NAME = 42


def error_figure(comparison: Comparison, before: Comparison | None = None) -> Figure:
    """Error of each person over the frames; gaps stay gaps, misses are marks below.

    Of a crowd the mean over everybody is drawn, and those who are furthest off.
    """
    per_m, unit = comparison.protocol.per_m, comparison.protocol.unit
    x = _every_frame(comparison)
    traces: list[Figure] = []
    drawn = shown_people(comparison)
    if len(drawn) < len(comparison.people):
        means = mean_over_joints(comparison.frame_errors_m) * per_m
        shown = _dense(means, comparison)
        traces.append(_line(x, shown, "everybody", _pen("text.primary")))
    for person in drawn:
        name = comparison.people[person]
        if before is not None:
            was = _dense(before.frame_errors_m[:, person], before)
            traces.append(
                _line(x, was * per_m, f"{name}, before", _pen_of(person, "dot"))
                | {"opacity": 0.45}
            )
        values = comparison.frame_errors_m[:, person] * per_m
        shown = _dense(values, comparison)
        line = _line(x, shown, name, _pen_of(person))
        line["hovertemplate"] = f"%{{y:.1f}} {unit}<extra>{_plain(name)}</extra>"
        traces.append(line)
        missed = comparison.frames[comparison.missed[:, person]]
        if len(missed):
            traces.append(_marks(missed, name, person))
    layout = _over_frames(x, unit)
    return {"id": "errors", "data": traces, "layout": layout, "height": 380}


def correct_figure(comparison: Comparison, before: Comparison | None = None) -> Figure:
    """PCK over thresholds from 0 to 150 mm, root on root as the measure is."""
    traces = [_pck(comparison, "result", _pen("accent.text"))]
    if before is not None:
        traces.insert(0, _pck(before, "before", _pen("text.muted", "dot")))
    layout = _layout("threshold, mm", "joints within, %")
    layout["yaxis"]["range"] = [0, 102]
    return {"id": "correct", "data": traces, "layout": layout, "height": 300}


def spread_figure(comparison: Comparison) -> Figure:
    """How errors of joints are spread, as a share of all joints that count."""
    per_m, unit = comparison.protocol.per_m, comparison.protocol.unit
    known = comparison.errors_m[np.isfinite(comparison.errors_m)] * per_m
    top = float(np.percentile(known, 99)) if len(known) else 1.0
    counts, edges = np.histogram(np.minimum(known, top), bins=40, range=(0, top or 1.0))
    share = 100 * counts / max(len(known), 1)
    bars = {
        "type": "bar",
        "x": _numbers((edges[:-1] + edges[1:]) / 2),
        "y": _numbers(share),
        "marker": {"color": "accent.text"},
        "hovertemplate": f"%{{x:.0f}} {unit}: %{{y:.1f}} %<extra></extra>",
        "showlegend": False,
    }
    layout = _layout(f"error of a joint, {unit}", "share of joints, %")
    layout["bargap"] = 0.12
    return {"id": "spread", "data": [bars], "layout": layout, "height": 300}


def figures(
    comparison: Comparison,
    before: Comparison | None = None,
    effect: Effect | None = None,
) -> list[Figure]:
    """All figures of a report, edited frames shaded."""
    errors = error_figure(comparison, before)
    if effect is not None:
        errors["layout"]["shapes"] = [
            _shade(start, stop) for start, stop in _edited_runs(comparison, effect)
        ]
    return [errors, correct_figure(comparison, before), spread_figure(comparison)]


def runs_figure(runs: Sequence[tuple[str, Comparison]]) -> Figure:
    """Mean error over everybody on each frame, a line per run.

    Args:
        runs: Name and comparison of each.
    """
    unit = runs[0][1].protocol.unit
    traces: list[Figure] = []
    for number, (name, one) in enumerate(runs):
        values = mean_over_joints(one.frame_errors_m) * one.protocol.per_m
        shown = _dense(values, one)
        line = _line(_every_frame(one), shown, name, _pen_of(number))
        line["hovertemplate"] = f"%{{y:.1f}} {unit}<extra>{_plain(name)}</extra>"
        traces.append(line)
    longest = max((_every_frame(one) for _, one in runs), key=len)
    layout = _over_frames(longest, unit)
    return {"id": "runs", "data": traces, "layout": layout, "height": 380}


def shown_people(comparison: Comparison) -> list[int]:
    """Whom the figure over the frames draws: everybody, of a crowd the worst."""
    count = len(comparison.people)
    if count <= _MOST_LINES:
        return list(range(count))
    means = np.nan_to_num(comparison.per_person_m(), nan=-1.0)
    return sorted(np.argsort(-means, kind="stable")[:_MOST_LINES].tolist())


def _over_frames(x: FloatArray, unit: str) -> Figure:
    layout = _layout("frame", f"error, {unit}")
    if len(x) > _LONG_FRAMES:
        layout["xaxis"]["rangeslider"] = {"visible": True, "thickness": 0.07}
        layout["xaxis"]["title"]["text"] = ""
    elif len(x) < _FEW_FRAMES:
        layout["xaxis"]["dtick"] = 1
    layout["hovermode"] = "x unified"
    return layout


def _pck(comparison: Comparison, name: str, pen: Figure) -> Figure:
    errors = comparison.errors_m
    shares = [100 * correct_share(errors, float(t)) for t in AUC_THRESHOLDS_M]
    line = _line(1000 * AUC_THRESHOLDS_M, np.array(shares), name, pen)
    line["hovertemplate"] = "%{y:.1f} % within %{x:.0f} mm<extra></extra>"
    return line


def _edited_runs(comparison: Comparison, effect: Effect) -> list[tuple[int, int]]:
    frames = comparison.frames[effect.edited.any(1)].tolist()
    runs: list[tuple[int, int]] = []
    for frame in frames:
        if runs and frame == runs[-1][1]:
            runs[-1] = (runs[-1][0], frame + 1)
        else:
            runs.append((frame, frame + 1))
    return runs


def _shade(start: int, stop: int) -> Figure:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": start - 0.5,
        "x1": stop - 0.5,
        "y0": 0,
        "y1": 1,
        "fillcolor": "source.keyed",
        "opacity": 0.14,
        "line": {"width": 0},
        "layer": "below",
    }


def _line(x: FloatArray, y: FloatArray, name: str, pen: Figure) -> Figure:
    known = np.concatenate([[False], np.isfinite(y), [False]])
    is_alone = known[1:-1] & ~known[:-2] & ~known[2:]
    return {
        "type": "scatter",
        "mode": "lines+markers" if is_alone.any() else "lines",
        "marker": {"size": np.where(is_alone, 6, 0).tolist() if is_alone.any() else 4},
        "name": _plain(name),
        "x": _numbers(x),
        "y": _numbers(y),
        "connectgaps": False,
        "line": pen,
    }


def _pen(colour: str, dash: str = "solid") -> Figure:
    return {"color": colour, "width": 1.6, "dash": dash}


def _pen_of(number: int, dash: str = "") -> Figure:
    """Of a person or run; who shares a colour has another stroke."""
    strokes = ("solid", "dash", "dashdot")
    return _pen(f"person.{number % 10}", dash or strokes[number // 10 % len(strokes)])


def _marks(frames: IntArray, name: str, person: int) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{_plain(name)}, missed",
        "x": _numbers(frames),
        "y": [0.0] * len(frames),
        "marker": {
            "symbol": "x-thin-open",
            "size": 7,
            "color": f"person.{person % 10}",
        },
        "cliponaxis": False,
        "hovertemplate": "missed<extra></extra>",
    }


def _layout(x: str, y: str) -> Figure:
    axis = {"zeroline": False, "automargin": True, "ticks": "outside", "ticklen": 4}
    return {
        "xaxis": axis | {"title": {"text": x, "standoff": 8}},
        "yaxis": axis | {"title": {"text": y, "standoff": 8}, "rangemode": "tozero"},
        "margin": {"l": 56, "r": 12, "t": 8, "b": 44},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "dragmode": "zoom",
        "hoverlabel": {"namelength": -1},
    }


def _every_frame(comparison: Comparison) -> FloatArray:
    """Frames of the dense rows, so that what was not compared is a gap."""
    frames = comparison.frames
    first, last = int(frames[0]), int(frames[-1])
    return np.arange(first, last + 1, _step(frames)).astype(np.float64)


def _dense(values: FloatArray, comparison: Comparison) -> FloatArray:
    """Values on `_every_frame`; NaN on those that were not compared."""
    frames = comparison.frames
    return on_every_frame(values, frames)[:: _step(frames)]


def _step(frames: IntArray) -> int:
    """How far frames are apart that were taken evenly: 12 where every 12th was."""
    return int(np.gcd.reduce(np.diff(frames))) if len(frames) > 1 else 1


def _numbers(values: Any) -> list[float | None]:
    """Numbers for JSON, short, None for what is not known."""
    return [
        round(v, 3) if np.isfinite(v) else None for v in np.asarray(values).tolist()
    ]


def _plain(name: str) -> str:
    """A name that fits a legend and that plotly does not take for markup."""
    if len(name) > _LONG_NAME:
        name = f"{name[: _LONG_NAME // 2]}…{name[1 - _LONG_NAME // 2 :]}"
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
