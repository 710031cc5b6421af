"""Writes what is left of comparisons: a folder per run, one table of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.effect import Effect
from hpe_studio.report.figures import runs_figure
from hpe_studio.report.page import document, page, top
from hpe_studio.report.page_tables import runs_table, side_by_side
from hpe_studio.report.pictures import ReadRgb, pictures
from hpe_studio.report.tables import (
    as_json,
    facts,
    per_frame_csv,
    protocol_words,
    run_rows,
    table_csv,
    table_latex,
)

PICTURES = 12
"""Worst frames on a page."""

_APART_S = 0.5


def write_report(
    comparison: Comparison,
    folder: Path,
    *,
    read_rgb: ReadRgb | None = None,
    before: Comparison | None = None,
    effect: Effect | None = None,
) -> tuple[Path, ...]:
    """Write report.html, metrics.json and per_frame.csv.

    Args:
        comparison: What was found.
        folder: Where to; it is made.
        read_rgb: Gives the footage for the worst frames.
        before: The same result before it was edited.
        effect: What the edits changed.

    Raises:
        StudioError: If it cannot be written.
    """
    apart = max(1, round(_APART_S * comparison.fps))
    worst = comparison.worst(PICTURES, apart=apart)
    drawn = pictures(comparison, worst, read_rgb)
    html = page(comparison, drawn, before=before, effect=effect)
    return _written(
        folder,
        {
            "report.html": html,
            "metrics.json": as_json(facts(comparison, effect)),
            "per_frame.csv": per_frame_csv(comparison),
        },
    )


def write_table(
    runs: Sequence[tuple[Mapping[str, str], Comparison]],
    folder: Path,
    links: Sequence[str] = (),
) -> tuple[Path, ...]:
    """Write table.csv, table.tex and overview.html of many runs.

    Args:
        runs: What tells a run from the others, and what was found.
        folder: Where to; it is made.
        links: A page per run, relative to the folder.

    Raises:
        StudioError: If it cannot be written.
    """
    return _written(
        folder,
        {
            "table.csv": table_csv(runs),
            "table.tex": table_latex(runs),
            "overview.html": _overview(runs, links),
        },
    )


def _overview(
    runs: Sequence[tuple[Mapping[str, str], Comparison]], links: Sequence[str]
) -> str:
    head, rows = run_rows(runs)
    keys = len({key for named, _ in runs for key in named})
    rules = list(dict.fromkeys(protocol_words(one) for _, one in runs))
    if len(rules) == 1:  # told above the table
        head, rows = head[:-1], [row[:-1] for row in rows]
    official = all(one.official_frames for _, one in runs)
    meta = [
        f"{len(runs)} runs",
        "official frames" if official else "non-official frames",
        *(rules if len(rules) == 1 else ["several protocols"]),
    ]
    named = [(" ".join(words.values()), one) for words, one in runs]
    drawn = [runs_figure(named)]
    listed = "".join(
        f'<li><a href="{escape(link)}">{escape(name)}</a></li>'
        for (name, _), link in zip(named, links, strict=False)
    )
    listed_runs = runs_table(head, rows, runs=len(runs), keys=keys)
    body = (
        f"{top('Comparison of several runs', meta)}<main><section><h2>Runs</h2>"
        f"{listed_runs}</section><section><h2>Over time</h2>"
        '<p class="lead">Mean over everybody on each frame.</p>'
        '<div class="plot"><div id="figure-runs" style="min-height:380px"></div></div>'
        f"</section>{side_by_side(named)}<section><h2>Reports</h2>"
        f'<ul class="notes">{listed}</ul></section></main><footer></footer>'
    )
    return document("Comparison of several runs", body, drawn)


def _written(folder: Path, contents: Mapping[str, str]) -> tuple[Path, ...]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError(
            f"cannot be made ({error.strerror})", path=folder, fix="choose another -o"
        ) from None
    paths: list[Path] = []
    for name, text in contents.items():
        path = folder / name
        write_replacing(path, text.encode("utf-8"))
        paths.append(path)
    return tuple(paths)
