"""Any series of edits: undone, redone and opened again it is the same to the bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hpe_studio as hs
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.skeleton import skeleton
from hpe_studio.edits import (
    cuts,
    identities,
    keys,
    limits,
    marks,
    merge,
    outliers,
    people,
    pose,
    tracks,
    whole_pose,
)
from hpe_studio.edits.tools import TOOLS
from hpe_studio.formats import hpe_json
from hpe_studio.storage.project import open_project
from tests.core.scenes import state_of
from tests.formats.scenes import motion, person

Doing = Callable[[hs.Project, np.random.Generator], Any]
BONES = skeleton("smpl24")
LIMBS = list(hs.edit.LIMBS)


def _someone(project: hs.Project, rng: np.random.Generator) -> hs.Person:
    found = [p for p in project.people if project.document.tracks_of(p.id)]
    if not found:
        raise StudioError("nobody is left")
    return found[int(rng.integers(len(found)))]


def _range(project: hs.Project, rng: np.random.Generator) -> tuple[int, int]:
    count = project.document.clip.frame_count
    start = int(rng.integers(0, count - 1))
    return start, int(rng.integers(start + 1, count + 1))


def _tool(name: str) -> Doing:
    def run(project: hs.Project, rng: np.random.Generator) -> None:
        limb = LIMBS[int(rng.integers(len(LIMBS)))]
        who, frames = _someone(project, rng), _range(project, rng)
        hs.edit.use(name, who, frames=frames, limb=limb)

    return run


def _by_hand(name: str) -> Doing:
    """An edit that takes an open edit, a document, a track and a frame."""

    def run(project: hs.Project, rng: np.random.Generator) -> None:
        document = project.document
        who = _someone(project, rng)
        mine = document.tracks_of(who.id)
        track = mine[int(rng.integers(len(mine)))]
        frame = int(rng.integers(track.start, track.stop))
        with document.edit(name) as edit:
            _HANDS[name](edit, document, track, frame, rng)

    return run


def _mark(edit: Any, document: Document, track: Any, frame: int, rng: Any) -> None:
    kinds = ("outside", "occluded", "contact", "accent")
    kind = kinds[int(rng.integers(4))]
    joints = BONES.descendants(int(rng.choice([1, 2, 10, 16])))
    where = {"kind": kind, "joints": joints, "start": frame, "stop": frame + 6}
    put = marks.set_mark if rng.random() < 0.7 else marks.clear_mark
    put(edit, document, track, **where)


def _turn(edit: Any, document: Document, track: Any, frame: int, rng: Any) -> None:
    delta, joint = rng.normal(0, 0.3, 3), int(rng.integers(24))
    pose.rotate_joint(
        edit, document, track, frame=frame, joint=joint, delta_parent_rad=delta
    )


def _copy(edit: Any, document: Document, track: Any, frame: int, _rng: Any) -> None:
    copied = whole_pose.copy_pose(document, track, frame)
    whole_pose.paste_pose(
        edit, document, track, frame=track.start, pose=copied, is_mirrored=True
    )


def _move(edit: Any, document: Document, track: Any, frame: int, _rng: Any) -> None:
    for key in tuple(document.keys_of(track.id))[:1]:
        keys.move_joints(edit, document, key, frame, range(8))


def _swap(edit: Any, document: Document, track: Any, frame: int, _rng: Any) -> None:
    first, second = _pair(document)
    stop = document.shot_at(frame).stop
    identities.swap_people(edit, document, first, second, start=frame, stop=stop)


def _pair(document: Document) -> list[Any]:
    pair = list(document.persons.values())[:2]
    if len(pair) < 2:
        raise StudioError("there is only one")
    return pair


def _merge(edit: Any, document: Document, _track: Any, _frame: int, _rng: Any) -> None:
    merge.merge_people(edit, document, *_pair(document))


def _add_cut(edit: Any, document: Document, track: Any, frame: int, _rng: Any) -> None:
    cuts.add_cut(edit, document, frame)


def _no_cut(edit: Any, document: Document, _track: Any, frame: int, _rng: Any) -> None:
    cuts.remove_cut(edit, document, document.shot_at(frame).start)


def _join(edit: Any, document: Document, track: Any, _frame: int, _rng: Any) -> None:
    mine = document.tracks_of(track.person_id)
    tracks.join_tracks(edit, document, mine[0], mine[-1])


def _rename(edit: Any, document: Document, track: Any, frame: int, _rng: Any) -> None:
    who = document.persons[track.person_id]
    people.rename_person(edit, who, f"Somebody {frame}")


def _shape(edit: Any, document: Document, track: Any, _frame: int, rng: Any) -> None:
    who = document.persons[track.person_id]
    people.set_shape(edit, who, betas=rng.normal(size=10), scale=1.1)


def _limits(edit: Any, document: Document, track: Any, frame: int, _rng: Any) -> None:
    where = {"start": frame, "stop": frame + 9, "joints": (4, 5, 18, 19)}
    limits.clamp_joints(edit, document, track, **where)


def _anew(edit: Any, document: Document, track: Any, frame: int, _rng: Any) -> None:
    outliers.replace_frames(edit, document, track, start=frame, stop=frame + 2)


def _cut(edit: Any, document: Document, track: Any, frame: int, _rng: Any) -> None:
    tracks.cut_track(edit, document, track, frame)


def _hold(edit: Any, document: Document, track: Any, frame: int, _rng: Any) -> None:
    pose.insert_key(edit, document=document, track=track, frame=frame, joints=None)


def _delete(edit: Any, document: Document, track: Any, _frame: int, _rng: Any) -> None:
    for key in tuple(document.keys_of(track.id))[:2]:
        pose.delete_key(edit, key)


def _mirror(edit: Any, document: Document, track: Any, frame: int, _rng: Any) -> None:
    whole_pose.mirror_pose(edit, document, track, frame=frame)


_HANDS: dict[str, Callable[..., None]] = {
    "mark": _mark,
    "turn": _turn,
    "paste": _copy,
    "mirror pose": _mirror,
    "hold": _hold,
    "move key": _move,
    "delete keys": _delete,
    "swap people": _swap,
    "merge people": _merge,
    "add cut": _add_cut,
    "remove cut": _no_cut,
    "cut track": _cut,
    "join tracks": _join,
    "rename": _rename,
    "shape": _shape,
    "limits": _limits,
    "replace frames": _anew,
}


def _about_all(name: str) -> Doing:
    def run(project: hs.Project, rng: np.random.Generator) -> None:
        who = _someone(project, rng)
        frame = int(rng.integers(project.document.clip.frame_count))
        {
            "height": lambda: hs.edit.set_known_height(who, rng.uniform(1.4, 2.0)),
            "distance": lambda: hs.edit.set_known_distance(who, 3.0, frame=frame),
            "measure": lambda: hs.edit.set_measure(who, "leg", rng.uniform(0.7, 0.9)),
            "median shape": lambda: hs.edit.take_median_shape(who),
            "shape of frame": lambda: hs.edit.take_shape_of_frame(who, frame),
            "floor": lambda: hs.edit.level_from_contacts(project, frame=frame),
            "common floor": lambda: hs.edit.common_ground(project),
            "take": lambda: hs.edit.take_from(who, _first_take(project)),
        }[name]()

    return run


def _first_take(project: hs.Project) -> str:
    return next((t.name for t in project.document.takes.values()), "none")


EDITS: dict[str, Doing] = {
    **{name: _tool(name) for name in TOOLS},
    **{name: _by_hand(name) for name in _HANDS},
    **{
        name: _about_all(name)
        for name in (
            "height",
            "distance",
            "measure",
            "median shape",
            "shape of frame",
            "floor",
            "common floor",
            "take",
        )
    },
}


@pytest.fixture(scope="module")
def two_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two people on 30 frames."""
    folder = tmp_path_factory.mktemp("every")
    written = folder / "both.json"
    both = (person(), person(name="Bea", seed=5, person_id="8", start=2, with_gap=True))
    hpe_json.write(motion(*both), written)
    with hs.open(written) as opened:
        opened.save_copy(folder / "both.hpes")
    return folder / "both.hpes"


