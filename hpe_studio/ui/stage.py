"""Puts the people of the frame into the 3D scene and has pictures drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import ByteArray
from hpe_studio.render.backdrop import picture_behind
from hpe_studio.render.frustum import frustum_points_m
from hpe_studio.render.mesh import PersonMesh
from hpe_studio.ui import look
from hpe_studio.ui.session import Session

if TYPE_CHECKING:
    from hpe_studio.render.scene3d import Scene3D
    from hpe_studio.render.viewcamera import ViewCamera
    from hpe_studio.render.viewtransform import ViewTransform

_FEET = (7, 8, 10, 11)
_SOLE_M = 0.03
_SAMPLES = 60


class Stage:
    """A `Scene3D` that follows a session; VTK is loaded with the first picture.

    Args:
        session: Whose people are shown.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._scene: Scene3D | None = None
        self._has_people = False
        self._posed_level = ""  # "light", "whole" or "" for stale
        self._floor_of: int | None = None
        self._floor_shown = True
        self._rgb: ByteArray | None = None
        self._is_frustum_stale = True

    def close(self) -> None:
        """Give the graphics memory back."""
        if self._scene is not None:
            self._scene.finalize()
            self._scene = None

    def forget_people(self) -> None:
        """Persons, colours, shapes, tracks or eyes changed."""
        self._has_people = False
        self._floor_of = None
        self.forget_poses()

    def forget_poses(self) -> None:
        """The frame or a pose changed."""
        self._posed_level = ""
        self._is_frustum_stale = True

    def set_picture(self, rgb: ByteArray) -> None:
        """The clip's picture of the frame, shown on the camera and behind the scene."""
        self._rgb = rgb
        self._is_frustum_stale = True

    def pick_person(self, x: float, y: float) -> object | None:
        """Whose body is seen at a view pixel."""
        return None if self._scene is None else self._scene.pick_person(x, y)

    def picture(
        self,
        view: ViewCamera,
        size: tuple[int, int],
        *,
        quality: str,
        through: ViewTransform | None,
    ) -> ByteArray:
        """The scene as RGBA, shape (height, width, 4).

        Args:
            view: What it is seen through.
            size: Device pixels.
            quality: "moving" or "still".
            through: Where the picture lies when looking through the clip's camera.
        """
        scene = self._made()
        is_moving = quality == "moving"
        self._place_people(scene, light=is_moving)
        self._place_floor(scene)
        self._place_camera(scene, is_moving=is_moving, is_through=through is not None)
        scene.set_view(view)
        behind = None
        if through is not None and self._rgb is not None:
            behind = picture_behind(self._rgb, self._session.camera, through)
        scene.set_backdrop(behind)
        return scene.render(*size, "moving" if is_moving else "still")

    def _made(self) -> Scene3D:
        if self._scene is None:
            from hpe_studio.render.scene3d import Scene3D

            self._scene = Scene3D(look.theme())
        return self._scene

    def _place_people(self, scene: Scene3D, *, light: bool) -> None:
        session = self._session
        if not self._has_people:
            scene.set_people([self._mesh(p.id) for p in session.persons])
            self._has_people = True
            self._posed_level = ""
        wanted = "light" if light else "whole"
        if self._posed_level in (wanted, "whole"):
            return
        for person in session.persons:
            vertices = None
            if session.view.is_visible(person.id) and session.view.layers.bodies:
                vertices = session.poser.vertices_at(
                    person.id, session.view.frame, light=light
                )
            if vertices is not None:
                vertices = session.to_level(vertices)
            scene.set_vertices(person.id, vertices, light=light)
        self._posed_level = wanted

    def _mesh(self, person_id: int) -> PersonMesh:
        session = self._session
        person = session.document.persons[person_id]
        faces = session.poser.faces()
        return PersonMesh(
            id=person_id,
            vertex_count=session.poser.body.vertex_count,
            faces=faces,
            colour=look.person_colour(person).name(),
            light=session.light_level,
        )

    def _place_floor(self, scene: Scene3D) -> None:
        session = self._session
        shot = session.document.shot_at(session.view.frame)
        visible = session.view.layers.floor
        if self._floor_of == shot.id and self._floor_shown == visible:
            return
        self._floor_of, self._floor_shown = shot.id, visible
        centre, height_m = floor_under(session)
        scene.set_floor(centre, height_m=height_m, visible=visible)

    def _place_camera(
        self, scene: Scene3D, *, is_moving: bool, is_through: bool
    ) -> None:
        session = self._session
        has_clip = session.document.clip.kind != "none"
        if not session.view.layers.frustum or is_through or not has_clip:
            scene.set_frustum(None)
            self._is_frustum_stale = True
        elif self._is_frustum_stale and not is_moving:
            points = frustum_points_m(
                session.camera,
                session.document.clip.size_px,
                frame_in_shot=session.frame_in_shot,
            )
            scene.set_frustum(session.to_level(points), self._rgb)
            self._is_frustum_stale = False


def floor_under(session: Session) -> tuple[tuple[float, float], float]:
    """X and Z of the floor's middle and its height, from the feet of the shot.

    Without a calibrated camera nobody knows where the floor is; the lowest quarter of
    all feet is where people stand most of the time.
    """
    document = session.document
    shot = document.shot_at(session.view.frame)
    feet, roots = [], []
    for track in document.tracks.values():
        if track.start not in shot:
            continue
        joints = session.to_level(session.poser.joints_of(track.id))
        step = max(1, len(joints) // _SAMPLES)
        sampled = joints[::step]
        feet.append(np.nanmin(_present(sampled)[:, _FEET, 1], axis=1))
        roots.append(_present(sampled)[:, 0])
    if not feet or not sum(len(f) for f in feet):
        return (0.0, 0.0), 0.0
    middle = np.median(np.concatenate(roots), axis=0)
    height_m = float(np.quantile(np.concatenate(feet), 0.25)) - _SOLE_M
    return (float(middle[0]), float(middle[2])), height_m


def _present(joints: np.ndarray) -> np.ndarray:
    return joints[np.isfinite(joints).all(axis=(1, 2))]
