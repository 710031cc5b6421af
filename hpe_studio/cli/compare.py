"""The command ``hpe-studio compare``: results against the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from hpe_studio.cli.output import job_with_bar, print_json, print_lines
from hpe_studio.cli.words import WrongUsage, frame_range

if TYPE_CHECKING:
    from hpe_studio.metrics.comparison import Comparison
    from hpe_studio.workflow.compare_many import Compared

_SHOWN = ("pa_mpjpe", "pck150", "root", "acceleration", "idf1")


def compare(
    predictions: Annotated[tuple[Path, ...], Parameter(negative=())],
    /,
    *,
    truth: Path,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    camera: str = "",
    protocol: Literal["studio", "romp", "crmp", "voxelpose"] = "studio",
    align: Literal["none", "root", "scale", "rigid", "procrustes", "sequence"]
    | None = None,
    root: str | None = None,
    matching: Literal["picture", "root", "joints", "oks", "boxes", "tracks"]
    | None = None,
    offset: str | None = None,
    fps: str | None = None,
    frames: str | None = None,
    frames_list: Path | None = None,
    clip: Path | None = None,
    sequences: str = "",
    cameras: str = "",
    json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Compare results with the truth, and write a report.

    Args:
        predictions: Results; {sequence} and {camera} stand for those of each run.
        truth: Panoptic folder (of several with --sequences), project or results file.
        output: Folder for the report; one per run and a table where there are several.
        camera: Camera of the truth that filmed the clip (00_16); found where not said.
        protocol: By whose rules.
        align: Move the result onto the truth in another way than the protocol.
        root: Joint that alignment brings together (mid_hip, neck).
        matching: Tell who is who in another way than the protocol.
        offset: Frame of the truth on the result's frame 0, or find.
        fps: Frame rate of the result, same (both count the same frames), or find.
        frames: Only these of the result, as A:B (B not included).
        frames_list: File with the official frames, one per line.
        clip: Footage of the result, for the pictures of the worst frames.
        sequences: Names of sequences, separated by commas.
        cameras: Names of cameras, separated by commas.
        json: Print data for machines.
    """
    from hpe_studio.metrics.protocol import named
    from hpe_studio.workflow.compare import CompareOptions, as_rate
    from hpe_studio.workflow.compare_many import compare_runs, planned

    if not predictions:
        raise WrongUsage("there is nothing to compare", fix="name a result")
    rules = named(protocol)
    rules = replace(rules, root=root or rules.root, matching=matching or rules.matching)
    options = CompareOptions(
        protocol=rules,
        align=align,
        camera=camera,
        offset=_offset(offset),
        fps=as_rate(fps),
        frames=frame_range(frames),
    )
    runs = planned(
        predictions, truth, cameras=_names(cameras), sequences=_names(sequences)
    )
    found = job_with_bar(
        compare_runs(runs, options, output, list_path=frames_list, clip=clip)
    )
    if json:
        return print_json(_facts(found))
    for one in found:
        print_lines(_lines(one))
    print_lines([f"Wrote {output}"])
    return 0


def _offset(text: str | None) -> float | Literal["find"] | None:
    if text is None or text == "find":
        return text  # type: ignore[return-value]
    try:
        offset = float(text)
    except ValueError:
        offset = math.nan
    if not math.isfinite(offset):
        raise WrongUsage(
            f"{text!r} is no offset", fix="write a number of frames, or find"
        )
    return offset


def _names(text: str) -> tuple[str, ...]:
    return tuple(word for part in text.split(",") if (word := part.strip()))


def _facts(found: Sequence[Compared]) -> object:
    from hpe_studio.report.tables import facts

    data = [
        {"run": dict(one.run.named)}
        | facts(one.comparison, one.effect)
        | {"files": [str(path) for path in one.files]}
        for one in found
    ]
    return data[0] if len(data) == 1 else data


def _lines(one: Compared) -> list[str]:
    from hpe_studio.report.tables import frames_words, protocol_words

    comparison = one.comparison
    error, counts = comparison.error, comparison.counts
    head = f"{comparison.prediction} against {comparison.truth}"
    head += f", camera {comparison.camera}" if comparison.camera else ""
    head += f", {frames_words(comparison.frames.tolist())}"
    lines = [
        head,
        f"  {_number(error.value)} {error.unit}  {error.label} "
        f"({protocol_words(comparison)})",
        f"  over {counts.matched} of {counts.true_people} person-frames, "
        f"{counts.missed} missed, {counts.false_positives} that are nobody, "
        f"{_number(100 * counts.coverage)} % of the joints",
    ]
    lines += [_measure_line(comparison, name) for name in _SHOWN]
    if one.effect is not None:
        lines.append(f"  {one.effect.sentence}")
    return lines + [f"  note: {note}" for note in comparison.notes]


def _measure_line(comparison: Comparison, name: str) -> str:
    one = comparison.measures[name]
    share = f"{_number(100 * one.coverage)} % coverage"
    return f"  {_number(one.value)} {one.unit}  {one.label} ({share})"


def _number(value: float) -> str:
    return f"{value:.1f}" if math.isfinite(value) else "–"
