"""Pictures of what looks into the footage again, and of problems."""

from __future__ import annotations

import numpy as np

from edit_pictures.cleaning import drop, spoil
from edit_pictures.stage import Stage
from hpe_studio import edit
from hpe_studio.workflow.repairs import repairs_of


def _box(stage: Stage, frame: int) -> tuple[float, float, float, float]:
    """Where Person B was seen on a frame, stored pixels."""
    document = stage.project.document
    track = document.track_at(stage.person("B").id, frame)
    box = document.estimates[track.estimate_id].at("boxes_px", frame)
    x0, y0, x1, y1 = (float(v) for v in box)
    return x0 - 8, y0 - 8, x1 + 8, y1 + 8


def refit_points(stage: Stage) -> None:
    """A fit that went astray on a range, made anew from the points."""
    stage.begin(90)
    person = stage.person("B")
    for joint in ("left_hip", "right_shoulder"):
        spoil(stage, person, joint, range(84, 97), np.array([-0.7, 0.0, 0.4]))
    stage.overlay(
        "refit_points", lambda: edit.refit_points(person, frames=(84, 97)), "B"
    )


def add_person_here(stage: Stage) -> None:
    """Somebody who was missed, found in a box."""
    stage.begin(90)
    box = _box(stage, 90)
    edit.delete(stage.person("B"))
    stage.overlay(
        "add_person_here",
        lambda: edit.add_person_here(stage.project, box, frame=90, frames=(84, 97)),
        "B",
    )


def run_again(stage: Stage) -> None:
    """A lost stretch estimated anew."""
    stage.begin(140)
    person, box = stage.person("B"), _box(stage, 140)
    drop(stage, person, range(134, 147))
    stage.overlay(
        "run_again",
        lambda: edit.run_again(
            stage.project, person, frames=(134, 147), box_px=box, frame=140
        ),
        "B",
    )


def _worst(stage: Stage) -> object:
    stage.wait_checked()
    queue = stage.driver.session.problems
    document = stage.project.document
    found = next(
        one
        for one in queue.everything
        if one.is_open and repairs_of(document, one.finding)
    )
    queue.select(found.finding)
    return found


def repair(stage: Stage) -> None:
    """The worst problem repaired: the queue is shorter."""
    stage.begin(90)
    found = _worst(stage)

    def act() -> None:
        edit.repair(stage.project, found)
        stage.wait_checked()

    stage.widget("repair", act, stage.problems)


def decide(stage: Stage) -> None:
    """The worst problem ignored."""
    stage.begin(90)
    found = _worst(stage)

    def act() -> None:
        edit.decide(stage.project, found, "ignored")
        stage.wait_checked()

    stage.widget("decide", act, stage.problems)


def reopen(stage: Stage) -> None:
    """And opened again."""
    stage.begin(90)
    found = _worst(stage)
    edit.decide(stage.project, found, "ignored")
    stage.wait_checked()

    def act() -> None:
        edit.reopen(stage.project, found)
        stage.wait_checked()

    stage.widget("reopen", act, stage.problems)


PICTURES = {
    draw.__name__: draw
    for draw in (refit_points, add_person_here, run_again, repair, decide, reopen)
}
