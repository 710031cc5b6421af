"""What tests of whole jobs share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own that shares the fetched model files."""
    from hpe_studio.assets import models_folder

    models = models_folder()
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "models").symlink_to(models, target_is_directory=True)
    monkeypatch.setenv("HPE_STUDIO_HOME", str(folder))
    return folder
