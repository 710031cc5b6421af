"""One floor under all people of a shot, and a size for each, solved at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.specs import EditSpec, Option
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Track
from hpe_studio.edits.floor import Contact, contacts_in
from hpe_studio.edits.people import check_unlocked
from hpe_studio.edits.scale import resize, standing_height_m
from hpe_studio.motion.common_ground import Feet, GroundAndScale, ground_and_scale
from hpe_studio.posing.posed import Poser

SPEC = EditSpec(
    id="common_ground",
    label="Common ground and scale",
    options=(
        Option(
            name="with_focal",
            kind="bool",
            default=False,
            help="Also the focal length, where contacts tell it",
        ),
    ),
)
_MANY = 3
_LEAST_M, _MOST_M = 0.4, 2.6


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CommonGround:
    """What came of putting people on one floor.

    Attributes:
        persons: Whose sizes were found, in the order of the numbers.
        solved: Floor, factors, and what speaks for them.
        heights_m: How tall each person is now.
        focal_px: The focal length the shot has now.
    """

    persons: tuple[int, ...]
    solved: GroundAndScale
    heights_m: tuple[float, ...]
    focal_px: float

    @property
    def cue(self) -> str:
        """What fixed the size of all, in words."""
        if self.solved.is_height_known:
            return "known heights"
        return "people's usual height"


def people_of(document: Document, shot: Shot) -> tuple[int, ...]:
    """Whoever is in a shot and not ignored."""
    found = {
        track.person_id
        for track in document.tracks.values()
        if shot.start <= track.start < shot.stop
    }
    return tuple(p for p in sorted(found) if not document.persons[p].ignored)


def common_ground_and_scale(
    edit: Edit,
    document: Document,
    poser: Poser,
    shot: Shot,
    *,
    persons: Sequence[int] | None = None,
    known_heights_m: Mapping[int, float] | None = None,
    with_focal: bool = False,
) -> CommonGround:
    """Let people of a shot stand on one floor, each of a size that fits it.

    The picture stays as it is: bodies grow with their distance. A focal length that is
    found too moves everybody along the viewing direction, which keeps each pelvis
    where it is seen.

    Args:
        edit: The open edit.
        document: Where they are.
        poser: Poses them.
        shot: The shot, with feet marked as standing.
        persons: Who takes part; all who are not ignored when None.
        known_heights_m: How tall some are, by person.
        with_focal: True to look for the focal length too.

    Raises:
        StudioError: If nobody's or somebody's foot is marked as standing, somebody's
            feet are not below the camera, a height is impossible, or somebody who would
            change is locked.
    """
    chosen = people_of(document, shot) if persons is None else tuple(persons)
    known = dict(known_heights_m or {})
    _check(document, chosen, known)
    feet = _feet(document, poser, shot, chosen, known)
    up = shot.level_from_scene[1, :3].astype(np.float64)
    try:
        solved = ground_and_scale(feet, up=up, with_focal=with_focal)
    except ValueError:
        raise StudioError(
            "somebody's feet stand above the camera",
            fix="see whether the shot's upright direction is right",
        ) from None
    heights = [k * one.height_m for k, one in zip(solved.factors, feet, strict=True)]
    _check_heights(document, chosen, heights)
    if solved.focal_factor != 1.0:
        _lengthen(edit, document, shot, solved.focal_factor)
    for person, factor in zip(chosen, solved.factors.tolist(), strict=True):
        resize(edit, document, document.persons[person], factor)
    level = solved.ground.level_from_scene
    edit.put(replace(shot, level_from_scene=level))
    return CommonGround(
        persons=chosen,
        solved=solved,
        heights_m=tuple(float(height) for height in heights),
        focal_px=float(document.camera_at(shot.start).intrinsics[1, 1]),
    )


def _check(
    document: Document, persons: tuple[int, ...], known_m: Mapping[int, float]
) -> None:
    for person in persons:
        check_unlocked(document.persons[person])
    for height_m in known_m.values():
        if not 0.3 <= height_m <= 3.0:
            raise StudioError(f"nobody is {height_m:.2f} m tall", fix="give metres")


def _check_heights(
    document: Document, persons: tuple[int, ...], heights_m: Sequence[float]
) -> None:
    for person, height_m in zip(persons, heights_m, strict=True):
        if not _LEAST_M <= height_m <= _MOST_M:
            name = document.persons[person].name
            raise StudioError(
                f"{name} would become {height_m:.2f} m tall",
                fix="see whether contacts and the upright direction are right",
            )


def _feet(
    document: Document,
    poser: Poser,
    shot: Shot,
    persons: tuple[int, ...],
    known_m: Mapping[int, float],
) -> list[Feet]:
    contacts: dict[int, list[Contact]] = {person: [] for person in persons}
    for one in contacts_in(document, poser, shot):
        contacts.setdefault(one.person_id, []).append(one)
    without = [document.persons[p].name for p in persons if not contacts[p]]
    if len(without) == len(persons):
        raise StudioError(
            "no foot is marked as standing in this shot", fix="find foot contacts first"
        )
    if without:
        names = ", ".join(without[:_MANY]) + (" …" if len(without) > _MANY else "")
        raise StudioError(
            f"no foot of {names} is marked as standing in this shot",
            fix="find foot contacts, or leave them out",
        )
    return [
        _feet_of(
            document,
            shot,
            contacts[person],
            height_m=standing_height_m(poser, document.persons[person]),
            known_m=known_m.get(person),
        )
        for person in persons
    ]


def _feet_of(
    document: Document,
    shot: Shot,
    contacts: list[Contact],
    *,
    height_m: float,
    known_m: float | None,
) -> Feet:
    """One person's contacts from the camera, each as the median over its frames."""
    camera = document.camera_at(shot.start)
    joints: list[FloatArray] = []
    depths: list[FloatArray] = []
    centres: list[FloatArray] = []
    for one in contacts:
        poses = [camera.pose(int(frame) - shot.start) for frame in one.frames]
        axes = np.stack([pose[2, :3] for pose in poses])
        places = np.stack([-pose[:, :3].T @ pose[:, 3] for pose in poses])
        along = np.einsum("fi,fi->f", one.pelvis_m - places, axes)
        joints.append(_middle(one.joints_m - places))
        depths.append(_middle(along[:, None] * axes))
        centres.append(places.mean(axis=0))
    return Feet(
        joints_m=np.array(joints),
        drops_m=np.array([one.drop_m for one in contacts]),
        depths_m=np.array(depths),
        centres_m=np.array(centres),
        height_m=height_m,
        known_height_m=known_m,
    )


