"""Landmark sets on a body: which joints and surface points stand for which landmark.

Every landmark is a recipe: a weighted sum of named joints and named surface points.
Several recipes may be given; the first whose names the body has is taken, and a
landmark without any is left out (it counts as "not on this body").

The choices, and why:

* Shoulders, elbows, wrists, knees, ankles: the joints themselves. Detectors are trained
  on points that annotators put at the joints' middle.
* Hips: every convention puts them wider than SMPL's hip joints. They move with the
  pelvis alone, on the line through SMPL's hips, 0.21 m apart (MediaPipe) or 0.22 m
  (COCO and OpenPose; the CMU Panoptic and Pose2Sim samples measure 0.215 to 0.228 m)
  on the mean body, wider or narrower with its shape.
* MediaPipe pinky, index and thumb (17-22) are knuckles (first of pinky and index,
  second of the thumb), not tips: the joints pinky1, index1, thumb2. Bodies without
  finger joints take half way from wrist to tip (thumb: 0.6).
* Foot index: the big toe. Eyes: the eyeball; ears: the ear's middle.
* Eye corners and mouth corners only where the body brings them.
* neck and mid_hip of COCO-19 and BODY_25: middle of the shoulders and of the hips,
  as in the CMU Panoptic data.
* Sets of the SMPL family are the joints themselves, hips and neck included.
* Human3.6M's hips are 0.26 m apart (its data measure 0.266 m); its spine is SMPL's
  spine2, its neck the middle of the shoulders, its "neck/nose" half way from the neck
  joint to the nose.
* The top of the head is a vertex where the mesh is known; elsewhere it lies above the
  ears by 1.9 times the height of the eyes over the mouth (the open body's measure).
* Hands are the finger joints and tips; the face what SMPL-X's own landmarks say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hpe_studio.body.model import SkinWeights, SurfacePoint
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.jointmodel import Landmarks
from hpe_studio.core.pointsets import meaning
from hpe_studio.core.skeleton import Skeleton, landmark_set

LANDMARK_SETS = (
    "mediapipe33", "coco17", "coco18", "coco19", "body25", "body25b", "h36m17", "lsp14",
    "mpi15", "smpl24", "smplh52", "smplx55", "left_hand21", "right_hand21", "face70",
)  # fmt: skip

Recipe = Mapping[str, float]
"""Shares, summing to 1, of joints ("left_hip") and surface points ("@left_heel")."""


def vertex_point(vertex: int) -> SurfacePoint:
    """A surface point that is one vertex."""
    return SurfacePoint(vertices=np.array([vertex]), weights=np.ones(1))


_ABSENT: Recipe = {}

# Vertex of each point by the mesh's vertex count: 6890 is SMPL and SMPL-H, 10475 is
# SMPL-X. Source: the vertex ids that the smplx package documents; the top of the head
# is that of SMPL-Anthropometry.
VERTICES: Mapping[int, Mapping[str, int]] = {
    6890: {
        "head_top": 412, "nose": 332, "right_eye": 6260, "left_eye": 2800,
        "right_ear": 4071, "left_ear": 583,
        "left_big_toe": 3216, "left_small_toe": 3226, "left_heel": 3387,
        "right_big_toe": 6617, "right_small_toe": 6624, "right_heel": 6787,
        "left_thumb_tip": 2746, "left_index_tip": 2319, "left_middle_tip": 2445,
        "left_ring_tip": 2556, "left_pinky_tip": 2673,
        "right_thumb_tip": 6191, "right_index_tip": 5782, "right_middle_tip": 5905,
        "right_ring_tip": 6016, "right_pinky_tip": 6133,
    },
    10475: {
        "head_top": 8976, "nose": 9120, "right_eye": 9929, "left_eye": 9448,
        "right_ear": 616, "left_ear": 6,
        "left_big_toe": 5770, "left_small_toe": 5780, "left_heel": 8846,
        "right_big_toe": 8463, "right_small_toe": 8474, "right_heel": 8635,
        "left_thumb_tip": 5361, "left_index_tip": 4933, "left_middle_tip": 5058,
        "left_ring_tip": 5169, "left_pinky_tip": 5286,
        "right_thumb_tip": 8079, "right_index_tip": 7669, "right_middle_tip": 7794,
        "right_ring_tip": 7905, "right_pinky_tip": 8022,
    },
}  # fmt: skip

_SURFACE = ("eye", "ear", "heel", "big_toe", "small_toe")
_KNUCKLES = {
    "index": ("index1", 0.5),
    "pinky": ("pinky1", 0.5),
    "thumb": ("thumb2", 0.6),
}
_HIP_DISTANCE_M = {"mediapipe33": 0.21, "h36m17": 0.26}
_COCO_HIP_DISTANCE_M = 0.22
_HEAD_TOP_SHARE = 0.95  # of the eyes' height over the mouth, twice


def recipes(set_name: str, smpl_hip_distance_m: float) -> dict[str, tuple[Recipe, ...]]:
    """For each landmark of a set its recipes, best first; a body may lack them all.

    Args:
        set_name: "mediapipe33", "coco17", ...
        smpl_hip_distance_m: Distance of the hip joints of the mean body.
    """
    hips_m = _HIP_DISTANCE_M.get(set_name, _COCO_HIP_DISTANCE_M)
    table = _recipes_by_meaning(hips_m, smpl_hip_distance_m)
    found: dict[str, tuple[Recipe, ...]] = {}
    for name in landmark_set(set_name).names:
        means = meaning(set_name, name)
        plain = means.removesuffix("_h36m").removesuffix("_lsp")
        own = ({plain: 1.0}, {f"@{plain}": 1.0})  # a joint or point of that name
        found[name] = table.get(plain, own)
    return found


def _recipes_by_meaning(
    hips_m: float, smpl_hip_distance_m: float
) -> dict[str, tuple[Recipe, ...]]:
    """What is no joint or surface point of its own name (see `pointsets.meaning`)."""
    wider = 0.5 * (hips_m / smpl_hip_distance_m - 1) if smpl_hip_distance_m > 0 else 0.0
    middle: Recipe = {"left_hip": 0.5, "right_hip": 0.5}
    up, down = _HEAD_TOP_SHARE, -_HEAD_TOP_SHARE
    table: dict[str, tuple[Recipe, ...]] = {
        "nose": ({"@nose": 1.0},),
        "neck": ({"left_shoulder": 0.5, "right_shoulder": 0.5},),
        "upper_neck": ({"neck": 1.0},),
        "neck_smpl": ({"neck": 1.0},),
        "mid_hip": (middle,),
        "pelvis": (middle,),
        "pelvis_smpl": ({"pelvis": 1.0},),
        "spine": ({"spine2": 1.0},),
        "jaw": ({"neck": 0.5, "@nose": 0.5},),
        "jaw_joint": ({"jaw": 1.0},),
        "head_top": (
            {"@head_top": 1.0},
            {"@left_ear": 0.5, "@right_ear": 0.5, "@left_eye": up, "@right_eye": up,
             "@left_mouth": down, "@right_mouth": down},
        ),
    }  # fmt: skip
    for side, other in (("left", "right"), ("right", "left")):
        table |= _recipes_of_side(side, other, wider)
    return table


def _recipes_of_side(
    side: str, other: str, wider: float
) -> dict[str, tuple[Recipe, ...]]:
    table: dict[str, tuple[Recipe, ...]] = {
        f"{side}_hip": ({f"{side}_hip": 1 + wider, f"{other}_hip": -wider},),
        f"{side}_hip_smpl": ({f"{side}_hip": 1.0},),
        f"{side}_hand": ({f"{side}_hand": 1.0}, {f"{side}_middle1": 1.0}),
        f"{side}_foot_index": ({f"@{side}_big_toe": 1.0},),
    }
    for name in (*_SURFACE, "eye_inner", "eye_outer", "mouth"):
        table[f"{side}_{name}"] = ({f"@{side}_{name}": 1.0},)
    for name, (joint, share) in _KNUCKLES.items():
        table[f"{side}_{name}"] = (
            {f"{side}_{joint}": 1.0},
            {f"@{side}_{joint}": 1.0},
            {f"{side}_wrist": 1 - share, f"@{side}_{name}_tip": share},
        )
    return table


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LandmarkSources:
    """What landmarks are made from: a body's joints, mesh and surface points.

    Attributes:
        skeleton: Joint names.
        joints_m, joints_shapedirs_m: Rest joints and their change per beta.
        v_template, shapedirs: The mesh, as in `body.model.Body`.
        weights: Skinning weights.
        points: Surface points by name.
    """

    skeleton: Skeleton
    joints_m: FloatArray
    joints_shapedirs_m: FloatArray
    v_template: FloatArray
    shapedirs: FloatArray
    weights: SkinWeights
    points: Mapping[str, SurfacePoint]


def landmark_sets(sources: LandmarkSources) -> dict[str, Landmarks]:
    """Every shipped landmark set on a body, by name."""
    return {name: landmarks_of(sources, name) for name in LANDMARK_SETS}


def landmarks_of(sources: LandmarkSources, set_name: str) -> Landmarks:
    """One landmark set on a body; landmarks the body lacks have no parts.

    Raises:
        KeyError: If no such set is shipped.
    """
    table = recipes(set_name, _hip_distance_m(sources))
    names = landmark_set(set_name).names
    parts: list[_Part] = []
    for index, name in enumerate(names):
        recipe = _first_known(table.get(name, ()), sources)
        parts += _parts(sources, recipe, index)
    betas = sources.joints_shapedirs_m.shape[2]
    return Landmarks(
        name=set_name,
        index=np.array([p.index for p in parts], dtype=np.int64),
        joint=np.array([p.joint for p in parts], dtype=np.int64),
        weight=np.array([p.weight for p in parts]),
        point_m=np.array([p.point_m for p in parts]).reshape(-1, 3),
        point_shapedirs_m=np.array([p.shapedirs_m for p in parts]).reshape(
            -1, 3, betas
        ),
        count=len(names),
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Part:
    index: int
    joint: int
    weight: float
    point_m: FloatArray
    shapedirs_m: FloatArray


def _hip_distance_m(sources: LandmarkSources) -> float:
    names = sources.skeleton.joint_names
    if "left_hip" not in names or "right_hip" not in names:
        return 0.0
    left, right = names.index("left_hip"), names.index("right_hip")
    return float(np.linalg.norm(sources.joints_m[left] - sources.joints_m[right]))


def _first_known(options: tuple[Recipe, ...], sources: LandmarkSources) -> Recipe:
    def known(name: str) -> bool:
        if name.startswith("@"):
            return name[1:] in sources.points
        return name in sources.skeleton.joint_names

    return next((r for r in options if all(known(name) for name in r)), _ABSENT)


def _parts(sources: LandmarkSources, recipe: Recipe, index: int) -> list[_Part]:
    """A recipe as parts, one per joint that moves it."""
    count = sources.skeleton.joint_count
    weight = np.zeros(count)
    point = np.zeros((count, 3))
    directions = np.zeros((count, 3, sources.joints_shapedirs_m.shape[2]))
    for name, share in recipe.items():
        if name.startswith("@"):
            w, p, d = _of_vertices(sources, sources.points[name[1:]])
        else:
            j = sources.skeleton.index(name)
            w = np.eye(count)[j]
            p = w[:, None] * sources.joints_m
            d = w[:, None, None] * sources.joints_shapedirs_m
        weight, point, directions = (
            weight + share * w,
            point + share * p,
            directions + share * d,
        )
    return [
        _Part(
            index=index,
            joint=int(j),
            weight=float(weight[j]),
            point_m=point[j],
            shapedirs_m=directions[j],
        )
        for j in np.flatnonzero(weight)
    ]


def _of_vertices(
    sources: LandmarkSources, point: SurfacePoint
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weight, weighted place and its change per beta, for every joint."""
    rows = sources.weights.rows(point.vertices).dense(sources.skeleton.joint_count)
    shares = rows.astype(np.float64) * point.weights[:, None]
    template = sources.v_template[point.vertices].astype(np.float64)
    directions = sources.shapedirs[point.vertices].astype(np.float64)
    return (
        shares.sum(0),
        shares.T @ template,
        np.einsum("vj,vck->jck", shares, directions),
    )
