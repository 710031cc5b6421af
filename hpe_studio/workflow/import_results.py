"""Results into a project: examined, laid on a clip, added; for command and library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Progress, run_job
from hpe_studio.storage.project import open_project
from hpe_studio.workflow.apply_import import apply_import
from hpe_studio.workflow.doctor import FRAMES, Examination, Misfit, examine
from hpe_studio.workflow.films import open_film
from hpe_studio.workflow.importing import ImportOptions, import_job, onto
from hpe_studio.workflow.kinds import PROJECT_SUFFIX
from hpe_studio.workflow.opening import Opened, open_clip, open_saved
from hpe_studio.workflow.opening_results import made_into, results_project
from hpe_studio.workflow.project_files import check_goal
from hpe_studio.workflow.reading import results_digest

ProgressCallback = Callable[[Progress], None]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ImportReport:
    """What an import did.

    Attributes:
        opened: The project with the people in it, open; close it.
        exam: What the doctor said, with the options that were used.
        people: Names of the new persons.
        notes: Sentences a person should know.
    """

    opened: Opened
    exam: Examination
    people: tuple[str, ...]
    notes: tuple[str, ...]


def look_at_results(
    path: Path,
    clip: Path | None = None,
    *,
    options: ImportOptions | None = None,
    fps: Fraction | None = None,
    on_progress: ProgressCallback | None = None,
) -> Examination:
    """What the doctor says of results, changing nothing.

    Args:
        path: The results.
        clip: Footage, or a project for its footage.
        options: How they would be imported.
        fps: Rate of a folder of images.
        on_progress: Called now and then.

    Raises:
        StudioError: If results or clip cannot be read.
    """
    if clip is None:
        return run_job(examine(path, options), on_progress=on_progress)
    if clip.suffix.lower() == PROJECT_SUFFIX:
        opened = open_saved(clip, read_only=True)
        try:
            goal = onto(opened.project.document)
            job = examine(path, options, goal=goal, footage=opened.footage)
            return run_job(job, on_progress=on_progress)
        finally:
            opened.close()
    footage = open_film(clip, fps=fps)
    try:
        goal = onto(Document(footage.clip))
        job = examine(path, options, goal=goal, footage=footage)
        return run_job(job, on_progress=on_progress)
    finally:
        footage.close()


def import_results(
    path: Path,
    clip: Path | None = None,
    output: Path | None = None,
    *,
    options: ImportOptions | None = None,
    fps: Fraction | None = None,
    overwrite: bool = False,
    on_progress: ProgressCallback | None = None,
) -> ImportReport:
    """Add results to the project of a clip, or make a project of them alone.

    Where neither offset nor step is given and the pictures leave no doubt, the people
    are laid on the frames they fit.

    Args:
        path: The results.
        clip: Footage, or a project that they join; none when None.
        output: Where the project goes; beside the clip or the results when None.
        options: What was chosen.
        fps: Rate of a folder of images.
        overwrite: Start anew where that project exists.
        on_progress: Called now and then.

    Raises:
        StudioError: If something cannot be read, or nothing falls on the clip.
    """
    chosen = options or ImportOptions()
    if clip is None:
        return _alone(path, output, chosen, overwrite=overwrite)
    opened = open_clip(clip, fps=fps, project_path=output, overwrite=overwrite)
    is_done = False
    try:
        report = _joined(opened, path, chosen, on_progress)
        is_done = True
    finally:
        if not is_done:
            opened.close()
            if opened.is_new:
                opened.project.path.unlink(missing_ok=True)
    return report


def _joined(
    opened: Opened,
    path: Path,
    options: ImportOptions,
    on_progress: ProgressCallback | None,
) -> ImportReport:
    project = opened.project
    if project.is_read_only:
        raise StudioError(
            "is open elsewhere or read-only",
            path=project.path,
            fix="close the other window or choose another name with -o",
        )
    goal, footage = onto(project.document), opened.footage
    is_free = options.timing.step is None and options.timing.offset == 0
    exam = run_job(
        examine(path, options, goal=goal, footage=footage if is_free else None),
        on_progress=on_progress,
    )
    _check_somebody(exam)
    notes: tuple[str, ...] = ()
    match = exam.match
    if match is not None and match.leaves_no_doubt:
        options = replace(options, timing=match.timing)
        exam = replace(exam, options=options, misfits=_others(exam))
        notes = (f"Laid on the frames it fits: {match.evidence}",)
    imported = run_job(
        import_job(exam.motion, goal, options, footage=footage),
        on_progress=on_progress,
    )
    added = apply_import(
        project.document, imported, name=path.name, digest=results_digest(path)
    )
    project.flush()
    return ImportReport(
        opened=opened,
        exam=replace(exam, options=imported.options),
        people=tuple(person.name for person in added),
        notes=(*notes, *exam.motion.warnings, *imported.notes),
    )


def _check_somebody(exam: Examination) -> None:
    if not exam.people:
        raise StudioError(
            "holds nobody",
            path=exam.path,
            fix="look at what made it; it found nobody or was stopped",
        )


def _others(exam: Examination) -> tuple[Misfit, ...]:
    """What does not fit but the frames, which do now."""
    return tuple(misfit for misfit in exam.misfits if misfit.kind not in FRAMES)


def _alone(
    path: Path, output: Path | None, options: ImportOptions, *, overwrite: bool
) -> ImportReport:
    exam = run_job(examine(path, options))
    _check_somebody(exam)
    digest = results_digest(path)
    goal = results_project(path, digest) if output is None else output
    if output is not None:
        check_goal(output, overwrite=overwrite)
        if output.exists() and not overwrite:
            raise StudioError(
                "exists already",
                path=output,
                fix="choose another name, start anew with --overwrite, or name it "
                "with --clip to add to it",
            )
    if goal.exists() and output is None and not overwrite:
        opened = Opened(project=open_project(goal), footage=None)
        names = tuple(p.name for p in opened.project.document.persons.values())
        told = (f"{goal.name} holds these results already",)
        return ImportReport(opened=opened, exam=exam, people=names, notes=told)
    goal.unlink(missing_ok=True)
    opened = made_into(goal, path.name, exam.motion, digest, options)
    names = tuple(p.name for p in opened.project.document.persons.values())
    return ImportReport(opened=opened, exam=exam, people=names, notes=opened.warnings)
