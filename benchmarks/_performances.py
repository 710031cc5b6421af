"""Real motion for measuring: the test data's BVH files at 30 frames a second."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

import hpe_studio as hs
from hpe_studio.body import Body
from hpe_studio.core.skeleton import skeleton
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.quality.staging import Performance, Stage, staged

_FILES = (
    ("cmu_12_01_walk.bvh", 4),
    ("cmu_01_01_assimp.bvh", 4),
    ("20tab_freebvh.bvh", 1),
    ("pybvh_test1.bvh", 1),
)
"""File and every how many frames are taken: CMU's come at 120 a second."""

_LONGEST, _SHORTEST = 150, 60


def data_folder() -> Path:
    """Where the real data lie: HPE_STUDIO_TEST_DATA, or beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("HPE_STUDIO_TEST_DATA", str(beside)))


def performances(body: Body) -> list[Performance]:
    """Walking, jumping, dancing in pieces of 2 to 5 s, standing on a floor at 0."""
    found: list[Performance] = []
    for name, step in _FILES:
        with hs.open(data_folder() / "motion" / name) as opened:
            motion = opened.people[0].motion
            for phase in range(step):
                turns = np.array(motion.joints_rad[phase::step], float)
                root = np.array(motion.root_scene_m[phase::step], float)
                root = root - [0.0, _floor_m(body, turns, root), 0.0]
                found.extend(
                    Performance(joints_rad=turns[at:end], root_m=root[at:end])
                    for at in range(0, len(turns), _LONGEST)
                    if len(turns[at : (end := at + _LONGEST)]) >= _SHORTEST
                )
    return found


def pair(
    all_of_them: list[Performance], index: int, rng: np.random.Generator
) -> list[Performance]:
    """Two people of different build, half a metre to two apart."""
    first = all_of_them[index]
    second = all_of_them[(7 * index + 3) % len(all_of_them)]
    count = min(len(first.root_m), len(second.root_m))
    angle, apart_m = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 2.0)
    aside = apart_m * np.array([np.cos(angle), 0.0, np.sin(angle)])
    return [
        Performance(
            joints_rad=one.joints_rad[:count],
            root_m=one.root_m[:count] - one.root_m[0] * [1.0, 0.0, 1.0] + place,
            betas=tuple(rng.normal(0, 1, 10)),
        )
        for one, place in ((first, np.zeros(3)), (second, aside))
    ]


def stage_of(
    all_of_them: list[Performance], index: int, seed: int, body: Body
) -> tuple[Stage, np.random.Generator]:
    """A scene of one person or (odd numbers) two, and its source of chance."""
    rng = np.random.default_rng(seed)
    people = pair(all_of_them, index, rng) if index % 2 else [all_of_them[index]]
    return staged(people, body, rng=rng), rng


def _floor_m(body: Body, turns: np.ndarray, root: np.ndarray) -> float:
    """Height of the floor: where the lower foot mostly is, less the toe's radius."""
    bones = skeleton("smpl24")
    rest = body.joint_model.rest_joints_m(np.zeros(10))
    places, _ = forward_kinematics(bones.parents, rest, turns, root)
    toes = [bones.index("left_foot"), bones.index("right_foot")]
    return float(np.quantile(places[:, toes, 1].min(1), 0.1)) - 0.02
