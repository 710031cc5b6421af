"""The switch beside shapes: the fit follows the shape, and both are one step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.track import Estimate, Take, Track
from hpe_studio.motion.fitting import landmarks_camera
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from hpe_studio.posing.resolve import resolve
from hpe_studio.workflow.refit import shape_of
from tests.core.scenes import state_of
from tests.drive_panels import section
from tests.driver import StudioDriver


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    """The window with Person A selected, whose tracks have been seen where they are."""
    lasting.scrub_to(10)
    lasting.select_joint("Person A", "left_elbow")
    person = lasting.session.active_person
    assert person is not None
    for track in lasting.document.tracks_of(person.id):
        _see(lasting, track)
    for name in ("build", "shape"):
        box = section(lasting, name).refit
        if box.isChecked():
            box.toggle()
    lasting.settle()
    return lasting


def _see(driver: StudioDriver, track: Track) -> None:
    """Give a track an estimate with the points that its motion has."""
    document, body = driver.document, driver.session.poser.body
    camera = document.camera_at(track.start)
    frames = np.arange(track.start, track.stop)
    motion = resolve(track, document.keys_of(track.id), frames)
    turned = motion.joints_rad.copy()
    turned[:, 0] = rotvec_from_matrix(FLIP_YZ @ matrix_from_rotvec(turned[:, 0]))
    points_m = landmarks_camera(
        body.joint_model,
        turned,
        camera.to_camera(motion.root_scene_m),
        shape=shape_of(document.persons[track.person_id]),
    )
    points_px = camera.project_camera(points_m)
    known = np.isfinite(points_px).all(axis=2)
    with document.edit("See") as edit:
        take = Take(id=document.new_id(), name="Run", origin="blazepose")
        edit.put(take)
        estimate = Estimate(
            id=document.new_id(),
            take_id=take.id,
            start=track.start,
            stop=track.stop,
            skeleton=track.skeleton,
            landmark_set="mediapipe33",
        )
        arrays = {
            "points_px": points_px,
            "confidence": np.where(known, 0.9, 0.0),
            "points_m": points_m - points_m[:, [23, 24]].mean(axis=1, keepdims=True),
        }
        edit.add_estimate(estimate, arrays)
        edit.put(replace(track, estimate_id=estimate.id))


def test_a_longer_leg_is_refitted_in_the_same_step(opened: StudioDriver) -> None:
    panel, other = section(opened, "build"), section(opened, "shape")
    panel.refit.setFocus()
    QTest.keyClick(panel.refit, Qt.Key.Key_Space)
    assert panel.refit.isChecked()
    other.refresh()
    assert other.refit.isChecked()
    before, steps = state_of(opened.document), opened.document.history.position
    field = panel.fields["leg"]
    grown = field.value + 6
    roots = [t.base_root_m.copy() for t in opened.document.tracks.values()]
    field.box.setFocus()
    opened.type_into(field.box, f"{grown:.1f}")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    opened.wait_until(lambda: "Refit" in opened.toast, "the refit", patience_s=600)
    opened.settle()
    assert opened.document.history.position == steps + 1
    assert (opened.document.history.undo_label or "").startswith("Change leg")
    assert field.value == pytest.approx(grown, abs=0.4)
    now = [t.base_root_m for t in opened.document.tracks.values()]
    assert any((a != b).any() for a, b in zip(roots, now, strict=True))
    opened.session.undo()
    assert state_of(opened.document) == before


def test_without_the_switch_only_the_shape_changes(opened: StudioDriver) -> None:
    panel = section(opened, "shape")
    assert not panel.refit.isChecked()
    roots = [t.base_root_m.copy() for t in opened.document.tracks.values()]
    steps = opened.document.history.position
    field = panel.height_field
    field.box.setFocus()
    opened.type_into(field.box, "190")
    QTest.keyClick(field.box, Qt.Key.Key_Return)
    opened.settle()
    assert opened.document.history.position == steps + 1
    assert not opened.session.jobs.running
    for track, root in zip(opened.document.tracks.values(), roots, strict=True):
        np.testing.assert_array_equal(track.base_root_m, root)
