"""What a clip, a project or a motion file holds, as plain data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.interchange import MotionFile, PersonMotion, PersonPoints
from hpe_studio.core.jobs import Job
from hpe_studio.core.track import Track
from hpe_studio.workflow.kinds import kind_of
from hpe_studio.workflow.opening import open_saved
from hpe_studio.workflow.shots import apply_shots, shots_of
from hpe_studio.workflow.take_facts import take_facts
from hpe_studio.workflow.timing import frame_total


def info(path: Path, *, wait_for_shots: bool = False) -> Job[dict[str, Any]]:
    """Facts about a file, in the keys that `hpe-studio info --json` prints.

    Args:
        path: Clip, project or motion file.
        wait_for_shots: Find cuts where they are not known yet (and keep them in a
            project); `shots` is None otherwise.

    Raises:
        StudioError: If the file cannot be read.
    """
    kind = kind_of(path)
    if kind == "motion":
        from hpe_studio.workflow.reading import read_motion

        yield from ()
        return _motion_info(read_motion(path))
    if kind == "project":
        facts = yield from _project_info(path, wait_for_shots=wait_for_shots)
        return facts
    facts = yield from _clip_info(path, wait_for_shots=wait_for_shots)
    return facts


def _clip_info(path: Path, *, wait_for_shots: bool) -> Job[dict[str, Any]]:
    from hpe_studio.media import open_footage

    footage = open_footage(path)
    try:
        shots = None
        if wait_for_shots:
            shots = (yield from shots_of(footage)).ranges
        return _facts("clip", footage.clip, shots, [], None, footage.clip.warnings)
    finally:
        footage.close()


def _project_info(path: Path, *, wait_for_shots: bool) -> Job[dict[str, Any]]:
    opened = open_saved(path, read_only=not wait_for_shots)
    try:
        document = opened.project.document
        can_keep = not opened.project.is_read_only
        if wait_for_shots and document.shots is None and opened.footage is not None:
            found = yield from shots_of(opened.footage)
            ranges = found.ranges
            if can_keep:
                apply_shots(document, found)
        elif document.shots is not None:
            ranges = tuple((s.start, s.stop) for s in document.shots)
        else:
            ranges = None
        people = [_person_facts(document, i) for i in document.persons]
        warnings = (*document.clip.warnings, *opened.warnings)
        facts = _facts(
            "project",
            document.clip,
            ranges,
            people,
            median_reprojection_px(document),
            warnings,
        )
        return facts | {"takes": [take_facts(t) for t in document.takes.values()]}
    finally:
        opened.close()


def _motion_info(motion: MotionFile) -> dict[str, Any]:
    runs = [_presence(run) for run in (*motion.people, *motion.points)]
    people: list[dict[str, Any]] = []
    for who in dict.fromkeys(who for who, _, _ in runs):
        frames = [present for other, present, _ in runs if other == who]
        people.append(_span(who[1], np.unique(np.concatenate(frames))))
    known = [distances for _, _, distances in runs if len(distances)]
    values = np.concatenate(known) if known else np.zeros(0)
    return {
        "kind": "motion",
        "format": str(motion.provenance.get("format", "")),
        "frames": frame_total(motion),
        "fps": float(motion.fps),
        "fps_exact": str(motion.fps),
        "size": None if motion.size_px is None else list(motion.size_px),
        "shots": [list(s) for s in motion.shots] or None,
        "people": people,
        "reprojection_px": float(np.median(values)) if len(values) else None,
        "assumed": list(motion.assumed),
        "warnings": list(motion.warnings),
    }


def _presence(run: PersonMotion | PersonPoints) -> tuple[tuple[str, str], Any, Any]:
    """Who it is, on which frames, and how far fitted landmarks are off."""
    if isinstance(run, PersonMotion):
        there = np.isfinite(run.root_scene_m[:, 0])
        off = run.reprojection_px
        distances = np.zeros(0) if off is None else off[np.isfinite(off)]
    else:
        points = run.points_px if run.points_scene_m is None else run.points_scene_m
        there = np.zeros(0) if points is None else np.isfinite(points).any(axis=(1, 2))
        distances = np.zeros(0)
    return (run.person_id, run.name), run.start + np.flatnonzero(there), distances


def _facts(
    kind: str,
    clip: Clip,
    shots: tuple[tuple[int, int], ...] | None,
    people: list[dict[str, Any]],
    reprojection_px: float | None,
    warnings: tuple[str, ...],
) -> dict[str, Any]:
    return {
        "kind": kind,
        "frames": clip.frame_count,
        "fps": float(clip.fps),
        "fps_exact": str(clip.fps),
        "size": list(clip.size_px),
        "shots": None if shots is None else [list(shot) for shot in shots],
        "people": people,
        "reprojection_px": reprojection_px,
        "warnings": list(warnings),
    }


def _person_facts(document: Document, person_id: int) -> dict[str, Any]:
    tracks = document.tracks_of(person_id)
    frames = [
        t.start + np.flatnonzero(np.isfinite(t.base_root_m[:, 0])) for t in tracks
    ]
    name = document.persons[person_id].name
    return _span(name, np.concatenate(frames) if frames else np.zeros(0, dtype=int))


def _span(name: str, frames: Any) -> dict[str, Any]:
    if not len(frames):
        return {"name": name, "first": None, "last": None, "frames": 0}
    return {
        "name": name,
        "first": int(frames.min()),
        "last": int(frames.max()),
        "frames": len(frames),
    }


def median_reprojection_px(document: Document) -> float | None:
    """Median distance of fitted landmarks from those seen, pixels, or None."""
    found = [_distances(document, track) for track in document.tracks.values()]
    values = np.concatenate(found) if found else np.zeros(0)
    return float(np.median(values)) if len(values) else None


def _distances(document: Document, track: Track) -> Any:
    estimate = document.estimates.get(track.estimate_id or -1)
    array = None if estimate is None else estimate.arrays.get("reprojection_px")
    return np.zeros(0) if array is None else array[np.isfinite(array)]
