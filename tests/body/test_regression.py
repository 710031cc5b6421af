"""Skeletons from shape alone, against the regressor itself."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.sparse

import hpe_studio as hs
from hpe_studio.body import load_body, open_body
from hpe_studio.body.regression import set_regressor, shaped_vertices_m
from hpe_studio.core.pointsets import known_set
from hpe_studio.motion.kinematics import landmarks_m
from hpe_studio.workflow.shape_files import read_regressor, read_shape

from .synthetic import KINDS, random_model, write_model

BETAS = np.linspace(-1.5, 1.5, 10)
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("kind", KINDS)
def test_joints_equal_the_regressor_times_the_mesh(tmp_path: Path, kind: str) -> None:
    arrays = random_model(kind, with_posedirs=False)
    path = write_model(tmp_path / "body.npz", arrays)
    vertices = arrays["v_template"] + arrays["shapedirs"][..., :10] @ BETAS
    expected = arrays["J_regressor"] @ vertices
    name = {"smpl": "smpl24", "smplh": "smplh52", "smplx": "smplx55"}[kind]
    for shape in (BETAS, vertices):
        made = hs.regress(shape, path, name)
        assert np.abs(made - expected).max() < 1e-6
    two = hs.regress(np.stack([0 * BETAS, BETAS]), path, name)
    assert np.abs(two[1] - expected).max() < 1e-6
    own = RNG.random((7, len(vertices)))
    made = hs.regress(BETAS, path, regressor=own)
    assert np.abs(made - own @ vertices).max() < 1e-6 * np.abs(own @ vertices).max()


@pytest.mark.parametrize("name", ["coco19", "body25", "h36m17", "smpl24", "romp54"])
def test_every_set_of_the_open_body_at_rest(name: str) -> None:
    body = open_body()
    made = hs.regress(BETAS, set_name=name)
    rest = body.joint_model.rest_joints_m(BETAS)
    known = known_set(name).names
    assert np.isnan(made[:, 0]).sum() == {"romp54": 2}.get(name, 0)
    if name in body.joint_model.landmarks:
        turns = np.broadcast_to(np.eye(3), (24, 3, 3))
        posed = landmarks_m(body.joint_model, name, rest, turns, BETAS)
        np.testing.assert_allclose(made, posed, atol=1e-6)
    else:
        assert known[50] == "thorax"
        np.testing.assert_allclose(made[:24], rest, atol=1e-6)


def test_rows_sum_to_one_and_shapes_are_linear() -> None:
    rows = set_regressor(open_body(), "body25")
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)
    vertices = shaped_vertices_m(open_body(), np.stack([BETAS, 0 * BETAS]))
    np.testing.assert_allclose(vertices[1], open_body().v_template, atol=1e-7)
    with pytest.raises(ValueError, match="coarser"):
        set_regressor(open_body().decimated(2000), "smpl24")


def test_regressors_of_every_kind_of_file(tmp_path: Path) -> None:
    dense = np.where(RNG.random((5, 60)) < 0.1, RNG.random((5, 60)), 0)
    np.save(tmp_path / "a.npy", dense)
    np.savez(tmp_path / "b.npz", J_regressor=dense)
    for kind in ("csr", "csc"):
        sparse = scipy.sparse.csr_matrix(dense).asformat(kind)
        scipy.sparse.save_npz(tmp_path / f"{kind}.npz", sparse)
    (tmp_path / "c.pkl").write_bytes(pickle.dumps({"J_regressor": dense}))
    for name in ("a.npy", "b.npz", "csr.npz", "csc.npz", "c.pkl"):
        np.testing.assert_array_equal(read_regressor(tmp_path / name), dense)


def test_shapes_of_every_kind_of_file(tmp_path: Path) -> None:
    mesh = RNG.normal(size=(500, 3))
    np.save(tmp_path / "m.npy", mesh)
    np.savez(tmp_path / "m.npz", vertices=mesh)
    lines = "".join(f"v {x!r} {y!r} {z!r}\n" for x, y, z in mesh.tolist())
    (tmp_path / "m.obj").write_text(f"# mesh\n{lines}vn 0 0 1\nf 1 2 3\n")
    for name in ("m.npy", "m.npz", "m.obj"):
        betas, vertices = read_shape(tmp_path / name)
        assert betas is None
        np.testing.assert_array_equal(vertices, mesh)
    np.save(tmp_path / "b.npy", BETAS)
    np.savez(tmp_path / "b.npz", betas=BETAS, poses=np.zeros((4, 72)))
    (tmp_path / "b.json").write_text(json.dumps(BETAS.tolist()))
    (tmp_path / "c.json").write_text(json.dumps({"betas": BETAS.tolist()}))
    for name in ("b.npy", "b.npz", "b.json", "c.json"):
        betas, vertices = read_shape(tmp_path / name)
        assert vertices is None
        np.testing.assert_array_equal(betas, BETAS)


class Attack:
    def __reduce__(self) -> Any:
        return os.system, ("true",)


def bad_sparse(folder: Path) -> Path:
    path = folder / "bad.npz"
    np.savez(path, data=[1.0], indices=[99], indptr=[0, 1], shape=[1, 5], format=b"csr")
    return path


def bad_file(name: str, content: bytes) -> Any:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (bad_file("bad.pkl", pickle.dumps(Attack())), "asks to run"),
        (bad_file("bad.json", b"{"), "no readable JSON"),
        (
            bad_file("bad.json", b'{"age": 5}'),
            r"neither betas nor vertices \(it has age",
        ),
        (bad_file("bad.json", b'["x"]'), "no array of numbers"),
        (bad_file("bad.obj", b"v 1 2\nv x"), "no vertices"),
        (bad_file("bad.obj", b""), "no vertices"),
        (lambda folder: folder / "bad.npy", "cannot be read"),
    ],
)
def test_bad_shapes_are_refused_by_name(tmp_path: Path, make: Any, said: str) -> None:
    with pytest.raises(hs.StudioError, match=said) as caught:
        hs.regress(make(tmp_path))
    assert "bad." in str(caught.value)


def test_bad_regressors_are_refused(tmp_path: Path) -> None:
    with pytest.raises(hs.StudioError, match="damaged sparse matrix"):
        read_regressor(bad_sparse(tmp_path))
    np.savez(tmp_path / "n.npz", other=np.zeros(3))
    with pytest.raises(hs.StudioError, match=r"no J_regressor \(it has other\)"):
        read_regressor(tmp_path / "n.npz")
    with pytest.raises(hs.StudioError, match="choose the body and the regressor"):
        hs.regress(BETAS, regressor=np.zeros((3, 100)))
    with pytest.raises(hs.StudioError, match="no joint set 'x'"):
        hs.regress(BETAS, set_name="x")


def test_the_users_body_is_loaded_with_its_regressor(tmp_path: Path) -> None:
    arrays = random_model("smpl", with_posedirs=False)
    body = load_body(write_model(tmp_path / "body.npz", arrays))
    assert body.joint_regressor is not None
    np.testing.assert_allclose(body.joint_regressor, arrays["J_regressor"], atol=1e-7)
    made = hs.regress(np.zeros(10), body, "body25")
    heel = arrays["v_template"][3387]
    np.testing.assert_allclose(made[21], heel, atol=1e-6)
