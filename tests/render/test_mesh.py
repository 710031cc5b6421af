"""Normals, areas and rays on meshes; floor and dome pictures; stick figures."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from hpe_studio.render.backdrop import dome_colours
from hpe_studio.render.floor import HALF_M, grid_picture, shadow_picture
from hpe_studio.render.mesh import ray_distance_m, vertex_areas_m2, vertex_normals
from hpe_studio.render.sticks import stick_faces, stick_vertices
from hpe_studio.render.theme import theme
from tests.render.synthetic3d import ball


def test_normals_of_a_ball_point_outwards():
    vertices, faces = ball((1, 2, 3), 0.5, rows=60, columns=90)
    normals = vertex_normals(vertices, faces)
    assert_allclose((normals * (vertices - (1, 2, 3)) / 0.5).sum(-1), 1, atol=0.02)


def test_areas_add_up_to_the_surface():
    vertices, faces = ball((0, 0, 0), 0.5, rows=60, columns=90)
    assert vertex_areas_m2(vertices, faces).sum() == pytest.approx(np.pi, rel=0.01)


def test_a_ray_meets_the_near_side_or_nothing():
    vertices, faces = ball((0, 0, -3), 0.5, rows=60, columns=90)
    ahead = np.array([0.0, 0, -1])
    hit = ray_distance_m(np.zeros(3), ahead, vertices, faces)
    assert hit == pytest.approx(2.5, abs=0.01)
    assert ray_distance_m(np.zeros(3), -ahead, vertices, faces) == np.inf
    assert ray_distance_m(np.array([0.6, 0, 0]), ahead, vertices, faces) == np.inf


def test_stick_figures_are_closed_outwards_and_skip_missing_joints():
    joints = np.array([[0, 0, 0], [0, 1, 0], [np.nan, 0, 0]])
    edges = ((0, 1), (1, 2))
    count, faces = stick_faces(len(edges), len(joints))
    vertices = stick_vertices(joints, edges, bone_radius_m=0.1, joint_radius_m=0.2)
    assert vertices.shape == (count, 3)
    assert faces.max() == count - 1
    assert_allclose(vertices.min(axis=0), (-0.2, -0.2, -0.2), atol=1e-6)
    assert_allclose(vertices.max(axis=0), (0.2, 1.2, 0.2), atol=1e-6)
    corners = vertices[faces].astype(float)
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    nearest = np.clip(corners.mean(axis=1)[:, 1], 0, 1)
    outward = corners.mean(axis=1) - np.stack([0 * nearest, nearest, 0 * nearest], -1)
    real = np.linalg.norm(normals, axis=1) > 1e-9
    assert ((normals * outward).sum(-1)[real] >= -1e-9).all()
    assert np.isnan(stick_vertices(np.full((3, 3), np.nan), edges)).all()


def test_the_grid_has_axes_lines_and_a_faded_edge():
    look = theme("dark")
    picture = grid_picture(look, centre_m=(0.0, 0.0))
    texels = picture.shape[0]

    def at(x, z):
        column, row = (int((v + HALF_M) / (2 * HALF_M) * texels) for v in (x, z))
        return picture[row, column]

    blue = [round(255 * v) for v in look.rgb("axis.z")]
    red = [round(255 * v) for v in look.rgb("axis.x")]
    assert_allclose(at(0.0, 1.1)[:3], blue)
    assert_allclose(at(1.1, 0.0)[:3], red)
    assert at(1.0, 0.6)[3] > at(0.75, 0.6)[3] > at(0.6, 0.6)[3]
    assert picture[[0, -1]].max(axis=(0, 1))[3] == 0
    moved = grid_picture(look, centre_m=(2.0, 0.0))
    column = int((HALF_M - 2.0) / (2 * HALF_M) * texels)
    assert_allclose(moved[int(0.62 * texels), column][:3], blue)


def test_shadows_are_darkest_where_something_touches():
    low, faces = ball((0, 0.2, 0), 0.2)
    areas = vertex_areas_m2(low, faces)
    box = (-1.0, -1.0, 1.0, 1.0)

    def middle(lift):
        alpha = shadow_picture(
            low + np.float32([0, lift, 0]),
            areas,
            box_m=box,
            floor_m=0.0,
            darkest=0.55,
            texels=(128, 128),
        )[..., 3]
        assert alpha[0, 0] < 3
        return alpha[64, 64]

    assert 0.55 * 255 >= middle(0.0) > middle(0.3) > middle(1.5)
    assert middle(0.0) > 60


def test_the_dome_runs_from_nadir_over_the_horizon_to_zenith():
    look = theme("light")
    colours = dome_colours(np.array([-1.0, 0.0, 1.0]), look)
    for colour, name in zip(colours, ("nadir", "horizon", "zenith"), strict=True):
        assert_allclose(colour, 255 * np.array(look.rgb(f"viewport.{name}")), atol=1)
