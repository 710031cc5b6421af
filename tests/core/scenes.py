"""Small documents and the state of a document as comparable bytes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from hpe_studio.core.clip import clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.person import PERSON_COLOURS, Person, letter
from hpe_studio.core.tables import TABLE_OF
from hpe_studio.core.track import Source, Track


def empty_document(frames: int = 40) -> Document:
    return Document(clip_without_footage(frame_count=frames, fps=Fraction(30)))


def random_motion(frames: int, joints: int, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    base = rng.normal(0, 0.4, (frames, joints, 3)).astype(np.float32)
    root = rng.normal(0, 1, (frames, 3)).astype(np.float32)
    source = np.full((frames, joints), Source.ESTIMATED, np.uint8)
    base[frames // 2] = np.nan
    root[frames // 2] = np.nan
    source[frames // 2] = Source.MISSING
    return {"base_rad": base, "base_root_m": root, "base_source": source}


def add_person(document: Document, *, start: int, stop: int, seed: int = 0) -> Track:
    position = len(document.persons)
    with document.edit("Add person") as edit:
        person = Person(
            id=document.new_id(),
            name=f"Person {letter(position)}",
            colour=PERSON_COLOURS[position % len(PERSON_COLOURS)],
        )
        edit.put(person)
        track = Track(
            id=document.new_id(),
            person_id=person.id,
            start=start,
            stop=stop,
            skeleton="smpl24",
        )
        edit.add_track(track, random_motion(stop - start, 24, seed))
    return document.tracks[track.id]


def state_of(document: Document) -> dict[str, object]:
    """Everything undoable, as values that compare to the bit."""
    state: dict[str, object] = {}
    for table in TABLE_OF.values():
        for key, value in document.table(table).items():
            arrays = getattr(value, "arrays", {})
            state[f"{table} {key}"] = repr(_without_arrays(value))
            for name, array in arrays.items():
                state[f"{table} {key} {name}"] = (array.shape, array.tobytes())
    return state


def _without_arrays(value: object) -> object:
    from dataclasses import replace

    return replace(value, arrays={}) if hasattr(value, "arrays") else value
