"""Truth comes beside a document through the camera that filmed; edits are judged."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.clip import clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.core.person import Person
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Estimate, Key, Source, Take, Track
from hpe_studio.core.truth import Truth
from hpe_studio.edits.truth import attach_truth, set_truth_timing
from hpe_studio.metrics.protocol import NAMED
from hpe_studio.workflow.before_after import (
    Compared,
    compare_document,
    report_document,
)
from hpe_studio.workflow.recordings import recording_of_document
from hpe_studio.workflow.snapshot import snapshot_of
from hpe_studio.workflow.truth import (
    camera_names,
    find_truth,
    place_through,
    read_truth,
    truths_of,
)
from tests.panoptic_made import dome_camera, made_sequence

FRAMES, JOINTS = 30, 24


def two_people(frames: int = FRAMES) -> Document:
    """Two who wave, 2.5 m before the camera, as an estimator would leave them."""
    clip = clip_without_footage(
        frame_count=frames, fps=Fraction(30000, 1001), size_px=(320, 180)
    )
    document = Document(clip)
    with document.edit("Estimate") as edit:
        take = Take(id=document.new_id(), name="Estimate", origin="made")
        edit.put(take)
        for number in range(2):
            joints = np.zeros((frames, JOINTS, 3))
            wave = np.sin(np.arange(frames) / (3 + number))
            joints[:, 16, 2] = wave
            joints[:, 18, 1] = 0.8 * wave**2
            joints[:, 1, 0] = 0.4 * wave
            root = np.zeros((frames, 3))
            root[:] = (number - 0.5, 0.0, -4.0)
            arrays = {"joints_rad": joints, "root_scene_m": root}
            estimate = Estimate(
                id=document.new_id(),
                take_id=take.id,
                start=0,
                stop=frames,
                skeleton="smpl24",
            )
            edit.add_estimate(estimate, arrays)
            person = Person(id=document.new_id(), name=f"P{number}", colour="azure")
            edit.put(person)
            track = Track(
                id=document.new_id(),
                person_id=person.id,
                start=0,
                stop=frames,
                skeleton="smpl24",
                estimate_id=estimate.id,
            )
            source = np.full((frames, JOINTS), Source.ESTIMATED, np.uint8)
            edit.add_track(
                track,
                {"base_rad": joints, "base_root_m": root, "base_source": source},
            )
    return document


def truth_of(document: Document, off_m: float = 0.0) -> tuple[Truth, ...]:
    """The document's own people; the left wrist of the first is elsewhere."""
    recording = recording_of_document(document, open_body())
    truths = truths_of(recording, Path("truth"))
    wrist = recording.people.joints.index("left_wrist")
    truths[0].arrays["points_file_m"][:, wrist, 1] += off_m
    return truths


def compared(document: Document, protocol: str = "studio") -> Compared:
    job = compare_document(snapshot_of(document), open_body(), NAMED[protocol])
    return run_job(job)


def turn(document: Document, frame: int, *, in_sight: bool) -> None:
    track = next(iter(document.tracks.values()))
    document.is_truth_in_sight = in_sight
    with document.edit("Rotate left elbow") as edit:
        edit.put(
            Key(
                track_id=track.id,
                frame=frame,
                joints=(18,),
                offsets_rad=((0.0, 0.5, 0.0),),
                blend_in=2,
                blend_out=2,
            )
        )


def test_an_estimate_that_is_the_truth_has_no_error_and_every_joint_counts() -> None:
    document = two_people()
    attach_truth(document, truth_of(document))
    found = compared(document)
    counts = found.after.counts
    assert found.after.error.value == pytest.approx(0, abs=1e-3)
    assert counts.true_people == counts.matched + counts.missed == 2 * FRAMES
    assert counts.true_joints == counts.counted + counts.lacking + counts.missed_joints
    assert counts.coverage == 1
    assert found.effect is not None
    assert found.effect.sentence == "nothing edited"


def test_one_joint_off_is_told_at_that_joint_and_that_person() -> None:
    document = two_people()
    attach_truth(document, truth_of(document, off_m=0.14))
    found = compared(document).after
    wrist = found.joints.index("left_wrist")
    table = found.person_joint_m()
    assert table[0, wrist] == pytest.approx(0.14, abs=1e-3)
    assert np.delete(table.ravel(), wrist).max() < 1e-3
    assert found.per_person_m()[0] == pytest.approx(0.01, abs=1e-4)
    assert found.worst(3)[0].person == 0
    assert found.joints[found.worst(3)[0].joint] == "left_wrist"


def test_edits_are_judged_on_their_frames_and_by_what_was_in_sight() -> None:
    document = two_people()
    attach_truth(document, truth_of(document))
    turn(document, 6, in_sight=False)
    blind = compared(document).effect
    assert blind is not None
    assert np.flatnonzero(blind.edited.any(1)).tolist() == [5, 6, 7]
    assert (blind.edited_frames, blind.sight) == (3, "edited blind")
    assert blind.before == pytest.approx(0, abs=1e-3)
    assert blind.after > 3, "the turned arm is away from the truth"
    assert 0 < blind.overall_after < blind.after

    turn(document, 20, in_sight=True)
    both = compared(document).effect
    assert both is not None
    assert both.edited_frames == 6
    assert np.flatnonzero(both.in_sight.any(1)).tolist() == [19, 20, 21]
    assert "in sight on 3 of 6" in both.sight


