"""Films of hours: known after one reading, every frame exact, cuts found bit by bit."""

from __future__ import annotations

import random
import shutil
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.jobs import run_job
from hpe_studio.media import indexing, indexstore, open_footage
from hpe_studio.media.footage import file_fingerprint
from hpe_studio.media.indexstore import IndexStore
from hpe_studio.media.movie import MovieFootage, read_index
from hpe_studio.media.shots import find_shots
from hpe_studio.media.shotstore import SignalStore
from tests import clips
from tests.longfilm import FRAMES, GOP, long_film

SHORT = 2500


@pytest.fixture(autouse=True)
def _forgetful():
    indexstore._remembered.clear()
    yield
    indexstore._remembered.clear()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return Path(shutil.copy(long_film(SHORT, size=(320, 240)), tmp_path / "film.mp4"))


@pytest.fixture
def store(tmp_path: Path) -> IndexStore:
    return IndexStore(tmp_path / "indices")


def is_same(a, b) -> bool:
    names = ("times_s", "keys", "frames", "orders", "runs")
    return all(np.array_equal(getattr(a, n), getattr(b, n)) for n in names)


def test_any_frame_of_a_two_hour_film_is_exact() -> None:
    footage = open_footage(long_film())
    assert footage.frame_count == FRAMES
    assert footage.clip.times_s[-1] == pytest.approx((FRAMES - 1) * 1001 / 24000)
    rng = random.Random(0)
    for frame in [FRAMES - 1, 0, *(rng.randrange(FRAMES) for _ in range(12))]:
        assert clips.read_code(footage.read_rgb(frame)) == frame % GOP
    footage.close()


def test_an_index_is_a_few_arrays() -> None:
    tracemalloc.start()
    index = run_job(read_index(long_film()))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert index.frame_count == FRAMES
    assert held < 40 * FRAMES


def test_a_film_is_read_once(film: Path, store: IndexStore, monkeypatch) -> None:
    first = run_job(read_index(film, store))
    indexstore._remembered.clear()
    monkeypatch.setattr(indexing, "demux", None)  # reading again would fail
    again = run_job(read_index(film, store))
    assert is_same(first, again)
    footage = open_footage(film, indices=store)
    assert clips.read_code(footage.read_rgb(1777)) == 1777 % GOP


def test_another_film_under_the_same_name_is_read_again(
    film: Path, store: IndexStore, tmp_path: Path
) -> None:
    run_job(read_index(film, store))
    indexstore._remembered.clear()
    stat = film.stat()
    shutil.copy(long_film(3000, size=(320, 240)), film)
    import os

    os.utime(film, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert run_job(read_index(film, store)).frame_count == 3000


@pytest.mark.parametrize("at", [3, 20, 60, 5000, -1])
def test_a_damaged_index_is_as_good_as_none(
    film: Path, store: IndexStore, tmp_path: Path, at: int
) -> None:
    first = run_job(read_index(film, store))
    indexstore._remembered.clear()
    (path,) = (tmp_path / "indices").iterdir()
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)
    assert store.load(film, file_fingerprint(film)) is None
    assert is_same(run_job(read_index(film, store)), first)


def test_an_index_with_a_sum_that_fits_but_numbers_that_do_not(
    film: Path, store: IndexStore, tmp_path: Path
) -> None:
    index = run_job(read_index(film, store))
    (path,) = (tmp_path / "indices").iterdir()
    from dataclasses import replace

    for change in (
        {"frames": index.frames + 1},
        {"keys": index.keys[::-1]},
        {"times_s": index.times_s * np.nan},
        {"runs": index.runs + FRAMES},
    ):
        indexstore._remembered.clear()
        path.write_bytes(indexstore._encoded(replace(index, **change)))
        assert store.load(film, file_fingerprint(film)) is None
    path.write_bytes(path.read_bytes()[:100])
    assert store.load(film, file_fingerprint(film)) is None


def test_a_store_that_cannot_be_written_harms_nobody(film: Path) -> None:
    blocked = film.with_suffix(".folder")
    blocked.write_text("a file where the folder would be")
    footage = open_footage(film, indices=IndexStore(blocked))
    assert footage.frame_count == SHORT


def test_the_first_part_is_exact_while_the_rest_is_read(
    film: Path, monkeypatch
) -> None:
    monkeypatch.setattr(indexing, "_PART_EVERY_S", 0.0)
    told = []
    whole = run_job(read_index(film), on_progress=told.append)
    parts = [p.partial for p in told if p.partial is not None]
    assert [p.fraction for p in told] == sorted(p.fraction for p in told)
    assert len(parts) >= 2
    for part in parts:
        assert np.array_equal(part.times_s, whole.times_s[: part.frame_count])
    footage = MovieFootage(film, index=parts[0])
    last = footage.frame_count - 1
    assert last > 500
    for frame in (last, 0, last // 2):
        assert clips.read_code(footage.read_rgb(frame)) == frame % GOP
    with pytest.raises(IndexError):
        footage.read_rgb(last + 1)


@pytest.mark.parametrize(
    "make", [clips.open_gop, clips.open_gop_h264, clips.vp9_in_mp4]
)
def test_the_first_part_of_awkward_movies_is_exact(
    make, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(indexing, "_PART_EVERY_S", 0.0)
    monkeypatch.setattr(indexing, "_STEP_PACKETS", 1)
    path, told = make(tmp_path), []
    run_job(read_index(path), on_progress=told.append)
    parts = [p.partial for p in told if p.partial is not None]
    assert parts or make is clips.vp9_in_mp4, "has three keyframes"
    for part in parts[:: max(1, len(parts) // 4)]:
        footage = MovieFootage(path, index=part)
        seen = [clips.read_code(rgb) for _, rgb in footage.iterate_rgb(0, 10**6)]
        assert seen == list(range(part.frame_count))
        footage.close()


def _colours(frame: int):
    """Three places, cut at 90 and 200, with something that moves."""
    rng = np.random.default_rng(0 if frame < 90 else 1 if frame < 200 else 2)
    tint = rng.integers(30, 220, 3)
    texture = rng.integers(0, 30, (15, 20, 3)).repeat(16, 0).repeat(16, 1)
    rgb = np.clip(tint + texture, 0, 255).astype(np.uint8)
    rgb[100:140, 2 * (frame % 140) : 2 * (frame % 140) + 30] = 255
    return rgb


def test_a_stopped_search_for_cuts_goes_on_to_the_same_result(
    tmp_path: Path, monkeypatch
) -> None:
    path = clips.write_movie(
        tmp_path / "cuts.mp4", "libx264", frames=300, gop=50, picture=_colours
    )
    footage = open_footage(path)
    whole = run_job(find_shots(footage))
    assert whole.ranges == ((0, 90), (90, 200), (200, 300))
    store = SignalStore(tmp_path / "kept.cuts")
    for stop in (205, 250):  # stopped twice, the first time just behind a cut
        job = find_shots(footage, store)
        for _ in range(stop):
            progress = next(job)
            if progress.done >= stop:
                break
        job.close()
    kept = store.load()
    assert kept.frames == list(range(250))
    job = find_shots(footage, store)
    assert next(job).done > 200, "what was measured is not measured again"
    assert run_job(job) == whole
    assert not (tmp_path / "kept.cuts").exists()


@pytest.mark.parametrize(
    "content", [b"", b"\x80", b"\xc1garbage", b"\x81\xa6frames\x01"]
)
def test_damaged_signals_are_measured_again(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kept.cuts"
    path.write_bytes(content)
    assert SignalStore(path).load().frames == []
