"""EasyMocap's points: `output/keypoints3d` (places) and `annots/CAMERA` (pixels).

Folders of numbered JSON files, or one of them. Places are metres in the axes of the
calibration, usually Z up; they are stood upright by how people stand unless `axes`
says it. 25 points are BODY_25, 67 have both hands and 137 the face as well. Source:
EasyMocap's documentation of `output/keypoints3d`, and its code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.skeleton import LandmarkSet, landmark_set
from hpe_studio.core.specs import FormatSpec, Option
from hpe_studio.formats.guessing import AXES, guess_axes
from hpe_studio.formats.point_people import (
    FPS_OPTION,
    Seen,
    as_dict,
    as_list,
    check_frames,
    first_head,
    motion_of,
    numbered_files,
    points_array,
    read_json,
    runs_of,
    split_confidence,
)

AXES_OPTION = Option(
    name="axes",
    kind="choice",
    default="auto",
    choices=("auto", *AXES),
    help="Which of the file's axes is up; auto looks how people stand",
)
SPEC = FormatSpec(
    id="easymocap_points",
    label="EasyMocap keypoints",
    extensions=(".json",),
    reads=True,
    writes=False,
    reads_folders=True,
    read_options=(FPS_OPTION, AXES_OPTION),
)

_SETS = {
    17: "coco17",
    25: "body25",
    67: "body25+left_hand21+right_hand21",
    137: "body25+left_hand21+right_hand21+face70",
}
_PARTS_2D = (("left_hand21", "handl2d"), ("right_hand21", "handr2d"), ("face70", "face2d"))  # noqa: E501  # fmt: skip


def sniff(path: Path, head: bytes) -> float:
    """Sure where the first file has `keypoints3d` or EasyMocap's `annots`."""
    start = first_head(path, ".json") if not head and path.is_dir() else head
    if b'"keypoints3d"' in start:
        return 0.95
    return 0.95 if b'"annots"' in start and b'"keypoints"' in start else 0.0


def read(path: Path, *, fps: str = "", axes: str = "auto") -> MotionFile:
    """Everybody's points: places, or pixels of one camera.

    Args:
        path: Folder of numbered files, or one of them.
        fps: Frame rate; the files do not say it.
        axes: Which axis of the places is up.

    Raises:
        StudioError: If a file is damaged or of another kind.
    """
    files = numbered_files(path, ".json") if path.is_dir() else {0: path}
    check_frames(files)
    contents: dict[int, Any] = {n: read_json(file) for n, file in files.items()}
    if not contents:
        raise StudioError(
            "holds no numbered JSON files", path=path, fix="choose others"
        )
    is_scene = not all("annots" in as_dict(c) for c in contents.values())
    entries = {
        number: [_rows(entry, files[number], is_scene=is_scene) for entry in people]
        for number, people in _people(contents, is_scene=is_scene).items()
    }
    point_set = _set_of([rows for row in entries.values() for _, rows in row], path)
    frames = {
        number: [_seen(identity, rows) for identity, rows in row]
        for number, row in entries.items()
    }
    guesses: tuple[str, ...] = ()
    if is_scene:
        frames, guesses = _upright(frames, point_set, axes)
    return motion_of(
        runs_of(frames, point_set, is_scene=is_scene),
        path=path,
        format_name=SPEC.id,
        fps=fps,
        size_px=None if is_scene else _size(contents),
        assumed=guesses,
    )


def _people(
    contents: Mapping[int, Any], *, is_scene: bool
) -> dict[int, list[dict[str, Any]]]:
    """The entries of each frame, in the file's order."""
    return {
        number: [
            as_dict(entry)
            for entry in as_list(content if is_scene else as_dict(content)["annots"])
        ]
        for number, content in contents.items()
    }


def _rows(
    entry: dict[str, Any], path: Path, *, is_scene: bool
) -> tuple[str, FloatArray]:
    """Identity of an entry and its points with confidence, shape (points, 3 or 4)."""
    raw = entry.get("personID", entry.get("id"))
    identity = str(raw) if isinstance(raw, int) and raw >= 0 else ""
    if is_scene:
        listed = as_list(entry.get("keypoints3d"))
        width = len(as_list(listed[0])) if listed else 4
        rows = points_array(listed, width or 4, path=path)
        if not len(rows) or rows.shape[1] not in (3, 4):
            raise StudioError(
                "has a person without keypoints3d", path=path, fix="take it away"
            )
        if rows.shape[1] == 3:
            rows = np.column_stack([rows, np.ones(len(rows))])
        return identity, rows
    parts = [points_array(as_list(entry.get("keypoints")), 3, path=path)]
    for _, key in _PARTS_2D:
        rows = points_array(as_list(entry.get(key)), 3, path=path)
        if len(rows):
            parts.append(rows)
    return identity, np.concatenate(parts)


def _set_of(rows: Sequence[FloatArray], path: Path) -> LandmarkSet:
    counts = sorted({len(r) for r in rows})
    if not counts:
        return landmark_set("body25")
    if len(counts) > 1 or counts[0] not in _SETS:
        text = " and ".join(str(count) for count in counts)
        raise StudioError(
            f"has people of {text} points, known are {', '.join(map(str, _SETS))}",
            path=path,
            fix="read it as a generic skeleton (--format generic)",
        )
    return landmark_set(_SETS[counts[0]])


def _seen(identity: str, rows: FloatArray) -> Seen:
    points, confidence = split_confidence(rows)
    return Seen(points=points, confidence=confidence, identity=identity)


def _upright(
    frames: Mapping[int, list[Seen]], point_set: LandmarkSet, axes: str
) -> tuple[dict[int, list[Seen]], tuple[str, ...]]:
    """Places in scene axes, and what was taken for granted."""
    guesses: tuple[str, ...] = ()
    everybody = [seen.points for row in frames.values() for seen in row]
    if axes == "auto" and everybody:
        axes, _ = guess_axes(np.stack(everybody), point_set)
        guesses = (f"the axes are {axes}, told by how people stand",)
    turn = AXES.get(axes, AXES["z_up"])
    turned = {
        number: [
            Seen(points=s.points @ turn.T, confidence=s.confidence, identity=s.identity)
            for s in row
        ]
        for number, row in frames.items()
    }
    return turned, guesses


def _size(contents: Mapping[int, Any]) -> tuple[int, int] | None:
    sizes = {
        (as_dict(c).get("width"), as_dict(c).get("height")) for c in contents.values()
    }
    if len(sizes) != 1:
        return None
    ((width, height),) = sizes
    if isinstance(width, int) and isinstance(height, int) and min(width, height) > 0:
        return width, height
    return None
