"""Limbs that no frame of a shot shows: put as a person says they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.skeleton import Skeleton, skeleton
from hpe_studio.core.track import Source, Track
from hpe_studio.edits.rebase import rewrite_base, rows_within

Posture = Literal["stand", "sit"]

_POSTURES: Mapping[Posture, Mapping[str, tuple[float, float, float]]] = (
    MappingProxyType(
        {
            "stand": {"shoulder": (0.0, 0.0, -1.2), "elbow": (0.0, -0.2, 0.0)},
            "sit": {
                "hip": (-1.5, 0.0, 0.08),
                "knee": (1.5, 0.0, 0.0),
                "shoulder": (0.0, -0.3, -1.1),
                "elbow": (0.0, -0.9, 0.0),
            },
        }
    )
)
"""Left joints that are not at rest, in radians (rest is SMPL's T-pose)."""

_MIRROR = np.array([1.0, -1.0, -1.0])


def put_unseen(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    start: int,
    stop: int,
    joints: Sequence[int],
    posture: Posture,
) -> None:
    """Let limbs that were never seen stand straight, or sit, over a range.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        start: First clip frame of the range.
        stop: The frame after the last.
        joints: The limbs' joints.
        posture: How they are put.

    Raises:
        StudioError: If the track is locked or the range lies beside it.
    """
    wanted = sorted(joints)
    pose = np.stack([_turn(skeleton(track.skeleton), j, posture) for j in wanted])
    _hold(edit, document, track, rows_within(track, start, stop), wanted, pose)


def carry_over(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    start: int,
    stop: int,
    joints: Sequence[int],
) -> int:
    """Let limbs that were never seen be as in the person's nearest other track.

    Returns:
        The clip frame they were taken from.

    Raises:
        StudioError: If the person has no other track of the same body, or it is locked.
    """
    wanted = sorted(joints)
    others = [
        t
        for t in document.tracks_of(track.person_id)
        if t.id != track.id and t.skeleton == track.skeleton
    ]
    others.sort(key=lambda t: max(t.start - track.stop, track.start - t.stop))
    for other in others:
        base = other.base_rad[:, wanted]
        known = np.flatnonzero(np.isfinite(base).all(axis=(1, 2)))
        if len(known):
            row = int(known[-1] if other.start < track.start else known[0])
            pose = base[row].astype(np.float64)
            rows = rows_within(track, start, stop)
            _hold(edit, document, track, rows, wanted, pose)
            return other.start + row
    raise StudioError(
        "this person is in no other shot",
        fix="let the limb stand, sit, or be left out",
    )


def _hold(
    edit: Edit,
    document: Document,
    track: Track,
    rows: slice,
    joints: list[int],
    pose_rad: FloatArray,
) -> None:
    count = int(rows.stop) - int(rows.start)
    held = np.repeat(pose_rad[None], count, axis=0)
    held[np.isnan(track.base_root_m[rows, 0])] = np.nan
    rewrite_base(
        edit,
        document,
        track,
        rows=rows,
        joints=joints,
        joints_rad=held,
        source=Source.FILLED,
    )


def _turn(bones: Skeleton, joint: int, posture: Posture) -> FloatArray:
    name = bones.joint_names[joint]
    turn = _POSTURES[posture].get(name.rpartition("_")[2], (0.0, 0.0, 0.0))
    return np.array(turn) * (_MIRROR if name.startswith("right_") else 1.0)
