"""From any file of motion that is read to any that is written, without a project."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hpe_studio.catalogue import motion_format
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.jobs import run_job
from hpe_studio.core.specs import WriteReport, validated_options
from hpe_studio.posing.posed import Poser
from hpe_studio.workflow.bodies import body_of
from hpe_studio.workflow.exporting import (
    ExportPlan,
    export_job,
    export_path,
    files_of,
    format_to_write,
)
from hpe_studio.workflow.kinds import PROJECT_SUFFIX, kind_of
from hpe_studio.workflow.opening_results import made_into
from hpe_studio.workflow.outgoing import motion_of
from hpe_studio.workflow.reading import AUTO, read_motion


def convert(
    source: Path,
    goal: Path,
    *,
    read_as: str = AUTO,
    write_as: str | None = None,
    read_options: Mapping[str, Any] | None = None,
    write_options: Mapping[str, Any] | None = None,
) -> WriteReport:
    """Read one file and write another; nothing else is made.

    People with rotations keep their own skeleton, shape and frames. People of whom only
    points are known stay points where the goal can hold them, else bodies are fitted.

    Args:
        source: Results file or folder, or a project.
        goal: File to write.
        read_as: Format of the source, or "auto".
        write_as: Format of the goal; told from the ending when None.
        read_options: What the source does not say itself.
        write_options: Settings of the goal's format.

    Raises:
        StudioError: If the source cannot be read or the goal cannot be written.
    """
    check_goal(goal, source)
    name = format_to_write(goal, write_as)
    if source.suffix.lower() == PROJECT_SUFFIX and kind_of(source) == "project":
        if read_options:
            raise StudioError("a project has nothing to set", path=source)
        return export_path(source, goal, format_name=name, options=write_options)
    motion = read_motion(source, read_options, format_name=read_as)
    report = write_motion(motion, goal, format_name=name, options=write_options)
    told = (*motion.warnings, *(f"Assumed: {sentence}" for sentence in motion.assumed))
    return replace(report, notes=(*report.notes, *told))


def write_motion(
    motion: MotionFile,
    goal: Path,
    *,
    format_name: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> WriteReport:
    """Write everybody of a motion file.

    Args:
        motion: What a format read, or one's own.
        goal: File to write; a format with one skeleton per file makes one per person.
        format_name: Format; told from the ending when None.
        options: Settings of the format.

    Raises:
        StudioError: If there is nobody, or the file cannot be written.
    """
    name = format_to_write(goal, format_name)
    spec = motion_format(name).SPEC
    check_goal(goal)
    try:
        settings = validated_options(spec.write_options, options or {})
    except ValueError as error:
        raise StudioError(str(error), fix="see --help for what it can be") from None
    if not motion.people and not motion.points:
        raise StudioError("there is nobody to write", fix="choose another source")
    notes: tuple[str, ...] = ()
    if motion.points and not spec.writes_points:
        if motion.people:
            notes = ("People of whom only points are known were left out",)
        else:
            motion = _fitted(motion)
            notes = ("Bodies were fitted to points",)
    files = files_of(motion, goal, one_per_person=spec.one_file_per_person)
    plan = ExportPlan(format_name=name, files=files, settings=settings)
    report = run_job(export_job(plan))
    return replace(report, notes=(*report.notes, *notes))


def check_goal(goal: Path, source: Path | None = None) -> None:
    """Refuse a goal that cannot be written, or is what is read.

    Raises:
        StudioError: Saying which.
    """
    if source is not None and goal.resolve() == source.resolve():
        raise StudioError("is the file to read", path=goal, fix="choose another name")
    if goal.suffix.lower() == PROJECT_SUFFIX:
        fix = "make projects with hpe-studio import"
        raise StudioError("is the name of a project", path=goal, fix=fix)
    if goal.is_dir():
        raise StudioError("is a folder", path=goal, fix="name a file in it")
    if not goal.absolute().parent.is_dir():
        raise StudioError("is no folder", path=goal.parent, fix="make it first")


def _fitted(motion: MotionFile) -> MotionFile:
    """Bodies for people of points, by the way of an import."""
    with tempfile.TemporaryDirectory(prefix="hpe-studio-") as folder:
        opened = made_into(
            Path(folder) / f"fit{PROJECT_SUFFIX}", motion.clip_name, motion, ""
        )
        document = opened.project.document
        poser = Poser(document, body_of(document)[0])
        try:
            return motion_of(document, poser)
        finally:
            poser.close()
            opened.close()
