"""Panoptic sequences for scripts: opened whole, their truth played as animation."""

from __future__ import annotations

from pathlib import Path

from hpe_studio.api.project import AnyPath, Person, Project
from hpe_studio.core.jobs import run_job
from hpe_studio.workflow.play_truth import apply_truth, play_truth_job
from hpe_studio.workflow.sequences import open_whole_sequence


def open_panoptic(
    folder: AnyPath, output: AnyPath | None = None, *, camera: str = ""
) -> Project:
    """Open a CMU Panoptic sequence with its views and its truth.

    Args:
        folder: The sequence's folder, with footage in it.
        output: Where the project goes; beside the folder when None.
        camera: Which film is the clip ("00_16"); the first when "".

    Raises:
        StudioError: If something of it cannot be read.
    """
    goal = None if output is None else Path(output)
    return Project(open_whole_sequence(Path(folder), camera=camera, project_path=goal))


def play_truth(project: Project) -> tuple[Person, ...]:
    """Fit bodies to the truth of a project and add them as a take.

    The take's `options["notes"]` say how far everybody's body is off its points.

    Raises:
        StudioError: If the project has no truth.
    """
    added = apply_truth(project.document, run_job(play_truth_job(project.document)))
    wanted = {person.id for person in added}
    return tuple(person for person in project.people if person.id in wanted)
