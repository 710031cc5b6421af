"""The import doctor: what is found, what does not fit, frames solved by pictures."""

from __future__ import annotations

import pickle
import shutil
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.camera import default_camera
from hpe_studio.core.document import Document
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.jobs import run_job
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.media import open_footage
from hpe_studio.workflow.doctor import Misfit, examine
from hpe_studio.workflow.doctor_facts import facts_of
from hpe_studio.workflow.doctor_misfits import misfits_of
from hpe_studio.workflow.import_camera import cameras_of, view_of
from hpe_studio.workflow.import_results import look_at_results
from hpe_studio.workflow.importing import ImportOptions, onto
from hpe_studio.workflow.match_frames import FrameMatch, best_match
from hpe_studio.workflow.match_overlay import LIMBS, Overlay, overlay_of
from hpe_studio.workflow.match_pictures import Moving, Seen, look
from hpe_studio.workflow.timing import Timing
from tests.formats.walkers import walkers_m
from tests.workflow import import_scenes as scenes

FRAMES = 60


def misfits(
    motion: MotionFile, frames: int, options: ImportOptions | None = None
) -> dict[str, Misfit]:
    """What does not fit a clip of so many frames, by kind."""
    clip = scenes.clip(frames)
    filmed = cameras_of(motion, clip)
    overlay = overlay_of(motion, filmed, clip.size_px, open_body().joint_model)
    found = misfits_of(motion, clip, options or ImportOptions(), filmed, overlay)
    return {misfit.kind: misfit for misfit in found}


def repaired(misfit: Misfit) -> Timing:
    """What the repair that is offered sets."""
    assert misfit.repair is not None
    return misfit.repair.options.timing


def test_it_says_what_it_found() -> None:
    motion = scenes.in_pictures(scenes.walker(9))
    found = {fact.name: fact.value for fact in facts_of(motion, "OpenPose keypoints")}
    assert found["format"] == "OpenPose keypoints"
    assert found["frames"] == "9 (0000–0008)"
    assert found["rate"] == "not said; 30 fps assumed"
    assert found["joints"] == "coco17, 17 points in the picture"
    assert found["missing"] == "who is who, camera, rotations, size of the picture"


def test_rotations_bodies_and_cameras_are_told() -> None:
    walker = replace(scenes.walker(9), body="smplx", expression=np.zeros((9, 10)))
    motion = MotionFile(
        fps=Fraction(25),
        frame_count=9,
        people=(walker,),
        cameras={0: default_camera((640, 480))},
        size_px=(640, 480),
    )
    found = {fact.name: fact.value for fact in facts_of(motion, "x")}
    assert found["rate"] == "25 fps, 0.36 s"
    assert found["joints"] == "smpl24, 24 joints with rotations"
    assert "SMPL-X" in found["body"]
    assert "10 coefficients of the face" in found["body"]
    assert found["camera"] == "still, focal length 554 px (60°)"
    assert "missing" not in found


def test_a_file_that_counts_from_one_is_recognised() -> None:
    motion = scenes.in_pictures(scenes.walker(10))
    shifted = replace(
        motion,
        frame_count=11,
        points=tuple(replace(p, start=p.start + 1) for p in motion.points),
    )
    timing = repaired(misfits(shifted, 10)["start"])
    assert (timing.offset, timing.step) == (-1, 1)
    assert "start" not in misfits(shifted, 30)


def test_half_as_many_frames_are_every_second_one() -> None:
    found = misfits(scenes.in_pictures(scenes.walker(20), step=2), 20)
    assert repaired(found["step"]).step == 2
    third = misfits(scenes.in_pictures(scenes.walker(30), step=3), 30)
    assert repaired(third["step"]).step == 3
    assert "step" not in misfits(scenes.in_pictures(scenes.walker(15)), 20)
    assert "step" not in misfits(scenes.in_pictures(scenes.walker(4)), 100)


