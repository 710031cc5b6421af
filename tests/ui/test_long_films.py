"""Films of hours: a picture at once, frames in reach, shots as they are finished."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from hpe_studio.core.jobs import Job, Progress
from hpe_studio.core.tables import Setting
from hpe_studio.media import indexing, indexstore
from hpe_studio.media.shotstore import SignalStore
from hpe_studio.storage.writer import WAIT_BELOW_BYTES
from hpe_studio.ui import opening
from hpe_studio.workflow import films
from hpe_studio.workflow.estimate import EstimateOptions, EstimateResult
from tests.clips import read_code
from tests.driver import StudioDriver
from tests.longfilm import GOP, long_film
from tests.processes import PATIENCE_S
from tests.ui.conftest import CUT, FRAMES
from tests.workflow.found_shots import result_of, shot_found

FILM_FRAMES = 2500
SHOTS = ((0, CUT), (CUT, FRAMES))


@pytest.fixture
def film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A film that counts as long and that nobody has read yet."""
    source = long_film(FILM_FRAMES, size=(320, 240))
    path = Path(shutil.copy(source, tmp_path / "film.mp4"))
    monkeypatch.setattr(films, "LONG_FROM_BYTES", 1000)
    indexstore._remembered.clear()
    yield path
    indexstore._remembered.clear()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Reading stands still after a third of the film until the event is set."""
    go_on = threading.Event()
    demux = indexing.demux

    def slow(container, stream):
        for number, packet in enumerate(demux(container, stream)):
            if number == 1500:
                assert go_on.wait(PATIENCE_S)
            yield packet

    monkeypatch.setattr(indexing, "demux", slow)
    yield go_on
    go_on.set()


def test_a_film_shows_its_first_part_while_it_is_read(
    studio: StudioDriver, film: Path, held: threading.Event
) -> None:
    window = studio.window
    assert window.open_path(film)
    page = window.reader.page
    assert page is not None
    studio.wait_until(lambda: page.picture.has_picture, "the first picture")
    assert window.session is None, "there is nothing to edit yet"
    assert not window.actions_["run"].isEnabled()
    assert "Reading" in window.jobs.running[0].progress.text
    QTest.keyClick(page.strip, Qt.Key.Key_End)
    last = page.strip.frame
    assert 800 < last < 1500, "only what is known can be reached"
    QTest.keyClick(page.strip, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert page.strip.frame == last - 10
    held.set()
    studio.wait_until(lambda: studio.window.session is not None, "the project")
    assert studio.document.clip.frame_count == FILM_FRAMES
    assert studio.frame == last - 10, "one goes on where one was"
    assert window.reader.page is None


def test_reading_can_be_given_up(
    studio: StudioDriver, film: Path, held: threading.Event
) -> None:
    window = studio.window
    assert window.open_path(film)
    page = window.reader.page
    assert page is not None
    studio.click(page.cancel, 10, 10)
    held.set()
    assert window.reader.page is None
    assert window.start_page.isVisible()
    studio.wait_until(lambda: not window.jobs.running, "the end of the job")
    studio.settle()
    assert window.session is None
    assert not film.with_suffix(".hpes").exists()


def test_what_is_open_stays_when_reading_is_given_up(
    opened: StudioDriver, film: Path, held: threading.Event
) -> None:
    before = opened.session
    assert opened.window.open_path(film)
    assert opened.window.session is None, "keys must not act on what is not seen"
    assert opened.window.reader.page is not None
    opened.window.reader.stop()
    held.set()
    assert opened.session is before
    opened.step(2)
    assert opened.frame == 2


def test_a_damaged_film_says_so_and_nothing_is_opened(
    studio: StudioDriver, film: Path
) -> None:
    film.write_bytes(film.read_bytes()[:4000])
    studio.window.open_path(film)
    studio.wait_until(lambda: bool(studio.toast), "a sentence")
    assert film.name in studio.toast
    assert studio.window.reader.page is None
    assert studio.window.session is None


def test_a_film_that_was_read_opens_at_once_and_any_frame_is_exact(
    studio: StudioDriver, film: Path
) -> None:
    studio.window.open_path(film)
    studio.wait_until(lambda: studio.window.session is not None, "the project")
    studio.window.close_session()
    indexstore._remembered.clear()
    assert list((films.data_folder() / "indices").iterdir())
    assert studio.window.open_path(film)
    assert studio.window.session is not None, "not read again"
    for frame in (FILM_FRAMES - 1, 1234, 0, 1777):
        studio.scrub_to(frame)
        shown = studio.frame
        studio.wait_until(lambda: studio.video.is_still, "the picture")
        picture = studio.session.loader.cached(shown)
        assert picture is not None
        assert read_code(picture.rgb) == shown % GOP


class _Run:
    """A run of two shots that goes on when it is told to."""

    def __init__(self) -> None:
        self.go_on = [threading.Event(), threading.Event()]
        self.finished: object = None

    def job(self, *_given: object, **named: object) -> Job[EstimateResult]:
        self.finished = named["finished"]
        people = []
        for number, event in enumerate(self.go_on, start=1):
            while not event.is_set():
                time.sleep(0.005)
                yield Progress(done=number, total=3, text=f"shot {number} of 2")
            found = shot_found(SHOTS, number, [0, 1])
            people += found.result.people
            yield Progress(done=number, total=3, partial=found)
        return result_of(SHOTS, people)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Run]:
    made = _Run()
    monkeypatch.setattr(opening, "estimate_job", made.job)
    monkeypatch.setattr(opening, "run_of", lambda *_: "synthetic")
    yield made
    for event in made.go_on:
        event.set()


def test_a_finished_shot_is_there_and_editable_while_the_run_goes_on(
    studio: StudioDriver, images: Path, run: _Run
) -> None:
    studio.open_clip(images)
    studio.window.start_run(EstimateOptions())
    run.go_on[0].set()
    studio.wait_until(lambda: len(studio.session.persons) == 2, "the first shot")
    assert studio.window.jobs.running, "the run goes on"
    studio.settle()
    studio.rename("Person A", "Dancer")
    studio.settle()
    run.go_on[1].set()
    studio.wait_idle()
    assert [p.name for p in studio.session.persons] == ["Dancer", "Person B"]
    assert len(studio.document.tracks_of(studio.person("Dancer").id)) == 2
    assert studio.toast.startswith("Found 2 people")
    assert studio.menu_text("undo") == "Undo smooth, shot 2 of 2"


def test_a_shot_waits_for_the_end_of_a_gesture(
    studio: StudioDriver, images: Path, run: _Run
) -> None:
    studio.open_clip(images)
    studio.window.start_run(EstimateOptions())
    edit = studio.document.begin_edit("Turn")
    run.go_on[0].set()
    run.go_on[1].set()
    studio.wait_until(lambda: not studio.window.jobs.running, "the end of the run")
    assert not studio.session.persons
    edit.abort()
    studio.wait_until(lambda: len(studio.document.tracks) == 4, "both shots")
    assert studio.toast.startswith("Found 2 people")


def test_stop_keeps_finished_shots_and_run_leaves_them_out(
    studio: StudioDriver, images: Path, run: _Run
) -> None:
    studio.open_clip(images)
    studio.window.start_run(EstimateOptions())
    run.go_on[0].set()
    studio.wait_until(lambda: len(studio.session.persons) == 2, "the first shot")
    studio.window.status.pill.cancel()
    studio.wait_until(lambda: not studio.window.jobs.running, "the end")
    assert len(studio.document.tracks) == 2
    assert studio.toast.startswith("Stopped after 1 of 2 shots")
    studio.window.start_run(EstimateOptions())
    studio.wait_until(lambda: run.finished is not None, "the next run")
    assert list(run.finished) == [SHOTS[0]]


def test_stop_and_drop_forgets_what_was_seen(
    studio: StudioDriver, images: Path, run: _Run
) -> None:
    studio.open_clip(images)
    studio.window.start_run(EstimateOptions())
    run.go_on[0].set()
    studio.wait_until(lambda: len(studio.session.persons) == 2, "the first shot")
    pill = studio.window.status.pill
    pill.show_list()
    drop = pill.list.rows[0].drop
    assert drop is not None
    studio.click(drop, 8, 8)
    studio.wait_until(lambda: not studio.window.jobs.running, "the end")
    assert studio.toast == "Stopped; 1 finished shot is kept"
    assert len(studio.session.finds) == 0
    assert len(studio.session.persons) == 2


def test_a_large_edit_that_finds_no_room_can_be_tried_again(
    opened: StudioDriver,
) -> None:
    writer = opened.session.project._writer
    connection = writer._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    assert not opened.window.actions_["write_again"].isEnabled()
    with opened.document.edit("Large") as edit:
        edit.put(Setting(name="big", value="x" * WAIT_BELOW_BYTES))
    opened.wait_until(lambda: "disk is full" in opened.toast, "a sentence")
    assert "try again, or save a copy" in opened.toast
    words = {b.text() for b in opened.window.findChildren(QPushButton)}
    assert {"Try again to save", "Save a copy as"} <= {w.rstrip("…") for w in words}
    connection.execute("PRAGMA max_page_count = 1000000")
    button = next(
        b
        for b in opened.window.findChildren(QPushButton)
        if b.text() == "Try again to save" and b.isVisible()
    )
    opened.click(button, 10, 10)
    assert opened.toast.startswith("All edits are kept")
    assert not opened.session.project.has_unwritten


def test_a_run_takes_the_search_for_cuts_over(
    studio: StudioDriver, film: Path, run: _Run
) -> None:
    studio.window.open_path(film)
    studio.wait_until(lambda: studio.window.session is not None, "the project")
    (search,) = studio.window.jobs.running
    studio.wait_until(lambda: search.progress.done > 300, "cuts being looked for")
    assert studio.window.actions_["run"].isEnabled()
    studio.window.start_run(EstimateOptions())
    assert search.wait(0.0), "it has ended before the run begins"
    studio.wait_until(lambda: len(studio.window.jobs.running) == 1, "one job")
    assert not studio.window.actions_["run"].isEnabled()
    (kept,) = (films.data_folder() / "runs").glob("*.cuts")
    assert len(SignalStore(kept).load().frames) > 250, "the run goes on from there"


def test_dropping_a_run_keeps_finished_shots(
    studio: StudioDriver, images: Path, run: _Run
) -> None:
    studio.open_clip(images)
    studio.window.start_run(EstimateOptions())
    run.go_on[0].set()
    studio.wait_until(lambda: len(studio.session.persons) == 2, "the first shot")
    (job,) = studio.window.jobs.running
    job.cancel(keep=False)
    studio.wait_until(lambda: not studio.window.jobs.running, "the end")
    assert len(studio.document.tracks) == 2
    assert studio.toast.startswith("Stopped; 1 finished shot is kept")
