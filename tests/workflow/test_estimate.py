"""The main job on real clips: stopped, resumed, with nobody there, done twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.clip import Shot
from hpe_studio.core.errors import CancelledByUser, StudioError
from hpe_studio.core.jobs import Progress, run_job
from hpe_studio.core.observations import FrameDetections
from hpe_studio.workflow.apply_estimate import apply_estimate
from hpe_studio.workflow.estimate import EstimateOptions, estimate_job
from hpe_studio.workflow.estimating import estimate_into
from hpe_studio.workflow.opening import open_clip
from tests.core.scenes import state_of

pytestmark = [pytest.mark.data, pytest.mark.models, pytest.mark.slow]


def test_a_stopped_run_goes_on_where_it_was(
    test_data: Path, tmp_path: Path, home: Path
) -> None:
    clip = test_data / "video" / "pose2sim_multi" / "cam02.mp4"
    opened = open_clip(clip, project_path=tmp_path / "p.hpes")
    try:
        assert opened.footage is not None
        options = EstimateOptions(frames=(0, 40), settings={"model": "full"})
        found = 0

        def job():
            return estimate_job(
                opened.footage, options, body=open_body(), shots=opened_shots
            )

        opened_shots = [opened.project.document.shot_at(0)]

        def count(progress) -> None:
            nonlocal found
            found += progress.partial is not None

        with pytest.raises(CancelledByUser):
            run_job(job(), on_progress=count, is_cancelled=lambda: found >= 20)
        assert list((home / "runs").iterdir()), "what was found is kept"
        first, found = found, 0
        result = run_job(job(), on_progress=count)
        assert found <= 40 - first + 2, "only the rest is looked at"
        assert not list((home / "runs").iterdir()), "a finished run leaves nothing"
        before = state_of(opened.project.document)
        persons = apply_estimate(opened.project.document, result)
        assert len(persons) >= 2
        opened.project.document.undo()
        opened.project.document.undo()
        assert state_of(opened.project.document) == before
    finally:
        opened.close()


def test_a_clip_with_nobody_in_it(tmp_path: Path, home: Path) -> None:
    import cv2

    folder = tmp_path / "empty room"
    folder.mkdir()
    for i in range(6):
        picture = np.full((240, 320, 3), 90 + i, np.uint8)
        cv2.imwrite(str(folder / f"{i:03d}.png"), picture)
    opened = open_clip(folder, project_path=tmp_path / "p.hpes")
    try:
        persons, warnings = estimate_into(opened, EstimateOptions())
        assert persons == ()
        assert any("Nobody was found" in w for w in warnings)
    finally:
        opened.close()


def test_people_are_not_overwritten(
    test_data: Path, tmp_path: Path, home: Path
) -> None:
    clip = test_data / "video" / "mmpose_demo.mp4"
    opened = open_clip(clip, project_path=tmp_path / "p.hpes")
    try:
        estimate_into(opened, EstimateOptions(settings={"model": "full"}))
        before = state_of(opened.project.document)
        with pytest.raises(StudioError, match="has people already"):
            estimate_into(opened, EstimateOptions())
        assert state_of(opened.project.document) == before
    finally:
        opened.close()


def test_people_are_joined_across_cuts_only_when_asked(
    test_data: Path, tmp_path: Path, home: Path
) -> None:
    clip = test_data / "video" / "pose2sim_multi" / "cam02.mp4"
    opened = open_clip(clip, project_path=tmp_path / "p.hpes")
    shots = [Shot(id=1, start=0, stop=12), Shot(id=2, start=12, stop=100)]
    options = EstimateOptions(frames=(0, 24), settings={"model": "full"})
    try:
        assert opened.footage is not None
        apart = run_job(
            estimate_job(opened.footage, options, body=open_body(), shots=shots)
        )
        joined = run_job(
            estimate_job(
                opened.footage,
                replace(options, link_shots=True),
                body=open_body(),
                shots=shots,
            )
        )
    finally:
        opened.close()
    assert all(p.tracklet.start >= 12 or p.tracklet.stop <= 12 for p in joined.people)
    assert len({p.identity for p in apart.people}) == len(apart.people)
    by_person: dict[int, list] = {}
    for person in joined.people:
        by_person.setdefault(person.identity, []).append(person)
    twice = [group for group in by_person.values() if len(group) == 2]
    assert twice, "somebody is seen on both sides of the cut"
    assert all(a.betas == b.betas for a, b in twice), "one shape per person"


@pytest.mark.parametrize(
    ("asked", "looked_at"),
    [((209, 219), {209, 210, 217, 218}), ((211, 217), set())],
)
def test_nobody_is_sought_within_a_dissolve(
    asked: tuple[int, int],
    looked_at: set[int],
    test_data: Path,
    tmp_path: Path,
    home: Path,
) -> None:
    clip = test_data / "romp" / "romp_sample_video.mp4"
    opened = open_clip(clip, project_path=tmp_path / "p.hpes")
    shots = [Shot(id=1, start=0, stop=211), Shot(id=2, start=211, stop=257, dissolve=6)]
    options = EstimateOptions(frames=asked, settings={"model": "full"})
    seen: set[int] = set()

    def look(progress: Progress) -> None:
        if isinstance(progress.partial, FrameDetections):
            seen.add(progress.partial.frame)

    try:
        assert opened.footage is not None
        job = estimate_job(opened.footage, options, body=open_body(), shots=shots)
        result = run_job(job, on_progress=look)
    finally:
        opened.close()
    assert seen == looked_at
    known = {f for p in result.people for f in range(p.tracklet.start, p.tracklet.stop)}
    assert known == looked_at
    assert result.dissolves == {211: 6}
