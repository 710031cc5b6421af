"""Points, cameras, bodies and frames of other people's files, onto a clip."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.track import Source
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from hpe_studio.posing.posed import Poser
from hpe_studio.workflow.importing import ImportOptions, import_motion
from hpe_studio.workflow.timing import Timing
from tests.workflow import import_scenes as scenes

FRAMES = 30


def document(frames: int = FRAMES, **clip: tuple[int, int]) -> Document:
    """A document over a clip of one shot."""
    made = Document(scenes.clip(frames, **clip))
    with made.edit("Find cuts") as edit:
        edit.put(Shot(id=made.new_id(), start=0, stop=frames))
    return made


def limbs(document_: Document, person_id: int, frame: int) -> np.ndarray:
    """A person's joints on a frame, shape (24, 3)."""
    with_body = Poser(document_, open_body())
    posed = with_body.pose_at(person_id, frame)
    assert posed is not None
    found = np.array(posed.joints_scene_m)
    with_body.close()
    return found


def test_points_in_pictures_become_bodies_of_the_right_people() -> None:
    people = [scenes.walker(FRAMES, side=s, name=f"{s}") for s in (-1.0, 1.0)]
    motion = scenes.in_pictures(*people)
    onto = document()
    added = import_motion(onto, motion, name="points")
    assert len(added) == 2
    assert sorted((t.start, t.stop) for t in onto.tracks.values()) == [(0, FRAMES)] * 2
    for estimate in onto.estimates.values():
        assert estimate.landmark_set == "coco17"
        assert np.nanmedian(estimate.arrays["reprojection_px"]) < 2.0
    sides = [onto.tracks_of(p.id)[0].base_root_m[:, 0].mean() for p in added]
    assert sorted(np.sign(sides)) == [-1, 1]
    track = next(iter(onto.tracks.values()))
    assert (track.base_source == Source.ESTIMATED).all()
    (take,) = onto.takes.values()
    assert take.origin == "openpose"
    assert take.options["assumed"] == ["30 frames per second"]
    assert take.options["step"] == "1"


def test_every_second_frame_is_laid_and_filled_between() -> None:
    walker = scenes.walker(FRAMES)
    motion = scenes.in_pictures(walker, step=2, first=1)
    onto = document()
    timing = Timing(offset=1, step=Fraction(2))
    import_motion(onto, motion, name="half", options=ImportOptions(timing=timing))
    (track,) = onto.tracks.values()
    assert (track.start, track.stop) == (1, FRAMES)
    assert set(np.unique(track.base_source[::2])) == {Source.ESTIMATED}
    assert set(np.unique(track.base_source[1::2])) == {Source.FILLED}
    (estimate,) = onto.estimates.values()
    seen = np.isfinite(estimate.arrays["points_px"]).any(axis=(1, 2))
    assert seen.tolist() == [row % 2 == 0 for row in range(FRAMES - 1)]
    (take,) = onto.takes.values()
    assert (take.options["offset"], take.options["step"]) == (1, "2")


def test_points_in_space_become_a_body_there() -> None:
    walker = scenes.walker(12)
    onto = document(12)
    (person,) = import_motion(onto, scenes.in_space(walker), name="space")
    truth, _ = forward_kinematics(
        walker.skeleton.parents,
        walker.rest_joints_m,
        walker.joints_rad,
        walker.root_scene_m,
    )
    knee = walker.skeleton.index("left_knee")
    for frame in (0, 6, 11):
        off = np.linalg.norm(limbs(onto, person.id, frame)[knee] - truth[frame, knee])
        assert off < 0.03
    (take,) = onto.takes.values()
    assert any("mm off" in note for note in take.options["notes"])


def test_pixels_of_another_size_are_scaled_to_the_clip() -> None:
    motion = replace(scenes.in_pictures(scenes.walker(8)), size_px=scenes.SIZE_PX)
    onto = document(8, size_px=(1280, 960))
    import_motion(onto, motion, name="small")
    (estimate,) = onto.estimates.values()
    small = motion.points[0].points_px
    assert small is not None
    large = estimate.arrays["points_px"][0]
    np.testing.assert_allclose(large, small[0] * 2 + 0.5, atol=1e-2)


def rotations(camera: Camera | None = None, **more: object) -> MotionFile:
    """A file with rotations, and perhaps a camera."""
    walker = scenes.walker(FRAMES)
    cameras = {} if camera is None else {0: camera}
    return MotionFile(
        fps=scenes.FPS,
        frame_count=FRAMES,
        people=(replace(walker, **more),),  # type: ignore[arg-type]
        cameras=cameras,
        shots=((0, FRAMES),),
    )


