"""Ground truth in a project, for scripts: attach it, set it, compare with it."""

from __future__ import annotations

from pathlib import Path

from hpe_studio.api.project import AnyPath, Project
from hpe_studio.core.jobs import run_job
from hpe_studio.edits import truth as edits
from hpe_studio.metrics.protocol import Protocol, named
from hpe_studio.workflow.before_after import Compared, compare_document
from hpe_studio.workflow.bodies import body_of
from hpe_studio.workflow.truth import read_truth


def attach_truth(
    project: Project,
    path: AnyPath,
    *,
    camera: str = "",
    offset_frames: float | None = None,
) -> tuple[str, ...]:
    """Keep ground truth in a project, in place of what was there; one undoable step.

    Args:
        project: The project.
        path: Folder of a Panoptic sequence, results file or folder, or project.
        camera: The camera of the truth that filmed the clip; told or found when "".
        offset_frames: Frame of the truth on the clip's first; as the files say when
            None.

    Returns:
        Sentences a person should know.

    Raises:
        StudioError: If it cannot be read or has no such camera.
    """
    document = project.document
    body = body_of(document)[0]
    read = run_job(read_truth(Path(path), document, body, camera=camera))
    edits.attach_truth(document, read.truths)
    if offset_frames is not None:
        edits.set_truth_timing(document, offset_frames=offset_frames)
    return read.notes


def compare_with_truth(
    project: Project, protocol: str | Protocol = "studio", *, everything: bool = False
) -> Compared:
    """Compare a project with the truth in it, as it is and as it was before edits.

    Args:
        project: The project, with truth (`attach_truth`).
        protocol: Name of a protocol, or one of your own.
        everything: True for what takes long too (AP, MOTA, IDF1, HOTA).

    Returns:
        Comparisons of motion and estimates, and what edits changed
        (``found.effect.sentence``).

    Raises:
        StudioError: If there is no truth or nobody can be matched.
    """
    rules = named(protocol) if isinstance(protocol, str) else protocol
    document = project.document
    job = compare_document(document, body_of(document)[0], rules, everything=everything)
    return run_job(job)
