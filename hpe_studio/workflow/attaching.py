"""A clip for results opened without one: frames, cameras and pixels move along.

Where every frame stays what it is, the project is pointed to the footage as it is done
when footage moved. Where frames become others (another rate, an offset), the project is
written anew on the clip's frames, without steps that would speak of the old ones; the
project as it was is kept beside it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import AnyArray, FloatArray, IntArray
from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Estimate, Source, Track
from hpe_studio.motion.interpolation import resample
from hpe_studio.storage.project import Project, open_project, write_document
from hpe_studio.workflow.films import open_film
from hpe_studio.workflow.import_camera import at_size, scaled_points, size_scale
from hpe_studio.workflow.timing import Timing

if TYPE_CHECKING:
    from fractions import Fraction

_ROTATIONS = {"joints_rad": "root_scene_m", "base_rad": "base_root_m"}
_COPIED = ("persons", "takes", "settings")
_SAME_FRAME = 1e-3


@dataclass(frozen=True, kw_only=True, slots=True)
class Attached:
    """What attaching a clip did.

    Attributes:
        project: The project, which has footage now.
        kept: Where the project is kept as it was, if frames became others.
        notes: Sentences a person should know.
    """

    project: Path
    kept: Path | None = None
    notes: tuple[str, ...] = ()


def attach_clip(
    path: Path,
    clip_path: Path,
    *,
    timing: Timing | None = None,
    fps: Fraction | None = None,
) -> Attached:
    """Give a project without footage its clip.

    Args:
        path: The project, not open anywhere.
        clip_path: Movie or folder of images.
        timing: How the project's frames lie on the clip's; by time, or frame by frame
            where nobody said a rate.
        fps: Rate of a folder of images.

    Raises:
        StudioError: If it has footage already, or none of it falls on the clip.
    """
    footage = open_film(clip_path, fps=fps)
    clip = replace(footage.clip, path=clip_path.absolute())
    footage.close()
    project = open_project(path)
    try:
        _check(project)
        document = project.document
        at = _positions(document, clip, timing or Timing())
        if _stays(document, clip, at):
            _linked(project, clip)
            return Attached(project=path)
        moved = _on_clip(document, clip, at)
    finally:
        project.close()
    kept = _kept_beside(path)
    write_document(path, moved)
    left = _left_out(document, clip, at)
    note = f"The project without the clip is kept as {kept.name}"
    return Attached(project=path, kept=kept, notes=(*left, note))


def _check(project: Project) -> None:
    if project.is_read_only:
        raise StudioError(
            f"is open for reading only: {project.why_read_only}",
            path=project.path,
            fix="close the other window, or save a copy",
        )
    if project.document.clip.kind != "none":
        raise StudioError(
            "has its footage already", path=project.path, fix="open that clip instead"
        )


def _positions(document: Document, clip: Clip, timing: Timing) -> FloatArray:
    """Where in the clip each frame of the project lies, shape (frames,)."""
    old = document.clip
    count = max([old.frame_count, *(t.stop for t in document.tracks.values())])
    step = timing.step
    assumed = any(
        "per second" in sentence or "fps" in sentence
        for take in document.takes.values()
        for sentence in take.options.get("assumed", ())
    )
    if step is None and timing.fps is None and assumed:
        return timing.offset + np.arange(count, dtype=np.float64)
    if step is not None:
        return timing.offset + float(step) * np.arange(count)
    rate = old.fps if timing.fps is None else timing.fps
    times_s = np.arange(count) * float(1 / rate)
    if timing.fps is None:
        times_s[: old.frame_count] = old.times_s
    frames = np.arange(clip.frame_count, dtype=np.float64)
    inside = np.interp(times_s, clip.times_s, frames)
    beyond = times_s > clip.times_s[-1]
    inside[beyond] += (times_s[beyond] - clip.times_s[-1]) * float(clip.fps)
    return inside + timing.offset


def _stays(document: Document, clip: Clip, at: FloatArray) -> bool:
    """True where each frame stays itself and no pixel becomes another."""
    used = max((t.stop for t in document.tracks.values()), default=0)
    same = np.abs(at[:used] - np.arange(used)) < _SAME_FRAME
    scale = size_scale(said_size(document), clip.size_px)
    return bool(same.all()) and used <= clip.frame_count and scale in (None, 1.0)


def said_size(document: Document) -> tuple[int, int] | None:
    """The size of the pictures, where the results said it."""
    for take in document.takes.values():
        size = take.options.get("size")
        if size:
            return int(size[0]), int(size[1])
    return None


def _linked(project: Project, clip: Clip) -> None:
    """Point the project to the clip; shots reach over all of it, cameras stay."""
    document = project.document
    cameras = _cameras(document, clip)
    shots = document.shots or ()
    project.replace_clip(clip)
    with document.edit(f"Attach {clip.path.name if clip.path else 'clip'}") as edit:
        for shot in shots:
            is_last = all(other.start <= shot.start for other in shots)
            stop = clip.frame_count if is_last else shot.stop
            edit.put(replace(shot, stop=stop))
        for camera in cameras:
            edit.put(camera)
    project.flush()


def _cameras(document: Document, clip: Clip) -> list[ShotCamera]:
    """What people were seen with, for good, in the clip's pixels."""
    size = said_size(document)
    return [
        ShotCamera(
            shot_id=shot.id,
            camera=at_size(document.camera_at(shot.start), size, clip.size_px),
        )
        for shot in document.shots or ()
    ]


