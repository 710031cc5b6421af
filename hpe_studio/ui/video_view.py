"""The footage with the drawing over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from hpe_studio.render.overlay import Overlay
from hpe_studio.render.theme import Theme
from hpe_studio.render.viewcamera import ViewCamera, through_camera
from hpe_studio.render.viewtransform import ViewTransform
from hpe_studio.ui import look
from hpe_studio.ui.compare.marks import picture_shapes
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import paint_shapes
from hpe_studio.ui.tools import ToolBox
from hpe_studio.ui.video_chips import ZoomChip, paint_outside_legend
from hpe_studio.ui.video_notes import NoFootage, Spinner, paint_sentence
from hpe_studio.ui.video_overlay import VideoOverlay
from hpe_studio.ui.video_picture import PicturePainter
from hpe_studio.ui.video_pointer import VideoPointer
from hpe_studio.ui.video_saying import boxes_over, sentence_over
from hpe_studio.ui.video_zoom import VideoZoom
from hpe_studio.ui.views.name_chip import name_box, paint_name
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.core.document import Document
    from hpe_studio.media.loader import Picture
    from hpe_studio.ui.bridge import Touched


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
        self._painter = PicturePainter()
        self.drawing = VideoOverlay(session)
        self._wanted_frame = -1
        self._overlay: Overlay | None = None
        self._hovered: tuple[int, int] | None = None
        self.zoom = VideoZoom(self, session)
        self.zoom.moved.connect(self._redraw)
        self._pointer = VideoPointer(self, session, self.zoom)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Video"))
        self.setMinimumSize(160, 120)
        self.zoom_chip = ZoomChip(self)
        self.zoom_chip.clicked.connect(self.zoom.fit)
        self._spinner = Spinner(self)
        self._listen()
        self.no_footage: NoFootage | None = None
        if session.footage is None:
            self._tell_lost()
        self._ask(session.view.frame)

    def sizeHint(self) -> QSize:
        """Half of a usual window."""
        return QSize(480, 360)

    # What others ask (tests, tools) ---------------------------------------------

    @property
    def transform(self) -> ViewTransform:
        """Where the picture lies in this widget."""
        return self.zoom.transform

    @property
    def ink_theme(self) -> Theme:
        """The theme whose inks are clear over the footage."""
        return look.theme_over_footage()

    @property
    def picture_transform(self) -> ViewTransform | None:
        """The same, for tools: here is footage."""
        return self.zoom.transform

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
            self._overlay = self.drawing.drawn(
                self.transform,
                self.devicePixelRatioF(),
                hovered=self._hovered,
                covered=self._covered(),
            )
        return self._overlay

    @property
    def shown_frame(self) -> int:
        """The frame whose picture is on screen, -1 before the first."""
        return self._painter.frame

    @property
    def is_still(self) -> bool:
        """True when the picture of the frame shown has arrived and lies still."""
        return self.zoom.is_still and self._has_all

    @property
    def _has_all(self) -> bool:
        """True when no picture is waited for."""
        number = self._session.view.shown_view
        has_none = self._wanted_frame < 0 or self._session.feeds.trouble_of(number)
        return bool(has_none) or self.shown_frame == self._wanted_frame

    # Events -------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint picture, overlay, and what there is to say."""
        with QPainter(self) as painter:
            self.drawing.paint(
                painter,
                self.overlay,
                self._painter,
                view=self.transform,
                place=self.rect(),
                ratio=self.devicePixelRatioF(),
            )
            paint_shapes(painter, tuple(picture_shapes(self._session, self.transform)))
            self._tools.paint(painter, self)
            self._pointer.paint(painter)
            if self._session.document.views:
                paint_name(painter, *self._named)
            if self.overlay.reaches_beyond:
                beside = self.zoom_chip.geometry()
                paint_outside_legend(painter, beside, self.width())
            self._paint_message(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Use the tool, or else pick, pan or draw a band."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        is_left = event.button() == Qt.MouseButton.LeftButton
        if not is_left and event.button() != Qt.MouseButton.MiddleButton:
            return
        self.zoom.hold()
        if not is_left or not self._tools.press(self, event):
            self._pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the drag or show what lies under the pointer."""
        if self._pointer.is_busy:
            self._pointer.move(event)
        elif not self._tools.move(self, event):
            self._hover(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        self._pointer.release()
        self._tools.release(self, event)
        self.zoom.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click beside everything fits the picture or shows its pixels."""
        if self._pointer.hit(event.position()) is None:
            self._pointer.double_click(event.position())
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self._pointer.wheel(event)

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
        self.zoom.refit()

    # What they do ---------------------------------------------------------------

    def _listen(self) -> None:
        session, bridge = self._session, self._session.bridge
        bridge.frame_changed.connect(self._on_frame_changed)
        session.feeds.picture_arrived.connect(self._on_view_picture_arrived)
        session.feeds.opened.connect(self._on_view_changed)
        bridge.shown_view_changed.connect(self._on_shown_view_changed)
        bridge.selection_changed.connect(self._on_view_changed)
        bridge.tool_changed.connect(self._on_view_changed)
        bridge.layers_changed.connect(self._on_people_changed)
        bridge.document_changed.connect(self._on_document_changed)
        session.requests.framing_wanted.connect(self.zoom.fit)
        session.requests.footage_attached.connect(self._on_footage_attached)
        session.requests.footage_lost.connect(self._on_footage_lost)
        session.finds.changed.connect(self._on_view_changed)
        session.comparing.changed.connect(self.update)

    @property
    def _named(self) -> tuple[Document, int, float]:
        """Which of several views this is, for its name."""
        session = self._session
        return session.document, session.view.shown_view, float(self.width())

    def _covered(self) -> list[tuple[float, float, float, float]]:
        """Where tools, chip and notes lie over the picture."""
        boxes = boxes_over(self)
        if self._session.document.views:
            name = name_box(*self._named)
            boxes.append((name.left(), name.top(), name.right(), name.bottom()))
        return boxes

    def _hover(self, at: QPointF) -> None:
        hit = self._pointer.hit(at)
        if hit is None or hit.kind != "joint" or hit.joint is None:
            self._set_hovered(None)
        else:
            self._set_hovered((int(hit.person), hit.joint))

    def _set_hovered(self, hovered: tuple[int, int] | None) -> None:
        if hovered == self._hovered:
            return
        self._hovered = hovered
        self._redraw()

    def _redraw(self) -> None:
        self._overlay = None
        has_picture = self._painter.picture is not None
        self.zoom_chip.show_scale(self.transform.scale, visible=has_picture)
        self.update()

    def _ask(self, frame: int) -> None:
        feeds, number = self._session.feeds, self._session.view.shown_view
        self._wanted_frame = feeds.own_frame(number)
        if number:  # its feed asks
            picture = feeds.picture_of(number)
            if picture is not None:
                self._on_picture_arrived(picture)
            if not self._has_all:
                self._spinner.start()
            return
        loader = self._session.loader
        if loader is not None:
            ready = loader.ready(frame)
            if ready is not None:  # in play: painted at once with the overlay
                self._on_picture_arrived(ready)
            loader.request(frame, self._session.playback.direction)
            if self.shown_frame != frame:
                self._spinner.start()

    def _on_frame_changed(self, frame: int) -> None:
        self._ask(frame)
        self._on_view_changed()

    def _on_view_picture_arrived(self, number: int, picture: Picture) -> None:
        if number == self._session.view.shown_view:
            self._on_picture_arrived(picture)

    def _on_shown_view_changed(self, _number: int) -> None:
        """Another camera: its picture, everyone through its lens."""
        self._painter = PicturePainter()
        self._spinner.stop()
        self.drawing.bodies.forget()
        self._hovered = None
        if self.no_footage is not None:
            self.no_footage.setVisible(self._session.view.shown_view == 0)
        self._ask(self._session.view.frame)
        self.zoom.begin_anew()

    def _on_picture_arrived(self, picture: Picture) -> None:
        if picture is self._painter.picture:
            return
        is_first = self._painter.picture is None
        self._painter.show(picture)
        if picture.frame == self._wanted_frame:
            self._spinner.stop()
        if is_first:
            self._redraw()
        self.update()

    def catch_up(self, touched: Touched) -> None:
        """Take in what a gesture here did, to show it before anybody else."""
        self._on_document_changed(touched)

    def _on_document_changed(self, touched: Touched) -> None:
        if touched.shown_by is self:
            return
        if touched.any_of("views"):  # another frame of its film may belong to this one
            self._ask(self._session.view.frame)
        self._on_people_changed()

    def _on_people_changed(self, _change: object = None) -> None:
        self.drawing.bodies.forget()
        self._on_view_changed()

    def _on_view_changed(self, _change: object = None) -> None:
        self._overlay = None
        self.zoom.follow()
        self._redraw()

    def _tell_lost(self) -> None:
        """Say that the clip is not at hand, and offer to find it."""
        clip = self._session.document.clip
        if clip.kind != "none":
            self.no_footage = NoFootage(self, clip)
            wanted = self._session.requests.locate_wanted
            self.no_footage.button.clicked.connect(wanted)

    def _on_footage_lost(self) -> None:
        """Show people without pictures: the last one belongs to its frame alone."""
        self._painter = PicturePainter()
        self._spinner.stop()
        self._tell_lost()
        if self.no_footage is not None:
            self.no_footage.place(self.width())
            self.no_footage.show()
        self._redraw()

    def _on_footage_attached(self) -> None:
        if self.no_footage is not None:
            self.no_footage.deleteLater()
            self.no_footage = None
        self._ask(self._session.view.frame)
        self.update()

    def _paint_message(self, painter: QPainter) -> None:
        told = sentence_over(
            self._session,
            self._painter.picture,
            wanted_frame=self._wanted_frame,
            has_note=self.no_footage is not None,
        )
        if told:
            paint_sentence(painter, self, told)
        if not self._has_all:
            self._spinner.paint(painter)
