"""Projects to open and a driven window for each test."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people
from hpe_studio.media import open_footage
from hpe_studio.storage.project import create_project
from hpe_studio.ui import toasts
from tests.drive_start import clear_away, left_behind
from tests.driver import StudioDriver

SIZE_PX = (320, 240)
FRAMES = 40
CUT = 25
_SILENT = "This plugin does not support|propagateSizeHints"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Qt's offscreen platform says what it cannot do; that is no fault of ours."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(_SILENT, extend=True))


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, so that recent projects stay apart."""
    home = tmp_path / "home"
    monkeypatch.setenv("HPE_STUDIO_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def toasts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said stays to be read, however long a busy machine takes to look."""
    hour_ms = 3_600_000
    monkeypatch.setattr(toasts, "_STAY_MS", dict.fromkeys(toasts._STAY_MS, hour_ms))


@pytest.fixture(autouse=True)
def nothing_left(data_home: Path) -> Iterator[None]:
    """The test ends with nothing open over a window, no job, the usual look and keys.

    Else it fails, not the one that happens to come after it.
    """
    yield
    found = left_behind()
    if found:
        clear_away()
        pytest.fail(f"left behind: {'; '.join(found)}")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder of numbered pictures whose grey tells the frame."""
    return _paint_images(tmp_path / "walk")


@pytest.fixture
def project(images: Path) -> Path:
    """Two people over the pictures, two shots, Person A with a swinging arm."""
    return _make_project(images)


@pytest.fixture(scope="module")
def lasting_window(
    qapp: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StudioDriver]:
    """One window for the tests of a file: opening one takes longer than most."""
    folder = tmp_path_factory.mktemp("lasting")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPE_STUDIO_HOME", str(folder / "home"))
        with StudioDriver() as driver:
            driver.open_clip(_make_project(_paint_images(folder / "walk")))
            yield driver


@pytest.fixture
def lasting(lasting_window: StudioDriver) -> StudioDriver:
    """The file's window with everything undone and looked at as at first."""
    lasting_window.start_over("Estimate people")
    return lasting_window


@pytest.fixture
def studio(qapp: object) -> Iterator[StudioDriver]:
    """The window with nothing open."""
    with StudioDriver() as driver:
        yield driver


@pytest.fixture
def opened(studio: StudioDriver, project: Path) -> StudioDriver:
    """The window with the project of two people."""
    studio.open_clip(project)
    return studio


def _paint_images(folder: Path) -> Path:
    folder.mkdir()
    for frame in range(FRAMES):
        picture = np.full((SIZE_PX[1], SIZE_PX[0], 3), 40 + 4 * frame, np.uint8)
        assert cv2.imwrite(str(folder / f"{frame:04d}.png"), picture)
    return folder


def _make_project(images: Path) -> Path:
    footage = open_footage(images, fps=Fraction(25))
    path = images.parent / "walk.hpes"
    made = create_project(path, footage.clip)
    with made.document.edit("Estimate people") as edit:
        _fill(edit, made.document)
    made.close()
    footage.close()
    return path


def _fill(edit: Edit, document: Document) -> None:
    for start, stop in ((0, CUT), (CUT, FRAMES)):
        edit.put(Shot(id=document.new_id(), start=start, stop=stop))
    take = Take(id=document.new_id(), name="Synthetic", origin="test")
    edit.put(take)
    for number, x_m in enumerate((-0.7, 0.7)):
        person = people.add_person(edit, document)
        for start, stop in ((0, CUT), (CUT, FRAMES)):
            joints_rad = np.zeros((stop - start, 24, 3))
            joints_rad[:, 16, 2] = -0.8 + 0.5 * np.sin(np.arange(start, stop) / 5)
            joints_rad[:, 17, 2] = 0.9
            root_m = np.tile([x_m, 0.0, -4.0 - number], (stop - start, 1))
            estimate = Estimate(
                id=document.new_id(),
                take_id=take.id,
                start=start,
                stop=stop,
                skeleton="smpl24",
            )
            arrays = {"joints_rad": joints_rad, "root_scene_m": root_m}
            edit.add_estimate(estimate, arrays)
            source = np.full((stop - start, 24), Source.ESTIMATED)
            edit.add_track(
                Track(
                    id=document.new_id(),
                    person_id=person.id,
                    start=start,
                    stop=stop,
                    skeleton="smpl24",
                    estimate_id=estimate.id,
                ),
                {"base_rad": joints_rad, "base_root_m": root_m, "base_source": source},
            )
