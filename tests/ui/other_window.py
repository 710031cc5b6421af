"""A real window in a process of its own, which tests kill, fill the disk of, or share.

Run as `python -m tests.ui.other_window WHAT PROJECT`. It prints a line when it is
where the test wants it; what fails ends it with a trace.
"""

from __future__ import annotations

import contextlib
import errno
import sys
import time
from collections.abc import Callable
from pathlib import Path

from hpe_studio.core.jobs import Job, Progress
from hpe_studio.ui import look, opening, recent, workspace
from hpe_studio.ui.export import ExportDialog
from hpe_studio.ui.settings import settings
from hpe_studio.workflow.estimate import EstimateOptions, EstimateResult
from tests.driver import StudioDriver
from tests.ui.test_lanes import add_keys, drag_key
from tests.workflow.found_shots import result_of, shot_found

SHOTS = tuple((start, start + 2) for start in range(0, 40, 2))


def main() -> None:
    """Do what the first argument names with the project of the second."""
    what, path = sys.argv[1], Path(sys.argv[2])
    with StudioDriver() as driver:
        driver.open_clip(path)
        _WHAT[what](driver, path)


def tell(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def _hold(driver: StudioDriver, _path: Path) -> None:
    """Rename somebody; keep the project until a line comes."""
    driver.rename("Person A", "Ravi")
    tell("ready")
    sys.stdin.readline()


def _ring(driver: StudioDriver, _path: Path) -> None:
    """Turn a joint once; hold it half turned for ever."""
    settings().write("test.kept", "yes")
    driver.scrub_to(10)
    driver.select_joint("Person A", "left_elbow")
    driver.press("R")
    driver.wait_idle()
    driver.drag_gizmo("z", 40)
    driver.wait_idle()
    driver.drag_gizmo("z", 60, release=False)
    assert driver.document.is_editing
    _wait_for_the_end(driver)


def _lanes(driver: StudioDriver, _path: Path) -> None:
    """Set a key; hold it half moved for ever."""
    driver.session.select(driver.person("Person A").id)
    track = add_keys(driver, "Person A", 6)
    drag_key(driver, "Person A", 6, 13, release=False)
    assert driver.document.is_editing
    assert [key.frame for key in driver.document.keys_of(track.id)] == [13]
    _wait_for_the_end(driver)


def _apply(driver: StudioDriver, _path: Path) -> None:
    """Find people in one short shot after the other; tell how many are there."""

    def job(*_given: object, **_named: object) -> Job[EstimateResult]:
        people = []
        for number in range(1, len(SHOTS) + 1):
            found = shot_found(SHOTS, number, [0, 1, 2])
            people += found.result.people
            yield Progress(done=number, total=len(SHOTS), partial=found)
        return result_of(SHOTS, people)

    opening.estimate_job = job  # type: ignore[assignment]
    opening.run_of = lambda *_: "synthetic"  # type: ignore[assignment]
    driver.document.changed.connect(
        lambda _change: tell(f"tracks {len(driver.document.tracks)}")
    )
    driver.window.start_run(EstimateOptions())
    _wait_for_the_end(driver)


def _full_disk(driver: StudioDriver, path: Path) -> None:
    """Edit, undo, copy and close on a full disk; go on when there is room again."""
    driver.rename("Person A", "Ravi")
    ballast, before = _filled(path.parent), recent.recent_projects()
    steps = driver.document.history.position
    driver.session.view.frame = 12
    driver.rename("Person B", "Mia " * 20_000)
    assert "disk is full" in driver.toast, driver.toast
    assert "make room" in driver.toast
    assert [p.name for p in driver.session.persons] == ["Ravi", "Person B"]
    assert driver.document.history.position == steps
    for _ in range(400):  # even small ones end somewhere
        driver.session.undo()
        driver.session.redo()
    assert [p.name for p in driver.session.persons] == ["Ravi", "Person B"]
    driver.window.save_copy(path.with_name("copy.hpes"))
    assert "copy.hpes" in driver.toast, driver.toast
    assert "full" in driver.toast, driver.toast
    assert not path.with_name("copy.hpes").exists()
    settings().write("test.large", "x" * 100_000)
    recent.remember(driver.session)
    assert recent.recent_projects() == before
    ballast.unlink()
    driver.rename("Person B", "Mia")
    driver.window.save_copy(path.with_name("copy.hpes"))
    assert driver.toast == "Copied to copy.hpes", driver.toast
    driver.press("Ctrl+W")
    _filled(path.parent)
    driver.open_clip(path)  # still opens
    assert [p.name for p in driver.session.persons] == ["Ravi", "Mia"]
    tell("done")


def _full_export(driver: StudioDriver, path: Path) -> None:
    """Export to a full disk, then with room."""
    goal = path.with_name("walk.json")
    ballast = _filled(path.parent)
    driver.press("Ctrl+E")
    dialog = driver.window.findChild(ExportDialog)
    assert dialog is not None
    dialog.formats.choose("json")
    dialog.path.setText(str(goal))
    driver.click(dialog.export_button, 10, 10)
    driver.wait_until(lambda: not dialog.is_writing, "the failure")
    said = dialog.check.text
    assert "No space left" in said or "full" in said, said
    assert [file.name for file in path.parent.glob("*.json")] == []
    ballast.unlink()
    driver.click(dialog.export_button, 10, 10)
    driver.wait_until(lambda: not dialog.is_writing, "the file")
    assert "Exported walk.json" in driver.toast, driver.toast
    assert goal.is_file()
    tell("done")


def _read_only(driver: StudioDriver, path: Path) -> None:
    """Look at a project that cannot be written; refuse edits; go on in a copy."""
    assert driver.session.project.is_read_only
    assert "its folder cannot be written" in driver.toast, driver.toast
    assert driver.window.status.saved_text == "Open for reading only"
    driver.scrub_to(20)
    driver.rename("Person A", "Ravi")
    assert "open for reading only" in driver.toast, driver.toast
    assert driver.session.persons[0].name == "Person A"
    assert not driver.window.actions_["run"].isEnabled()
    driver.window.start_run(EstimateOptions())
    assert "save a copy" in driver.toast, driver.toast
    assert not driver.window.jobs.running
    driver.window.open_for_editing()
    assert "cannot be edited yet" in driver.toast, driver.toast
    goal = Path(sys.argv[3])
    driver.window.save_copy(goal)
    driver.wait_idle()
    assert driver.session.project.path == goal
    assert not driver.session.project.is_read_only
    assert driver.frame == 20
    driver.rename("Person A", "Ravi")
    assert driver.session.persons[0].name == "Ravi"
    assert path.parent not in goal.parents
    tell("done")


def _failing_painters(driver: StudioDriver, _path: Path) -> None:
    """Let everything fail while it paints, then paint again."""
    good = look.colour

    def fail(*_given: object, **_named: object) -> None:
        raise ValueError("no colour")

    for colour in (fail, good, fail, good):
        look.colour = colour  # type: ignore[assignment]
        for paint in (driver.window.grab, driver.window.repaint, driver.settle):
            with contextlib.suppress(ValueError):
                paint()
    assert not driver.grab().isNull()
    tell("done")


def _half_open(driver: StudioDriver, path: Path) -> None:
    """Fail while the panels of a project are made."""
    assert driver.window.close_session()

    def fail(*_given: object, **_named: object) -> None:
        raise ValueError("no panels")

    workspace.Workspace = fail  # type: ignore[assignment, misc]
    with contextlib.suppress(ValueError):
        driver.window.load(path)
    assert driver.window.session is None
    tell("done")


def _filled(folder: Path) -> Path:
    """Fill a disk to the last block."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1 << 8, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC, error
    return ballast


def _wait_for_the_end(driver: StudioDriver) -> None:
    tell("ready")
    while True:
        driver.app.processEvents()
        time.sleep(0.002)


_WHAT: dict[str, Callable[[StudioDriver, Path], None]] = {
    "hold": _hold,
    "ring": _ring,
    "lanes": _lanes,
    "apply": _apply,
    "full disk": _full_disk,
    "full export": _full_export,
    "read only": _read_only,
    "failing painters": _failing_painters,
    "half open": _half_open,
}

if __name__ == "__main__":
    main()
