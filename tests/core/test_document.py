"""Edits, undo and redo of the document."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe_studio.core.changes import ArrayChange, ChangeSet
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.history import History
from hpe_studio.core.mark import Decision, Mark
from hpe_studio.core.tables import Setting
from hpe_studio.core.track import Estimate, Key, Track

from .scenes import add_person, empty_document, random_motion, state_of


def random_edit(document: Document, kind: int, seed: int) -> None:
    """One of the things a person can do, chosen by numbers."""
    rng = np.random.default_rng(seed)
    tracks = sorted(document.tracks.values(), key=lambda t: t.id)
    if kind == 0 or not tracks:
        start = int(rng.integers(0, 20))
        add_person(document, start=start, stop=start + 15, seed=seed)
        return
    track = tracks[seed % len(tracks)]
    with document.edit(f"Edit {kind}") as edit:
        if kind == 1:
            rows = slice(int(rng.integers(0, 8)), int(rng.integers(8, 15)))
            value = np.float32(rng.normal())
            edit.write(track, "base_rad", rows, value, joints=int(rng.integers(0, 24)))
        elif kind == 2:
            frame = int(rng.integers(track.start, track.stop))
            offset = tuple(float(v) for v in rng.normal(size=3))
            edit.put(
                Key(track_id=track.id, frame=frame, joints=(3,), offsets_rad=(offset,))
            )
        elif kind == 3:
            for key in document.keys_of(track.id):
                edit.remove(key)
            edit.remove(track)
        elif kind == 4:
            person = document.persons[track.person_id]
            edit.put(replace(person, name=f"Name {seed}"))
        elif kind == 5:
            edit.write(track, "base_root_m", np.array([1, 3, 5]), np.nan)
            edit.write(track, "base_source", np.array([1, 3]), 0, joints=np.arange(4))
        elif kind == 6:
            edit.put(Setting(name="body", value=f"body {seed}"))
        elif kind == 7:
            _decide(edit, document, track, seed)
        else:
            estimate = Estimate(
                id=document.new_id(), take_id=1, start=0, stop=6, skeleton="smpl24"
            )
            motion = random_motion(6, 24, seed)
            arrays = {"joints_rad": motion["base_rad"]}
            edit.add_estimate(estimate, arrays)
            edit.write(track, "base_rad", 2, 0.5)
            edit.remove(track)


def _decide(edit: Edit, document: Document, track: Track, seed: int) -> None:
    """Mark a range, or take the oldest mark away and decide about its problem."""
    marks = document.marks_of(track.id, "outside")
    if marks and seed % 2:
        edit.remove(marks[0])
        edit.put(
            Decision(
                id=document.new_id(),
                kind="truncated",
                person_id=track.person_id,
                joints=marks[0].joints,
                start=marks[0].start,
                stop=marks[0].stop,
            )
        )
        return
    edit.put(
        Mark(
            id=document.new_id(),
            track_id=track.id,
            kind="outside",
            joints=(4, 7, 10),
            start=track.start,
            stop=track.start + 1 + seed % 9,
        )
    )


EDITS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 10_000)), max_size=14)


@settings(max_examples=40)
@given(EDITS)
def test_undo_all_then_redo_all_is_bit_exact(edits: list[tuple[int, int]]) -> None:
    document = empty_document()
    states = [state_of(document)]
    for kind, seed in edits:
        steps = len(document.history.steps)
        random_edit(document, kind, seed)
        if len(document.history.steps) > steps:
            states.append(state_of(document))
    for expected in reversed(states[:-1]):
        assert document.undo() is not None
        assert state_of(document) == expected
    assert document.undo() is None
    for expected in states[1:]:
        assert document.redo() is not None
        assert state_of(document) == expected
    assert document.redo() is None


@settings(max_examples=25)
@given(EDITS, st.integers(0, 8), st.integers(0, 10_000))
def test_an_exception_restores_everything(
    edits: list[tuple[int, int]], kind: int, seed: int
) -> None:
    document = empty_document()
    for item in edits:
        random_edit(document, *item)
    track = add_person(document, start=0, stop=15, seed=seed)
    before = state_of(document)
    steps = len(document.history.steps)
    with pytest.raises(ZeroDivisionError), document.edit("Fails") as edit:
        edit.write(track, "base_rad", slice(0, 9), kind)
        edit.put(Setting(name="body", value="other"))
        edit.remove(document.tracks[track.id])
        raise ZeroDivisionError
    assert state_of(document) == before
    assert len(document.history.steps) == steps
    assert not document.is_editing


def test_arrays_cannot_be_written_outside_an_edit() -> None:
    document = empty_document()
    track = add_person(document, start=0, stop=10)
    with pytest.raises(ValueError, match="read-only"):
        track.base_rad[0] = 0
    with pytest.raises(RuntimeError, match=r"inside document.edit"):
        document.buffer(track.id, "base_rad")


def test_an_edit_that_changes_nothing_makes_no_step() -> None:
    document = empty_document()
    track = add_person(document, start=0, stop=10)
    steps = len(document.history.steps)
    with document.edit("Nothing") as edit:
        edit.write(track, "base_rad", slice(0, 10), track.base_rad.copy())
        edit.put(document.persons[track.person_id])
    assert len(document.history.steps) == steps


def test_a_record_holds_only_what_truly_changed() -> None:
    document = empty_document()
    track = add_person(document, start=0, stop=10)
    seen: list[ChangeSet] = []
    document.changed.connect(seen.append)
    with document.edit("Two frames") as edit:
        values = track.base_rad.copy()
        values[2:4, 7] += 1
        edit.write(track, "base_rad", slice(0, 10), values)
    (record,) = seen[0].records
    assert isinstance(record, ArrayChange)
    assert (record.row, record.column, record.before.shape) == (2, 7, (2, 1, 3))
    assert seen[0].track_ids() == {track.id}


def test_a_gesture_is_one_step_and_can_be_aborted() -> None:
    document = empty_document()
    track = add_person(document, start=0, stop=10)
    before = state_of(document)
    causes: list[str] = []
    document.changed.connect(lambda change: causes.append(change.cause))
    edit = document.begin_edit("Drag")
    for i in range(5):
        offset = (0.1 * i, 0.0, 0.0)
        edit.put(Key(track_id=track.id, frame=4, joints=(3,), offsets_rad=(offset,)))
        edit.preview()
    edit.abort()
    assert state_of(document) == before
    assert causes == ["preview"] * 5 + ["abort"]
    with pytest.raises(RuntimeError, match="has ended"):
        edit.put(Setting(name="a", value=1))


def test_a_second_edit_cannot_open_and_undo_waits() -> None:
    document = empty_document()
    edit = document.begin_edit("First")
    with pytest.raises(RuntimeError, match="still open"):
        document.begin_edit("Second")
    with pytest.raises(RuntimeError, match="still open"):
        document.undo()
    edit.abort()


def test_locked_persons_refuse_edits_in_one_sentence() -> None:
    document = empty_document()
    track = add_person(document, start=0, stop=10)
    with document.edit("Lock") as edit:
        edit.put(replace(document.persons[track.person_id], locked=True))
    with pytest.raises(StudioError, match="Person A is locked"):
        with document.edit("Write") as edit:
            edit.write(track, "base_rad", 0, 0.0)


def test_memory_is_bounded_without_a_journal() -> None:
    document = empty_document()
    document.history = History(memory_limit_bytes=40_000)
    track = add_person(document, start=0, stop=15)
    for i in range(30):
        with document.edit(f"Write {i}") as edit:
            edit.write(track, "base_rad", slice(0, 15), np.float32(i + 1))
    held = sum(s.byte_count for s in document.history.steps)
    assert held <= 40_000
    undone = 0
    while document.undo():
        undone += 1
    assert undone == len(document.history.steps)


def test_a_new_edit_drops_the_undone_tail() -> None:
    document = empty_document()
    for name in ("a", "b"):
        with document.edit(name) as edit:
            edit.put(Setting(name="body", value=name))
    document.undo()
    assert document.history.redo_label == "b"
    with document.edit("c") as edit:
        edit.put(Setting(name="body", value="c"))
    assert document.history.redo_label is None
    assert document.history.undo_label == "c"
    document.undo()
    assert document.setting("body") == "a"


def test_every_person_colour_is_one_of_the_themes() -> None:
    import json

    from hpe_studio.core.person import PERSON_COLOURS
    from hpe_studio.core.resources import resource_path

    tokens = json.loads(resource_path("themes/tokens.json").read_text())
    for kind in ("dark", "light", "contrast", "video"):
        names = {entry["name"] for entry in tokens["person"][kind]}
        assert names == set(PERSON_COLOURS)
