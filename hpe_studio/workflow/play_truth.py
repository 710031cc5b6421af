"""Ground truth played as animation: bodies that follow the true points, as a take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonPoints
from hpe_studio.core.jobs import Job
from hpe_studio.core.person import Person
from hpe_studio.core.truth import Truth
from hpe_studio.formats.panoptic import read_truth
from hpe_studio.formats.panoptic_folder import is_sequence
from hpe_studio.workflow.apply_import import apply_import
from hpe_studio.workflow.importing import (
    Imported,
    ImportOptions,
    Onto,
    import_job,
    onto,
)
from hpe_studio.workflow.point_groups import PARTS
from hpe_studio.workflow.timing import Timing

NAME = "Truth"


def play_truth_job(document: Document) -> Job[Imported]:
    """Fit bodies to a document's truth; once made, it touches no document.

    Hands are read again from the sequence where the document's body has fingers.

    Args:
        document: One with truth.

    Raises:
        StudioError: If it has none.
    """
    truths = tuple(document.truths.values())
    if not truths:
        raise StudioError(
            "there is no truth to play", fix="open a Panoptic sequence or attach truth"
        )
    return _play(truths, onto(document))


def _play(truths: tuple[Truth, ...], goal: Onto) -> Job[Imported]:
    runs = [run for truth in truths if (run := _run(truth, goal.clip.frame_count))]
    if "left_index1" in goal.model.skeleton.joint_names:
        runs += _hands(truths, runs)
    motion = MotionFile(
        fps=goal.clip.fps,
        frame_count=goal.clip.frame_count,
        people=(),
        points=tuple(runs),
        times_s=goal.clip.times_s,
        size_px=goal.clip.size_px,
        provenance={"format": "truth"},
    )
    counted = ImportOptions(timing=Timing(step=Fraction(1)))
    imported = yield from import_job(motion, goal, counted)
    return imported


def apply_truth(document: Document, imported: Imported) -> tuple[Person, ...]:
    """Add bodies that follow the truth as a take, with how far they are off it."""
    truth = next(iter(document.truths.values()))
    return apply_import(document, imported, name=f"{NAME} {truth.name}".strip())


def _run(truth: Truth, frame_count: int) -> PersonPoints | None:
    """A truth on the clip's frames."""
    places = truth.points_scene_m[: max(0, frame_count - truth.start)]
    if not np.isfinite(places).any():
        return None
    return PersonPoints(
        name=f"{truth.person} ({NAME.lower()})",
        point_set=truth.point_set,
        start=truth.start,
        points_scene_m=places,
        confidence=truth.confidence[: len(places)],
        person_id=truth.person,
    )


def _hands(
    truths: tuple[Truth, ...], bodies: Sequence[PersonPoints]
) -> list[PersonPoints]:
    """Hands of the people, out of the sequence the truth came from if it is there."""
    folder = Path(truths[0].path)
    if not truths[0].path or not is_sequence(folder):
        return []
    points = read_truth(folder, face=False).motion.points
    parts = [part for part in points if part.point_set.name in PARTS]
    by_name = {body.person_id: body for body in bodies}
    return [
        _beside(part, truth, by_name[truth.person])
        for truth in truths
        for part in parts
        if truth.person in by_name
        and (part.name, part.start) == (truth.person, truth.first_frame)
    ]


def _beside(part: PersonPoints, truth: Truth, body: PersonPoints) -> PersonPoints:
    """A part on the frames of its body, laid as the truth is."""
    assert part.points_scene_m is not None
    assert part.confidence is not None
    assert body.points_scene_m is not None
    laid = replace(
        truth,
        point_set=part.point_set,
        first_frame=part.start,
        row_count=len(part.points_scene_m),
        arrays={
            "points_file_m": part.points_scene_m,
            "confidence_file": part.confidence,
        },
    )
    count = len(body.points_scene_m)
    places = np.full((count, *part.points_scene_m.shape[1:]), np.nan)
    sure = np.zeros(places.shape[:2])
    for row in range(count):
        found = laid.at(body.start + row)
        if found is not None:
            places[row] = found
            sure[row] = laid.confidence[body.start + row - laid.start]
    return replace(
        part,
        start=body.start,
        points_scene_m=places,
        confidence=sure,
        person_id=truth.person,
    )
