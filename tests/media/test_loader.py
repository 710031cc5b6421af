"""The loader: latest request wins, memory is bounded, backward play is smooth."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hpe_studio.media import open_footage
from hpe_studio.media.decoding import MovieReader
from hpe_studio.media.footage import Native
from hpe_studio.media.framecache import FrameCache
from hpe_studio.media.loader import FrameLoader, Picture
from hpe_studio.media.movie import MovieFootage
from tests import clips
from tests.processes import PATIENCE_S, wait_until

FRAME_BYTES = 384 * 240 * 3 // 2  # the decoder pads rows of 320 pixels to 384


class Screen:
    """Takes pictures as a window would and can wait for one."""

    def __init__(self) -> None:
        self.shown: list[Picture] = []
        self._came = threading.Condition()

    def show(self, picture: Picture) -> None:
        with self._came:
            self.shown.append(picture)
            self._came.notify_all()

    def wait_for(self, frame: int, timeout_s: float = PATIENCE_S) -> Picture:
        with self._came:
            came = self._came.wait_for(
                lambda: self.shown and self.shown[-1].frame == frame, timeout_s
            )
            assert came, f"frame {frame} never came"
            return self.shown[-1]

    @property
    def numbers(self) -> list[int]:
        return [picture.frame for picture in self.shown]


@pytest.fixture(scope="module")
def long_gop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clips.bframes_gop250(tmp_path_factory.mktemp("clips"))


@pytest.fixture
def footage(long_gop: Path) -> Iterator[MovieFootage]:
    opened = open_footage(long_gop)
    assert isinstance(opened, MovieFootage)
    yield opened
    opened.close()
    assert not [t for t in threading.enumerate() if t.name == "frame loader"]


@pytest.fixture
def screen() -> Screen:
    return Screen()


def test_each_request_brings_its_own_frame(
    footage: MovieFootage, screen: Screen
) -> None:
    loader = FrameLoader(footage, screen.show)
    rng = random.Random(2)
    for frame in [rng.randrange(300) for _ in range(20)]:
        loader.request(frame)
        picture = screen.wait_for(frame)
        assert clips.read_code(picture.rgb) == frame
        assert not picture.missing
        assert not picture.rgb.flags.writeable
    loader.close()


def test_a_burst_is_answered_by_its_last_request_alone(
    footage: MovieFootage, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader = FrameLoader(footage, screen.show)
    loader.request(0)
    screen.wait_for(0)
    decoded = _count_decoded(monkeypatch)
    with loader._changed:  # faster than the loader can look
        for frame in range(290, 40, -1):
            loader.request(frame)
    screen.wait_for(41)
    loader.close()
    assert screen.numbers == [0, 41]
    # Not the 250 decodings of up to 250 frames each that were asked for.
    assert len(decoded) < 250


def test_stale_answers_are_dropped(
    footage: MovieFootage, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    plain = MovieReader.next_frame

    def held(self: MovieReader) -> Native | None:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return plain(self)

    monkeypatch.setattr(MovieReader, "next_frame", held)
    loader = FrameLoader(footage, screen.show)
    for first, last in [(240, 5), (249, 3), (235, 7)]:
        begun.clear()
        go_on.clear()
        loader.request(first)
        assert begun.wait(PATIENCE_S)  # decoding has begun, but is far from done
        loader.request(last)
        go_on.set()
        screen.wait_for(last)
    assert screen.numbers == [5, 3, 7]
    loader.close()


@pytest.mark.parametrize("frames_kept", [400, 128, 40])
def test_playing_backward_decodes_each_gop_few_times(
    frames_kept: int,
    footage: MovieFootage,
    screen: Screen,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decoded = _count_decoded(monkeypatch)
    loader = FrameLoader(footage, screen.show, cache_bytes=frames_kept * FRAME_BYTES)
    for frame in range(249, -1, -1):
        loader.request(frame, direction=-1)
        assert clips.read_code(screen.wait_for(frame).rgb) == frame
    loader.close()
    assert screen.numbers == list(range(249, -1, -1))
    # Stretch by stretch: 250 once when all fit; each further pass starts at the key.
    stretch = frames_kept - 8
    passes = [250 - i * stretch for i in range(-(-250 // stretch))]
    assert len(decoded) <= sum(passes) + 30
    assert loader._cache.held_bytes == 0


def test_backward_play_never_waits_after_the_first_frame(
    footage: MovieFootage, screen: Screen
) -> None:
    loader = FrameLoader(footage, screen.show, cache_bytes=128 * FRAME_BYTES)
    loader.request(249, direction=-1)
    screen.wait_for(249)
    late = []
    for frame in range(248, -1, -1):
        wait_until(lambda: _is_at_rest(loader), "the loader to have read ahead")
        if loader.cached(frame) is None:
            late.append(frame)
        loader.request(frame, direction=-1)
        screen.wait_for(frame)
    loader.close()
    assert late == []


def test_forward_play_is_read_ahead(footage: MovieFootage, screen: Screen) -> None:
    loader = FrameLoader(footage, screen.show)
    loader.request(10, direction=1)
    screen.wait_for(10)
    wait_until(lambda: loader.cached(40) is not None, "the frames ahead")
    ahead = [loader.cached(frame) for frame in range(11, 41)]
    assert [clips.read_code(p.rgb) for p in ahead if p] == list(range(11, 41))
    loader.close()


def test_memory_stays_within_its_bound(footage: MovieFootage, screen: Screen) -> None:
    limit = 20 * FRAME_BYTES
    loader = FrameLoader(footage, screen.show, cache_bytes=limit)
    rng = random.Random(3)
    for direction in (1, -1, 0):
        for _ in range(12):
            frame = rng.randrange(300)
            loader.request(frame, direction)
            screen.wait_for(frame)
            assert loader._cache.held_bytes <= limit
    loader.close()


def test_synchronous_answers_come_in_the_callers_thread(
    footage: MovieFootage, screen: Screen
) -> None:
    threads = []
    loader = FrameLoader(
        footage,
        lambda picture: (screen.show(picture), threads.append(threading.get_ident())),
    )
    loader.run_synchronously()
    for frame in (100, 99, 101, 250, 0):
        loader.request(frame, -1)
        assert clips.read_code(screen.shown[-1].rgb) == frame
    assert set(threads) == {threading.get_ident()}
    assert clips.read_code(loader.cached(0).rgb) == 0  # type: ignore[union-attr]
    loader.close()


def test_requests_outside_the_clip_are_clamped(
    footage: MovieFootage, screen: Screen
) -> None:
    loader = FrameLoader(footage, screen.show)
    loader.run_synchronously()
    loader.request(-5)
    loader.request(10**6)
    assert screen.numbers == [0, 299]
    loader.close()


def test_lost_footage_is_a_message_and_the_thread_lives(
    tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = clips.write_movie(tmp_path / "gone.mp4", "libx264", frames=40, gop=10)
    footage = open_footage(path)
    loader = FrameLoader(footage, screen.show)
    away = path.rename(tmp_path / "away.mp4")
    loader.request(30)
    picture = screen.wait_for(30)
    assert picture.missing
    assert "gone.mp4" in picture.message
    assert picture.rgb.shape == (240, 320, 3)
    away.rename(path)
    loader.request(31)
    assert clips.read_code(screen.wait_for(31).rgb) == 31
    loader.close()
    footage.close()


def test_a_missing_image_shows_the_last_good_one(
    tmp_path: Path, screen: Screen
) -> None:
    import cv2

    for number in (0, 1, 4):
        picture = clips.coded_picture(number)[..., ::-1]
        cv2.imwrite(str(tmp_path / f"{number}.png"), picture.copy())
    footage = open_footage(tmp_path)
    loader = FrameLoader(footage, screen.show)
    loader.request(3, direction=1)
    shown = screen.wait_for(3)
    assert (clips.read_code(shown.rgb), shown.missing) == (1, True)
    assert shown.message
    loader.close()


def test_a_decoder_that_fails_unexpectedly_is_told_once_and_replaced(
    footage: MovieFootage,
    screen: Screen,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    loader = FrameLoader(footage, screen.show)
    monkeypatch.setattr(loader, "_reader", _Broken())
    loader.request(7)
    assert screen.wait_for(7).missing
    loader.request(8)
    assert clips.read_code(screen.wait_for(8).rgb) == 8
    assert "decoding frame 7 failed" in caplog.text
    loader.close()


def test_after_close_nothing_is_answered(footage: MovieFootage, screen: Screen) -> None:
    loader = FrameLoader(footage, screen.show)
    loader.request(3)
    loader.close()
    seen = len(screen.shown)
    loader.request(4)
    time.sleep(0.05)
    assert len(screen.shown) == seen
    assert loader.cached(3) is None
    loader.close()


def _is_at_rest(loader: FrameLoader) -> bool:
    with loader._changed:
        is_answered = loader._answered == loader._request.generation
        return is_answered and not loader._due_next() and not loader._wants_more()


class _Broken:
    position = 0

    def approach(self, frame: int) -> None:
        raise MemoryError("no memory left")

    def close(self) -> None: ...


def _count_decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    decoded: list[int] = []
    plain = MovieReader.next_frame

    def counting(self: MovieReader) -> Native | None:
        native = plain(self)
        if native is not None:
            decoded.append(native.frame)
        return native

    monkeypatch.setattr(MovieReader, "next_frame", counting)
    return decoded


def native(frame: int) -> Native:
    return Native(frame=frame, planes=None, byte_count=10)


def test_cache_at_rest_keeps_what_is_nearest() -> None:
    cache = FrameCache(50)
    cache.aim(10, 0)
    for frame in range(20):
        cache.offer(native(frame))
    assert [f for f in range(20) if f in cache] == [8, 9, 10, 11, 12]
    assert cache.held_bytes == 50


def test_cache_in_play_gives_up_what_lies_behind() -> None:
    cache = FrameCache(50)
    cache.aim(10, -1)
    for frame in (*range(10, 15), *range(10)):
        cache.offer(native(frame))
    assert [f for f in range(20) if f in cache] == [8, 9, 10, 11, 12]
    assert not cache.has_room_for(7)
    cache.aim(5, -1)
    assert cache.has_room_for(4)
    assert cache.offer(native(4))
    assert [f for f in range(20) if f in cache] == [4, 8, 9, 10, 11]


def test_a_frame_bigger_than_the_cache_is_still_shown() -> None:
    cache = FrameCache(5)
    cache.aim(3, 0)
    assert not cache.offer(native(2))
    assert cache.offer(native(3))
