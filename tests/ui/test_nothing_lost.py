"""Windows killed, footage that goes, projects others have, full disks: nothing lost."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton

from hpe_studio.core.tables import Setting
from hpe_studio.storage.writer import WAIT_BELOW_BYTES
from hpe_studio.ui import footage_watch, recent
from hpe_studio.workflow.estimate import EstimateOptions
from tests.cli import disks
from tests.cli.made import share_models
from tests.clips import write_movie
from tests.conftest import REPOSITORY
from tests.driver import StudioDriver
from tests.processes import workers
from tests.ui.conftest import FRAMES

Window = subprocess.Popen[str]
OpenElsewhere = Callable[[str, Path], Window]


@pytest.fixture
def elsewhere() -> Iterator[OpenElsewhere]:
    """Opens a project in a window of another process; it ends with the test."""
    windows: list[Window] = []

    def open_it(what: str, project: Path) -> Window:
        command = [sys.executable, "-m", "tests.ui.other_window", what, str(project)]
        window = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        windows.append(window)
        return window

    yield open_it
    for window in windows:
        window.kill()
        window.communicate(timeout=600)


def _wait_for(window: Window, line: str) -> str:
    assert window.stdout is not None
    assert window.stderr is not None
    while said := window.stdout.readline():
        if said.startswith(line):
            return said
    raise AssertionError(window.stderr.read())


# Killed --------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("gesture", ["ring", "lanes"])
def test_a_window_killed_in_a_gesture_loses_the_gesture_alone(
    studio: StudioDriver,
    project: Path,
    elsewhere: OpenElsewhere,
    data_home: Path,
    gesture: str,
) -> None:
    window = elsewhere(gesture, project)
    _wait_for(window, "ready")
    window.kill()
    window.wait(600)
    studio.open_clip(project)
    assert not studio.session.project.is_read_only
    (key,) = studio.document.table("keys").values()
    labels = {"ring": "Rotate left elbow", "lanes": "Keys"}
    assert studio.document.history.undo_label == labels[gesture]
    assert key.frame == {"ring": 10, "lanes": 6}[gesture]
    assert [p.path for p in recent.recent_projects()] == [project]
    if gesture == "ring":
        assert "yes" in (data_home / "settings.ini").read_text()
    studio.press("Ctrl+Z")
    assert not studio.document.table("keys")
    studio.rename("Person A", "Ravi")
    assert studio.session.persons[0].name == "Ravi"


@pytest.mark.slow
def test_a_window_killed_while_shots_come_in_keeps_whole_shots(
    studio: StudioDriver, project: Path, elsewhere: OpenElsewhere
) -> None:
    window = elsewhere("apply", project)
    told = _wait_for(window, "tracks 1")  # some of many
    window.kill()
    window.wait(600)
    studio.open_clip(project)
    document = studio.document
    assert len(document.tracks) >= int(told.split()[1])
    for track in document.tracks.values():
        assert track.person_id in document.persons
        assert np.isfinite(track.arrays["base_rad"]).all()
    while document.history.undo_label != "Estimate people":
        assert document.history.undo_label is not None
        studio.session.undo()
    assert len(document.tracks) == 4
    studio.press("Ctrl+Shift+Z")
    assert len(document.tracks) > 4


@pytest.mark.slow
def test_a_project_that_cannot_be_shown_does_not_keep_the_program_from_ending(
    project: Path, elsewhere: OpenElsewhere
) -> None:
    window = elsewhere("half open", project)
    out, err = window.communicate(timeout=600)
    assert out.endswith("done\n"), err[-2000:]
    assert window.returncode == 0, err[-2000:]


@pytest.mark.slow
def test_a_painter_that_fails_does_not_end_the_window(
    project: Path, elsewhere: OpenElsewhere
) -> None:
    window = elsewhere("failing painters", project)
    out, err = window.communicate(timeout=600)
    assert out.endswith("done\n"), err[-2000:]
    assert window.returncode == 0, err[-2000:]
    assert "no colour" in err


@pytest.mark.models
@pytest.mark.slow
def test_workers_killed_in_a_run_are_one_sentence_and_the_next_run_goes_on(
    studio: StudioDriver,
    test_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HPE_STUDIO_HOME")
    share_models(tmp_path / "data")
    monkeypatch.setenv("HPE_STUDIO_HOME", str(tmp_path / "data"))
    source = test_data / "video" / "pose2sim_multi" / "cam03.mp4"
    studio.open_clip(Path(shutil.copy(source, tmp_path / "clip.mp4")))
    options = EstimateOptions(settings={"model": "full"}, frames=(0, 80), workers=1)
    studio.window.start_run(options)
    finds, jobs = studio.session.finds, studio.window.jobs

    def held() -> bool:
        if len(finds) >= 4:
            for worker in workers():
                os.kill(worker, signal.SIGSTOP)  # or it might be done before it dies
        return len(finds) >= 4

    studio.wait_until(held, "somebody", patience_s=600)
    seen = len(finds)
    studio.scrub_to(7)  # the window goes on
    assert studio.frame == 7

    def ended() -> bool:
        for worker in workers():
            os.kill(worker, signal.SIGKILL)
        return not jobs.running

    studio.wait_until(ended, "the end", patience_s=600)
    assert "signal 9" in studio.toast
    assert "Run goes on from there" in studio.toast
    assert "\n" not in studio.toast
    assert studio.session.persons == ()
    _edit(studio, "Goes on")
    studio.window.start_run(options)
    frames: list[float] = []
    (job,) = jobs.running
    job.progressed.connect(lambda: frames.append(job.progress.fraction or 0.0))
    studio.wait_until(lambda: not jobs.running, "people", patience_s=600)
    assert len(studio.session.persons) >= 1, studio.toast
    assert frames
    assert seen >= 4


# Two windows ----------------------------------------------------------------------


@pytest.mark.slow
def test_a_second_window_reads_until_the_first_is_closed(
    studio: StudioDriver, project: Path, elsewhere: OpenElsewhere
) -> None:
    first = elsewhere("hold", project)
    _wait_for(first, "ready")
    studio.open_clip(project)
    assert studio.session.project.is_read_only
    assert "open for reading only: another window has it" in studio.toast
    assert studio.window.status.saved_text == "Open for reading only"
    assert studio.session.persons[0].name == "Ravi"
    studio.rename("Person B", "Mia")
    assert "another window has it" in studio.toast
    assert studio.session.persons[1].name == "Person B"
    studio.scrub_to(17)
    reopen = studio.window.actions_["reopen"]
    assert reopen.isEnabled()
    reopen.trigger()
    assert "cannot be edited yet: another window has it" in studio.toast
    assert studio.session.project.is_read_only
    first.communicate("close\n", timeout=600)
    reopen.trigger()
    studio.wait_idle()
    assert not studio.session.project.is_read_only
    assert studio.frame == 17
    assert studio.toast == "walk.hpes is open for editing"
    assert not reopen.isEnabled()
    studio.rename("Person B", "Mia")
    studio.press("Ctrl+W")
    studio.open_clip(project)
    assert [p.name for p in studio.session.persons] == ["Ravi", "Mia"]


def test_the_same_project_again_is_open_already(
    opened: StudioDriver, project: Path
) -> None:
    session = opened.session
    assert opened.window.open_path(project)
    assert opened.session is session
    assert not session.project.is_read_only
    assert opened.toast == "walk.hpes is open already"


def test_a_newer_project_is_one_sentence(opened: StudioDriver, project: Path) -> None:
    newer = Path(shutil.copy(project, project.with_name("newer.hpes")))
    connection = sqlite3.connect(newer)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before, session = newer.read_bytes(), opened.session
    assert not opened.window.open_path(newer)
    assert "newer.hpes" in opened.toast
    assert "newer HPE Studio" in opened.toast
    assert "\n" not in opened.toast
    assert opened.session is session
    assert newer.read_bytes() == before


# Disks -----------------------------------------------------------------------------


def _on_disk(what: str, disk: Path, *more: Path, seed: Path, kind: disks.Kind) -> str:
    words = ["-m", "tests.ui.other_window", what, str(disk / "walk.hpes")]
    words += [str(path) for path in more]
    said, _ = disks.run_on(kind, disk, words, seed=seed, room_kb=2048)
    assert said.code == 0, said.err
    return said.out


@pytest.fixture
def seed(project: Path) -> Path:
    """A folder with the project and its pictures."""
    if not disks._namespace():
        pytest.skip("no disks can be mounted here")
    return project.parent


@pytest.mark.slow
@pytest.mark.parametrize("what", ["full disk", "full export"])
def test_a_full_disk(
    tmp_path_factory: pytest.TempPathFactory,
    seed: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    disk = tmp_path_factory.mktemp("full") / "disk"
    monkeypatch.setenv("HPE_STUDIO_HOME", str(disk / "home"))
    monkeypatch.chdir(REPOSITORY)
    said = _on_disk(what, disk, seed=seed, kind="full")
    assert said.endswith("done\n")


@pytest.mark.slow
def test_a_read_only_disk(
    tmp_path_factory: pytest.TempPathFactory,
    seed: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path_factory.mktemp("protected")
    monkeypatch.chdir(REPOSITORY)
    copy = folder / "copy.hpes"
    said = _on_disk("read only", folder / "disk", copy, seed=seed, kind="read-only")
    assert said.endswith("done\n")


@pytest.mark.parametrize("has_room", [True, False])
def test_edits_that_found_no_room_hold_the_window_open_once(
    opened: StudioDriver, project: Path, has_room: bool
) -> None:
    connection = opened.session.project._writer._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with opened.document.edit("Large") as edit:
        edit.put(Setting(name="big", value="x" * WAIT_BELOW_BYTES))
    opened.wait_until(lambda: "disk is full" in opened.toast, "a sentence")
    opened.press("Ctrl+W")
    opened.settle()
    assert opened.window.session is not None
    assert "close again to give the edits up" in opened.toast
    assert opened.window.findChildren(QPushButton)
    if has_room:
        connection.execute("PRAGMA max_page_count = 1000000")
    opened.press("Ctrl+W")
    assert opened.window.session is None
    opened.open_clip(project)
    assert (opened.document.setting("big") is not None) == has_room


# Footage ---------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look after footage ten times as often."""
    monkeypatch.setattr(footage_watch, "LOOKED_EVERY_S", 0.05)


