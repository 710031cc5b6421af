"""What the lanes say about what lies under the pointer: cursor and tooltip."""

from __future__ import annotations

from PySide6.QtCore import Qt

from hpe_studio.ui import look
from hpe_studio.ui.joints import source_title
from hpe_studio.ui.lanes.hits import Hit, HitKind
from hpe_studio.ui.lanes.marks import KeyMark
from hpe_studio.ui.lanes.model import Board
from hpe_studio.ui.timecode import frame_text, range_text
from hpe_studio.ui.words import tr

_SIDEWAYS = ("range_in", "range_out", "blend_in", "blend_out", "cut")


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
    scrubs = tr(
        "Drag scrubs, wheel zooms, Shift+wheel pans, double click fits the clip"
    )
    drags = tr("Drag to change, with Ctrl without snapping")
    fixed: dict[str, tuple[str, str]] = {
        "ruler": (tr("Frame {at}").format(at=at), scrubs),
        "range_in": (tr("Start of the range"), drags),
        "range_out": (tr("End of the range"), drags),
        "cut": (
            tr("Cut before {at}").format(at=at),
            tr("Drag in the row of shots to move, with Ctrl without snapping"),
        ),
    }
    return fixed.get(found.kind) or _lane_words(board, found)


def _key_words(kind: HitKind, key: KeyMark, at: str) -> tuple[str, str]:
    if kind == "key":
        title = tr("Key at {at}, in {come}, out {go} frames")
        return (
            title.format(at=at, come=key.blend_in, go=key.blend_out),
            tr("Drag moves, Ctrl+drag copies, Alt does not snap, Shift+click adds"),
        )
    if kind == "blend_in":
        title = tr("Blend in {frames} frames").format(frames=key.blend_in)
    else:
        title = tr("Blend out {frames} frames").format(frames=key.blend_out)
    return title, tr("Drag to change, Shift both sides, Ctrl without snapping")


def _shot_words(board: Board, frame: int) -> tuple[str, str]:
    number = board.shot_number_at(frame)
    if number is None:
        return "", ""
    shot = board.shots[number - 1]
    frames = range_text(shot.start, shot.stop, board.axis.frame_count)
    title = tr("Shot {number}, {frames}").format(number=number, frames=frames)
    return title, tr("Double click zooms to it")


def _lane_words(board: Board, found: Hit) -> tuple[str, str]:
    mine = (found.person_id, found.part)
    lane = next((e for e in board.lanes if (e.person_id, e.part) == mine), None)
    if lane is None:
        return "", ""
    more = tr("Click selects and goes there, Shift+drag selects keys")
    run = lane.runs.run_at(found.frame)
    source = lane.runs.source_at(found.frame)
    if lane.kind == "contacts":
        return tr("Where the feet stand: left above, right below"), ""
    if run is None or source is None:
        return tr("Not seen here"), more
    frames = range_text(*run, board.axis.frame_count)
    return f"{source_title(source)}, {frames}", more