def test_another_rate_is_met_by_time_and_can_be_counted() -> None:
    motion = replace(scenes.in_space(scenes.walker(20)), fps=Fraction(50))
    found = misfits(motion, 20)
    assert "made at 50 fps, the clip has 25" in found["rate"].text
    assert repaired(found["rate"]).step == 1
    assert "camera" in found


def test_what_lies_beyond_the_clip_is_counted() -> None:
    found = misfits(scenes.in_pictures(scenes.walker(20)), 15)
    assert found["frames"].text.startswith("5 of 20 frames with people lie beyond")
    gone = ImportOptions(timing=Timing(offset=90, step=Fraction(1)))
    none = misfits(scenes.in_pictures(scenes.walker(20)), 15, gone)
    assert none["frames"].text == "No frame of the file falls on the clip"
    assert repaired(none["frames"]).offset == 0


def test_another_size_is_said() -> None:
    motion = scenes.in_pictures(scenes.walker(5))
    same = misfits(replace(motion, size_px=(320, 240)), 5)["size"]
    assert "2 times as large" in same.text
    other = misfits(replace(motion, size_px=(320, 320)), 5)["size"]
    assert "another proportion" in other.text
    points = tuple(
        replace(p, points_px=p.points_px * 4)
        for p in motion.points
        if p.points_px is not None
    )
    assert "beyond the clip's picture" in (
        misfits(replace(motion, points=points), 5)["outside"].text
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [("hd_00_16.mp4", "00_16"), ("00_03", "00_03"), ("holiday.mp4", "")],
)
def test_views_are_known_by_names(name: str, expected: str) -> None:
    views = {name: scenes.camera() for name in ("00_03", "00_16")}
    assert view_of(views, Path(name)) == expected
    assert view_of(
        {"cam1": scenes.camera(), "cam2": scenes.camera()}, Path("Cam01.mp4")
    )


def overlay(step: int, first: int) -> Overlay:
    """Where a file of every so many frames of a walk has people."""
    people = [scenes.walker(FRAMES, side=s, name=f"{s}") for s in (-1.0, 0.7)]
    columns = [scenes.camera().project(scenes.places(p)) for p in people]
    names = list(landmark_set("coco17").names)
    limbs = [names.index(limb) for limb in LIMBS]
    places = np.stack([c[first::step][:, limbs] for c in columns], axis=1)
    return Overlay(places_px=places)


def seen(frames: range, noise_px: float) -> tuple[Seen, ...]:
    """What an estimator would see of the same walk, and somebody in the background."""
    rng = np.random.default_rng(1)
    whole = overlay(1, 0).places_px
    stranger = rng.uniform(0, 400, (1, len(LIMBS), 2))
    return tuple(
        Seen(
            frame=frame,
            limbs_px=np.concatenate(
                [whole[frame] + rng.normal(0, noise_px, whole[frame].shape), stranger]
            ),
            height_px=np.array([200.0, 200.0, 150.0]),
        )
        for frame in frames
    )


def solve(step: int, first: int, people: tuple[Seen, ...]) -> FrameMatch:
    """How the pictures would lay a file of every so many frames."""
    motion = scenes.in_pictures(scenes.walker(FRAMES), step=step, first=first)
    found = best_match(
        motion,
        overlay(step, first),
        scenes.clip(FRAMES),
        Timing(),
        moving=moving(),
        seen=people,
    )
    assert found is not None
    return found


