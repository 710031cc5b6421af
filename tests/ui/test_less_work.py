"""What a step of a drag or of scrubbing does not do again."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest

from hpe_studio.core.arrays import ByteArray
from hpe_studio.render.drawlist import Discs, Ink, Shape
from hpe_studio.ui.overlay_layers import OverlayLayers
from tests.drive_hands import drag_joint, joint_px, send_mouse
from tests.driver import LEFT, StudioDriver

_SIZE = QSize(60, 40)


def _disc(x: float) -> Shape:
    centres = np.array([[x, 20.0]])
    return Discs(centres=centres, radius=6.3, fill=Ink(colour="#13A4F5", alpha=0.6))


def _painted(layers: OverlayLayers, xs: list[float], ratio: float = 1.0) -> ByteArray:
    """The pixels of discs over a ground."""
    image = QImage(_SIZE * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    with QPainter(image) as painter:
        layers.paint(
            painter,
            tuple(_disc(x) for x in xs),
            ground="a",
            paint_ground=lambda on: on.fillRect(0, 0, 60, 40, QColor("#402010")),
            size=_SIZE,
            ratio=ratio,
        )
    rows = np.frombuffer(image.constBits(), np.uint8)
    return rows.reshape(image.height(), -1, 4)[..., :3].copy()


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_what_stays_under_an_overlay_looks_as_if_painted_anew(ratio: float) -> None:
    layers = OverlayLayers()
    stay = [5.0, 12.5, 20.2, 31.0]
    for last in (40.0, 42.0, 44.0, 46.0):
        kept = _painted(layers, [*stay, last], ratio)
        fresh = _painted(OverlayLayers(), [*stay, last], ratio)
        assert np.array_equal(kept, fresh)
    assert np.array_equal(
        _painted(layers, [9.0], ratio), _painted(OverlayLayers(), [9.0], ratio)
    )


def test_only_the_shape_that_moves_is_painted_again() -> None:
    layers = OverlayLayers()
    for last in (40.0, 42.0):  # the second time shows what stays
        _painted(layers, [5.0, 12.5, 20.2, 31.0, last])
    before = layers.painted
    _painted(layers, [5.0, 12.5, 20.2, 31.0, 44.0])
    assert layers.painted == before + 1


def _take_hold(driver: StudioDriver) -> np.ndarray:
    """Drag Person A's hand a bit in the 3D view and hold it there."""
    person = driver.person("Person A")
    driver.session.select(person.id, 20)
    driver.session.view.tool = "move"
    driver.wait_idle()
    at = drag_joint(
        driver, "Person A", "left_wrist", (12, 8), driver.viewport, release=False
    )
    driver.settle()
    return at


def test_a_step_of_a_drag_works_out_who_is_dragged_alone(
    lasting: StudioDriver,
) -> None:
    at = _take_hold(lasting)
    video, viewport = lasting.video, lasting.viewport
    scene = viewport._stage.scene
    for step in (1, 2):  # who stays is seen from two of them
        to = at + np.array([step, 0])
        send_mouse(viewport, QEvent.Type.MouseMove, tuple(to.tolist()))
        lasting.settle()
    moved, made = scene.mesh_work.moved, video.drawing.memory.made
    painted, drawn = video.drawing.layers.painted, viewport.picture.drawn
    send_mouse(viewport, QEvent.Type.MouseMove, tuple((at + np.array([3, 2])).tolist()))
    lasting.wait_until(lambda: viewport.picture.drawn > drawn, "the 3D view")
    lasting.wait_until(lambda: video.drawing.layers.painted > painted, "the video")
    shapes = len(video.overlay.shapes)
    assert scene.mesh_work.moved == moved + 1, "neither the other body nor the ghost"
    assert video.drawing.memory.made == made + 1
    assert video.drawing.layers.painted - painted < shapes
    assert viewport.picture.drawn == drawn + 1
    QTest.mouseRelease(viewport, LEFT)
    lasting.settle()


def test_the_picture_stays_where_it_is_while_a_limb_moves(
    lasting: StudioDriver,
) -> None:
    at = _take_hold(lasting)
    lasting.wait_until(lambda: lasting.video.zoom.is_still, "the picture")
    place = lasting.video.transform
    for turn in np.linspace(0, 2 * np.pi, 9):
        to = at + 6 * np.array([np.cos(turn) - 1, np.sin(turn)])
        send_mouse(lasting.viewport, QEvent.Type.MouseMove, tuple(to.tolist()))
        lasting.settle()
        assert lasting.video.transform == place
    QTest.mouseRelease(lasting.viewport, LEFT)
    lasting.settle()


def test_the_3d_view_is_begun_before_the_video_is_painted(
    lasting: StudioDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    stage, video = lasting.viewport._stage, lasting.video
    begin, paint, finish = stage.begin, video.paintEvent, stage.finish

    def noted(name: str, act: object) -> object:
        def run(*args: object, **named: object) -> object:
            order.append(name)
            return act(*args, **named)  # type: ignore[operator]

        return run

    lasting.wait_idle()
    monkeypatch.setattr(stage, "begin", noted("begin", begin))
    monkeypatch.setattr(stage, "finish", noted("finish", finish))
    monkeypatch.setattr(video, "paintEvent", noted("video", paint))
    lasting.session.view.frame += 1
    lasting.wait_until(lambda: "finish" in order, "the 3D view")
    assert order[0] == "begin"
    assert order.index("video") < order.index("finish")
    monkeypatch.undo()
    lasting.wait_idle()


def test_a_joint_is_where_the_hand_is(lasting: StudioDriver) -> None:
    at = _take_hold(lasting)
    seen = joint_px(lasting, "Person A", "left_wrist", lasting.viewport)
    assert np.hypot(*(seen - at)) < 2
    QTest.mouseRelease(lasting.viewport, LEFT)
    lasting.settle()
