"""The drawing over the footage: worked out when asked for, painted in layers."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from hpe_studio.render.captions import JOINT
from hpe_studio.render.gizmo import DIAMETER_PX, VIEW_RING
from hpe_studio.render.overlay import Overlay, draw_overlay
from hpe_studio.render.skeletonmemory import SkeletonMemory
from hpe_studio.render.viewtransform import ViewTransform
from hpe_studio.ui import look
from hpe_studio.ui.body_outlines import BodyOutlines
from hpe_studio.ui.figures import PeopleMemory, is_correcting, overlay_people
from hpe_studio.ui.overlay_layers import OverlayLayers
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import name_width
from hpe_studio.ui.video_picture import PicturePainter
from hpe_studio.ui.video_saying import Box
from hpe_studio.ui.words import tr

_RINGS_PX = DIAMETER_PX / 2 * VIEW_RING


class VideoOverlay:
    """Everyone over the picture of the view that is shown.

    Args:
        session: Whose people.

    Attributes:
        bodies: Their outlines.
        memory: Of the last drawing.
        layers: What of it stays on screen.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.bodies = BodyOutlines(session)
        self.memory, self.layers = SkeletonMemory(), OverlayLayers()
        self._known: PeopleMemory = {}

    def drawn(
        self,
        view: ViewTransform,
        ratio: float,
        *,
        hovered: tuple[int, int] | None,
        covered: list[Box],
    ) -> Overlay:
        """What is drawn over the picture, and what of it can be hit.

        Args:
            view: Where the picture lies.
            ratio: Device pixels per logical pixel.
            hovered: Person id and joint under the pointer, or None.
            covered: Where other things lie over the pane.
        """
        session = self._session
        outlines = self.bodies.seen_through(view, ratio)
        return draw_overlay(
            overlay_people(session, hovered, outlines, memory=self._known),
            view,
            frame_edge=tr("frame edge"),
            short_tags=is_correcting(session),
            text_width=name_width,
            clear_px=_RINGS_PX if session.view.tool == "rotate" else JOINT,
            covered=covered,
            memory=self.memory,
        )

    def paint(
        self,
        painter: QPainter,
        overlay: Overlay,
        picture: PicturePainter,
        *,
        view: ViewTransform,
        place: QRect,
        ratio: float,
    ) -> None:
        """Paint the picture and the overlay; what stayed of both is kept.

        Args:
            painter: In logical pixels.
            overlay: As `drawn`.
            picture: Of the footage.
            view: Where it lies.
            place: The pane.
            ratio: Device pixels per logical pixel.
        """
        is_fast = self._session.playback.direction != 0

        def paint_picture(on: QPainter) -> None:
            on.fillRect(place, look.colour("video.backdrop"))
            picture.paint(on, view, ratio, fast=is_fast)

        self.layers.paint(
            painter,
            overlay.shapes,
            ground=(picture.shown, view, ratio, is_fast, look.theme().name),
            paint_ground=paint_picture,
            size=place.size(),
            ratio=ratio,
        )
