"""Motion out of a document into files, and how far they are off when re-read."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hpe_studio.catalogue import motion_format, written_formats
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.jobs import Job, Progress, run_job
from hpe_studio.core.specs import WriteReport, validated_options
from hpe_studio.posing.posed import Poser
from hpe_studio.storage.project import open_project
from hpe_studio.workflow.bodies import body_of
from hpe_studio.workflow.kinds import PROJECT_SUFFIX, kind_of
from hpe_studio.workflow.opening import Opened
from hpe_studio.workflow.opening_results import motion_as_project
from hpe_studio.workflow.outgoing import ALL, Who, motion_of


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ExportPlan:
    """What an export writes, taken from the document when it was asked for.

    Attributes:
        format_name: Name in the catalogue.
        files: Where to, and what of whom.
        settings: Checked settings of the format.
    """

    format_name: str
    files: tuple[tuple[Path, MotionFile], ...]
    settings: Mapping[str, Any]


def plan_export(
    document: Document,
    poser: Poser,
    path: Path,
    *,
    format_name: str | None = None,
    person: Who = ALL,
    frames: tuple[int, int] | None = None,
    options: Mapping[str, Any] | None = None,
) -> ExportPlan:
    """What there is to write, and where.

    Args:
        document: What to export.
        poser: Resolves base and keys.
        path: The file; a format with one skeleton per file makes one per person,
            named after them, when several are asked for.
        format_name: Name in the catalogue; told from the ending when None.
        person: Who.
        frames: Only these, half open; the file's frame 0 is the first of them.
        options: Settings of the format.

    Raises:
        StudioError: If there is nobody of that name, or the file cannot be written.
    """
    name = format_to_write(path, format_name)
    _check_goal(path, document)
    spec = motion_format(name).SPEC
    try:
        settings = validated_options(spec.write_options, options or {})
    except ValueError as error:
        raise StudioError(str(error), fix="see --help for what it can be") from None
    motion = motion_of(document, poser, person=person, frames=frames)
    if not motion.people:
        raise StudioError("there is nobody to export", fix="estimate people first")
    files = files_of(motion, path, one_per_person=spec.one_file_per_person)
    return ExportPlan(format_name=name, files=files, settings=settings)


def files_of(
    motion: MotionFile, path: Path, *, one_per_person: bool
) -> tuple[tuple[Path, MotionFile], ...]:
    """What goes into which file: all into one, or one named after each person."""
    groups = _by_person(motion) if one_per_person else [motion.people]
    if len(groups) == 1:
        return ((path, replace(motion, people=groups[0])),)
    names = _file_names([people[0].name for people in groups])
    return tuple(
        (
            path.with_name(f"{path.stem}_{own}{path.suffix}"),
            replace(motion, people=people),
        )
        for own, people in zip(names, groups, strict=True)
    )


def export_job(plan: ExportPlan) -> Job[WriteReport]:
    """Write the files of a plan, each whole or not at all, and read them back.

    Raises:
        StudioError: If one cannot be written; those before it stay.
    """
    write = motion_format(plan.format_name).write
    reports: list[WriteReport] = []
    for done, (path, motion) in enumerate(plan.files):
        yield Progress(done=done, total=len(plan.files), text=f"Writing {path.name}")
        report = write(motion, path, **plan.settings)
        if len(plan.files) > 1:
            name = motion.people[0].name
            named = tuple(f"{name}: {note}" for note in report.notes)
            report = replace(report, notes=named)
        reports.append(report)
    return WriteReport(
        paths=tuple(p for report in reports for p in report.paths),
        max_joint_error_m=max(r.max_joint_error_m for r in reports),
        notes=tuple(dict.fromkeys(n for report in reports for n in report.notes)),
        people=tuple(check for report in reports for check in report.people),
    )


def export(
    document: Document,
    poser: Poser,
    path: Path,
    *,
    format_name: str | None = None,
    person: Who = ALL,
    frames: tuple[int, int] | None = None,
    options: Mapping[str, Any] | None = None,
) -> WriteReport:
    """Write motion to a file in a format of the catalogue; see `plan_export`.

    Raises:
        StudioError: If there is nobody of that name, or the file cannot be written.
    """
    plan = plan_export(
        document,
        poser,
        path,
        format_name=format_name,
        person=person,
        frames=frames,
        options=options,
    )
    return run_job(export_job(plan))


def export_path(
    source: Path,
    path: Path,
    *,
    format_name: str | None = None,
    person: Who = ALL,
    frames: tuple[int, int] | None = None,
    options: Mapping[str, Any] | None = None,
) -> WriteReport:
    """Write the motion of a project, or convert a motion file.

    Args:
        source: The project or motion file; nothing is written beside it.
        path: As for `plan_export`.
        format_name: As for `plan_export`.
        person: As for `plan_export`.
        frames: As for `plan_export`.
        options: As for `plan_export`.

    Raises:
        StudioError: If the source holds no motion or the file cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="hpe-studio-") as folder:
        opened = _with_motion(source, path, Path(folder))
        document = opened.project.document
        poser = Poser(document, body_of(document)[0])
        try:
            return export(
                document,
                poser,
                path,
                format_name=format_name,
                person=person,
                frames=frames,
                options=options,
            )
        finally:
            poser.close()
            opened.close()