def _movie(path: Path, number: int = 0) -> Path:
    def grey(frame: int) -> np.ndarray:
        return np.full((96, 128, 3), 40 + 3 * frame + 90 * number, np.uint8)

    return write_movie(path, "libx264", size=(128, 96), frames=20, picture=grey)


def _edit(driver: StudioDriver, label: str) -> None:
    assert driver.session.perform(
        label, lambda edit: edit.put(Setting(name=label, value=1))
    )
    assert driver.document.history.undo_label == label


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("how", ["renamed", "deleted", "replaced", "unmounted"])
def test_a_movie_that_goes_is_said_and_comes_back(
    studio: StudioDriver, tmp_path: Path, how: str
) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    clip, kept = _movie(folder / "clip.mp4"), tmp_path / "kept.mp4"
    other = _movie(tmp_path / "other.mp4", 1)
    studio.open_clip(clip)
    shutil.copy2(clip, kept)
    if how == "renamed":
        clip.rename(folder / "moved.mp4")
    elif how == "deleted":
        clip.unlink()
    elif how == "replaced":
        other.replace(clip)
    else:
        folder.rename(tmp_path / "gone")
        folder.mkdir()
    studio.wait_until(lambda: studio.session.footage is None, "the loss to be seen")
    said = "was replaced by" if how == "replaced" else "is not there any more"
    assert said in studio.toast
    assert "clip.mp4" in studio.toast
    assert "locate it" in studio.toast
    card = studio.video.no_footage
    assert card is not None
    assert card.isVisible()
    assert not studio.window.actions_["run"].isEnabled()
    assert studio.window.actions_["locate"].isEnabled()
    studio.scrub_to(13)
    studio.settle()
    if how != "unmounted":
        _edit(studio, "Without footage")
    else:
        folder.rmdir()
        (tmp_path / "gone").rename(folder)
    shutil.copy2(kept, clip)
    studio.wait_until(lambda: studio.session.footage is not None, "its return")
    studio.wait_idle()
    assert studio.video.no_footage is None
    assert studio.video.shown_frame == 13
    assert studio.session.loader is not None
    picture = studio.session.loader.cached(13)
    assert picture is not None
    assert not picture.missing
    assert picture.rgb.mean() == pytest.approx(40 + 3 * 13, abs=4)
    assert studio.window.actions_["run"].isEnabled()
    _edit(studio, "With footage")


