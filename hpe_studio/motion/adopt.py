"""Motion of a foreign skeleton, by joint names, as motion of a body's joints."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.resources import resource_path
from hpe_studio.core.skeleton import Skeleton
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.rotations import rotvec_from_matrix

_SPINE = ("spine1", "spine2", "spine3")
_ENDS = ("left_hand", "right_hand", "left_foot", "right_foot")
_LEFT_NEXT = {
    "left_hip": "left_knee",
    "left_knee": "left_ankle",
    "left_ankle": "left_foot",
    "left_collar": "left_shoulder",
    "left_shoulder": "left_elbow",
    "left_elbow": "left_wrist",
}
_NEXT = _LEFT_NEXT | {
    "right" + a.removeprefix("left"): "right" + b.removeprefix("left")
    for a, b in _LEFT_NEXT.items()
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Adopted:
    """A foreign motion on a body.

    Attributes:
        joints_rad: Parent-space rotations of the body, shape (frames, joints, 3).
        root_m: Its root joint, shape (frames, 3).
        betas: The body's mean shape.
        scale: Its size, from the lengths of the limbs.
        unknown: Foreign joints that nothing was taken from.
    """

    joints_rad: FloatArray
    root_m: FloatArray
    betas: FloatArray
    scale: float
    unknown: tuple[str, ...]


def joint_mapping(source: Skeleton, target: Skeleton) -> dict[str, int]:
    """Which foreign joint stands for which of the body's, by name.

    Names of the body itself count first, then the aliases of common rigs (Mixamo, CMU,
    SMPL for Unity, Unreal, Biped). The spine's joints are spread over whatever lies
    between pelvis and neck.
    """
    if set(target.joint_names) <= set(source.joint_names):
        return {name: source.index(name) for name in target.joint_names}
    plain = [_plain(name) for name in source.joint_names]
    mapping: dict[str, int] = {}
    for name, aliases in _aliases().items():
        known = [a for a in (*aliases, _plain(name)) if a in plain]
        free = [a for a in known if plain.index(a) not in mapping.values()]
        if free and name in target.joint_names:
            mapping[name] = plain.index(free[0])
    for side in ("left", "right"):  # "L_Foot" is a toe only where an ankle is too
        toe = mapping.get(f"{side}_foot")
        if toe is not None and toe == mapping.get(f"{side}_ankle"):
            del mapping[f"{side}_foot"]
    if "pelvis" in mapping and "neck" in mapping:
        between = _path(source, mapping["pelvis"], mapping["neck"])[1:-1]
        used = set(mapping.values())
        free_spine = [j for j in between if j not in used]
        mapping |= dict(zip(_SPINE, _spread(free_spine, len(_SPINE)), strict=False))
    return mapping


def adopt(
    source: Skeleton,
    rest_joints_m: FloatArray,
    joints_rad: FloatArray,
    root_m: FloatArray,
    target: JointModel,
) -> Adopted:
    """Carry a motion over to a body with another skeleton and rest pose.

    Each bone of the body points where the foreign bone points. Directions at rest may
    differ (A-pose, facing): world rotations are corrected by what turns the body's
    rest bone into the foreign one (spec "Retargeting").

    Args:
        source: The foreign skeleton; its rest pose has identity rotations.
        rest_joints_m: Its rest joints, shape (source joints, 3).
        joints_rad: Its motion, shape (frames, source joints, 3); NaN where missing.
        root_m: Its root joint, shape (frames, 3).
        target: The body.

    Raises:
        ValueError: If pelvis, hips or knees cannot be recognised.
    """
    mapping = joint_mapping(source, target.skeleton)
    needed = ("pelvis", "left_hip", "right_hip", "left_knee", "right_knee")
    lacking = [name for name in needed if name not in mapping]
    if lacking:
        raise ValueError(f"no joint stands for the {lacking[0].replace('_', ' ')}")
    betas = np.zeros(target.beta_count)
    scale = _scale(rest_joints_m, target, mapping)
    rest = target.rest_joints_m(betas, scale=scale)
    places, world = forward_kinematics(
        source.parents, rest_joints_m, joints_rad, root_m
    )
    turned = _alignments(target.skeleton, rest, rest_joints_m, mapping)
    wanted: dict[int, FloatArray] = {
        joint: world[:, mapping[name]] @ turned[name]
        for joint, name in enumerate(target.skeleton.joint_names)
        if name in mapping
    }
    joints = _local(target.skeleton, wanted, len(joints_rad))
    hips_m = places[:, [mapping["left_hip"], mapping["right_hip"]]].mean(axis=1)
    hip_rows = [target.skeleton.index("left_hip"), target.skeleton.index("right_hip")]
    below_m = rest[hip_rows].mean(axis=0) - rest[0]
    used = set(mapping.values())
    return Adopted(
        joints_rad=joints,
        root_m=hips_m - wanted[0] @ below_m,
        betas=betas,
        scale=scale,
        unknown=tuple(n for i, n in enumerate(source.joint_names) if i not in used),
    )


def _local(
    skeleton: Skeleton, wanted: dict[int, FloatArray], frames: int
) -> FloatArray:
    """Parent-space rotation vectors of world rotations; the rest follows parents."""
    out = np.zeros((frames, skeleton.joint_count, 3))
    world: list[FloatArray] = []
    for joint, parent in enumerate(skeleton.parents):
        above = np.broadcast_to(np.eye(3), (frames, 3, 3))
        above = above if parent < 0 else world[parent]
        world.append(wanted.get(joint, above))
        out[:, joint] = rotvec_from_matrix(np.swapaxes(above, -1, -2) @ world[joint])
    out[np.isnan(wanted[0]).any(axis=(1, 2))] = np.nan
    return out


def _alignments(
    skeleton: Skeleton,
    rest_m: FloatArray,
    source_rest_m: FloatArray,
    mapping: dict[str, int],
) -> dict[str, FloatArray]:
    """Per joint the rotation from the body's rest bone to the foreign rest bone."""

    def mine(name: str) -> FloatArray:
        return rest_m[skeleton.index(name)]

    def theirs(name: str) -> FloatArray:
        return source_rest_m[mapping[name]]

    facing = _frame(theirs, mapping) @ _frame(mine, mapping).T
    out: dict[str, FloatArray] = {}
    for joint, name in enumerate(skeleton.joint_names):
        if name not in mapping:
            continue
        after = _NEXT.get(name)
        parent = skeleton.joint_names[skeleton.parents[joint]] if joint else ""
        if after in mapping:
            bone = facing @ (mine(after) - mine(name))
            out[name] = _turn_onto(bone, theirs(after) - theirs(name)) @ facing
        elif (name in _ENDS or name.endswith("_wrist")) and parent in out:
            out[name] = out[parent]
        else:
            out[name] = facing
    return out


