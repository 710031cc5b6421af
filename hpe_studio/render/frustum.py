"""The clip's camera as an object in the scene: a frame that carries its picture."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np

from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.render.backdrop import shrunk
from hpe_studio.render.sticks import Edges, StickActors
from hpe_studio.render.theme import Theme
from hpe_studio.render.vtktools import TexturedQuad

DEPTH_M, TUBE_M, FRAME_M = 0.55, 0.006, 0.008
_EDGES = (
    (0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (2, 3), (3, 4), (4, 1), (5, 6), (6, 7),
)  # fmt: skip
_COLOURS = {"dark": "#AEB6C4", "light": "#4A5260", "contrast": "#FFFFFF"}
_PICTURE_WIDTH = 320


def frustum_points_m(
    camera: Camera,
    size_px: tuple[int, int],
    *,
    frame_in_shot: int = 0,
    depth_m: float = DEPTH_M,
) -> FloatArray:
    """Eye, the four corners of the picture, and the notch above it, shape (8, 3).

    Corners run from the upper left to the right, down and back to the left.
    """
    width, height = size_px
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    notch = [
        (0.42 * width, -0.03 * height),
        (0.5 * width, -0.12 * height),
        (0.58 * width, -0.03 * height),
    ]
    pixels = np.array([*corners, *notch], float) - 0.5
    k = np.asarray(camera.intrinsics, np.float64)
    rays = np.linalg.solve(k, np.vstack([pixels.T, np.ones(len(pixels))])).T
    points = np.vstack([np.zeros(3), rays * depth_m])
    return camera.to_scene(points, frame_in_shot)


class CameraFrames:
    """Cameras of other views, without pictures."""

    def __init__(self) -> None:
        self.tubes = StickActors(bone_radius_m=FRAME_M, joint_radius_m=FRAME_M)
        self._colour = _COLOURS["dark"]
        self._placed: tuple[Hashable, ...] = ()

    def set_look(self, look: Theme) -> None:
        """Takes the theme's colour; cameras must be placed again."""
        self._colour = _COLOURS[look.name]
        self._placed = ()

    def place(self, points_m: Mapping[int, FloatArray]) -> None:
        """Puts cameras at their `frustum_points_m`; others leave the scene."""
        if tuple(points_m) != self._placed:
            self._placed = tuple(points_m)
            figures: dict[Hashable, tuple[Edges, int]] = dict.fromkeys(
                points_m, (_EDGES, 8)
            )
            ink = self._colour
            self.tubes.set_figures(figures, colour=ink, hull=ink)
        for key, points in points_m.items():
            self.tubes.set_joints(key, points)

    def set_visible(self, *, visible: bool) -> None:
        """Shows those that have a place, or hides all."""
        self.tubes.refresh()
        self.tubes.core.actor.SetVisibility(visible and bool(self._placed))


class Frustum:
    """The camera's actors: tubes and the current picture on the far plane."""

    def __init__(self) -> None:
        self.picture = TexturedQuad(mipmaps=True)
        self.picture.actor.VisibilityOff()
        self.tubes = StickActors(bone_radius_m=TUBE_M, joint_radius_m=TUBE_M)
        self._painted = False
        self._points_m: FloatArray | None = None

    def set_look(self, look: Theme) -> None:
        """Takes the theme's colour."""
        colour = _COLOURS[look.name]
        self.tubes.set_figures({"camera": (_EDGES, 8)}, colour=colour, hull=colour)

    def place(self, points_m: FloatArray | None) -> None:
        """Puts the camera at `frustum_points_m`; None takes it out of the scene."""
        known, self._points_m = self._points_m, points_m
        if known is not None and points_m is not None and (known == points_m).all():
            return  # only its picture is another
        self.tubes.set_joints("camera", points_m)
        if points_m is not None:
            self.picture.place(points_m[[4, 3, 2, 1]])

    def set_visible(self, *, visible: bool) -> None:
        """Shows it, if it has a place, or hides it."""
        self.tubes.refresh()
        is_placed = self._points_m is not None
        self.tubes.core.actor.SetVisibility(visible and is_placed)
        self.picture.actor.SetVisibility(visible and is_placed and self._painted)

    def paint(self, rgb: ByteArray | None) -> None:
        """Shows a picture of the clip, shape (height, width, 3), made small first."""
        self._painted = rgb is not None
        if rgb is None:
            return
        # Every nth pixel first: this follows playback, and still averages enough.
        step = max(1, rgb.shape[1] // (2 * _PICTURE_WIDTH))
        coarse = np.ascontiguousarray(rgb[::step, ::step])
        height = round(_PICTURE_WIDTH * coarse.shape[0] / coarse.shape[1])
        self.picture.paint(shrunk(coarse, (_PICTURE_WIDTH, height)))
