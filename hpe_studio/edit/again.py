"""What looks into the pictures again: refits, people followed from a box."""

from __future__ import annotations

from hpe_studio.api import Person, Project
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.workflow import follow_box, refit
from hpe_studio.workflow import follow_plan as planning

Box = tuple[float, float, float, float]


def refit_points(person: Person, *, frames: tuple[int, int]) -> int:
    """Fit a person again on a range to the points as keys corrected them.

    Returns:
        How many frames were fitted; keys keep their poses.

    Raises:
        StudioError: If the person is locked, or nothing was seen there.
    """
    document = person.document
    track = document.track_at(person.id, frames[0])
    if track is None:
        raise StudioError(
            f"{person.name} is not there on frame {frames[0]}",
            fix="choose another range",
        )
    plan = refit.plan_refit(
        document, person.poser.body, track, start=frames[0], stop=frames[1]
    )
    return refit.apply_refit(document, plan, run_job(refit.refit_job(plan)))


def add_person_here(
    project: Project,
    box_px: Box,
    *,
    frame: int,
    frames: tuple[int, int] | None = None,
) -> Person:
    """Find who is in a box, follow the person forward and back, and add a body.

    Args:
        project: Whose footage is looked into.
        box_px: Two corners around the whole person, stored pixels.
        frame: Where the box is.
        frames: Half-open range that is not left; the shot when None.

    Raises:
        StudioError: If nobody is in the box, or footage or a model is missing.
    """
    plan = planning.plan_follow(
        project.document, project.poser.body, frame=frame, box_px=box_px, frames=frames
    )
    return _followed(project, plan, "Add person")


def run_again(
    project: Project,
    person: Person,
    *,
    frames: tuple[int, int],
    box_px: Box | None = None,
    frame: int | None = None,
) -> Person:
    """Estimate a person anew on a range; keys keep their poses.

    Args:
        project: Whose footage is looked into.
        person: Who is followed.
        frames: Half-open range.
        box_px: Two corners around the person on `frame`, stored pixels; from where
            the person was seen best when None.
        frame: Where the box is; the first of the range when None.

    Raises:
        StudioError: If the person is locked, was not seen there, or nobody is in the
            box.
    """
    document, body = project.document, project.poser.body
    stored = document.persons[person.id]
    if box_px is None:
        plan = planning.plan_again(document, body, person=stored, frames=frames)
    else:
        at = frames[0] if frame is None else frame
        plan = planning.plan_follow(
            document, body, frame=at, box_px=box_px, person=stored, frames=frames
        )
    return _followed(project, plan, f"Run again: {person.name}")


def _followed(project: Project, plan: planning.FollowPlan, label: str) -> Person:
    found = run_job(follow_box.follow_job(project.footage, plan))
    added = follow_box.apply_followed(project.document, found, label=label)
    return next(person for person in project.people if person.id == added.id)
