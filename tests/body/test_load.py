"""Body files of every kind and condition, and the landmark sets on them."""

import pickle

import numpy as np
import pytest
import scipy.sparse as sp

from hpe_studio.body import load_body, open_body, skin
from hpe_studio.body.landmarks import LANDMARK_SETS, VERTICES
from hpe_studio.core.errors import StudioError
from hpe_studio.core.pointsets import lateral_sign
from hpe_studio.core.skeleton import landmark_set, skeleton_for
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m
from tests.body.synthetic import KINDS, random_model, write_model
from tests.body.test_unpickle import Attack, chumpy_pickle

VERTEX_COUNT = 300


@pytest.fixture(scope="module")
def arrays():
    return random_model(vertex_count=VERTEX_COUNT)


def same_mesh(body, arrays):
    np.testing.assert_allclose(body.v_template, arrays["v_template"], atol=1e-7)
    np.testing.assert_allclose(body.weights.dense(24), arrays["weights"], atol=1e-7)
    rest = arrays["J_regressor"] @ arrays["v_template"]
    np.testing.assert_allclose(body.joint_model.joints_m, rest, atol=1e-6)
    np.testing.assert_allclose(
        body.posedirs.T.reshape(VERTEX_COUNT, 3, 207), arrays["posedirs"], atol=1e-7
    )


@pytest.mark.parametrize("ending", [".npz", ".pkl"])
def test_npz_and_pickle_give_the_same_body(tmp_path, arrays, ending):
    body = load_body(write_model(tmp_path / f"SMPL_NEUTRAL{ending}", arrays))
    same_mesh(body, arrays)
    assert body.name == "SMPL_NEUTRAL"
    assert body.skeleton == skeleton_for(24)
    assert body.faces.shape == (2 * VERTEX_COUNT - 4, 3)


def test_the_content_decides_and_not_the_ending(tmp_path, arrays):
    path = write_model(tmp_path / "body.npz", arrays).rename(tmp_path / "body.pkl")
    assert load_body(path).vertex_count == VERTEX_COUNT


def test_files_as_smpl_offers_them_are_read(tmp_path, arrays):
    """Chumpy shape directions, sparse regressor, Python 2's protocol."""
    chumpy = chumpy_pickle(arrays["shapedirs"], protocol=2)
    rest = {k: v for k, v in arrays.items() if k != "shapedirs"}
    rest["J_regressor"] = sp.csc_matrix(arrays["J_regressor"])
    rest["bs_style"] = "lbs"
    # Two pickled dictionaries as one: the second's items are added to the first.
    body_items = pickle.dumps(rest, protocol=2)
    start = body_items.index(b"(", 2)
    joined = chumpy[:-1] + body_items[start:]
    path = tmp_path / "basicmodel_neutral.pkl"
    path.write_bytes(joined)
    body = load_body(path)
    same_mesh(body, arrays)
    np.testing.assert_allclose(body.shapedirs, arrays["shapedirs"], atol=1e-7)


def test_smplx_splits_shape_from_expression_and_brings_the_hands_mean(tmp_path):
    arrays = random_model("smplx", vertex_count=VERTEX_COUNT)
    body = load_body(write_model(tmp_path / "SMPLX_NEUTRAL.npz", arrays))
    assert (body.beta_count, body.expression_count) == (10, 10)
    np.testing.assert_allclose(
        body.expressiondirs, arrays["shapedirs"][..., 10:], atol=1e-7
    )
    np.testing.assert_allclose(
        body.mean_pose_rad[25:40].ravel(), arrays["hands_meanl"], atol=1e-6
    )
    assert not body.mean_pose_rad[:25].any()
    corner = landmark_set("mediapipe33").index("left_mouth")
    assert corner in body.joint_model.landmarks["mediapipe33"].index
    few = load_body(tmp_path / "SMPLX_NEUTRAL.npz", beta_count=4, expression_count=3)
    assert (few.beta_count, few.expression_count) == (4, 3)


def broken(arrays, **changes):
    return {k: v for k, v in {**arrays, **changes}.items() if v is not None}


BROKEN = {
    "lacks weights": {"weights": None},
    "lacks v_template": {"v_template": None},
    "v_template has shape": {"v_template": np.zeros((300, 2))},
    "J_regressor has shape": {"J_regressor": np.zeros((24, 100))},
    "not numbers": {"v_template": np.full((300, 3), np.nan)},
    "vertices that do not exist": {"f": np.full((10, 3), 300)},
    "children before their parents": {"kintree_table": np.full((2, 24), 23)},
    "kintree_table does not fit": {"kintree_table": np.zeros((2, 5), int)},
    "posedirs has shape": {"posedirs": np.zeros((300, 3, 100))},
    "shapedirs has shape": {"shapedirs": np.array(["a", "b"])},
}


