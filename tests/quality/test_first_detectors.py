"""What a person relies on: gaps, limbs beyond the picture and doubts are found once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.catalogue import DETECTORS, detector
from hpe_studio.core.clip import Clip, clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.mark import Decision, Mark
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.check import check_shot, judged
from hpe_studio.quality.evidence import shot_evidence
from hpe_studio.quality.finding import Finding

FRAMES = 60
MARKS = landmark_set("mediapipe33")


@pytest.fixture
def document() -> Document:
    clip: Clip = clip_without_footage(frame_count=FRAMES, fps=Fraction(30))
    return Document(clip)


def add_person(
    document: Document,
    *,
    y_m: float = 0.0,
    gap: slice = slice(0, 0),
    doubt: slice = slice(0, 0),
) -> Track:
    """Someone who stands 4 m away, `y_m` above the camera's middle."""
    joints_rad = np.zeros((FRAMES, 24, 3))
    root_m = np.tile([0.0, y_m, -4.0], (FRAMES, 1))
    joints_rad[gap] = root_m[gap] = np.nan
    source = np.full((FRAMES, 24), Source.ESTIMATED)
    source[gap] = Source.MISSING
    confidence = np.full((FRAMES, len(MARKS.names)), 0.9)
    confidence[doubt] = 0.1
    with document.edit("Estimate") as edit:
        person = people.add_person(edit, document)
        edit.put(Take(id=document.new_id(), name="Synthetic", origin="test"))
        estimate = Estimate(
            id=document.new_id(),
            take_id=1,
            start=0,
            stop=FRAMES,
            skeleton="smpl24",
            landmark_set=MARKS.name,
        )
        edit.add_estimate(estimate, {"confidence": confidence})
        track = Track(
            id=document.new_id(),
            person_id=person.id,
            start=0,
            stop=FRAMES,
            skeleton="smpl24",
            estimate_id=estimate.id,
        )
        edit.add_track(
            track,
            {"base_rad": joints_rad, "base_root_m": root_m, "base_source": source},
        )
    return document.tracks[track.id]


def found(document: Document, kind: str) -> list[Finding]:
    poser = Poser(document, open_body(24))
    evidence = shot_evidence(document, poser, document.shot_at(0))
    findings = check_shot(evidence, [detector(kind)])
    poser.close()
    return findings


def test_nothing_is_found_where_nothing_is_wrong(document: Document) -> None:
    add_person(document)
    assert [f for kind in DETECTORS for f in found(document, kind)] == []


def test_a_gap_is_one_finding_with_its_frames(document: Document) -> None:
    track = add_person(document, gap=slice(20, 31))
    (one,) = found(document, "missing")
    assert (one.start, one.stop, one.person_id) == (20, 31, track.person_id)
    assert one.title == "Missing for 11 frames"


def test_before_the_first_and_after_the_last_frame_nobody_is_missing(
    document: Document,
) -> None:
    add_person(document, gap=slice(0, 12))
    add_person(document, gap=slice(50, FRAMES))
    assert found(document, "missing") == []


def test_legs_below_the_picture_for_the_whole_shot_are_one_finding(
    document: Document,
) -> None:
    add_person(document, y_m=-1.4)
    (one,) = found(document, "truncated")
    assert (one.start, one.stop) == (0, FRAMES)
    assert one.title == "Legs outside the frame"
    assert one.cause.startswith("Never seen")
    assert {7, 8} <= set(one.joints)
    assert not {15, 20} & set(one.joints)


def test_what_was_filled_by_hand_is_no_longer_open(document: Document) -> None:
    track = add_person(document, y_m=-1.4)
    with document.edit("Fill") as edit:
        edit.write(track, "base_source", slice(0, FRAMES), Source.FILLED)
    assert found(document, "truncated") == []


def test_a_persons_word_that_a_joint_is_outside_counts(document: Document) -> None:
    track = add_person(document)
    with document.edit("Outside") as edit:
        edit.put(
            Mark(
                id=document.new_id(),
                track_id=track.id,
                kind="outside",
                joints=(20,),
                start=10,
                stop=30,
            )
        )
    (one,) = found(document, "truncated")
    assert (one.start, one.stop, one.joints) == (10, 30, (20,))


def test_doubt_is_told_part_by_part(document: Document) -> None:
    add_person(document, doubt=slice(5, 25))
    findings = found(document, "low_confidence")
    assert {(f.start, f.stop) for f in findings} == {(5, 25)}
    assert {"Unsure about the left arm"} <= {f.title for f in findings}


def test_a_decision_settles_a_finding_that_it_covers_by_half(
    document: Document,
) -> None:
    track = add_person(document, y_m=-1.4)
    findings = found(document, "truncated")
    ignoring = Decision(
        id=1, kind="truncated", person_id=track.person_id, start=0, stop=FRAMES // 2
    )
    (one,) = judged(findings, [ignoring])
    assert one.decision is ignoring
    late = Decision(
        id=2, kind="truncated", person_id=track.person_id, start=50, stop=FRAMES
    )
    (one,) = judged(findings, [late])
    assert one.is_open