def _frame(at: Callable[[str], FloatArray], known: dict[str, int]) -> FloatArray:
    """Axes of a rest pose (left, up, forward) from hips and what lies above them."""
    across = at("left_hip") - at("right_hip")
    top = next((n for n in ("neck", "spine3", "spine1", "head") if n in known), None)
    low = 0.5 * (at("left_hip") + at("right_hip"))
    knees = 0.5 * (at("left_knee") + at("right_knee"))
    up = (low - knees) if top is None else at(top) - low
    left = across / np.linalg.norm(across)
    up = up - (up @ left) * left
    up /= np.linalg.norm(up)
    return np.stack([left, up, np.cross(left, up)], axis=1)


def _turn_onto(start: FloatArray, goal: FloatArray) -> FloatArray:
    """The smallest rotation from one direction to another, shape (3, 3)."""
    lengths = np.linalg.norm(start) * np.linalg.norm(goal)
    if lengths < 1e-12:
        return cast("FloatArray", np.eye(3))
    axis: FloatArray = np.cross(start, goal) / lengths
    cosine = float(start @ goal / lengths)
    if cosine < -1 + 1e-9:  # opposite: half a turn about any axis across
        other = np.eye(3)[int(np.argmin(np.abs(start)))]
        side = cast("FloatArray", np.cross(start, other))
        side = side / float(np.linalg.norm(side))
        return 2 * np.outer(side, side) - np.eye(3)
    k = np.array(
        [[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]]
    )
    return np.eye(3) + k + k @ k / (1 + cosine)


def _scale(rest_m: FloatArray, target: JointModel, mapping: dict[str, int]) -> float:
    """Size of the body that gives its limbs the foreign lengths, over all of them.

    Only size: foreign rigs place joints by other rules, so that a shape fitted to
    every bone would be a caricature.
    """
    mine = foreign = 0.0
    for name, after in _NEXT.items():
        if name in mapping and after in mapping and not name.endswith("_collar"):
            skeleton, joints = target.skeleton, target.joints_m
            bone = joints[skeleton.index(after)] - joints[skeleton.index(name)]
            mine += float(np.linalg.norm(bone))
            bone = rest_m[mapping[after]] - rest_m[mapping[name]]
            foreign += float(np.linalg.norm(bone))
    return foreign / mine if mine > 0 and foreign > 0 else 1.0


def _path(skeleton: Skeleton, top: int, bottom: int) -> list[int]:
    """Joints from one down to one of its descendants, both included."""
    path = [bottom]
    while path[-1] >= 0 and path[-1] != top:
        path.append(skeleton.parents[path[-1]])
    return path[::-1] if path[-1] == top else [top, bottom]


def _spread(joints: list[int], count: int) -> list[int]:
    """At most `count` of the joints, evenly chosen, in order."""
    if len(joints) <= count:
        return joints
    places = np.linspace(0, len(joints) - 1, count).round().astype(int)
    return [joints[i] for i in places]


def _plain(name: str) -> str:
    """A joint name in lower case without the rig's prefix and separators."""
    text = name.lower()
    for prefix in _data()["prefixes"]:
        text = text.removeprefix(prefix)
    return "".join(c for c in text if c.isalnum())


@cache
def _aliases() -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for name, aliases in _data()["joints"].items():
        out[name] = tuple(aliases)
        if name.startswith("left_"):
            other = "right_" + name.removeprefix("left_")
            out[other] = tuple(_other_side(a) for a in aliases)
    return out


def _other_side(alias: str) -> str:
    if alias.startswith("left"):
        return "right" + alias.removeprefix("left")
    if alias.startswith("l"):
        return "r" + alias.removeprefix("l")
    return alias.removesuffix("l") + "r"


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    path = resource_path("skeletons/aliases.json")
    return json.loads(path.read_text(encoding="utf-8"))
