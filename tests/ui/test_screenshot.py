"""Photographs of the window in each workspace, taken without a display."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from hpe_studio import app as studio_app
from hpe_studio.ui.settings import settings
from hpe_studio.ui.workspaces import WORKSPACES
from tests.photographs import compare

_SIZE = (1000, 700)


@pytest.fixture
def taken(qapp: QApplication, project: Path, tmp_path: Path) -> dict[str, QImage]:
    """A photograph of each thing that can be asked for, by its name."""
    found: dict[str, QImage] = {}
    for name in ("", *studio_app.SHOWN):
        output = tmp_path / f"shot_{name}.png"
        studio_app.take_screenshot(project, output, size=_SIZE, workspace=name)
        found[name] = QImage(str(output))
    return found


def test_each_workspace_is_photographed_and_the_first_one_where_none_is_named(
    taken: dict[str, QImage],
) -> None:
    for picture in taken.values():
        assert (picture.width(), picture.height()) == _SIZE
    assert compare(taken[""], taken["fix"]).share < 0.02
    for one, other in combinations(studio_app.SHOWN, 2):
        assert compare(taken[one], taken[other]).share > 0.05, (one, other)
    assert settings().read("layout.workspace", "none") == "none"


def test_every_workspace_can_be_asked_for() -> None:
    assert {spec.id for spec in WORKSPACES} | {"export"} == set(studio_app.SHOWN)
