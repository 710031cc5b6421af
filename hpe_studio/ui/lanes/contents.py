"""Turns the document into lanes, keeping runs until their track changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from hpe_studio.core.arrays import IntArray
from hpe_studio.core.document import Document
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Key, Track
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.lanes.marks import Hill, KeyMark, hills, key_marks
from hpe_studio.ui.lanes.model import Lane
from hpe_studio.ui.lanes.parts import Part, parts_of
from hpe_studio.ui.lanes.runs import Runs, joined_runs, ranges_as_runs, track_runs

_FEET = ("ankle", "foot")


class Contents:
    """The lanes of a document; cheap to ask for again.

    A lane stays the same object until something in it looks different, so that what
    was painted of it can be kept.

    Args:
        document: What is shown.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._opened: frozenset[int] = frozenset()
        self._contacts_of: int | None = None
        self._tracks: dict[tuple[int, str], _Shown] = {}
        self._kept: dict[tuple[int, str], tuple[tuple[object, ...], Lane]] = {}
        self._lanes: tuple[Lane, ...] | None = None
        self._problems: Mapping[int, tuple[tuple[int, int], ...]] = {}

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """One lane per person, in the order of the list; parts below opened ones."""
        if self._lanes is None:
            self._lanes = tuple(self._made())
        return self._lanes

    @property
    def opened(self) -> frozenset[int]:
        """Ids of persons whose parts are shown."""
        return self._opened

    @opened.setter
    def opened(self, person_ids: frozenset[int]) -> None:
        self._opened, self._lanes = person_ids, None

    def show_contacts_of(self, person_id: int | None) -> bool:
        """Show where a person's feet stand; True where the lanes look different."""
        if person_id == self._contacts_of:
            return False
        before, self._contacts_of = self.lanes, person_id
        self._lanes = None
        return before != self.lanes

    def show_problems(self, ranges: Mapping[int, tuple[tuple[int, int], ...]]) -> bool:
        """Show where people's problems are open; True where it looks different."""
        if ranges == self._problems:
            return False
        self._problems, self._lanes = ranges, None
        return True

    def index_of(self, person_id: int) -> int | None:
        """Index of a person's lane, or None."""
        for index, lane in enumerate(self.lanes):
            if lane.kind == "person" and lane.person_id == person_id:
                return index
        return None

    def forget(self, touched: Touched) -> bool:
        """Forget what changes made stale; True where the lanes look different."""
        if not touched.any_of("persons", "tracks", "keys", "shots", "marks"):
            return False
        before, self._lanes = self._lanes, None
        for change in touched.changes:
            if change.touches("tracks"):
                self._drop(change.track_ids())
        if touched.any_of("persons", "shots") or before is None:
            return True
        return before != self.lanes

    def _drop(self, track_ids: frozenset[int]) -> None:
        for place in [p for p in self._tracks if p[0] in track_ids]:
            del self._tracks[place]

    def _made(self) -> list[Lane]:
        document = self._document
        shots = document.shots or ()
        starts = np.array([shot.start for shot in shots], dtype=np.int64)
        found: list[Lane] = []
        for person_id in sorted(document.persons):
            tracks = document.tracks_of(person_id)
            is_open = person_id in self._opened
            whole = self._lane(person_id, tracks, None, starts)
            if whole.is_open != is_open:
                whole = self._reopened(whole)
            found.append(whole)
            if is_open:
                found += [
                    self._lane(person_id, tracks, part, starts)
                    for part in _parts(tracks)
                ]
            if person_id == self._contacts_of:
                found += self._contacts(person_id, tracks)
        return found

    def _reopened(self, lane: Lane) -> Lane:
        place = (lane.person_id, "")
        turned = replace(lane, is_open=not lane.is_open)
        self._kept[place] = self._kept[place][0], turned
        return turned

    def _lane(
        self,
        person_id: int,
        tracks: Sequence[Track],
        part: Part | None,
        shot_starts: IntArray,
    ) -> Lane:
        shown = tuple(self._shown(track, part) for track in tracks)
        ranges = () if part else self._problems.get(person_id, ())
        cuts = tuple(shot_starts.tolist()) if len(shown) > 1 else ()
        token = (*shown, cuts, ranges)
        place = (person_id, part.id if part else "")
        known = self._kept.get(place)
        if known is not None and known[0] == token:
            return known[1]
        marks = tuple(mark for one in shown for mark in one.marks)
        lane = Lane(
            person_id=person_id,
            runs=joined_runs([one.runs for one in shown], shot_starts),
            keys=marks,
            hills=tuple(hill for one in shown for hill in one.hills),
            kind="part" if part else "person",
            part=part.id if part else "",
            title=part.title if part else "",
            places=frozenset(mark.place for mark in marks),
            problems=ranges_as_runs(ranges) if ranges else None,
            open_count=len(ranges),
        )
        self._kept[place] = token, lane
        return lane

    def _shown(self, track: Track, part: Part | None) -> _Shown:
        """What is shown of a track, made anew only where it looks different."""
        place = (track.id, part.id if part else "")
        keys = self._document.keys_of(track.id)
        known = self._tracks.get(place)
        if known is not None and known.keys is keys:  # the document makes lists anew
            return known
        joints = None if part is None else _joints_in(part, track)
        marks = key_marks(track, keys, joints)
        if known is not None and known.marks == marks:
            known.keys = keys
            return known
        runs = known.runs if known is not None else track_runs(track, joints)
        made = _Shown(runs=runs, marks=marks, hills=hills(marks), keys=keys)
        self._tracks[place] = made
        return made

    def _contacts(self, person_id: int, tracks: Sequence[Track]) -> list[Lane]:
        """Where a person's feet stand, if anything is known of it."""
        ranges: dict[str, list[tuple[int, int]]] = {"left": [], "right": []}
        for track in tracks:
            names = skeleton(track.skeleton).joint_names
            for mark in self._document.marks_of(track.id, "contact"):
                for side, foot in ranges.items():
                    feet = {f"{side}_{stem}" for stem in _FEET}
                    if any(names[joint] in feet for joint in mark.joints):
                        foot.append((mark.start, mark.stop))
        token = tuple(tuple(foot) for foot in ranges.values())
        if not any(token):
            return []
        place = (person_id, "contacts")
        known = self._kept.get(place)
        if known is None or known[0] != token:
            lane = Lane(
                person_id=person_id,
                kind="contacts",
                part="contacts",
                title="Contacts",
                runs=ranges_as_runs(ranges["left"]),
                others=ranges_as_runs(ranges["right"]),
                keys=(),
            )
            known = self._kept[place] = token, lane
        return [known[1]]


@dataclass(kw_only=True, slots=True, eq=False)
class _Shown:
    """What is shown of a track and a part; another object where it looks different."""

    runs: Runs
    marks: tuple[KeyMark, ...]
    hills: tuple[Hill, ...]
    keys: Sequence[Key] = field(repr=False)


def _parts(tracks: Sequence[Track]) -> tuple[Part, ...]:
    """The parts of the richest of a person's skeletons."""
    every = [parts_of(track.skeleton) for track in tracks]
    return max(every, key=len, default=())


def _joints_in(part: Part, track: Track) -> tuple[int, ...]:
    """A part's joints in a track, whose skeleton may have others."""
    mine = (p.joints for p in parts_of(track.skeleton) if p.id == part.id)
    return next(mine, ())
