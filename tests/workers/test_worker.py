"""Workers: big messages, death, hanging, cancel, and nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.workers.host import Worker, WorkerDied, WorkerFailed
from hpe_studio.workers.shared import SharedBlock
from tests.processes import PATIENCE_S, is_running, wait_until

SCRIPT = Path(__file__).with_name("echo_script.py")
ANY_TIME_S = 100_000.0
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def memory_files() -> set[str]:
    folder = Path("/dev/shm")
    return (
        {p.name for p in folder.glob(f"hpe-studio-{os.getpid()}-*")}
        if folder.is_dir()
        else set()
    )


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker(SCRIPT, {}, shared_size=1 << 20, name="The echo") as started:
        yield started


def test_arrays_come_back_unchanged(worker: Worker) -> None:
    rng = np.random.default_rng(1)
    sent = [
        rng.random((3000, 1000)).astype(np.float32),
        np.empty((0, 3)),
        rng.integers(0, 9, (5, 4, 3))[:, ::2],
        np.array(7, np.uint8),
    ]
    reply, got = worker.request({"do": "echo", "text": "ä Ω"}, sent)
    assert reply == {"said": "ä Ω"}
    assert len(got) == len(sent)
    for a, b in zip(sent, got, strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == b.dtype


def test_big_messages_both_ways_at_once_do_not_block(worker: Worker) -> None:
    big = np.ones(4 << 20, np.uint8)
    for _ in range(6):
        worker.send({"do": "echo"}, [big])
    for _ in range(6):
        assert worker.receive()[1][0].sum() == big.size


def test_shared_pictures_are_seen_without_copying(worker: Worker) -> None:
    first = worker.picture(0, (100, 200, 3))
    second = worker.picture(60_000, (10, 10, 3))
    first.array[:] = 2
    second.array[:] = 5
    reply, _ = worker.request({"do": "sum"}, [second, np.ones(3), first])
    assert reply["sums"] == [1500.0, 3.0, 120_000.0]
    first.array[:] = 1
    assert worker.request({"do": "sum"}, [first])[0]["sums"] == [60_000.0]
    with pytest.raises(ValueError, match="does not fit"):
        worker.picture(1 << 20, (1,))


def test_prints_do_not_break_the_pipe(worker: Worker) -> None:
    worker.request({"do": "print"})
    assert worker.request({"do": "echo", "text": "still here"})[0]["said"]


def test_guest_imports_nothing_of_the_studio(worker: Worker) -> None:
    assert worker.request({"do": "modules"})[0]["modules"] == []


def test_error_on_one_message_leaves_the_worker_alive(worker: Worker) -> None:
    with pytest.raises(WorkerFailed, match="The echo failed: KeyError: 'left_knee'"):
        worker.request({"do": "raise"})
    assert worker.request({"do": "echo", "text": "on"})[0]["said"] == "on"


def test_death_says_code_and_last_words(worker: Worker) -> None:
    with pytest.raises(WorkerDied, match=r"exit code 7\): the network is broken"):
        worker.request({"do": "die"})
    with pytest.raises(WorkerDied):
        worker.request({"do": "echo"})
    assert not is_running(worker.pid)


def test_slow_answer_is_killed(worker: Worker) -> None:
    with pytest.raises(WorkerDied, match=r"took over 0\.5 s and was stopped"):
        worker.request({"do": "sleep"}, timeout_s=0.5)
    assert not is_running(worker.pid)


@posix
def test_silent_process_is_killed() -> None:
    with Worker(SCRIPT, {}, silence_timeout_s=2.0) as worker:
        with pytest.raises(WorkerDied, match="no longer answered"):
            worker.request({"do": "stop"}, timeout_s=ANY_TIME_S)
        assert not is_running(worker.pid)


def test_nonsense_on_the_pipe_is_a_death(worker: Worker) -> None:
    with pytest.raises(WorkerDied, match="no message"):
        worker.request({"do": "nonsense"}, timeout_s=ANY_TIME_S)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"refuse": True}, "could not start: ValueError: no such model"),
        ({"die_at_start": True}, r"exit code 3\): out of luck"),
    ],
)
def test_failed_start_is_told(options: dict[str, bool], words: str) -> None:
    before = memory_files()
    with pytest.raises(StudioError, match=words):
        Worker(SCRIPT, options, shared_size=4096).wait_until_ready()
    assert memory_files() <= before


def test_missing_script_and_missing_python_are_told(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="FileNotFoundError"):
        Worker(tmp_path / "none.py", {}).wait_until_ready()
    with pytest.raises(StudioError, match="choose a Python interpreter"):
        Worker(SCRIPT, {}, python=str(tmp_path / "python"), shared_size=4096)


def test_close_from_another_thread_ends_a_waiting_request(tmp_path: Path) -> None:
    worker, mark = Worker(SCRIPT, {}, shared_size=4096), tmp_path / "asleep"
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            message = {"do": "sleep", "mark": str(mark)}
            worker.request(message, timeout_s=ANY_TIME_S)
        except WorkerDied as error:
            caught.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    wait_until(mark.exists, "the message to be at work")
    worker.close()
    assert not is_running(worker.pid)
    thread.join(timeout=PATIENCE_S)
    assert not thread.is_alive()
    assert "was stopped" in str(caught[0])
    assert not is_running(worker.pid)


def test_close_does_not_wait_for_the_script_to_start(tmp_path: Path) -> None:
    before, mark = memory_files(), tmp_path / "starting"
    options = {"never_starts": True, "mark": str(mark)}
    worker = Worker(SCRIPT, options, shared_size=4096, start_timeout_s=ANY_TIME_S)
    wait_until(mark.exists, "the script to start")
    worker.close()
    assert not is_running(worker.pid)
    assert memory_files() <= before


def test_no_memory_file_has_a_name_while_or_after_the_worker_runs() -> None:
    before = memory_files()
    with Worker(SCRIPT, {}, shared_size=1 << 20):
        if os.name == "posix":
            assert memory_files() <= before
    assert memory_files() <= before


@posix
def test_guest_ends_when_its_host_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "asleep"
    program = (
        "from pathlib import Path; from hpe_studio.workers.host import Worker;"
        f"w = Worker(Path({str(SCRIPT)!r}), {{}}); print(w.pid, flush=True);"
        f"w.request({{'do': 'sleep', 'mark': {str(mark)!r}}})"
    )
    host = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert host.stdout is not None
    with host.stdout:
        pid = int(host.stdout.readline())
    wait_until(mark.exists, "the message to be at work")
    assert is_running(pid)
    host.kill()
    host.wait()
    wait_until(lambda: not is_running(pid), "the guest's end")


def test_block_falls_back_to_the_temporary_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("hpe_studio.workers.shared._MEMORY_FOLDER", tmp_path / "none")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    block = SharedBlock(1000)
    assert block.path.parent == tmp_path
    assert block.path.stat().st_size == 1000
    block.close()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StudioError, match="no room"):
        SharedBlock(1 << 62)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_for_a_worker_that_is_gone_says_so(worker: Worker) -> None:
    worker.picture(0, (10, 10, 3))
    worker.close()
    with pytest.raises(WorkerDied):
        worker.picture(0, (10, 10, 3))
