"""The compiled mathematics of the fit against plain numbers."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.motion.fitting_arrays import PullArrays, State
from hpe_studio.motion.fitting_kernels import (
    exp_so3,
    inverse_right_jacobian,
    log_so3,
)
from hpe_studio.motion.fitting_problem import (
    BodyShape,
    FitOptions,
    body_arrays,
    frame_arrays,
    ideal_pixels,
    prepare,
    prior_arrays,
)
from hpe_studio.motion.fitting_residuals import assemble
from hpe_studio.motion.fitting_root import solve_root
from hpe_studio.motion.fitting_solver import apply_step, solve_cholesky
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from tests.motion.fitting_scene import moving_scene


def rotvecs() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    near_half_turn = np.array([0.0, 3.1415, 0.0])
    tiny = np.array([1e-8, -2e-8, 0.0])
    return [*rng.normal(0, 1, (20, 3)), near_half_turn, -near_half_turn, tiny]


def test_exponential_and_logarithm_agree_with_the_library() -> None:
    for vector in rotvecs():
        matrix, back = np.empty((3, 3)), np.empty(3)
        exp_so3(vector, matrix)
        np.testing.assert_allclose(matrix, matrix_from_rotvec(vector), atol=1e-12)
        log_so3(matrix, back)
        np.testing.assert_allclose(back, rotvec_from_matrix(matrix), atol=1e-9)


def test_the_logarithms_derivative_is_right() -> None:
    for vector in rotvecs()[:20]:
        jacobian = np.empty((3, 3))
        inverse_right_jacobian(vector, jacobian)
        h, matrix = 1e-6, matrix_from_rotvec(vector)
        numeric = np.stack(
            [
                rotvec_from_matrix(matrix @ matrix_from_rotvec(h * axis))
                - rotvec_from_matrix(matrix @ matrix_from_rotvec(-h * axis))
                for axis in np.eye(3)
            ],
            axis=1,
        ) / (2 * h)
        np.testing.assert_allclose(jacobian, numeric, atol=1e-6)


def problem(*, noise: float = 1.0):
    """A body off its observations, tied to another pose, knees beyond their limit."""
    scene = moving_scene(seed=3, frames=2, noise_px=5 * noise, noise_m=0.03 * noise)
    options = FitOptions()
    marks = scene.model.landmarks["mediapipe33"]
    seen = prepare(scene.tracklet, scene.camera, landmarks=marks, options=options)
    shape = BodyShape(betas=np.array([0.4, -0.3]))
    body = body_arrays(scene.model, landmarks=marks, shape=shape, free_shape=True)
    rng = np.random.default_rng(1)
    joints = scene.joints_rad[0] + rng.normal(0, 0.15 * noise, (24, 3))
    joints[body.column < 0] = 0.0
    if noise == 1.0:
        joints[4, 0] = -0.4
    state = State(
        matrix_from_rotvec(joints),
        scene.root_m[0] + rng.normal(0, 0.05 * noise, 3),
        rng.normal(0, 0.05 * noise, 3),
    )
    tie = PullArrays(
        matrix_from_rotvec(scene.joints_rad[1]),
        np.full(24, 3.0),
        scene.root_m[1],
        np.array([20.0, 20.0, 5.0]),
    )
    arrays = frame_arrays(seen, 0, depth_m=4.0, options=options)
    prior = prior_arrays(scene.model, landmark_name=marks.name, weight=0.7)
    return scene, shape, body, prior, arrays, tie, state


def cost_after(parts, step: np.ndarray) -> float:
    scene, shape, body, prior, arrays, tie, state = parts
    moved = State(np.empty_like(state.rotations), np.empty(3), np.empty(3))
    apply_step(body, state, step[: body.unknowns + 6], moved)
    betas = shape.betas + step[body.unknowns + 6 :]
    changed = body_arrays(
        scene.model,
        landmarks=scene.model.landmarks["mediapipe33"],
        shape=BodyShape(betas=betas),
    )
    n = body.unknowns + 6
    return assemble(changed, prior, arrays, tie, moved, np.empty((n, n)), np.empty(n))


def test_the_gradient_is_the_costs_derivative() -> None:
    parts = problem()
    _, _, body, prior, arrays, tie, state = parts
    n = body.unknowns + 6 + 2
    hessian, gradient = np.empty((n, n)), np.empty(n)
    cost = assemble(body, prior, arrays, tie, state, hessian, gradient)
    assert cost == pytest.approx(cost_after(parts, np.zeros(n)))
    h = 1e-6
    numeric = np.array(
        [
            (cost_after(parts, h * e) - cost_after(parts, -h * e)) / (2 * h)
            for e in np.eye(n)
        ]
    )
    # The step solves H d = g, so g is minus half the slope of the sum of squares.
    np.testing.assert_allclose(-2 * gradient, numeric, rtol=1e-4, atol=1e-3)


def test_the_hessian_is_that_of_the_linearised_residuals() -> None:
    parts = problem(noise=0.1)
    _, _, body, prior, arrays, tie, state = parts
    # Without robustness a noise-free Gauss-Newton matrix is the true one near 0 error.
    wide = arrays._replace(robust_m=np.array([1e3, 1e3]))
    n = body.unknowns + 6 + 2
    hessian, gradient = np.empty((n, n)), np.empty(n)
    assemble(body, prior, wide, tie, state, hessian, gradient)
    full = np.tril(hessian) + np.tril(hessian, -1).T
    assert np.linalg.eigvalsh(full).min() > 0
    lowered = (*parts[:4], wide, *parts[5:])
    step = np.linalg.solve(full, gradient)
    gain = cost_after(lowered, np.zeros(n)) - cost_after(lowered, step)
    predicted = float(gradient @ step)
    assert gain == pytest.approx(predicted, rel=0.1)


def test_cholesky_solves_and_refuses() -> None:
    rng = np.random.default_rng(2)
    half = rng.normal(size=(30, 12))
    hessian, gradient = half.T @ half, rng.normal(size=12)
    factor, step = np.zeros((12, 12)), np.zeros(12)
    assert solve_cholesky(np.tril(hessian), 0.0, gradient, factor, step)
    np.testing.assert_allclose(step, np.linalg.solve(hessian, gradient), rtol=1e-3)
    assert not solve_cholesky(-np.tril(hessian), 0.0, gradient, factor, step)


def test_roots_are_solved_despite_a_wrong_point() -> None:
    rng = np.random.default_rng(4)
    points, root = rng.normal(0, 0.4, (3, 12, 3)), np.array([0.3, -0.2, 5.0])
    placed = points + root
    pixels = 900.0 * placed[..., :2] / placed[..., 2:]
    weights = np.ones((3, 12))
    np.testing.assert_allclose(
        solve_root(points, pixels, weights, 900.0), np.tile(root, (3, 1)), atol=1e-6
    )
    pixels[1, 0] += 200
    away = np.linalg.norm(solve_root(points, pixels, weights, 900.0) - root, axis=1)
    assert away.max() < 0.15
    weights[2, 1:] = 0
    assert np.isnan(solve_root(points, pixels, weights, 900.0)[2]).all()


def test_pixels_are_undistorted() -> None:
    scene = moving_scene(frames=2)
    bent = scene.camera.__class__(
        intrinsics=np.array([[1600.0, 0, 960], [0, 1590.0, 540], [0, 0, 1]]),
        distortion=np.array([-0.2, 0.1, 0.001, -0.002, 0.05]),
        camera_from_scene=scene.camera.camera_from_scene,
    )
    ideal, focal_px = ideal_pixels(np.array([[1353.25368, 344.60208]]), bent)
    np.testing.assert_allclose(ideal / focal_px, [[0.25, -0.125]], atol=1e-6)
