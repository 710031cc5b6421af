"""Findings as bytes, a note per shot, so that they are there at the next opening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from hpe_studio.quality.finding import Finding
from hpe_studio.quality.queue import ProblemQueue
from hpe_studio.quality.rechecking import Place, Unit

PREFIX = "problems/"
"""What the names of these notes begin with; the id of the shot follows."""


class _Note(msgspec.Struct, frozen=True):
    """What is known of one shot: units' persons and findings, persons' prints."""

    units: list[tuple[tuple[int, ...], tuple[Finding, ...]]]
    prints: dict[int, int]


def notes_of(queue: ProblemQueue, shot_ids: Iterable[int]) -> dict[str, bytes]:
    """Notes of some shots by name; of a shot that is gone an empty one."""
    notes: dict[str, bytes] = {}
    for shot_id in shot_ids:
        note = _Note(
            units=[
                (unit.persons, findings)
                for unit, findings in queue.found.items()
                if unit.shot_id == shot_id
            ],
            prints={p: n for (s, p), n in queue.prints.items() if s == shot_id},
        )
        notes[f"{PREFIX}{shot_id}"] = msgspec.msgpack.encode(note)
    return notes


def restore(queue: ProblemQueue, notes: Mapping[str, bytes]) -> None:
    """Let a queue begin with what notes say; what cannot be read is checked anew."""
    found: dict[Unit, tuple[Finding, ...]] = {}
    prints: dict[Place, int] = {}
    for name, data in notes.items():
        try:
            shot_id = int(name.removeprefix(PREFIX))
            note = msgspec.msgpack.decode(data, type=_Note)
        except (ValueError, msgspec.MsgspecError):
            continue
        for persons, findings in note.units:
            found[Unit(shot_id=shot_id, persons=persons)] = findings
        prints |= {(shot_id, person): n for person, n in note.prints.items()}
    queue.restore(found, prints)
