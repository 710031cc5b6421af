"""MakeHuman's rig in SMPL's terms: rest pose, joints and skinning weights.

The rest directions, the trunk's lean and the spine's fractions were chosen so that the
joints come to lie near those of a common T-pose; they are the project's own numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SCALE = 0.97  # MakeHuman's neutral adult is taller than the mean adult

_BODY = [
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2",
    "left_ankle", "right_ankle", "spine3", "left_foot", "right_foot", "neck",
    "left_collar", "right_collar", "head", "left_shoulder", "right_shoulder",
    "left_elbow", "right_elbow", "left_wrist", "right_wrist",
]  # fmt: skip
_BODY_PARENTS = (
    -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19,
)  # fmt: skip
_FINGERS = {"index": 2, "middle": 3, "pinky": 5, "ring": 4, "thumb": 1}
JOINT_NAMES = [
    *_BODY, "jaw", "left_eye_smplhf", "right_eye_smplhf",
    *(f"{s}_{f}{k}" for s in ("left", "right") for f in _FINGERS for k in (1, 2, 3)),
]  # fmt: skip
JOINT_PARENTS = [*_BODY_PARENTS, 15, 15, 15]
for _wrist in (20, 21):
    for _ in _FINGERS:
        JOINT_PARENTS += [_wrist, len(JOINT_PARENTS), len(JOINT_PARENTS) + 1]

EXPRESSIONS = {
    "jaw_open": ["jawOpen"],
    "smile": ["mouthSmileLeft", "mouthSmileRight"],
    "brows_up": ["browInnerUp", "browOuterUpLeft", "browOuterUpRight"],
    "blink": ["eyeBlinkLeft", "eyeBlinkRight"],
    "pucker": ["mouthPucker"],
    "frown": ["mouthFrownLeft", "mouthFrownRight"],
    "brows_down": ["browDownLeft", "browDownRight"],
    "cheek_puff": ["cheekPuff"],
    "nose_sneer": ["noseSneerLeft", "noseSneerRight"],
    "mouth_stretch": ["mouthStretchLeft", "mouthStretchRight"],
}

# Bone: the bone its head is turned towards, and the direction on the left side.
_LIMBS = {
    "upperarm01": ("lowerarm01", (1, -0.04, -0.10)),
    "lowerarm01": ("wrist", (1, 0.03, 0)),
    "upperleg01": ("lowerleg01", (0.05, -1, -0.01)),
    "lowerleg01": ("foot", (-0.03, -1, -0.10)),
    "foot": ("toe3-1", (0.20, -0.42, 0.90)),
    "metacarpal1": ("finger2-1", (1, -0.02, 0.16)),
    "metacarpal2": ("finger3-1", (1, 0, 0)),
    "metacarpal3": ("finger4-1", (1, -0.01, -0.14)),
    "metacarpal4": ("finger5-1", (1, -0.04, -0.28)),
    "finger1-1": ("finger1-2", (0.75, -0.30, 0.58)),
    "finger1-2": ("finger1-3", (0.80, -0.15, 0.58)),
    "finger1-3": (None, (0.84, -0.12, 0.53)),
    "finger2-1": ("finger2-2", (1, -0.05, 0.12)),
    "finger2-2": ("finger2-3", (1, -0.07, 0.10)),
    "finger2-3": (None, (1, -0.08, 0.08)),
    "finger3-1": ("finger3-2", (1, -0.05, 0)),
    "finger3-2": ("finger3-3", (1, -0.07, 0)),
    "finger3-3": (None, (1, -0.08, 0)),
    "finger4-1": ("finger4-2", (1, -0.06, -0.10)),
    "finger4-2": ("finger4-3", (1, -0.07, -0.10)),
    "finger4-3": (None, (1, -0.08, -0.09)),
    "finger5-1": ("finger5-2", (1, -0.07, -0.24)),
    "finger5-2": ("finger5-3", (1, -0.08, -0.22)),
    "finger5-3": (None, (1, -0.09, -0.20)),
}
_LEAN_DEG = {"spine04": -2.5, "spine02": -2.5, "spine01": -2.0, "neck01": 7.0}
_SHRUG_DEG = {"clavicle": 8.0, "shoulder01": 14.0}
_SPINE = (
    "root", "spine04", "spine03", "spine02", "spine01", "neck01", "neck02", "neck03",
    "head",
)  # fmt: skip


@dataclass(frozen=True)
class Rig:
    """MakeHuman's bones: names, parents, and dense skinning weights (V, bones)."""

    names: list[str]
    parents: list[int]
    weights: np.ndarray

    @classmethod
    def of(cls, raw: dict[str, np.ndarray]) -> Rig:
        """The rig out of stage 1's arrays."""
        count = raw["bone_indices"].shape[0]
        dense = np.zeros((count, len(raw["bone_names"])))
        for share, bone in zip(
            raw["bone_weights"].T, raw["bone_indices"].T, strict=True
        ):
            np.add.at(dense, (np.arange(count), bone), share)
        return cls(
            names=raw["bone_names"].tolist(),
            parents=raw["bone_parents"].tolist(),
            weights=dense / dense.sum(1, keepdims=True),
        )


