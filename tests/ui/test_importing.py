"""The import window by real events: read, repaired, laid, imported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QWidget

from hpe_studio.core.track import Source
from hpe_studio.ui.importing import ImportDialog
from tests.drive_import import drop, examined, keypoints, press, stick, take_in
from tests.driver import StudioDriver

FRAMES = 40


def test_it_tells_what_it_found_and_imports_as_one_step(
    lasting: StudioDriver, tmp_path: Path
) -> None:
    before = len(lasting.session.persons)
    dialog = examined(lasting, keypoints(tmp_path, range(FRAMES)))
    assert "OpenPose keypoints" in dialog.found.text
    assert "coco17, 17 points in the picture" in dialog.found.text
    assert "frames per second" in dialog.choices.assumed_text
    assert not dialog.misfits.text
    press(lasting, dialog.import_button)
    lasting.wait_idle()
    assert lasting.window.findChild(ImportDialog) is None
    assert len(lasting.session.persons) == before + 1
    assert lasting.toast.startswith("Added 1 person from keypoints")
    lasting.press("Ctrl+Z", lasting.video)
    assert len(lasting.session.persons) == before


def test_a_repair_is_one_click_and_moves_the_people_at_once(
    lasting: StudioDriver, tmp_path: Path
) -> None:
    dialog = examined(lasting, keypoints(tmp_path, range(0, FRAMES, 2)))
    assert "20 frames for the clip's 40" in dialog.misfits.text
    canvas = dialog.preview.canvas
    dialog.preview.slider.setValue(20)
    assert not np.isfinite(canvas.people_px()).any()
    press(lasting, dialog.misfits.buttons[0])
    assert dialog.choices.step.currentText() == "Every 2nd frame"
    assert not dialog.misfits.text
    nose = canvas.people_px()[0, :2].mean(axis=0)  # between the shoulders
    np.testing.assert_allclose(nose, stick(20)[5:7].mean(axis=0), atol=1e-3)
    press(lasting, dialog.import_button)
    lasting.wait_idle()
    newest = max(lasting.document.tracks.values(), key=lambda t: t.id)
    mine = lasting.document.tracks_of(newest.person_id)
    assert (mine[0].start, mine[-1].stop) == (0, FRAMES - 1)
    assert set(np.unique(mine[0].base_source[1::2])) == {Source.FILLED}


def test_typing_another_offset_lays_them_otherwise(
    lasting: StudioDriver, tmp_path: Path
) -> None:
    dialog = examined(lasting, keypoints(tmp_path, range(30)))
    lasting.type_into(dialog.choices.offset.box, "25")
    assert dialog.choices.timing.offset == 25
    assert "15 of 30 frames with people lie beyond the clip" in dialog.misfits.text
    dialog.close()
    lasting.settle()


def test_it_is_a_dialog_for_the_keyboard(lasting: StudioDriver, tmp_path: Path) -> None:
    before = len(lasting.session.persons)
    dialog = examined(lasting, keypoints(tmp_path, range(FRAMES)))
    assert dialog.choices.format.hasFocus()
    seen: list[QWidget] = []
    for _ in range(20):
        lasting.press("Tab")
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(focused)
    assert dialog.choices.offset.box in seen
    assert dialog.preview.slider in seen
    assert dialog.import_button in seen
    assert all(widget.accessibleName() or widget.text() for widget in seen)  # type: ignore[attr-defined]
    lasting.press("Esc", dialog)
    lasting.settle()
    assert lasting.window.findChild(ImportDialog) is None
    assert len(lasting.session.persons) == before


def test_what_cannot_be_read_is_said_where_it_was_asked(
    lasting: StudioDriver, tmp_path: Path
) -> None:
    dialog = examined(lasting, keypoints(tmp_path, range(8)))
    place = dialog.choices.format.findData("bvh")
    dialog.choices.format.setCurrentIndex(place)
    examined(lasting)
    assert dialog.said.text()
    assert not dialog.import_button.isEnabled()
    dialog.choices.format.setCurrentIndex(0)
    examined(lasting)
    assert not dialog.said.text()
    assert dialog.import_button.isEnabled()
    dialog.close()
    lasting.settle()


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_it_fits_the_window(
    lasting: StudioDriver, tmp_path: Path, size: tuple[int, int]
) -> None:
    lasting.window.resize(*size)
    dialog = examined(lasting, keypoints(tmp_path, range(9)))
    assert dialog.width() <= size[0] - 40
    assert dialog.height() <= size[1] - 40
    for field in (dialog.choices.format, dialog.choices.offset, dialog.import_button):
        corner = field.mapTo(dialog, field.rect().bottomRight())
        assert dialog.rect().contains(corner)
    dialog.close()
    lasting.settle()


def test_a_dropped_folder_of_results_is_looked_at_first(
    lasting: StudioDriver, tmp_path: Path
) -> None:
    before = len(lasting.session.persons)
    said = drop(lasting, keypoints(tmp_path, range(FRAMES)))
    assert said == "Add results of keypoints to this project"
    take_in(lasting)
    assert len(lasting.session.persons) == before + 1
