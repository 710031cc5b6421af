"""Skinning against the reference implementation on the same files."""

import numpy as np
import pytest

from hpe_studio.body import load_body, skin
from hpe_studio.body import skinning as skinning_module
from hpe_studio.body.load import body_from_arrays
from hpe_studio.body.skinning import posedirs_error_m
from hpe_studio.motion import kinematics
from hpe_studio.motion.kinematics import forward_kinematics, smpl_transl_m
from tests.body.synthetic import KINDS, random_model, write_model


def random_pose(joints, *lead, seed=1, spread=0.5):
    return np.random.default_rng(seed).normal(0, spread, (*lead, joints, 3))


def reference(kind, path, pose, betas, transl, expression):
    """Vertices and joints of the smplx package for one pose."""
    smplx = pytest.importorskip("smplx")
    torch = pytest.importorskip("torch")

    def tensor(values):
        return torch.tensor(np.asarray(values, np.float32).reshape(1, -1))

    model = {"smpl": smplx.SMPL, "smplh": smplx.SMPLH, "smplx": smplx.SMPLX}[kind]
    parts = {"global_orient": pose[0], "betas": betas, "transl": transl}
    options = {}
    if kind == "smpl":
        parts["body_pose"] = pose[1:]
    else:
        parts["body_pose"] = pose[1:22]
        parts["left_hand_pose"], parts["right_hand_pose"] = pose[-30:-15], pose[-15:]
        options = {"use_pca": False, "flat_hand_mean": True, "ext": path.suffix[1:]}
    if kind == "smplx":
        parts["jaw_pose"], parts["leye_pose"], parts["reye_pose"] = pose[22:25]
        parts["expression"] = expression
    with torch.no_grad():
        made = model(str(path), **options)
        out = made(**{name: tensor(values) for name, values in parts.items()})
    return out.vertices[0].numpy(), out.joints[0].numpy()


@pytest.mark.parametrize(
    ("kind", "ending"), [("smpl", ".pkl"), ("smplh", ".pkl"), ("smplx", ".npz")]
)
def test_vertices_and_joints_equal_smplx_on_the_same_file(tmp_path, kind, ending):
    path = write_model(tmp_path / f"{kind.upper()}_NEUTRAL{ending}", random_model(kind))
    body = load_body(path)
    joints = KINDS[kind][1]
    assert body.joint_count == joints
    rng = np.random.default_rng(4)
    pose, betas = random_pose(joints), rng.normal(0, 1.5, 10)
    expression = rng.normal(0, 1, 10) if kind == "smplx" else np.zeros(0)
    root = np.array([0.4, 1.1, 4.0])
    rest = body.shaped(betas, expression=expression).rest_joints_m
    transl = root - rest[0]
    if kind != "smplx":
        np.testing.assert_allclose(
            smpl_transl_m(body.joint_model, root, betas), transl, atol=1e-12
        )
    vertices, places = reference(kind, path, pose, betas, transl, expression)
    posed = skin(body, pose, root_m=root, betas=betas, expression=expression)
    assert np.abs(posed.vertices_m - vertices).max() < 1e-5
    assert np.abs(posed.joints_m - places[:joints]).max() < 1e-5
    assert np.abs(vertices - body.v_template).max() > 0.5  # the pose did something


@pytest.fixture(scope="module")
def body():
    return body_from_arrays(random_model(vertex_count=700), name="synthetic")


def test_compiled_and_numpy_skinning_agree_within_the_bound(body, monkeypatch):
    pose, betas = random_pose(24, 3), np.array([1.0, -2.0])
    root = np.random.default_rng(0).normal(size=(3, 3))
    fast = skin(body, pose, root_m=root, betas=betas, scale=1.2)
    assert skinning_module._compiled_loop() is not None
    monkeypatch.setattr(skinning_module, "_compiled_loop", lambda: None)
    monkeypatch.setattr(kinematics, "_compiled", lambda: None)
    plain = skin(body, pose, root_m=root, betas=betas, scale=1.2)
    worst = np.abs(fast.vertices_m - plain.vertices_m).max()
    assert worst < min(5e-6, posedirs_error_m(body))


