"""Every edit says whether the truth was in sight, and goes on saying it."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from hpe_studio.core.clip import clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.history import History
from hpe_studio.core.sight import frames_in_sight
from hpe_studio.core.track import Key
from hpe_studio.storage.project import create_project, open_project, write_document
from tests.core import scenes
from tests.core.scenes import empty_document

FRAMES = range(40)


def add_person(document: Document, *, frames: int) -> tuple[int, int]:
    track = scenes.add_person(document, start=0, stop=frames)
    return track.person_id, track.id


def key(document: Document, track_id: int, frame: int, *, in_sight: bool) -> None:
    document.is_truth_in_sight = in_sight
    with document.edit("Rotate left elbow") as edit:
        edit.put(
            Key(
                track_id=track_id,
                frame=frame,
                joints=(18,),
                offsets_rad=((0.0, 0.0, 0.5),),
                blend_in=1,
                blend_out=1,
            )
        )


def seen(document: Document, person_id: int) -> set[int]:
    return set(frames_in_sight(document, person_id, FRAMES))


def test_frames_edited_blind_and_with_truth_in_sight_are_told_apart() -> None:
    document = empty_document(frames=40)
    person, track = add_person(document, frames=40)
    key(document, track, 5, in_sight=False)
    assert not seen(document, person)
    key(document, track, 20, in_sight=True)
    assert 20 in seen(document, person)
    assert 5 not in seen(document, person)
    assert [s.in_sight is not None for s in document.history.steps][-2:] == [
        False,
        True,
    ]
    document.is_truth_in_sight = False
    document.undo()
    assert not seen(document, person), "what is undone was never edited"
    document.redo()
    assert 20 in seen(document, person)
    document.undo()
    key(document, track, 30, in_sight=False)
    assert not seen(document, person), "what can not be redone is gone"


def test_only_the_person_who_was_edited_is_meant() -> None:
    document = empty_document(frames=40)
    _, track = add_person(document, frames=40)
    other, _ = add_person(document, frames=40)
    key(document, track, 20, in_sight=True)
    assert not seen(document, other)
    with document.edit("Delete track") as edit:
        edit.remove(document.tracks[track])
    assert 20 in seen(document, other), "of a track that is gone nobody knows whose"


def test_forgotten_steps_go_on_saying_it() -> None:
    document = empty_document(frames=40)
    document.history = History(memory_limit_bytes=600)
    person, track = add_person(document, frames=40)
    key(document, track, 20, in_sight=True)
    for frame in range(3):
        key(document, track, frame, in_sight=False)
    assert len(document.history.steps) < 4, "the limit dropped the oldest"
    assert 20 in seen(document, person)


@pytest.mark.parametrize("way", ["closed", "copied whole"])
def test_it_outlives_the_window(tmp_path: Path, way: str) -> None:
    clip = clip_without_footage(frame_count=40, fps=Fraction(25))
    project = create_project(tmp_path / "a.hpes", clip)
    try:
        document = project.document
        person, track = add_person(document, frames=40)
        key(document, track, 20, in_sight=True)
        key(document, track, 30, in_sight=True)
        document.undo()
        write_document(tmp_path / "copy.hpes", document)
    finally:
        project.close()
    name = "a.hpes" if way == "closed" else "copy.hpes"
    again = open_project(tmp_path / name)
    try:
        told = seen(again.document, person)
        assert 20 in told
        assert 30 not in told
        if way == "closed":
            again.document.redo()
            assert 30 in seen(again.document, person)
    finally:
        again.close()


def test_it_outlives_a_killed_program(tmp_path: Path) -> None:
    path = tmp_path / "a.hpes"
    program = f"""
import os
from fractions import Fraction
from pathlib import Path
from hpe_studio.core.clip import clip_without_footage
from hpe_studio.storage.project import create_project
from tests.storage.test_sight import add_person, key
project = create_project(
    Path({str(path)!r}), clip_without_footage(frame_count=40, fps=Fraction(25))
)
_, track = add_person(project.document, frames=40)
key(project.document, track, 20, in_sight=True)
os._exit(9)
"""
    ended = subprocess.run([sys.executable, "-c", program], check=False)
    assert ended.returncode == 9
    project = open_project(path)
    try:
        person = next(iter(project.document.persons))
        assert 20 in seen(project.document, person)
    finally:
        project.close()
