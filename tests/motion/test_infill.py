"""Gaps are filled from both sides and from what the person does else."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks._performances import performances
from hpe_studio.body import open_body
from hpe_studio.core.skeleton import skeleton
from hpe_studio.motion.infill import fill_rotations
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.rotations import compose, geodesic_rad, slerp

BONES = skeleton("smpl24")
FPS = 30.0
LEG = [BONES.index(f"left_{n}") for n in ("hip", "knee", "ankle", "foot")]
ARM = [BONES.index(f"left_{n}") for n in ("shoulder", "elbow", "wrist", "hand")]
RIGHT_LEG = [j + 1 for j in LEG]
LIMBS = (LEG, RIGHT_LEG, sorted(LEG + RIGHT_LEG), ARM)


def walking(frames: int = 180) -> np.ndarray:
    """Legs and arms that swing once a second, a little differently each time."""
    t = np.arange(frames) / FPS
    phase = 2 * np.pi * t + 0.2 * np.sin(0.7 * t)
    pose = np.zeros((frames, 24, 3))
    for side, sign in (("left", 1.0), ("right", -1.0)):
        swing = sign * np.sin(phase)
        pose[:, BONES.index(f"{side}_hip"), 0] = -0.5 * swing
        pose[:, BONES.index(f"{side}_knee"), 0] = 0.5 + 0.4 * np.cos(phase) * sign
        pose[:, BONES.index(f"{side}_shoulder"), 1] = 0.5 * swing
        pose[:, BONES.index(f"{side}_shoulder"), 2] = -1.2 * sign
    return pose


def hidden(pose: np.ndarray, rows: slice, joints: list[int]) -> tuple[np.ndarray, ...]:
    known = np.ones(pose.shape[:2], dtype=np.bool_)
    known[rows, joints] = False
    broken = pose.copy()
    broken[rows, joints] = np.nan
    return broken, known


def filled(pose: np.ndarray, rows: slice, joints: list[int]) -> np.ndarray:
    broken, known = hidden(pose, rows, joints)
    return fill_rotations(
        broken, known, rows=rows, joints=joints, bones=BONES, fps=FPS
    ).joints_rad


def test_a_leg_swings_on_where_the_other_leg_tells_its_phase() -> None:
    pose, rows = walking(), slice(70, 110)
    found = filled(pose, rows, LEG)
    off = np.degrees(geodesic_rad(found, pose[rows][:, LEG]))
    straight = slerp(
        np.broadcast_to(pose[69, LEG], found.shape),
        np.broadcast_to(pose[110, LEG], found.shape),
        (np.arange(1, 41) / 41)[:, None],
    )
    plain = np.degrees(geodesic_rad(straight, pose[rows][:, LEG]))
    assert off.max() < 6
    assert off.mean() < 0.2 * plain.mean()


def test_a_gap_is_left_and_entered_without_a_step() -> None:
    pose, rows = walking(), slice(70, 95)
    whole = pose.copy()
    whole[rows, ARM] = filled(pose, rows, ARM)
    steps = geodesic_rad(whole[1:], whole[:-1])[:, ARM[0]]
    assert steps[68:96].max() < 2 * steps[:60].max()


def test_few_examples_fall_back_to_the_smooth_way() -> None:
    pose, rows = walking(30), slice(10, 16)
    broken, known = hidden(pose, rows, LEG)
    found = fill_rotations(broken, known, rows=rows, joints=LEG, bones=BONES, fps=FPS)
    assert found.repeated == 0.0
    off = geodesic_rad(found.joints_rad, pose[rows][:, LEG])
    assert np.degrees(off.max()) < 10


@pytest.mark.parametrize("rows", [slice(0, 20), slice(160, 180)])
def test_a_gap_with_one_side_starts_there(rows: slice) -> None:
    pose = walking()
    found = filled(pose, rows, LEG)
    at, side = (0, 159) if rows.start else (-1, 20)
    assert np.isfinite(found).all()
    assert np.degrees(geodesic_rad(found[at], pose[side, LEG]).max()) < 12


def test_a_limb_nobody_ever_saw_stays_at_rest() -> None:
    pose, rows = walking(), slice(0, 180)
    np.testing.assert_array_equal(filled(pose, rows, LEG), 0.0)


@pytest.mark.data
def test_real_limbs_are_filled_a_third_better_than_by_slerp(test_data: object) -> None:
    body, rng = open_body(24), np.random.default_rng(77)
    rest_m = body.joint_model.rest_joints_m(np.zeros(10))
    ours: list[float] = []
    theirs: list[float] = []
    for one in performances(body) * 3:
        frames = len(one.root_m)
        length = int(rng.integers(10, 41))
        if frames < length + 12:
            continue
        start = int(rng.integers(5, frames - length - 5))
        rows, limb = slice(start, start + length), LIMBS[int(rng.integers(len(LIMBS)))]
        noise = np.radians(1) * rng.normal(size=one.joints_rad.shape)
        seen = compose(noise, one.joints_rad)
        between = slerp(
            np.broadcast_to(seen[start - 1, limb], (length, len(limb), 3)),
            np.broadcast_to(seen[start + length, limb], (length, len(limb), 3)),
            (np.arange(1, length + 1) / (length + 1))[:, None],
        )
        truth, root = one.joints_rad[rows], one.root_m[rows]
        places = forward_kinematics(BONES.parents, rest_m, truth, root)[0]
        for errors, guess in ((ours, filled(seen, rows, limb)), (theirs, between)):
            pose = truth.copy()
            pose[:, limb] = guess
            got = forward_kinematics(BONES.parents, rest_m, pose, root)[0]
            errors.append(np.linalg.norm(got - places, axis=-1)[:, limb].mean())
    assert np.mean(ours) < 0.7 * np.mean(theirs)
