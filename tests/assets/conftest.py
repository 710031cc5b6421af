"""A data folder of its own for every test of the assets, and small packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.assets import registries


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder."""
    folder = tmp_path / "home"
    monkeypatch.setenv("HPE_STUDIO_HOME", str(folder))
    return folder


@pytest.fixture
def models(home: Path) -> Path:
    """The models folder inside it, not made yet."""
    return home / "models"


@pytest.fixture
def small_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real table with small files of our own."""
    registries.use_fake_table(monkeypatch)


@pytest.fixture
def wheels(tmp_path: Path, small_table: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The table's wheels in a folder, which is all that pip sees."""
    folder = tmp_path / "wheels"
    for package in registries.packages("pypi"):
        registries.write_wheel(folder, package, registries.members_of(package))
    registries.use_wheels(monkeypatch, folder)
    return folder


@pytest.fixture
def npm(small_table: None, monkeypatch: pytest.MonkeyPatch):
    """The table's npm packages, which is all that npm sees."""
    tarballs = {}
    for package in registries.packages("npm"):
        manifest = f'{{"name": "{package.name}", "version": "{package.version}"}}'
        members = {"package/package.json": manifest.encode()}
        members |= registries.members_of(package)
        tarballs[package.name] = (package.version, registries.tgz_bytes(members))
    with registries.npm_registry(tarballs) as registry:
        monkeypatch.setenv("npm_config_registry", registry.url)
        yield registry
