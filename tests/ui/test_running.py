"""Finding people from the window, with the real models on a real clip."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hpe_studio.assets import store
from hpe_studio.core.errors import StudioError
from hpe_studio.ui.dialogs.run_options import RunDialog
from tests.driver import StudioDriver

pytestmark = [pytest.mark.data, pytest.mark.models, pytest.mark.slow]


@pytest.fixture
def data_home() -> None:
    """The real data folder, where the model files are."""


@pytest.fixture
def clip(test_data: Path, tmp_path: Path) -> Path:
    """A copy of a real clip of two people, so that its project lies apart."""
    try:
        store.choose_blazepose("full")
    except StudioError as error:
        pytest.skip(str(error))
    source = test_data / "video" / "pose2sim_multi" / "cam03.mp4"
    return Path(shutil.copy(source, tmp_path / "cam03.mp4"))


def test_run_finds_people_and_is_one_step_each(
    studio: StudioDriver, clip: Path
) -> None:
    studio.open_clip(clip)
    assert studio.window.actions_["run"].isEnabled()
    studio.session.view.play_range = (0, 40)
    studio.click_button("run")
    dialog = studio.window.findChild(RunDialog)
    assert dialog is not None
    dialog.model.setCurrentIndex(dialog.model.findData("full"))
    dialog.only_range.click()
    studio.click(dialog.run, 10, 10)
    assert studio.window.jobs.running
    assert not studio.window.actions_["run"].isEnabled()
    studio.scrub_to(5)  # the window goes on working
    assert studio.frame == 5
    studio.wait_until(lambda: not studio.window.jobs.running, "people", patience_s=600)
    studio.wait_idle()
    assert len(studio.session.persons) >= 2, studio.toast
    assert studio.toast.startswith("Found")
    assert studio.menu_text("undo") == "Undo smooth"
    overlay = studio.video.overlay
    assert len(overlay.targets.people) >= 2
    studio.press("Ctrl+Z")
    assert studio.menu_text("undo") == "Undo estimate people"
    studio.press("Ctrl+Z")
    assert studio.session.persons == ()


def test_a_stopped_run_adds_nobody(studio: StudioDriver, clip: Path) -> None:
    studio.open_clip(clip)
    studio.window.asking.for_run()
    dialog = studio.window.findChild(RunDialog)
    assert dialog is not None
    studio.click(dialog.run, 10, 10)
    pill = studio.window.status.pill
    studio.wait_until(pill.isVisible, "the pill")
    studio.settle()
    studio.click(pill, pill.width() - 10, 9)
    studio.wait_until(lambda: not studio.window.jobs.running, "the end", patience_s=600)
    assert studio.session.persons == ()
    assert "Stopped" in studio.toast
