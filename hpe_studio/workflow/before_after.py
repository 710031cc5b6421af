"""A document against its truth, as it is and as it was before any edit.

`compare_document` is the job behind the window's comparison; scripts call it too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hpe_studio.body import Body
from hpe_studio.core.arrays import AnyArray, BoolArray
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress, scaled
from hpe_studio.core.sight import frames_in_sight
from hpe_studio.core.truth import Truth
from hpe_studio.metrics.comparison import Comparison, TimeFit
from hpe_studio.metrics.effect import Effect, effect
from hpe_studio.metrics.protocol import Protocol
from hpe_studio.report.pictures import ReadRgb
from hpe_studio.report.writing import write_report
from hpe_studio.workflow.compare import CompareOptions, compare_recordings
from hpe_studio.workflow.compare_time import time_words
from hpe_studio.workflow.edited_frames import edited_frames
from hpe_studio.workflow.recordings import (
    Recording,
    recording_of_document,
    recording_of_truths,
)

_TEXT = "Comparing with truth"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Compared:
    """A document against its truth, after and before the edits.

    Attributes:
        after: The motion.
        before: The estimates, or None where nobody of them can be matched.
        effect: What edits changed, or None without `before`.
        person_ids: Person of each prediction of `after`.
    """

    after: Comparison
    before: Comparison | None
    effect: Effect | None
    person_ids: tuple[int, ...]


def compare_document(
    document: Document,
    body: Body,
    protocol: Protocol,
    *,
    before: Comparison | None = None,
    everything: bool = False,
) -> Job[Compared]:
    """Compare the people of a document with its truth.

    Args:
        document: With truth and people; nobody writes it meanwhile.
        body: Everybody's body.
        protocol: The rules.
        before: The comparison of the estimates, where it is known already.
        everything: True for what takes long too (AP, MOTA, IDF1, HOTA).

    Raises:
        StudioError: If there is no truth or nobody, or nobody can be matched.
    """
    truths = tuple(document.truths.values())
    if not truths:
        raise StudioError("there is no truth", fix="attach truth first")
    options = CompareOptions(protocol=protocol, everything=everything)
    yield Progress(done=0.0, total=1.0, text=_TEXT)
    theirs = recording_of_truths(truths, document.clip.fps)
    mine = recording_of_document(document, body)
    yield Progress(done=0.3, total=1.0, text=_TEXT)
    after = _told(compare_recordings(mine, theirs, options), truths[0])
    yield Progress(done=0.6, total=1.0, text=_TEXT)
    if before is None:
        try:
            then = recording_of_document(document, body, before=True)
            then = on_frames_of(then, mine)
            before = _told(compare_recordings(then, theirs, options), truths[0])
        except StudioError:  # drawn by hand, or nobody of it can be matched
            before = None
    yield Progress(done=0.9, total=1.0, text=_TEXT)
    ids = person_ids(document)
    changed = None
    if before is not None and np.array_equal(before.frames, after.frames):
        by_hand = edited_frames(document, ids, after.frames)
        changed = effect(before, after, in_sight(document, ids, after), by_hand)
    return Compared(after=after, before=before, effect=changed, person_ids=ids)


def report_document(
    document: Document,
    body: Body,
    protocol: Protocol,
    folder: Path,
    *,
    read_rgb: ReadRgb | None = None,
) -> Job[tuple[Path, ...]]:
    """Write what a comparison found as a page, JSON and CSV; returns the files.

    Args:
        document: With truth and people; nobody writes it meanwhile.
        body: Everybody's body.
        protocol: The rules.
        folder: Where to; it is made.
        read_rgb: Gives the footage for the worst frames.

    Raises:
        StudioError: If it cannot be compared or written.
    """
    job = compare_document(document, body, protocol, everything=True)
    found = yield from scaled(job, start=0.0, share=0.8)
    yield Progress(done=0.85, total=1.0, text="Writing the report")
    return write_report(
        found.after,
        folder,
        read_rgb=read_rgb,
        before=found.before,
        effect=found.effect,
    )


def person_ids(document: Document) -> tuple[int, ...]:
    """Person of each prediction of a document's recording."""
    return tuple(
        person.id
        for person in document.persons.values()
        if not person.ignored and document.tracks_of(person.id)
    )


def in_sight(
    document: Document, ids: tuple[int, ...], comparison: Comparison
) -> BoolArray:
    """Who was edited when with the truth on screen, (F, P)."""
    frames = comparison.frames
    out = np.zeros((len(frames), len(comparison.predicted)), bool)
    for index, person_id in enumerate(ids):
        seen = frames_in_sight(document, person_id, frames.tolist())
        out[:, index] = np.isin(frames, sorted(seen))
    return out


def on_frames_of(recording: Recording, other: Recording) -> Recording:
    """The same people over exactly the other's frames, NaN where they are missing."""
    rows = np.arange(other.first_frame, other.stop) - recording.first_frame
    inside = (rows >= 0) & (rows < recording.people.frame_count)
    at = np.clip(rows, 0, recording.people.frame_count - 1)

    def placed(values: AnyArray, empty: float) -> AnyArray:
        out = values[at].copy()
        out[~inside] = empty
        return out

    people, trust = recording.people, recording.people.confidence
    return replace(
        recording,
        first_frame=other.first_frame,
        people=replace(
            people,
            points_m=placed(people.points_m, np.nan),
            confidence=None if trust is None else placed(trust, 0.0),
        ),
    )


def _told(comparison: Comparison, truth: Truth) -> Comparison:
    """A comparison that says camera, time and frames of the truth's own file."""
    fit = TimeFit(offset_frames=truth.offset_frames, rate=truth.rate, source="given")
    cameras = (truth.camera_name,) if truth.camera_name else ()
    protocol = replace(comparison.protocol, cameras=cameras, time=time_words(fit))
    return replace(
        comparison,
        protocol=protocol,
        camera=truth.camera_name,
        time=fit,
        truth_frames=comparison.frames * truth.rate + truth.offset_frames,
    )
