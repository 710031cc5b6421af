"""A clip for results that were opened alone, by real events; asked about if need be."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from hpe_studio.core.track import Source
from tests.drive_import import attach_asked, drop, keypoints, press
from tests.driver import StudioDriver
from tests.workflow import import_scenes as scenes

FRAMES = 40


def test_a_clip_joins_results_that_were_opened_alone(
    studio: StudioDriver, images: Path, tmp_path: Path
) -> None:
    (tmp_path / "alone").mkdir()
    results = keypoints(tmp_path / "alone", range(FRAMES))
    studio.open_clip(results)
    assert studio.document.clip.kind == "none"
    assert "Bodies were fitted to points" in studio.toast
    assert studio.window.actions_["attach"].isEnabled()
    assert drop(studio, images) == "Attach walk to this project"
    studio.wait_idle()
    assert studio.document.clip.path == images
    assert studio.session.footage is not None
    assert studio.toast.startswith("walk is attached")
    assert len(studio.session.persons) == 1
    assert not studio.window.actions_["attach"].isEnabled()


def test_a_clip_that_does_not_fit_is_asked_about_with_its_repair(
    studio: StudioDriver, images: Path, tmp_path: Path
) -> None:
    """Every second frame: the doctor says so, one click lays people right."""
    (tmp_path / "alone").mkdir()
    studio.open_clip(keypoints(tmp_path / "alone", range(0, FRAMES, 2)))
    drop(studio, images)
    dialog = attach_asked(studio)
    assert "20 frames for the clip's 40" in dialog.misfits.text
    assert studio.document.clip.kind == "none"  # nothing happened yet
    dialog.preview.slider.setValue(38)
    assert not np.isfinite(dialog.preview.canvas.people_px()).any()
    press(studio, dialog.misfits.buttons[0])
    assert dialog.laying.step.currentText() == "Every 2nd frame"
    assert not dialog.misfits.text
    assert np.isfinite(dialog.preview.canvas.people_px()).any()
    press(studio, dialog.attach_button)
    studio.wait_idle()
    assert studio.document.clip.path == images
    (track,) = studio.document.tracks.values()
    assert (track.start, track.stop) == (0, FRAMES - 1)
    assert set(np.unique(track.base_source[1::2])) == {Source.FILLED}


def test_a_clip_that_is_not_wanted_after_all_leaves_the_project_alone(
    studio: StudioDriver, images: Path, tmp_path: Path
) -> None:
    (tmp_path / "alone").mkdir()
    studio.open_clip(keypoints(tmp_path / "alone", range(FRAMES + 7)))
    drop(studio, images)
    dialog = attach_asked(studio)
    assert "7 of 47 frames with people lie beyond the clip" in dialog.misfits.text
    studio.type_into(dialog.laying.offset.box, "-7")
    assert "7 of 47 frames" in dialog.misfits.text  # now the first ones
    studio.press("Esc", widget=dialog)
    studio.settle()
    assert studio.document.clip.kind == "none"
    assert studio.session.footage is None
    assert studio.window.actions_["attach"].isEnabled()


def painted_walk(folder: Path, places_px: np.ndarray) -> Path:
    """Pictures with a bright patch on every joint, over a rough ground."""
    rng = np.random.default_rng(0)
    width, height = scenes.SIZE_PX
    rough = rng.integers(0, 90, (height // 8, width // 8), dtype=np.uint8)
    ground = cv2.resize(rough, scenes.SIZE_PX)
    folder.mkdir()
    for frame, places in enumerate(places_px):
        picture = ground.copy()
        for x, y in places.round().astype(int).tolist():
            cv2.circle(picture, (x, y), 13, 200, -1)
            cv2.circle(picture, (x + 3, y - 3), 5, 120, -1)
        cv2.imwrite(str(folder / f"frame_{frame:04d}.png"), picture)
    return folder


def test_the_pictures_tell_on_which_frames_people_lie(
    studio: StudioDriver, tmp_path: Path
) -> None:
    """Results that begin at frame 7 of the film; nobody has to count."""
    walk = scenes.camera().project(scenes.places(scenes.walker(60)))
    clip = painted_walk(tmp_path / "walk", walk)
    results = keypoints(tmp_path / "alone", range(7, 60), figure=lambda i: walk[i])
    studio.open_clip(results)
    drop(studio, clip)
    dialog = attach_asked(studio)
    assert "people lie better on other frames" in dialog.misfits.text
    press(studio, dialog.misfits.buttons[0])
    assert dialog.laying.timing.offset == 7
    assert not dialog.misfits.text
    press(studio, dialog.attach_button)
    studio.wait_idle()
    assert studio.document.clip.path == clip
    (track,) = studio.document.tracks.values()
    assert (track.start, track.stop) == (7, 60)
