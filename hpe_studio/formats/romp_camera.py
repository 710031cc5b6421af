"""Cameras as ROMP, BEV and TRACE mean them.

The networks see the picture padded to a square and shrunk to 512 px; places are told in
[-1, 1] of that square. `pj2d_org` is the same in pixels of the original, so that side
and padding of the square follow from it exactly.

Source: simple_romp 1.1.4 `romp/post_parser.py`, `bev/post_parser.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.formats.smpl_results import pinhole

FOCAL_PX = 443.4
"""ROMP's and BEV's focal length on the square of 512 px (field of view 60 degrees)."""
TRACE_FOCAL_PX = 548.0
"""TRACE's (field of view 50 degrees)."""

_HALF_PX = 256.0
_ROWS = 2000  # of people: more say nothing new
_GOOD_FIT_PX = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """The padded square on the original picture.

    Attributes:
        side_px: Its side, the longer one of the picture.
        centre_px: Its middle in pixels of the picture: the principal point.
        size_px: Width and height of the picture.
    """

    side_px: float
    centre_px: tuple[float, float]
    size_px: tuple[int, int]

    def camera(self, focal_px: float = FOCAL_PX) -> Camera:
        """The pinhole camera with that focal length on the square of 512 px."""
        focal = focal_px * self.side_px / 512
        return pinhole(focal, self.centre_px, source="given")


def picture_of_size(size_px: tuple[int, int]) -> Picture:
    """The square around a picture: padding is rounded down on the left and above."""
    width, height = size_px
    side = max(width, height)
    centre = (side / 2 - (side - width) // 2, side / 2 - (side - height) // 2)
    return Picture(side_px=float(side), centre_px=centre, size_px=size_px)


def picture_from_points(
    joints_m: FloatArray,
    points_px: FloatArray,
    cam: FloatArray | None,
    translation_m: FloatArray,
    *,
    focal_px: float = FOCAL_PX,
) -> tuple[Picture, float] | None:
    """The picture's square, solved from where joints fall on it.

    ROMP projects by a scaled orthographic camera, BEV and TRACE by a perspective one;
    whichever explains the points better is taken.

    Args:
        joints_m: Joints relative to the translation, shape (rows, points, 3).
        points_px: `pj2d_org`, shape (rows, points, 2).
        cam: (s, tx, ty), shape (rows, 3), or None.
        translation_m: `cam_trans`, shape (rows, 3).
        focal_px: On the square of 512 px.

    Returns:
        The picture, and the median distance that remains, in pixels; None if unknown.
    """
    step = max(1, len(joints_m) // _ROWS)
    joints, points = joints_m[::step], points_px[::step]
    placed = joints + translation_m[::step, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        guesses = [placed[..., :2] / placed[..., 2:] * (focal_px / _HALF_PX)]
    if cam is not None:
        scaled = cam[::step]
        guesses.append(scaled[:, None, :1] * joints[..., :2] + scaled[:, None, 1:])
    fits = [fit for guess in guesses if (fit := _fitted(guess, points)) is not None]
    if not fits:
        return None
    side, x, y, error = min(fits, key=lambda fit: fit[3])
    if error > _GOOD_FIT_PX:
        return None
    whole, centre = round(side), (round(2 * x) / 2, round(2 * y) / 2)
    size_px = _size(whole, centre)
    return Picture(side_px=float(whole), centre_px=centre, size_px=size_px), error


def _fitted(
    square: FloatArray, points_px: FloatArray
) -> tuple[float, float, float, float] | None:
    """Side and middle of the square by least squares, and what remains."""
    known: FloatArray = np.concatenate([square, points_px], axis=-1).reshape(-1, 4)
    known = known[np.isfinite(known).all(axis=1)]
    if len(known) < 4 or np.ptp(known[:, :2], axis=0).max() < 1e-6:
        return None
    middle = known.mean(axis=0)
    away = known - middle
    half = float((away[:, :2] * away[:, 2:]).sum() / (away[:, :2] ** 2).sum())
    x, y = (float(v) for v in middle[2:] - half * middle[:2])
    off = known[:, 2:] - half * known[:, :2] - (x, y)
    error = float(np.median(np.linalg.norm(off, axis=1)))
    if not 1 < half < 1e5:
        return None
    return 2 * half, x, y, error


def _size(side: int, centre: tuple[float, float]) -> tuple[int, int]:
    """Width and height; an odd one is told from an even one only by the side."""
    width, height = (min(side, max(1, math.floor(2 * c))) for c in centre)
    if width >= height:
        return side, height
    return width, side


def romp_translation_m(cam: FloatArray) -> FloatArray:
    """ROMP's first guess from (s, tx, ty), shape (rows, 3): 2 (tx, ty, 1) / s."""
    s, tx, ty = cam[:, 0], cam[:, 1], cam[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2 * np.stack([tx / s, ty / s, 1 / s], axis=1)


def bev_translation_m(cam: FloatArray) -> FloatArray:
    """BEV's translation from (s, ty, tx), shape (rows, 3)."""
    slope = math.tan(math.radians(30))
    depth = 1 / (cam[:, 0] * slope + 1e-3)
    return np.stack(
        [cam[:, 2] * depth * slope, cam[:, 1] * depth * slope, depth], axis=1
    )
