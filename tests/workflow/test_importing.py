"""Motion files onto a clip: by time, between cuts, on the body."""

from __future__ import annotations

import itertools
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.clip import Clip, Shot, clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.skeleton import Skeleton
from hpe_studio.core.track import Source
from hpe_studio.formats import bvh
from hpe_studio.motion.adopt import joint_mapping
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.posing.posed import Poser
from hpe_studio.workflow.importing import import_motion
from hpe_studio.workflow.opening import open_path
from tests.cli import made

LIMBS = [
    (f"{side}_{above}", f"{side}_{below}")
    for side in ("left", "right")
    for above, below in (
        ("hip", "knee"),
        ("knee", "ankle"),
        ("shoulder", "elbow"),
        ("elbow", "wrist"),
    )
]


def clip(frames: int, fps: str = "25", *, times_s: np.ndarray | None = None) -> Clip:
    made_clip = clip_without_footage(frame_count=frames, fps=Fraction(fps))
    return made_clip if times_s is None else replace(made_clip, times_s=times_s)


def rolling(
    frames: int, fps: str, *, start: int = 0, speed_rad_s: float = 1.0
) -> MotionFile:
    """Somebody whose left knee turns and who walks, both evenly in time."""
    rate = Fraction(fps)
    times_s = (start + np.arange(frames)) / float(rate)
    person = made.person(frames=frames, start=start)
    joints_rad = np.zeros_like(person.joints_rad)
    joints_rad[:, person.skeleton.index("left_knee"), 0] = speed_rad_s * times_s
    root = np.stack([0.5 * times_s, 0 * times_s, -3 + 0 * times_s], axis=1)
    person = replace(person, joints_rad=joints_rad, root_scene_m=root)
    return MotionFile(fps=rate, frame_count=start + frames, people=(person,))


def imported(motion: MotionFile, onto: Clip, *cuts: int) -> Document:
    document = Document(onto)
    if cuts:
        edges = [0, *cuts, onto.frame_count]
        with document.edit("Find cuts") as edit:
            for start, stop in itertools.pairwise(edges):
                edit.put(Shot(id=document.new_id(), start=start, stop=stop))
    import_motion(document, motion, name="walk.bvh")
    return document


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("120", "30"), ("24", "60"), ("30", "24000/1001"), ("30000/1001", "30")],
)
def test_other_rates_are_met_by_time(theirs: str, ours: str) -> None:
    motion = rolling(int(2 * Fraction(theirs)), theirs)
    document = imported(motion, clip(200, ours))
    (track,) = document.tracks.values()
    times_s = document.clip.times_s[track.start : track.stop]
    last_s = (motion.frame_count - 1) / float(Fraction(theirs))
    expected = int(np.floor(last_s * float(Fraction(ours)) + 1e-6)) + 1
    assert (track.start, track.stop) == (0, expected)
    knee = track.base_rad[:, 4, 0]
    np.testing.assert_allclose(knee, times_s, atol=1e-5)
    np.testing.assert_allclose(track.base_root_m[:, 0], 0.5 * times_s, atol=1e-5)
    assert (track.base_source == Source.IMPORTED).all()


def test_variable_rate_clips_are_met_by_their_own_times() -> None:
    steps = np.tile([0.02, 0.1, 0.04, 0.06], 15)
    times_s = np.concatenate([[0], np.cumsum(steps)[:-1]])
    fps = "200/11"  # its nominal rate; also the file's, which is even
    document = imported(rolling(50, fps), clip(60, fps, times_s=times_s))
    (track,) = document.tracks.values()
    covered = times_s <= 49 * 11 / 200 + 1e-9
    assert track.frame_count == covered.sum() < 60
    np.testing.assert_allclose(track.base_rad[:, 4, 0], times_s[covered], atol=1e-5)


