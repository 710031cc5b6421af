"""The floor of a shot, from the contacts of feet in it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.mark import Mark
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import EditSpec
from hpe_studio.core.track import Track
from hpe_studio.motion.ground import Ground, ground_from_contacts
from hpe_studio.posing.posed import Poser

SPEC = EditSpec(id="level_from_contacts", label="Floor from contacts")
_SOLE_M = {"ankle": 0.08, "foot": 0.02}
"""How far the floor lies below a standing heel's and toe's joint (spec 5.9)."""


def contact_places(
    document: Document, poser: Poser, shot: Shot
) -> dict[int, FloatArray]:
    """Where soles stand, by person: shape (contacts, 3), scene, one per contact."""
    up = shot.level_from_scene[1, :3]
    found: dict[int, list[FloatArray]] = {}
    for track in document.tracks.values():
        if shot.start <= track.start < shot.stop:
            places = poser.joints_of(track.id)
            for mark in document.marks_of(track.id, "contact"):
                mine = found.setdefault(track.person_id, [])
                mine.extend(_soles(track, mark, places, up))
    return {person: np.array(soles) for person, soles in found.items() if soles}


def contact_count(document: Document, frame: int) -> int:
    """How many contacts of feet are marked in the shot of a frame."""
    shot = document.shot_at(frame)
    return sum(
        len(document.marks_of(track.id, "contact"))
        for track in document.tracks.values()
        if shot.start <= track.start < shot.stop
    )


def ground_of(document: Document, poser: Poser, shot: Shot) -> Ground:
    """The floor under everybody's contacts in a shot, with what speaks for it.

    Raises:
        StudioError: If nobody's foot is marked as standing.
    """
    places = contact_places(document, poser, shot)
    up = shot.level_from_scene[1, :3]
    everywhere = np.concatenate([np.zeros((0, 3)), *places.values()])
    ground = ground_from_contacts(everywhere, up=up)
    if ground is None:
        raise StudioError(
            "no foot is marked as standing in this shot", fix="find foot contacts first"
        )
    return ground


def level_from_contacts(
    edit: Edit, document: Document, poser: Poser, shot: Shot
) -> Ground:
    """Lay a shot's floor under the contacts of its feet.

    Raises:
        StudioError: If nobody's foot is marked as standing.
    """
    ground = ground_of(document, poser, shot)
    edit.put(replace(shot, level_from_scene=ground.level_from_scene))
    return ground


def _soles(
    track: Track, mark: Mark, places: FloatArray, up: FloatArray
) -> list[FloatArray]:
    names = skeleton(track.skeleton).joint_names
    rows = slice(mark.start - track.start, mark.stop - track.start)
    found: list[FloatArray] = []
    for joint in mark.joints:
        below = _SOLE_M.get(names[joint].rpartition("_")[2])
        there = places[rows, joint]
        there = there[np.isfinite(there).all(axis=1)]
        if below is not None and len(there):
            found.append(np.median(there, axis=0) - below * up)
    return found
