"""Feet that stand where they stand: contacts found, and legs that keep to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.mark import Mark
from hpe_studio.core.skeleton import Skeleton, skeleton
from hpe_studio.core.specs import EditSpec
from hpe_studio.core.track import Source, Track
from hpe_studio.edits.rebase import rewrite_base, rows_within
from hpe_studio.edits.stretch import Stretch
from hpe_studio.motion.contacts import NOISY_HEEL, NOISY_TOES, contacts
from hpe_studio.motion.ik import Effector, Limb, solve
from hpe_studio.motion.interpolation import smoothstep
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.prior import pose_prior
from hpe_studio.motion.rotations import compose, inverse
from hpe_studio.posing.posed import Poser
from hpe_studio.posing.resolve import Motion, resolve

SIDES = ("left", "right")
_BLEND_FRAMES = 5
_CALM_S = 0.06
_PELVIS_S = 0.15
_LEG = {"hip": 1.0, "knee": 0.7, "ankle": 1.5}
_TOE_RADIUS_M = 0.02
_WORTH_M = 0.002


CONTACTS_SPEC = EditSpec(id="find_contacts", label="Find foot contacts")
LOCK_SPEC = EditSpec(id="lock_feet", label="Lock feet")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Hold:
    """A joint that stands over a range of rows.

    Attributes:
        joint: Its index.
        start, stop: Rows of the track.
        place_m: Where it stands in the scene, shape (3,).
    """

    joint: int
    start: int
    stop: int
    place_m: FloatArray

    def weights(self, count: int) -> FloatArray:
        """1 while it stands, fading over five rows on either side, (rows,)."""
        rows = np.arange(count)
        away = np.maximum(np.maximum(self.start - rows, rows - self.stop + 1), 0)
        return smoothstep(np.clip(1 - away / (_BLEND_FRAMES + 1), 0, 1))


def find_contacts(
    edit: Edit, document: Document, poser: Poser, track: Track, start: int, stop: int
) -> int:
    """Mark when heels and toes stand, in place of what was marked on the range.

    Returns:
        Number of contacts found.

    Raises:
        StudioError: If the track is locked or the range lies beside it.
    """
    rows = rows_within(track, start, stop)
    edit.check_unlocked(track.id)
    level = _level_m(document, poser, track)
    _clear(edit, document, track, rows)
    count = 0
    for joint, is_toe in _foot_joints(skeleton(track.skeleton)):
        rule = NOISY_TOES if is_toe else NOISY_HEEL
        fps = float(document.clip.fps)
        stands = contacts(_calm(level[:, joint], fps), rule=rule, fps=fps)
        for first, end in _runs(stands, rows):
            count += 1
            edit.put(
                Mark(
                    id=document.new_id(),
                    track_id=track.id,
                    kind="contact",
                    joints=(joint,),
                    start=track.start + first,
                    stop=track.start + end,
                )
            )
    return count


def lock_feet(
    edit: Edit, document: Document, poser: Poser, track: Track, start: int, stop: int
) -> float:
    """Keep marked heels and toes where they mostly are while they stand.

    The legs follow by inverse kinematics, going over into the motion five frames on
    either side; where a leg is too short the pelvis comes along, slowly.

    Returns:
        The longest way a standing foot still moves, metres.

    Raises:
        StudioError: If the track is locked or the range lies beside it.
    """
    rows = rows_within(track, start, stop)
    edit.check_unlocked(track.id)
    walk = _walk(document, poser, track)
    holds = _holds(document, track, rows, walk.places)
    return _bring(edit, document, walk, rows, holds) if holds else 0.0


def standing(
    document: Document, poser: Poser, track: Track, *, within_m: float
) -> list[Hold]:
    """Marked contacts in which the foot moves no farther than that, and where."""
    if not document.marks_of(track.id, "contact"):
        return []
    places = _walk(document, poser, track).places
    found = _holds(document, track, slice(0, track.frame_count), places)
    return [hold for hold in found if _longest_way_m(places, [hold]) <= within_m]


def keep_standing(
    edit: Edit, document: Document, poser: Poser, stretch: Stretch, holds: list[Hold]
) -> None:
    """Bring feet back to where they stood before something else was written."""
    rows = stretch.rows
    near = [
        replace(h, start=max(h.start, rows.start), stop=min(h.stop, rows.stop))
        for h in holds
        if h.start < rows.stop and rows.start < h.stop
    ]
    if near:
        walk = _walk(document, poser, stretch.track)
        _bring(edit, document, walk, rows, near)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Walk:
    """A track as it moves now, and the legs it moves on."""

    track: Track
    legs: Limb
    motion: Motion

    @property
    def places(self) -> FloatArray:
        """Joints in the scene, shape (rows, joints, 3)."""
        return _places(self.legs, self.motion.joints_rad, self.motion.root_scene_m)


def _walk(document: Document, poser: Poser, track: Track) -> _Walk:
    person = document.persons[track.person_id]
    rest = poser.rest_joints_m(person, track.skeleton)
    motion = resolve(track, document.keys_of(track.id))
    return _Walk(track=track, legs=_legs(skeleton(track.skeleton), rest), motion=motion)


def _bring(
    edit: Edit, document: Document, walk: _Walk, rows: slice, holds: list[Hold]
) -> float:
    """Write the legs with which the feet stand; how far one still moves, metres."""
    track, legs, motion = walk.track, walk.legs, walk.motion
    pose, root = motion.joints_rad, motion.root_scene_m
    solved = _solved(legs, pose, root, holds)
    short = _shortfall_m(legs, solved, root, holds)
    if np.abs(short).max() > _WORTH_M:
        root = root + _slow(short, document)
        solved = _solved(legs, pose, root, holds)
    joints = np.flatnonzero(np.isfinite(legs.stiffness))
    base = track.base_rad[rows].astype(np.float64)[:, joints]
    is_new = np.any(solved[rows] != pose[rows], axis=-1)[:, joints]
    is_new &= np.isfinite(base).all(-1)
    offsets = compose(pose[rows][:, joints], inverse(base))
    wanted = compose(inverse(offsets), solved[rows][:, joints])
    source = track.base_source[rows][:, joints]
    rewrite_base(
        edit,
        document,
        track,
        rows=rows,
        joints=joints.tolist(),
        joints_rad=np.where(is_new[..., None], wanted, base),
        root_m=track.base_root_m[rows] + (root - motion.root_scene_m)[rows],
        source=np.where(is_new, int(Source.FILTERED), source).astype(np.uint8),
    )
    return _longest_way_m(_places(legs, solved, root), holds)


def _solved(
    legs: Limb, pose: FloatArray, root: FloatArray, holds: list[Hold]
) -> FloatArray:
    """The pose with the legs brought to where the feet stand."""
    count = len(pose)
    places = _places(legs, pose, root)
    weights = [hold.weights(count) for hold in holds]
    out = pose.copy()
    for row in range(count):
        asked = [
            Effector(
                joint=hold.joint,
                place_m=(1 - weight[row]) * places[row, hold.joint]
                + weight[row] * hold.place_m,
            )
            for hold, weight in zip(holds, weights, strict=True)
            if weight[row] > 0
        ]
        if asked and np.isfinite(pose[row]).all():
            out[row] = solve(legs, pose[row], root[row], asked).joints_rad
    return out


def _places(legs: Limb, pose: FloatArray, root: FloatArray) -> FloatArray:
    return forward_kinematics(legs.parents, legs.rest_joints_m, pose, root)[0]


def _legs(bones: Skeleton, rest_joints_m: FloatArray) -> Limb:
    prior = pose_prior(bones)
    stiffness = np.full(bones.joint_count, np.inf)
    for side in SIDES:
        for part, value in _LEG.items():
            stiffness[bones.index(f"{side}_{part}")] = value
    return Limb(
        parents=bones.parents,
        rest_joints_m=rest_joints_m,
        stiffness=stiffness,
        root_stiffness=np.inf,
        lower_rad=prior.lower_rad,
        upper_rad=prior.upper_rad,
    )


def _holds(
    document: Document, track: Track, rows: slice, places: FloatArray
) -> list[Hold]:
    """What stands where: the middle of each contact, on the floor of its shot."""
    shot = document.shot_at(track.start)
    up = shot.level_from_scene[1, :3]
    found: list[Hold] = []
    for mark in document.marks_of(track.id, "contact"):
        first = max(mark.start - track.start, rows.start)
        end = min(mark.stop - track.start, rows.stop)
        for joint in mark.joints:
            there = places[first:end, joint]
            there = there[np.isfinite(there).all(1)]
            if len(there):
                place = np.median(there, axis=0)
                found.append(Hold(joint=joint, start=first, stop=end, place_m=place))
    return _on_one_height(found, up)


def _on_one_height(holds: list[Hold], up: FloatArray) -> list[Hold]:
    """Contacts of one joint at the height they mostly have: a floor is flat."""
    out: list[Hold] = []
    for hold in holds:
        mine = [float(h.place_m @ up) for h in holds if h.joint == hold.joint]
        rise = float(np.median(mine)) - float(hold.place_m @ up)
        rise = float(np.clip(rise, -_TOE_RADIUS_M, _TOE_RADIUS_M))
        out.append(replace(hold, place_m=hold.place_m + rise * up))
    return out


def _shortfall_m(
    legs: Limb, solved: FloatArray, root: FloatArray, holds: list[Hold]
) -> FloatArray:
    """How far the feet stay off where they stand, meaned over them, (rows, 3)."""
    places = _places(legs, solved, root)
    total, weight = np.zeros_like(root), np.full(len(root), 1e-9)
    for hold in holds:
        w = np.zeros(len(root))
        w[hold.start : hold.stop] = 1.0
        total += np.nan_to_num(w[:, None] * (hold.place_m - places[:, hold.joint]))
        weight += w
    return total / weight[:, None]


def _slow(short_m: FloatArray, document: Document) -> FloatArray:
    ndimage: Any = import_module("scipy.ndimage")
    sigma = _PELVIS_S * float(document.clip.fps)
    return ndimage.gaussian_filter1d(short_m, sigma, axis=0)


def _longest_way_m(places: FloatArray, holds: list[Hold]) -> float:
    ways = [
        float(np.linalg.norm(np.ptp(places[h.start : h.stop, h.joint], axis=0)))
        for h in holds
    ]
    return max(ways, default=0.0)


def _level_m(document: Document, poser: Poser, track: Track) -> FloatArray:
    shot = document.shot_at(track.start)
    return shot.to_level(poser.joints_of(track.id))


def _calm(place_m: FloatArray, fps: float) -> FloatArray:
    """Without the tremble of an estimate, so that it breaks no contact in pieces."""
    ndimage: Any = import_module("scipy.ndimage")
    known = np.logical_and.reduce(np.isfinite(place_m), axis=1)
    if known.sum() < 3:
        return place_m
    rows = np.arange(len(place_m))
    whole = np.empty_like(place_m)
    for axis in range(3):
        whole[:, axis] = np.interp(rows, rows[known], place_m[known, axis])
    calm = ndimage.gaussian_filter1d(whole, _CALM_S * fps, axis=0, mode="nearest")
    return np.where(known[:, None], calm, np.nan)


def _foot_joints(bones: Skeleton) -> list[tuple[int, bool]]:
    """Joint and whether it is the toes, for both feet."""
    return [
        (bones.index(f"{side}_{name}"), name == "foot")
        for side in SIDES
        for name in ("ankle", "foot")
    ]


def _clear(edit: Edit, document: Document, track: Track, rows: slice) -> None:
    for mark in document.marks_of(track.id, "contact"):
        first, end = mark.start - track.start, mark.stop - track.start
        if first < rows.stop and end > rows.start:
            edit.remove(mark)


def _runs(stands: BoolArray, rows: slice) -> list[tuple[int, int]]:
    inside = np.zeros_like(stands)
    inside[rows] = stands[rows]
    edges = np.diff(np.concatenate([[0], inside.view(np.int8), [0]]))
    return list(
        zip(
            np.flatnonzero(edges == 1).tolist(),
            np.flatnonzero(edges == -1).tolist(),
            strict=True,
        )
    )
