"""The mathematics of the lanes, without a window."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.track import Key, Source, Track
from hpe_studio.motion.euler import euler_deg_from_matrix
from hpe_studio.motion.rotations import matrix_from_rotvec
from hpe_studio.posing.resolve import resolve
from hpe_studio.ui.lanes import drags, runs
from hpe_studio.ui.lanes.axis import TimeAxis, seconds_text, ticks
from hpe_studio.ui.lanes.curves import (
    Series,
    joined,
    lines,
    track_curves,
    value_range,
)
from hpe_studio.ui.lanes.hits import handle_xs, hit, keys_in_box
from hpe_studio.ui.lanes.marks import hills, key_marks
from hpe_studio.ui.lanes.model import BAR_PX, Board, Lane
from hpe_studio.ui.lanes.parts import parts_of
from hpe_studio.ui.lanes.rows import PART_PX, Layout
from hpe_studio.ui.lanes.snapping import allowed_shift, magnets, snapped
from tests.core.scenes import add_person, empty_document

PURE = (
    "axis",
    "runs",
    "rows",
    "parts",
    "marks",
    "model",
    "hits",
    "snapping",
    "drags",
    "curves",
)


def axis(frames: int = 1000, width: float = 816.0) -> TimeAxis:
    return TimeAxis(frame_count=frames, width_px=width).fitted()


def track_of(codes: list[int], start: int = 0) -> Track:
    source = np.repeat(np.array(codes, np.uint8)[:, None], 24, axis=1)
    base = np.zeros((len(codes), 24, 3), np.float32)
    return Track(
        id=7,
        person_id=1,
        start=start,
        stop=start + len(codes),
        skeleton="smpl24",
        arrays={"base_rad": base, "base_source": source},
    )


def with_arrays(track: Track, **arrays: np.ndarray) -> Track:
    return replace(track, arrays={**track.arrays, **arrays})


def key(frame: int, blend: int = 5, joints: tuple[int, ...] = (3,)) -> Key:
    return Key(
        track_id=7,
        frame=frame,
        joints=joints,
        offsets_rad=((0.4, 0.0, 0.0),) * len(joints),
        blend_in=blend,
        blend_out=blend,
    )


def board(lanes: tuple[Lane, ...], **changes: object) -> Board:
    whole = Board(
        axis=axis(200),
        layout=Layout(lanes_px=(30.0,) * len(lanes), height_px=200.0),
        lanes=lanes,
        shots=(Shot(id=1, start=0, stop=120), Shot(id=2, start=120, stop=200)),
        times_s=np.arange(200) / 25,
        fps=25.0,
        play_range=None,
        frame=0,
        selected=frozenset(),
        persons=(),
        hidden=frozenset(),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def lane(*keys_: Key, codes: list[int] | None = None) -> Lane:
    track = track_of(codes or [1] * 200)
    marks = key_marks(track, keys_)
    return Lane(
        person_id=1,
        runs=runs.track_runs(track),
        keys=marks,
        hills=hills(marks),
        places=frozenset(mark.place for mark in marks),
    )


def test_the_mathematics_import_no_qt() -> None:
    names = [f"hpe_studio.ui.lanes.{name}" for name in PURE]
    program = (
        "import sys, types, pathlib, hpe_studio.ui\n"
        "package = types.ModuleType('hpe_studio.ui.lanes')\n"
        "folder = pathlib.Path(hpe_studio.ui.__file__).parent / 'lanes'\n"
        "package.__path__ = [str(folder)]\n"
        "sys.modules['hpe_studio.ui.lanes'] = package\n"
        "sys.modules['PySide6'] = None\n"
        f"for name in {names!r}: __import__(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr


# The axis ----------------------------------------------------------------------


def test_every_frame_is_found_where_it_stands() -> None:
    for shown in (axis(), axis().zoomed(7.3, 300), axis(5), axis(1)):
        inside = [
            frame
            for frame in range(*shown.seen)
            if 0 <= shown.x_of(frame) < shown.width_px
        ]
        assert inside
        assert [shown.frame_at(shown.x_of(frame)) for frame in inside] == inside


def test_zooming_keeps_the_frame_under_the_pointer() -> None:
    near = axis().zoomed(12, 500)
    assert near.frame_at(500) == axis().frame_at(500)
    assert near.zoomed(1 / 12, 500).is_fitted


def test_the_view_never_leaves_the_clip() -> None:
    shown = axis().zoomed(20, 400)
    for far in (shown.panned(1e6), shown.panned(-1e6)):
        start, stop = far.seen
        assert 0 <= start < stop <= 1000
    assert shown.panned(1e6).seen[0] == 0
    assert shown.panned(-1e6).seen[1] == 1000
    assert axis().zoomed(1e-3, 0) == axis()


def test_a_range_fills_the_width() -> None:
    shown = axis().showing(118, 246)
    assert shown.edge(118) == pytest.approx(8.0)
    assert shown.edge(246) == pytest.approx(816.0 - 8.0)


def test_the_view_follows_by_little_for_a_step_and_by_a_page_while_playing() -> None:
    shown = axis().showing(100, 200)
    last = shown.seen[1]
    assert shown.finding(150) == shown
    stepped = shown.finding(last + 1)
    assert stepped.edge(last + 2) == pytest.approx(816.0)
    assert shown.finding(700).x_of(700) == pytest.approx(408.0)
    page = shown.paged(last + 1, 1)
    assert page.x_of(last + 1) == pytest.approx(0.08 * 816, abs=shown.px_per_frame)
    back = shown.paged(shown.seen[0] - 2, -1)
    assert back.x_of(shown.seen[0] - 2) > 0.9 * 816


def test_what_was_fitted_stays_fitted_when_resized() -> None:
    assert axis().resized(500).is_fitted
    near = axis().zoomed(8, 100)
    assert near.resized(500).px_per_frame == near.px_per_frame


@pytest.mark.parametrize("fps", [24000 / 1001, 25, 29.97, 60, 7.5])
@pytest.mark.parametrize("factor", [1, 3, 20, 400])
def test_labels_are_round_and_never_touch(fps: float, factor: float) -> None:
    shown = axis(5000).zoomed(factor, 400)
    marks = ticks(shown, fps)
    xs = [shown.x_of(f) for f in marks.major]
    assert min(np.diff(xs), default=999) >= 92
    assert all(f % marks.step == 0 for f in marks.major)
    assert not set(marks.major) & set(marks.minor)
    small = sorted({*marks.major, *marks.minor})
    if len(small) > 2:
        assert min(np.diff([shown.x_of(f) for f in small])) > 7.9


def test_ticks_stand_on_whole_seconds_when_far() -> None:
    assert ticks(axis(5000), 30).step % 30 == 0


def test_seconds_are_written_for_people() -> None:
    assert seconds_text(4.0) == "04.00 s"
    assert seconds_text(64.5) == "1:04.50"
    assert seconds_text(3600 + 61) == "1:01:01.00"
    assert seconds_text(59.999) == "1:00.00"


# Runs --------------------------------------------------------------------------


def test_runs_join_equal_frames() -> None:
    found = runs.track_runs(track_of([1, 1, 3, 3, 3, 4, 1], start=10))
    assert found.starts.tolist() == [10, 12, 15, 16]
    assert found.stops.tolist() == [12, 15, 16, 17]
    assert found.sources.tolist() == [1, 3, 4, 1]
    assert found.source_at(14) == Source.FILTERED
    assert found.source_at(17) is None
    assert found.run_at(13) == (12, 15)


def test_what_a_tool_did_to_some_joints_shows() -> None:
    track = track_of([1] * 4)
    source = track.base_source.copy()
    source[1, 5] = Source.FILLED
    source[2, :] = Source.MISSING
    found = runs.track_runs(with_arrays(track, base_source=source))
    assert found.sources.tolist() == [1, 4, 0, 1]


def test_nan_is_missing_whatever_the_source_says() -> None:
    track = track_of([1] * 4)
    base = track.base_rad.copy()
    base[1:3] = np.nan
    found = runs.track_runs(with_arrays(track, base_rad=base))
    assert found.sources.tolist() == [1, 0, 1]


def test_a_gap_within_a_shot_is_missing_but_none_across_a_cut() -> None:
    parts = [
        runs.track_runs(track_of([1] * 5, start=0)),
        runs.track_runs(track_of([1] * 5, start=10)),
        runs.track_runs(track_of([1] * 5, start=30)),
    ]
    found = runs.joined_runs(parts, np.array([0, 20]))
    assert found.source_at(7) == Source.MISSING
    assert found.source_at(22) is None
    at_cut = runs.joined_runs([parts[0], parts[1]], np.array([0, 10]))
    assert at_cut.source_at(7) is None


def test_pieces_cover_what_is_seen_and_are_few() -> None:
    rng = np.random.default_rng(1)
    many = runs.track_runs(track_of(rng.integers(1, 5, 20_000).tolist()))
    far = axis(20_000)
    found = runs.pieces(many, far)
    assert len(found) <= 816 / 4 + 1
    covered = sum(piece.right - piece.left for piece in found)
    assert covered == pytest.approx(800, abs=8)
    near = runs.pieces(many, far.showing(500, 520))
    for piece in near:
        frame = far.showing(500, 520).frame_at((piece.left + piece.right) / 2)
        assert many.source_at(frame) == piece.source


# Keys --------------------------------------------------------------------------


@pytest.mark.parametrize("joints", [((3,), (3,), (3,)), ((3,), (5,), (3,))])
def test_hills_lie_where_motion_is_keyed(joints: tuple[tuple[int, ...], ...]) -> None:
    track = track_of([1] * 200)
    track = with_arrays(track, base_root_m=np.zeros((200, 3), np.float32))
    frames = (10, 18, 60)
    keys = [key(f, 6, j) for f, j in zip(frames, joints, strict=True)]
    keyed = (resolve(track, keys).source == Source.KEYED).any(axis=1)
    shown = np.zeros(200, bool)
    for hill in hills(key_marks(track, keys)):
        inside = slice(max(hill.foot + 1, 0), hill.last_foot)
        shown[inside] = True
    assert shown.tolist() == keyed.tolist()


def test_joined_keys_make_one_hill() -> None:
    near = hills(key_marks(track_of([1] * 200), [key(10), key(19), key(60)]))
    assert [(h.peak, h.last_peak) for h in near] == [(10, 19), (60, 60)]
    apart = hills(key_marks(track_of([1] * 200), [key(10), key(19, joints=(5,))]))
    assert len(apart) == 2


def test_hills_end_where_the_track_ends() -> None:
    (hill,) = hills(key_marks(track_of([1] * 100), [key(98, blend=10)]))
    corners = hill.outline((0, 200))
    assert corners[-2:] == ((100, pytest.approx(0.85)), (100, 0.0))
    (flat,) = hills(key_marks(track_of([1] * 100), [key(2, 50), key(90, 50)]))
    seen = flat.outline((30, 40))
    assert seen == ((30, 0.0), (30, 1.0), (40, 1.0), (40, 0.0))


def test_a_part_shows_the_keys_of_its_joints_and_the_root_with_the_torso() -> None:
    track = track_of([1] * 200)
    moved = replace(key(70, joints=()), root_offset_m=(0.1, 0.0, 0.0))
    keys = [key(10, joints=(18,)), key(40, joints=(4, 18)), moved]
    shown = {
        part.id: [mark.frame for mark in key_marks(track, keys, part.joints)]
        for part in parts_of("smpl24")
    }
    assert shown == {
        "torso": [70],
        "left_arm": [10, 40],
        "right_arm": [],
        "left_leg": [40],
        "right_leg": [],
    }


@pytest.mark.parametrize("name", ["smpl24", "smplh52", "smplx55"])
def test_every_joint_is_in_one_part(name: str) -> None:
    from hpe_studio.core.skeleton import skeleton

    parts = parts_of(name)
    joints = sorted(joint for part in parts for joint in part.joints)
    assert joints == list(range(skeleton(name).joint_count))
    hands = {"left_hand", "right_hand"} <= {part.id for part in parts}
    assert hands == (name != "smpl24")


def test_runs_of_a_part_look_at_its_joints_alone() -> None:
    track = track_of([1] * 6)
    source = track.base_source.copy()
    source[2:4, 18] = Source.FILLED
    changed = with_arrays(track, base_source=source)
    arm = next(p for p in parts_of("smpl24") if p.id == "left_arm")
    leg = next(p for p in parts_of("smpl24") if p.id == "left_leg")
    assert runs.track_runs(changed, arm.joints).sources.tolist() == [1, 4, 1]
    assert runs.track_runs(changed, leg.joints).sources.tolist() == [1]


def test_runs_agree_with_looking_at_every_frame() -> None:
    rng = np.random.default_rng(3)
    for joints in (24, 52, 55):
        source = rng.integers(0, 5, (300, joints)).astype(np.uint8)
        source[40:200] = source[40]
        base = rng.choice([0.0, np.nan], (300, joints, 3), p=[0.9, 0.1])
        track = with_arrays(track_of([1] * 300), base_source=source, base_rad=base)
        found = runs.track_runs(track)
        for frame in range(300):
            is_lost = np.isnan(base[frame, 0, 0])
            wanted = 0 if is_lost else int(source[frame].max())
            assert found.source_at(frame) == wanted
        assert np.all(found.sources[1:] != found.sources[:-1])


def test_ranges_that_touch_become_one_run() -> None:
    found = runs.ranges_as_runs([(30, 40), (0, 10), (8, 20), (35, 37)])
    assert found.starts.tolist() == [0, 30]
    assert found.stops.tolist() == [20, 40]


# Curves ------------------------------------------------------------------------


def turning(count: int = 100) -> Track:
    base = np.zeros((count, 24, 3), np.float32)
    base[:, 5, 0] = np.linspace(0, 1, count)
    track = track_of([1] * count)
    root = np.zeros((count, 3), np.float32)
    return with_arrays(track, base_rad=base, base_root_m=root)


def test_curves_tell_degrees_of_the_motion_and_of_the_base() -> None:
    found = track_curves(turning(), [key(50, joints=(5,))], None, 5)
    assert found.base is not None
    assert found.base[50, 0] == pytest.approx(np.degrees(50 / 99), abs=1e-3)
    assert found.motion[50, 0] == pytest.approx(np.degrees(50 / 99 + 0.4), abs=1e-3)
    assert found.motion[70, 0] == pytest.approx(found.base[70, 0])
    assert found.key_frames == (50,)
    other = track_curves(turning(), [key(50, joints=(7,))], None, 5)
    assert other.base is None
    assert other.key_frames == ()


def test_the_pelvis_has_its_place_in_metres() -> None:
    moved = replace(key(20, joints=()), root_offset_m=(0.0, 0.5, 0.0))
    found = track_curves(turning(), [moved], None, 0)
    assert found.is_place
    assert found.motion[20].tolist() == [0.0, 0.5, 0.0]


@pytest.mark.parametrize("joint", [0, 5])
def test_curves_with_other_keys_are_those_made_afresh(joint: int) -> None:
    track = turning()
    moved = {"root_offset_m": (0.1, 0.2, 0.3)}
    keys = [replace(key(f, 8, joints=(5,)), **moved) for f in (3, 40, 52, 97)]  # type: ignore[arg-type]
    before = track_curves(track, keys[:2], None, joint)
    found = track_curves(track, keys, None, joint, before)
    motion = resolve(track, keys)
    if joint == 0:
        wanted = motion.root_scene_m
    else:
        matrices = matrix_from_rotvec(motion.joints_rad[:, joint])
        wanted = euler_deg_from_matrix(matrices, "XYZ")
    assert np.allclose(found.motion, wanted, atol=1e-9)
    none = track_curves(track, [], None, joint, found)
    assert np.array_equal(none.motion, track_curves(track, [], None, joint).motion)


def series_of(values: np.ndarray, *, is_place: bool = False) -> Series:
    return Series(
        frames=np.arange(len(values)),
        values=np.repeat(values[:, None], 3, axis=1),
        is_place=is_place,
    )


def test_tracks_are_joined_with_a_break_between() -> None:
    parts = [
        track_curves(replace(turning(10), start=start, stop=start + 10), [], None, 5)
        for start in (0, 10, 40)
    ]
    series = joined(parts, "motion")
    assert series is not None
    assert joined(parts, "base") is None
    found = lines(series, 0, axis(60))
    assert [len(line) for line in found] == [10, 10, 10]


def test_lines_keep_every_peak_however_many_frames_share_a_pixel() -> None:
    values = np.zeros(20_000)
    values[[777, 12_345]] = 50.0, -70.0
    far = axis(20_000)
    (points,) = lines(series_of(values), 0, far)
    assert len(points) <= 2 * 816
    assert points[:, 1].max() == 50.0
    assert points[:, 1].min() == -70.0
    peak = points[points[:, 1].argmax(), 0]
    assert peak == pytest.approx(far.x_of(777), abs=1.0)


def test_lines_break_where_nothing_is_known_and_where_an_angle_turns_round() -> None:
    values = np.concatenate([np.full(10, 170.0), np.full(10, -170.0), np.full(5, 3.0)])
    values[20:22] = np.nan
    found = lines(series_of(values), 0, axis(25))
    assert [len(line) for line in found] == [10, 10, 3]
    assert len(lines(series_of(values, is_place=True), 0, axis(25))) == 2


def test_the_range_of_values_holds_what_is_seen_and_leaves_room() -> None:
    values = np.zeros(200)
    values[150:] = 500.0
    low, high = value_range([series_of(values)], axis(200).showing(0, 100), (0,))
    assert low < 0 < high < 20
    low, high = value_range([series_of(values)], axis(200), (0,))
    assert low < 0
    assert high > 500


# Hits --------------------------------------------------------------------------


def test_keys_are_hit_within_seven_pixels_and_the_nearest_wins() -> None:
    shown = board((lane(key(50), key(52)),))
    y = shown.layout.key_y(0)
    x = shown.axis.x_of(50)
    assert hit(shown, x - 6, y).key == shown.lanes[0].keys[0]
    assert hit(shown, x - 9, y).kind == "lane"
    assert hit(shown, x + 5, y).key == shown.lanes[0].keys[1]


def test_handles_are_hit_only_on_the_one_selected_key() -> None:
    shown = board((lane(key(50, 10), key(100, 10)),))
    y = shown.layout.key_y(0)
    x = shown.axis.x_of(60)
    assert hit(shown, x, y).kind == "lane"
    one = replace(shown, selected=frozenset({(7, 50)}))
    assert hit(one, x, y).kind == "blend_out"
    assert hit(one, shown.axis.x_of(40), y).kind == "blend_in"
    two = replace(shown, selected=frozenset({(7, 50), (7, 100)}))
    assert hit(two, x, y).kind == "lane"


def test_handles_stay_clear_of_the_diamond() -> None:
    mark = lane(key(50, blend=0)).keys[0]
    left, right = handle_xs(mark, axis(5000))
    assert right - left >= 20


def test_cuts_shots_gaps_and_nothing_are_told_apart() -> None:
    codes = [1] * 60 + [0] * 20 + [1] * 120
    shown = board((lane(codes=codes),))
    x_cut, y = shown.axis.edge(120), shown.layout.key_y(0)
    assert hit(shown, x_cut + 2, y).kind == "cut"
    assert hit(shown, x_cut + 2, 30).frame == 120
    assert hit(shown, shown.axis.x_of(30), 30).kind == "shot"
    assert hit(shown, shown.axis.x_of(70), y).kind == "gap"
    assert hit(shown, shown.axis.x_of(30), y).kind == "lane"
    assert hit(shown, shown.axis.x_of(30), 150).kind == "empty"
    assert hit(shown, shown.axis.x_of(30), 5).kind == "ruler"


def test_ends_of_the_range_are_grabbed_at_the_foot_of_the_ruler() -> None:
    shown = board((lane(),), play_range=(20, 80))
    assert hit(shown, shown.axis.edge(20) + 2, 20).kind == "range_in"
    assert hit(shown, shown.axis.edge(80) - 2, 20).kind == "range_out"
    assert hit(shown, shown.axis.edge(20) + 2, 8).kind == "ruler"


def test_lanes_scroll_and_parts_are_lower() -> None:
    heights = (26.0,) * 9 + (PART_PX,)
    layout = Layout(lanes_px=(), height_px=1).fitted(heights, 148, 20)
    assert layout.most_scroll_px == 9 * 26 + PART_PX - (148 - 42)
    shown = replace(layout, scroll_px=layout.scroll_to_show(9))
    assert shown.lane_top(9) + PART_PX == pytest.approx(148)
    assert shown.lane_at(147) == 9
    assert shown.lane_at(30) is None
    assert shown.lane_at(43) == shown.seen_lanes()[0]
    assert shown.seen_lanes()[-1] == 9
    assert shown.fitted((26.0,) * 2, 400, 20).scroll_px == 0
    assert shown.fitted((26.0,) * 2, 400, 34).lanes_top == 56


def test_a_box_takes_the_keys_inside() -> None:
    shown = board((lane(key(50), key(52), key(90)),))
    y = shown.layout.key_y(0)
    left, right = shown.axis.x_of(49), shown.axis.x_of(60)
    assert keys_in_box(shown, (left, y + 9), (right, y - 9)) == {(7, 50), (7, 52)}
    assert keys_in_box(shown, (left, y + BAR_PX), (right, y + 30)) == frozenset()


# Drags -------------------------------------------------------------------------


def test_drags_snap_to_frames_and_to_magnets_close_by() -> None:
    far = axis(20_000)
    assert snapped(axis(200), 50, 40.0, ()).frame == 60
    x_px = (9_990 - 9_000) * far.px_per_frame
    drawn = snapped(far, 9_000, x_px, (10_000,))
    assert (drawn.frame, drawn.magnet) == (10_000, 10_000)
    free = snapped(far, 9_000, x_px - 20, (10_000,))
    assert free.frame < 9_990
    assert free.magnet is None


def test_playhead_keys_cuts_and_range_attract_but_not_what_is_dragged() -> None:
    shown = board((lane(key(50), key(90)),), play_range=(20, 80), frame=33)
    drawing = magnets(shown, but=frozenset({(7, 50)}))
    assert drawing == (20, 33, 79, 90, 119, 120)
    near = replace(shown, axis=shown.axis.showing(30, 60))
    assert 120 not in magnets(near)


def test_keys_stay_on_their_tracks() -> None:
    both = [key(5), key(90)]
    assert allowed_shift(-30, both, {7: (0, 100)}) == -5
    assert allowed_shift(30, both, {7: (0, 100)}) == 9
    assert allowed_shift(4, both, {7: (0, 100)}) == 4


def scene() -> tuple[Document, Track]:
    document = empty_document(100)
    track = add_person(document, start=0, stop=100)
    with document.edit("Keys") as edit:
        for frame in (10, 11, 12, 30):
            edit.put(replace(key(frame), track_id=track.id, blend_in=frame))
    return document, track


@pytest.mark.parametrize("shift", [1, -1, 18, -2])
def test_neighbours_move_together_and_others_come_back(shift: int) -> None:
    document, track = scene()
    before = tuple(document.keys_of(track.id))
    found = drags.find(document, [(track.id, f) for f in (10, 11, 12)])
    edit = document.begin_edit("Move")
    for passing in (18, 3, -5, shift):
        drags.put_back(edit, document, found)
        drags.shift_keys(edit, document, found.dragged, passing, as_copy=False)
    edit.commit()
    after = {k.frame: k.blend_in for k in document.keys_of(track.id)}
    wanted = {f + shift: f for f in (10, 11, 12)}
    assert after == {30: 30} | wanted
    document.undo()
    assert tuple(document.keys_of(track.id)) == before


def test_copies_leave_the_originals() -> None:
    document, track = scene()
    found = drags.find(document, [(track.id, 10), (track.id, 11)])
    with document.edit("Copy") as edit:
        places = drags.shift_keys(edit, document, found.dragged, 40, as_copy=True)
    assert places == {(track.id, 50), (track.id, 51)}
    frames = [k.frame for k in document.keys_of(track.id)]
    assert frames == [10, 11, 12, 30, 50, 51]


def test_a_drag_back_to_where_it_began_is_no_step() -> None:
    document, track = scene()
    steps = document.history.position
    found = drags.find(document, [(track.id, 10)])
    edit = document.begin_edit("Move")
    for shift in (5, 0):
        drags.put_back(edit, document, found)
        drags.shift_keys(edit, document, found.dragged, shift, as_copy=False)
    edit.commit()
    assert document.history.position == steps
