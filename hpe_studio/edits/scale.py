"""Sizes and distances of people, from something that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person
from hpe_studio.core.specs import EditSpec, Option
from hpe_studio.core.track import Track
from hpe_studio.edits.floor import contact_places
from hpe_studio.edits.people import check_unlocked
from hpe_studio.motion.scale import common_floor_m, scaled_about, unlikely
from hpe_studio.posing.posed import Poser

HEIGHT_SPEC = EditSpec(
    id="known_height",
    label="Set known height",
    options=(
        Option(
            name="height_m",
            kind="float",
            default=1.75,
            minimum=0.3,
            maximum=3.0,
            unit="m",
            help="How tall the person is; the distance follows, the picture stays",
        ),
    ),
)
DISTANCE_SPEC = EditSpec(
    id="known_distance",
    label="Set known distance",
    options=(
        Option(
            name="distance_m",
            kind="float",
            default=3.0,
            minimum=0.2,
            maximum=500.0,
            unit="m",
            help="How far the pelvis is from the camera on this frame",
        ),
    ),
)
GROUND_SPEC = EditSpec(id="common_ground", label="Put all on one floor")
_LEAST_FACTOR, _MOST_FACTOR = 0.05, 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class CommonGround:
    """What putting people on one floor did.

    Attributes:
        factors: By person, how many times larger and farther they became.
        unlikely: By person, how unlikely that is (see `motion.scale`).
        anchor: The person whose size was kept, or None.
    """

    factors: Mapping[int, float]
    unlikely: Mapping[int, float]
    anchor: int | None


def standing_height_m(poser: Poser, person: Person) -> float:
    """How tall a person's body is, standing straight."""
    shaped = poser.body.shaped(np.asarray(person.betas), scale=person.scale)
    return float(np.ptp(shaped.vertices_m[:, 1])) * person.scale


def set_known_height(
    edit: Edit, document: Document, poser: Poser, person: Person, *, height_m: float
) -> float:
    """Make a person as tall as is known, and as far as that takes.

    Returns:
        How many times larger and farther the person became.

    Raises:
        StudioError: If the person or a track is locked, or the height is impossible.
    """
    factor = height_m / standing_height_m(poser, person)
    resize(edit, document, person, factor)
    return factor


def camera_distance_m(document: Document, person: Person, frame: int) -> float | None:
    """How far a person's pelvis is from the camera on a frame, None where missing."""
    track = document.track_at(person.id, frame)
    place = None if track is None else track.base_root_m[frame - track.start]
    if place is None or np.isnan(place).any():
        return None
    return float(np.linalg.norm(place - _centre_m(document, frame)))


def set_known_distance(
    edit: Edit, document: Document, person: Person, *, frame: int, distance_m: float
) -> float:
    """Put a person as far as is known on a frame, and as large as that takes.

    Returns:
        How many times larger and farther the person became.

    Raises:
        StudioError: If the person is not there on the frame, or locked.
    """
    away = camera_distance_m(document, person, frame)
    if away is None:
        raise StudioError(
            f"{person.name} is not there on frame {frame}", fix="choose another frame"
        )
    factor = distance_m / max(away, 1e-6)
    resize(edit, document, person, factor)
    return factor


def put_on_common_ground(
    edit: Edit,
    document: Document,
    poser: Poser,
    shot: Shot,
    *,
    anchor: int | None = None,
) -> CommonGround:
    """Make people larger or smaller so that all stand on one floor, as seen.

    Args:
        edit: The open edit.
        document: Where they are.
        poser: Poses them.
        shot: Where feet are marked as standing; its upright direction is kept.
        anchor: The person whose size is known; all change a little when None.

    Raises:
        StudioError: If fewer than two people have marked contacts below the camera, or
            somebody is locked.
    """
    up = shot.level_from_scene[1, :3].astype(np.float64)
    centre = _centre_m(document, shot.start)
    below: dict[int, float] = {}
    for person, soles in contact_places(document, poser, shot).items():
        along = float(np.median((centre - soles) @ up))
        if along > 0:
            below[person] = along
    if len(below) < 2 or (anchor is not None and anchor not in below):
        raise StudioError(
            "two people with marked foot contacts below the camera are needed",
            fix="find foot contacts first",
        )
    persons = tuple(below)
    along_m = np.array([below[p] for p in persons])
    at = None if anchor is None else persons.index(anchor)
    distance, factors = common_floor_m(along_m, at)
    for person, factor in zip(persons, factors.tolist(), strict=True):
        resize(edit, document, document.persons[person], factor)
    _lay_floor(edit, shot, float(centre @ up) - distance)
    doubts = unlikely(factors).tolist()
    return CommonGround(
        factors=dict(zip(persons, factors.tolist(), strict=True)),
        unlikely=dict(zip(persons, doubts, strict=True)),
        anchor=anchor,
    )


def resize(edit: Edit, document: Document, person: Person, factor: float) -> None:
    """Make a person so many times larger and farther; the picture stays the same.

    Raises:
        StudioError: If the person or a track is locked, or the factor is beyond sense.
    """
    check_unlocked(person)
    if not _LEAST_FACTOR < factor < _MOST_FACTOR:
        raise StudioError(
            f"{person.name} would become {factor:.2g} times as large",
            fix="check the number",
        )
    for track in document.tracks_of(person.id):
        edit.check_unlocked(track.id)
        centres = _centres_m(document, track)
        root = scaled_about(track.base_root_m.astype(np.float64), centres, factor)
        edit.write(track, "base_root_m", slice(None), root)
        for key in tuple(document.keys_of(track.id)):
            if key.root_offset_m is not None:
                x, y, z = (factor * v for v in key.root_offset_m)
                edit.put(replace(key, root_offset_m=(x, y, z)))
    edit.put(replace(person, scale=person.scale * factor))


def _lay_floor(edit: Edit, shot: Shot, height_m: float) -> None:
    level = np.array(shot.level_from_scene, dtype=np.float64)
    level[1, 3] = -height_m
    edit.put(replace(shot, level_from_scene=level))


def _centre_m(document: Document, frame: int) -> FloatArray:
    """The camera's place in the scene on a frame, shape (3,)."""
    in_shot = frame - document.shot_at(frame).start
    pose = document.camera_at(frame).pose(in_shot)
    return -pose[:, :3].T @ pose[:, 3]


def _centres_m(document: Document, track: Track) -> FloatArray:
    """The camera's place on every frame of a track, shape (frames, 3)."""
    camera = document.camera_at(track.start)
    if camera.camera_from_scene.ndim == 2:
        centre = _centre_m(document, track.start)
        return np.broadcast_to(centre, (track.frame_count, 3))
    frames = range(track.start, track.stop)
    return np.stack([_centre_m(document, frame) for frame in frames])
