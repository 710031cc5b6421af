"""Many comparisons at once, and what is left of them on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.effect import Effect
from hpe_studio.report.writing import write_report, write_table
from hpe_studio.workflow.compare import CompareOptions, compare_recordings
from hpe_studio.workflow.compare_cameras import check_camera
from hpe_studio.workflow.compare_edits import edits_of_project
from hpe_studio.workflow.compare_footage import pictures_of
from hpe_studio.workflow.compare_lists import frame_list
from hpe_studio.workflow.kinds import PROJECT_SUFFIX
from hpe_studio.workflow.recordings import Recording, read_recording


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One comparison of many.

    Attributes:
        prediction, truth: Files or folders.
        named: What tells it from the others ("result", "sequence", "camera").
        camera: Name of the camera, or "".
    """

    prediction: Path
    truth: Path
    named: Mapping[str, str]
    camera: str = ""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Compared:
    """A run and what was found.

    Attributes:
        run: The run.
        comparison: What was found.
        before: The same before it was edited, or None.
        effect: What edits changed, or None.
        files: What was written.
    """

    run: Run
    comparison: Comparison
    before: Comparison | None = None
    effect: Effect | None = None
    files: tuple[Path, ...] = ()


def planned(
    predictions: Sequence[Path],
    truth: Path,
    *,
    cameras: Sequence[str] = (),
    sequences: Sequence[str] = (),
) -> list[Run]:
    """All runs of results, sequences and cameras.

    With sequences `truth` is the folder that they lie in; ``{sequence}`` and
    ``{camera}`` in the name of a result stand for theirs.

    Raises:
        StudioError: If several runs would read the same result for other footage.
    """
    many = len(predictions) > 1
    runs = [
        _run(prediction, truth, sequence, camera, many)
        for prediction in predictions
        for sequence in sequences or ("",)
        for camera in cameras or ("",)
    ]
    for word, values in (("sequence", sequences), ("camera", cameras)):
        named = all("{" + word + "}" in str(one) for one in predictions)
        if len(values) > 1 and not named:
            raise StudioError(
                f"several {word}s need results of each",
                fix=f"write {{{word}}} where its name stands in the path of the result",
            )
    return runs


def compare_runs(
    runs: Sequence[Run],
    options: CompareOptions,
    folder: Path | None,
    *,
    list_path: Path | None = None,
    clip: Path | None = None,
) -> Job[tuple[Compared, ...]]:
    """Compare and write reports: a folder each, and a table where there are several.

    Args:
        runs: What to compare.
        options: How; each run has its own camera.
        folder: Where to, or None to write nothing.
        list_path: File with the official frames, or None.
        clip: Footage of the results, for the worst frames; that of a project or of the
            truth where it is None.

    Raises:
        StudioError: If a run cannot be compared or written.
    """
    done: list[Compared] = []
    truths: dict[Path, Recording] = {}
    _check_files(runs)
    for number, run in enumerate(runs):
        text = f"Comparing {run.prediction.name}"
        yield Progress(done=number, total=len(runs), text=text)
        if run.truth not in truths:
            truths = {run.truth: _truth_of(runs, run.truth)}
        chosen = replace(options, camera=run.camera or options.camera)
        if list_path is not None:
            frames = frame_list(
                list_path, sequence=run.truth.name, camera=chosen.camera
            )
            chosen = replace(chosen, frame_list=frames)
        one = _compared(run, truths[run.truth], chosen)
        yield Progress(done=number + 0.6, total=len(runs), text="Writing the report")
        if folder is not None:
            goal = folder if len(runs) == 1 else folder / _folder_name(run, done)
            one = replace(one, files=_reported(one, goal, clip))
        done.append(one)
    if folder is not None and len(runs) > 1:
        links = [f"{one.files[0].parent.name}/{one.files[0].name}" for one in done]
        write_table([(one.run.named, one.comparison) for one in done], folder, links)
    return tuple(done)


def _check_files(runs: Sequence[Run]) -> None:
    """Refuse a run without its files before another one is written."""
    for path in (path for run in runs for path in (run.truth, run.prediction)):
        if not path.exists():
            raise StudioError("does not exist", path=path, fix="check the name")


def _truth_of(runs: Sequence[Run], path: Path) -> Recording:
    """The truth of some runs; refused where it lacks the camera of any of them."""
    truth = read_recording(path)
    for run in runs:
        if run.truth == path:
            check_camera(run.camera, truth.views)
    return truth


def _compared(run: Run, truth: Recording, options: CompareOptions) -> Compared:
    comparison = compare_recordings(read_recording(run.prediction), truth, options)
    if run.prediction.suffix.lower() != PROJECT_SUFFIX:
        return Compared(run=run, comparison=comparison)
    quick = replace(options, everything=False)
    edits = edits_of_project(run.prediction, truth, quick)
    if edits is None:
        return Compared(run=run, comparison=comparison)
    before, effect = edits
    return Compared(run=run, comparison=comparison, before=before, effect=effect)


def _reported(one: Compared, folder: Path, clip: Path | None) -> tuple[Path, ...]:
    run = one.run
    source = pictures_of(run.prediction, run.truth, one.comparison, clip)
    with source as read_rgb:
        return write_report(
            one.comparison,
            folder,
            read_rgb=read_rgb,
            before=one.before,
            effect=one.effect,
        )


def _run(
    prediction: Path, truth: Path, sequence: str, camera: str, has_others: bool
) -> Run:
    text = str(prediction).replace("{sequence}", sequence).replace("{camera}", camera)
    named: dict[str, str] = {}
    if has_others or not (sequence or camera):
        named["result"] = _label(prediction)
    if sequence:
        named["sequence"] = sequence
    if camera:
        named["camera"] = camera
    return Run(
        prediction=Path(text),
        truth=truth / sequence if sequence else truth,
        named=named,
        camera=camera,
    )


def _label(path: Path) -> str:
    """Name of a result without the places for sequence and camera."""
    kept = [part for part in path.parts if "{" not in part]
    return Path(kept[-1]).stem if kept else path.stem


def _folder_name(run: Run, done: Sequence[Compared]) -> str:
    name = "_".join(run.named.values()) or run.prediction.stem
    plain = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
    taken = {one.files[0].parent.name for one in done if one.files}
    number, own = 1, plain
    while own in taken:
        number += 1
        own = f"{plain}_{number}"
    return own