@pytest.mark.parametrize("what", BROKEN)
def test_files_that_do_not_fit_together_are_refused(tmp_path, arrays, what):
    path = write_model(tmp_path / "odd.npz", broken(arrays, **BROKEN[what]))
    with pytest.raises(StudioError, match=what) as caught:
        load_body(path)
    assert "odd.npz" in str(caught.value)
    assert "choose an SMPL" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"text", pickle.dumps([1, 2, 3]), b"PK12"])
def test_files_that_are_no_body_are_refused(tmp_path, content):
    path = tmp_path / "other.pkl"
    path.write_bytes(content)
    with pytest.raises(StudioError, match=r"other\.pkl"):
        load_body(path)
    with pytest.raises(StudioError, match=r"missing\.npz.*cannot be read"):
        load_body(tmp_path / "missing.npz")


def test_a_body_that_runs_code_is_refused_and_not_run(tmp_path, arrays):
    witness = tmp_path / "was_here"
    path = tmp_path / "evil.pkl"
    path.write_bytes(pickle.dumps({**arrays, "f": Attack(open, str(witness), "w")}))
    with pytest.raises(StudioError, match=r"asks to run io\.open"):
        load_body(path)
    assert not witness.exists()


@pytest.mark.parametrize("count", [24, 52, 55])
def test_open_body_has_every_joint_count_on_one_mesh(count):
    body = open_body(count)
    assert open_body(count) is body
    assert body.skeleton == skeleton_for(count)
    assert body.vertex_count == open_body(24).vertex_count
    assert body.posedirs is None
    assert (body.beta_count, body.expression_count) == (10, 10)
    np.testing.assert_allclose(body.weights.dense(count).sum(1), 1, atol=1e-5)
    np.testing.assert_allclose(
        body.joint_model.joints_m[:22], open_body(24).joint_model.joints_m[:22]
    )


