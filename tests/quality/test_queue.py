"""The queue keeps in step with edits, proves what it knew, is emptied by repairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.catalogue import DETECTORS, detector
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.edits import cuts, decisions, merge, pose, tracks
from hpe_studio.posing.posed import Poser
from hpe_studio.quality import keeping
from hpe_studio.quality.evidence import ShotEvidence
from hpe_studio.quality.finding import Finding
from hpe_studio.quality.queue import ProblemQueue
from hpe_studio.storage.project import create_project, open_project, write_document
from hpe_studio.workflow import repairs
from hpe_studio.workflow.checking import check
from hpe_studio.workflow.repairing_all import repair_all
from hpe_studio.workflow.repairs import Scene

from .made import made_document

BODY = open_body(24)
MODULES = {kind: detector(kind) for kind in DETECTORS}


def checked(document: Document) -> ProblemQueue:
    """A queue in step with a document that listens to it."""
    queue = ProblemQueue(document, MODULES)
    queue.take(run_job(queue.job(BODY)))
    document.changed.connect(queue.follow)
    return queue


def again(queue: ProblemQueue) -> ProblemQueue:
    """The queue after a check of what is stale."""
    queue.take(run_job(queue.job(BODY)))
    return queue


def anew(document: Document) -> set[Finding]:
    """What a first check finds."""
    return set(checked(document).open)


def first_of(queue: ProblemQueue, kind: str) -> Finding:
    return next(f for f in queue.open if f.kind == kind)


def repaired(document: Document, finding: Finding, which: int = 0) -> None:
    poser = Poser(document, BODY)
    how = repairs.repairs_of(document, finding)[which]
    with document.edit(how.label) as edit:
        scene = Scene(edit=edit, document=document, poser=poser)
        repairs.repair(scene, how, finding)
    poser.close()


def test_clean_people_have_no_problems() -> None:
    assert checked(made_document()).open == ()


@pytest.mark.parametrize(
    "kind", ["missing", "jump", "flip", "implausible", "truncated", "swap"]
)
def test_the_proposed_repair_removes_the_problem_and_undo_brings_it_back(
    kind: str,
) -> None:
    document = made_document([kind])
    queue = checked(document)
    finding, before = first_of(queue, kind), queue.open
    repaired(document, finding)
    assert finding.key not in {f.key for f in again(queue).open}
    assert queue.done_count == 1
    document.undo()
    assert again(queue).open == before
    assert queue.done_count == 0
    document.redo()
    assert finding.key not in {f.key for f in again(queue).open}


def test_after_an_edit_it_finds_what_a_first_check_would_find() -> None:
    document = made_document(["jump", "missing"], people=3)
    queue = checked(document)
    track = list(document.tracks.values())[1]
    with document.edit("Break an elbow") as edit:
        edit.write(track, "base_rad", slice(140, 152), 1.4, joints=18)
    with document.edit("Into the other") as edit:
        other = next(iter(document.tracks.values()))
        edit.write(track, "base_root_m", slice(40, 60), other.base_root_m[40:60])
    with document.edit("Key") as edit:
        pose.rotate_joint(
            edit,
            document,
            track,
            frame=200,
            joint=16,
            delta_parent_rad=np.array([0.0, 2.5, 0.0]),
        )
    assert queue.is_stale
    again(queue)
    assert not queue.is_stale
    assert set(queue.open) == anew(document)
    with document.edit("Cut") as edit:
        tracks.cut_track(edit, document, track, 120)
    assert set(again(queue).open) == anew(document)
    while document.undo():
        if not document.tracks:
            break
    assert again(queue).open == ()


def test_who_comes_back_comes_back_with_all_problems() -> None:
    document = made_document(["jump", "swap"])
    queue = checked(document)
    before = {finding.key for finding in queue.open}
    one, other = list(document.persons.values())[:2]
    with document.edit("Merge") as edit:
        merge.merge_people(edit, document, one, other)
    assert {finding.key for finding in again(queue).open} != before
    document.undo()
    assert {finding.key for finding in again(queue).open} == before
    with document.edit("Cut") as edit:
        cuts.add_cut(edit, document, document.clip.frame_count // 2)
    split = {finding.key for finding in again(queue).open}
    document.undo()
    assert {finding.key for finding in again(queue).open} == before
    document.redo()
    assert {finding.key for finding in again(queue).open} == split


def test_only_whom_an_edit_touched_is_checked_again() -> None:
    document = made_document(["jump"], people=3)
    queue = checked(document)
    track = next(iter(document.tracks.values()))
    with document.edit("Nudge") as edit:
        edit.write(track, "base_rad", slice(10, 20), 0.3, joints=18)
    assert queue.stale_frames == track.frame_count
    result = run_job(queue.job(BODY))
    assert {unit.persons for unit in result.found} == {
        unit.persons for unit in queue.found if track.person_id in unit.persons
    }
    assert len(result.found) < len(queue.found)


def test_a_gesture_that_goes_on_makes_nothing_stale() -> None:
    document = made_document(["jump"])
    queue = checked(document)
    track = next(iter(document.tracks.values()))
    edit = document.begin_edit("Drag")
    edit.write(track, "base_rad", slice(10, 20), 0.3, joints=18)
    edit.preview()
    assert not queue.is_stale
    edit.abort()


def test_decisions_settle_and_repairs_alone_do_not() -> None:
    document = made_document(["implausible"])
    queue = checked(document)
    finding = first_of(queue, "implausible")
    about = {"kind": finding.kind, "person_id": finding.person_id}
    where = {"start": finding.start, "stop": finding.stop}
    with document.edit("Said to be repaired") as edit:
        decisions.decide(edit, document, **about, **where, verdict="repaired")
    one = next(p for p in queue.everything if p.finding == finding)
    assert one.is_open
    assert one.was_repaired
    with document.edit("Ignore") as edit:
        decisions.decide(edit, document, **about, **where, verdict="ignored")
    assert finding not in queue.open
    assert queue.done_count == 1
    with document.edit("Reopen") as edit:
        decisions.reopen(edit, document.decisions.values())
    assert finding in queue.open


def test_what_was_never_seen_is_one_decision_for_the_shot() -> None:
    document = made_document()
    track = next(iter(document.tracks.values()))
    finding = Finding(
        kind="truncated",
        person_id=track.person_id,
        track_id=track.id,
        start=0,
        stop=track.frame_count,
        joints=(7, 8, 10, 11),
    )
    labels = [how.label for how in repairs.repairs_of(document, finding)]
    assert labels[:3] == ["Leave out", "Let stand", "Let sit"]
    repaired(document, finding)
    (decision,) = document.decisions.values()
    shot = document.shot_at(0)
    assert (decision.start, decision.stop) == (shot.start, shot.stop)
    assert decision.verdict == "left out"
    assert set(finding.joints) <= set(decision.joints)
    assert 0 not in decision.joints
    repaired(document, finding, 2)
    knees = document.tracks[track.id].base_rad[50, [4, 5], 0]
    assert (knees > 1.2).all()
    with pytest.raises(StudioError, match="no other shot"):
        repaired(document, finding, 3)


def test_what_cannot_be_repaired_says_so_and_changes_nothing() -> None:
    document = made_document(["missing"])
    queue = checked(document)
    finding = first_of(queue, "missing")
    person = document.persons[finding.person_id]
    from hpe_studio.edits import people

    with document.edit("Lock") as edit:
        people.set_locked(edit, person, locked=True)
    steps = len(document.history.steps)
    with pytest.raises(StudioError, match="locked"):
        repaired(document, finding)
    assert len(document.history.steps) == steps


def test_all_alike_are_one_step() -> None:
    document = made_document(["missing"], count=3)
    queue = checked(document)
    mine = [f for f in queue.open if f.kind == "missing"]
    assert len(mine) >= 4
    how = repairs.repairs_of(document, mine[0])[0]
    steps = len(document.history.steps)
    poser = Poser(document, BODY)
    done = repair_all(document, poser, how, mine, label="Fill all")
    assert done == (len(mine), None)
    assert len(document.history.steps) == steps + 1
    assert not [f for f in again(queue).open if f.kind == "missing"]
    document.undo()
    assert len([f for f in again(queue).open if f.kind == "missing"]) == len(mine)


def test_what_breaks_off_among_many_is_left_as_it_was() -> None:
    document = made_document(["missing"], count=3)
    mine = [f for f in checked(document).open if f.kind == "missing"]
    spoilt = min(mine, key=lambda f: f.start)
    fill = repairs.repairs_of(document, spoilt)[0]

    def run(scene: Scene, finding: Finding) -> None:
        assert fill.run is not None
        fill.run(scene, finding)
        if finding == spoilt:
            raise StudioError("the last part of it cannot be")

    how = replace(fill, run=run)
    track = document.tracks[spoilt.track_id]
    rows = slice(spoilt.start - track.start, spoilt.stop - track.start)
    steps = len(document.history.steps)
    poser = Poser(document, BODY)
    done, why = repair_all(document, poser, how, mine, label="Fill all")
    assert (done, str(why)) == (len(mine) - 1, "the last part of it cannot be")
    assert len(document.history.steps) == steps + 1
    assert np.isnan(document.tracks[track.id].base_root_m[rows]).all()
    assert not any(d.start == spoilt.start for d in document.decisions.values())


def test_findings_are_there_at_once_at_the_next_opening(tmp_path: Path) -> None:
    path = tmp_path / "broken.hpes"
    write_document(path, made_document(["jump", "flip"]))
    project = open_project(path)
    queue = checked(project.document)
    found = queue.open
    project.keep_notes(keeping.notes_of(queue, {u.shot_id for u in queue.found}))
    steps = len(project.document.history.steps)
    project.close()

    project = open_project(path)
    assert len(project.document.history.steps) == steps
    known = ProblemQueue(project.document, MODULES)
    keeping.restore(known, project.notes(keeping.PREFIX))
    assert known.open == found
    assert run_job(known.job(BODY)).found == {}
    track = next(iter(project.document.tracks.values()))
    with project.document.edit("Break") as edit:
        edit.write(track, "base_rad", slice(60, 70), 1.5, joints=4)
    other = ProblemQueue(project.document, MODULES)
    keeping.restore(other, project.notes(keeping.PREFIX))
    assert run_job(other.job(BODY)).found
    project.close()


def test_notes_nobody_can_read_are_found_again() -> None:
    document = made_document(["jump"])
    queue = ProblemQueue(document, MODULES)
    keeping.restore(queue, {"problems/1": b"\xff", "problems/x": b""})
    assert again(queue).open == checked(document).open


def test_an_empty_project_has_nothing_to_check(tmp_path: Path) -> None:
    document = made_document()
    project = create_project(tmp_path / "empty.hpes", document.clip)
    queue = checked(project.document)
    assert queue.open == ()
    assert not queue.is_stale
    project.close()


class _Counting:
    """A detector that counts the frames of all tracks it looks at."""

    def __init__(self, kind: str) -> None:
        self.SPEC = MODULES[kind].SPEC
        self.frames = 0

    def detect(self, evidence: ShotEvidence, values: dict[str, Any]) -> Any:
        self.frames += sum(len(t.is_present) for t in evidence.tracks)
        return MODULES[self.SPEC.id].detect(evidence, values)


def test_after_an_edit_of_one_of_six_people_little_is_looked_at_again() -> None:
    document = made_document(["jump"], frames=2000, people=6)
    counting = {kind: _Counting(kind) for kind in MODULES}
    queue = again(ProblemQueue(document, counting))
    document.changed.connect(queue.follow)
    whole = {kind: one.frames for kind, one in counting.items()}
    track = next(iter(document.tracks.values()))
    with document.edit("Nudge") as edit:
        edit.write(track, "base_rad", slice(100, 160), 0.4, joints=18)
    again(queue)
    looked = {kind: one.frames - whole[kind] for kind, one in counting.items()}
    assert all(0 < looked[kind] <= whole[kind] / 6 for kind in whole)
    assert sum(looked.values()) < sum(whole.values()) / 15
    assert _kinds(queue.open) >= {"jump"}


def _kinds(findings: Sequence[Finding]) -> set[str]:
    return {finding.kind for finding in findings}


@pytest.mark.parametrize("frames", [1, 2, 3, 5, 8, 11])
def test_the_shortest_clips_are_checked_too(frames: int) -> None:
    queue = run_job(check(made_document(frames=frames), open_body(24)))
    assert queue.everything == ()
