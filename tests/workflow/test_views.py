"""Which calibrated camera filmed which footage, and scaled footage."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.camera import default_camera
from hpe_studio.core.clip import clip_without_footage
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.formats.calibration import CalibratedCamera
from hpe_studio.workflow import views
from tests import clips
from tests.core.scenes import empty_document


def paths(*names: str) -> list[Path]:
    return [Path("/films") / name for name in names]


@pytest.mark.parametrize(
    ("films", "cameras", "expected"),
    [
        (["hd_00_16.mp4", "hd_00_03.mp4"], ["00_03", "00_16"], ["00_16", "00_03"]),
        (["vga_01_05.mp4", "hd_00_03.mp4"], ["00_03", "01_05"], ["01_05", "00_03"]),
        (["cam10.mp4", "cam2.mp4"], ["00_00", "00_01"], ["00_01", "00_00"]),
        (["left.mp4", "right.mp4"], ["1", "2", "3"], ["", ""]),
        (["00_1.mp4", "00_10.mp4"], ["00_1", "00_10"], ["00_1", "00_10"]),
        (["00_03.mp4", "other.mp4"], ["00_03", "00_04"], ["00_03", ""]),
        (["cam3.mp4", "Cam1.mp4"], ["cam_01", "cam_2", "cam_03"], ["cam_03", "cam_01"]),
        (["cam01.mp4", "cam02.mp4"], ["cam_1", "cam_01", "cam_02"], ["", "cam_02"]),
        (["cam11.mp4", "walk01.mp4"], ["cam_1", "cam_01", "cam_02"], ["", ""]),
    ],
)
def test_films_find_their_cameras(
    films: list[str], cameras: list[str], expected: list[str]
) -> None:
    assert views.matched_cameras(paths(*films), cameras) == tuple(expected)


def test_cameras_are_called_after_their_files() -> None:
    names = [views.name_of_film(p) for p in paths("hd_00_16.mp4", "cam01.mp4")]
    assert names == ["00_16", "cam01"]


def calibrated(size_px: tuple[int, int] = (1920, 1080)) -> CalibratedCamera:
    camera = replace(
        default_camera(size_px, fov_deg=60),
        distortion=np.array([-0.22, 0.2, 1e-4, 6e-4, 0.02]),
    )
    return CalibratedCamera(name="00_16", kind="hd", size_px=size_px, camera=camera)


def test_footage_scaled_after_calibration_is_seen_the_same() -> None:
    clip = clip_without_footage(frame_count=9, fps=Fraction(30), size_px=(960, 540))
    camera = views.camera_for(calibrated(), clip)
    points_m = np.random.default_rng(0).normal((0, 0, -4), (1, 0.6, 0.5), (50, 3))
    whole_px = calibrated().camera.project(points_m)
    np.testing.assert_allclose(
        camera.project(points_m), (whole_px + 0.5) / 2 - 0.5, atol=1e-9
    )


def test_footage_of_another_shape_is_refused_in_one_sentence() -> None:
    clip = clip_without_footage(frame_count=9, fps=Fraction(30), size_px=(1080, 1920))
    with pytest.raises(StudioError, match="1920 x 1080 pixels, not 1080 x 1920"):
        views.camera_for(calibrated(), clip)


def test_films_are_read_and_the_projects_own_is_refused(tmp_path: Path) -> None:
    film = clips.write_movie(tmp_path / "b.mp4", "mpeg4", frames=6)
    document = empty_document()
    (clip,) = run_job(views.read_clips([film], document.clip))
    assert (clip.frame_count, clip.path) == (6, film)
    with pytest.raises(StudioError, match=r"b\.mp4.*clip of this project already"):
        run_job(views.read_clips([film], clip))


def test_views_are_added_with_their_cameras_in_one_step() -> None:
    document = empty_document()
    document.clip = clip_without_footage(
        frame_count=9, fps=Fraction(30), size_px=(1920, 1080)
    )
    cameras = {"00_16": calibrated(), "00_03": replace(calibrated(), name="00_03")}
    plans = [
        views.ViewPlan(clip=document.clip, name="00_16", camera_name="00_16"),
        views.ViewPlan(clip=document.clip, name="loose", offset_frames=2),
    ]
    with document.edit("Add views") as edit:
        views.add_planned(edit, document, plans, cameras, clip_camera="00_03")
    assert [v.name for v in document.views.values()] == ["00_16", "loose"]
    assert document.view_name(0) == "00_03"
    assert document.camera_at(0, 1) is cameras["00_16"].camera
    assert document.camera_at(0, 2).source == "assumed"
    assert views.free_name(document, "loose") == "loose (2)"
    assert document.undo() == "Add views"
    assert not document.views
