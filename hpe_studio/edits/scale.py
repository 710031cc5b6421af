"""Sizes and distances of people, from something that is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person
from hpe_studio.core.track import Track
from hpe_studio.edits.people import check_unlocked
from hpe_studio.motion.scale import scaled_about
from hpe_studio.posing.posed import Poser

_LEAST_FACTOR, _MOST_FACTOR = 0.05, 20.0


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
