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


def error_figure(comparison: Comparison, before: Comparison | None = None) -> Figure:
    """Error of each person over the frames; gaps stay gaps, misses are marks below."""
    per_m, unit = comparison.protocol.per_m, comparison.protocol.unit
    x = _every_frame(comparison)
    traces: list[Figure] = []
    for person, name in enumerate(comparison.people):
        if before is not None:
            was = on_every_frame(before.frame_errors_m[:, person], before.frames)
            traces.append(
                _line(x, was * per_m, f"{name}, before", f"person.{person}")
                | {"opacity": 0.45, "line": _pen(person, dash="dot")}
            )
        values = comparison.frame_errors_m[:, person] * per_m
        shown = on_every_frame(values, comparison.frames)
        line = _line(x, shown, name, f"person.{person}")
        line["hovertemplate"] = f"%{{y:.1f}} {unit}<extra>{_plain(name)}</extra>"
        traces.append(line)
        missed = comparison.frames[comparison.missed[:, person]]
        if len(missed):
            traces.append(_marks(missed, name, person))
    layout = _layout("frame", f"error, {unit}")
    layout["xaxis"]["rangeslider"] = {"visible": True, "thickness": 0.07}
    layout["hovermode"] = "x unified"
    return {"id": "errors", "data": traces, "layout": layout, "height": 380}


def correct_figure(comparison: Comparison, before: Comparison | None = None) -> Figure:
    """PCK over thresholds from 0 to 150 mm, root on root as the measure is."""
    traces = [_pck(comparison, "result", "accent.text")]
    if before is not None:
        traces.insert(
            0, _pck(before, "before", "text.muted") | {"line": _pen(None, dash="dot")}
        )
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
        shown = on_every_frame(values, one.frames)
        colour = f"person.{number % 10}"
        line = _line(_every_frame(one), shown, name, colour)
        line["hovertemplate"] = f"%{{y:.1f}} {unit}<extra>{_plain(name)}</extra>"
        traces.append(line)
    layout = _layout("frame", f"error, {unit}")
    layout["xaxis"]["rangeslider"] = {"visible": True, "thickness": 0.07}
    layout["hovermode"] = "x unified"
    return {"id": "runs", "data": traces, "layout": layout, "height": 380}


def _pck(comparison: Comparison, name: str, colour: str) -> Figure:
    errors = comparison.errors_m
    shares = [100 * correct_share(errors, float(t)) for t in AUC_THRESHOLDS_M]
    line = _line(1000 * AUC_THRESHOLDS_M, np.array(shares), name, colour)
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


def _line(x: FloatArray, y: FloatArray, name: str, colour: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": _plain(name),
        "x": _numbers(x),
        "y": _numbers(y),
        "connectgaps": False,
        "line": {"color": colour, "width": 1.6},
    }


def _pen(person: int | None, dash: str) -> Figure:
    colour = "text.muted" if person is None else f"person.{person}"
    return {"color": colour, "width": 1.4, "dash": dash}


def _marks(frames: IntArray, name: str, person: int) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": f"{_plain(name)}, missed",
        "x": _numbers(frames),
        "y": [0.0] * len(frames),
        "marker": {"symbol": "x-thin-open", "size": 7, "color": f"person.{person}"},
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
    return np.arange(int(frames[0]), int(frames[-1]) + 1).astype(np.float64)


def _numbers(values: Any) -> list[float | None]:
    """Numbers for JSON, short, None for what is not known."""
    return [
        round(v, 3) if np.isfinite(v) else None for v in np.asarray(values).tolist()
    ]


def _plain(name: str) -> str:
    """A name that plotly does not take for markup."""
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