@pytest.mark.usefixtures("quick")
def test_moved_footage_is_located_while_the_project_is_open(
    studio: StudioDriver, tmp_path: Path
) -> None:
    clip = _movie(tmp_path / "clip.mp4")
    studio.open_clip(clip)
    moved = clip.rename(tmp_path / "moved.mp4")
    studio.wait_until(lambda: studio.session.footage is None, "the loss to be seen")
    studio.window.locate_footage(moved)
    studio.wait_idle()
    assert studio.video.no_footage is None
    assert studio.document.clip.path == moved
    moved.unlink()  # the new place is looked after
    studio.wait_until(lambda: studio.session.footage is None, "the next loss")
    assert "moved.mp4 is not there" in studio.toast


@pytest.mark.usefixtures("quick")
def test_images_that_go_are_said_and_never_taken_for_empty_ones(
    opened: StudioDriver, images: Path
) -> None:
    footage = opened.session.footage
    assert footage is not None
    away = images.rename(images.with_name("away"))
    opened.wait_until(lambda: opened.session.footage is None, "the loss to be seen")
    assert "walk is not there any more" in opened.toast
    with pytest.raises(Exception, match="is not there any more"):
        list(footage.iterate_rgb(0, FRAMES))
    opened.rename("Person A", "Ravi")
    assert opened.session.persons[0].name == "Ravi"
    away.rename(images)
    opened.wait_until(lambda: opened.session.footage is not None, "its return")
    opened.scrub_to(30)
    opened.wait_idle()
    assert opened.video.shown_frame == 30


@pytest.mark.usefixtures("quick")
def test_one_image_that_lacks_is_a_frame_that_lacks(
    opened: StudioDriver, images: Path
) -> None:
    (images / "0020.png").unlink()
    opened.scrub_to(35)
    opened.wait_idle()
    opened.session.view.frame = 20
    opened.wait_idle()
    assert opened.session.footage is not None
    assert opened.video.shown_frame == 20
    cv2.imwrite(str(images / "0020.png"), np.zeros((240, 320, 3), np.uint8))
    assert opened.session.footage is not None


def test_a_run_without_footage_offers_to_locate_it(
    studio: StudioDriver, images: Path, project: Path
) -> None:
    images.rename(images.with_name("away"))
    studio.open_clip(project)
    studio.window.start_run(EstimateOptions())
    assert studio.toast == "The footage is not at hand"
    assert not studio.window.jobs.running
    words = [b.text() for b in studio.window.findChildren(QPushButton) if b.isVisible()]
    assert any(word.startswith("Locate footage") for word in words)
