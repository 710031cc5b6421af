"""What the edits of a project changed, measured against truth in another file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hpe_studio.core.errors import StudioError
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.effect import Effect, effect
from hpe_studio.workflow.before_after import in_sight, on_frames_of, person_ids
from hpe_studio.workflow.bodies import body_of
from hpe_studio.workflow.compare import CompareOptions, compare_recordings
from hpe_studio.workflow.edited_frames import edited_frames
from hpe_studio.workflow.opening import open_saved
from hpe_studio.workflow.recordings import Recording, recording_of_document


def edits_of_project(
    path: Path, truth: Recording, options: CompareOptions | None = None
) -> tuple[Comparison, Effect] | None:
    """A project as it was estimated, and what edits changed; None for no edits.

    Args:
        path: The project.
        truth: The truth.
        options: As for `compare_recordings`.

    Raises:
        StudioError: If the project cannot be opened, or cannot be compared.
    """
    opened = open_saved(path, read_only=True)
    try:
        document = opened.project.document
        body = body_of(document)[0]
        now = recording_of_document(document, body, path=path)
        try:
            then = recording_of_document(document, body, before=True, path=path)
            then = on_frames_of(then, now)
            before = compare_recordings(then, truth, options)
        except StudioError:  # drawn by hand, or nobody of it can be matched
            return None
        after = compare_recordings(now, truth, options)
        if not np.array_equal(before.frames, after.frames):
            return None
        people = person_ids(document)
        seen = in_sight(document, people, after)
        by_hand = edited_frames(document, people, after.frames)
        changed = effect(before, after, seen, by_hand)
        return (before, changed) if changed.edited_frames else None
    finally:
        opened.close()
