"""``hpe-studio import``: results of other programs onto a clip, by the doctor."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from hpe_studio.cli.output import print_json, print_lines, progress_bar
from hpe_studio.cli.words import WrongUsage, frame_rate, named_settings


def import_(
    results: Path,
    /,
    *,
    clip: Path | None = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    format: str = "auto",  # noqa: A002
    settings: Annotated[tuple[str, ...], Parameter(name="--set")] = (),
    offset: int | None = None,
    step: str | None = None,
    fps: str | None = None,
    person: tuple[str, ...] = (),
    camera: str = "",
    dry_run: bool = False,
    overwrite: bool = False,
    json: Annotated[
        bool, Parameter(name="--json", help="Print data for machines.")
    ] = False,
) -> int:
    """Add results that you already have to a clip: ROMP, OpenPose, AMASS, BVH, ...

    Says what was found, what was assumed and what does not fit the clip. Where neither
    offset nor step is given and the pictures leave no doubt, they are solved.

    Args:
        results: File or folder.
        clip: Movie, folder of images, or the project that they join.
        output: Project to write; beside the clip (or the results) when not given.
        format: Told from the content when not given.
        settings: What the results do not say themselves, as NAME=VALUE.
        offset: Frame of the clip that frame 0 of the results shows.
        step: Frames of the clip from one of the results to the next (2, or 1/2).
        fps: Frame rate of the results (24000/1001 stays exact).
        person: Only the person of that name; can be given several times.
        camera: Which of the results' views filmed the clip.
        dry_run: Only say what would be done.
        overwrite: Start anew where the project exists.
        json: Print data for machines.
    """
    from hpe_studio.workflow.import_results import import_results, look_at_results
    from hpe_studio.workflow.importing import ImportOptions
    from hpe_studio.workflow.timing import Timing

    timing = Timing(offset=offset or 0, step=_step(step), fps=frame_rate(fps))
    options = ImportOptions(
        format=format,
        settings=_settings(results, format, settings),
        timing=timing,
        people=person,
        camera=camera,
    )
    if dry_run:
        with progress_bar() as on_progress:
            exam = look_at_results(
                results, clip, options=options, on_progress=on_progress
            )
        return print_json(exam.as_data()) if json else _print_table(exam.as_data())
    with progress_bar() as on_progress:
        report = import_results(
            results,
            clip,
            output,
            options=options,
            overwrite=overwrite,
            on_progress=on_progress,
        )
    project = report.opened.project.path
    report.opened.close()
    if json:
        facts = {"project": str(project), "people": list(report.people)}
        told = {"notes": list(report.notes)}
        return print_json({**report.exam.as_data(), **facts, **told})
    _print_table(report.exam.as_data())
    names = ", ".join(report.people)
    print_lines([f"Imported {names} into {project}", *report.notes])
    return 0


def _settings(
    results: Path, format_name: str, words: tuple[str, ...]
) -> dict[str, Any]:
    """The format's settings, refused before anything is read."""
    if not words:
        return {}
    from hpe_studio.workflow.reading import format_for, read_options

    return named_settings(words, read_options(format_for(results, format_name)))


def _step(text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        step = Fraction(text)
    except (ValueError, ZeroDivisionError):
        step = Fraction(0)
    if not 0 < step <= 1000:
        raise WrongUsage(f"{text!r} is no step", fix="write 2 for every 2nd frame")
    return step


def _print_table(data: dict[str, Any]) -> int:
    """The doctor's words, one line each."""
    lines = [str(data["results"])]
    width = max([len(name) for name in data["found"]], default=0)
    for name, value in data["found"].items():
        first, *more = str(value).split("\n")
        lines.append(f"  {name.capitalize():{width}}  {first}")
        lines += [f"  {'':{width}}  {line}" for line in more]
    ways = {guess["sentence"]: _otherwise(guess) for guess in data["guesses"]}
    lines += [
        f"  assumed: {sentence}{ways.get(sentence, '')}" for sentence in data["assumed"]
    ]
    lines += [f"  note: {sentence}" for sentence in data["warnings"]]
    for misfit in data["misfits"]:
        evidence = f" ({misfit['evidence']})" if misfit["evidence"] else ""
        lines.append(f"  ! {misfit['text']}{evidence}")
        if misfit["repair"] is not None:
            lines.append(f"    {_flags(misfit['repair'])}")
    print_lines(lines)
    return 0


def _otherwise(guess: dict[str, Any]) -> str:
    """How to say otherwise what was guessed."""
    if not guess["others"]:
        return f" (else --set {guess['option']}=…)"
    others = ", ".join(guess["others"])
    return f" (else --set {guess['option']}=…: {others})"


def _flags(repair: dict[str, Any]) -> str:
    """A repair as what to write on the command line."""
    words: list[str] = []
    if repair["offset"]:
        words.append(f"--offset {repair['offset']}")
    if repair["step"] is not None:
        words.append(f"--step {repair['step']}")
    if repair["camera"]:
        words.append(f"--camera {repair['camera']}")
    return f"{repair['label']}: {' '.join(words)}"