def wide() -> Camera:
    """A camera unlike the assumed one."""
    camera = scenes.camera()
    return replace(camera, intrinsics=camera.intrinsics * [[0.7], [0.7], [1]])


def test_the_files_camera_is_kept_where_nobody_is_yet() -> None:
    onto = document()
    import_motion(onto, rotations(wide()), name="romp")
    np.testing.assert_allclose(onto.camera_at(3).intrinsics, wide().intrinsics)


def test_a_second_take_lies_on_the_same_pixels_under_the_first_camera() -> None:
    onto = document()
    import_motion(onto, rotations(), name="first")
    before = onto.camera_at(0)
    (person,) = import_motion(onto, rotations(wide()), name="second")
    np.testing.assert_array_equal(onto.camera_at(0).intrinsics, before.intrinsics)
    walker = scenes.walker(FRAMES)
    there, _ = forward_kinematics(
        walker.skeleton.parents,
        walker.rest_joints_m,
        walker.joints_rad,
        walker.root_scene_m,
    )
    meant = wide().project(there[10])
    shown = before.project(limbs(onto, person.id, 10))
    assert np.median(np.linalg.norm(shown - meant, axis=1)) < 12.0


def test_the_view_that_filmed_the_clip_is_told_by_name() -> None:
    motion = replace(
        rotations(), views={"00_03": wide(), "00_16": scenes.camera()}, shots=()
    )
    onto = Document(replace(scenes.clip(FRAMES), path=Path("hd_00_03.mp4")))
    with onto.edit("Find cuts") as edit:
        edit.put(Shot(id=onto.new_id(), start=0, stop=FRAMES))
    import_motion(onto, motion, name="dome")
    np.testing.assert_allclose(onto.camera_at(0).intrinsics, wide().intrinsics)
    (take,) = onto.takes.values()
    assert take.options["camera"] == "00_03"
    with pytest.raises(StudioError, match="no camera '9'"):
        import_motion(onto, motion, name="x", options=ImportOptions(camera="9"))


def test_betas_of_another_body_are_not_taken_for_ours() -> None:
    onto = document()
    strange = tuple([2.5] * 10)
    (person,) = import_motion(
        onto, rotations(body="smpl", betas=np.array(strange)), name="smpl"
    )
    assert person.betas != strange
    model = open_body().joint_model
    mine = model.rest_joints_m(np.asarray(person.betas), scale=person.scale)
    theirs = scenes.walker(1).rest_joints_m
    assert np.abs(np.ptp(mine[:, 1]) - np.ptp(theirs[:, 1])) < 0.01


def tilted() -> MotionFile:
    """Somebody who stands upright before a camera that looks down by 20 degrees."""
    motion = rotations(scenes.camera())
    (walker,) = motion.people
    turn = rotvec_from_matrix(
        matrix_from_rotvec(np.array([np.radians(20), 0, 0]))
        @ matrix_from_rotvec(walker.joints_rad[:, 0])
    )
    rad = walker.joints_rad.copy()
    rad[:, 0] = turn
    return replace(motion, people=(replace(walker, joints_rad=rad),))


def test_people_before_a_camera_stand_on_the_floor() -> None:
    onto = document()
    (person,) = import_motion(onto, tilted(), name="romp")
    shot = onto.shot_at(0)
    assert shot.is_levelled
    posed = shot.to_level(limbs(onto, person.id, 3))
    names = scenes.walker(1).skeleton
    spine = posed[names.index("neck")] - posed[names.index("pelvis")]
    assert spine[1] / np.linalg.norm(spine) > 0.98
    ankle = posed[names.index("left_ankle")]
    assert 0 < ankle[1] < 0.3
    in_world = document()
    import_motion(in_world, replace(tilted(), cameras={}), name="bvh")
    assert not in_world.shot_at(0).is_levelled


def test_the_face_is_kept() -> None:
    face = np.linspace(0, 1, FRAMES)[:, None] * np.ones(10)
    onto = document()
    import_motion(onto, rotations(expression=face), name="face")
    (track,) = onto.tracks.values()
    np.testing.assert_allclose(track.arrays["expression"], face, atol=1e-6)


def test_only_those_who_are_chosen_come() -> None:
    people = tuple(scenes.walker(9, side=s, name=n) for s, n in ((0, "A"), (1, "B")))
    motion = replace(rotations(), people=people, frame_count=9)
    onto = document()
    options = ImportOptions(people=("B",))
    added = import_motion(onto, motion, name="two", options=options)
    assert [person.name for person in added] == ["B"]
    with pytest.raises(StudioError, match="nobody called 'C'"):
        import_motion(onto, motion, name="two", options=ImportOptions(people=("C",)))
