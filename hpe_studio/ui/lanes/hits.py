"""What the pointer hits in the lanes. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.marks import KeyMark
from hpe_studio.ui.lanes.model import Board, Lane, Place
from hpe_studio.ui.lanes.rows import RULER_PX

_KEY_HIT_PX, _HANDLE_HIT_PX, _EDGE_HIT_PX = 14.0, 14.0, 8.0
_LEAST_HANDLE_PX = 10.0

HitKind = Literal[
    "range_in", "range_out", "ruler", "cut", "shot", "blend_in", "blend_out", "key",
    "gap", "lane", "empty",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """What lies under the pointer.

    Attributes:
        kind: Which sort of thing.
        frame: The frame under the pointer, of a key its own, of a cut the later one.
        person_id: Whose lane, or None.
        key: The key or the key of a handle, or None.
        part: Id of the part of the body whose lane it is, or "".
    """

    kind: HitKind
    frame: int
    person_id: int | None = None
    key: KeyMark | None = None
    part: str = ""


def handle_xs(mark: KeyMark, axis: TimeAxis) -> tuple[float, float]:
    """Where the blend handles of a key stand; always clear of its diamond."""
    x = axis.x_of(mark.frame)
    left = min(axis.x_of(mark.frame - mark.blend_in), x - _LEAST_HANDLE_PX)
    right = max(axis.x_of(mark.frame + mark.blend_out), x + _LEAST_HANDLE_PX)
    return left, right


def hit(board: Board, x: float, y: float) -> Hit:
    """What lies under a pixel; the nearest of handles and keys comes first."""
    frame = board.axis.frame_at(x)
    if y < RULER_PX:
        return _ruler_hit(board, x, y)
    index = board.layout.lane_at(y)
    lane = None if index is None else board.lanes[index]
    found = None if lane is None else _key_hit(board, lane, x)
    found = found or _cut_hit(board, x, lane)
    if found is not None:
        return found
    if y < board.layout.lanes_top:
        return Hit(kind="shot", frame=frame)
    if lane is None:
        return Hit(kind="empty", frame=frame)
    is_gap = lane.runs.source_at(frame) in (0, None)
    return Hit(
        kind="gap" if is_gap else "lane",
        frame=frame,
        person_id=lane.person_id,
        part=lane.part,
    )


def keys_in_box(
    board: Board, corner: tuple[float, float], other: tuple[float, float]
) -> frozenset[Place]:
    """Keys whose diamond's middle lies within a rectangle."""
    left, right = sorted((corner[0], other[0]))
    top, bottom = sorted((corner[1], other[1]))
    found: set[Place] = set()
    axis = board.axis
    first = axis.first + left / axis.px_per_frame - 0.5
    last = axis.first + right / axis.px_per_frame - 0.5
    for index, lane in enumerate(board.lanes):
        if top <= board.layout.key_y(index) <= bottom:
            found.update(mark.place for mark in lane.keys_between(first, last))
    return frozenset(found)


def _ruler_hit(board: Board, x: float, y: float) -> Hit:
    frame = board.axis.frame_at(x)
    if board.play_range is not None and y >= RULER_PX - _EDGE_HIT_PX:
        start, stop = board.play_range
        if abs(board.axis.edge(start) - x) <= _EDGE_HIT_PX / 2:
            return Hit(kind="range_in", frame=start)
        if abs(board.axis.edge(stop) - x) <= _EDGE_HIT_PX / 2:
            return Hit(kind="range_out", frame=stop)
    return Hit(kind="ruler", frame=frame)


def _cut_hit(board: Board, x: float, lane: Lane | None) -> Hit | None:
    axis = board.axis
    reach = _EDGE_HIT_PX / 2 / axis.px_per_frame
    at = axis.first + x / axis.px_per_frame
    near = board.cuts_between(at - reach, at + reach)
    if not near:
        return None
    return Hit(
        kind="cut",
        frame=min(near, key=lambda cut: abs(cut - at)),
        person_id=None if lane is None else lane.person_id,
        part="" if lane is None else lane.part,
    )


def _key_hit(board: Board, lane: Lane, x: float) -> Hit | None:
    axis = board.axis
    at = axis.first + x / axis.px_per_frame - 0.5
    reach = _KEY_HIT_PX / 2 / axis.px_per_frame
    near = lane.keys_between(at - reach, at + reach)
    found: list[tuple[float, HitKind, KeyMark]] = []
    found.extend((abs(axis.x_of(mark.frame) - x), "key", mark) for mark in near)
    owner = board.key_with_handles
    if owner is not None and lane.kind == "person" and owner.place in lane.places:
        left, right = handle_xs(owner, axis)
        handles: tuple[tuple[float, HitKind], ...] = (
            (left, "blend_in"),
            (right, "blend_out"),
        )
        found.extend(
            (abs(handle - x), kind, owner)
            for handle, kind in handles
            if abs(handle - x) <= _HANDLE_HIT_PX / 2
        )
    if not found:
        return None
    _, kind, mark = min(found, key=lambda entry: entry[0])
    return Hit(
        kind=kind,
        frame=mark.frame,
        person_id=lane.person_id,
        key=mark,
        part=lane.part,
    )
