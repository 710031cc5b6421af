"""Views in the project file; files from before views open unchanged."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from hpe_studio.core.camera import default_camera
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.view import View
from hpe_studio.storage.project import Project, open_project, write_document
from tests.core.scenes import state_of
from tests.storage.test_project import new_project


def add_view(project: Project) -> None:
    document = project.document
    with document.edit("Add view") as edit:
        view = View(number=1, name="00_16", clip=document.clip, offset_frames=-2)
        edit.put(view)
        camera = default_camera(document.clip.size_px, fov_deg=50)
        edit.put(ShotCamera(shot_id=0, camera=camera, view=1))


def version_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def test_views_and_their_cameras_are_kept_with_their_steps(tmp_path: Path) -> None:
    path = tmp_path / "views.hpes"
    project = new_project(path)
    empty = state_of(project.document)
    add_view(project)
    expected = state_of(project.document)
    project.close()
    again = open_project(path)
    view = again.document.views[1]
    assert (view.name, view.offset_frames, view.clip.frame_count) == ("00_16", -2, 40)
    assert state_of(again.document) == expected
    assert again.document.undo() == "Add view"
    assert state_of(again.document) == empty
    again.document.redo()
    assert state_of(again.document) == expected
    again.close()


def test_only_a_file_with_views_needs_a_program_that_knows_them(tmp_path: Path) -> None:
    path = tmp_path / "older.hpes"
    new_project(path).close()
    assert version_of(path) == 1
    open_project(path).close()
    assert version_of(path) == 1
    project = open_project(path)
    add_view(project)
    write_document(tmp_path / "copy.hpes", project.document)
    project.close()
    assert version_of(path) == 2
    assert version_of(tmp_path / "copy.hpes") == 2