def test_open_body_is_a_person_in_smpls_rest_pose():
    body = open_body()
    joints = dict(
        zip(body.skeleton.joint_names, body.joint_model.joints_m, strict=True)
    )
    assert 1.6 < np.ptp(body.v_template[:, 1]) < 1.8
    assert joints["left_wrist"][0] > 0.6  # left at +X, arms out
    assert abs(joints["left_wrist"][1] - joints["left_shoulder"][1]) < 0.05
    assert joints["left_foot"][2] > joints["left_ankle"][2] + 0.08  # facing +Z
    assert joints["head"][1] > joints["pelvis"][1] > joints["left_knee"][1]
    corners = body.v_template[body.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    litres = 1000 * np.sum(corners[:, 0] * normals) / 6
    assert 45 < litres < 80  # positive: faces look outwards


def test_open_body_grows_with_its_first_beta_and_its_jaw_opens():
    body = open_body(55)
    tall, short = (body.shaped(np.array([b])).vertices_m for b in (2.0, -2.0))
    assert np.ptp(tall[:, 1]) > np.ptp(short[:, 1]) + 0.15
    jaw = np.eye(10)[body.expression_names.index("jaw_open")]
    moved = body.shaped(np.zeros(10), expression=jaw).vertices_m - body.v_template
    lowest = np.abs(moved).max(1).argmax()
    assert moved[lowest, 1] < -0.002
    assert np.abs(moved[body.v_template[:, 1] < 0]).max() < 1e-6


@pytest.mark.parametrize(
    "name", ["mediapipe33", "coco17", "coco18", "coco19", "body25", "body25b"]
)
@pytest.mark.parametrize("count", [24, 55])
def test_landmarks_follow_the_posed_mesh_and_are_symmetric(name, count):
    body = open_body(count)
    betas = np.random.default_rng(0).normal(0, 1, 10)
    shaped = body.shaped(betas, scale=1.1)
    pose = np.random.default_rng(1).normal(0, 0.3, (count, 3))
    root = np.array([1.0, 2.0, 3.0])
    posed = skin(body, pose, root_m=root, betas=betas, scale=1.1)
    args = (body.joint_model, name, posed.joints_m, posed.rotations, betas, 1.1)
    points = dict(zip(landmark_set(name).names, landmarks_m(*args), strict=True))
    assert all(np.isfinite(p).all() for p in points.values())
    np.testing.assert_allclose(points["left_knee"], posed.joints_m[4], atol=1e-9)
    nearest = np.linalg.norm(posed.vertices_m - points["nose"], axis=1).min()
    assert nearest < 1e-5  # the nose is a vertex of the skinned mesh
    rest, turns = forward_kinematics(
        body.skeleton.parents, shaped.rest_joints_m, 0 * pose, np.zeros(3)
    )
    still = landmarks_m(body.joint_model, name, rest, turns, np.zeros(10))
    mirrored = still[list(landmark_set(name).mirror_permutation())] * [-1, 1, 1]
    assert np.abs(still - mirrored).max() < 0.004


def rest_points(count, name, betas=None):
    """Landmarks of the open body at rest by name, and the set's points."""
    body = open_body(count)
    shape = np.zeros(10) if betas is None else betas
    posed = skin(body, np.zeros((count, 3)), root_m=np.zeros(3), betas=shape)
    args = (body.joint_model, name, posed.joints_m, posed.rotations, shape)
    return dict(zip(landmark_set(name).names, landmarks_m(*args), strict=True)), posed


@pytest.mark.parametrize(
    ("name", "count"), [("smpl24", 24), ("smplh52", 52), ("smplx55", 55)]
)
def test_sets_of_the_smpl_family_are_the_joints(name, count):
    points, posed = rest_points(count, name, np.linspace(-1, 1, 10))
    np.testing.assert_allclose(list(points.values()), posed.joints_m, atol=1e-6)


@pytest.mark.parametrize("name", LANDMARK_SETS)
def test_every_set_is_symmetric_on_the_body_and_sided(name):
    points, _ = rest_points(55, name)
    marks = landmark_set(name)
    places = np.array(list(points.values()))
    known = np.isfinite(places[:, 0])
    assert known.mean() > (0.0 if name == "face70" else 0.9) - 1e-9
    if "hand21" in name or name == "face70":
        return
    mirrored = places[list(marks.mirror_permutation())] * [-1, 1, 1]
    assert np.abs(places - mirrored)[known].max() < 0.006
    assert lateral_sign(places, name) == 1.0


def test_heads_hips_and_hands_lie_where_people_have_them():
    points, posed = rest_points(24, "h36m17")
    highest = posed.vertices_m[posed.vertices_m[:, 1].argmax()]
    assert np.linalg.norm(points["head_top"] - highest) < 0.02
    assert np.linalg.norm(points["left_hip"] - points["right_hip"]) == pytest.approx(
        0.26, abs=1e-3
    )
    neck, jaw, top = (points[n][1] for n in ("neck", "jaw", "head_top"))
    assert neck < jaw < top
    for side, sign in (("left", 1), ("right", -1)):
        hand, _ = rest_points(55, f"{side}_hand21")
        chain = [hand[f"{side}_wrist"][0]]
        chain += [hand[f"{side}_middle{k}"][0] for k in ("1", "2", "3", "_tip")]
        assert (np.diff(sign * np.array(chain)) > 0.01).all()


def test_hips_are_wider_than_smpls_and_stay_with_the_pelvis():
    body = open_body()
    pose = np.zeros((24, 3))
    pose[1] = [-1.2, 0, 0.5]  # a raised leg must not move the hip
    for name, width in (("mediapipe33", 0.21), ("coco17", 0.22)):
        for joints_rad in (np.zeros((24, 3)), pose):
            posed = skin(body, joints_rad, root_m=np.zeros(3))
            args = (posed.joints_m, posed.rotations, np.zeros(10))
            points = landmarks_m(body.joint_model, name, *args)
            left = points[landmark_set(name).index("left_hip")]
            right = points[landmark_set(name).index("right_hip")]
            assert np.linalg.norm(left - right) == pytest.approx(width, abs=1e-3)


def test_fingers_of_mediapipe_are_knuckles():
    wide, small = open_body(55), open_body(24)
    index = landmark_set("mediapipe33").index("left_index")
    places = []
    for body in (wide, small):
        posed = skin(body, np.zeros((body.joint_count, 3)), root_m=np.zeros(3))
        args = (posed.joints_m, posed.rotations, np.zeros(10))
        points = landmarks_m(body.joint_model, "mediapipe33", *args)
        places.append(points[index])
        if body is wide:
            knuckle = posed.joints_m[wide.skeleton.index("left_index1")]
            np.testing.assert_allclose(points[index], knuckle, atol=1e-9)
    assert np.linalg.norm(places[0] - places[1]) < 0.003


@pytest.mark.parametrize("kind", KINDS)
def test_users_bodies_have_landmarks_by_their_mesh(tmp_path, kind):
    arrays = random_model(kind, with_posedirs=False)
    body = load_body(write_model(tmp_path / "body.npz", arrays))
    assert body.posedirs is None
    posed = skin(body, np.zeros((body.joint_count, 3)), root_m=np.zeros(3))
    args = (posed.joints_m, posed.rotations, np.zeros(10))
    points = landmarks_m(body.joint_model, "body25", *args)
    names = landmark_set("body25").names
    assert np.isfinite(points).all()
    for name in ("nose", "left_ear", "right_heel", "left_big_toe"):
        vertex = VERTICES[body.vertex_count][name]
        np.testing.assert_allclose(
            points[names.index(name)], posed.vertices_m[vertex], atol=1e-5
        )
