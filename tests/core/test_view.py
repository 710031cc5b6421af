"""Views: which of their pictures belongs to a frame of the clip, and undo."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.camera import default_camera
from hpe_studio.core.clip import Clip, clip_without_footage
from hpe_studio.core.tables import Setting, ShotCamera
from hpe_studio.core.view import View
from tests.core.scenes import empty_document, state_of


def clip_of(frames: int, fps: Fraction, size_px: tuple[int, int] = (640, 480)) -> Clip:
    return clip_without_footage(frame_count=frames, fps=fps, size_px=size_px)


def test_steady_footage_of_one_rate_is_counted() -> None:
    clip = clip_of(100, Fraction(30000, 1001))
    view = View(number=1, name="00_03", clip=clip_of(90, clip.fps), offset_frames=-4)
    assert view.frame_at(4, clip) == 0
    assert view.frame_at(93, clip) == 89
    assert view.frame_at(3, clip) is None
    assert view.frame_at(94, clip) is None


def test_footage_of_another_rate_is_looked_up_by_time() -> None:
    """HD at 29.97 beside VGA at 25: the nearest picture, at most half a frame off."""
    clip = clip_of(300, Fraction(30000, 1001))
    view = View(number=2, name="05_11", clip=clip_of(250, Fraction(25)))
    frames = [view.frame_at(f, clip) for f in range(clip.frame_count)]
    assert frames[:8] == [0, 1, 2, 3, 3, 4, 5, 6]
    times_s = clip.times_s
    for frame, own in zip(range(290), frames, strict=False):
        assert own is not None
        assert abs(own / 25 - times_s[frame]) <= 0.02 + 1e-9
    ahead = replace(view, offset_frames=30)
    assert ahead.frame_at(0, clip) == 25
    assert ahead.frame_at(299, clip) is None


def test_a_camera_that_dropped_pictures_is_looked_up_by_time() -> None:
    clip = clip_of(10, Fraction(10))
    times_s = np.array([0.0, 0.1, 0.4, 0.5, 0.6])
    view = View(number=1, name="b", clip=replace(clip, times_s=times_s))
    found = [view.frame_at(f, clip) for f in range(10)]
    assert found == [0, 1, 1, 2, 2, 3, 4, None, None, None]


def test_views_have_their_own_size_camera_and_name() -> None:
    document = empty_document()
    with document.edit("Add view") as edit:
        other = clip_of(40, Fraction(30), (1000, 500))
        edit.put(View(number=1, name="00_16", clip=other))
    assert list(document.views) == [1]
    assert document.view_clip(0) is document.clip
    assert document.view_clip(1).size_px == (1000, 500)
    assert document.camera_at(3, view=1).intrinsics[0, 2] == pytest.approx(499.5)
    camera = default_camera((1000, 500), fov_deg=40)
    with document.edit("Calibrate") as edit:
        edit.put(ShotCamera(shot_id=0, camera=camera, view=1))
    assert document.camera_at(3, view=1) is camera
    assert document.camera_at(3).intrinsics[0, 2] == pytest.approx(639.5)
    assert document.view_name(1) == "00_16"
    with pytest.raises(KeyError):
        document.view_clip(2)


def test_the_clip_is_called_as_its_file_until_it_has_a_name() -> None:
    document = empty_document()
    assert document.view_name(0) == ""
    document.clip = replace(document.clip, path=Path("/films/hd_00_03.mp4"))
    assert document.view_name(0) == "hd_00_03"
    with document.edit("Name the view") as edit:
        edit.put(Setting(name="clip_view_name", value="00_03"))
    assert document.view_name(0) == "00_03"


def test_adding_a_view_is_one_step_back_and_forth() -> None:
    document = empty_document()
    before = state_of(document)
    with document.edit("Add view") as edit:
        edit.put(View(number=1, name="a", clip=clip_of(40, Fraction(30))))
    after = state_of(document)
    document.undo()
    assert state_of(document) == before
    assert not document.views
    document.redo()
    assert state_of(document) == after
