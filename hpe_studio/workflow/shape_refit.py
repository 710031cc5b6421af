"""A person of another shape fitted again to the points, as one step with the shape.

A longer leg of the same pose ends elsewhere in the picture; so pose and place of all
the person's frames are fitted anew, each track coherently in time, with the new shape
held. What keys corrected counts as seen, as in every refit, and keys keep their poses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, run_job, scaled
from hpe_studio.core.person import Person
from hpe_studio.edits.people import set_shape
from hpe_studio.workflow.fit_people import FittedPerson
from hpe_studio.workflow.refit import (
    RefitPlan,
    plan_refit,
    refit_job,
    shape_of,
    write_refit,
)

if TYPE_CHECKING:
    from hpe_studio.body import Body


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ShapeRefit:
    """What is fitted again of people whose shape changed.

    Attributes:
        persons: The people as they are now, each with the new shape.
        plans: Their tracks.
    """

    persons: tuple[Person, ...]
    plans: tuple[RefitPlan, ...]


def plan_shape_refit(
    document: Document, body: Body, before: Sequence[Person]
) -> ShapeRefit:
    """Gather the points of all frames of people whose shape was changed.

    Args:
        document: Where they live, with the new shapes.
        body: The body model.
        before: The people as they were.

    Raises:
        StudioError: If somebody is locked, or nothing was seen of any of them.
    """
    plans: list[RefitPlan] = []
    reason: StudioError | None = None
    for person in before:
        for track in document.tracks_of(person.id):
            try:
                plan = plan_refit(
                    document,
                    body,
                    track,
                    start=track.start,
                    stop=track.stop,
                    before=shape_of(person),
                )
            except StudioError as error:
                reason = error  # the others may have been seen
            else:
                plans.append(plan)
    if not plans:
        raise reason or StudioError(
            "nobody is there to fit again", fix="change the shape without a refit"
        )
    now = tuple(document.persons[person.id] for person in before)
    return ShapeRefit(persons=now, plans=tuple(plans))


def shape_refit_job(refit: ShapeRefit) -> Job[tuple[FittedPerson, ...]]:
    """Fit one track after the other."""
    total = sum(plan.stop - plan.start for plan in refit.plans)
    done, fitted = 0, []
    for plan in refit.plans:
        share = (plan.stop - plan.start) / total
        one = yield from scaled(refit_job(plan), start=done / total, share=share)
        fitted.append(one)
        done += plan.stop - plan.start
    return tuple(fitted)


def write_shape_refit(
    edit: Edit,
    document: Document,
    refit: ShapeRefit,
    fitted: Sequence[FittedPerson],
) -> int:
    """Write shapes and fits within one edit; keys keep their poses.

    Returns:
        How many frames were written.

    Raises:
        StudioError: If somebody is locked or gone, or a track was changed meanwhile.
    """
    for person in refit.persons:
        if person.id not in document.persons:
            raise StudioError(f"{person.name} is gone", fix="change the shape again")
        stored = document.persons[person.id]
        if (stored.betas, stored.scale) != (person.betas, person.scale):
            set_shape(edit, stored, betas=person.betas, scale=person.scale)
    pairs = zip(refit.plans, fitted, strict=True)
    return sum(write_refit(edit, document, plan, one) for plan, one in pairs)


def change_shape_and_refit(
    edit: Edit,
    document: Document,
    body: Body,
    person: Person,
    change: Callable[[], object],
) -> int:
    """Change a shape and fit again at once, within one edit.

    Args:
        edit: The open edit.
        document: Where the person lives.
        body: The body model.
        person: Whose shape changes.
        change: Writes the new shape into the edit.

    Returns:
        How many frames were fitted.

    Raises:
        StudioError: If the person is locked, the shape cannot be, or nothing was seen.
    """
    change()
    refit = plan_shape_refit(document, body, (person,))
    return write_shape_refit(edit, document, refit, run_job(shape_refit_job(refit)))
