"""What gives way when a joint is dragged: the body as a hand takes hold of it.

A wrist takes the arm along, the spine only when the arm is stretched out; an ankle its
leg; head and neck bend the spine; the pelvis, the hips and the lowest of the spine move
the whole body while the feet stay. Pinned joints stay, and lend the whole body when
they or the dragged joint would otherwise miss their place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.skeleton import Skeleton
from hpe_studio.motion.ik import Effector, Limb, Reached, solve
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.prior import PosePrior, pose_prior

_LIMBS = {
    "collar": 4.0,
    "shoulder": 1.0,
    "elbow": 1.0,
    "wrist": 0.8,
    "hip": 1.0,
    "knee": 0.7,
    "ankle": 1.5,
    "neck": 1.0,
    "head": 1.0,
}
_FINGER = 0.5
_SPINE = {"spine1": 4.0, "spine2": 3.0, "spine3": 3.0}
_TURNED_PELVIS, _LIGHT_ROOT, _HEAVY_ROOT = 8.0, 0.1, 2.0
_LOOK = {"head": 0.8, "neck": 1.0, "spine3": 5.0, "spine2": 6.0, "spine1": 8.0}
_FEET = ("left_ankle", "right_ankle")
_MISSED_M = 5e-4
_FIRM = 0.5
_GIVES_IN = 0.03


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A joint that stays where it is.

    Attributes:
        joint: Its index.
        keeps_turn: Whether it keeps its rotation in the scene too.
    """

    joint: int
    keeps_turn: bool = False


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Rig:
    """A posed body that a hand can take hold of.

    Attributes:
        bones: Its joints.
        rest_joints_m: Rest joints, shape (joints, 3), metres.
        joints_rad: The pose it starts in, rotation vectors, shape (joints, 3).
        root_m: Place of the pelvis in the scene, shape (3,).
        pins: What stays.
    """

    bones: Skeleton
    rest_joints_m: FloatArray
    joints_rad: FloatArray
    root_m: FloatArray
    pins: tuple[Held, ...] = ()


def pulled(rig: Rig, asked: Effector) -> Reached:
    """The pose in which a joint is where a hand drags it.

    Along axes of the effector whose weight is small the joint goes where it costs
    least (depth, where only the picture is known). What cannot be reached is
    approached; pins stay all the same.

    Args:
        rig: The body as the drag found it.
        asked: The dragged joint with its place.
    """
    holds = _holds(rig, asked.joint)
    moves_root = _moves_root(rig.bones, asked.joint)
    gives = _whole(rig, asked.joint) if moves_root else _own(rig.bones, asked.joint)
    root = _LIGHT_ROOT if moves_root else np.inf
    near = _by_limb(rig, gives, root, asked, holds)
    if _miss_m(asked, near) > _MISSED_M and asked.weight.min() < _FIRM:
        near = _by_limb(rig, gives, root, _kept_depth(asked, near), holds)
    is_short = max(_miss_m(asked, near), _worst_m(holds, near)) > _MISSED_M
    if is_short and not moves_root:
        more, root = _spare(rig, asked.joint)
        wanted = _kept_depth(asked, near)
        near = _solved(rig, near, {**more, **gives}, root, [wanted, *holds])
    if _worst_m(holds, near) > _MISSED_M:
        weak = replace(asked, weight=_GIVES_IN * asked.weight)
        gives, root = _everything(rig, gives, asked.joint)
        near = _solved(rig, near, gives, root, [weak, *holds])
    return near


def looking(rig: Rig, head: int, aim_m: FloatArray) -> Reached:
    """The pose in which the head looks at a point, shape (3,), scene metres.

    Neck and head turn, the spine a little; pins stay.
    """
    gives = {
        rig.bones.index(name): value
        for name, value in _LOOK.items()
        if name in rig.bones.joint_names
    }
    asked = Effector(joint=head, aim_m=aim_m)
    holds = _holds(rig, head)
    near = _solved(rig, _start(rig), gives, np.inf, [asked, *holds])
    if _worst_m(holds, near) > _MISSED_M:
        arms = {j: v for pin in rig.pins for j, v in _own(rig.bones, pin.joint).items()}
        near = _solved(rig, near, {**gives, **arms}, np.inf, [asked, *holds])
    return near


def giving_way(bones: Skeleton, joint: int) -> tuple[int, ...]:
    """Which joints turn first when one is dragged, in order; () where all do."""
    return () if _moves_root(bones, joint) else tuple(sorted(_own(bones, joint)))


def _by_limb(
    rig: Rig,
    gives: Mapping[int, float],
    root_stiffness: float,
    asked: Effector,
    holds: Sequence[Effector],
) -> Reached:
    """What the limb alone can do, also where it is straight and must bend first."""
    wanted, start = [asked, *holds], _start(rig)
    near = _solved(rig, start, gives, root_stiffness, wanted)
    if _miss_m(asked, near) <= _MISSED_M:
        return near
    bent = _solved(rig, start, gives, root_stiffness, wanted, _bent(rig))
    return min(near, bent, key=lambda found: _miss_m(asked, found))


def _solved(
    rig: Rig,
    start: Reached,
    gives: Mapping[int, float],
    root_stiffness: float,
    asked: Sequence[Effector],
    begin_rad: FloatArray | None = None,
) -> Reached:
    prior = _prior(rig.bones)
    stiffness = np.full(rig.bones.joint_count, np.inf)
    for joint, value in gives.items():
        stiffness[joint] = value
    limb = Limb(
        parents=rig.bones.parents,
        rest_joints_m=rig.rest_joints_m,
        stiffness=stiffness,
        root_stiffness=root_stiffness,
        lower_rad=np.minimum(prior.lower_rad, rig.joints_rad),
        upper_rad=np.maximum(prior.upper_rad, rig.joints_rad),
    )
    return solve(limb, start.joints_rad, start.root_m, asked, begin_rad=begin_rad)


