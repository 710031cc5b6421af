"""The floor of a shot, from the contacts of feet in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.mark import Mark
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import EditSpec
from hpe_studio.core.track import Track
from hpe_studio.edits.scale import standing_height_m
from hpe_studio.motion.common_ground import USUAL_HEIGHT_M
from hpe_studio.motion.ground import Ground, ground_from_contacts
from hpe_studio.posing.posed import Poser

SPEC = EditSpec(id="level_from_contacts", label="Floor from contacts")
_SOLE_M = {"ankle": 0.08, "foot": 0.02}
"""How far the floor lies below a standing heel's and toe's joint, of somebody 1.70 m
tall (spec 5.9)."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Contact:
    """A foot while it stands.

    Attributes:
        person_id: Whose.
        frames: Clip frames on which it is there, shape (frames,), at least one.
        joints_m: The heel's or toes' joint, shape (frames, 3), scene.
        pelvis_m: The pelvis, shape (frames, 3), scene.
        drop_m: How far the sole lies below the joint.
    """

    person_id: int
    frames: IntArray
    joints_m: FloatArray
    pelvis_m: FloatArray
    drop_m: float


def contacts_in(document: Document, poser: Poser, shot: Shot) -> tuple[Contact, ...]:
    """Every contact that is marked in a shot, of people who are not ignored."""
    found: list[Contact] = []
    for track in document.tracks.values():
        marks = document.marks_of(track.id, "contact")
        person = document.persons[track.person_id]
        if shot.start <= track.start < shot.stop and marks and not person.ignored:
            places = poser.joints_of(track.id)
            size = standing_height_m(poser, person) / USUAL_HEIGHT_M
            for mark in marks:
                found += _contacts(track, mark, places, size, shot.clear_start)
    return tuple(found)


def contact_places(
    document: Document, poser: Poser, shot: Shot
) -> dict[int, FloatArray]:
    """Where soles stand, by person: shape (contacts, 3), scene, one per contact."""
    up = shot.level_from_scene[1, :3]
    found: dict[int, list[FloatArray]] = {}
    for one in contacts_in(document, poser, shot):
        sole = np.median(one.joints_m, axis=0) - one.drop_m * up
        found.setdefault(one.person_id, []).append(sole)
    return {person: np.array(soles) for person, soles in found.items()}


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


def _contacts(
    track: Track, mark: Mark, places: FloatArray, size: float, clear_start: int
) -> list[Contact]:
    """A contact per joint of a mark, of a body so many times as large as usual."""
    names = skeleton(track.skeleton).joint_names
    rows = np.arange(max(mark.start, clear_start), mark.stop) - track.start
    rows = rows[np.isfinite(places[rows]).all(axis=(1, 2))]
    drops = {j: _SOLE_M.get(names[j].rpartition("_")[2]) for j in mark.joints}
    return [
        Contact(
            person_id=track.person_id,
            frames=rows + track.start,
            joints_m=places[rows, joint],
            pelvis_m=places[rows, 0],
            drop_m=size * drop,
        )
        for joint, drop in drops.items()
        if drop is not None and len(rows)
    ]