def _kept_beside(path: Path) -> Path:
    """A copy of the project as it is, under a free name.

    Raises:
        StudioError: If there is no room for it.
    """
    for number in range(1, 1000):
        words = "without clip" if number == 1 else f"without clip {number}"
        goal = path.with_name(f"{path.stem} ({words}){path.suffix}")
        if not goal.exists():
            try:
                shutil.copy2(path, goal)
            except OSError as error:
                raise StudioError(
                    f"cannot be copied ({error.strerror})", path=path, fix="make room"
                ) from None
            return goal
    raise StudioError("has too many copies", path=path, fix="delete some")


def _left_out(document: Document, clip: Clip, at: FloatArray) -> tuple[str, ...]:
    used = max((t.stop for t in document.tracks.values()), default=0)
    beyond = int(((at[:used] < -0.5) | (at[:used] > clip.frame_count - 0.5)).sum())
    return (f"{beyond} frames lie beyond the clip",) if beyond else ()


def _on_clip(document: Document, clip: Clip, at: FloatArray) -> Document:
    """The same people on the clip's frames, as a new document.

    Raises:
        StudioError: If nobody falls on the clip.
    """
    moved = Document(clip)
    scale = size_scale(said_size(document), clip.size_px) or 1.0
    with moved.edit("Attach") as edit:
        for table in _COPIED:
            for value in document.table(table).values():
                edit.put(value)
        _move_shots(edit, document, clip, at)
        lying = [
            _put_moved(edit, value, at, clip, scale)
            for value in (*document.estimates.values(), *document.tracks.values())
        ]
        if document.tracks and not any(lying):
            raise StudioError(
                "nobody falls on the clip", path=clip.path, fix="set another offset"
            )
        _move_keys(edit, document, at, clip)
    moved.reserve_ids(document.next_id)
    return moved


def _move_shots(edit: Edit, document: Document, clip: Clip, at: FloatArray) -> None:
    shots = document.shots or ()
    if len(shots) == 1:
        edit.put(replace(shots[0], start=0, stop=clip.frame_count))
    elif shots:
        starts = [0, *(_frame(at, s.start, clip) for s in shots[1:])]
        stops = [*starts[1:], clip.frame_count]
        for shot, start, stop in zip(shots, starts, stops, strict=True):
            if start < stop:
                edit.put(replace(shot, start=start, stop=stop))
    for camera in _cameras(document, clip):
        edit.put(camera)


def _frame(at: FloatArray, frame: int, clip: Clip) -> int:
    """The frame of the clip nearest to one of the project."""
    position = at[min(max(frame, 0), len(at) - 1)]
    return int(np.clip(round(float(position)), 0, clip.frame_count - 1))


def _put_moved(
    edit: Edit, value: Track | Estimate, at: FloatArray, clip: Clip, scale: float
) -> bool:
    """Put a track or estimate on the clip's frames; False where it lies beyond."""
    rows = at[value.start : value.stop]
    first = max(0, int(np.ceil(rows[0] - _SAME_FRAME)))
    last = min(clip.frame_count - 1, int(np.floor(rows[-1] + _SAME_FRAME)))
    if last < first:
        return False
    frames = np.arange(first, last + 1)
    arrays = {
        name: scaled_points(array, scale) if name == "points_px" else array
        for name, array in _resampled(value.arrays, rows, frames).items()
    }
    placed = replace(value, start=first, stop=last + 1, arrays={})
    if isinstance(placed, Track):
        edit.add_track(placed, arrays)
    else:
        edit.add_estimate(placed, arrays)
    return True


def _resampled(
    arrays: Mapping[str, AnyArray], rows: FloatArray, frames: IntArray
) -> dict[str, AnyArray]:
    """Arrays of some rows at frames: motion between them, what was seen on its own."""
    out: dict[str, AnyArray] = {}
    for turns, places in _ROTATIONS.items():
        if turns in arrays:
            out[turns], out[places] = resample(
                np.asarray(arrays[turns], np.float64),
                np.asarray(arrays[places], np.float64),
                from_times_s=rows,
                to_times_s=frames.astype(np.float64),
            )
    nearest = np.abs(rows[None, :] - frames[:, None]).argmin(axis=1)
    exact = np.abs(rows[nearest] - frames) < _SAME_FRAME
    for name, array in arrays.items():
        if name in out:
            continue
        taken = np.array(array[nearest])
        if name == "base_source":
            known = np.isfinite(out["base_root_m"][:, 0])
            taken[~exact & known] = Source.FILLED
            taken[~known] = Source.MISSING
        elif name == "expression":
            taken = np.stack([np.interp(frames, rows, c) for c in array.T], axis=1)
        else:
            is_float = np.issubdtype(array.dtype, np.floating)
            empty = np.nan if is_float and name not in ("confidence", "scores") else 0
            taken[~exact] = empty
        out[name] = taken
    return out


def _move_keys(edit: Edit, document: Document, at: FloatArray, clip: Clip) -> None:
    """Keys, marks and decisions at the nearest frames."""
    for track in document.tracks.values():
        for key in document.keys_of(track.id):
            edit.put(replace(key, frame=_frame(at, key.frame, clip)))
        for mark in document.every_mark_of(track.id):
            start, stop = _frame(at, mark.start, clip), _frame(at, mark.stop - 1, clip)
            edit.put(replace(mark, start=start, stop=stop + 1))
    for decision in document.decisions.values():
        start = _frame(at, decision.start, clip)
        stop = _frame(at, decision.stop - 1, clip) + 1
        edit.put(replace(decision, start=start, stop=stop))
