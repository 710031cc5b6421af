"""One view in its place of the grid: its picture, and everyone through its camera."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from hpe_studio.render.drawlist import Shape
from hpe_studio.render.hit2d import hit_test
from hpe_studio.render.overlay import Overlay, OverlayPerson, draw_overlay
from hpe_studio.render.viewtransform import ViewTransform, fit
from hpe_studio.ui import look
from hpe_studio.ui.body_outlines import BodyOutlines
from hpe_studio.ui.compare.marks import picture_shapes
from hpe_studio.ui.figures import overlay_people
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import name_width, paint_shapes
from hpe_studio.ui.video_notes import paint_sentence
from hpe_studio.ui.video_picture import PicturePainter
from hpe_studio.ui.views.name_chip import name_box, paint_name
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.media.loader import Picture

_TAGS_FROM_PX = 260


class ViewCell(QWidget):
    """Shows a view beside the one that is edited in.

    `pressed`, `moved` and `released` pass the mouse on; `chosen` asks to make this
    view the large one.

    Args:
        session: What is shown.
        number: The view.
    """

    pressed = Signal(int, object)
    moved = Signal(int, object)
    released = Signal(int, object)
    chosen = Signal(int)

    def __init__(self, session: Session, number: int) -> None:
        super().__init__()
        self.number = number
        self._session = session
        self._painter = PicturePainter()
        self._bodies = BodyOutlines(session)
        self._overlay: Overlay | None = None
        self._is_lit = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMinimumSize(1, 1)
        self.take_name()
        picture = session.feeds.picture_of(number)
        if picture is not None:
            self._painter.show(picture)

    def sizeHint(self) -> QSize:
        """A small picture."""
        return QSize(160, 90)

    # What others ask ---------------------------------------------------------------

    @property
    def transform(self) -> ViewTransform:
        """Where the picture lies in this widget."""
        clip = self._session.document.view_clip(self.number)
        view_px = (float(max(self.width(), 1)), float(max(self.height(), 1)))
        return fit(clip.size_px, view_px, pixel_aspect=clip.pixel_aspect)

    @property
    def picture_px(self) -> tuple[int, int]:
        """Width and height of the picture in device pixels."""
        left, top, right, bottom = self.transform.picture_rect()
        ratio = self.devicePixelRatioF()
        wide, high = round((right - left) * ratio), round((bottom - top) * ratio)
        return max(wide, 1), max(high, 1)

    @property
    def overlay(self) -> Overlay:
        """What is drawn over the picture, and what of it can be hit."""
        if self._overlay is None:
            session, view = self._session, self.transform
            eye = session.eye(self.number)
            outlines = self._bodies.seen_through(view, self.devicePixelRatioF(), eye)
            people = overlay_people(session, None, outlines, eye=eye)
            if self._is_small:  # hatching beyond the picture would be lost here
                people = [_without_margin(person) for person in people]
            self._overlay = draw_overlay(
                people,
                view,
                short_tags=self._is_small,
                text_width=name_width,
                covered=[self._name_rect()],
            )
        return self._overlay

    @property
    def _is_small(self) -> bool:
        return self.width() < _TAGS_FROM_PX

    @property
    def shown_frame(self) -> int:
        """The frame of its own footage whose picture is on screen, -1 for none."""
        return self._painter.frame

    def person_at(self, x: float, y: float) -> int | None:
        """Whose skeleton is at a place, or None."""
        hit = hit_test(self.overlay, x, y)
        return None if hit is None else int(hit.person)

    # What changes it ---------------------------------------------------------------

    def show_picture(self, picture: Picture) -> None:
        """Take the next picture."""
        self._painter.show(picture)
        self.update()

    def take_name(self) -> None:
        """The view may be called otherwise, or be the main one."""
        name = self._session.document.view_name(self.number)
        self.setAccessibleName(tr("View {}").format(name))
        self.forget_places()

    def forget_people(self) -> None:
        """Poses, shapes, cameras or eyes changed."""
        self._bodies.forget()
        self.forget_places()

    def forget_places(self) -> None:
        """Frame or selection changed."""
        self._overlay = None
        self.update()

    def light(self, *, is_large: bool) -> None:
        """Stand out as the one that is shown large, or not."""
        self._is_lit = is_large
        self.update()

    # Events ------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint picture, people, name, and what there is to say."""
        document = self._session.document
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.colour("video.backdrop"))
            is_playing = self._session.playback.direction != 0
            ratio = self.devicePixelRatioF()
            self._painter.paint(painter, self.transform, ratio, fast=is_playing)
            if self._is_small:
                left, top, right, bottom = self.transform.picture_rect()
                painter.setClipRect(QRectF(left, top, right - left, bottom - top))
            paint_shapes(painter, self.overlay.shapes)
            paint_shapes(painter, self._truth_shapes())
            painter.setClipping(False)
            sentence = self._sentence()
            if sentence:
                paint_sentence(painter, self, sentence)
            paint_name(painter, document, self.number, self.width())
            self._paint_frame(painter)

    def _truth_shapes(self) -> tuple[Shape, ...]:
        """The truth through this camera."""
        eye = self._session.eye(self.number)
        return tuple(picture_shapes(self._session, self.transform, eye))

    def _name_rect(self) -> tuple[float, float, float, float]:
        box = name_box(self._session.document, self.number, self.width())
        return box.left(), box.top(), box.right(), box.bottom()

    def _sentence(self) -> str:
        feeds, picture = self._session.feeds, self._painter.picture
        trouble = feeds.trouble_of(self.number)
        if trouble:
            return tr("Not at hand")
        if feeds.own_frame(self.number) < 0:
            return tr("No picture at this frame")
        if picture is not None and picture.missing:
            return tr("No picture")
        return ""

    def _paint_frame(self, painter: QPainter) -> None:
        token = "focus.ring" if self.hasFocus() else "accent.fill"
        if not (self.hasFocus() or self._is_lit or self.underMouse()):
            return
        wide = 2.0 if self.hasFocus() or self._is_lit else 1.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour(token), wide))
        half = wide / 2
        painter.drawRect(QRectF(self.rect()).adjusted(half, half, -half, -half))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pass it on."""
        self.pressed.emit(self.number, event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pass it on."""
        self.moved.emit(self.number, event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pass it on."""
        self.released.emit(self.number, event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Become the large one."""
        self.chosen.emit(self.number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter makes it the large one; other keys are the actions'."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.number)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show it no more."""
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Lay the overlay out anew."""
        self.forget_people()


def _without_margin(person: OverlayPerson) -> OverlayPerson:
    """The person with nothing told of limbs beyond the picture."""
    return replace(person, outside=np.zeros(len(person.points_px), bool))
