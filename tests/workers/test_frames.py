"""Ranges of frames over several processes: each frame once, whatever happens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from functools import partialmethod
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.errors import StudioError
from hpe_studio.workers.frames import AHEAD, FrameAnswer, Parts, work_through
from hpe_studio.workers.host import Worker
from tests.processes import is_running

SCRIPT = Path(__file__).with_name("frame_script.py")


class Numbers:
    """Footage whose every pixel says the frame's number."""

    def __init__(self, count: int, *, missing: tuple[int, ...] = ()) -> None:
        self.frame_count = count
        self.size_px = (32, 24)
        self.missing = missing
        self.asked: list[int] = []

    def iterate_rgb(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        for frame in range(start, min(stop, self.frame_count)):
            self.asked.append(frame)
            if frame not in self.missing:
                wider = frame // 100  # pictures may change their size
                yield frame, np.full((24, 32 + wider, 3), frame % 256, np.uint8)


def run(
    frames: Numbers, *, workers: int = 2, start: int = 0, stop: int = 0, **options: Any
) -> list[FrameAnswer]:
    def make_worker(shared_size: int) -> Worker:
        return Worker(SCRIPT, options, shared_size=shared_size, name="The test")

    stop = stop or frames.frame_count
    work = work_through(frames, make_worker, start=start, stop=stop, workers=workers)
    return [answer for answer in work if answer is not None]


def assert_saw_its_own_picture(answer: FrameAnswer) -> None:
    np.testing.assert_array_equal(answer.arrays[0], [answer.frame % 256] * 2)
    assert answer.message["shape"] == [24, 32 + answer.frame // 100, 3]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_each_frame_once_with_its_own_picture(workers: int) -> None:
    answers = run(Numbers(230, missing=(7, 120)), workers=workers, start=3, stop=221)
    assert sorted(a.frame for a in answers) == sorted({*range(3, 221)} - {7, 120})
    for answer in answers:
        assert_saw_its_own_picture(answer)
    assert len({int(a.arrays[1][0]) for a in answers}) >= min(workers, 2)


def test_parts_begin_warm_and_only_the_first_frame_restarts() -> None:
    answers = {a.frame: a for a in run(Numbers(96), workers=2)}
    assert answers[0].message["restart"]
    assert not answers[1].message["restart"]
    assert not answers[48].message["restart"]  # three frames were seen before


def test_short_ranges_and_nothing_at_all() -> None:
    assert [a.frame for a in run(Numbers(9), workers=4)] == list(range(9))
    assert run(Numbers(9, missing=tuple(range(9)))) == []


def test_parts_are_divided_when_somebody_is_idle() -> None:
    parts = Parts(0, 200, 2)
    first, second = parts.take(), parts.take()
    assert first is not None
    assert second is not None
    assert (first.start, first.stop, second.start, second.stop) == (0, 100, 100, 200)
    assert all(parts.claim(first, frame) for frame in range(20))
    third = parts.take()  # of the one that has more left
    assert third is not None
    assert (third.stop, second.stop) == (200, third.start)
    assert 120 < third.start < 180
    assert not parts.claim(second, third.start)
    assert parts.claim(second, third.start - 1)


def test_worker_killed_by_a_frame_is_replaced_and_only_that_frame_is_left_out(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        answers = {a.frame: a for a in run(Numbers(60), workers=2, deadly=[11])}
    assert sorted(answers) == list(range(60))
    assert [f for f, a in answers.items() if a.problem] == [11]
    assert "exit code 5" in answers[11].problem
    assert "killed by a frame" in caplog.text
    assert answers[12].message["restart"]
    for frame in set(answers) - {11}:
        assert_saw_its_own_picture(answers[frame])


def test_frame_that_kills_once_is_read_by_the_next_worker(tmp_path: Path) -> None:
    mark = {"5": str(tmp_path / "died")}
    answers = run(Numbers(20), workers=1, deadly_once=mark)
    assert [a.frame for a in answers] == list(range(20))
    assert not any(a.problem for a in answers)
    assert len({int(a.arrays[1][0]) for a in answers}) == 2


def test_failing_frame_is_left_out_and_endless_failure_is_told() -> None:
    answers = run(Numbers(20), workers=1, failing=[4])
    assert [a.frame for a in answers if a.problem] == [4]
    with pytest.raises(StudioError, match="cannot read this picture"):
        run(Numbers(20), workers=1, always_failing=True)
    with pytest.raises(StudioError, match="no such model"):
        run(Numbers(20), workers=1, refuse=True)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_closing_ends_everything_in_the_midst_of_work(
    after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_time = partialmethod(Worker.receive, timeout_s=1e6)
    monkeypatch.setattr(Worker, "receive", any_time)
    started: list[Worker] = []

    def make_worker(shared_size: int) -> Worker:
        options = {"never_starts": after == 0, "endless": list(range(after, 200))}
        started.append(Worker(SCRIPT, options, shared_size=shared_size, name="A test"))
        return started[-1]

    before = _threads()
    numbers = Numbers(200)
    work = work_through(numbers, make_worker, start=0, stop=200, workers=2)
    answers: list[FrameAnswer] = []
    while len(answers) < after or not started:
        answer = next(work)
        answers += [] if answer is None else [answer]
    work.close()
    assert 1 <= len(started) <= 2
    assert not any(is_running(worker.pid) for worker in started)
    assert not _threads() - before
    assert len(numbers.asked) <= after + 2 * (AHEAD + 1), "a few ahead, not all"


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "frames"}