def to_smpl_axes(points: np.ndarray) -> np.ndarray:
    """Z up, facing -Y to Y up, facing +Z; the person's left stays +X."""
    return SCALE * np.stack([points[..., 0], points[..., 2], -points[..., 1]], -1)


def _about(axis: int, angle_deg: float) -> np.ndarray:
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    j, k = (axis + 1) % 3, (axis + 2) % 3
    out = np.eye(3)
    out[j, j] = out[k, k] = c
    out[j, k], out[k, j] = -s, s
    return out


def _aligning(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smallest rotation that turns direction a to direction b."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    x, y, z = np.cross(a, b)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + cross + cross @ cross / (1 + a @ b)


def t_posed(
    rig: Rig, vertices: np.ndarray, heads: np.ndarray
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Vertices and bone heads (by name) of one person, turned into the T-pose."""
    count = len(rig.names)
    turns, places = np.zeros((count, 3, 3)), np.zeros((count, 3))
    for b, parent in enumerate(rig.parents):
        above = np.eye(3) if parent < 0 else turns[parent]
        if parent < 0:
            places[b] = heads[b]
        else:
            places[b] = places[parent] + above @ (heads[b] - heads[parent])
        turns[b] = _bone_turn(rig, heads, b, above) @ above
    shift = places - np.einsum("bij,bj->bi", turns, heads)
    rows = np.concatenate([turns, shift[..., None]], -1).reshape(count, 12)
    blended = (rig.weights @ rows).reshape(-1, 3, 4)
    posed = np.einsum("vij,vj->vi", blended[..., :3], vertices) + blended[..., 3]
    return posed, dict(zip(rig.names, places, strict=True))


def _bone_turn(rig: Rig, heads: np.ndarray, b: int, above: np.ndarray) -> np.ndarray:
    """What a bone turns by, in world axes, beyond its parent's turn."""
    base, _, letter = rig.names[b].partition(".")
    side = 1.0 if letter == "L" else -1.0
    mirror = np.array([side, 1, 1])
    if base in _SHRUG_DEG:
        return _about(2, side * _SHRUG_DEG[base])
    if base in _LEAN_DEG:
        return _about(0, _LEAN_DEG[base])
    if base not in _LIMBS:
        return np.eye(3)
    child, direction = _LIMBS[base]
    goal = np.array(direction, float) * mirror
    if child is None:  # a finger's last bone goes on from the one before
        before = _LIMBS[rig.names[rig.parents[b]].partition(".")[0]][1]
        return _aligning(np.array(before, float) * mirror, goal)
    tip = heads[rig.names.index(f"{child}.{letter}")] - heads[b]
    return _aligning(above @ tip, goal)


def joints_of(at: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """SMPL's joints out of posed bone heads: 55 of SMPL-X, then the two hands."""
    spine = np.array([at[name] for name in _SPINE])
    hips = (at["upperleg01.L"] + at["upperleg01.R"]) / 2
    rise = at["head"][1] - hips[1]

    def trunk(fraction: float, forward: float = 0.0) -> np.ndarray:
        y = hips[1] + fraction * rise
        return np.array([0, y, np.interp(y, spine[:, 1], spine[:, 2]) + forward])

    found = {
        "pelvis": np.array([0, hips[1] + 0.125 * rise, hips[2] + rise / 120]),
        "spine1": trunk(0.285),
        "spine2": trunk(0.475),
        "spine3": trunk(0.57, 0.01),
        "neck": trunk(0.88),
        "head": at["head"] * np.array([0, 1, 1]),
        "jaw": at["jaw"],
    }
    for side, letter in (("left", "L"), ("right", "R")):
        found |= _side_joints(at, side, letter)
    order = [*JOINT_NAMES, "left_hand", "right_hand"]
    return {name: found[name] for name in order}


def _side_joints(
    at: dict[str, np.ndarray], side: str, letter: str
) -> dict[str, np.ndarray]:
    def bone(name: str) -> np.ndarray:
        return at[f"{name}.{letter}"]

    found = {
        # SMPL's hips lie further inside than the anatomical joint.
        "hip": bone("upperleg01") * np.array([0.80, 1, 1]) - np.array([0, 0.01, 0]),
        "knee": bone("lowerleg01"),
        "ankle": bone("foot"),
        "foot": sum(bone(f"toe{k}-1") for k in (1, 2, 3, 4)) / 4,
        "collar": 0.3 * bone("clavicle") + 0.7 * bone("shoulder01"),
        "shoulder": bone("upperarm01"),
        "elbow": bone("lowerarm01"),
        "wrist": bone("wrist"),
        "eye_smplhf": bone("eye"),
        "hand": 0.25 * bone("wrist")
        + 0.75 * sum(bone(f"finger{k}-1") for k in (2, 3, 4, 5)) / 4,
    }
    for finger, number in _FINGERS.items():
        for k in (1, 2, 3):
            found[f"{finger}{k}"] = bone(f"finger{number}-{k}")
    return {f"{side}_{name}": place for name, place in found.items()}


_PREFIXES = {
    "upperleg": "hip", "lowerleg": "knee", "foot": "ankle", "toe": "foot",
    "clavicle": "collar", "shoulder": "collar", "upperarm": "shoulder",
    "lowerarm": "elbow", "wrist": "wrist", "metacarpal": "wrist",
}  # fmt: skip
_TRUNK_PREFIXES = ("root", "pelvis", "spine", "breast", "neck01")


def _joint_of_bone(bone: str) -> str:
    """The joint that takes over a bone's weights; "trunk" is split by height."""
    base, _, letter = bone.partition(".")
    side = "left" if letter == "L" else "right"
    for prefix, joint in _PREFIXES.items():
        if base.startswith(prefix):
            return f"{side}_{joint}"
    if base.startswith("finger"):
        finger = {number: name for name, number in _FINGERS.items()}[int(base[6])]
        return f"{side}_{finger}{base[8]}"
    if base.startswith(_TRUNK_PREFIXES):
        return "trunk"
    named = {"eye": f"{side}_eye_smplhf", "neck02": "neck", "neck03": "neck"}
    return named.get(base, "head")


def joint_weights(
    rig: Rig, template: np.ndarray, joints: dict[str, np.ndarray]
) -> np.ndarray:
    """Skinning weights on the 55 joints, shape (V, 55), rows sum to 1."""
    below_jaw = {rig.names.index("jaw")}
    for b, parent in enumerate(rig.parents):
        if parent in below_jaw:
            below_jaw.add(b)
    weights, trunk = (
        np.zeros((len(template), len(JOINT_NAMES))),
        np.zeros(len(template)),
    )
    for b, bone in enumerate(rig.names):
        joint = "jaw" if b in below_jaw else _joint_of_bone(bone)
        if joint == "trunk":
            trunk += rig.weights[:, b]
        else:
            weights[:, JOINT_NAMES.index(joint)] += rig.weights[:, b]
    # The trunk passes from joint to joint over a band around each pivot.
    passed = np.ones(len(template))
    below = "pelvis"
    for joint, band_m in (
        ("spine1", 0.13),
        ("spine2", 0.10),
        ("spine3", 0.10),
        ("neck", 0.06),
    ):
        x = np.clip((template[:, 1] - joints[joint][1]) / band_m + 0.5, 0, 1)
        above = np.minimum(x * x * (3 - 2 * x), passed)
        weights[:, JOINT_NAMES.index(below)] += trunk * (passed - above)
        below, passed = joint, above
    weights[:, JOINT_NAMES.index(below)] += trunk * passed
    return weights / weights.sum(1, keepdims=True)


def relaxed_hand() -> tuple[np.ndarray, np.ndarray]:
    """A slight curl of the four fingers, left and right, 45 numbers each."""
    left = np.zeros((15, 3), np.float32)
    left[:12, 2] = np.tile([-0.25, -0.35, -0.25], 4)
    return left.ravel(), (left * [1, -1, -1]).astype(np.float32).ravel()