def _middle(places_m: FloatArray) -> FloatArray:
    return np.asarray(np.median(places_m, axis=0))


def _lengthen(edit: Edit, document: Document, shot: Shot, factor: float) -> None:
    """Give a shot so many times as long a lens, with all people as much farther."""
    before = document.camera_at(shot.start)
    intrinsics = before.intrinsics.copy()
    intrinsics[0, :2] *= factor
    intrinsics[1, 1] *= factor
    for track in document.tracks.values():
        if shot.start <= track.start < shot.stop:
            edit.check_unlocked(track.id)
            root = _farther(document, shot, track, factor)
            edit.write(track, "base_root_m", slice(None), root)
    camera = replace(before, intrinsics=intrinsics, source="given")
    edit.put(ShotCamera(shot_id=shot.id, camera=camera))


def _farther(document: Document, shot: Shot, track: Track, factor: float) -> FloatArray:
    """The pelvis so many times as deep, shape (frames, 3), scene."""
    camera = document.camera_at(shot.start)
    root = track.base_root_m.astype(np.float64)
    for row in range(track.frame_count):
        pose = camera.pose(track.start + row - shot.start)
        depth = pose[2, :3] @ root[row] + pose[2, 3]
        root[row] += (factor - 1.0) * depth * pose[2, :3]
    return root
