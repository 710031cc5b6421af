"""Results opened without a clip: read and fitted as a job, then shown as a project."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hpe_studio.ui.words import tr
from hpe_studio.workflow.opening_results import results_job, takes_long
from hpe_studio.workflow.sequences import is_filmed_sequence

if TYPE_CHECKING:
    from hpe_studio.ui.window import StudioWindow


def open_by_job(window: StudioWindow, path: Path) -> bool:
    """True where results have to be prepared first; they are shown when they are.

    Raises:
        StudioError: If there is nothing at the path.
    """
    if is_filmed_sequence(path) or not takes_long(path):
        return False
    window.jobs.start(
        tr("Opening {}").format(path.name),
        results_job(path),
        on_result=partial(_on_ready, window),
    )
    return True


def _on_ready(window: StudioWindow, ready: tuple[Path, tuple[str, ...]]) -> None:
    project, notes = ready
    if window.open_path(project) and notes:
        window.notices.inform("; ".join(notes))
