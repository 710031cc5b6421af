"""A project of ten people over 20,000 frames: opening, committing, undoing, scrubbing.

The project has a clip of times only, an estimate and a track per person and 500 keys,
all 24 joints moving. It is made once and kept in the data folder's `cache`. What is
measured is what a window does: the project is opened from the file, edits are durable
when they return, and a scrub step poses everybody and skins the light mesh.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np

from hpe_studio.assets.store import data_folder
from hpe_studio.body import open_body
from hpe_studio.core.clip import Shot, clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.track import Estimate, Key, Source, Take, Track
from hpe_studio.edits import people, pose
from hpe_studio.posing.posed import Poser
from hpe_studio.storage.project import Project, open_project, write_document

PEOPLE, FRAMES, KEYS = 10, 20_000, 500
_MAKER = 1
"""Raised whenever `make_project` writes something else."""
_ROUNDS = 9
_ARM = 18


def run() -> dict[str, dict[str, Any]]:
    """Times by name: value, limit, unit and what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.hpes"
        copyfile(cached_project(), path)
        opening = [_opening_s(path) for _ in range(3)]
        project = open_project(path)
        try:
            times = _measured(project)
        finally:
            project.close()
    results = {
        "large_open": _result(min(opening), 2.0, "s", "open a project"),
        "large_commit": _result(
            times["commit"], 10.0, "ms", "slowest kind of edit: " + _each(times)
        ),
        "large_undo": _result(times["undo"], 30.0, "ms", "undo or redo an edit"),
        "large_scrub": _result(
            times["scrub"], 50.0, "ms", "pose and skin all on a random frame"
        ),
    }
    for result in results.values():
        result["detail"] += f"; {PEOPLE} people x {FRAMES} frames, {KEYS} keys"
    return results


def cached_project() -> Path:
    """The project, from the cache or made now."""
    name = f"large-{PEOPLE}x{FRAMES}-{KEYS}-{_MAKER}.hpes"
    path = data_folder() / "cache" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half_made = path.with_suffix(f".{os.getpid()}.part")
        try:
            write_document(half_made, make_document())
            os.replace(half_made, path)
        finally:
            half_made.unlink(missing_ok=True)
    return path


def make_document() -> Document:
    """Ten people who swing every joint, seen as landmarks too, with keys."""
    clip = clip_without_footage(frame_count=FRAMES, fps=Fraction(30))
    document = Document(clip)
    rng = np.random.default_rng(0)
    with document.edit("Estimate people") as edit:
        edit.put(Shot(id=document.new_id(), start=0, stop=FRAMES))
        take = Take(id=document.new_id(), name="Synthetic", origin="benchmark")
        edit.put(take)
        for number in range(PEOPLE):
            _add_person(edit, document, take, number, rng)
        tracks = list(document.tracks)
        for number in range(KEYS):
            offset = tuple(rng.normal(0, 0.1, 3).tolist())
            track, frame = tracks[number % PEOPLE], 37 * number % FRAMES
            key = Key(
                track_id=track, frame=frame, joints=(_ARM,), offsets_rad=(offset,)
            )
            edit.put(key)
    return document


def _add_person(
    edit: Any, document: Document, take: Take, number: int, rng: Any
) -> None:
    person = people.add_person(edit, document)
    at = np.arange(FRAMES)[:, None, None]
    speed = rng.uniform(0.01, 0.1, (1, 24, 3))
    joints_rad = 0.3 * np.sin(at * speed)
    root_m = np.tile([number % 5 - 2.0, 0.9, -4.0 - number // 5], (FRAMES, 1))
    estimate = Estimate(
        id=document.new_id(),
        take_id=take.id,
        start=0,
        stop=FRAMES,
        skeleton="smpl24",
        landmark_set="mediapipe33",
    )
    edit.add_estimate(
        estimate,
        {
            "joints_rad": joints_rad,
            "root_scene_m": root_m,
            "points_px": rng.uniform(0, 700, (FRAMES, 33, 2)),
            "confidence": np.ones((FRAMES, 33)),
            "points_m": np.zeros((FRAMES, 33, 3)),
        },
    )
    track = Track(
        id=document.new_id(),
        person_id=person.id,
        start=0,
        stop=FRAMES,
        skeleton="smpl24",
        estimate_id=estimate.id,
    )
    source = np.full((FRAMES, 24), Source.ESTIMATED)
    arrays = {"base_rad": joints_rad, "base_root_m": root_m, "base_source": source}
    edit.add_track(track, arrays)


def _opening_s(path: Path) -> float:
    start = time.perf_counter()
    project = open_project(path)
    passed = time.perf_counter() - start
    project.close()
    return passed


def _measured(project: Project) -> dict[str, float]:
    """Milliseconds by name; medians, of commits the slowest kind's."""
    document = project.document
    poser = Poser(document, open_body())
    rng = random.Random(0)
    kinds = {
        "rotate": lambda n: _rotate(document, rng.randrange(FRAMES), n),
        "rename": lambda n: _rename(document, n),
        "move key": lambda n: _move_key(document, n),
    }
    times: dict[str, list[float]] = {name: [] for name in (*kinds, "undo", "scrub")}
    for number in range(_ROUNDS):
        for name, work in kinds.items():
            times[name].append(_ms(lambda w=work, n=number: w(n)))
        times["undo"].append(_ms(document.undo))
        times["undo"].append(_ms(document.redo))
        frame = rng.randrange(FRAMES)
        times["scrub"].append(_ms(lambda f=frame: _scrub(document, poser, f)))
    poser.close()
    found = {name: statistics.median(values) for name, values in times.items()}
    found["commit"] = max(found[name] for name in kinds)
    return found


def _rotate(document: Document, frame: int, number: int) -> None:
    track = list(document.tracks.values())[number % PEOPLE]
    with document.edit("Rotate") as edit:
        turn = np.array([0.0, 0.2, 0.0])
        pose.rotate_joint(
            edit, document, track, frame=frame, joint=_ARM, delta_parent_rad=turn
        )


def _rename(document: Document, number: int) -> None:
    person = list(document.persons.values())[number % PEOPLE]
    with document.edit("Rename") as edit:
        edit.put(replace(person, name=f"Dancer {number}"))


def _move_key(document: Document, number: int) -> None:
    track = list(document.tracks)[number % PEOPLE]
    key = document.keys_of(track)[number]
    with document.edit("Move key") as edit:
        pose.move_key(edit, document, key, key.frame + 1)


def _scrub(document: Document, poser: Poser, frame: int) -> None:
    for person in document.persons:
        poser.vertices_at(person, frame, light=True)


def _ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


def _each(times: dict[str, float]) -> str:
    names = ("rotate", "rename", "move key")
    return ", ".join(f"{name} {times[name]:.1f} ms" for name in names)


def _result(value: float, limit: float, unit: str, detail: str) -> dict[str, Any]:
    return {
        "ratio": value,
        "limit": limit,
        "better": "lower",
        "unit": unit,
        "detail": detail,
    }


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']:.2f} {result['unit']} {result['detail']}")
