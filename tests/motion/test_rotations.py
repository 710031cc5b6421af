"""Rotations against worked numbers, against scipy, and at their awkward places."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from hpe_studio.motion import rotations as rot


def random_rotvecs(*shape, seed=0):
    rng = np.random.default_rng(seed)
    return Rotation.random(int(np.prod(shape)), rng).as_rotvec().reshape(*shape, 3)


def z_deg(angle):
    return np.array([0.0, 0.0, np.radians(angle)])


def awkward_rotvecs():
    """Zero, tiny, nearly half and exactly half a turn, about odd axes."""
    axes = np.vstack([np.eye(3), -np.eye(3), random_rotvecs(20, seed=3)])
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    angles = np.array([0, 1e-300, 1e-16, 1e-9, 1e-4, 1, 3.1, np.pi - 1e-9, np.pi])
    return (axes[:, None] * angles[:, None]).reshape(-1, 3)


def test_matrices_and_quaternions_agree_with_scipy():
    v = np.vstack([random_rotvecs(500), awkward_rotvecs()])
    peer = Rotation.from_rotvec(v)
    np.testing.assert_allclose(rot.matrix_from_rotvec(v), peer.as_matrix(), atol=1e-14)
    np.testing.assert_allclose(
        rot.quaternion_from_rotvec(v), peer.as_quat(scalar_first=True), atol=1e-14
    )


def test_every_form_leads_back_to_the_same_rotation():
    v = np.vstack([random_rotvecs(500), awkward_rotvecs()])
    by_matrix = rot.rotvec_from_matrix(rot.matrix_from_rotvec(v))
    by_quaternion = rot.rotvec_from_quaternion(-rot.quaternion_from_rotvec(v))
    below_half_turn = np.linalg.norm(v, axis=1) < np.pi - 1e-10
    np.testing.assert_allclose(
        by_matrix[below_half_turn], v[below_half_turn], atol=1e-8
    )
    np.testing.assert_allclose(
        by_quaternion[below_half_turn], v[below_half_turn], atol=1e-12
    )
    assert rot.geodesic_rad(by_matrix, v).max() < 1e-8
    assert np.linalg.norm(by_matrix, axis=1).max() <= np.pi + 1e-14


def test_angles_beyond_pi_are_folded_and_others_left_to_the_bit():
    v = random_rotvecs(50)
    longer = v * (1 - 2 * np.pi / np.linalg.norm(v, axis=1, keepdims=True))
    np.testing.assert_allclose(rot.canonical(longer), v, atol=1e-12)
    assert np.array_equal(rot.canonical(v), v)


def test_compose_applies_the_right_one_first():
    a, b = random_rotvecs(2, 100)
    expected = Rotation.from_rotvec(a) * Rotation.from_rotvec(b)
    np.testing.assert_allclose(rot.compose(a, b), expected.as_rotvec(), atol=1e-12)
    assert np.abs(rot.compose(a, rot.inverse(a))).max() < 1e-15


def test_geodesic_distance_of_two_z_turns():
    distance = rot.geodesic_rad(np.array([0, 0, 0.1]), np.array([0, 0, 0.4]))
    assert np.degrees(distance) == pytest.approx(17.188734, abs=1e-6)


def test_slerp_quarter_of_a_right_angle():
    quarter = rot.slerp(np.zeros(3), z_deg(90), 0.25)
    q = rot.quaternion_from_rotvec(quarter)
    np.testing.assert_allclose(q, [0.980785, 0, 0, 0.195090], atol=1e-6)


def test_slerp_gives_its_ends_to_the_bit_even_beside_missing_ones():
    a, b = random_rotvecs(2, 40).astype(np.float32)
    assert np.array_equal(rot.slerp(a, b, np.zeros(40)), a)
    assert np.array_equal(rot.slerp(a, b, np.ones(40)), b)
    missing = np.full(3, np.nan)
    assert np.array_equal(rot.slerp(a[0], missing, 0.0), a[0])
    assert np.array_equal(rot.slerp(missing, b[0], 1.0), b[0])
    assert np.isnan(rot.slerp(a[0], missing, 0.5)).all()


def test_slerp_takes_the_short_way_across_the_half_turn():
    middle = rot.slerp(z_deg(170), z_deg(-170), 0.5)
    assert abs(middle[2]) == pytest.approx(np.pi)
    t = np.linspace(0, 1, 11)
    path = rot.slerp(z_deg(170), z_deg(-170), t)
    steps = rot.geodesic_rad(path[1:], path[:-1])
    np.testing.assert_allclose(np.degrees(steps), 2.0, atol=1e-9)


def test_mean_of_identity_and_right_angle():
    pair = np.stack([np.zeros(3), z_deg(90)])
    np.testing.assert_allclose(rot.mean_rotation(pair), z_deg(45), atol=1e-12)
    np.testing.assert_allclose(
        rot.mean_rotation(pair, np.array([0.0, 2.0])), z_deg(90), atol=1e-12
    )


def test_mean_ignores_missing_entries_of_no_weight_only():
    group = np.stack([np.full(3, np.nan), z_deg(30)])
    np.testing.assert_allclose(
        rot.mean_rotation(group, np.array([0.0, 1.0])), z_deg(30), atol=1e-12
    )
    both = np.stack([group, np.stack([z_deg(10), z_deg(20)])])
    mean = rot.mean_rotation(both)
    assert np.isnan(mean[0]).all()
    np.testing.assert_allclose(mean[1], z_deg(15), atol=1e-12)


def test_unwrapped_follows_several_turns_and_a_gap():
    angles = np.linspace(0, 5 * np.pi, 60)
    axis = np.array([0.6, 0.0, -0.8])
    folded = rot.canonical(angles[:, None] * axis)
    folded[20:23] = np.nan
    smooth = rot.unwrapped(folded)
    assert np.isnan(smooth[20:23]).all()
    kept = np.r_[0:20, 23:60]
    np.testing.assert_allclose(smooth[kept], (angles[:, None] * axis)[kept], atol=1e-9)


def test_unwrapped_passes_through_the_identity_after_a_whole_turn():
    angles = np.linspace(0, 4 * np.pi, 9)[:, None] * np.array([0, 1.0, 0])
    folded = rot.canonical(angles)
    folded[4] = 0.0  # exactly the identity: no axis of its own
    steps = np.diff(rot.unwrapped(folded), axis=0)
    assert np.linalg.norm(steps, axis=1).max() < np.pi / 2 + 1e-6


def test_swing_twist_about_y():
    matrix = rot.matrix_from_euler_deg(np.array([30.0, 40.0, 20.0]), "ZYX")
    v = rot.rotvec_from_matrix(matrix)
    np.testing.assert_allclose(
        rot.quaternion_from_rotvec(v),
        [0.909255, 0.070439, 0.367580, 0.182148],
        atol=1e-6,
    )
    swing, twist = rot.swing_twist(v, np.array([0.0, 2.0, 0.0]))
    assert np.degrees(np.linalg.norm(twist)) == pytest.approx(44.0235, abs=1e-4)
    assert np.degrees(np.linalg.norm(swing)) == pytest.approx(22.5237, abs=1e-4)
    np.testing.assert_allclose(rot.compose(swing, twist), v, atol=1e-12)
    assert abs(swing[1]) < 1e-12


def test_half_turn_swing_has_no_twist():
    v = np.array([np.pi, 0.0, 0.0])
    swing, twist = rot.swing_twist(v, np.array([0.0, 1.0, 0.0]))
    assert np.abs(twist).max() == 0
    assert rot.geodesic_rad(swing, v) < 1e-12


def test_euler_angles_of_the_worked_example():
    matrix = rot.matrix_from_rotvec(np.array([0.3, 0.5, -0.4]))
    zyx = rot.euler_deg_from_matrix(matrix, "ZYX")
    np.testing.assert_allclose(zyx, [-20.198095, 31.124805, 12.118679], atol=1e-6)
    zxy = rot.euler_deg_from_matrix(matrix, "ZXY")
    np.testing.assert_allclose(zxy, [-26.531482, 10.353186, 31.699160], atol=1e-6)


@pytest.mark.parametrize("order", rot.EULER_ORDERS)
def test_euler_angles_of_every_order_agree_with_scipy(order):
    peer = Rotation.from_rotvec(random_rotvecs(200))
    matrix = peer.as_matrix()
    angles = rot.euler_deg_from_matrix(matrix, order)
    np.testing.assert_allclose(angles, peer.as_euler(order, degrees=True), atol=1e-9)
    np.testing.assert_allclose(
        rot.matrix_from_euler_deg(angles, order), matrix, atol=1e-13
    )


@pytest.mark.parametrize("order", rot.EULER_ORDERS)
@pytest.mark.parametrize("off_deg", [0.0, 1e-10, 1e-6, 1e-3])
@pytest.mark.parametrize("lock_deg", [90.0, -90.0])
def test_euler_angles_in_and_near_gimbal_lock_give_the_matrix_back(
    order, off_deg, lock_deg
):
    wanted = np.array([25.0, lock_deg + off_deg, -70.0])
    matrix = rot.matrix_from_euler_deg(wanted, order)
    angles = rot.euler_deg_from_matrix(matrix, order)
    np.testing.assert_allclose(
        rot.matrix_from_euler_deg(angles, order), matrix, atol=2e-9
    )
    if off_deg == 0:
        assert abs(angles[2]) < 1e-5


def test_unwrapped_euler_angles_do_not_jump():
    t = np.linspace(0, 1, 200)
    path = np.stack([40 * np.sin(9 * t), 260 * t, 500 * t], axis=-1)
    matrix = rot.matrix_from_euler_deg(path, "ZXY")
    raw = rot.euler_deg_from_matrix(matrix, "ZXY")
    assert np.abs(np.diff(raw, axis=0)).max() > 100
    smooth = rot.unwrapped_euler_deg(raw)
    assert np.abs(np.diff(smooth, axis=0)).max() < 5
    np.testing.assert_allclose(
        rot.matrix_from_euler_deg(smooth, "ZXY"), matrix, atol=1e-12
    )


def test_unknown_euler_order_is_refused():
    with pytest.raises(ValueError, match="XYX"):
        rot.matrix_from_euler_deg(np.zeros(3), "XYX")


@pytest.mark.parametrize(
    "function",
    [
        rot.matrix_from_rotvec,
        rot.quaternion_from_rotvec,
        rot.canonical,
        rot.inverse,
        lambda v: rot.compose(v, v),
        lambda v: rot.geodesic_rad(v, v + 0.1),
        lambda v: rot.slerp(v, v + 0.1, 0.3),
        lambda v: rot.rotvec_from_matrix(rot.matrix_from_rotvec(v)),
        lambda v: rot.euler_deg_from_matrix(rot.matrix_from_rotvec(v), "ZYX"),
        lambda v: np.stack(rot.swing_twist(v, np.array([1.0, 0, 0])), axis=1),
    ],
)
def test_missing_entries_stay_missing_and_touch_no_other(function):
    v = random_rotvecs(7)
    with_gap = v.copy()
    with_gap[3] = np.nan
    whole, gapped = function(v), function(with_gap)
    assert np.isnan(gapped[3]).all()
    others = [0, 1, 2, 4, 5, 6]
    assert np.array_equal(whole[others], gapped[others])
