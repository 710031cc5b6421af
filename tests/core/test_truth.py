"""Truth keeps what its file says, and falls on the clip's frames as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.clip import clip_without_footage
from hpe_studio.core.errors import StudioError
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.truth import Truth
from hpe_studio.edits.truth import (
    attach_truth,
    remove_truth,
    set_truth_place,
    set_truth_timing,
)
from hpe_studio.storage.project import Project, create_project, open_project

FRAMES, FIRST = 12, 100


def places_m() -> np.ndarray:
    """Every point of row r stands at x = r; one is missing on row 5."""
    points = np.zeros((FRAMES, 19, 3))
    points[..., 0] = np.arange(FRAMES)[:, None]
    points[..., 1] = np.arange(19) / 10
    points[5, 7] = np.nan
    return points


def a_truth(person: str = "id 0") -> Truth:
    points = places_m()
    known = np.isfinite(points).all(axis=-1)
    return Truth(
        id=0,
        name="160906_band1",
        path="/data/160906_band1",
        person=person,
        point_set=landmark_set("coco19"),
        first_frame=FIRST,
        offset_frames=float(FIRST),
        row_count=FRAMES,
        arrays={
            "points_file_m": points,
            "confidence_file": np.where(known, 0.5, 0.0),
        },
    )


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    clip = clip_without_footage(frame_count=40, fps=Fraction(30000, 1001))
    made = create_project(tmp_path / "a.hpes", clip)
    yield made
    made.close()


def test_its_frames_fall_where_offset_and_rate_say() -> None:
    truth = a_truth()
    assert (truth.start, truth.stop) == (0, FRAMES)
    assert np.allclose(truth.points_scene_m[:, 0, 0], np.arange(FRAMES))
    assert np.isnan(truth.points_scene_m[5, 7]).all()
    assert truth.confidence[5, 7] == 0
    assert truth.confidence[4, 7] == 0.5

    later = Truth(**{**fields_of(truth), "offset_frames": 95.0})
    assert (later.start, later.stop) == (5, 5 + FRAMES)
    at = later.at(6)
    assert at is not None
    assert at[0, 0] == 1
    assert later.at(4) is None

    slower = Truth(**{**fields_of(truth), "rate": 0.5})
    assert (slower.start, slower.stop) == (0, 2 * FRAMES - 1)
    assert np.allclose(slower.points_scene_m[:, 0, 0], np.arange(23) / 2)
    assert np.isnan(slower.points_scene_m[9:12, 7]).all(), "no place from one side"
    assert np.isfinite(slower.points_scene_m[[8, 12], 7]).all()


def fields_of(truth: Truth) -> dict[str, object]:
    return {name: getattr(truth, name) for name in truth.__dataclass_fields__}


def test_it_is_turned_into_the_scene() -> None:
    quarter = np.array([[0.0, 0, 1, 5], [0, 1, 0, 6], [-1, 0, 0, 7]])
    truth = Truth(**{**fields_of(a_truth()), "scene_from_file": quarter})
    assert np.allclose(truth.points_scene_m[3, 0], [5, 6, 7 - 3])


def test_attached_set_and_detached_in_single_undoable_steps(
    project: Project, tmp_path: Path
) -> None:
    document = project.document
    attach_truth(document, [a_truth("id 0"), a_truth("id 1")])
    assert [t.person for t in document.truths.values()] == ["id 0", "id 1"]
    set_truth_timing(document, offset_frames=96.5, rate=2.0)
    set_truth_place(document, 2 * np.eye(3, 4), camera_name="00_16")
    remove_truth(document)
    assert not document.truths
    assert len(document.history.steps) == 4
    document.undo()
    moved = next(iter(document.truths.values()))
    assert (moved.offset_frames, moved.rate, moved.camera_name) == (96.5, 2, "00_16")
    assert moved.start == 2, "clip frame 2 shows frame 100.5 of the file"
    assert np.allclose(moved.points_scene_m[:2, 0, 0], [2 * 0.5, 2 * 2.5])
    project.close()

    again = open_project(tmp_path / "a.hpes")
    try:
        kept = next(iter(again.document.truths.values()))
        assert np.array_equal(kept.points_scene_m, moved.points_scene_m, equal_nan=True)
        assert kept.point_set.edges == moved.point_set.edges
        again.document.undo()
        again.document.undo()
        placed = next(iter(again.document.truths.values()))
        assert (placed.offset_frames, placed.camera_name) == (FIRST, "")
        again.document.undo()
        assert not again.document.truths
        again.document.redo()
        back = next(iter(again.document.truths.values()))
        assert np.allclose(back.points_scene_m[:, 0, 0], np.arange(FRAMES))
    finally:
        again.close()


def test_truth_takes_the_place_of_earlier_truth(project: Project) -> None:
    attach_truth(project.document, [a_truth("id 0")])
    attach_truth(project.document, [a_truth("id 7")])
    assert [t.person for t in project.document.truths.values()] == ["id 7"]
    project.document.undo()
    assert [t.person for t in project.document.truths.values()] == ["id 0"]


def test_what_makes_no_sense_is_said_in_a_sentence(project: Project) -> None:
    document = project.document
    with pytest.raises(StudioError, match="nobody in it"):
        attach_truth(document, [])
    with pytest.raises(StudioError, match="no truth"):
        set_truth_timing(document, offset_frames=3)
    attach_truth(document, [a_truth()])
    with pytest.raises(StudioError, match="rate of 0"):
        set_truth_timing(document, rate=0)
    with pytest.raises(StudioError, match="offset"):
        set_truth_timing(document, offset_frames=float("nan"))
    assert len(document.history.steps) == 1
