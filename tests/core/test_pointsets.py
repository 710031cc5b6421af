"""Tables of joint sets, and what stands for what between them."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from hpe_studio.core.pointsets import (
    SETS,
    convert_confidence,
    convert_points,
    known_set,
    lateral_sign,
    sources_of,
    tree_of,
)
from hpe_studio.core.skeleton import LandmarkSet, landmark_set, skeleton

BODY_25 = [
    "Nose",
    "Neck",
    "RSho",
    "RElb",
    "RWri",
    "LSho",
    "LElb",
    "LWri",
    "MidHip",
    "RHip",
    "RKnee",
    "RAnk",
    "LHip",
    "LKnee",
    "LAnk",
    "REye",
    "LEye",
    "REar",
    "LEar",
    "LBigToe",
    "LSmallToe",
    "LHeel",
    "RBigToe",
    "RSmallToe",
    "RHeel",
]
LONG = {
    "Sho": "shoulder", "Elb": "elbow", "Wri": "wrist", "Hip": "hip", "Knee": "knee",
    "Ank": "ankle", "Eye": "eye", "Ear": "ear", "BigToe": "big_toe",
    "SmallToe": "small_toe", "Heel": "heel",
}  # fmt: skip
COUNTS = {name: int(re.findall(r"\d+", name)[-1]) for name in SETS}
OP25_TO_C19 = [1, 0, 8, 5, 6, 7, 12, 13, 14, 2, 3, 4, 9, 10, 11, 16, 18, 15, 17]
C19_TO_OP25 = [1, 0, 9, 10, 11, 3, 4, 5, 2, 12, 13, 14, 6, 7, 8, 17, 15, 18, 16, *[-1] * 6]  # noqa: E501  # fmt: skip
COCO17_TO_C19 = [-1, 0, -1, 5, 7, 9, 11, 13, 15, 6, 8, 10, 12, 14, 16, 1, 3, 2, 4]
C19_TO_COCO17 = [1, 15, 17, 16, 18, 3, 9, 4, 10, 5, 11, 6, 12, 7, 13, 8, 14]
SMPL45_TO_OP25 = [24, 12, 17, 19, 21, 16, 18, 20, 0, 2, 5, 8, 1, 4, 7, *range(25, 35)]
SPIN_GT = [8, 5, 45, 46, 4, 7, 21, 19, 17, 16, 18, 20, 47, 48, 49, 50, 51, 52, 53, 24, 26, 25, 28, 27]  # noqa: E501  # fmt: skip
X_LEFT_HAND = [20, 37, 38, 39, 66, 25, 26, 27, 67, 28, 29, 30, 68, 34, 35, 36, 69, 31, 32, 33, 70]  # noqa: E501  # fmt: skip
X_RIGHT_HAND = [21, 52, 53, 54, 71, 40, 41, 42, 72, 43, 44, 45, 73, 49, 50, 51, 74, 46, 47, 48, 75]  # noqa: E501  # fmt: skip
H_LEFT_HAND = [20, 34, 35, 36, 63, 22, 23, 24, 64, 25, 26, 27, 65, 31, 32, 33, 66, 28, 29, 30, 67]  # noqa: E501  # fmt: skip
H_RIGHT_HAND = [21, 49, 50, 51, 68, 37, 38, 39, 69, 40, 41, 42, 70, 46, 47, 48, 71, 43, 44, 45, 72]  # noqa: E501  # fmt: skip

# Which points of each set make those of coco19, by the sets' own lists of joints.
TABLE = {
    "body25": OP25_TO_C19,
    "h36m17": [8, None, 0, 11, 12, 13, 4, 5, 6, 14, 15, 16, 1, 2, 3, *[None] * 4],
    "smpl24": [12, None, 0, 16, 18, 20, 1, 4, 7, 17, 19, 21, 2, 5, 8, *[None] * 4],
    "smplx144": [12, 55, 0, 16, 18, 20, 1, 4, 7, 17, 19, 21, 2, 5, 8, 57, 59, 56, 58],
    "mediapipe33": [
        (11, 12), 0, (23, 24), 11, 13, 15, 23, 25, 27, 12, 14, 16, 24, 26, 28, 2, 7, 5,
        8,
    ],
    "romp54": [47, 24, 49, 16, 18, 20, 46, 4, 7, 17, 19, 21, 45, 5, 8, 26, 28, 25, 27],
    "coco17": [(5, 6), 0, (11, 12), *COCO17_TO_C19[3:]],
}  # fmt: skip
# The J17 block of ROMP-71, by way of H36M.
J17_OF_C19 = [66, None, 68, 63, 64, 65, 57, 58, 59, 62, 61, 60, 56, 55, 54, *[None] * 4]


def as_parents(row: object) -> tuple[int, ...]:
    if row is None or row == -1:
        return ()
    return row if isinstance(row, tuple) else (int(str(row)),)


def long_name(short: str) -> str:
    for side, name in (("L", "left_"), ("R", "right_")):
        if short[0] == side and short[1:] in LONG:
            return name + LONG[short[1:]]
    return {"MidHip": "mid_hip"}.get(short, short.lower())


@pytest.mark.parametrize("name", SETS)
def test_every_set_is_sound(name: str) -> None:
    points = known_set(name)
    count = len(points.names)
    assert count == COUNTS[name]
    assert len(set(points.names)) == count
    ends = list(itertools.chain.from_iterable(points.edges))
    assert all(0 <= end < count for end in ends)
    assert len({frozenset(e) for e in points.edges}) == len(points.edges)
    assert all(a != b for a, b in points.edges)
    sides = [n for n in points.names if n.startswith(("left_", "right_"))]
    mirror = points.mirror_permutation()
    assert all(mirror[mirror[i]] == i for i in range(count))
    if name not in ("left_hand21", "right_hand21"):
        assert all(
            mirror[points.names.index(n)] != points.names.index(n) for n in sides
        )
        mirrored = {frozenset((mirror[a], mirror[b])) for a, b in points.edges}
        tilted = {"face70", "smplx144", "coco133"}  # chains that run across the face
        assert name in tilted or mirrored == {frozenset(e) for e in points.edges}


@pytest.mark.parametrize("name", SETS)
def test_every_set_hangs_together(name: str) -> None:
    points = known_set(name)
    parents = tree_of(points)
    assert len(parents) == len(points.names)
    for start in range(len(parents)):
        here, steps = start, 0
        while parents[here] >= 0:
            here, steps = parents[here], steps + 1
            assert steps < len(parents), "a ring of parents"
    groups = {"face70": 11, "romp71": 2, "spin49": 2, "coco17": 2, "mediapipe33": 11,
              "coco133": 11}  # fmt: skip
    assert parents.count(-1) == groups.get(name, 1)


def test_body_25_has_its_names() -> None:
    assert list(known_set("body25").names) == [long_name(n) for n in BODY_25]
    for bones in ("smpl24", "smplh52", "smplx55"):
        assert known_set(bones).names == skeleton(bones).joint_names
        assert tree_of(known_set(bones)) == skeleton(bones).parents
    assert known_set("h36m17").names[1:4] == ("right_hip", "right_knee", "right_ankle")
    assert known_set("lsp14").names == tuple(
        n.removesuffix("_lsp") for n in known_set("spin49").names[25:39]
    )
    assert known_set("mpi15").names[1] == "head_top"
    assert known_set("smplx144").names[127:144] == known_set("face70").names[:17]
    assert known_set("smplx144").names[76:127] == known_set("face70").names[17:68]
    with pytest.raises(KeyError, match="known: coco17"):
        known_set("coco99")


def test_sets_join_into_one() -> None:
    both = known_set("body25+left_hand21+right_hand21+face70")
    assert len(both.names) == 25 + 21 + 21 + 70 == len(set(both.names))
    assert both.names[:25] == known_set("body25").names
    assert both.names[25] == "left_hand_root"
    assert (both.index("left_wrist"), 25) in both.edges
    assert both.names[46 + 8] == "right_index_tip"
    assert sources_of(both, "coco19") == sources_of("body25", "coco19")
    assert tree_of(both)[25] == both.index("left_wrist")
    mirror = both.mirror_permutation()
    assert mirror[25 + 8] == 46 + 8
    for wrong in ("body25+coco17", "body25+nothing"):
        with pytest.raises(KeyError):
            known_set(wrong)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_coco19_out_of_each_set_of_the_table(name: str) -> None:
    assert sources_of(name, "coco19") == tuple(as_parents(r) for r in TABLE[name])


@pytest.mark.parametrize(
    ("source", "goal", "row"),
    [
        ("coco19", "body25", C19_TO_OP25),
        ("coco19", "coco17", C19_TO_COCO17),
        ("smpl45", "body25", SMPL45_TO_OP25),
        ("smplh73", "body25", [52, *SMPL45_TO_OP25[1:15], *range(53, 63)]),
        ("smplx144", "body25", [55, *SMPL45_TO_OP25[1:15], *range(56, 66)]),
        ("romp54", "spin49", SMPL45_TO_OP25 + SPIN_GT),
        ("romp54", "lsp14", SPIN_GT[:14]),
        ("spin49", "lsp14", list(range(25, 39))),
        ("romp71", "romp54", list(range(54))),
        ("romp54", "smpl24", list(range(24))),
        ("smplx144", "left_hand21", X_LEFT_HAND),
        ("smplx144", "right_hand21", X_RIGHT_HAND),
        ("smplh73", "left_hand21", H_LEFT_HAND),
        ("smplh73", "right_hand21", H_RIGHT_HAND),
        ("smplx144", "face70", [*range(127, 144), *range(76, 127), None, None]),
        ("smpl24", "smpl22", list(range(22))),
        ("h36m17", "h36m17_left", [0, 4, 5, 6, 1, 2, 3, *range(7, 17)]),
    ],
)
def test_fixed_permutations(source: str, goal: str, row: list[object]) -> None:
    assert sources_of(source, goal) == tuple(as_parents(r) for r in row)


def test_the_j17_block_of_romp71() -> None:
    to_h36m = sources_of("romp71", "h36m17")
    to_coco = sources_of("h36m17", "coco19")
    composed = tuple(to_h36m[own[0]] if own else () for own in to_coco)
    assert composed == tuple(as_parents(r) for r in J17_OF_C19)


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ("coco19", "body25"), ("coco17", "mediapipe33"), ("coco18", "body25"),
        ("smpl24", "romp54"), ("lsp14", "spin49"), ("h36m17", "romp71"),
        ("smpl24", "smpl45"), ("left_hand21", "smplx144"), ("coco17", "body25b"),
    ],
)  # fmt: skip
def test_there_and_back_changes_nothing(small: str, large: str) -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(7, len(known_set(small).names), 3))
    back = convert_points(convert_points(points, small, large), large, small)
    known = np.isfinite(back[0, :, 0])
    np.testing.assert_array_equal(back[:, known], points[:, known])
    assert known.sum() >= len(known) - (1 if small == "h36m17" else 0)


def test_means_and_what_is_missing() -> None:
    points = np.arange(34.0).reshape(1, 17, 2)
    confidence = np.linspace(0.1, 0.9, 17)[None]
    points[0, 5] = np.nan  # left shoulder
    confidence[0, 5] = 0.0
    made = convert_points(points, "coco17", "coco19")
    sure = convert_confidence(confidence, "coco17", "coco19")
    assert np.isnan(made[0, [0, 3]]).all()
    assert sure[0, 0] == 0.0
    np.testing.assert_array_equal(made[0, 2], points[0, [11, 12]].mean(0))
    assert sure[0, 2] == confidence[0, 11]
    assert (convert_confidence(confidence, "coco17", "smpl24")[0, 3]) == 0.0
    with pytest.raises(ValueError, match="17 points instead of 19"):
        convert_points(points, "coco19", "coco17")


README_BODY_CM = {
    "neck": (-19.4528, -146.612, 1.46159), "nose": (-40.4564, -163.091, -0.521563),
    "mid_hip": (-14.9749, -91.0176, 4.24329),
    "left_shoulder": (-19.2473, -146.679, -16.1136),
    "right_shoulder": (-20.2358, -147.348, 19.1843),
    "left_hip": (-12.3267, -91.5465, -6.55368),
    "right_hip": (-17.623, -90.4888, 15.0403),
    "left_elbow": (-14.7958, -118.804, -20.6738),
    "left_knee": (-12.6556, -47.0963, -4.83599),
    "left_ankle": (-10.8069, -8.31645, -4.20936),
    "left_eye": (-38.7164, -166.851, -3.25917),
    "left_ear": (-28.7043, -167.333, -7.15903),
    "right_eye": (-39.0433, -166.677, 2.55916),
    "right_ear": (-30.0718, -167.264, 8.18371),
}  # fmt: skip


def readme_body_m() -> np.ndarray:
    """The sample body of the Panoptic toolbox in scene axes, shape (19, 3), metres."""
    names = landmark_set("coco19").names
    body = np.array([README_BODY_CM.get(n, (np.nan,) * 3) for n in names])
    return body * [0.01, -0.01, -0.01]


def test_the_sample_body_of_the_data_set() -> None:
    body = readme_body_m()
    at = dict(zip(landmark_set("coco19").names, body, strict=True))
    length = lambda a, b: 100 * np.linalg.norm(at[a] - at[b])  # noqa: E731
    assert length("neck", "mid_hip") == pytest.approx(55.84, abs=0.01)
    assert length("left_shoulder", "left_elbow") == pytest.approx(28.59, abs=0.01)
    assert length("left_hip", "left_knee") == pytest.approx(44.49, abs=0.01)
    assert length("left_knee", "left_ankle") == pytest.approx(38.83, abs=0.01)
    np.testing.assert_allclose(at["neck"], (-0.1945, 1.4661, -0.0146), atol=1e-4)
    forward = (at["nose"] - at["neck"]) * [1, 0, 1]
    left = np.cross([0.0, 1.0, 0.0], forward / np.linalg.norm(forward))
    for name, expected in {
        "left_shoulder": 17.52, "right_shoulder": -17.72, "left_eye": 2.89,
        "left_ear": 7.71, "right_eye": -2.93, "right_ear": -7.69,
    }.items():  # fmt: skip
        assert 100 * (at[name] - at["neck"]) @ left == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("goal", ["coco19", "body25", "coco18", "mpi15", "smpl24"])
def test_left_is_left_and_a_swap_shows(goal: str) -> None:
    points = convert_points(readme_body_m(), "coco19", goal)
    assert lateral_sign(points, goal) == 1.0
    swapped = points[list(known_set(goal).mirror_permutation())]
    assert lateral_sign(swapped, goal) == -1.0
    assert lateral_sign(points * [-1, 1, 1], goal) == -1.0  # left-handed axes
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    assert lateral_sign(1000 * points @ turn.T, goal) == 1.0


def test_sides_cannot_be_told_without_a_body() -> None:
    assert np.isnan(lateral_sign(np.zeros((3, 21, 3)), "hand21"))
    assert np.isnan(lateral_sign(np.full((3, 19, 3), np.nan), "coco19"))
    foreign = LandmarkSet(name="mine", names=("a", "b"), edges=((0, 1),))
    assert np.isnan(lateral_sign(np.zeros((2, 3)), foreign))
    assert sources_of(foreign, "coco19") == ((),) * 19