def test_people_drawn_by_hand_have_no_before() -> None:
    document = two_people()
    attach_truth(document, truth_of(document))
    with document.edit("Forget estimates") as edit:
        for estimate in tuple(document.estimates.values()):
            edit.remove(estimate)
    found = compared(document)
    assert found.before is None
    assert found.effect is None
    assert found.after.counts.matched == 2 * FRAMES


def test_a_shift_in_time_makes_the_protocol_another() -> None:
    document = two_people()
    attach_truth(document, truth_of(document))
    assert not compared(document).after.modified
    set_truth_timing(document, offset_frames=2)
    told = compared(document).after
    assert "time" in told.modified[0]
    assert told.counts.true_people == 2 * (FRAMES - 2)
    set_truth_timing(document, offset_frames=500)
    with pytest.raises(StudioError, match="no truth on these frames"):
        compared(document)


def test_offset_is_found_by_movement() -> None:
    document = two_people(60)
    attach_truth(document, truth_of(document))
    late = [replace(t, first_frame=t.first_frame + 7) for t in document.truths.values()]
    attach_truth(document, late)
    fit = run_job(find_truth(snapshot_of(document), open_body()))
    assert fit.time.offset_frames == pytest.approx(7, abs=0.2)
    assert fit.place is None


def test_a_sequence_comes_through_the_camera_that_filmed(tmp_path: Path) -> None:
    folder = made_sequence(tmp_path, first=0, frames=FRAMES, movies=False)[0]
    document = two_people()
    read = run_job(read_truth(folder, document, open_body(), camera="00_00"))
    attach_truth(document, read.truths)
    truth = next(iter(document.truths.values()))
    assert truth.camera_name == "00_00"
    calibrated = dome_camera("00_00", 0.0)
    own = document.camera_at(0)
    first = truth.at(truth.start)
    assert first is not None
    there = truth.arrays["points_file_m"][0]
    known = np.isfinite(there).all(-1)
    assert np.allclose(
        own.to_camera(first[known]),
        calibrated.camera.to_camera(there[known]),
        atol=1e-4,
    ), "as far before our camera as before the one that filmed"
    assert truth.camera is not None
    assert np.allclose(
        truth.camera.project(first[known]),
        calibrated.camera.project(there[known]),
        atol=1e-2,
    )
    assert "00_00" in camera_names(document)
    with pytest.raises(StudioError, match="no camera 00_99"):
        place_through(document, "00_99")


def test_a_calibrated_document_takes_the_scene_as_it_is(tmp_path: Path) -> None:
    folder = made_sequence(tmp_path, first=0, frames=FRAMES, movies=False)[0]
    document = two_people()
    camera = replace(default_camera((320, 180)), source="calibration")
    with document.edit("Camera") as edit:
        edit.put(ShotCamera(shot_id=document.shot_at(0).id, camera=camera))
    read = run_job(read_truth(folder, document, open_body()))
    assert all(np.array_equal(t.scene_from_file, np.eye(3, 4)) for t in read.truths)
    assert isinstance(camera, Camera)


def test_truth_beside_the_clips_frames_is_laid_on_its_first(tmp_path: Path) -> None:
    folder = made_sequence(tmp_path, first=168, frames=FRAMES, movies=False)[0]
    document = two_people()
    read = run_job(read_truth(folder, document, open_body(), camera="00_00"))
    assert {t.start for t in read.truths} == {0}
    assert any("outside the clip" in note for note in read.notes)


def test_what_is_no_truth_is_said_in_a_sentence(tmp_path: Path) -> None:
    document = two_people()
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(StudioError, match="empty folder"):
        run_job(read_truth(empty, document, open_body()))
    with pytest.raises(StudioError, match="no truth"):
        run_job(find_truth(document, open_body()))


def test_scripts_attach_and_compare(tmp_path: Path) -> None:
    import hpe_studio as hs
    from hpe_studio.storage.project import write_document

    folder = made_sequence(tmp_path, first=0, frames=FRAMES, movies=False)[0]
    write_document(tmp_path / "two.hpes", two_people())
    with hs.open(tmp_path / "two.hpes") as project:
        hs.attach_truth(project, folder, camera="00_00", offset_frames=3)
        truth = next(iter(project.document.truths.values()))
        assert (truth.camera_name, truth.offset_frames) == ("00_00", 3)
        attach_truth(project.document, truth_of(project.document, off_m=0.14))
        found = hs.compare_with_truth(project, "studio")
        assert found.after.error.value == pytest.approx(5, abs=0.1)
        assert found.effect is not None
        assert found.effect.sentence == "nothing edited"


def test_a_report_is_written_from_the_project(tmp_path: Path) -> None:
    document = two_people()
    attach_truth(document, truth_of(document, off_m=0.14))
    turn(document, 6, in_sight=True)
    job = report_document(
        snapshot_of(document), open_body(), NAMED["studio"], tmp_path / "report"
    )
    files = run_job(job)
    assert {file.name for file in files} >= {"report.html", "metrics.json"}
    assert "edited with truth in sight" in files[0].read_text(encoding="utf-8")