def test_variable_rate_files_are_met_by_their_own_times() -> None:
    motion = rolling(60, "25")
    times_s = np.sort(np.random.default_rng(0).uniform(0, 2.4, 60))
    times_s[0] = 0
    joints_rad = motion.people[0].joints_rad.copy()
    joints_rad[:, 4, 0] = times_s
    person = replace(motion.people[0], joints_rad=joints_rad)
    document = imported(replace(motion, people=(person,), times_s=times_s), clip(40))
    (track,) = document.tracks.values()
    expected = document.clip.times_s[: track.stop]
    np.testing.assert_allclose(track.base_rad[:, 4, 0], expected, atol=1e-5)


def test_equal_rates_are_taken_to_the_bit() -> None:
    motion = rolling(40, "30000/1001", start=5)
    (track,) = imported(motion, clip(60, "30000/1001")).tracks.values()
    assert (track.start, track.stop) == (5, 45)
    given = motion.people[0].joints_rad.astype(np.float32)
    assert np.array_equal(track.base_rad, given)


def test_gaps_stay_gaps() -> None:
    motion = rolling(100, "100")
    person = motion.people[0]
    for array in (person.joints_rad, person.root_scene_m):
        array[40:60] = np.nan
    (track,) = imported(motion, clip(30)).tracks.values()
    missing = np.flatnonzero(np.isnan(track.base_root_m[:, 0]))
    assert missing.tolist() == [10, 11, 12, 13, 14]
    assert (track.base_source[missing] == Source.MISSING).all()


def test_what_lies_beyond_the_clip_is_left_out() -> None:
    document = imported(rolling(100, "25"), clip(30))
    (track,) = document.tracks.values()
    assert (track.start, track.stop) == (0, 30)
    late = rolling(10, "25", start=80)
    document = Document(clip(30))
    with pytest.raises(StudioError, match=r"no frame of walk\.bvh falls on the clip"):
        import_motion(document, late, name="walk.bvh")
    assert not document.takes
    assert not document.persons


@pytest.mark.parametrize("fps", ["25", "50"])
def test_no_track_crosses_a_cut(fps: str) -> None:
    document = imported(rolling(2 * int(fps), fps), clip(80), 20, 35, 70)
    spans = [(t.start, t.stop) for t in document.tracks.values()]
    last = {"25": 50, "50": 50}[fps]
    assert spans == [(0, 20), (20, 35), (35, last)]
    assert len(document.persons) == 1
    for track in document.tracks.values():
        times_s = document.clip.times_s[track.start : track.stop]
        np.testing.assert_allclose(track.base_rad[:, 4, 0], times_s, atol=1e-5)
        estimate = document.estimates[track.estimate_id or 0]
        assert (estimate.start, estimate.stop) == (track.start, track.stop)


def test_an_import_is_one_step_and_undone_as_one() -> None:
    document = imported(rolling(30, "25"), clip(40), 10)
    assert [step.label for step in document.history.steps][-1] == "Import walk.bvh"
    document.undo()
    assert not document.tracks
    assert not document.persons
    assert not document.takes
    document.redo()
    assert len(document.tracks) == 2


def test_a_skeleton_that_is_nobody_is_refused_by_name() -> None:
    motion = rolling(10, "25")
    odd = Skeleton(name="bvh", joint_names=("root", "tail"), parents=(-1, 0))
    person = replace(
        motion.people[0],
        name="dragon",
        skeleton=odd,
        rest_joints_m=np.eye(2, 3),
        joints_rad=np.zeros((10, 2, 3)),
    )
    with pytest.raises(StudioError, match="skeleton of dragon is not recognised"):
        imported(replace(motion, people=(person,)), clip(30))


FOREIGN = (
    "motion/20tab_freebvh.bvh",
    "motion/bvhio_example.bvh",
    "motion/cmu_01_01_assimp.bvh",
    "motion/cmu_12_01_walk.bvh",
    "motion/pybvh_standard_skeleton.bvh",
    "motion/pybvh_test1.bvh",
    "romp/romp_dance2.bvh",
)


