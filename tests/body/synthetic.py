"""Body model files in SMPL's layouts with random content, small in meaning only."""

import pickle

import numpy as np

from hpe_studio.core.skeleton import skeleton_for

KINDS = {"smpl": (6890, 24), "smplh": (6890, 52), "smplx": (10475, 55)}


def random_model(kind="smpl", *, seed=0, vertex_count=None, with_posedirs=True):
    """The arrays of a model file: dense pose correctives, sparse weights.

    Sizes and magnitudes are those of the real files: pose correctives of a few
    millimetres per unit, shape directions of centimetres.
    """
    rng = np.random.default_rng(seed)
    vertices, joints = KINDS[kind]
    vertices = vertex_count or vertices
    weights = np.zeros((vertices, joints), np.float32)
    for _ in range(4):
        weights[np.arange(vertices), rng.integers(0, joints, vertices)] += rng.random(
            vertices
        )
    weights /= weights.sum(1, keepdims=True)
    regressor = np.zeros((joints, vertices))
    for row in regressor:
        row[rng.integers(0, vertices, 30)] = rng.random(30)
    regressor /= regressor.sum(1, keepdims=True)
    parents = np.array(skeleton_for(joints).parents)
    features = 9 * (joints - 1)
    arrays = {
        "v_template": rng.normal(0, 0.4, (vertices, 3)),
        "f": rng.integers(0, vertices, (2 * vertices - 4, 3)).astype(np.uint32),
        "shapedirs": rng.normal(0, 0.01, (vertices, 3, 20 if joints == 55 else 10)),
        "weights": weights,
        "J_regressor": regressor,
        "kintree_table": np.array(
            [np.where(parents < 0, 2**32 - 1, parents), np.arange(joints)]
        ),
    }
    if with_posedirs:
        posedirs = rng.standard_normal((vertices, 3, features), np.float32)
        arrays["posedirs"] = 0.002 * posedirs
    if joints > 24:
        for side in "lr":
            arrays[f"hands_mean{side}"] = rng.normal(0, 0.2, 45)
            arrays[f"hands_components{side}"] = np.eye(45)
    if joints == 55:
        arrays |= {
            "lmk_faces_idx": rng.integers(0, len(arrays["f"]), 51),
            "lmk_bary_coords": np.full((51, 3), 1 / 3),
            "dynamic_lmk_faces_idx": np.zeros((79, 17), np.int64),
            "dynamic_lmk_bary_coords": np.full((79, 17, 3), 1 / 3),
        }
    return arrays


def write_model(path, arrays):
    """Write the arrays as npz or pkl, whichever the name says."""
    if path.suffix == ".npz":
        np.savez(path, **arrays)
    else:
        path.write_bytes(pickle.dumps(dict(arrays), protocol=2))
    return path