def _with_motion(source: Path, path: Path, folder: Path) -> Opened:
    kind = kind_of(source)
    if kind == "clip":
        raise StudioError(
            "is footage without people",
            path=source,
            fix=f"find them first with hpe-studio estimate {source}",
        )
    if path.resolve() == source.resolve():
        raise StudioError("is the file to read", path=path, fix="choose another -o")
    if kind == "motion":
        return motion_as_project(source, folder)
    return Opened(project=open_project(source, read_only=True), footage=None)


def format_to_write(path: Path, name: str | None = None) -> str:
    """The format that was named, or that of the ending where none was.

    Raises:
        StudioError: If there is no such format.
    """
    if name is None:
        return format_for(path)
    if name not in written_formats():
        known = ", ".join(written_formats())
        raise StudioError(f"there is no format {name!r} to write", fix=f"use {known}")
    return name


def format_for(path: Path) -> str:
    """The format that writes a file of that ending.

    Raises:
        StudioError: If none does, or several do.
    """
    fitting = [
        name
        for name in written_formats()
        if path.suffix.lower() in motion_format(name).SPEC.extensions
    ]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(fitting or written_formats())
    if fitting:
        raise StudioError(
            "has an ending that several formats write", path=path, fix=f"name {known}"
        )
    raise StudioError(
        "has an ending that no format writes", path=path, fix=f"use --format {known}"
    )


def _by_person(motion: MotionFile) -> list[tuple[PersonMotion, ...]]:
    ids = dict.fromkeys(p.person_id for p in motion.people)
    return [tuple(p for p in motion.people if p.person_id == i) for i in ids]


def _file_names(names: Sequence[str]) -> list[str]:
    """Names that every file system takes, all different."""
    out: list[str] = []
    for name in names:
        kept = "".join(c if c.isalnum() or c in "-_" else "_" for c in name)
        plain = kept.strip("_") or "person"
        number, own = 1, plain
        while own.casefold() in (o.casefold() for o in out):
            number += 1
            own = f"{plain}_{number}"
        out.append(own)
    return out


def _check_goal(path: Path, document: Document) -> None:
    """Refuse to write over what is read, and where nothing can be written."""
    footage = document.clip.path
    is_footage = footage is not None and path.resolve() == footage.resolve()
    if is_footage or path.suffix.lower() == PROJECT_SUFFIX:
        what = "the footage" if is_footage else "a project"
        raise StudioError(f"is the name of {what}", path=path, fix="choose another -o")
    if path.is_dir():
        raise StudioError("is a folder", path=path, fix="name a file in it")
    if not path.absolute().parent.is_dir():
        raise StudioError("is no folder", path=path.parent, fix="make it first")
