"""What the lanes say about what lies under the pointer: cursor and tooltip."""

from __future__ import annotations

from PySide6.QtCore import Qt

from hpe_studio.ui import look
from hpe_studio.ui.joints import source_title
from hpe_studio.ui.lanes.marks import KeyMark
from hpe_studio.ui.lanes.model import Board, Hit, HitKind
from hpe_studio.ui.timecode import frame_text, range_text

_SIDEWAYS = ("range_in", "range_out", "blend_in", "blend_out")


def cursor_over(kind: HitKind) -> Qt.CursorShape:
    """The pointer's shape over a thing."""
    if kind in _SIDEWAYS:
        return Qt.CursorShape.SizeHorCursor
    if kind == "key":
        return Qt.CursorShape.PointingHandCursor
    return Qt.CursorShape.ArrowCursor


def tip(board: Board, found: Hit) -> str:
    """The tooltip of a thing: what it is, then in muted words what can be done."""
    title, more = _words(board, found)
    if not title:
        return ""
    muted = look.colour("text.muted").name()
    return f'{title}<br><span style="color:{muted}">{more}</span>' if more else title


def _words(board: Board, found: Hit) -> tuple[str, str]:
    at = frame_text(found.frame, board.axis.frame_count)
    if found.key is not None:
        return _key_words(found.kind, found.key, at)
    if found.kind == "shot":
        return _shot_words(board, found.frame)
    more = "Drag scrubs, wheel zooms, Shift+wheel pans, double click fits the clip"
    fixed: dict[str, tuple[str, str]] = {
        "ruler": (f"Frame {at}", more),
        "range_in": ("Start of the range", "Drag to change"),
        "range_out": ("End of the range", "Drag to change"),
        "cut": (f"Cut before {at}", ""),
    }
    return fixed.get(found.kind) or _lane_words(board, found)


def _key_words(kind: HitKind, key: KeyMark, at: str) -> tuple[str, str]:
    if kind == "key":
        return (
            f"Key at {at}, in {key.blend_in}, out {key.blend_out} frames",
            "Drag moves, Alt or Ctrl+drag copies, Shift+click adds, Del deletes",
        )
    side, frames = (
        ("in", key.blend_in) if kind == "blend_in" else ("out", key.blend_out)
    )
    return f"Blend {side} {frames} frames", "Drag to change, with Shift both sides"


def _shot_words(board: Board, frame: int) -> tuple[str, str]:
    for number, shot in enumerate(board.shots, 1):
        if frame in shot:
            frames = range_text(shot.start, shot.stop, board.axis.frame_count)
            return f"Shot {number}, {frames}", "Double click zooms to it"
    return "", ""


def _lane_words(board: Board, found: Hit) -> tuple[str, str]:
    lane = next((e for e in board.lanes if e.person_id == found.person_id), None)
    if lane is None:
        return "", ""
    more = "Click selects and goes there, Shift+drag selects keys"
    run = lane.runs.run_at(found.frame)
    source = lane.runs.source_at(found.frame)
    if run is None or source is None:
        return "Not seen here", more
    frames = range_text(*run, board.axis.frame_count)
    return f"{source_title(source)}, {frames}", more
