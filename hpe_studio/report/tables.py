"""A comparison as data: metrics.json, per_frame.csv, one table of many runs."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.effect import Effect
from hpe_studio.metrics.protocol import DIFFERENCES, TITLES, modified, settings

COLUMNS = (
    "mpjpe",
    "pa_mpjpe",
    "n_mpjpe",
    "pck150",
    "auc",
    "root",
    "acceleration",
    "recall",
    "precision",
    "idf1",
)
"""Measures of the table of many runs, after the protocol's own."""

_HEADS = {
    "mpjpe": "MPJPE (mm)",
    "pa_mpjpe": "PA-MPJPE (mm)",
    "n_mpjpe": "N-MPJPE (mm)",
    "pck150": "PCK150 (%)",
    "auc": "AUC (%)",
    "root": "MRPE (mm)",
    "acceleration": "Accel (mm/frame²)",
    "recall": "Found (%)",
    "precision": "Precision (%)",
    "idf1": "IDF1 (%)",
}
_SPECIAL = {letter: f"\\{letter}" for letter in "_%&#${}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "²": "$^2$",
}


def facts(comparison: Comparison, effect: Effect | None = None) -> dict[str, Any]:
    """Everything but the frames, as plain data; what is not known is None."""
    protocol = comparison.protocol
    per_m = protocol.per_m
    found = {
        "prediction": comparison.prediction,
        "truth": comparison.truth,
        "protocol": {
            "name": protocol.name,
            "title": TITLES[protocol.name],
            "modified": list(modified(protocol)),
            "settings": dict(settings(protocol)),
            "differs_from_a_clean_metric_by": list(DIFFERENCES[protocol.name]),
            "matching_used": comparison.matching,
            "official_frames": comparison.official_frames,
        },
        "camera": comparison.camera or None,
        "time": asdict(comparison.time),
        "frames": {
            "count": len(comparison.frames),
            "first": int(comparison.frames[0]),
            "last": int(comparison.frames[-1]),
            "fps": comparison.fps,
        },
        "counts": asdict(comparison.counts) | {"coverage": comparison.counts.coverage},
        "measures": {name: asdict(one) for name, one in comparison.measures.items()},
        "per_joint": _named(comparison.joints, comparison.per_joint_m() * per_m),
        "per_person": _named(comparison.people, comparison.per_person_m() * per_m),
        "unit": protocol.unit,
        "effect_of_edits": None if effect is None else _effect_facts(effect),
        "notes": list(comparison.notes),
        "versions": dict(comparison.versions),
    }
    return plain(found)


def _effect_facts(effect: Effect) -> dict[str, Any]:
    return {
        "sentence": effect.sentence,
        "sight": effect.sight,
        "edited_frames": effect.edited_frames,
        "edited_before": effect.before,
        "edited_after": effect.after,
        "overall_before": effect.overall_before,
        "overall_after": effect.overall_after,
    }


