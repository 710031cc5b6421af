"""Clips and projects found again: beside each other, moved, renamed, replaced."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Take
from hpe_studio.storage.project import open_project
from hpe_studio.workflow.opening import (
    Opened,
    open_clip,
    open_path,
    open_saved,
    relink_footage,
)
from tests.cli import made


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("HPE_STUDIO_HOME", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clip and its project with one person."""
    work = tmp_path / "work"
    clip = made.movie(work)
    made.project(work / "clip.hpes", made.person(), clip=clip)
    return work


def closed(opened: Opened) -> Opened:
    opened.close()
    return opened


def test_a_clip_finds_its_project_beside_it(folder: Path) -> None:
    opened = closed(open_path(folder / "clip.mp4"))
    assert opened.project.path == folder / "clip.hpes"
    assert not opened.is_new
    assert len(opened.project.document.persons) == 1


def test_another_clip_of_the_same_name_gets_a_project_of_its_own(folder: Path) -> None:
    (folder / "clip.mp4").unlink()
    made.movie(folder, "clip.mov", frames=20)
    opened = closed(open_path(folder / "clip.mov"))
    assert opened.project.path == folder / "clip (2).hpes"
    assert opened.is_new
    again = closed(open_path(folder / "clip.mov"))
    assert again.project.path == folder / "clip (2).hpes"
    assert not again.is_new


def test_moved_together_they_find_each_other(folder: Path, tmp_path: Path) -> None:
    moved = folder.rename(tmp_path / "elsewhere")
    opened = open_saved(moved / "clip.hpes")
    assert opened.footage is not None
    assert opened.warnings == ()
    opened.close()
    project = open_project(moved / "clip.hpes", read_only=True)
    assert project.document.clip.path == moved / "clip.mp4", "kept for the next time"
    project.close()


def test_a_project_called_by_a_relative_path_finds_footage_beside_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = folder.rename(tmp_path / "elsewhere")
    monkeypatch.chdir(moved)
    opened = open_saved(Path("clip.hpes"))
    assert opened.footage is not None
    opened.close()
    monkeypatch.chdir(tmp_path)
    opened = open_saved(Path("elsewhere/clip.hpes"))
    assert opened.footage is not None
    opened.close()


def test_without_footage_people_are_there_and_the_way_out_is_said(
    folder: Path,
) -> None:
    (folder / "clip.mp4").unlink()
    opened = open_saved(folder / "clip.hpes")
    assert opened.footage is None
    assert len(opened.project.document.persons) == 1
    (warning,) = opened.warnings
    assert str(folder / "clip.mp4") in warning
    assert "put it back or choose where it is" in warning
    opened.close()
    with pytest.raises(StudioError, match=r"clip\.mp4 is not there.*clip\.mp4 back"):
        open_clip(folder / "clip.hpes")


def test_other_footage_in_its_place_is_not_taken_for_it(
    folder: Path, tmp_path: Path
) -> None:
    made.movie(folder, frames=30)
    opened = open_saved(folder / "clip.hpes")
    assert opened.footage is None
    assert "is not the footage of clip.hpes" in opened.warnings[0]
    opened.close()
    # The right one beside the project is found even so.
    moved = tmp_path / "moved"
    moved.mkdir()
    shutil.copyfile(folder / "clip.hpes", moved / "clip.hpes")
    made.movie(moved)
    opened = open_saved(moved / "clip.hpes")
    assert opened.footage is not None
    assert opened.footage.clip.path == moved / "clip.mp4"
    opened.close()


def test_relinking_takes_the_same_footage_under_any_name(
    folder: Path, tmp_path: Path
) -> None:
    there = (folder / "clip.mp4").rename(tmp_path / "renamed.mp4")
    opened = open_saved(folder / "clip.hpes")
    relink_footage(opened.project, there).close()
    opened.close()
    again = open_saved(folder / "clip.hpes")
    assert again.footage is not None
    again.close()


def test_relinking_other_footage_needs_force_and_the_same_length(
    folder: Path, tmp_path: Path
) -> None:
    longer = made.movie(tmp_path / "longer", frames=50)
    same = tmp_path / "same.mp4"
    shutil.copyfile(folder / "clip.mp4", same)
    with same.open("ab") as file:
        file.write(b"\0\0\0\x08free")
    (folder / "clip.mp4").unlink()
    opened = open_saved(folder / "clip.hpes")
    for other in (longer, same):
        with pytest.raises(StudioError, match=r"is not the footage of clip\.hpes"):
            relink_footage(opened.project, other)
    with pytest.raises(StudioError, match="is not the footage"):
        relink_footage(opened.project, longer, force=True)
    relink_footage(opened.project, same, force=True).close()
    assert opened.project.document.clip.path == same
    opened.close()


def test_a_project_stands_for_its_footage(folder: Path, tmp_path: Path) -> None:
    opened = open_clip(folder / "clip.hpes", project_path=tmp_path / "new.hpes")
    assert opened.project.path == tmp_path / "new.hpes"
    assert opened.footage is not None
    assert opened.is_new
    opened.close()
    assert len(closed(open_saved(folder / "clip.hpes")).project.document.persons) == 1


def overwriting(folder: Path) -> Opened:
    return open_clip(
        folder / "clip.mp4", project_path=folder / "clip.hpes", overwrite=True
    )


def test_replaced_only_by_what_has_a_take(folder: Path) -> None:
    before = made.bytes_of(folder)
    opened = overwriting(folder)
    assert not opened.project.document.persons
    assert len(list(folder.iterdir())) > len(before), "the old one waits"
    opened.close()
    assert made.bytes_of(folder) == before

    opened = overwriting(folder)
    with opened.project.document.edit("Estimate people") as edit:
        edit.put(Take(id=opened.project.document.new_id(), name="a", origin="b"))
    opened.close()
    assert sorted(p.name for p in folder.iterdir()) == ["clip.hpes", "clip.mp4"]
    project = open_project(folder / "clip.hpes")
    assert [take.name for take in project.document.takes.values()] == ["a"]
    project.close()


def test_a_damaged_project_may_be_replaced_but_not_other_files(folder: Path) -> None:
    path = folder / "clip.hpes"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE items SET data = x'00ff'")
    connection.close()
    with pytest.raises(StudioError, match="damaged"):
        open_clip(folder / "clip.mp4", project_path=path)
    opened = overwriting(folder)
    assert not opened.project.document.persons
    opened.close()
    path.write_text("my notes")
    with pytest.raises(StudioError, match="not an HPE Studio project"):
        overwriting(folder)
    assert path.read_text() == "my notes"


def test_a_second_window_reads_only(folder: Path) -> None:
    first = open_saved(folder / "clip.hpes")
    second = open_saved(folder / "clip.hpes")
    assert (first.project.is_read_only, second.project.is_read_only) == (False, True)
    with pytest.raises(StudioError, match="open elsewhere"):
        overwriting(folder)
    second.close()
    first.close()
