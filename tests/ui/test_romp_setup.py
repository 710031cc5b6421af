"""Choosing ROMP in the run dialog, and its set-up, by real events."""

from __future__ import annotations

from pathlib import Path

import pytest

from hpe_studio.ui.dialogs.own_files import PYTHON, OwnFilesDialog
from hpe_studio.ui.dialogs.run_options import RunDialog
from hpe_studio.ui.settings import settings
from tests.driver import StudioDriver

pytestmark = pytest.mark.slow


def chosen(opened: StudioDriver, name: str) -> RunDialog:
    opened.window.asking.for_run()
    dialog = opened.window.findChildren(RunDialog)[-1]
    dialog.estimator.setCurrentIndex(dialog.estimator.findData(name))
    opened.settle()
    return dialog


def test_romp_cannot_run_before_its_files_are_here_and_can_then(
    opened: StudioDriver,
    romp_files: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HPE_STUDIO_HOME", str(tmp_path / "home"))
    dialog = chosen(opened, "romp")
    assert not dialog.run.isEnabled()
    assert dialog.lacking.text() == "ROMP.pkl and SMPL_NEUTRAL.pth are missing"
    opened.click(dialog.set_up, 10, 10)
    own = dialog.findChild(OwnFilesDialog)
    assert own is not None
    own.take([tmp_path])
    opened.wait_until(lambda: not own.is_working, "the refusal", patience_s=600)
    opened.settle()
    assert "holds none of the files" in own.outcome.text()
    own.take([romp_files / "ROMP.pkl", romp_files / "SMPL_NEUTRAL.pth"])
    opened.wait_until(lambda: not own.is_working, "the check", patience_s=600)
    opened.settle()
    assert "ROMP.pkl: 1851 tensors" in own.outcome.text()
    own.reject()
    opened.settle()
    assert dialog.run.isEnabled()
    options = dialog.options()
    assert options.estimator == "romp"
    assert options.settings["center_thresh"] == 0.25
    assert options.settings["model"] == "pytorch"
    assert "max_people" not in options.settings
    dialog.reject()
    opened.settle()


def test_the_own_estimator_asks_what_it_always_asked(opened: StudioDriver) -> None:
    dialog = chosen(opened, "blazepose")
    assert dialog.run.isEnabled()
    assert dialog.model.isVisible()
    assert not dialog.more.isVisible()
    assert dialog.options().settings == {"model": dialog.model.currentData()}
    dialog.reject()
    opened.settle()
    assert settings().read(PYTHON, "") == ""
