"""Which of a file's cameras filmed the clip, at the clip's size and frames."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.workflow.timing import Timing, clip_positions

_SAME_SHAPE = 0.01
_USUAL_PX, _LEAST_PX = (1280, 720), 64
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FilmedBy:
    """The camera that a file gives a range of its frames.

    Attributes:
        name: Its name among the file's views, or "".
        camera: At the clip's size; may move with the frames of the file.
        start, stop: Frames of the file it holds for.
    """

    name: str
    camera: Camera
    start: int
    stop: int


def cameras_of(
    motion: MotionFile, clip: Clip, *, wanted: str = ""
) -> tuple[FilmedBy, ...]:
    """The cameras by which a file's people lie on the clip; empty where none is known.

    Args:
        motion: The file.
        clip: The clip.
        wanted: Name of one of the file's views; told by the clip's name when "".

    Raises:
        StudioError: If the file has no view of that name.
    """
    if wanted and wanted not in motion.views:
        known = ", ".join(sorted(motion.views)) or "none"
        raise StudioError(
            f"there is no camera {wanted!r}", fix=f"choose one of {known}"
        )
    everything = max(motion.frame_count, 1)
    name = wanted or view_of(motion.views, clip.path)
    if name:
        camera = at_size(motion.views[name], motion.size_px, clip.size_px)
        return (FilmedBy(name=name, camera=camera, start=0, stop=everything),)
    ranges = motion.shots or ((0, everything),)
    return tuple(
        FilmedBy(
            name="",
            camera=at_size(motion.cameras[number], motion.size_px, clip.size_px),
            start=start,
            stop=stop,
        )
        for number, (start, stop) in enumerate(ranges)
        if number in motion.cameras
    )


def view_of(views: Mapping[str, Camera], path: Path | None) -> str:
    """The view whose name stands in the name of footage, "" where none or several do.

    "hd_00_16.mp4" and a folder "00_16" are of "00_16"; "cam1_json" is of "cam01".
    """
    if path is None:
        return ""
    stems = [path.stem, path.name, path.parent.name]
    for stem in stems:
        exact = [name for name in views if name and name.lower() in stem.lower()]
        longest = max(map(len, exact), default=0)
        exact = [name for name in exact if len(name) == longest]
        if len(exact) == 1:
            return exact[0]
    plain = _plain(path.stem)
    same = [name for name in views if _plain(name) == plain]
    if len(same) == 1:
        return same[0]
    return next(iter(views)) if len(views) == 1 else ""


def _plain(name: str) -> str:
    """A name without case and leading zeros: "Cam01" and "cam1" are the same."""
    return _DIGITS.sub(lambda number: str(int(number.group())), name.lower())


def size_scale(
    file_px: tuple[int, int] | None, clip_px: tuple[int, int]
) -> float | None:
    """Clip's pixels per pixel of the file; None where the two differ in proportion.

    1 where the file does not say how large its pictures were.
    """
    if file_px is None or file_px == clip_px:
        return 1.0
    across, down = clip_px[0] / file_px[0], clip_px[1] / file_px[1]
    return across if abs(across / down - 1) < _SAME_SHAPE else None


def at_size(
    camera: Camera, file_px: tuple[int, int] | None, clip_px: tuple[int, int]
) -> Camera:
    """The camera of pictures that are shown larger or smaller.

    A camera of pictures of another proportion stays as it is.
    """
    scale = size_scale(file_px, clip_px)
    if scale is None or scale == 1.0:
        return camera
    return replace(camera, intrinsics=scaled_intrinsics(camera.intrinsics, scale))


def picture_size(motion: MotionFile) -> tuple[int, int]:
    """Size of the pictures a file is about; large enough for its points if not said."""
    if motion.size_px is not None:
        return motion.size_px
    corners = [
        np.nanmax(run.points_px.reshape(-1, 2), axis=0)
        for run in motion.points
        if run.points_px is not None and np.isfinite(run.points_px).any()
    ]
    if not corners:
        return _USUAL_PX
    width, height = np.ceil(np.max(corners, axis=0)).astype(int) + 1
    return max(int(width), _LEAST_PX), max(int(height), _LEAST_PX)


def scaled_intrinsics(intrinsics: FloatArray, scale: float) -> FloatArray:
    """K of pictures `scale` times as large; pixel centres count from (0, 0)."""
    out = np.array(intrinsics, dtype=np.float64)
    out[:2] *= scale
    out[:2, 2] += (scale - 1) / 2
    return out


def scaled_points(points_px: FloatArray, scale: float) -> FloatArray:
    """Pixels, shape (..., 2), in pictures `scale` times as large."""
    return points_px * scale + (scale - 1) / 2


def on_frames(
    filmed: FilmedBy, motion: MotionFile, clip: Clip, timing: Timing, frames: IntArray
) -> Camera:
    """A camera of the file's frames as one of some frames of the clip.

    Args:
        filmed: The camera.
        motion: Its file.
        clip: The clip.
        timing: How frames of the file lie on the clip's.
        frames: Consecutive frames of the clip, such as a shot's.
    """
    camera = filmed.camera
    if camera.camera_from_scene.ndim == 2:
        return camera
    at = clip_positions(motion, clip, timing)
    rows = np.interp(frames, at, np.arange(len(at), dtype=np.float64))
    nearest = np.round(rows).astype(np.int64) - filmed.start
    chosen = np.clip(nearest, 0, len(camera.camera_from_scene) - 1)
    return replace(camera, camera_from_scene=camera.camera_from_scene[chosen])
