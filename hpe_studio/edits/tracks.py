"""Cutting and joining tracks; the motion on every frame stays what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Estimate, Key, Source, Track
from hpe_studio.edits.blends import keep_across_cut, reach_over
from hpe_studio.posing.resolve import resolve

_FILL = {"base_source": int(Source.MISSING), "outside": 0}


def cut_track(
    edit: Edit, document: Document, track: Track, frame: int
) -> tuple[Track, Track]:
    """Cut a track in two: the first ends before a frame, the second starts on it.

    Keys and marks go with their part. Where a key's blend reached over the cut, a key
    on the border holds the pose it gave there.

    Raises:
        StudioError: If the frame is not inside the track or it is locked.
    """
    edit.check_unlocked(track.id)
    if track.frame_count == 1:
        raise StudioError("the track has one frame only", fix="go to a longer one")
    if not track.start < frame < track.stop:
        raise StudioError(
            f"the track cannot be cut at frame {frame}",
            fix=f"go between {track.start + 1} and {track.stop - 1}",
        )
    keys = tuple(document.keys_of(track.id))
    borders = resolve(track, keys, np.array([frame - 1, frame]))
    row = frame - track.start
    early = replace(track, stop=frame, arrays={})
    late = replace(track, id=document.new_id(), start=frame, arrays={})
    arrays = {name: array.copy() for name, array in track.arrays.items()}
    edit.add_track(late, {name: array[row:] for name, array in arrays.items()})
    edit.add_track(early, {name: array[:row] for name, array in arrays.items()})
    for key in keys:
        if key.frame >= frame:
            _move_key(edit, key, late)
    _cut_marks(edit, document, track, late, frame)
    parts = (document.tracks[early.id], document.tracks[late.id])
    for part, at, pose in zip(parts, (frame - 1, frame), (0, 1), strict=True):
        reach = reach_over(keys, frame, is_late=bool(pose))
        if reach:
            keep_across_cut(
                edit, document, part, frame=at, reach=reach, held=borders, row=pose
            )
    return parts


def join_tracks(edit: Edit, document: Document, first: Track, second: Track) -> Track:
    """Make one track of two of the same person; frames in between are missing.

    Raises:
        StudioError: If they are of different people, shots, bodies or runs, out of
            order, or locked.
    """
    _check_joinable(document, first, second)
    for track in (first, second):
        edit.check_unlocked(track.id)
    estimate_id = _joined_estimate(edit, document, first, second)
    keys = tuple(document.keys_of(second.id))
    marks = document.every_mark_of(second.id)
    arrays = _joined(first.arrays, second.arrays, second.start - first.stop)
    for key in keys:
        edit.remove(key)
    edit.remove(second)
    whole = replace(first, stop=second.stop, estimate_id=estimate_id, arrays={})
    edit.add_track(whole, arrays)
    for key in keys:
        edit.put(replace(key, track_id=first.id))
    for mark in marks:
        edit.put(replace(mark, track_id=first.id))
    return document.tracks[first.id]


def _move_key(edit: Edit, key: Key, track: Track) -> None:
    edit.remove(key)
    edit.put(replace(key, track_id=track.id))


def _cut_marks(
    edit: Edit, document: Document, track: Track, late: Track, frame: int
) -> None:
    for mark in document.every_mark_of(track.id):
        if mark.start >= frame:
            edit.put(replace(mark, track_id=late.id))
        elif mark.stop > frame:
            edit.put(replace(mark, stop=frame))
            other = replace(mark, id=document.new_id(), track_id=late.id, start=frame)
            edit.put(other)


def _check_joinable(document: Document, first: Track, second: Track) -> None:
    problem = ""
    if first.person_id != second.person_id:
        problem = "the tracks are of two people"
    elif second.start < first.stop:
        problem = "the tracks overlap"
    elif second.start >= document.shot_at(first.start).stop:
        problem = "a cut lies between the tracks"
    elif first.stop <= document.shot_at(first.start).clear_start <= second.start:
        problem = "the first track lies within a dissolve"
    elif first.skeleton != second.skeleton:
        problem = "the tracks are of different bodies"
    if problem:
        raise StudioError(
            problem, fix="choose two tracks of one person within one shot"
        )


def _joined_estimate(
    edit: Edit, document: Document, first: Track, second: Track
) -> int | None:
    """The estimate of the joined track: the common one, or one made of both."""
    if first.estimate_id == second.estimate_id:
        return first.estimate_id
    one = document.estimates.get(first.estimate_id or -1)
    two = document.estimates.get(second.estimate_id or -1)
    if one is None or two is None:
        return first.estimate_id if one is not None else second.estimate_id
    same = (one.take_id, one.skeleton, one.landmark_set)
    if same != (two.take_id, two.skeleton, two.landmark_set):
        raise StudioError(
            "the tracks come from different runs", fix="join tracks of one run"
        )
    made = replace(
        one, id=document.new_id(), start=first.start, stop=second.stop, arrays={}
    )
    pieces = (_rows(one, first), _rows(two, second))
    edit.add_estimate(made, _joined(*pieces, second.start - first.stop))
    return made.id


def _rows(estimate: Estimate, track: Track) -> Mapping[str, AnyArray]:
    """What an estimate says on a track's frames; missing where it says nothing."""
    frames = np.arange(track.start, track.stop)
    told = (frames >= estimate.start) & (frames < estimate.stop)
    rows: dict[str, AnyArray] = {}
    for name, array in estimate.arrays.items():
        rows[name] = _missing(name, array, len(frames))
        rows[name][told] = array[frames[told] - estimate.start]
    return rows


def _joined(
    first: Mapping[str, AnyArray], second: Mapping[str, AnyArray], gap: int
) -> dict[str, AnyArray]:
    """Arrays one after the other; only those that both have."""
    return {
        name: np.concatenate([array, _missing(name, array, gap), second[name]])
        for name, array in first.items()
        if name in second
    }


def _missing(name: str, like: AnyArray, rows: int) -> AnyArray:
    fill = _FILL.get(name, np.nan)
    return np.full((rows, *like.shape[1:]), fill, dtype=like.dtype)
