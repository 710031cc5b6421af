"""What the list of jobs tells of jobs that ended, and imports whose matching fails."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from threading import Event

import pytest

from hpe_studio.assets import ASSETS, models_folder
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Progress
from hpe_studio.ui.job_list import EndedRow
from hpe_studio.workflow.exporting import export_path
from tests.drive_import import examined, press
from tests.driver import StudioDriver


def _job(halt: Event | None = None, error: StudioError | None = None):
    yield Progress(done=1, total=2, text="Half of it")
    if halt is not None:
        halt.wait()
        yield Progress(done=1, total=2)
    if error is not None:
        raise error


def _run(driver: StudioDriver, title: str, job: Generator[Progress, None, None]):
    return driver.window.jobs.start(title, job, on_result=lambda _result: None)


def test_the_list_tells_how_the_last_jobs_ended(lasting: StudioDriver) -> None:
    jobs, halt = lasting.window.jobs, Event()
    lost = StudioError("the film ends at frame 812", fix="copy it again")
    for title, error in (("Reading a", None), ("Reading b", lost)):
        _run(lasting, title, _job(error=error))
        lasting.wait_until(lambda: not jobs.running, "the job's end")
    running = _run(lasting, "Finding people", _job(halt))
    pill = lasting.window.status.pill
    lasting.wait_until(pill.isVisible, "the pill")
    pill.show_list()
    lasting.settle()
    told = pill.list.findChildren(EndedRow)
    assert [row.accessibleName() for row in told[:2]] == [
        "Reading b: Failed",
        "Reading a: Done",
    ]
    assert told[0].accessibleDescription() == "the film ends at frame 812"
    assert "the film ends at frame 812" in lasting.toast
    running.cancel()
    halt.set()
    lasting.wait_until(lambda: not jobs.running, "the last job's end")
    lasting.settle()
    assert not pill.list.isVisible()
    assert [ended.state for ended in jobs.ended] == ["cancelled", "failed", "finished"]


@pytest.fixture
def broken_models(data_home: Path) -> None:
    """Model files of the right size with nothing in them."""
    models_folder().mkdir(parents=True, exist_ok=True)
    for asset in ASSETS:
        with (models_folder() / asset.file).open("wb") as file:
            file.truncate(asset.size_bytes)


@pytest.mark.usefixtures("broken_models")
def test_what_was_read_can_be_imported_although_it_cannot_be_matched(
    lasting: StudioDriver, project: Path, tmp_path: Path
) -> None:
    results = tmp_path / "people.json"
    export_path(project, results)
    before = len(lasting.session.persons)
    dialog = examined(lasting, results)
    assert "HPE Studio JSON" in dialog.found.text
    assert dialog.said.text()
    assert dialog.import_button.isEnabled()
    press(lasting, dialog.import_button)
    lasting.wait_idle()
    assert len(lasting.session.persons) == before + 2