def _steps(document: Document, move: Callable[[], str | None]) -> int:
    count = 0
    while move() is not None:
        count += 1
    return count


@pytest.mark.parametrize("name", EDITS)
def test_each_edit_is_one_step_or_refused_whole(
    name: str, two_people: Path, tmp_path: Path
) -> None:
    path = tmp_path / "one.hpes"
    path.write_bytes(two_people.read_bytes())
    with hs.open(path) as project:
        document = project.document
        before, position = state_of(document), document.history.position
        try:
            EDITS[name](project, np.random.default_rng(3))
        except StudioError as error:
            assert error.what
            assert state_of(document) == before
            assert document.history.position == position
            return
        after = state_of(document)
        if after == before:
            assert document.history.position == position
            return
        assert document.history.position == position + 1
        document.undo()
        assert state_of(document) == before
        document.redo()
        assert state_of(document) == after


@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 9999)),
        min_size=4,
        max_size=14,
    )
)
def test_any_series_undone_redone_and_reopened_is_the_same(
    two_people: Path, tmp_path: Path, series: list[tuple[str, int]]
) -> None:
    path = tmp_path / "series.hpes"
    path.write_bytes(two_people.read_bytes())
    with hs.open(path) as project:
        document = project.document
        _steps(document, document.undo)
        first = state_of(document)
        _steps(document, document.redo)
        for name, seed in series:
            try:
                EDITS[name](project, np.random.default_rng(seed))
            except StudioError:
                continue
        last = state_of(document)
        count = _steps(document, document.undo)
        assert state_of(document) == first
        assert _steps(document, document.redo) == count
        assert state_of(document) == last
    again = open_project(path)
    try:
        assert state_of(again.document) == last
    finally:
        again.close()
