"""People out of all calibrated views of the project, found in the background."""

from __future__ import annotations

from functools import partial

from hpe_studio.core.errors import StudioError
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr
from hpe_studio.workflow.estimate import EstimateOptions
from hpe_studio.workflow.importing import onto
from hpe_studio.workflow.triangulating import (
    Triangulation,
    apply_triangulation,
    calibrated_views,
    triangulate_job,
)


def start_triangulating(session: Session) -> None:
    """Find people in every calibrated view, join them, and add them as a take.

    The range counts where one is set, else the whole clip.
    """
    document = session.document
    try:
        views = calibrated_views(document)
    except StudioError as error:
        session.notices.complain(error)
        return
    job = triangulate_job(
        document.clip,
        views,
        onto(document),
        project_path=session.project.path,
        options=EstimateOptions(frames=session.view.play_range),
    )
    session.jobs.start(tr("Triangulating"), job, on_result=partial(_on_found, session))


def _on_found(session: Session, found: Triangulation) -> None:
    apply_triangulation(session.document, found)
    said = tr("{people} people out of {views} views, {off:.1f} px off (median)")
    session.notices.say(
        said.format(
            people=len(found.people),
            views=len(found.views),
            off=found.reprojection_px,
        ),
        action="undo",
    )
