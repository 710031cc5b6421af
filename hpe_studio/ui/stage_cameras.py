"""The cameras of all views in the 3D scene, the shown one with its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.edits.views import view_numbers
from hpe_studio.render.frustum import frustum_points_m
from hpe_studio.ui.session import Session

if TYPE_CHECKING:
    from hpe_studio.render.scene3d import Scene3D

_DEPTH_M, _OTHERS_DEPTH_M = 0.55, 0.30


class StageCameras:
    """Where the cameras stand in the levelled space.

    Args:
        session: Whose views.

    Attributes:
        points_m: `frustum_points_m` by view; empty where none are shown.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_stale = True
        self._rgb: ByteArray | None = None
        self.points_m: dict[int, FloatArray] = {}

    def forget(self) -> None:
        """Frame, picture or cameras changed."""
        self._is_stale = True

    def place(self, scene: Scene3D, rgb: ByteArray | None, *, is_through: bool) -> None:
        """Put the cameras into the scene.

        Args:
            scene: Where they stand.
            rgb: The shown view's picture.
            is_through: True where one looks through the shown camera itself.
        """
        session = self._session
        has_clip = session.document.clip.kind != "none"
        if not session.view.layers.frustum or is_through or not has_clip:
            self.points_m = {}
            scene.set_frustum(None)
            scene.set_cameras({})
            self._is_stale = True
        elif self._is_stale:
            self._is_stale = False
            points_m = self._where()
            if rgb is self._rgb and _are_alike(points_m, self.points_m):
                return
            self.points_m, self._rgb = points_m, rgb
            shown = session.view.shown_view
            scene.set_frustum(self.points_m[shown], rgb)
            others = {n: p for n, p in self.points_m.items() if n != shown}
            scene.set_cameras(others)

    def _where(self) -> dict[int, FloatArray]:
        session, found = self._session, {}
        for number in view_numbers(session.document):
            eye = session.eye(number)
            is_shown = number == session.view.shown_view
            points = frustum_points_m(
                eye.camera,
                eye.clip.size_px,
                frame_in_shot=eye.frame_in_shot,
                depth_m=_DEPTH_M if is_shown else _OTHERS_DEPTH_M,
            )
            found[number] = session.to_level(points)
        return found


def _are_alike(one: dict[int, FloatArray], other: dict[int, FloatArray]) -> bool:
    is_same = one.keys() == other.keys()
    return is_same and all(np.array_equal(one[n], other[n]) for n in one)


def floor_of_calibration(
    session: Session,
) -> tuple[tuple[float, float], float] | None:
    """X and Z of the floor's middle and its height where cameras are calibrated.

    None where no camera says where the floor is. Its middle is between the cameras.
    """
    eyes = [session.eye(number) for number in view_numbers(session.document)]
    eyes = [eye for eye in eyes if eye.camera.source == "calibration"]
    if not eyes:
        return None
    poses = [eye.camera.pose(eye.frame_in_shot) for eye in eyes]
    places = session.to_level(np.array([-p[:, :3].T @ p[:, 3] for p in poses]))
    if len(places) < 2:
        return (0.0, 0.0), 0.0
    middle = places.mean(axis=0)
    return (float(middle[0]), float(middle[2])), 0.0


def rig_points_m(session: Session) -> FloatArray:
    """Places of all cameras and the floor below them, levelled, shape (points, 3)."""
    eyes = [session.eye(number) for number in view_numbers(session.document)]
    poses = [eye.camera.pose(eye.frame_in_shot) for eye in eyes]
    places = session.to_level(np.array([-p[:, :3].T @ p[:, 3] for p in poses]))
    return np.concatenate([places, places * (1.0, 0.0, 1.0)])
