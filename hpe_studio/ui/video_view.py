"""The footage with the drawing over it: look, zoom, pick."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from hpe_studio.core.arrays import ByteArray
from hpe_studio.render.hit2d import hit_test
from hpe_studio.render.overlay import Overlay, draw_overlay
from hpe_studio.render.viewcamera import ViewCamera, through_camera
from hpe_studio.render.viewtransform import ViewTransform, fit
from hpe_studio.ui import look
from hpe_studio.ui.figures import is_correcting, overlay_people, reach_px
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import name_width, paint_shapes
from hpe_studio.ui.tools import ToolBox
from hpe_studio.ui.video_notes import (
    NoFootage,
    Spinner,
    paint_sentence,
    paint_zoom,
)

if TYPE_CHECKING:
    from hpe_studio.media.loader import Picture

_WHEEL_STEP = 1.2


class VideoView(QWidget):
    """Paints the last good picture and the overlay of the frame shown.

    The overlay never waits for the picture: it follows `ViewState.frame` at once.

    Args:
        session: What is shown.
        tools: What the left mouse button does.
    """

    def __init__(self, session: Session, tools: ToolBox) -> None:
        super().__init__()
        self._session = session
        self._tools = tools
        self._image: QImage | None = None
        self._picture: Picture | None = None
        self._wanted_frame = -1
        self._placed: ViewTransform | None = None  # None: fitted
        self._fitted: ViewTransform | None = None
        self._overlay: Overlay | None = None
        self._hovered: tuple[int, int] | None = None
        self._pan_from: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Video")
        self.setMinimumSize(160, 120)
        self._spinner = Spinner(self)
        bridge = session.bridge
        bridge.frame_changed.connect(self._on_frame_changed)
        bridge.picture_arrived.connect(self._on_picture_arrived)
        for signal in (
            bridge.selection_changed,
            bridge.tool_changed,
            bridge.layers_changed,
            bridge.document_changed,
        ):
            signal.connect(self._on_overlay_changed)
        session.requests.framing_wanted.connect(self._on_framing_wanted)
        session.requests.footage_attached.connect(self._on_footage_attached)
        session.finds.changed.connect(self._on_overlay_changed)
        self.no_footage: NoFootage | None = None
        if session.footage is None and session.document.clip.kind != "none":
            self.no_footage = NoFootage(self, session.document.clip)
        self._ask(session.view.frame)

    def sizeHint(self) -> QSize:
        """Half of a usual window."""
        return QSize(480, 360)

    # What others ask (tests, the viewport's picture behind) -------------------

    @property
    def transform(self) -> ViewTransform:
        """Where the picture lies in this widget."""
        view_px = (float(self.width()), float(self.height()))
        if self._placed is not None:
            return replace(self._placed, view_px=view_px)
        if self._fitted is not None:
            return self._fitted
        clip = self._session.document.clip
        self._fitted = fit(
            clip.size_px,
            view_px,
            pixel_aspect=clip.pixel_aspect,
            reach_px=reach_px(self._session),
        )
        return self._fitted

    def scene_view(self) -> ViewCamera:
        """How scene metres are seen in this widget's logical pixels."""
        session = self._session
        return through_camera(
            session.camera, self.transform, frame_in_shot=session.frame_in_shot
        )

    @property
    def overlay(self) -> Overlay:
        """What is drawn over the picture, and what of it can be hit."""
        if self._overlay is None:
            self._overlay = draw_overlay(
                overlay_people(self._session, self._hovered),
                self.transform,
                frame_edge="frame edge",
                short_tags=is_correcting(self._session),
                text_width=name_width,
            )
        return self._overlay

    @property
    def shown_frame(self) -> int:
        """The frame whose picture is on screen, -1 before the first."""
        return -1 if self._picture is None else self._picture.frame

    @property
    def is_still(self) -> bool:
        """True when the picture of the frame shown has arrived."""
        return self._session.loader is None or self.shown_frame == self._wanted_frame

    # Events -------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint picture, overlay, and what there is to say."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("video.backdrop"))
        transform = self.transform
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            left, top, right, bottom = transform.picture_rect()
            painter.drawImage(
                QRectF(left, top, right - left, bottom - top), self._image
            )
        paint_shapes(painter, self.overlay.shapes)
        self._tools.paint(painter, self)
        if self._image is not None:
            paint_zoom(painter, self, transform.scale)
        self._paint_message(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pan with the middle button, use the tool with the left one."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan_from = event.position()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, drag or show what lies under the pointer."""
        if self._pan_from is not None:
            step = event.position() - self._pan_from
            self._pan_from = event.position()
            self._place(self.transform.panned(step.x(), step.y()))
        elif not self._tools.move(self, event):
            self._hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End panning or the drag."""
        self._pan_from = None
        self._tools.release(self, event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click beside everything fits the picture."""
        at = event.position()
        if hit_test(self.overlay, at.x(), at.y()) is None:
            self._place(None)
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        factor = _WHEEL_STEP ** (event.angleDelta().y() / 120)
        at = event.position()
        self._place(self.transform.zoomed(factor, at.x(), at.y()))
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show what lies under the pointer."""
        self._hover(event.position())

    def leaveEvent(self, _event: object) -> None:
        """Nothing lies under the pointer any more."""
        self._set_hovered(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys to the actions."""
        event.ignore()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Lay the overlay out anew."""
        if self.no_footage is not None:
            self.no_footage.place(self.width())
        self._redraw()

    # What they do ---------------------------------------------------------------

    def _press(self, event: QMouseEvent) -> None:
        if self._tools.press(self, event):
            return
        at = event.position()
        hit = hit_test(self.overlay, at.x(), at.y())
        if hit is None:
            self._session.select(None)
            return
        is_adding = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self._session.pick(int(hit.person), hit.joint, is_adding=bool(is_adding))

    def _hover(self, at: QPointF) -> None:
        hit = hit_test(self.overlay, at.x(), at.y())
        if hit is None or hit.kind != "joint" or hit.joint is None:
            self._set_hovered(None)
        else:
            self._set_hovered((int(hit.person), hit.joint))

    def _set_hovered(self, hovered: tuple[int, int] | None) -> None:
        if hovered == self._hovered:
            return
        self._hovered = hovered
        self.setToolTip("")
        self._redraw()

    def _place(self, transform: ViewTransform | None) -> None:
        self._placed = transform
        self._redraw()

    def _redraw(self) -> None:
        self._overlay = None
        self._fitted = None
        self.update()

    def _ask(self, frame: int) -> None:
        self._wanted_frame = frame
        loader = self._session.loader
        if loader is not None:
            loader.request(frame, self._session.playback.direction)
            if self.shown_frame != frame:
                self._spinner.start()

    def _on_frame_changed(self, frame: int) -> None:
        self._ask(frame)
        self._redraw()

    def _on_picture_arrived(self, picture: Picture) -> None:
        self._picture = picture
        self._image = _as_image(picture.rgb)
        if picture.frame == self._wanted_frame:
            self._spinner.stop()
        self.update()

    def _on_overlay_changed(self, _change: object) -> None:
        self._redraw()

    def _on_framing_wanted(self) -> None:
        self._place(None)

    def _on_footage_attached(self) -> None:
        if self.no_footage is not None:
            self.no_footage.deleteLater()
            self.no_footage = None
        self._ask(self._session.view.frame)
        self.update()

    def _paint_message(self, painter: QPainter) -> None:
        if self._session.footage is None and self.no_footage is None:
            paint_sentence(painter, self, "These results came without footage")
        elif self._picture is not None and self._picture.missing:
            paint_sentence(painter, self, self._picture.message or "No picture")
        if self.shown_frame != self._wanted_frame:
            self._spinner.paint(painter)


def _as_image(rgb: ByteArray) -> QImage:
    height, width, _ = rgb.shape
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888)
