"""People in a moving camera's axes, taken to the world in which it moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.formats.smpl_results import PersonRows, moved, numbers, pinhole, turned
from hpe_studio.formats.smpl_scene import Notes, upright


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class WorldCamera:
    """A camera and where it is on each frame.

    Attributes:
        camera: Its lens.
        world_from_camera: Rotations, shape (frames, 3, 3).
        centre_m: Its places, shape (frames, 3), in the same world.
    """

    camera: Camera
    world_from_camera: FloatArray
    centre_m: FloatArray

    def placed(self, frame_count: int) -> Camera:
        """The camera on that many frames; behind its last it stays."""
        frame = np.minimum(np.arange(frame_count), len(self.centre_m) - 1)
        turn = np.swapaxes(self.world_from_camera[frame], -1, -2)
        shift = -np.einsum("fij,fj->fi", turn, self.centre_m[frame])
        return moved(self.camera, np.concatenate([turn, shift[..., None]], axis=-1))


def told_lens(values: Mapping[Any, Any]) -> tuple[Camera, tuple[int, int]]:
    """The camera of `img_focal` and `img_center`; the picture is twice the latter."""
    centre = numbers(values["img_center"], 2, name="img_center")[0]
    focal = float(np.asarray(values["img_focal"]).reshape(-1)[0])
    size = (max(1, round(2 * float(centre[0]))), max(1, round(2 * float(centre[1]))))
    return pinhole(focal, centre.tolist(), source="given"), size


def as_filmed(
    people: list[PersonRows],
    lens: Camera,
    world: tuple[Any, Any] | None,
    notes: Notes,
) -> tuple[list[PersonRows], Callable[[int], Camera]]:
    """People and what makes their camera for a number of frames.

    Args:
        people: In the camera's axes turned to Y up.
        lens: Their still camera.
        world: The file's rotations (frames, 3, 3) from the camera to the world and the
            camera's places (frames, 3), to have people in the world; None to have them
            as the camera sees them.
        notes: Where a guess is told.

    Raises:
        ValueError: If people are on frames that the camera does not have.
    """
    if world is None:
        return people, lambda _: lens
    moving = WorldCamera(
        camera=lens,
        world_from_camera=numbers(world[0], 3, 3, name="the camera's rotations"),
        centre_m=numbers(world[1], 3, name="the camera's places"),
    )
    people, moving = in_world(people, moving, notes)
    return people, moving.placed


def in_world(
    people: list[PersonRows], camera: WorldCamera, notes: Notes
) -> tuple[list[PersonRows], WorldCamera]:
    """People of a camera's scene in the world, and the camera in its axes (Y up).

    Args:
        people: In the camera's axes turned to Y up.
        camera: In the file's world, whose up is found from how people stand.
        notes: Where that is told.

    Raises:
        ValueError: If people are on frames that the camera does not have.
    """
    count = len(camera.centre_m)
    if len(camera.world_from_camera) != count or any(
        len(p.frames) and p.frames.max() >= count for p in people
    ):
        raise ValueError("camera and people differ in frames")
    found = [_placed(person, camera) for person in people]
    roots = np.concatenate([p.joints_rad[:, 0] for p in found] or [np.zeros((0, 3))])
    up = upright(roots, "auto", notes)
    turned_people = [
        replace(
            person,
            joints_rad=turned(person.joints_rad, up),
            root_scene_m=person.root_scene_m @ up.T,
        )
        for person in found
    ]
    return turned_people, WorldCamera(
        camera=camera.camera,
        world_from_camera=up @ camera.world_from_camera,
        centre_m=camera.centre_m @ up.T,
    )


def _placed(person: PersonRows, camera: WorldCamera) -> PersonRows:
    """A person of the camera's scene in the file's world."""
    turn = camera.world_from_camera[person.frames] @ FLIP_YZ
    places = np.einsum("rij,rj->ri", turn, person.root_scene_m)
    return replace(
        person,
        joints_rad=turned(person.joints_rad, turn),
        root_scene_m=places + camera.centre_m[person.frames],
    )
