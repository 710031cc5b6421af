"""What the window looks like, held beside pinned photographs.

`packaging/take_photographs.py` pins them again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from hpe_studio.assets import ASSETS, data_folder, models_folder
from hpe_studio.ui import look, thumbnails
from hpe_studio.ui.settings import settings
from tests.drive_start import close_over, left_behind
from tests.driver import StudioDriver
from tests.photographs import PIN_VARIABLE, PINNED, check, compare, shrunk
from tests.ui import photo_dialogs
from tests.ui.gallery import Gallery
from tests.ui.photo_scene import make_photo_scene

pytestmark = pytest.mark.slow

_FULL, _SMALL = (1440, 900), (1280, 720)
_FRAME, _LEFT_ELBOW, _RIGHT_KNEE = 24, 18, 5


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drawn project."""
    return make_photo_scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture(scope="module")
def posing(
    qapp: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StudioDriver]:
    """One window for all, in a home where everything is always the same."""
    home = tmp_path_factory.mktemp("posing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HPE_STUDIO_HOME", str(home))
        models_folder().mkdir(parents=True, exist_ok=True)
        for asset in ASSETS:
            with (models_folder() / asset.file).open("wb") as file:
                file.truncate(asset.size_bytes)
        _remember(home)
        with StudioDriver() as driver:
            yield driver
        settings().forget("look.theme")


@pytest.fixture(autouse=True)
def data_home(posing: StudioDriver) -> None:
    """The home of the window, instead of one for each test."""


@pytest.fixture(autouse=True)
def nothing_left(posing: StudioDriver) -> Iterator[None]:
    """Nothing stays open over the window; each test chooses its theme itself."""
    yield
    found = left_behind(with_look=False)
    if found:
        close_over()
        pytest.fail(f"left behind: {'; '.join(found)}")


def _remember(home: Path) -> None:
    entries = []
    for number, name in enumerate(("street", "balance_multi", "park_06", "dance", "x")):
        path = home / f"{name}.hpes"
        path.touch()
        entry = {
            "path": str(path),
            "summary": f"{number + 2} people, {450 * (number + 1)} frames",
            "opened": f"2024-03-{10 + number}T12:00:00+00:00",
            "note": f"{number + 3} tracks",
        }
        entries.append(entry)
        if number < 4:
            across = np.linspace(40 + 30 * number, 200, 640, dtype=np.uint8)
            rgb = np.repeat(np.tile(across, (360, 1))[..., None], 3, axis=2).copy()
            rgb[..., number % 3] //= 2
            file = thumbnails.path_for(path)
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(thumbnails.encoded(rgb))
    (home / "recent.json").write_text(json.dumps(entries))


def _start(driver: StudioDriver, _scene: Path) -> QImage:
    if driver.window.session is not None:
        driver.window.actions_["close"].trigger()
    _remember(data_folder())
    driver.window.activateWindow()
    driver.settle()
    driver.window.start_page.refresh()
    driver.settle()
    return driver.grab()


def _components(driver: StudioDriver, _scene: Path) -> QImage:
    sheet = Gallery(driver)
    sheet.show()
    sheet.activateWindow()
    sheet.focused.setFocus(Qt.FocusReason.TabFocusReason)
    driver.settle()
    photograph = sheet.grab().toImage()
    sheet.end(driver)
    sheet.close()
    sheet.deleteLater()
    return photograph


def _fix(driver: StudioDriver, scene: Path) -> QImage:
    """A key of Person A is in hand; Person C reaches out of the picture."""
    _open(driver, scene)
    session, person = driver.session, driver.person("Person A")
    session.select(person.id, _LEFT_ELBOW)
    session.view.tool = "rotate"
    track = session.document.track_at(person.id, _FRAME)
    assert track is not None
    keys = frozenset({(track.id, _FRAME)})
    session.view.selection = replace(session.view.selection, keys=keys)
    return _held_still(driver)


def _outside(driver: StudioDriver, scene: Path) -> QImage:
    """A knee beyond the picture's edge is in hand."""
    _open(driver, scene)
    driver.session.select(driver.person("Person C").id, _RIGHT_KNEE)
    driver.session.view.tool = "rotate"
    return _held_still(driver)


def _open(driver: StudioDriver, scene: Path) -> None:
    window = driver.window
    if window.session is None:
        driver.open_clip(scene)
    size = window.size()
    driver.start_over("Insert keys")
    window.resize(size)
    driver.workspace.reset()  # to the first sizes in a window so large
    driver.settle()
    driver.session.view.frame = _FRAME
    window.activateWindow()
    driver.focus_video()


def _held_still(driver: StudioDriver) -> QImage:
    session, window = driver.session, driver.window
    driver.wait_until(lambda: not session.problems.is_checking, "the problems")
    driver.wait_idle()
    driver.wait_until(lambda: driver.workspace.lanes.is_still, "the film strip")
    driver.settle()
    window.toasts.clear()
    window.status._timer.stop()
    window.status._saved.setText("All edits kept 14:02")
    return driver.grab()


def _palette(driver: StudioDriver, scene: Path) -> QImage:
    _fix(driver, scene)
    driver.window.actions_["palette"].trigger()
    return _with_dialogs(driver)


def _preferences(driver: StudioDriver, scene: Path) -> QImage:
    _fix(driver, scene)
    driver.window.actions_["preferences"].trigger()
    return _with_dialogs(driver)


def _track(driver: StudioDriver, scene: Path) -> QImage:
    _fix(driver, scene)
    driver.window.actions_["workspace_track"].trigger()
    return _held_still(driver)


