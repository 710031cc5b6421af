"""Results opened without footage get their clip later, and lose nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Key, Source
from hpe_studio.storage.project import Project, open_project
from hpe_studio.workflow.attaching import attach_clip
from hpe_studio.workflow.opening import open_path
from hpe_studio.workflow.opening_results import made_into
from hpe_studio.workflow.timing import Timing
from tests.cli import made
from tests.workflow import import_scenes as scenes

FRAMES = 20


def results(folder: Path, *, fps: str = "25", frames: int = FRAMES) -> Path:
    """A project of one walker, without footage, with a key on frame 8."""
    person = made.person(frames=frames)
    path = folder / "walk.hpes"
    opened = made_into(path, "walk", made.motion(person, fps=Fraction(fps)), "")
    document = opened.project.document
    (track,) = document.tracks.values()
    with document.edit("Key") as edit:
        edit.put(
            Key(track_id=track.id, frame=8, joints=(4,), offsets_rad=((0.5, 0, 0),))
        )
    opened.close()
    return path


def base(project: Project) -> np.ndarray:
    (track,) = project.document.tracks.values()
    return np.array(track.base_root_m)


def test_frames_that_stay_are_linked_and_undo_still_works(tmp_path: Path) -> None:
    path, film = results(tmp_path), made.movie(tmp_path, frames=FRAMES + 5)
    before = open_project(path, read_only=True)
    roots, labels = base(before), [s.label for s in before.document.history.steps]
    before.close()
    attached = attach_clip(path, film)
    assert attached.kept is None
    opened = open_path(path)
    document = opened.project.document
    assert opened.footage is not None
    assert document.clip.path == film
    assert document.clip.frame_count == FRAMES + 5
    assert document.shots is not None
    assert document.shots[-1].stop == FRAMES + 5
    np.testing.assert_array_equal(base(opened.project), roots)
    steps = [s.label for s in document.history.steps]
    assert steps == [*labels, "Attach clip.mp4"]
    document.undo()
    document.undo()
    assert not document.table("keys")
    document.redo()
    assert next(iter(document.table("keys").values())).frame == 8
    opened.close()


def test_another_rate_moves_everything_and_keeps_the_project(tmp_path: Path) -> None:
    path, film = results(tmp_path, fps="25/2"), made.movie(tmp_path, frames=60)
    attached = attach_clip(path, film)
    assert attached.kept is not None
    kept = open_project(attached.kept, read_only=True)
    assert kept.document.clip.kind == "none"
    assert base(kept).shape == (FRAMES, 3)
    opened = open_path(path)
    document = opened.project.document
    (track,) = document.tracks.values()
    assert (track.start, track.stop) == (0, 2 * FRAMES - 1)
    np.testing.assert_allclose(track.base_root_m[::2], base(kept), atol=1e-5)
    assert set(np.unique(track.base_source[1::2])) == {Source.FILLED}
    (key,) = document.keys_of(track.id)
    assert key.frame == 16
    assert document.new_id() >= kept.document.next_id
    kept.close()
    opened.close()


def test_an_offset_can_be_said(tmp_path: Path) -> None:
    path, film = results(tmp_path), made.movie(tmp_path, frames=18)
    attached = attach_clip(path, film, timing=Timing(offset=-5, step=Fraction(1)))
    assert attached.kept is not None
    opened = open_path(path)
    (track,) = opened.project.document.tracks.values()
    assert (track.start, track.stop) == (0, FRAMES - 5)
    (key,) = opened.project.document.keys_of(track.id)
    assert key.frame == 3
    opened.close()
    assert any("beyond the clip" in note for note in attached.notes)


def test_pixels_keep_their_people_on_the_picture(tmp_path: Path) -> None:
    motion = replace(scenes.in_pictures(scenes.walker(8)), size_px=scenes.SIZE_PX)
    path = tmp_path / "seen.hpes"
    opened = made_into(path, "seen", motion, "")
    before = opened.project.document.camera_at(0).intrinsics.copy()
    opened.close()
    attach_clip(path, made.movie(tmp_path, frames=8))  # 64 x 48, a tenth
    opened = open_path(path)
    after = opened.project.document.camera_at(0).intrinsics
    np.testing.assert_allclose(after[0, 0], before[0, 0] / 10)
    (estimate,) = opened.project.document.estimates.values()
    assert np.nanmax(estimate.arrays["points_px"]) < 64
    opened.close()


def test_what_cannot_be_attached_leaves_the_project_alone(tmp_path: Path) -> None:
    path, film = results(tmp_path), made.movie(tmp_path, frames=FRAMES)
    project = open_project(path, read_only=True)
    roots = base(project)
    project.close()
    with pytest.raises(StudioError, match="nobody falls on the clip"):
        attach_clip(path, film, timing=Timing(offset=500, step=Fraction(1)))
    with pytest.raises(StudioError, match="does not exist"):
        attach_clip(path, tmp_path / "nothing.mp4")
    project = open_project(path, read_only=True)
    np.testing.assert_array_equal(base(project), roots)
    project.close()
    assert [p.name for p in tmp_path.glob("*.hpes")] == ["walk.hpes"]
    attach_clip(path, film)
    with pytest.raises(StudioError, match="has its footage already"):
        attach_clip(path, film)
