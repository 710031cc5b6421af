"""The 3D view of the frame: people, floor, the clip's camera; orbit, pick, turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from hpe_studio.render.quality import Quality
from hpe_studio.render.theme import Theme
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.render.viewtransform import ViewTransform
from hpe_studio.ui import look
from hpe_studio.ui.camera_marks import camera_at
from hpe_studio.ui.looks import Looks
from hpe_studio.ui.picture_strength import PictureStrength
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import paint_shapes
from hpe_studio.ui.stage import Stage
from hpe_studio.ui.tools import ToolBox
from hpe_studio.ui.viewport_camera import ViewportCamera
from hpe_studio.ui.viewport_framing import FirstFraming
from hpe_studio.ui.viewport_marks import Marking, marks_over
from hpe_studio.ui.viewport_navigation import Navigator
from hpe_studio.ui.viewport_picking import pick
from hpe_studio.ui.viewport_picture import ScenePicture
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.media.loader import Picture
    from hpe_studio.ui.bridge import Touched


class Viewport(QWidget):
    """Shows what `render.Scene3D` draws off screen, and moves its camera.

    Args:
        session: What is shown.
        tools: What the left mouse button does.
    """

    looked = Signal()

    def __init__(self, session: Session, tools: ToolBox) -> None:
        super().__init__()
        self._session = session
        self._tools = tools
        self._camera = ViewportCamera(session)
        self._stage = Stage(session)
        self._looks = Looks(session.document)
        self._navigator = Navigator(self, self._camera, session)
        self.picture = ScenePicture(self, self._stage, self._camera, session)
        self.picture.prepare = self._prepare
        self._pace = self.picture.pace
        self._framing = FirstFraming(session, self._camera, self._navigator)
        self._hovered_camera: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("3D viewport"))
        self.setMinimumSize(160, 120)
        self.picture_strength = PictureStrength(self)
        self._listen()

    def sizeHint(self) -> QSize:
        """Half of a usual window."""
        return QSize(480, 360)

    def close_scene(self) -> None:
        """Give the graphics memory back, before the widget goes."""
        self.picture.close()
        self._stage.close()

    @property
    def ink_theme(self) -> Theme:
        """The theme whose inks are clear over the scene, or the picture behind it."""
        is_through = self._camera.is_through
        return look.theme_over_footage() if is_through else look.theme()

    @property
    def picture_transform(self) -> ViewTransform | None:
        """Where footage lies: nowhere, this is the scene."""
        return None

    def scene_view(self) -> ViewCamera:
        """How scene metres are seen in this widget's logical pixels."""
        return self._camera.scene_view(self._size())

    @property
    def camera(self) -> ViewportCamera:
        """Where it is looked from."""
        return self._camera

    @property
    def navigator(self) -> Navigator:
        """What moves the camera."""
        return self._navigator

    @property
    def quality(self) -> Quality:
        """How much care the picture is given."""
        return self.picture.quality

    @property
    def is_still(self) -> bool:
        """True when the careful picture of what there is to see is on screen."""
        is_done = self.picture.is_at_rest and not self._navigator.is_gliding
        return is_done or not self.isVisible()

    def person_at(self, x: float, y: float) -> int | None:
        """Whose body is seen at a place, or None."""
        found = self._stage.pick_person(x, y)
        return None if found is None else int(str(found))

    def look_through(self, number: int) -> None:
        """Show a view and look through its camera."""
        self._session.view.shown_view = number
        self._camera.is_through = True
        self._touch()

    def _camera_at(self, x: float, y: float) -> int | None:
        """The camera of one of several views under a place, unless a body is there."""
        if not self._session.document.views or self._camera.is_through:
            return None
        view, points_m = self._camera.view(self._size()), self._stage.cameras.points_m
        number = camera_at(view, points_m, x, y)
        return None if number is None or self.person_at(x, y) is not None else number

    def _hover_camera(self, x: float, y: float) -> None:
        number = self._camera_at(x, y)
        if number != self._hovered_camera:
            self._hovered_camera = number
            self.update()

    def frame_selection(self) -> None:
        """Bring the selected person, or everyone, into view."""
        self._navigator.frame()

    # Events -------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the scene's picture and the marks over it."""
        self.picture.begin()
        marks = marks_over(self._marking())
        self._render()
        with QPainter(self) as painter:
            self.picture.paint(painter, self.rect())
            self._tools.paint(painter, self)
            paint_shapes(painter, marks)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Orbit or pan, else use the tool, else select."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._navigator.press(event):
            return
        if event.button() == Qt.MouseButton.LeftButton:
            if not self._tools.press(self, event):
                at = event.position()
                camera = self._camera_at(at.x(), at.y())
                if camera is not None:
                    self.look_through(camera)
                    return
                picked = self._stage.pick_person
                pick(self._session, self.scene_view(), picked, at.x(), at.y())
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with orbiting, panning or the drag."""
        if not self._navigator.move(event):
            self._tools.move(self, event)
            if not event.buttons():
                self._hover_camera(event.position().x(), event.position().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End orbiting, panning or the drag."""
        if not self._navigator.release(event):
            self._tools.release(self, event)

    def event(self, event: QEvent) -> bool:
        """Draw anew, as sharp as can be, on a screen of another pixel ratio."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._touch()
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Let nothing stay lit."""
        self._navigator.leave()
        self._hovered_camera = None
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self._navigator.wheel(event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys to the actions."""
        event.ignore()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Draw anew in the new size."""
        self.picture_strength.place()
        self._navigator.fit_to_size()
        self._touch()

    # Drawing ------------------------------------------------------------------

    def _prepare(self) -> None:
        """Frame who is there, before their first picture."""
        self._stage.picture_strength = self.picture_strength.strength
        self._framing.look_at_first()

    def _render(self) -> None:
        """Have the newest picture at hand."""
        self.picture.fetch()
        if self.picture.quality == "moving":
            self._navigator.frame_ms = self._stage.drawn_ms

    def _marking(self) -> Marking:
        size = self._size()
        place = self._camera.picture_place(size)
        return Marking(
            session=self._session,
            view=self._camera.drawn_scene_view(size),
            level_view=self._camera.drawn_view(size),
            floor_m=self._stage.floor_m,
            picture=None if place is None else place.picture_rect(),
            cameras_m=self._stage.cameras.points_m,
            hovered_camera=self._hovered_camera,
            is_ball_hovered=self._navigator.is_ball_hovered,
        )

    def _touch(self) -> None:
        """Something moved: draw quickly now and carefully when it rests."""
        self.picture.touch()
        self.picture_strength.setVisible(self._camera.is_through)
        self.looked.emit()
        self.update()

    def _size(self) -> tuple[float, float]:
        return float(max(self.width(), 1)), float(max(self.height(), 1))

    # What changed ---------------------------------------------------------------

    def _listen(self) -> None:
        bridge, requests = self._session.bridge, self._session.requests
        bridge.frame_changed.connect(self._on_scene_changed)
        bridge.selection_changed.connect(self._on_marks_changed)
        bridge.tool_changed.connect(self._on_marks_changed)
        bridge.layers_changed.connect(self._on_people_changed)
        bridge.document_changed.connect(self._on_document_changed)
        self._session.feeds.picture_arrived.connect(self._on_view_picture_arrived)
        bridge.shown_view_changed.connect(self._on_shown_view_changed)
        requests.preset_wanted.connect(self._navigator.take_preset)
        requests.framing_wanted.connect(self.frame_selection)
        self._navigator.moved.connect(self._touch)
        self._pace.affordable.connect(self._touch)
        self._pace.resized.connect(self._on_resized_for_play)
        self.picture_strength.changed.connect(self._touch)
        self._session.comparing.changed.connect(self._on_comparing_changed)
        look.changed.connect(self._on_look_changed)

    def _on_look_changed(self) -> None:
        self._stage.take_look()
        self._touch()

    def _on_scene_changed(self, _frame: int) -> None:
        self._stage.forget_poses()
        if self._session.playback.direction:
            self._pace.ask()
        else:
            self._touch()

    def _on_resized_for_play(self) -> None:
        if self.isVisible():
            self._touch()
            self.repaint()

    def _on_comparing_changed(self) -> None:
        self._stage.forget_poses()
        self._touch()

    def _on_people_changed(self, _layers: object) -> None:
        self._stage.forget_people()
        self._touch()

    def catch_up(self, touched: Touched) -> None:
        """Take in what a gesture here did, to show it before anybody else."""
        self._on_document_changed(touched)

    def _on_document_changed(self, touched: Touched) -> None:
        if touched.shown_by is self:
            return
        is_dressed = touched.any_of("persons") and self._looks.are_new()
        if touched.any_of("tracks", "shots", "cameras", "views"):
            self._stage.forget_floor()
        moved = touched.any_of("tracks", "shots", "cameras", "views", "settings")
        if is_dressed or moved:
            self._stage.forget_people()
            self._touch()
        elif touched.any_of("keys"):
            self._stage.forget_poses()
            self._touch()
        elif touched.any_of("persons"):
            self.update()  # a name, a lock

    def _on_marks_changed(self, _selection: object) -> None:
        self.update()

    def _on_view_picture_arrived(self, number: int, picture: Picture) -> None:
        if number == self._session.view.shown_view:
            self._on_picture_arrived(picture)

    def _on_shown_view_changed(self, number: int) -> None:
        """Another camera carries its picture, and may be looked through."""
        picture = self._session.feeds.picture_of(number)
        self._stage.set_picture(None if picture is None else picture.rgb)
        self._touch()

    def _on_picture_arrived(self, picture: Picture) -> None:
        self._stage.set_picture(picture.rgb)
        if self._camera.is_through:
            self._touch()
        else:
            self.picture.rest_later()
