"""Motion out of a document: several tracks, gaps, variable frame rate."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.clip import Clip, Shot, clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.track import Source
from hpe_studio.edits import pose
from hpe_studio.formats import bvh, hpe_json
from hpe_studio.posing.posed import Poser
from hpe_studio.workflow.exporting import export, motion_of
from hpe_studio.workflow.importing import import_motion
from tests.cli import made


def document_of(clip: Clip, *cuts: int) -> Document:
    document = Document(clip)
    edges = [0, *cuts, clip.frame_count]
    with document.edit("Find cuts") as edit:
        for start, stop in zip(edges[:-1], edges[1:], strict=True):  # noqa: RUF007
            edit.put(Shot(id=document.new_id(), start=start, stop=stop))
    motion = replace(
        made.motion(made.person(frames=clip.frame_count), fps=clip.fps),
        times_s=clip.times_s,
    )
    import_motion(document, motion, name="made")
    return document


def test_one_person_over_several_shots_is_one_bvh(tmp_path: Path) -> None:
    document = document_of(clip_without_footage(frame_count=40, fps=Fraction(25)), 15)
    assert len(document.tracks) == 2
    report = export(document, Poser(document, open_body()), tmp_path / "o.bvh")
    assert report.paths == (tmp_path / "o.bvh",)
    again = bvh.read(tmp_path / "o.bvh").people[0]
    np.testing.assert_allclose(
        again.root_scene_m, made.person().root_scene_m, atol=1e-5
    )


def test_json_keeps_shots_tracks_and_sources(tmp_path: Path) -> None:
    document = document_of(clip_without_footage(frame_count=40, fps=Fraction(25)), 15)
    export(document, Poser(document, open_body()), tmp_path / "o.json")
    read = hpe_json.read(tmp_path / "o.json")
    assert read.shots == ((0, 15), (15, 40))
    assert [(p.start, len(p.joints_rad)) for p in read.people] == [(0, 15), (15, 25)]
    assert len({p.person_id for p in read.people}) == 1
    for part in read.people:
        assert part.source is not None
        assert (part.source == Source.IMPORTED).all()


def test_variable_rate_is_resampled_for_bvh_and_kept_in_json(tmp_path: Path) -> None:
    times_s = np.concatenate([[0], np.cumsum(np.tile([0.02, 0.1, 0.04], 10))[:-1]])
    clip = replace(
        clip_without_footage(frame_count=30, fps=Fraction(20)), times_s=times_s
    )
    document = document_of(clip)
    poser = Poser(document, open_body())
    report = export(document, poser, tmp_path / "o.bvh", options={"fps": "50"})
    assert "Resampled from variable frame rate to 50 fps" in report.notes
    read = bvh.read(tmp_path / "o.bvh")
    own = made.person(frames=30).root_scene_m
    for axis in range(3):
        expected = np.interp(np.arange(read.frame_count) / 50, times_s, own[:, axis])
        np.testing.assert_allclose(
            read.people[0].root_scene_m[:, axis], expected, atol=1e-5
        )
    export(document, poser, tmp_path / "o.json")
    kept = hpe_json.read(tmp_path / "o.json")
    assert kept.times_s is not None
    np.testing.assert_allclose(kept.times_s, times_s, atol=1e-8)


def test_keys_are_in_what_is_written(tmp_path: Path) -> None:
    document = document_of(clip_without_footage(frame_count=40, fps=Fraction(25)))
    (track,) = document.tracks.values()
    poser = Poser(document, open_body())
    before = motion_of(document, poser).people[0].joints_rad[20, 18].copy()
    with document.edit("Rotate left elbow") as edit:
        pose.rotate_joint(
            edit,
            document,
            track,
            frame=20,
            joint=18,
            delta_parent_rad=np.array([0, 0.5, 0]),
        )
    export(document, poser, tmp_path / "o.json")
    read = hpe_json.read(tmp_path / "o.json").people[0]
    assert np.abs(read.joints_rad[20, 18] - before).max() > 0.1
    assert read.source is not None
    assert read.source[20, 18] == Source.KEYED
    assert read.source[20, 3] == Source.IMPORTED


@pytest.mark.parametrize("name", ["o.bvh", "o.json"])
def test_an_unknown_option_is_named(tmp_path: Path, name: str) -> None:
    from hpe_studio.core.errors import StudioError

    document = document_of(clip_without_footage(frame_count=5, fps=Fraction(25)))
    with pytest.raises(StudioError, match="sparkle"):
        export(
            document,
            Poser(document, open_body()),
            tmp_path / name,
            options={"sparkle": 1},
        )
    assert list(tmp_path.iterdir()) == []
