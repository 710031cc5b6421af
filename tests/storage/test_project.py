"""The project file: what is committed is kept, whatever happens."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpe_studio.core.clip import clip_without_footage
from hpe_studio.core.errors import StudioError
from hpe_studio.core.tables import Setting
from hpe_studio.storage.project import (
    Project,
    create_project,
    open_project,
    write_document,
)
from hpe_studio.storage.writer import WAIT_BELOW_BYTES
from tests.core.scenes import add_person, empty_document, random_motion, state_of
from tests.core.test_document import EDITS, random_edit


def new_project(path: Path, frames: int = 40) -> Project:
    clip = clip_without_footage(frame_count=frames, fps=Fraction(30000, 1001))
    return create_project(path, clip)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(edits=EDITS, undone=st.integers(0, 5))
def test_reopening_gives_the_same_document_and_history(
    tmp_path_factory: pytest.TempPathFactory,
    edits: list[tuple[int, int]],
    undone: int,
) -> None:
    path = tmp_path_factory.mktemp("project") / "a.hpes"
    project = new_project(path)
    states = [state_of(project.document)]
    for kind, seed in edits:
        steps = len(project.document.history.steps)
        random_edit(project.document, kind, seed)
        if len(project.document.history.steps) > steps:
            states.append(state_of(project.document))
    for _ in range(min(undone, len(states) - 1)):
        project.document.undo()
    position = project.document.history.position
    project.close()

    again = open_project(path)
    try:
        document = again.document
        assert state_of(document) == states[position]
        assert document.history.position == position
        while document.redo():
            pass
        assert state_of(document) == states[-1]
        for expected in reversed(states[:-1]):
            assert document.undo() is not None
            assert state_of(document) == expected
    finally:
        again.close()


def test_long_arrays_are_kept_in_chunks(tmp_path: Path) -> None:
    project = new_project(tmp_path / "long.hpes", frames=1000)
    track = add_person(project.document, start=100, stop=900, seed=3)
    with project.document.edit("Write across chunks") as edit:
        edit.write(track, "base_rad", slice(250, 300), 0.25, joints=4)
    expected = state_of(project.document)
    project.close()
    again = open_project(tmp_path / "long.hpes")
    assert state_of(again.document) == expected
    assert again.document.history.undo_label == "Write across chunks"
    again.close()


def test_one_file_is_left_after_closing(tmp_path: Path) -> None:
    project = new_project(tmp_path / "one.hpes")
    add_person(project.document, start=0, stop=20)
    project.close()
    assert [p.name for p in tmp_path.iterdir()] == ["one.hpes"]


def test_a_second_window_reads_only(tmp_path: Path) -> None:
    path = tmp_path / "two.hpes"
    first = new_project(path)
    track = add_person(first.document, start=0, stop=20)
    second = open_project(path)
    try:
        assert second.is_read_only
        assert state_of(second.document) == state_of(first.document)
        before = state_of(second.document)
        with pytest.raises(StudioError, match="open for reading only"):
            with second.document.edit("Refused") as edit:
                edit.write(track.id, "base_rad", 0, 0.0)
        assert state_of(second.document) == before
    finally:
        second.close()
        first.close()
    third = open_project(path)
    assert not third.is_read_only
    third.close()


def test_a_newer_file_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "newer.hpes"
    new_project(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    content = path.read_bytes()
    with pytest.raises(StudioError, match=r"newer\.hpes.*newer HPE Studio.*update"):
        open_project(path)
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["newer.hpes"]


@pytest.mark.parametrize(
    "content", [b"", b"not a project", b"SQLite format 3\0" + bytes(3000)]
)
def test_other_files_are_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.hpes"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=r"other\.hpes: is not an HPE Studio project"):
        open_project(path)
    assert path.read_bytes() == content


def test_a_missing_project_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"gone\.hpes: does not exist"):
        open_project(tmp_path / "gone.hpes")


def test_damage_anywhere_is_told_or_harmless(tmp_path: Path) -> None:
    path = tmp_path / "damaged.hpes"
    project = new_project(path)
    add_person(project.document, start=0, stop=40)
    project.close()
    good = path.read_bytes()
    rng = np.random.default_rng(5)
    refused = 0
    for _ in range(60):
        bad = bytearray(good)
        at = int(rng.integers(100, len(bad) - 64))
        bad[at : at + 64] = rng.bytes(64)
        path.write_bytes(bytes(bad[: int(rng.integers(len(bad) // 2, len(bad)))]))
        try:
            open_project(path, read_only=True).close()
        except StudioError as error:
            refused += error.path == path
    assert refused > 30


def test_saving_a_copy_keeps_history_and_replaces_at_the_end(tmp_path: Path) -> None:
    project = new_project(tmp_path / "a.hpes")
    add_person(project.document, start=0, stop=20)
    (tmp_path / "copy.hpes").write_bytes(b"old")
    project.save_copy(tmp_path / "copy.hpes")
    expected = state_of(project.document)
    project.close()
    copy = open_project(tmp_path / "copy.hpes")
    assert state_of(copy.document) == expected
    assert copy.document.undo() == "Add person"
    copy.close()


def test_an_existing_project_is_not_overwritten(tmp_path: Path) -> None:
    new_project(tmp_path / "a.hpes").close()
    with pytest.raises(StudioError, match="exists already"):
        new_project(tmp_path / "a.hpes")


def test_a_large_commit_is_written_in_the_background_in_order(tmp_path: Path) -> None:
    project = new_project(tmp_path / "large.hpes", frames=30_000)
    track = add_person(project.document, start=0, stop=30_000)
    with project.document.edit("Everything") as edit:
        edit.write(track, "base_rad", slice(0, 30_000), 0.5)
    with project.document.edit("Small") as edit:
        edit.put(Setting(name="body", value="x"))
    expected = state_of(project.document)
    project.close()
    again = open_project(tmp_path / "large.hpes")
    assert state_of(again.document) == expected
    again.close()


def test_a_full_disk_takes_the_edit_back_and_harms_nothing(tmp_path: Path) -> None:
    project = new_project(tmp_path / "full.hpes")
    track = add_person(project.document, start=0, stop=40)
    before = state_of(project.document)
    assert project._writer is not None
    connection = project._writer._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StudioError, match="disk is full"):
        with project.document.edit("Too much") as edit:
            edit.write(track, "base_rad", slice(0, 40), 0.5)
            edit.put(Setting(name="big", value="x" * 200_000))
    assert state_of(project.document) == before
    connection.execute("PRAGMA max_page_count = 1000000")
    with project.document.edit("Fits again") as edit:
        edit.put(Setting(name="body", value="y"))
    project.close()
    again = open_project(tmp_path / "full.hpes")
    assert again.document.setting("body") == "y"
    again.close()


def _filled_disk(project: Project) -> sqlite3.Connection:
    """The writing connection of a project that finds no more room."""
    assert project._writer is not None
    connection = project._writer._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    return connection


def test_a_large_edit_that_did_not_fit_is_written_when_there_is_room(
    tmp_path: Path,
) -> None:
    project = new_project(tmp_path / "full.hpes")
    told: list[StudioError] = []
    project.on_failed = told.append
    connection = _filled_disk(project)
    for value in ("a", "b"):  # neither is waited for
        with project.document.edit(f"Large {value}") as edit:
            edit.put(Setting(name=value, value=value * WAIT_BELOW_BYTES))
    project.flush()
    assert len(told) == 1
    assert "try again" in str(told[0])
    assert project.has_unwritten
    with pytest.raises(StudioError, match="disk is full"):
        project.write_again()
    with pytest.raises(StudioError, match="disk is full"):
        with project.document.edit("Small") as edit:
            edit.put(Setting(name="small", value=1))
    assert project.document.setting("small") is None, "taken back, as it said"
    expected = state_of(project.document)
    project.save_copy(tmp_path / "copy.hpes")
    connection.execute("PRAGMA max_page_count = 1000000")
    project.write_again()
    assert not project.has_unwritten
    with project.document.edit("Small") as edit:
        edit.put(Setting(name="small", value=2))
    project.document.undo()
    project.close()
    for name in ("full", "copy"):
        again = open_project(tmp_path / f"{name}.hpes")
        assert state_of(again.document) == expected
        again.close()
    again = open_project(tmp_path / "full.hpes")
    assert [s.label for s in again.document.history.steps][-3:-1] == [
        "Large a",
        "Large b",
    ]
    again.document.undo()
    assert again.document.setting("b") is None
    again.close()


def test_a_read_only_file_opens_for_reading(tmp_path: Path) -> None:
    path = tmp_path / "ro.hpes"
    project = new_project(path)
    add_person(project.document, start=0, stop=20)
    expected = state_of(project.document)
    project.close()
    again = open_project(path, read_only=True)
    assert again.is_read_only
    assert state_of(again.document) == expected
    again.close()


def test_estimates_are_read_on_first_use(tmp_path: Path) -> None:
    from hpe_studio.core.track import Estimate

    path = tmp_path / "lazy.hpes"
    project = new_project(path)
    arrays = {"joints_rad": random_motion(30, 24, 1)["base_rad"]}
    with project.document.edit("Estimate") as edit:
        estimate = Estimate(
            id=project.document.new_id(), take_id=1, start=0, stop=30, skeleton="smpl24"
        )
        edit.add_estimate(estimate, arrays)
    project.close()
    again = open_project(path)
    loaded = again.document.estimates[estimate.id]
    np.testing.assert_array_equal(loaded.arrays["joints_rad"], arrays["joints_rad"])
    with pytest.raises(ValueError, match="read-only"):
        loaded.arrays["joints_rad"][0] = 0
    again.document.undo()
    assert not again.document.estimates
    again.document.redo()
    restored = again.document.estimates[estimate.id]
    np.testing.assert_array_equal(restored.arrays["joints_rad"], arrays["joints_rad"])
    again.close()


def test_writing_a_whole_document(tmp_path: Path) -> None:
    document = empty_document()
    add_person(document, start=0, stop=20)
    write_document(tmp_path / "whole.hpes", document)
    project = open_project(tmp_path / "whole.hpes")
    assert state_of(project.document) == state_of(document)
    project.close()


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from hpe_studio.storage.writer import WAIT_BELOW_BYTES
from tests.core.scenes import add_person
from hpe_studio.storage.project import open_project
from hpe_studio.core.tables import Setting
project = open_project(Path(sys.argv[1]))
track = add_person(project.document, start=0, stop=40, seed=1)
print("track", track.id, flush=True)
i = 0
while True:
    i += 1
    print("next", i, flush=True)
    with project.document.edit(f"Edit {i}") as edit:
        edit.write(track, "base_rad", slice(i % 40, 40), i * 0.001)
        edit.put(Setting(name="count", value=i))
    print("kept", i, flush=True)
    if i % 7 == 0:
        print("next", i - 1, flush=True)
        project.document.undo()
        print("kept", i - 1, flush=True)
"""


@pytest.mark.slow
def test_killed_at_50_random_moments_no_committed_edit_is_lost(tmp_path: Path) -> None:
    repository = Path(__file__).resolve().parents[2]
    rng = np.random.default_rng(11)
    for round_number in range(50):
        path = tmp_path / f"k{round_number}.hpes"
        new_project(path).close()
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path), str(repository)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        said = {"kept": 0, "next": 0, "track": 0}
        goal = int(rng.integers(0, 60))
        for line in process.stdout:
            word, number = line.split()
            said[word] = int(number)
            if said["kept"] >= goal:
                break
        process.kill()
        rest = process.stdout.read()
        process.stdout.close()
        process.wait()
        whole, _, _cut = rest.rpartition("\n")  # it may die in the midst of a line
        for line in whole.splitlines():
            word, number = line.split()
            said[word] = int(number)
        project = open_project(path)
        count = project.document.setting("count", 0)
        # what was reported is there, or what was announced and in flight
        assert count in {said["kept"], said["next"]}
        while project.document.undo():
            pass
        assert not project.document.tracks
        project.close()
