"""Rotations of an unknown file as people of the SMPL family."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from hpe_studio.body.open_body import open_body
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import PersonMotion
from hpe_studio.core.pointsets import known_set
from hpe_studio.core.skeleton import skeleton_for
from hpe_studio.formats.generic_kinds import ROTATING, Kind
from hpe_studio.formats.generic_points import Choices, Guess
from hpe_studio.formats.generic_tree import Track
from hpe_studio.formats.guessing import AXES, UNITS_M, guess_axes
from hpe_studio.formats.rotation_orders import (
    FOUR,
    SIX,
    order_of_four,
    order_of_six,
    rotvec_of_four,
    rotvec_of_six,
)
from hpe_studio.formats.smpl_results import PersonRows, mean_betas, runs_of, turned
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.rotations import rotvec_from_matrix

_PLACE = re.compile(
    r"(?:\w+_)?(?:trans|transl|translation|trans_world|position)s?$|th$|pelvis$|root$"
)
_PELVIS = re.compile(r"(?:\w+_)?(?:pelvis|root|root_pos\w*|root_position)$")
_TURN = re.compile(r"(?:\w+_)?(?:global_orient|root_orient|root_pose|root_rot\w*|rh)$")
_BETAS = re.compile(r"(?:\w+_)?(?:betas?|shapes?)$")
_SETS = {24: "smpl24", 52: "smplh52", 55: "smplx55"}
_BODIES = {24: "smpl", 52: "smplh", 55: "smplx"}
_SIX_TEXT = {
    "columns": "two columns of its matrix",
    "rows": "two rows of its matrix",
    "interleaved": "the first two columns row by row",
}
_METRES_UP_TO, _CENTIMETRES_UP_TO = 60.0, 2000.0


def read_rotations(
    tracks: Sequence[Track], key: str, kind: Kind, choices: Choices
) -> tuple[tuple[PersonMotion, ...], tuple[Guess, ...]]:
    """People with rotations in scene axes, and what was guessed.

    Raises:
        ValueError: If rows do not fit each other.
    """
    guesses: list[Guess] = []
    order = _order(tracks, key, kind, choices.order, guesses)
    posed = [_joints_rad(track, key, kind, order) for track in tracks]
    places = [_found(track.arrays, _PLACE, 3) for track in tracks]
    factor = _metres(places, choices.unit, guesses)
    joints = posed[0].shape[1]
    rest = open_body(joints).joint_model.joints_m
    turn = _turn(posed, joints, rest, choices.axes, guesses)
    sentence = (
        "bone lengths and the pelvis above SMPL's origin are those of the open body's "
        "mean shape"
    )
    guesses.append(Guess(option="", value="", others=(), sentence=sentence))
    people: list[PersonMotion] = []
    for number, (track, pose) in enumerate(zip(tracks, posed, strict=True), start=1):
        root = _root(track, len(pose), rest[0], factor)
        rows = PersonRows(
            name=f"Person {number}",
            person_id=track.identity,
            frames=track.frames,
            joints_rad=turned(pose, turn),
            root_scene_m=root @ turn.T,
            rest_joints_m=rest,
            betas=_betas(track),
            body=_BODIES[joints],
        )
        people += runs_of(rows)
    return tuple(people), tuple(guesses)


def can_rotate(track: Track, key: str, kind: Kind) -> bool:
    """Whether the rotations are whole: with a root, here or in an array of its own."""
    if kind.count not in ROTATING or key not in track.arrays:
        return False
    return kind.count in (22, *_SETS) or _root_turn(track) is not None


def _order(
    tracks: Sequence[Track], key: str, kind: Kind, wanted: str, guesses: list[Guess]
) -> str:
    """How the numbers of a rotation stand; "" where there is one way only.

    Raises:
        StudioError: If what is wanted is no order of so many numbers.
    """
    known = {"sixes": SIX, "quaternions": FOUR}.get(kind.what, ())
    if wanted != "auto":
        if known and wanted not in known:
            raise StudioError(
                f"{kind.text} have no order {wanted}", fix=f"use {', '.join(known)}"
            )
        return wanted
    if not known:
        return ""
    rows = np.concatenate([track.arrays[key] for track in tracks])
    rows = rows.reshape(len(rows), kind.count, -1)
    if known is FOUR:
        order = order_of_four(rows)
        last = "last" if order == "xyzw" else "first"
        sentence = f"w stands {last} in quaternions ({order}), as it is the largest"
    else:
        is_rootless = kind.count in (21, 23)
        order, why = order_of_six(rows, first_joint=int(is_rootless))
        sentence = f"six numbers of a rotation are {_SIX_TEXT[order]}, told by {why}"
    others = tuple(name for name in known if name != order)
    guesses.append(Guess(option="order", value=order, others=others, sentence=sentence))
    return order


def _joints_rad(track: Track, key: str, kind: Kind, order: str) -> FloatArray:
    """Rotation vectors of a whole skeleton, shape (frames, 24, 52 or 55, 3)."""
    array = track.arrays[key]
    pose = _as_rotvecs(array.reshape(len(array), kind.count, -1), kind.what, order)
    if kind.count in (21, 23):
        root = _root_turn(track, order)
        first = np.zeros((len(pose), 1, 3)) if root is None else root[:, None]
        pose = np.concatenate([first, pose], axis=1)
    whole = pose.shape[1] if pose.shape[1] in _SETS else 24
    out = np.zeros((len(pose), whole, 3))
    out[:, : pose.shape[1]] = pose
    out[np.isnan(pose).any(axis=(1, 2))] = np.nan
    return out


def _as_rotvecs(values: FloatArray, what: str, order: str) -> FloatArray:
    if what == "matrices":
        return rotvec_from_matrix(values.reshape(*values.shape[:2], 3, 3))
    if what == "sixes":
        return rotvec_of_six(values, order)
    return rotvec_of_four(values, order) if what == "quaternions" else values


def _root_turn(track: Track, order: str = "columns") -> FloatArray | None:
    """The root's rotation where it is an array of its own, shape (frames, 3)."""
    for name, array in track.arrays.items():
        if not _TURN.match(name.rsplit("/", 1)[-1].lower()):
            continue
        if array[0].size == 3:
            return array.reshape(-1, 3)
        if array[0].size == 9:
            return rotvec_from_matrix(array.reshape(-1, 3, 3))
        if array[0].size == 6 and order:
            return rotvec_of_six(array.reshape(-1, 6), order)
    return None