def _start(rig: Rig) -> Reached:
    return Reached(
        joints_rad=rig.joints_rad, root_m=rig.root_m, joints_m=_posed(rig)[0]
    )


def _bent(rig: Rig) -> FloatArray:
    """The pose with elbows and knees a little bent, the way they bend."""
    bent = np.array(rig.joints_rad, dtype=np.float64)
    mean = _prior(rig.bones).mean_rad
    for joint, name in enumerate(rig.bones.joint_names):
        if name.endswith(("_elbow", "_knee")):
            bent[joint] += mean[joint]
    return bent


@cache
def _prior(bones: Skeleton) -> PosePrior:
    return pose_prior(bones)


def _posed(rig: Rig) -> tuple[FloatArray, FloatArray]:
    return forward_kinematics(
        rig.bones.parents, rig.rest_joints_m, rig.joints_rad, rig.root_m
    )


def _holds(rig: Rig, dragged: int) -> list[Effector]:
    """Pins, and feet that stand while the body moves over them."""
    places, turns = _posed(rig)
    pins = {pin.joint: pin.keeps_turn for pin in rig.pins if pin.joint != dragged}
    if _moves_root(rig.bones, dragged) or pins:
        own = {dragged, *_own(rig.bones, dragged)} - {0}
        for name in _FEET:
            foot = rig.bones.index(name)
            is_free = bool(own & {foot, *_ancestors(rig.bones, foot)})
            if _moves_root(rig.bones, dragged) or not is_free:
                pins.setdefault(foot, True)
    return [
        Effector(
            joint=joint, place_m=places[joint], turn=turns[joint] if keeps else None
        )
        for joint, keeps in sorted(pins.items())
        if joint < len(places)
    ]


def _moves_root(bones: Skeleton, joint: int) -> bool:
    """True where nothing stands above a joint but the pelvis."""
    return bones.parents[joint] <= 0


def _own(bones: Skeleton, joint: int) -> dict[int, float]:
    """What turns first: the limb above a joint, for head and trunk the spine."""
    found: dict[int, float] = {}
    above = bones.parents[joint]
    while above > 0:
        found[above] = _stiffness(bones.joint_names[above])
        above = bones.parents[above]
    limb = {j: v for j, v in found.items() if bones.joint_names[j] not in _SPINE}
    is_head = bones.joint_names[joint] in ("head", "neck")
    return found if is_head or not limb else limb


def _spine(bones: Skeleton) -> dict[int, float]:
    return {bones.index(name): value for name, value in _SPINE.items()}


def _spare(rig: Rig, joint: int) -> tuple[dict[int, float], float]:
    """What helps when the limb is too short; with pins the whole body."""
    if rig.pins:
        return _whole(rig, joint), _HEAVY_ROOT
    above = set(_ancestors(rig.bones, joint))
    return {j: v for j, v in _spine(rig.bones).items() if j in above}, np.inf


def _whole(rig: Rig, dragged: int) -> dict[int, float]:
    """Legs and pelvis, and the limbs whose ends are pinned."""
    bones = rig.bones
    gives = {0: _TURNED_PELVIS}
    ends = [dragged, *(bones.index(name) for name in _FEET)]
    ends += [pin.joint for pin in rig.pins]
    for end in ends:
        above = [j for j in _ancestors(bones, end) if j > 0]
        gives |= {j: _stiffness(bones.joint_names[j]) for j in above}
    for name in _FEET:
        gives[bones.index(name)] = _LIMBS["ankle"]
    for pin in rig.pins:
        if pin.keeps_turn:
            gives[pin.joint] = _stiffness(bones.joint_names[pin.joint])
    return gives


def _everything(
    rig: Rig, gives: Mapping[int, float], dragged: int
) -> tuple[dict[int, float], float]:
    """All that may move so that pins stay."""
    return {**_whole(rig, dragged), **_spine(rig.bones), **gives}, _LIGHT_ROOT


def _ancestors(bones: Skeleton, joint: int) -> list[int]:
    found: list[int] = []
    above = bones.parents[joint]
    while above >= 0:
        found.append(above)
        above = bones.parents[above]
    return found


def _stiffness(name: str) -> float:
    part = name.partition("_")[2] or name
    if name in _SPINE:
        return _SPINE[name]
    return _LIMBS.get(part, _LIMBS.get(name, _FINGER))


def _miss_m(asked: Effector, found: Reached) -> float:
    """How far a joint is off along the axes that are firm, metres."""
    assert asked.place_m is not None
    off = asked.axes @ (found.joints_m[asked.joint] - asked.place_m)
    return float(np.linalg.norm(off[asked.weight >= _FIRM]))


def _worst_m(holds: Sequence[Effector], found: Reached) -> float:
    return max((_miss_m(hold, found) for hold in holds), default=0.0)


def _kept_depth(asked: Effector, found: Reached) -> Effector:
    """The same place along firm axes, along the others that which was found."""
    assert asked.place_m is not None
    here = found.joints_m[asked.joint]
    off = asked.axes @ (asked.place_m - here)
    firm = np.where(asked.weight >= _FIRM, off, 0.0)
    return replace(asked, place_m=here + asked.axes.T @ firm)