@pytest.mark.data
@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_motion_opens_on_the_body(
    test_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HPE_STUDIO_HOME", str(tmp_path / "home"))
    path = tmp_path / Path(name).name
    shutil.copyfile(test_data / name, path)
    given = bvh.read(path)
    opened = open_path(path)
    try:
        document = opened.project.document
        (track,) = document.tracks.values()
        assert track.frame_count == given.frame_count == document.clip.frame_count
        assert document.clip.fps == given.fps
        poser = Poser(document, open_body())
        places = poser.joints_of(track.id)
        poser.close()
        check_limbs(given.people[0], places)
        check_stance(places)
    finally:
        opened.close()


def check_limbs(foreign: PersonMotion, places: np.ndarray) -> None:
    """Thighs, shanks and arms point where the foreign ones point, on every frame."""
    bones = open_body().skeleton
    mapping = joint_mapping(foreign.skeleton, bones)
    theirs, _ = forward_kinematics(
        foreign.skeleton.parents,
        foreign.rest_joints_m,
        foreign.joints_rad,
        foreign.root_scene_m,
    )
    for above, below in LIMBS:
        wanted = theirs[:, mapping[below]] - theirs[:, mapping[above]]
        got = places[:, bones.index(below)] - places[:, bones.index(above)]
        across = np.linalg.norm(np.cross(wanted, got), axis=1)
        angle_rad = np.arctan2(across, (wanted * got).sum(axis=1))
        assert np.degrees(angle_rad).max() < 1.0, (above, below)
        side = above.partition("_")[0]
        assert side in foreign.skeleton.joint_names[mapping[above]].lower() or (
            f"_{side[0]}_" in foreign.skeleton.joint_names[mapping[above]].lower()
        )


def check_stance(places: np.ndarray) -> None:
    """On most frames the head is over the hips, over the feet, at a person's height."""
    index = open_body().skeleton.index
    head, hips = places[:, index("head"), 1], places[:, index("pelvis"), 1]
    feet = places[:, [index("left_ankle"), index("right_ankle")], 1].mean(axis=1)
    assert np.mean((head > hips + 0.3) & (hips > feet + 0.3)) > 0.9
    assert 1.1 < np.median(head - feet) < 1.8


@pytest.mark.data
def test_left_stays_left(test_data: Path) -> None:
    """Seen from the front, a walker's left hip lies on the left: at +X facing +Z."""
    given = bvh.read(test_data / "motion" / "cmu_12_01_walk.bvh")
    document = imported(given, clip(given.frame_count, str(given.fps)))
    (track,) = document.tracks.values()
    poser = Poser(document, open_body())
    places = poser.joints_of(track.id)
    poser.close()
    index = open_body().skeleton.index
    across = places[:, index("left_hip")] - places[:, index("right_hip")]
    up = places[:, index("neck")] - places[:, index("pelvis")]
    forward = np.cross(across, up)
    toes = (
        places[:, index("left_foot")]
        - places[:, index("left_ankle")]
        + places[:, index("right_foot")]
        - places[:, index("right_ankle")]
    )
    walked = places[-1, 0] - places[0, 0]
    assert ((forward * toes).sum(axis=1) > 0).all()
    assert ((forward @ walked) > 0).mean() > 0.95


def test_reopening_finds_the_project_and_a_changed_file_gets_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HPE_STUDIO_HOME", str(tmp_path / "home"))
    path = tmp_path / "walk.bvh"
    bvh.write(rolling(20, "25"), path)
    for label in ("first", "again"):
        opened = open_path(path)
        assert opened.project.path == tmp_path / "walk.bvh.hpes", label
        assert opened.is_new == (label == "first")
        opened.close()
    bvh.write(rolling(30, "25"), path)
    opened = open_path(path)
    assert opened.project.path == tmp_path / "walk.bvh (2).hpes"
    assert opened.project.document.clip.frame_count == 30
    opened.close()
