"""An import as a job: people prepared in a thread, then added as one step."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hpe_studio.core.jobs import Job, Progress
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr
from hpe_studio.workflow.apply_import import apply_import
from hpe_studio.workflow.doctor import Examination
from hpe_studio.workflow.importing import Imported, ImportOptions, import_job, onto
from hpe_studio.workflow.reading import results_digest

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage
    from hpe_studio.workflow.importing import Onto

_Prepared = tuple[Imported, str]


def start_import(
    session: Session, path: Path, exam: Examination, options: ImportOptions
) -> None:
    """Import what was examined in the background.

    Args:
        session: The project.
        path: File or folder of the results.
        exam: They are not read again.
        options: As chosen.
    """
    session.jobs.start(
        tr("Importing {}").format(path.name),
        _job(path, exam, options, onto(session.document), session.footage),
        on_result=partial(_on_prepared, session, path),
    )


def _job(
    path: Path,
    exam: Examination,
    options: ImportOptions,
    goal: Onto,
    footage: Footage | None,
) -> Job[_Prepared]:
    yield Progress(done=0.0, total=1.0, text=path.name)
    digest = results_digest(path)
    imported = yield from import_job(exam.motion, goal, options, footage=footage)
    return imported, digest


def _on_prepared(session: Session, path: Path, prepared: _Prepared) -> None:
    """Add the people as one step; a drag that goes on is not interrupted."""
    imported, digest = prepared
    if session.document.is_editing:
        session.notices.inform(tr("Finish or cancel the drag first"))
        return
    added = apply_import(session.document, imported, name=path.name, digest=digest)
    count = len(added)
    one = tr("Added 1 person from {name}")
    many = tr("Added {count} people from {name}")
    told = (one if count == 1 else many).format(count=count, name=path.name)
    notes = dict.fromkeys((*imported.motion.warnings, *imported.notes))
    session.notices.say("; ".join((told, *notes)), action="undo")
    if added:
        session.select(added[0].id)
