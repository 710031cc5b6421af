"""Where the viewport is looked from: an orbit, or the clip's own camera."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.orbit import OrbitState, between, leaving, preset
from hpe_studio.render.viewcamera import ViewCamera, through_camera
from hpe_studio.render.viewtransform import ViewTransform, fit
from hpe_studio.ui.figures import joints_now
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr

How = TypeVar("How")

_NEAR_CAMERA_RAD = (math.radians(26), math.radians(10))


class ViewportCamera:
    """Holds the orbit; navigating out of the clip's camera starts where it stood.

    The orbit moves in the shot's levelled space, in which the 3D scene is drawn; joints
    and tools stay in the scene (`scene_view`).

    Args:
        session: Whose camera is looked through.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.orbit = _first_orbit(session)
        self._glide: tuple[OrbitState, float] | None = None
        self.is_through = False
        self._preset = ""
        self._size = (640.0, 480.0)

    @property
    def title(self) -> str:
        """What the header says ("Perspective", "Front", "Camera")."""
        if self.is_through:
            document, number = self._session.document, self._session.view.shown_view
            name = document.view_name(number) if document.views else ""
            return " ".join([tr("Camera"), name]).strip()
        if self.orbit.orthographic:
            return _titles().get(self._preset, tr("Parallel"))
        return tr("Perspective")

    def scene_view(self, size: tuple[float, float]) -> ViewCamera:
        """The matrices from the scene, for joints and tools."""
        view = self.view(size)
        eye_from_scene = view.eye_from_scene @ _square(self._session.level_from_scene)
        return replace(view, eye_from_scene=eye_from_scene)

    def drawn_view(self, size: tuple[float, float]) -> ViewCamera:
        """As `view`, but on the way there while gliding; for what is painted."""
        if self.is_through or self._glide is None:
            return self.view(size)
        start, share = self._glide
        return between(start, self.orbit, share).view_camera(size)

    def drawn_scene_view(self, size: tuple[float, float]) -> ViewCamera:
        """As `scene_view`, but on the way there while gliding."""
        view = self.drawn_view(size)
        eye_from_scene = view.eye_from_scene @ _square(self._session.level_from_scene)
        return replace(view, eye_from_scene=eye_from_scene)

    def glide(self, start: OrbitState | None, share: float = 0.0) -> None:
        """Be drawn a share of the way from another orbit; None for being there."""
        self._glide = None if start is None else (start, share)

    @property
    def drawn_orbit(self) -> OrbitState:
        """The orbit that is painted now."""
        if self._glide is None:
            return self.orbit
        return between(self._glide[0], self.orbit, self._glide[1])

    def view(self, size: tuple[float, float]) -> ViewCamera:
        """The matrices from the levelled space for a widget of that size."""
        self._size = (max(size[0], 1.0), max(size[1], 1.0))
        place = self.picture_place(self._size)
        if place is None:
            return self.orbit.view_camera(self._size)
        session = self._session
        view = through_camera(
            session.camera, place, frame_in_shot=session.frame_in_shot
        )
        scene_from_level = np.linalg.inv(_square(session.level_from_scene))
        return replace(view, eye_from_scene=view.eye_from_scene @ scene_from_level)

    def picture_place(self, size: tuple[float, float]) -> ViewTransform | None:
        """Where the clip's picture lies while looking through its camera."""
        if not self.is_through:
            return None
        clip = self._session.shown_clip
        return fit(clip.size_px, size, pixel_aspect=clip.pixel_aspect)

    def take_preset(self, name: str) -> None:
        """Look along an axis (`orbit.preset`), through the "camera" or from "home"."""
        if name == "camera":
            self.is_through = not self.is_through
            return
        self.is_through = False
        if name == "home":
            self.orbit = _first_orbit(self._session)
            return
        self._preset = name
        self.orbit = preset(self.orbit, name)

    def change(self, move: Callable[[OrbitState, How], OrbitState], how: How) -> None:
        """Move the orbit; a turned preset becomes a perspective again."""
        if self.is_through:
            self.orbit = self._left()
            self.is_through = False
        before = self.orbit
        after = move(before, how)
        is_turned = (after.yaw_rad, after.pitch_rad) != (
            before.yaw_rad,
            before.pitch_rad,
        )
        self.orbit = replace(after, orthographic=False) if is_turned else after

    def _left(self) -> OrbitState:
        """The orbit that starts at the clip's camera."""
        view = self.view(self._size)
        joints = list(joints_now(self._session).values())
        depth_m = 3.0
        if joints:
            depths = view.depth_m(self._session.to_level(np.concatenate(joints)))
            depth_m = max(0.5, float(np.nanmedian(depths)))
        return leaving(view, depth_m=depth_m)


def _titles() -> dict[str, str]:
    return {
        "front": tr("Front"),
        "side": tr("Side"),
        "top": tr("Top"),
        "back": tr("Back"),
        "far side": tr("Far side"),
        "bottom": tr("Bottom"),
    }


def _first_orbit(session: Session) -> OrbitState:
    """Where one looks from first.

    While nobody knows where the floor is, the scene is as tilted as the camera was;
    seen from near the camera people stand as upright as in the picture.
    """
    is_level = not np.array_equal(session.level_from_scene, np.eye(3, 4))
    if is_level or session.document.clip.kind == "none":
        return OrbitState()
    return OrbitState(yaw_rad=_NEAR_CAMERA_RAD[0], pitch_rad=_NEAR_CAMERA_RAD[1])


def _square(rigid: FloatArray) -> FloatArray:
    """A (3, 4) transform as a (4, 4) one."""
    return np.vstack([rigid, [0.0, 0.0, 0.0, 1.0]])