def _found(
    arrays: Mapping[str, FloatArray], name: re.Pattern[str], size: int
) -> FloatArray | None:
    for key, array in arrays.items():
        is_named = name.match(key.rsplit("/", 1)[-1].lower())
        if is_named and array.ndim > 1 and array[0].size == size:
            return array.reshape(-1, size)
    return None


def _root(track: Track, count: int, pelvis_m: FloatArray, factor: float) -> FloatArray:
    """The pelvis joint in the file's axes, metres, shape (frames, 3)."""
    pelvis = _found(track.arrays, _PELVIS, 3)
    if pelvis is not None:
        return pelvis * factor
    place = _found(track.arrays, _PLACE, 3)
    return (
        np.zeros((count, 3)) + pelvis_m if place is None else place * factor + pelvis_m
    )


def _betas(track: Track) -> FloatArray:
    for arrays in (track.constants, track.arrays):
        for key, array in arrays.items():
            if _BETAS.match(key.rsplit("/", 1)[-1].lower()) and array.size:
                return mean_betas(array.reshape(-1, array.shape[-1]))
    return np.zeros(0)


def _metres(
    places: Sequence[FloatArray | None], wanted: str, guesses: list[Guess]
) -> float:
    if wanted in UNITS_M:
        return UNITS_M[wanted]
    known = [p for p in places if p is not None and np.isfinite(p).any()]
    if not known:
        sentence = "the file says no place; people stay where they are"
        guesses.append(Guess(option="", value="", others=(), sentence=sentence))
        return 1.0
    largest = float(np.nanmax(np.abs(np.concatenate(known))))
    far = "cm" if largest <= _CENTIMETRES_UP_TO else "mm"
    unit = "m" if largest <= _METRES_UP_TO else far
    others = tuple(n for n in UNITS_M if n != unit)
    sentence = f"places are in {unit}"
    guesses.append(Guess(option="unit", value=unit, others=others, sentence=sentence))
    return UNITS_M[unit]


def _turn(
    posed: Sequence[FloatArray],
    joints: int,
    rest_m: FloatArray,
    wanted: str,
    guesses: list[Guess],
) -> FloatArray:
    """What takes the file's axes to the scene's, by how the bodies stand."""
    if wanted != "auto":
        return AXES[wanted]
    bones = skeleton_for(joints)
    places, _ = forward_kinematics(
        bones.parents, rest_m, np.concatenate(posed), np.zeros(3)
    )
    best, _ = guess_axes(places, known_set(_SETS[joints]))
    others = tuple(name for name in AXES if name != best)
    sentence = f"the axes are {best}, told by how people stand"
    guesses.append(Guess(option="axes", value=best, others=others, sentence=sentence))
    return AXES[best]
