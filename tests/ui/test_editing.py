"""Correcting joints, keys, persons; undo and redo by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QDialog

from hpe_studio.core.errors import StudioError
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.ui import commands
from hpe_studio.ui.export import ExportDialog
from tests.driver import StudioDriver


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    """The window with the project of two people."""
    return lasting


def _pick_elbow(driver: StudioDriver, frame: int = 10) -> None:
    driver.scrub_to(frame)
    driver.select_joint("Person A", "left_elbow")
    driver.press("R")
    driver.wait_idle()


def _rotation(driver: StudioDriver) -> np.ndarray:
    person = driver.session.active_person
    assert person is not None
    posed = driver.session.poser.pose_at(person.id, driver.frame)
    assert posed is not None
    return np.array(posed.joints_rad[driver.session.view.selection.joint])


@pytest.mark.parametrize("ring", ["x", "y", "z", "view"])
@pytest.mark.parametrize("where", ["viewport", "video"])
def test_a_ring_turns_the_joint_by_the_angle_dragged(
    opened: StudioDriver, ring: str, where: str
) -> None:
    _pick_elbow(opened)
    before = _rotation(opened)
    canvas = opened.viewport if where == "viewport" else opened.video
    degrees = opened.drag_gizmo(ring, 30, canvas)
    turned = np.degrees(geodesic_rad(before, _rotation(opened)))
    assert turned == pytest.approx(abs(degrees), abs=4)
    assert opened.document.history.undo_label == "Rotate left elbow"


def test_a_drag_is_one_step_and_one_key_with_blends(opened: StudioDriver) -> None:
    _pick_elbow(opened)
    before = _rotation(opened)
    steps = opened.document.history.position
    opened.drag_gizmo("z", 40)
    track = opened.session.active_track
    assert track is not None
    key = opened.document.key_at(track.id, 10)
    assert key is not None
    assert key.joints == (18,)
    assert (key.blend_in, key.blend_out) == (5, 5)
    assert opened.document.history.position == steps + 1
    assert opened.menu_text("undo") == "Undo rotate left elbow"
    opened.press("Ctrl+Z")
    assert opened.document.key_at(track.id, 10) is None
    assert _rotation(opened) == pytest.approx(before)
    assert opened.menu_text("redo") == "Redo rotate left elbow"
    opened.press("Ctrl+Shift+Z")
    assert opened.document.key_at(track.id, 10) == key


def test_the_view_follows_while_dragging_and_esc_takes_it_back(
    opened: StudioDriver,
) -> None:
    _pick_elbow(opened)
    person = opened.person("Person A")
    before = _rotation(opened)
    wrist = opened.joint_m(person, "left_wrist")
    steps = opened.document.history.position
    opened.drag_gizmo("z", 60, release=False)
    assert np.linalg.norm(opened.joint_m(person, "left_wrist") - wrist) > 0.05
    assert opened.document.is_editing
    opened.press("Esc", opened.viewport)
    assert not opened.document.is_editing
    assert _rotation(opened) == pytest.approx(before)
    assert opened.document.history.position == steps


def test_an_axis_can_be_locked_during_a_drag(opened: StudioDriver) -> None:
    _pick_elbow(opened)
    before = _rotation(opened)
    opened.press("X", opened.viewport)
    centre = opened.viewport.scene_view().project(opened.gizmo().centre_m)
    turn = np.radians(np.linspace(0, 30, 12))
    path = [
        (float(centre[0] + 80 * np.cos(a)), float(centre[1] + 80 * np.sin(a)))
        for a in turn
    ]
    opened.drag(opened.viewport, path)
    assert np.degrees(geodesic_rad(before, _rotation(opened))) == pytest.approx(
        30, abs=1
    )


def test_a_locked_person_refuses_with_a_sentence(opened: StudioDriver) -> None:
    opened.click_row("Person A", 1)
    assert opened.person("Person A").locked
    _pick_elbow(opened)
    before = _rotation(opened)
    opened.drag_gizmo("z", 40)
    assert _rotation(opened) == pytest.approx(before)
    assert "Person A is locked" in opened.toast
    assert not opened.document.is_editing


def test_keys_are_inserted_visited_copied_and_deleted(opened: StudioDriver) -> None:
    opened.scrub_to(4)
    opened.select_joint("Person A", "left_elbow")
    opened.press("I")
    opened.scrub_to(12)
    opened.focus_video()
    opened.press("I")
    track = opened.session.active_track
    assert track is not None
    assert [k.frame for k in opened.document.keys_of(track.id)] == [4, 12]
    opened.press("Up")
    assert opened.frame == 4
    opened.press("Down")
    assert opened.frame == 12
    opened.press("Ctrl+C")
    opened.press("Shift+Right")
    opened.press("Ctrl+V")
    assert [k.frame for k in opened.document.keys_of(track.id)] == [4, 12, 22]
    opened.press("Alt+I")
    assert [k.frame for k in opened.document.keys_of(track.id)] == [4, 12]


def test_numbers_in_the_inspector_turn_the_joint(opened: StudioDriver) -> None:
    opened.scrub_to(8)
    opened.select_joint("Person A", "left_elbow")
    field = opened.workspace.inspector.section("rotation").fields[1]
    opened.type_into(field.box, "25")
    assert np.degrees(np.linalg.norm(_rotation(opened))) == pytest.approx(25, abs=0.1)
    assert opened.workspace.inspector.pages["pose"].who.chip.text == "Keyed"
    opened.type_into(opened.workspace.inspector.section("key").blend_out.box, "9")
    track = opened.session.active_track
    assert track is not None
    assert opened.document.key_at(track.id, 8).blend_out == 9


def test_persons_are_renamed_recoloured_and_deleted(opened: StudioDriver) -> None:
    opened.rename("Person B", "Lena")
    assert opened.person("Lena")
    assert opened.menu_text("undo") == "Undo rename Person B"
    opened.window.workspace.inspector.tabs.setCurrentIndex(1)
    button = opened.workspace.inspector.section("identity").colours["plum"]
    opened.click(button, 10, 10)
    assert opened.person("Lena").colour == "plum"
    opened.click_row("Lena")
    opened.press("Del", opened.tree)
    assert [p.name for p in opened.session.persons] == ["Person A"]
    assert opened.toast == "Lena deleted"
    assert len(opened.video.overlay.targets.people) == 1
    opened.press("Ctrl+Z")
    assert opened.person("Lena").colour == "plum"
    assert len(opened.video.overlay.targets.people) == 2


def test_an_empty_name_is_refused(opened: StudioDriver) -> None:
    opened.rename("Person A", "   ")
    assert opened.person("Person A")
    assert "needs a name" in opened.toast


def test_export_from_the_window(opened: StudioDriver, tmp_path: Path) -> None:
    opened.press("Ctrl+E")
    dialog = opened.window.findChild(ExportDialog)
    assert dialog is not None
    output = tmp_path / "out.json"
    dialog.formats.choose("json")
    dialog.path.setText(str(output))
    opened.click(dialog.export_button, 10, 10)
    opened.wait_until(lambda: not dialog.is_writing, "the file")
    assert output.is_file()
    assert "Exported out.json" in opened.toast
    assert "passed" in dialog.check.text
    dialog.path.setText(str(tmp_path / "missing" / "out.json"))
    opened.click(dialog.export_button, 10, 10)
    assert "missing" in dialog.check.text
    dialog.close()


def test_a_job_shows_progress_and_can_be_stopped(opened: StudioDriver) -> None:
    from hpe_studio.core.jobs import Progress

    ended: list[str] = []

    def job():
        for done in range(10**7):
            yield Progress(done=done, total=10**7, text="Counting")

    import time

    def slow():
        for progress in job():
            time.sleep(0.002)
            yield progress

    opened.window.jobs.start(
        "Counting",
        slow(),
        on_result=lambda _: ended.append("result"),
        on_cancelled=lambda: ended.append("cancelled"),
    )
    pill = opened.window.status.pill
    opened.wait_until(lambda: pill.text == "Counting", "the pill")
    assert pill.isVisible()
    opened.click(pill, pill.width() - 10, 9)
    opened.wait_until(lambda: bool(ended), "the end")
    assert ended == ["cancelled"]
    opened.settle()
    assert not pill.isVisible()


def test_a_failed_job_says_why(opened: StudioDriver) -> None:
    from hpe_studio.core.jobs import Progress

    def job():
        yield Progress(done=0, total=1)
        raise StudioError("the model is missing", fix="fetch it")

    opened.window.jobs.start("Work", job(), on_result=lambda _: None)
    opened.wait_until(lambda: not opened.window.jobs.running, "the end")
    assert "the model is missing; fetch it" in opened.toast


def test_closing_aborts_an_open_drag(studio: StudioDriver, project: Path) -> None:
    studio.open_clip(project)
    _pick_elbow(studio)
    studio.drag_gizmo("z", 40, release=False)
    document = studio.document
    studio.window.close_session()
    assert not document.is_editing
    assert not studio.window.findChildren(QDialog)


def test_another_field_of_view_is_one_step(opened: StudioDriver) -> None:
    opened.workspace.inspector.tabs.setCurrentIndex(2)
    page = opened.workspace.inspector.section("lens")
    assert page.fov.value == pytest.approx(60, abs=0.1)
    opened.type_into(page.fov.box, "45")
    assert opened.session.camera.source == "given"
    assert page.fov.value == pytest.approx(45, abs=0.1)
    assert opened.menu_text("undo") == "Undo set focal length"
    opened.press("Ctrl+Z", opened.video)
    assert opened.session.camera.source == "assumed"


@pytest.mark.data
def test_another_body_model_is_shown_and_undone(
    opened: StudioDriver, test_data: Path, tmp_path: Path
) -> None:
    opened.wait_idle()
    shipped = opened.session.poser.body
    commands.use_body(opened.session, test_data / "bodies" / "OPEN_SMPL_NEUTRAL.npz")
    opened.wait_idle()
    assert opened.session.poser.body is not shipped
    assert opened.menu_text("undo") == "Undo choose body"
    opened.press("Ctrl+Z", opened.video)
    opened.wait_idle()
    assert opened.session.poser.body is shipped
    wrong = tmp_path / "wrong.npz"
    wrong.write_bytes(b"no body")
    commands.use_body(opened.session, wrong)
    assert "wrong.npz" in opened.toast
