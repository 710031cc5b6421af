"""Triangulating from the window, on real pictures of the dome, with the real models."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.driver import StudioDriver

pytestmark = [pytest.mark.data, pytest.mark.models, pytest.mark.slow]


@pytest.fixture
def data_home() -> None:
    """The real data folder, where the model files are."""


def test_people_of_all_views_become_a_take(
    studio: StudioDriver, test_data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "160422_demo"
    shutil.copytree(test_data / "panoptic" / "160422_demo", folder)
    assert studio.menu_text("triangulate")
    assert not studio.window.actions_["triangulate"].isEnabled()
    studio.open_clip(folder)
    jobs = studio.window.jobs
    studio.wait_until(
        lambda: len(studio.document.views) == 4 and not jobs.running, "the views"
    )
    action = studio.window.actions_["triangulate"]
    assert action.isEnabled()
    action.trigger()
    assert jobs.running
    studio.wait_until(lambda: not jobs.running, "people", patience_s=600)
    assert "out of 5 views" in studio.toast
    assert len(studio.session.persons) >= 3
    assert [t.name for t in studio.document.takes.values()] == [
        "Triangulated from 5 views"
    ]
    studio.press("Ctrl+Z")
    assert studio.session.persons == ()
