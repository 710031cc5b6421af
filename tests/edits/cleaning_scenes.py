"""A person who walks, trembling, in front of a camera; and how to work on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hpe_studio.body import open_body
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.mark import MarkKind
from hpe_studio.core.person import Person
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import marks
from hpe_studio.edits.stretch import stretches
from hpe_studio.edits.tools import TOOLS, Bench
from hpe_studio.motion.rotations import compose
from hpe_studio.posing.posed import Poser
from tests.core.scenes import empty_document
from tests.motion.test_infill import walking

BONES = skeleton("smpl24")
FRAMES = 180
STANDS = 130
"""The frame from which on the walker stands still."""
LEGS = [BONES.index(f"{s}_{j}") for s in ("left", "right") for j in ("hip", "knee")]
ELBOW, KNEE = BONES.index("left_elbow"), BONES.index("left_knee")


def trembling(document: Document, *, degrees: float = 1.0, seed: int = 0) -> Track:
    """Add a walker with white noise to a document."""
    rng = np.random.default_rng(seed)
    base = walking(FRAMES)
    base[STANDS:, LEGS] = 0.0
    base = compose(np.radians(degrees) * rng.normal(size=base.shape), base)
    along = np.minimum(np.linspace(0, 3, FRAMES), 3 * STANDS / FRAMES)
    root = np.stack([along, np.full(FRAMES, 0.9), np.full(FRAMES, -4.0)], -1)
    root += 0.004 * degrees * rng.normal(size=root.shape)
    source = np.full((FRAMES, 24), Source.ESTIMATED)
    arrays = {"base_rad": base, "base_root_m": root, "base_source": source}
    with document.edit("Add") as edit:
        person = Person(id=document.new_id(), name=f"P{seed}", colour="azure")
        edit.put(person)
        take = Take(id=document.new_id(), name="First", origin="blazepose")
        edit.put(take)
        estimate = Estimate(
            id=document.new_id(),
            take_id=take.id,
            start=0,
            stop=FRAMES,
            skeleton="smpl24",
            betas=(0.5,),
        )
        edit.add_estimate(estimate, {"joints_rad": base, "root_scene_m": root})
        track = Track(
            id=document.new_id(),
            person_id=person.id,
            start=0,
            stop=FRAMES,
            skeleton="smpl24",
            estimate_id=estimate.id,
        )
        edit.add_track(track, arrays)
        if document.shots is None:
            edit.put(Shot(id=document.new_id(), start=0, stop=FRAMES))
    return document.tracks[track.id]


def walker(*, degrees: float = 1.0) -> tuple[Document, Poser, Track]:
    document = empty_document(FRAMES)
    track = trembling(document, degrees=degrees)
    return document, Poser(document, open_body(24)), track


def use(
    document: Document,
    poser: Poser,
    tool: str,
    options: Mapping[str, Any] | None = None,
    **where: Any,
) -> None:
    """Use a tool by name as one step."""
    chosen = stretches(document, **where)
    with document.edit(TOOLS[tool].spec.label) as edit:
        bench = Bench(edit=edit, document=document, poser=poser)
        TOOLS[tool].apply(bench, chosen, options or {})


def mark(
    document: Document, track: Track, kind: MarkKind, joints: list[int], rows: slice
) -> None:
    with document.edit("Mark") as edit:
        marks.set_mark(
            edit,
            document,
            track,
            kind=kind,
            joints=joints,
            start=rows.start,
            stop=rows.stop,
        )
