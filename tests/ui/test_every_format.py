"""Results of everybody, opened in the window: looked at, drawn and played."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.catalogue import FORMATS, motion_format
from hpe_studio.core.person import Person
from hpe_studio.ui.settings import settings
from hpe_studio.ui.viewport_navigation import REDUCED_MOTION
from tests.drive_import import examined, press
from tests.driver import StudioDriver
from tests.formats.every_format import EVERY

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def no_glides() -> Iterator[None]:
    """The eye of the viewport is there at once."""
    settings().write(REDUCED_MOTION, value=True)
    yield
    settings().forget(REDUCED_MOTION)


def _pixels(driver: StudioDriver) -> np.ndarray:
    """The viewport as it is painted, shape (height, width, 3)."""
    driver.wait_idle()
    image = driver.viewport.grab().toImage()
    image = image.convertToFormat(image.Format.Format_RGBX8888)
    flat = np.frombuffer(image.constBits(), np.uint8)
    rows = flat.reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3].astype(int)


def _frames_of(driver: StudioDriver, person: Person) -> tuple[int, int]:
    tracks = driver.document.tracks_of(person.id)
    return min(t.start for t in tracks), max(t.stop for t in tracks)


def _check_drawn_and_played(driver: StudioDriver, person: Person) -> None:
    """The viewport shows them, and they go on when Space is pressed."""
    start, _ = _frames_of(driver, person)
    driver.session.view.frame = start
    driver.click_row(person.name)
    driver.window.actions_["frame_selection"].trigger()
    shown = _pixels(driver)
    driver.toggle_eye(person.name)
    assert _changed_px(shown, _pixels(driver)) > 300
    driver.toggle_eye(person.name)
    assert driver.play_frames(2) == [start + 1, start + 2]
    assert _changed_px(shown, _pixels(driver)) > 20


def _changed_px(one: np.ndarray, other: np.ndarray) -> int:
    return int((np.abs(one - other).max(axis=-1) > 8).sum())


def test_every_format_is_walked() -> None:
    assert set(EVERY) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_results_join_the_clip_by_way_of_the_doctor(
    lasting: StudioDriver, tmp_path: Path, name: str
) -> None:
    made = EVERY[name]
    known = set(lasting.document.persons)
    dialog = examined(lasting, made.write(tmp_path))
    told = dialog.found.text
    assert motion_format(name).SPEC.label in told
    assert f"{made.start:04d}–{made.stop - 1:04d}" in told
    if "No frame of the file falls on the clip" in dialog.misfits.text:
        texts = [button.text() for button in dialog.misfits.buttons]
        press(lasting, dialog.misfits.buttons[texts.index("Begin with the clip")])
        assert "No frame" not in dialog.misfits.text
    press(lasting, dialog.import_button)
    lasting.wait_idle()
    people = [p for p in lasting.session.persons if p.id not in known]
    assert len(people) == made.people, lasting.toast
    _check_drawn_and_played(lasting, people[0])


@pytest.mark.parametrize("name", ["panoptic", "mtc_dataset"])
def test_results_alone_open_where_somebody_is(
    studio: StudioDriver, tmp_path: Path, name: str
) -> None:
    """Those of data sets begin hundreds of frames behind the first."""
    made = EVERY[name]
    studio.open_clip(made.write(tmp_path))
    assert studio.frame == made.start
    people = list(studio.session.persons)
    assert [_frames_of(studio, p) for p in people] == [(made.start, made.stop)]
    _check_drawn_and_played(studio, people[0])