def test_frames_at_once_equal_one_by_one(body):
    pose = random_pose(24, 4)
    pose[:, 20:] = 0  # joints at rest are skipped; that must not show
    root = np.random.default_rng(0).normal(size=(4, 3))
    shape = {"betas": np.random.default_rng(1).normal(size=10), "scale": 1.1}
    frames = skin(
        body, pose.reshape(2, 2, 24, 3), root_m=root.reshape(2, 2, 3), **shape
    )
    assert frames.vertices_m.shape == (2, 2, 700, 3)
    for at, (p, r) in enumerate(zip(pose, root, strict=True)):
        alone = skin(body, p, root_m=r, **shape)
        np.testing.assert_allclose(
            frames.vertices_m.reshape(4, 700, 3)[at], alone.vertices_m, atol=1e-6
        )


def test_the_root_stays_whatever_shape_and_scale(body):
    root = np.array([1.0, 2.0, 3.0])
    pose = random_pose(24)
    for betas, scale in ((np.zeros(10), 1.0), (np.full(10, 2.0), 0.7)):
        posed = skin(body, pose, root_m=root, betas=betas, scale=scale)
        assert np.array_equal(posed.joints_m[0], root)
        rest = body.joint_model.rest_joints_m(betas, scale=scale)
        joints, _ = forward_kinematics(body.skeleton.parents, rest, pose, root)
        np.testing.assert_allclose(posed.joints_m, joints, atol=1e-12)


def test_scale_makes_the_whole_body_larger_about_its_root(body):
    pose, root = random_pose(24), np.array([1.0, 2.0, 3.0])
    plain = skin(body, pose, root_m=root).vertices_m - root
    large = skin(body, pose, root_m=root, scale=2.0).vertices_m - root
    np.testing.assert_allclose(large, 2 * plain, atol=2e-5)


def test_a_missing_frame_is_missing_and_no_other(body):
    pose = random_pose(24, 3)
    root = np.zeros((3, 3))
    whole = skin(body, pose, root_m=root).vertices_m
    pose[1] = np.nan
    gapped = skin(body, pose, root_m=root).vertices_m
    assert np.isnan(gapped[1]).all()
    assert np.array_equal(gapped[[0, 2]], whole[[0, 2]])


def test_a_pose_of_another_skeleton_is_refused(body):
    with pytest.raises(ValueError, match="52 joints on a body of 24"):
        skin(body, random_pose(52), root_m=np.zeros(3))


def test_decimated_body_moves_as_the_full_one():
    full = body_from_arrays(sphere_model(), name="sphere")
    coarse = full.decimated(300)
    assert len(coarse.faces) <= 320
    assert coarse.decimated(10_000) is coarse
    assert full.decimated(300) is coarse
    pose, betas = random_pose(24, spread=0.2), np.ones(10)
    fine = skin(full, pose, root_m=np.zeros(3), betas=betas).vertices_m
    posed = skin(coarse, pose, root_m=np.zeros(3), betas=betas).vertices_m
    template = {tuple(v): i for i, v in enumerate(full.v_template.tolist())}
    same = [template[tuple(v)] for v in coarse.v_template.tolist()]
    np.testing.assert_allclose(posed, fine[same], atol=2e-6)


def sphere_model():
    """A random model whose mesh is a closed surface, so that it can be thinned."""
    rows, columns = 20, 30
    height, turn = np.meshgrid(
        np.linspace(0, np.pi, rows + 2)[1:-1],
        np.linspace(0, 2 * np.pi, columns, endpoint=False),
        indexing="ij",
    )
    ring = np.stack(
        [np.sin(height) * np.cos(turn), np.cos(height), np.sin(height) * np.sin(turn)],
        -1,
    ).reshape(-1, 3)
    vertices = np.vstack([ring, [[0, 1, 0], [0, -1, 0]]])
    faces = []
    for r in range(rows):
        for c in range(columns):
            a, b = r * columns + c, r * columns + (c + 1) % columns
            if r == 0:
                faces.append((len(ring), b, a))
            if r == rows - 1:
                faces.append((len(ring) + 1, a, b))
            else:
                faces += [(a, b, a + columns), (b, b + columns, a + columns)]
    arrays = random_model(vertex_count=len(vertices))
    return arrays | {"v_template": vertices, "f": np.array(faces)}
