"""Who is who in ROMP's rows, where their joints are, and how long their bones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.skeleton import skeleton
from hpe_studio.formats.linking import MAX_MISSED, Place, link_frames
from hpe_studio.formats.romp_frames import RompRows
from hpe_studio.formats.smpl_results import RestJoints, rest_from_posed_m

_SPIN_49, _SPIN_MID_HIP = 49, 8
_PERSON_M = 1.7
_DEPTH_SHARE = 0.3  # depth from one camera trembles; it counts less

_BEV_HIPS = [45, 46]
_AT_MIDDLE_M = 1e-3


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Posed:
    """Joints of all rows relative to the translation.

    Attributes:
        joints_m: SMPL's 24, shape (rows, 24, 3), or None.
        pelvis_m: Shape (rows, 3), or None.
        is_centred: True where the hips' middle was taken off (BEV).
    """

    joints_m: FloatArray | None
    pelvis_m: FloatArray | None
    is_centred: bool


def posed_on(rows: RompRows) -> Posed:
    """What the rows' joints say: 24, 45, 54 or 71 begin with SMPL's, 49 are SPIN's.

    Source: joint lists of simple_romp (`romp/utils.py`) and SPIN (`constants.py`).
    """
    joints = rows.get("joints")
    if joints is None:
        return Posed(joints_m=None, pelvis_m=None, is_centred=rows.is_bev)
    count = joints.shape[1]
    if count == _SPIN_49:
        pelvis = joints[:, _SPIN_MID_HIP]
        return Posed(joints_m=None, pelvis_m=pelvis, is_centred=False)
    if count < 24:
        raise ValueError(f"{count} joints are none of ROMP's sets")
    centred = rows.is_bev
    if count > max(_BEV_HIPS):
        middle = joints[:, _BEV_HIPS].mean(axis=1)
        centred = bool(np.abs(middle).max(initial=0) < _AT_MIDDLE_M)
    return Posed(joints_m=joints[:, :24], pelvis_m=joints[:, 0], is_centred=centred)


def rest_of(
    posed: Posed,
    pose: FloatArray,
    mine: IntArray,
    fallback: RestJoints,
    betas: FloatArray,
) -> FloatArray:
    """Rest joints of one person, shape (24, 3).

    Args:
        posed: Of all rows.
        pose: Of all rows, shape (rows, 24, 3), in the camera's axes.
        mine: The person's rows.
        fallback: Where there are no joints.
        betas: Of all rows.
    """
    if posed.joints_m is None:
        return np.median(fallback.of(betas[mine]), axis=0)
    parents = skeleton("smpl24").parents
    rest = rest_from_posed_m(parents, pose[mine], posed.joints_m[mine])
    if posed.is_centred:
        return rest + fallback.of(betas[mine][:1])[0, 0]
    return rest + np.median(posed.joints_m[mine, 0], axis=0)


def identities(
    rows: RompRows, pelvis_m: FloatArray, warnings: list[str], assumed: list[str]
) -> list[str]:
    """Who each row is: ROMP's own number, or the nearest before.

    One number on two people of a frame stays with the first of them; whoever else
    carries it is somebody of their own.
    """
    ids = rows.get("track_ids")
    if ids is None:
        assumed.append("People without numbers were joined over frames by place")
        return [f"{person}" for person in _linked(rows.frames, pelvis_m)]
    seen: dict[tuple[int, int], int] = defaultdict(int)
    found: list[str] = []
    for frame, number in zip(rows.frames.tolist(), ids[:, 0].tolist(), strict=True):
        key = (frame, int(number))
        seen[key] += 1
        again = "" if seen[key] == 1 else f" ({seen[key]})"
        found.append(f"{int(number)}{again}")
    doubled = sum(1 for count in seen.values() if count > 1)
    if doubled:
        warnings.append(f"Two people have the same number on {doubled} of the frames")
    return found


def _linked(frames: IntArray, pelvis_m: FloatArray) -> IntArray:
    """Somebody's number for each row, by the nearest place before."""
    scaled = pelvis_m * np.array([1.0, 1.0, _DEPTH_SHARE])
    known, first = np.unique(frames, return_index=True)
    groups: list[list[Place]] = []
    places: list[int] = []
    ends = [*first[1:].tolist(), len(frames)]
    last = None
    for frame, start, stop in zip(known.tolist(), first.tolist(), ends, strict=True):
        missed = 0 if last is None else frame - last - 1
        groups += [[]] * min(missed, MAX_MISSED + 1)
        places.append(len(groups))
        groups.append([(scaled[row], _PERSON_M) for row in range(start, stop)])
        last = frame
    out = np.zeros(len(frames), dtype=np.int64)
    for person, found in enumerate(link_frames(groups)):
        rows_ = found[places]
        out[(first + rows_)[rows_ >= 0]] = person
    unknown = ~np.isfinite(scaled).all(axis=1)
    out[unknown] = -1
    return out