def _inset(driver: StudioDriver, scene: Path) -> QImage:
    _fix(driver, scene)
    driver.window.actions_["viewers_inset_3d"].trigger()
    return _held_still(driver)


def _with_dialogs(driver: StudioDriver) -> QImage:
    """The window with its other windows over it, as a screen shows them."""
    driver.settle()
    photograph = driver.grab()
    painter = QPainter(photograph)
    for other in driver.window.findChildren(QWidget):
        if other.isWindow() and other.isVisible():
            place = driver.window.rect().center() - other.rect().center()
            painter.drawPixmap(place, other.grab())
    painter.end()
    close_over()
    return photograph


def _double(scene: Path, folder: Path) -> QImage:
    """The window on a screen of twice the density, without the clock."""
    output, project = folder / "double.png", scene.with_name("double.hpes")
    shutil.copy(scene, project)  # the other one is open
    command = [sys.executable, "-m", "hpe_studio", "screenshot", str(project)]
    command += ["-o", str(output), "--frame", str(_FRAME), "--scale", "2"]
    home = os.environ | {"HPE_STUDIO_HOME": str(folder / "home")}
    subprocess.run(command, check=True, timeout=600, capture_output=True, env=home)
    photograph = QImage(str(output))
    assert (photograph.width(), photograph.height()) == (2880, 1800)
    painter = QPainter(photograph)
    painter.fillRect(2500, 1752, 380, 48, QColor(0, 0, 0))
    painter.end()
    return photograph


Case = tuple[Callable[[StudioDriver, Path], QImage], str, tuple[int, int]]
CASES: dict[str, Case] = {
    "start_dark": (_start, "dark", _FULL),
    "components_dark": (_components, "dark", _FULL),
    "components_light": (_components, "light", _FULL),
    "fix_dark": (_fix, "dark", _FULL),
    "fix_light": (_fix, "light", _FULL),
    "fix_contrast": (_fix, "contrast", _FULL),
    "fix_dark_small": (_outside, "dark", _SMALL),
    "palette_dark": (_palette, "dark", _FULL),
    "preferences_light": (_preferences, "light", _FULL),
    "track_dark": (_track, "dark", _FULL),
    "inset_dark": (_inset, "dark", _FULL),
    "empty_light": (photo_dialogs.empty, "light", _SMALL),
    "reading_dark": (photo_dialogs.reading, "dark", _FULL),
    "reading_light": (photo_dialogs.reading, "light", _FULL),
    "asking_dark": (photo_dialogs.asking, "dark", _FULL),
    "asking_light": (photo_dialogs.asking, "light", _FULL),
    "choosing_dark": (photo_dialogs.choosing, "dark", _FULL),
    "passing_light": (photo_dialogs.passing, "light", _FULL),
}
"""Photographs by the name of their file; those that are pinned are compared."""
_DOUBLE = "fix_dark_double"
_WISHED = os.environ.get(PIN_VARIABLE, "").split()
_TAKEN = _WISHED or sorted(path.stem for path in PINNED.glob("*.png"))


@pytest.mark.parametrize("name", _TAKEN)
def test_it_looks_as_it_was_pinned(
    name: str, posing: StudioDriver, scene: Path, tmp_path: Path
):
    if name == _DOUBLE:
        check(name, _double(scene, tmp_path), shrink=4)
        return
    take, theme, size = CASES[name]
    settings().write("look.theme", theme)
    posing.window.resize(*size)
    posing.settle()
    assert look.theme().name == theme
    if take in photo_dialogs.SHEETS:
        _fix(posing, scene)
    is_sheet = take is _components
    check(name, take(posing, scene), shrink=1 if is_sheet else 2)


def test_every_pinned_photograph_is_taken():
    pinned = {path.stem for path in PINNED.glob("*.png")}
    assert pinned
    assert pinned <= {*CASES, _DOUBLE}
    assert len(pinned) <= 19
    assert sum(path.stat().st_size for path in PINNED.glob("*.png")) < 2_000_000


def _plain() -> QImage:
    picture = QImage(200, 120, QImage.Format.Format_RGB32)
    picture.fill(QColor("#16181D"))
    return picture


def test_a_button_that_is_gone_is_seen_and_a_shifted_edge_is_not():
    before, gone, shifted = _plain(), _plain(), _plain()
    for picture, x in ((before, 40.0), (shifted, 40.3)):
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor("#5559E0"))
        painter.drawRoundedRect(QRectF(x, 40, 28, 28), 5, 5)
        painter.end()
    assert not compare(before, gone).is_same
    assert compare(before, shifted).is_same
    assert compare(before, before).mean == 0


def test_a_photograph_that_differs_is_written_with_its_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from tests import photographs

    monkeypatch.setattr(photographs, "PINNED", tmp_path / "pinned")
    monkeypatch.setattr(photographs, "ACTUAL", tmp_path / "actual")
    monkeypatch.delenv(PIN_VARIABLE, raising=False)
    (tmp_path / "pinned").mkdir()
    assert _plain().save(str(tmp_path / "pinned" / "one.png"))
    check("one", _plain())
    other = _plain()
    other.fill(QColor("#802020"))
    with pytest.raises(AssertionError, match=r"take_photographs\.py one"):
        check("one", other)
    written = sorted(path.name for path in (tmp_path / "actual").iterdir())
    assert written == ["one-actual.png", "one-difference.png"]
    assert shrunk(other, 2).width() == 100
