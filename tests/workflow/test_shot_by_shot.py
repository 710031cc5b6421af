"""Shots of a run put into a document one by one, edited meanwhile, stopped, gone on."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.clip import Shot, clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.jobs import run_job
from hpe_studio.edits import people, pose
from hpe_studio.media.shots import ShotsFound
from hpe_studio.workflow.apply_estimate import ShotApplier, finished_shots
from hpe_studio.workflow.estimate import EstimateOptions, ShotFound, estimate_job
from hpe_studio.workflow.find_people import run_of
from hpe_studio.workflow.opening import open_clip
from hpe_studio.workflow.shots import apply_shots
from tests.core.scenes import state_of
from tests.workflow.found_shots import RUN, shot_found

SHOTS = ((0, 20), (20, 50), (50, 60))


@pytest.fixture
def document() -> Document:
    return Document(clip_without_footage(frame_count=60, fps=Fraction(25)))


def edited_state(document: Document) -> dict[str, object]:
    """Everything but what tells of the run and its shots."""
    return {
        place: value
        for place, value in state_of(document).items()
        if place.partition(" ")[0] not in ("settings", "shots", "cameras")
    }


def labels(document: Document) -> list[str]:
    return [step.label for step in document.history.steps]


def test_each_shot_is_a_step_of_its_own_and_people_stay_who_they_are(
    document: Document,
) -> None:
    applier = ShotApplier(document)
    applier.apply(shot_found(SHOTS, 1, [0, 1]))
    assert [p.name for p in document.persons.values()] == ["Person A", "Person B"]
    assert document.shots is not None
    assert [(s.start, s.stop) for s in document.shots] == list(SHOTS)
    applier.apply(shot_found(SHOTS, 2, [1, 2]))
    applier.apply(shot_found(SHOTS, 3, []))
    assert labels(document) == [
        "Estimate people, shot 1 of 3",
        "Smooth, shot 1 of 3",
        "Estimate people, shot 2 of 3",
        "Smooth, shot 2 of 3",
        "Estimate people, shot 3 of 3",
    ]
    ranges = {
        p.name: [(t.start, t.stop) for t in document.tracks_of(p.id)]
        for p in document.persons.values()
    }
    assert ranges == {
        "Person A": [(0, 20)],
        "Person B": [(0, 20), (20, 50)],
        "Person C": [(20, 50)],
    }
    assert len(document.takes) == 1, "one take per run"
    assert len(applier.found) == 3


def test_measured_dissolves_come_with_the_shots(document: Document) -> None:
    told = shot_found(SHOTS, 1, [0])
    told = replace(told, result=replace(told.result, dissolves={20: 6}))
    ShotApplier(document).apply(told)
    assert [shot.dissolve for shot in document.shots or ()] == [0, 6, 0]
    other = Document(document.clip)
    apply_shots(other, ShotsFound(ranges=SHOTS, dissolves={50: 3}))
    assert [shot.dissolve for shot in other.shots or ()] == [0, 0, 3]


def test_what_is_done_to_finished_shots_stays(document: Document) -> None:
    applier = ShotApplier(document)
    applier.apply(shot_found(SHOTS, 1, [0, 1]))
    first, second = document.persons.values()
    with document.edit("Work") as edit:
        people.rename_person(edit, first, "Dancer")
        people.set_shape(edit, second, betas=[0.7] * 10, scale=1.0)
        track = document.tracks_of(first.id)[0]
        turn = np.array([0.0, 0.3, 0.0])
        pose.rotate_joint(
            edit, document, track, frame=5, joint=16, delta_parent_rad=turn
        )
    before = edited_state(document)
    applier.apply(shot_found(SHOTS, 2, [0, 1]))
    applier.apply(shot_found(SHOTS, 3, [0]))
    after = state_of(document)
    assert all(after[place] == value for place, value in before.items())
    assert {t.person_id for t in document.tracks.values()} == {first.id, second.id}


def test_a_finished_shot_keeps_its_camera(document: Document) -> None:
    from dataclasses import replace

    from hpe_studio.core.tables import ShotCamera

    applier = ShotApplier(document)
    applier.apply(shot_found(SHOTS, 1, [0]))
    shot = document.shot_at(0)
    longer = replace(document.camera_at(0), source="given")
    with document.edit("Set focal length") as edit:
        edit.put(ShotCamera(shot_id=shot.id, camera=longer))
    applier.apply(shot_found(SHOTS, 2, [0]))
    assert document.camera_at(0).source == "given"
    assert document.camera_at(25).source == "assumed"


def test_a_stopped_run_knows_what_is_in_and_an_undone_shot_is_done_anew(
    document: Document,
) -> None:
    applier = ShotApplier(document)
    applier.apply(shot_found(SHOTS, 1, [0]))
    applier.apply(shot_found(SHOTS, 2, [0, 1]))
    who = finished_shots(document, RUN)
    assert list(who) == [SHOTS[0], SHOTS[1]]
    assert [p.name for p in who[SHOTS[1]] if p] == ["Person A", "Person B"]
    document.undo()
    document.undo()
    assert list(finished_shots(document, RUN)) == [SHOTS[0]]
    assert finished_shots(document, "another") == {}
    later = ShotApplier(document)  # as after a restart
    later.apply(shot_found(SHOTS, 2, [0, 1]))
    assert len(document.takes) == 1
    later.apply(shot_found(SHOTS, 3, []))
    assert finished_shots(document, RUN) == {}, "a complete run leaves no note"


def test_a_person_deleted_meanwhile_comes_back_as_somebody_new(
    document: Document,
) -> None:
    applier = ShotApplier(document)
    applier.apply(shot_found(SHOTS, 1, [0]))
    (person,) = document.persons.values()
    with document.edit("Delete") as edit:
        people.delete_person(edit, document, person)
    applier.apply(shot_found(SHOTS, 2, [0]))
    (other,) = document.persons.values()
    assert other.id != person.id


_RUN = """
import os
import signal
import sys
from pathlib import Path
from hpe_studio.body import open_body
from hpe_studio.core.clip import Shot
from hpe_studio.workflow.apply_estimate import ShotApplier
from hpe_studio.workflow.estimate import EstimateOptions, ShotFound, estimate_job
from hpe_studio.workflow.opening import open_clip

