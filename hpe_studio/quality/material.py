"""What a check needs of a document, gathered at once so that it can run elsewhere."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np

from hpe_studio.core.clip import Clip, Shot
from hpe_studio.core.document import Document
from hpe_studio.core.mark import Mark
from hpe_studio.core.person import Person
from hpe_studio.core.tables import TABLE_OF, ShotCamera, Value
from hpe_studio.core.track import Estimate, Key, Track

_RULES = 1
"""Raised when detectors change, so that what is kept in projects is checked anew."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ShotMaterial:
    """The people of one shot as they are now; read by one thread.

    The arrays are the document's own: a check that runs while they are written says
    nothing of worth, and is made again after the edit.

    Attributes:
        clip: The clip.
        shot: The shot.
        camera: Its camera, or None where it is assumed.
        persons: Who is in it.
        tracks: Their tracks in it.
        keys, marks: Over these tracks.
        estimates: Behind these tracks.
    """

    clip: Clip
    shot: Shot
    camera: ShotCamera | None
    persons: tuple[Person, ...]
    tracks: tuple[Track, ...]
    keys: tuple[Key, ...]
    marks: tuple[Mark, ...]
    estimates: tuple[Estimate, ...]

    def document(self) -> Document:
        """A document of this shot alone, on the same arrays."""
        made = Document(self.clip)
        plain: tuple[Iterable[Value], ...] = (
            (self.shot,),
            () if self.camera is None else (self.camera,),
            self.persons,
            self.keys,
            self.marks,
        )
        for values in plain:
            for value in values:
                made.replace_value(TABLE_OF[type(value)], value.key, value)
        for estimate in self.estimates:
            made.replace_arrays("estimates", estimate.id, estimate.arrays)
            made.replace_value("estimates", estimate.id, estimate)
        for track in self.tracks:
            made.replace_arrays("tracks", track.id, track.arrays)
            made.replace_value("tracks", track.id, track)
        return made

    def print_of(self, person_id: int) -> int:
        """A number that is the same as long as a check would find the same."""
        person = next(p for p in self.persons if p.id == person_id)
        camera = self.camera and self.camera.camera
        facts: list[object] = [_RULES, person.name, person.betas, person.scale]
        facts.append(person.ignored)
        facts += [self.shot.start, self.shot.stop, self.shot.level_from_scene.tolist()]
        facts += [self.shot.dissolve] if self.shot.dissolve else []
        facts.append(camera and (camera.intrinsics.tolist(), camera.source))
        mine = {t.id for t in self.tracks if t.person_id == person_id}
        facts += [k for k in self.keys if k.track_id in mine]
        facts += [m for m in self.marks if m.track_id in mine]
        total = zlib.crc32(repr(facts).encode())
        for track in self.tracks:
            if track.id in mine:
                total = zlib.crc32(
                    repr((track.start, track.estimate_id)).encode(), total
                )
                for name in ("base_rad", "base_root_m", "base_source"):
                    total = zlib.crc32(
                        np.ascontiguousarray(track.arrays[name]).data, total
                    )
        return total


def materials(
    document: Document, wanted: Collection[int] | None = None
) -> list[ShotMaterial]:
    """The shots with somebody in them, in order of time.

    Args:
        document: Whose.
        wanted: Ids of the shots that are needed; all when None.
    """
    shots = document.shots or (document.shot_at(0),)
    tracks: defaultdict[int, list[Track]] = defaultdict(list)
    for track in sorted(document.tracks.values(), key=lambda t: (t.start, t.id)):
        tracks[track_shot(shots, track).id].append(track)
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in cast("Iterable[Mark]", document.table("marks").values()):
        marks[mark.track_id].append(mark)
    cameras = document.table("cameras")
    found: list[ShotMaterial] = []
    for shot in shots:
        mine = tracks[shot.id]
        if not mine or (wanted is not None and shot.id not in wanted):
            continue
        people = sorted({t.person_id for t in mine})
        told = {t.estimate_id for t in mine if t.estimate_id is not None}
        known = sorted(told & set(document.estimates))
        found.append(
            ShotMaterial(
                clip=document.clip,
                shot=shot,
                camera=cast("ShotCamera | None", cameras.get((shot.id, 0))),
                persons=tuple(document.persons[p] for p in people),
                tracks=tuple(mine),
                keys=tuple(k for t in mine for k in document.keys_of(t.id)),
                marks=tuple(m for t in mine for m in marks[t.id]),
                estimates=tuple(document.estimates[e] for e in known),
            )
        )
    return found


def track_shot(shots: tuple[Shot, ...], track: Track) -> Shot:
    """The shot a track starts in."""
    low, high = 0, len(shots)
    while high - low > 1:
        middle = (low + high) // 2
        is_later = shots[middle].start <= track.start
        low, high = (middle, high) if is_later else (low, middle)
    return shots[low]
