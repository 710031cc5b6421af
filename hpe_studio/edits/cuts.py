"""Cuts of the film: added, moved, removed, drawn out to dissolves.

Nothing crosses a cut, so tracks are cut with the film and joined again where one goes.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import cast

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.tables import ShotCamera
from hpe_studio.edits.people import check_unlocked
from hpe_studio.edits.tracks import cut_track, join_tracks


def add_cut(edit: Edit, document: Document, frame: int) -> tuple[Shot, Shot]:
    """Begin a new shot on a frame; it takes over cameras and floor of the one it was.

    Tracks over the cut are cut, keys and marks stay where they are.

    Args:
        edit: The open edit.
        document: Where the shots live.
        frame: First frame of the new shot.

    Returns:
        The shot before the cut and the one after it.

    Raises:
        StudioError: If there is a cut already, the clip ends there, or somebody over
            it is locked.
    """
    shot = document.shot_at(frame)
    if frame not in shot or frame == shot.start:
        raise StudioError(
            f"no cut can be made before frame {frame}",
            fix="go to a frame within a shot",
        )
    if document.shots is None:
        shot = replace(shot, id=document.new_id())
    late = replace(shot, id=document.new_id(), start=frame, dissolve=0)
    early = _shortened(replace(shot, stop=frame))
    cameras = _cameras_of(document, document.shot_at(frame))
    edit.put(early)
    edit.put(_shortened(late))
    at = frame - early.start
    for stored in cameras:
        _put_poses(edit, stored, early, _poses(stored, shot)[:at])
        _put_poses(edit, stored, late, _poses(stored, shot)[at:])
    _cut_everybody(edit, document, frame)
    return early, late


def remove_cut(edit: Edit, document: Document, frame: int) -> Shot:
    """Make one shot of the two before and after a cut.

    Tracks of one person that touch there are joined again; those of other runs,
    bodies or of somebody locked stay apart. Each frame keeps the camera's place, the
    whole shot the lens and the floor of its first part.

    Args:
        edit: The open edit.
        document: Where the shots live.
        frame: First frame of the shot after the cut.

    Raises:
        StudioError: If there is no cut before that frame.
    """
    first, second = shots_about(document, frame)
    whole = replace(first, stop=second.stop)
    for ahead, behind in _cameras_about(document, first, second):
        poses = [_poses(ahead, first), _poses(behind, second)]
        _put_poses(edit, ahead, whole, np.concatenate(poses))
    for stored in _cameras_of(document, second):
        edit.remove(stored)
    edit.remove(second)
    edit.put(whole)
    _join_everybody(edit, document, frame)
    return whole


def move_cut(edit: Edit, document: Document, frame: int, *, to: int) -> None:
    """Let a cut lie elsewhere between its neighbours.

    The frames it passes over change their shot and with it lens and floor; tracks are
    cut at the new place and joined at the old one.

    Args:
        edit: The open edit.
        document: Where the shots live.
        frame: First frame of the shot after the cut.
        to: The frame that shall be it.

    Raises:
        StudioError: If there is no cut, a shot would be left without a frame, or
            somebody over the new place is locked.
    """
    first, second = shots_about(document, frame)
    if to == frame:
        return
    if not first.start < to < second.stop:
        raise StudioError(
            f"the cut cannot go to frame {to}",
            fix=f"stay between {first.start + 1} and {second.stop - 1}",
        )
    cameras = _cameras_about(document, first, second)
    early = _shortened(replace(first, stop=to))
    late = _shortened(replace(second, start=to))
    edit.put(early)
    edit.put(late)
    for ahead, behind in cameras:
        poses = np.concatenate([_poses(ahead, first), _poses(behind, second)])
        _put_poses(edit, ahead, early, poses[: to - first.start])
        _put_poses(edit, behind, late, poses[to - first.start :])
    _cut_everybody(edit, document, to)
    _join_everybody(edit, document, frame)


def set_dissolve(edit: Edit, document: Document, frame: int, *, frames: int) -> None:
    """Say over how many frames a cut's picture changes; 0 makes it a hard cut.

    Args:
        edit: The open edit.
        document: Where the shots live.
        frame: First frame of the shot after the cut.
        frames: Length; the shot keeps at least one clear frame.

    Raises:
        StudioError: If there is no cut before that frame.
    """
    _, second = shots_about(document, frame)
    longest = second.stop - second.start - 1
    edit.put(replace(second, dissolve=min(max(frames, 0), longest)))


def shots_about(document: Document, frame: int) -> tuple[Shot, Shot]:
    """The shots before and after the cut before a frame.

    Raises:
        StudioError: If there is none.
    """
    for first, second in pairwise(document.shots or ()):
        if second.start == frame:
            return first, second
    raise StudioError(
        f"there is no cut before frame {frame}", fix="go to the start of a shot"
    )


def _shortened(shot: Shot) -> Shot:
    """The shot with a dissolve that leaves it one clear frame."""
    longest = shot.stop - shot.start - 1
    return replace(shot, dissolve=min(shot.dissolve, longest))


def _cut_everybody(edit: Edit, document: Document, frame: int) -> None:
    over = [t for t in document.tracks.values() if t.start < frame < t.stop]
    for track in over:
        check_unlocked(document.persons[track.person_id])
        cut_track(edit, document, track, frame)


def _join_everybody(edit: Edit, document: Document, frame: int) -> None:
    for person in document.persons.values():
        for first, second in pairwise(document.tracks_of(person.id)):
            if first.stop == second.start == frame and not person.locked:
                try:
                    join_tracks(edit, document, first, second)
                except StudioError:
                    continue  # of another run or body: two tracks in one shot are fine


def _cameras_of(document: Document, shot: Shot) -> tuple[ShotCamera, ...]:
    stored = cast("list[ShotCamera]", list(document.table("cameras").values()))
    return tuple(camera for camera in stored if camera.shot_id == shot.id)


def _cameras_about(
    document: Document, first: Shot, second: Shot
) -> list[tuple[ShotCamera, ShotCamera]]:
    """The cameras of two shots by view, the assumed one where a shot has none."""
    pairs = [
        {stored.view: stored for stored in _cameras_of(document, shot)}
        for shot in (first, second)
    ]
    views = sorted(set(pairs[0]) | set(pairs[1]))
    return [
        (
            pairs[0].get(view) or _assumed(document, first, view),
            pairs[1].get(view) or _assumed(document, second, view),
        )
        for view in views
    ]


def _assumed(document: Document, shot: Shot, view: int) -> ShotCamera:
    camera = document.camera_at(shot.start, view)
    return ShotCamera(shot_id=shot.id, camera=camera, view=view)


def _poses(stored: ShotCamera, shot: Shot) -> FloatArray:
    """`camera_from_scene` of every frame of a shot, shape (frames, 3, 4)."""
    poses = stored.camera.camera_from_scene
    if poses.ndim == 3:
        return poses
    return np.repeat(poses[None], shot.stop - shot.start, axis=0)


def _put_poses(edit: Edit, stored: ShotCamera, shot: Shot, poses: FloatArray) -> None:
    """Give a shot a camera with those places; one that stands still gets one."""
    is_still = bool((poses == poses[0]).all())
    camera = replace(stored.camera, camera_from_scene=poses[0] if is_still else poses)
    edit.put(replace(stored, shot_id=shot.id, camera=camera))