opened = open_clip(Path(sys.argv[1]), project_path=Path(sys.argv[2]))
document = opened.project.document
with document.edit("Cut") as edit:
    for start, stop in ((0, 10), (10, 20), (20, 100)):
        edit.put(Shot(id=document.new_id(), start=start, stop=stop))
options = EstimateOptions(frames=(0, 40), settings={"model": "full"}, link_shots=True)
applier = ShotApplier(document)
seen = 0
for progress in estimate_job(
    opened.footage, options, body=open_body(), shots=document.shots
):
    if isinstance(progress.partial, ShotFound):
        applier.apply(progress.partial)
    elif progress.partial is not None and applier.shots:
        seen += 1
        if seen == 29:  # the third shot: more is seen than is written at a time
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.data
@pytest.mark.models
@pytest.mark.slow
def test_a_run_that_is_killed_loses_nothing(
    test_data: Path, tmp_path: Path, home: Path
) -> None:
    clip = test_data / "video" / "pose2sim_multi" / "cam02.mp4"
    project = tmp_path / "p.hpes"
    words = [sys.executable, "-c", textwrap.dedent(_RUN), str(clip), str(project)]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
    opened = open_clip(clip, project_path=project)
    try:
        document, footage = opened.project.document, opened.footage
        assert footage is not None
        options = EstimateOptions(
            frames=(0, 40), settings={"model": "full"}, link_shots=True
        )
        finished = finished_shots(document, run_of(options, document.clip))
        assert list(finished) == [(0, 10), (10, 20)]
        before = edited_state(document)
        names = [p.name for p in document.persons.values()]
        told: list[object] = []
        job = estimate_job(
            footage,
            options,
            body=open_body(),
            shots=document.shots,
            finished=finished,
        )
        applier = ShotApplier(document)
        run_job(job, on_progress=lambda p: told.append(p.partial))
        shots = [t for t in told if isinstance(t, ShotFound)]
        looked = sum(t is not None and not isinstance(t, ShotFound) for t in told)
        assert [s.frames for s in shots] == [(20, 40)]
        assert looked <= 20 - 16, "what was seen before is not looked at again"
        applier.apply(shots[0])
        assert set(names) <= {p.name for p in document.persons.values()}
        last = [t for t in document.tracks.values() if t.start >= 20]
        assert any(document.persons[t.person_id].name in names for t in last), (
            "somebody is known again"
        )
        after = state_of(document)
        assert all(after[place] == value for place, value in before.items())
    finally:
        opened.close()


def test_the_shots_of_the_clip_are_told_one_after_the_other(
    tmp_path: Path, home: Path
) -> None:
    import cv2

    folder = tmp_path / "empty room"
    folder.mkdir()
    for i in range(12):
        picture = np.full((240, 320, 3), 90 + i, np.uint8)
        cv2.imwrite(str(folder / f"{i:03d}.png"), picture)
    opened = open_clip(folder, project_path=tmp_path / "p.hpes")
    shots = [Shot(id=1, start=0, stop=5), Shot(id=2, start=5, stop=12)]
    told: list[tuple[int, int, tuple[int, int]]] = []
    texts: set[str] = set()

    def tell(progress) -> None:
        texts.add(progress.text)
        if isinstance(progress.partial, ShotFound):
            found = progress.partial
            told.append((found.number, found.count, found.frames))

    try:
        job = estimate_job(
            opened.footage, EstimateOptions(), body=open_body(), shots=shots
        )
        run_job(job, on_progress=tell)
    finally:
        opened.close()
    assert told == [(1, 2, (0, 5)), (2, 2, (5, 12))]
    assert "Finding people, shot 2 of 2" in texts