def as_json(data: Any) -> str:
    """Data as JSON text without NaN, which JSON does not know."""
    return json.dumps(plain(data), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def plain(value: Any) -> Any:
    """The same with None for what is not finite, and lists for tuples."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value


def per_frame_csv(comparison: Comparison) -> str:
    """A line per person and frame: who, in what state, how far off each joint is.

    States: "matched", "missed", "left out" (there, but not counted by the protocol) and
    "nobody" (a prediction that is no true person). Empty cells are not known.
    """
    protocol, per_m = comparison.protocol, comparison.protocol.per_m
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = ["frame", "truth_frame", "person", "prediction", "state"]
    unit = protocol.unit
    writer.writerow(
        [*head, f"error_{unit}", *(f"{joint}_{unit}" for joint in comparison.joints)]
    )
    for row, frame in enumerate(comparison.frames.tolist()):
        start = [frame, _cell(float(comparison.truth_frames[row]))]
        for person, name in enumerate(comparison.people):
            state = _state(comparison, row, person)
            if not state:
                continue
            match = int(comparison.matches[row, person])
            mine = comparison.predicted[match] if match >= 0 else ""
            error = float(comparison.frame_errors_m[row, person]) * per_m
            joints = comparison.errors_m[row, person] * per_m
            cells = [_cell(float(one)) for one in joints]
            writer.writerow([*start, name, mine, state, _cell(error), *cells])
        for ghost in np.flatnonzero(comparison.false_positives[row]).tolist():
            blank = [""] * (1 + len(comparison.joints))
            writer.writerow([*start, "", comparison.predicted[ghost], "nobody", *blank])
    return out.getvalue()


def _state(comparison: Comparison, row: int, person: int) -> str:
    if comparison.present[row, person]:
        return "matched" if comparison.matches[row, person] >= 0 else "missed"
    return "left out" if comparison.left_out[row, person] else ""


def run_rows(
    runs: Sequence[tuple[Mapping[str, str], Comparison]],
) -> tuple[list[str], list[list[str]]]:
    """Heading and a row per run; means of sequences and of all, weighted, are last.

    Args:
        runs: What tells a run from the others ("result", "sequence", "camera"), and
            what was found.
    """
    keys = list(dict.fromkeys(key for named, _ in runs for key in named))
    first = runs[0][1]
    names = [name for name in COLUMNS if name in first.measures]
    if all(
        one.measures["error"].value == one.measures["mpjpe"].value for _, one in runs
    ):
        names.remove("mpjpe")
    head = [*keys, f"Error ({first.protocol.unit})"]
    head += [_HEADS[name] for name in names]
    head += ["Coverage (%)", "People", "Missed", "Protocol"]
    rows = [
        [
            *(named.get(key, "") for key in keys),
            *(_short(one.measures[name].value) for name in ("error", *names)),
            _short(100 * one.counts.coverage),
            str(one.counts.true_people),
            str(one.counts.missed),
            protocol_words(one),
        ]
        for named, one in runs
    ]
    for sequence, part in _by_sequence(runs).items():
        rows.append(_mean_row(part, keys, names, {"sequence": sequence}))
    if len(runs) > 1:
        rows.append(_mean_row(runs, keys, names, {keys[0]: "all"} if keys else {}))
    return head, rows


def _by_sequence(
    runs: Sequence[tuple[Mapping[str, str], Comparison]],
) -> dict[str, list[tuple[Mapping[str, str], Comparison]]]:
    """Runs of each sequence, where there are several of both."""
    found: dict[str, list[tuple[Mapping[str, str], Comparison]]] = {}
    for named, one in runs:
        if "sequence" in named:
            found.setdefault(named["sequence"], []).append((named, one))
    is_worth_it = len(found) > 1 and len(runs) > len(found)
    return found if is_worth_it else {}


def protocol_words(comparison: Comparison) -> str:
    """Whose name a result bears: "HS-Panoptic", "ROMP-compatible, modified: ..."."""
    title = TITLES[comparison.protocol.name]
    changes = comparison.modified
    return f"{title}, modified: {'; '.join(changes)}" if changes else title


def frames_words(frames: Sequence[int]) -> str:
    """Which frames were compared: "20 frames, 168 to 187"."""
    if len(frames) == 1:
        return f"frame {frames[0]}"
    return f"{len(frames):,} frames, {frames[0]} to {frames[-1]}"


def table_csv(runs: Sequence[tuple[Mapping[str, str], Comparison]]) -> str:
    """One table of many runs."""
    head, rows = run_rows(runs)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    return out.getvalue()


def table_latex(runs: Sequence[tuple[Mapping[str, str], Comparison]]) -> str:
    """The same table for a paper (booktabs), the protocol as its note."""
    head, rows = run_rows(runs)
    head, rows = head[:-1], [row[:-1] for row in rows]
    keys = len({key for named, _ in runs for key in named})
    notes = dict.fromkeys(protocol_words(one) for _, one in runs)
    lines = [
        "% Needs \\usepackage{booktabs}.",
        *(f"% {note}" for note in notes),
        f"\\begin{{tabular}}{{{'l' * keys}{'r' * (len(head) - keys)}}}",
        "\\toprule",
        _latex_row(head),
        "\\midrule",
    ]
    body = [_latex_row(row) for row in rows]
    if len(runs) > 1:
        body.insert(len(runs), "\\midrule")
    return "\n".join([*lines, *body, "\\bottomrule", "\\end{tabular}", ""])


def _mean_row(
    runs: Sequence[tuple[Mapping[str, str], Comparison]],
    keys: Sequence[str],
    names: Sequence[str],
    named: Mapping[str, str],
) -> list[str]:
    means: list[str] = []
    for name in ("error", *names):
        pairs = [
            (one.measures[name].value, one.measures[name].count)
            for _, one in runs
            if name in one.measures and math.isfinite(one.measures[name].value)
        ]
        weight = sum(count for _, count in pairs)
        total = sum(value * count for value, count in pairs)
        means.append(_short(total / weight) if weight else "")
    counts = [one.counts for _, one in runs]
    joints = sum(one.true_joints for one in counts)
    covered = 100 * sum(one.counted for one in counts) / joints if joints else math.nan
    words = dict.fromkeys(protocol_words(one) for _, one in runs)
    return [
        *(named.get(key, "") for key in keys),
        *means,
        _short(covered),
        str(sum(one.true_people for one in counts)),
        str(sum(one.missed for one in counts)),
        next(iter(words)) if len(words) == 1 else "several",
    ]


def _latex_row(cells: Sequence[str]) -> str:
    return " & ".join(_latex(cell) for cell in cells) + r" \\"


def _latex(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in text)


def _named(names: Sequence[str], values: Any) -> dict[str, float]:
    """Values by name; people of the same name are told apart by number."""
    out: dict[str, float] = {}
    for name, value in zip(names, values.tolist(), strict=True):
        own, number = name, 2
        while own in out:
            own, number = f"{name} ({number})", number + 1
        out[own] = value
    return out


def _cell(value: float) -> str:
    if not math.isfinite(value):
        return ""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _short(value: float) -> str:
    return f"{value:.1f}" if math.isfinite(value) else ""
