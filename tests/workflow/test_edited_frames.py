"""What a run did is no edit; what a person did is, also read back from the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hpe_studio.body import open_body
from hpe_studio.core.document import Document
from hpe_studio.edits.smooth import smooth_track
from hpe_studio.storage.project import open_project
from hpe_studio.workflow.edited_frames import edited_frames
from hpe_studio.workflow.recordings import recording_of_document
from tests.cli import made


def lift(document: Document, rows: slice, label: str) -> None:
    (track,) = document.tracks.values()
    with document.edit(label) as edit:
        raised = track.base_root_m[rows] + np.float32(0.1)
        edit.write(track.id, "base_root_m", rows, raised)


def edited(document: Document) -> list[int]:
    (person,) = document.persons
    frames = np.arange(document.clip.frame_count)
    return np.flatnonzero(edited_frames(document, (person,), frames)[:, 0]).tolist()


def test_runs_are_no_edits_and_hands_are(tmp_path: Path) -> None:
    path = made.project(tmp_path / "p.hpes", made.person())
    project = open_project(path)
    document = project.document
    assert edited(document) == []
    lift(document, slice(0, 40), "Smooth")  # as a run does straight after its own
    assert edited(document) == []
    lift(document, slice(10, 13), "Move")
    lift(document, slice(20, 22), "Smooth")  # a person's own
    assert edited(document) == [10, 11, 12, 20, 21]
    document.undo()
    assert edited(document) == [10, 11, 12]
    project.close()
    again = open_project(path, read_only=True)
    assert again.document.history.steps[0].records is None
    assert edited(again.document) == [10, 11, 12]
    assert edited(again.document) == [10, 11, 12]
    again.close()


def test_before_the_edits_is_as_the_run_left_it(tmp_path: Path) -> None:
    project = open_project(made.project(tmp_path / "p.hpes", made.person()))
    document = project.document

    def places(*, before: bool) -> np.ndarray:
        found = recording_of_document(document, open_body(), before=before)
        return found.people.points_m

    estimated = places(before=True)
    (track,) = document.tracks.values()
    with document.edit("Smooth, shot 1 of 2") as edit:
        smooth_track(edit, document, track)
    assert edited(document) == []
    assert np.abs(places(before=True) - estimated).max() > 1e-5
    assert np.array_equal(places(before=True), places(before=False))
    lift(document, slice(10, 13), "Move")
    apart = (places(before=True) != places(before=False)).any((1, 2, 3))
    assert np.flatnonzero(apart).tolist() == [10, 11, 12]
    project.close()
