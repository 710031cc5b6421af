"""Long films and background work from the library's side."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from hpe_studio.core.errors import CancelledByUser
from hpe_studio.core.jobs import Progress, run_job
from hpe_studio.media import indexstore, open_footage
from hpe_studio.media.loader import FrameLoader
from hpe_studio.storage.project import create_project
from hpe_studio.workflow import films
from hpe_studio.workflow.opening import open_path
from hpe_studio.workflow.shots import giving_way
from tests import clips
from tests.longfilm import GOP, long_film
from tests.processes import PATIENCE_S, wait_until

FRAMES = 2500


@pytest.fixture
def film(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(films, "LONG_FROM_BYTES", 1000)
    indexstore._remembered.clear()
    return Path(shutil.copy(long_film(FRAMES, size=(320, 240)), tmp_path / "film.mp4"))


def test_a_project_knows_the_film_that_has_to_be_read_first(
    film: Path, tmp_path: Path
) -> None:
    assert films.unread_film(film) == film
    footage = open_footage(film)
    project = create_project(tmp_path / "p.hpes", footage.clip)
    assert films.unread_film(tmp_path / "p.hpes") == film, "while it is open, too"
    project.close()
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    shutil.move(tmp_path / "p.hpes", moved / "p.hpes")
    shutil.move(film, moved / "film.mp4")
    assert films.unread_film(moved / "p.hpes") == moved / "film.mp4"
    run_job(films.read_film(moved / "film.mp4"))
    assert films.unread_film(moved / "p.hpes") is None
    opened = open_path(moved / "p.hpes")
    assert opened.footage is not None
    assert clips.read_code(opened.footage.read_rgb(1777)) == 1777 % GOP
    opened.close()


def test_what_cannot_be_read_is_left_to_opening(film: Path, tmp_path: Path) -> None:
    for name, content in (("a.hpes", b"no project"), ("a.txt", b"x" * 2000)):
        (tmp_path / name).write_bytes(content)
    assert films.unread_film(tmp_path / "a.hpes") is None
    assert films.unread_film(tmp_path / "missing.mp4") is None
    assert films.unread_film(tmp_path) is None


def test_the_library_gets_every_frame_at_once(film: Path) -> None:
    opened = open_path(film)
    assert opened.project.document.clip.frame_count == FRAMES
    opened.close()


def test_background_work_rests_while_something_is_urgent() -> None:
    def job():
        for done in range(5):
            yield Progress(done=done, total=5)
        return "found"

    urgent = iter([True] * 10 + [False] * 100)
    told: list[float] = []
    result = run_job(
        giving_way(job(), lambda: next(urgent)),
        on_progress=lambda p: told.append(p.done),
    )
    assert result == "found"
    assert told == [0] * 11 + [1, 2, 3, 4]
    with pytest.raises(CancelledByUser):  # also while it rests
        run_job(giving_way(job(), lambda: True), is_cancelled=lambda: True)


def test_pictures_of_play_are_ready_before_they_fall_due(film: Path) -> None:
    footage = open_footage(film)
    came: list[int] = []
    arrived = threading.Event()

    def on_ready(picture) -> None:
        came.append(picture.frame)
        arrived.set()

    loader = FrameLoader(footage, on_ready)
    try:
        assert not loader.is_busy
        for frame in range(100, 108):
            arrived.clear()
            loader.request(frame, direction=1)
            assert loader.is_busy
            assert arrived.wait(PATIENCE_S)
            wait_until(lambda f=frame: loader.ready(f + 1), "the next picture")
            picture = loader.ready(frame + 1)
            assert picture is not None
            assert clips.read_code(picture.rgb) == (frame + 1) % GOP
        assert came == list(range(100, 108))
        assert sum(loader.ready(f) is not None for f in range(FRAMES)) <= 4
    finally:
        loader.close()
        footage.close()
