"""Puts the people of the frame into the 3D scene and has pictures drawn."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import ByteArray
from hpe_studio.render.backdrop import PictureBehind, picture_behind
from hpe_studio.render.mesh import PersonMesh
from hpe_studio.render.quality import Quality
from hpe_studio.ui import look
from hpe_studio.ui.compare.stage_truth import StageTruth
from hpe_studio.ui.figures import joints_now
from hpe_studio.ui.session import Session
from hpe_studio.ui.stage_cameras import StageCameras, floor_of_calibration
from hpe_studio.ui.stage_ghosts import StageGhosts, look_of

if TYPE_CHECKING:
    from hpe_studio.core.person import BodyShape, Person
    from hpe_studio.posing.posed import PosedFrame
    from hpe_studio.render.scene3d import Scene3D
    from hpe_studio.render.viewcamera import ViewCamera
    from hpe_studio.render.viewtransform import ViewTransform

_FEET = (7, 8, 10, 11)
_SOLE_M = 0.03
_SAMPLES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class _Body:
    """All that a body's place in the scene follows from.

    Attributes:
        posed: The person's pose; another object whenever it changed.
        shape: The person's shape and size.
        level: How the shot is levelled, as bytes.
    """

    posed: PosedFrame | None
    shape: BodyShape
    level: bytes


class Stage:
    """A `Scene3D` that follows a session; VTK is loaded with the first picture.

    Args:
        session: Whose people are shown.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._scene: Scene3D | None = None
        self._people: tuple[int, ...] | None = None  # None for stale
        self._posed_level = ""  # "light", "whole" or "" for stale
        self._ghosts = StageGhosts(session)
        self._ghost_meshes: tuple[PersonMesh, ...] = ()
        self._placed: dict[Hashable, tuple[_Body, bool]] = {}
        self._truth = StageTruth(session)
        self._floor_of: object = None
        self._floor_shown = True
        self.floor_m = 0.0
        self._rgb: ByteArray | None = None
        self.cameras = StageCameras(session)
        self._behind: tuple[object, PictureBehind] | None = None
        self.picture_strength = 1.0
        self.drawn_ms = self._begun_ms = 0.0

    def close(self) -> None:
        """Give the graphics memory back."""
        if self._scene is not None:
            self._scene.finalize()
            self._scene = None

    def take_look(self) -> None:
        """Another theme is worn."""
        if self._scene is not None:
            self._scene.set_look(look.theme())
        self._truth.forget()
        self.forget_people()

    def forget_people(self) -> None:
        """Persons, colours, shapes or eyes changed; who looks the same stays."""
        self._people = None
        self.forget_poses()

    def forget_floor(self) -> None:
        """Tracks or shots changed."""
        self._floor_of = None

    def forget_poses(self) -> None:
        """The frame or a pose changed."""
        self._posed_level = ""
        self.cameras.forget()

    def set_picture(self, rgb: ByteArray | None) -> None:
        """The shown view's picture, on its camera and behind the scene."""
        self._rgb = rgb
        self._behind = None
        self.cameras.forget()

    def pick_person(self, x: float, y: float) -> object | None:
        """Whose body is seen at a view pixel."""
        return None if self._scene is None else self._scene.pick_person(x, y)

    @property
    def scene(self) -> Scene3D:
        """The scene; VTK is loaded the first time."""
        return self._made()

    @property
    def is_software(self) -> bool:
        """True if pictures are made without a graphics card."""
        return self._made().software

    def begin(
        self,
        view: ViewCamera,
        size: tuple[int, int],
        *,
        quality: Quality,
        through: ViewTransform | None,
    ) -> None:
        """Put everybody where they are and have the scene drawn, for `finish`.

        Args:
            view: What it is seen through.
            size: Device pixels.
            quality: How much care is taken.
            through: Where the picture lies when looking through the clip's camera.
        """
        start_s = time.perf_counter()
        scene = self._made()
        faces = self._face_count()
        self._place_people(scene, light=scene.draws_light(quality, faces=faces))
        self._place_floor(scene)
        self.cameras.place(scene, self._rgb, is_through=through is not None)
        scene.set_view(view)
        scene.set_backdrop(self._picture_behind(through, size))
        scene.begin(*size, quality)
        self._begun_ms = 1e3 * (time.perf_counter() - start_s)

    def finish(self) -> ByteArray:
        """The scene as it was begun, as RGBA, shape (height, width, 4)."""
        start_s = time.perf_counter()
        pixels = self._made().finish()
        self.drawn_ms = self._begun_ms + 1e3 * (time.perf_counter() - start_s)
        return pixels

    def _made(self) -> Scene3D:
        if self._scene is None:
            from hpe_studio.render.scene3d import Scene3D

            self._scene = Scene3D(look.theme())
        return self._scene

    def _place_people(self, scene: Scene3D, *, light: bool) -> None:
        session = self._session
        # A picture may be asked for before word of a new person has come here.
        people = tuple(person.id for person in session.persons)
        ghosts = self._ghosts.meshes(self._mesh)
        is_same = look_of(ghosts) == look_of(self._ghost_meshes)
        if people != self._people or not is_same:
            meshes = [self._mesh(person) for person in session.persons]
            kept = scene.set_people(meshes, ghosts=ghosts)
            self._placed = {p: at for p, at in self._placed.items() if p in kept}
            self._ghosts.forget()
            self._people, self._ghost_meshes = people, ghosts
            self._posed_level = ""
        wanted = "light" if light else "whole"
        if self._posed_level in (wanted, "whole"):
            return
        for person in session.persons:
            self._place_body(scene, person, light=light)
        self._ghosts.place(scene)
        self._truth.place(scene)
        self._truth.colour(scene)
        self._posed_level = wanted

    def _place_body(self, scene: Scene3D, person: Person, *, light: bool) -> None:
        """Put a body where it is now, unless it stands there as finely as wanted."""
        session = self._session
        is_seen = session.view.is_visible(person.id) and session.view.layers.bodies
        body = self._body(person, is_seen=is_seen)
        known, is_coarse = self._placed.get(person.id, (None, False))
        if known == body and (light or not is_coarse):
            return
        vertices = None
        if body.posed is not None:
            posed = session.poser.vertices_of(body.posed, person, light=light)
            vertices = session.to_level(posed)
        scene.set_vertices(person.id, vertices, light=light)
        self._placed[person.id] = body, light

    def _body(self, person: Person, *, is_seen: bool) -> _Body:
        session = self._session
        frame = session.view.frame
        return _Body(
            posed=session.poser.pose_at(person.id, frame) if is_seen else None,
            shape=person.body_shape,
            level=session.level_from_scene.tobytes(),
        )

    def _face_count(self) -> int:
        """Triangles of everyone on the frame shown."""
        session = self._session
        if not session.view.layers.bodies:
            return 0
        return len(joints_now(session)) * len(session.poser.faces())

    def _mesh(self, person: Person) -> PersonMesh:
        session = self._session
        return PersonMesh(
            id=person.id,
            vertex_count=session.poser.body.vertex_count,
            faces=session.poser.faces(),
            colour=look.body_colour(person).name(),
            light=session.light_level,
        )

    def _place_floor(self, scene: Scene3D) -> None:
        session = self._session
        shot = session.document.shot_at(session.view.frame)
        visible = session.view.layers.floor
        floor_of = shot.id, *(person.body_shape for person in session.persons)
        if self._floor_of == floor_of and self._floor_shown == visible:
            return
        self._floor_of, self._floor_shown = floor_of, visible
        centre, self.floor_m = floor_under(session)
        scene.set_floor(centre, height_m=self.floor_m, visible=visible)

    def _picture_behind(
        self, through: ViewTransform | None, size: tuple[int, int]
    ) -> PictureBehind | None:
        """The clip's picture behind the scene, made again only when it changed."""
        if through is None or self._rgb is None:
            self._behind = None
            return None
        camera, strength = self._session.camera, self.picture_strength
        lens = camera.intrinsics.tobytes(), camera.distortion.tobytes()
        known = (through, size, strength, lens)
        if self._behind is None or self._behind[0] != known:
            ratio = size[0] / max(through.view_px[0], 1.0)
            behind = picture_behind(
                self._rgb, camera, through, ratio=ratio, strength=strength
            )
            self._behind = known, behind
        return self._behind[1]


def floor_under(session: Session) -> tuple[tuple[float, float], float]:
    """X and Z of the floor's middle and its height, from the feet of the shot.

    Without a calibrated camera nobody knows where the floor is; the lowest quarter of
    all feet is where people stand most of the time.
    """
    calibrated = floor_of_calibration(session)
    if calibrated is not None:
        return calibrated
    document = session.document
    shot = document.shot_at(session.view.frame)
    feet, roots = [], []
    for track in document.tracks.values():
        if track.start not in shot:
            continue
        step = max(1, track.frame_count // _SAMPLES)
        frames = np.arange(track.start, track.stop, step)
        sampled = session.to_level(session.poser.joints_of(track.id, frames))
        feet.append(np.nanmin(_present(sampled)[:, _FEET, 1], axis=1))
        roots.append(_present(sampled)[:, 0])
    if not feet or not sum(len(f) for f in feet):
        return (0.0, 0.0), 0.0
    middle = np.median(np.concatenate(roots), axis=0)
    height_m = float(np.quantile(np.concatenate(feet), 0.25)) - _SOLE_M
    return (float(middle[0]), float(middle[2])), height_m


def _present(joints: np.ndarray) -> np.ndarray:
    return joints[np.isfinite(joints).all(axis=(1, 2))]
