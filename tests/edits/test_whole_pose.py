"""Mirrored, pasted and exchanged poses lie where they should, and undo is exact."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.core.document import Document
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Track
from hpe_studio.edits import marks, pose, sides, whole_pose
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.mirroring import heading_axis, reflection
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.posing.resolve import resolve
from tests.core.scenes import add_person, empty_document, state_of

BONES = skeleton("smpl24")
SWAP = list(BONES.mirror_permutation())
UP = np.array([0.0, 1.0, 0.0])


def rest() -> np.ndarray:
    """Rest joints that are their own mirror image."""
    rng = np.random.default_rng(5)
    places = rng.normal(0, 0.3, (24, 3))
    image = places[SWAP] * [-1, 1, 1]
    return (places + image) / 2


@pytest.fixture
def scene() -> tuple[Document, Track]:
    document = empty_document(60)
    track = add_person(document, start=10, stop=51)
    with document.edit("Rotate") as edit:
        pose.rotate_joint(
            edit,
            document,
            track,
            frame=20,
            joint=18,
            delta_parent_rad=np.array([0.3, 0.2, 0.1]),
        )
    return document, document.tracks[track.id]


def joints_at(document: Document, track: Track, frame: int) -> np.ndarray:
    keys = document.keys_of(track.id)
    found = resolve(document.tracks[track.id], keys, np.array([frame]))
    return found.joints_rad[0]


def places(joints_rad: np.ndarray) -> np.ndarray:
    made, _ = forward_kinematics(
        BONES.parents, rest(), joints_rad[None], np.zeros((1, 3))
    )
    return made[0] - made[0, 0]


def test_a_mirrored_pose_is_the_mirror_image_about_the_bodys_middle(scene) -> None:
    document, track = scene
    was = joints_at(document, track, 22)
    before = state_of(document)
    with document.edit("Mirror pose") as edit:
        whole_pose.mirror_pose(edit, document, track, frame=22)
    now = joints_at(document, track, 22)
    plane = reflection(heading_axis(was[0], UP))
    np.testing.assert_allclose(places(now), places(was)[SWAP] @ plane.T, atol=1e-6)
    facing = heading_axis(now[0], UP) @ heading_axis(was[0], UP)
    assert facing == pytest.approx(1.0)
    document.undo()
    assert state_of(document) == before


def test_mirroring_twice_is_the_pose_again(scene) -> None:
    document, track = scene
    was = joints_at(document, track, 22)
    for _ in range(2):
        with document.edit("Mirror pose") as edit:
            whole_pose.mirror_pose(edit, document, track, frame=22)
    assert geodesic_rad(joints_at(document, track, 22), was).max() < 1e-6


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_a_pasted_pose_keeps_place_and_heading(scene, is_mirrored: bool) -> None:
    document, track = scene
    copied = whole_pose.copy_pose(document, track, 20)
    was = joints_at(document, track, 40)
    root = track.base_root_m[40 - track.start].copy()
    with document.edit("Paste pose") as edit:
        whole_pose.paste_pose(
            edit, document, track, frame=40, pose=copied, is_mirrored=is_mirrored
        )
    now = joints_at(document, track, 40)
    order = SWAP if is_mirrored else list(range(24))
    sign = [1, -1, -1] if is_mirrored else [1, 1, 1]
    wanted = copied.joints_rad[order] * sign
    assert geodesic_rad(now[1:], wanted[1:]).max() < 1e-6
    np.testing.assert_allclose(
        heading_axis(now[0], UP), heading_axis(was[0], UP), atol=1e-6
    )
    key = document.key_at(track.id, 40)
    assert key is not None
    assert key.root_offset_m is None
    np.testing.assert_array_equal(track.base_root_m[30], root)


def test_exchanged_sides_lie_where_the_other_side_was_seen(scene) -> None:
    document, track = scene
    before = state_of(document)
    was = {frame: joints_at(document, track, frame) for frame in (19, 20, 21, 35)}
    with document.edit("Swap left and right") as edit:
        sides.swap_sides(edit, document, track, start=20, stop=22)
    flip = np.diag([1.0, 1.0, -1.0])  # the camera looks along z
    for frame in (20, 21):
        now = places(joints_at(document, track, frame))
        old = places(was[frame])[SWAP]
        np.testing.assert_allclose(now[:, :2], old[:, :2], atol=1e-5)
        np.testing.assert_allclose(now, old @ flip, atol=1e-5)
    np.testing.assert_array_equal(joints_at(document, track, 35), was[35])
    document.undo()
    assert state_of(document) == before


def test_exchanging_twice_is_nothing(scene) -> None:
    document, track = scene
    was = resolve(track, document.keys_of(track.id)).joints_rad
    for _ in range(2):
        with document.edit("Swap left and right") as edit:
            sides.swap_sides(edit, document, track, start=0, stop=60)
    now = resolve(document.tracks[track.id], document.keys_of(track.id)).joints_rad
    seen = ~np.isnan(was[:, 0, 0])
    assert geodesic_rad(now[seen], was[seen]).max() < 1e-5
    np.testing.assert_array_equal(np.isnan(now), np.isnan(was))


def test_marks_grow_together_and_are_taken_off_in_parts(scene) -> None:
    document, track = scene
    before = state_of(document)
    for start, stop in ((12, 20), (20, 30), (5, 12)):
        with document.edit("Mark outside") as edit:
            marks.set_mark(
                edit,
                document,
                track,
                kind="outside",
                joints=(7, 4),
                start=start,
                stop=stop,
            )
    (mark,) = document.marks_of(track.id, "outside")
    assert (mark.start, mark.stop, mark.joints) == (10, 30, (4, 7))
    with document.edit("Clear") as edit:
        marks.clear_mark(
            edit, document, track, kind="outside", joints=(4,), start=15, stop=18
        )
    for frame, knee, ankle in ((14, True, True), (15, False, True), (18, True, True)):
        assert marks.is_marked(document, track, "outside", (4,), frame) is knee
        assert marks.is_marked(document, track, "outside", (7,), frame) is ankle
    while document.undo() != "Mark outside" or document.marks_of(track.id, "outside"):
        pass
    assert state_of(document) == before
