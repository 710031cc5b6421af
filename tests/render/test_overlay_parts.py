"""Joints placed by guess, and the part of the picture that is on screen."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from hpe_studio.core.skeleton import landmark_set, skeleton
from hpe_studio.core.track import Source
from hpe_studio.render.hidden import hidden_joints
from hpe_studio.render.pictures import shown_part
from hpe_studio.render.skeleton2d import clipped
from hpe_studio.render.viewtransform import fit

BONES = skeleton("smpl24")
ESTIMATED = np.full(24, Source.ESTIMATED)


@pytest.mark.parametrize("name", ["mediapipe33", "coco17", "body25"])
def test_joints_without_a_trusted_landmark_are_guesses(name):
    points = landmark_set(name)
    confidence = np.full(len(points.names), 0.9)
    confidence[points.index("left_knee")] = 0.1
    hidden = hidden_joints("smpl24", name, confidence, ESTIMATED)
    assert [BONES.joint_names[i] for i in np.flatnonzero(hidden)] == ["left_knee"]


def test_a_keyed_joint_is_no_guess_and_a_frame_without_landmarks_is():
    source = ESTIMATED.copy()
    source[BONES.index("left_elbow")] = Source.KEYED
    hidden = hidden_joints("smpl24", "mediapipe33", np.full(33, np.nan), source)
    assert not hidden[BONES.index("left_elbow")]
    assert hidden[BONES.index("right_elbow")]
    assert not hidden[BONES.index("spine1")]


def test_lines_are_cut_at_the_edge():
    ends = np.array(
        [[[5, 5], [15, 5]], [[-5, 5], [15, 5]], [[20, 0], [20, 9]], [[2, 2], [3, 3.0]]]
    )
    parts, met = clipped(ends, (0, 0, 10, 10))
    assert met.tolist() == [True, True, False, True]
    assert_allclose(parts[0], [[5, 5], [10, 5]])
    assert_allclose(parts[1], [[0, 5], [10, 5]])
    assert_allclose(parts[3], ends[3])


def _checks(width, height):
    picture = np.zeros((height, width, 3), np.uint8)
    picture[:, width // 2 :, 0] = 255
    picture[height // 2 :, :, 1] = 255
    return picture


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_the_shown_part_lies_where_the_picture_does(ratio):
    picture = _checks(640, 360)
    view = fit((640, 360), (300.0, 300.0)).zoomed(1.7, 100, 120)
    part = shown_part(picture, view, ratio, fast=False)
    middle = view.to_view(np.array([319.5, 179.5])) * ratio - part.corner
    x, y = np.round(middle).astype(int)
    assert part.rgb[y + 2, x + 2].tolist() == [255, 255, 0]
    assert part.rgb[y - 3, x - 3].tolist() == [0, 0, 0]
    high, wide, _ = part.rgb.shape
    assert wide <= 300 * ratio + 2 * ratio * view.scale + 1
    assert high <= 300 * ratio + 2 * ratio * view.scale + 1


def test_a_small_picture_keeps_what_is_finer_than_its_pixels():
    stripes = np.zeros((400, 400, 3), np.uint8)
    stripes[:, ::4] = 255  # dropping columns would lose some of them
    part = shown_part(stripes, fit((400, 400), (77.0, 77.0)), 1.0, fast=False)
    assert_allclose(part.rgb[5:-5, 5:-5].mean(), 255 / 4, rtol=0.02)
    assert part.rgb[5:-5, 5:-5].std() < 25


def test_near_pixels_are_squares_and_a_picture_out_of_view_is_nothing():
    picture = np.random.default_rng(0).integers(0, 255, (20, 20, 3), np.uint8)
    view = fit((20, 20), (200.0, 200.0))
    part = shown_part(picture, view, 1.0, fast=True)
    assert_array_equal(part.rgb[5::10, 5::10], picture)
    assert shown_part(picture, view.panned(900, 0), 1.0, fast=True) is None