class _Painted:
    """Footage of the walk: a bright patch on every limb joint, over a rough ground."""

    size_px = scenes.SIZE_PX
    frame_count = FRAMES

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        width, height = self.size_px
        rough = rng.integers(0, 90, (height // 8, width // 8), dtype=np.uint8)
        self._ground = cv2.resize(rough, self.size_px)
        self._places = overlay(1, 0).places_px

    def iterate_rgb(self, start: int, stop: int):
        for frame in range(start, stop):
            picture = self._ground.copy()
            for x, y in self._places[frame].reshape(-1, 2).round().astype(int):
                cv2.circle(picture, (int(x), int(y)), 13, 200, -1)
                cv2.circle(picture, (int(x) + 3, int(y) - 3), 5, 120, -1)
            yield frame, np.repeat(picture[..., None], 3, axis=2)


@cache
def moving() -> Moving:
    """How the painted pictures move."""
    found, _ = run_job(look(_Painted()))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(("step", "first"), [(1, 7), (2, 7), (1, 0), (3, 1)])
def test_people_seen_tell_offset_and_step(step: int, first: int) -> None:
    match = solve(step, first, seen(range(8, 56, 4), 3.0))
    assert (match.best.offset, match.best.step) == (first, step)
    assert match.best.off_px < 5.0
    assert match.is_other == ((step, first) != (1, 0))
    assert f"{match.frames_seen} frames looked at" in match.evidence
    if match.is_other:
        assert match.leaves_no_doubt
        assert match.given.off_px > 3 * match.best.off_px
        assert f"as given: {match.given.off_px:.1f} px" in match.evidence


def test_movement_alone_tells_the_offset() -> None:
    match = solve(1, 7, ())
    assert (match.best.offset, match.best.step) == (7, 1)
    assert match.is_sure
    assert not match.leaves_no_doubt
    assert "movement over" in match.evidence


def test_pictures_that_tell_nothing_are_not_made_to() -> None:
    """People of another film: no way to lay them is surely better."""
    elsewhere = Overlay(places_px=overlay(1, 0).places_px[::-1, :, :, ::-1] + 37.0)
    found = best_match(
        scenes.in_pictures(scenes.walker(FRAMES)),
        elsewhere,
        scenes.clip(FRAMES),
        Timing(),
        moving=moving(),
        seen=(),
    )
    assert found is not None
    assert not found.is_other
    assert "nothing fits surely better" in found.evidence


def test_a_hostile_or_empty_thing_is_refused_in_one_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(Exception, match="is an empty folder"):
        run_job(examine(empty))


@pytest.mark.data
@pytest.mark.slow
def test_real_results_of_another_tool_are_laid_on_their_film(
    test_data: Path, tmp_path: Path, home: Path
) -> None:
    folder = test_data / "poseout" / "openpose_body25b" / "cam1_json"
    files = sorted(folder.glob("*.json"))
    shifted = tmp_path / "shifted"
    shifted.mkdir()
    for number, file in enumerate(files[7::2]):
        shutil.copy(file, shifted / f"cam_{number:012d}_keypoints.json")
    film = test_data / "video" / "pose2sim_multi" / "cam01.mp4"
    exam = look_at_results(shifted, film)
    assert exam.match is not None
    assert exam.match.leaves_no_doubt
    assert exam.match.best.step == 2
    assert abs(exam.match.best.offset - 9) <= 1  # files are two frames ahead of film
    assert exam.match.best.off_px < 20 < exam.match.given.off_px
    footage = open_footage(film)
    assert onto(Document(footage.clip)).clip is footage.clip
    footage.close()


def test_arrays_of_unknown_make_are_listed_with_what_was_guessed(
    tmp_path: Path,
) -> None:
    """Keys and shapes, which is read, and what else each guess can be."""
    points = walkers_m("h36m17", frames=20)[0]
    content = {"preds": points, "boxes": np.ones((len(points), 4))}
    path = tmp_path / "net.pkl"
    path.write_bytes(pickle.dumps(content))
    exam = run_job(examine(path))
    (arrays,) = [fact.value for fact in exam.facts if fact.name == "arrays"]
    first, second = arrays.splitlines()
    assert first == f"preds {points.shape}: points of 17 (read)"
    assert second == f"boxes ({len(points)}, 4)"
    axes = next(guess for guess in exam.guesses if guess.option == "axes")
    assert axes.value == "y_up"
    assert "z_up" in axes.others
    told = {entry["option"]: entry for entry in exam.as_data()["guesses"]}
    assert told["axes"]["sentence"] in exam.assumed
    settled = ImportOptions(settings={"axes": "y_up", "set": "h36m17"})
    left = {guess.option for guess in run_job(examine(path, settled)).guesses}
    assert not left & {"axes", "set"}
