"""Wild frames taken out: what stands apart from all about it is made anew."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.specs import EditSpec, Option
from hpe_studio.core.track import Source
from hpe_studio.edits.rebase import rewrite_base
from hpe_studio.edits.stretch import Stretch, accented, dissolving, seen
from hpe_studio.motion.infill import smooth_way
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.motion.window_filters import median_positions, median_rotations

SPEC = EditSpec(
    id="remove_outliers",
    label="Remove outliers",
    options=(
        Option(
            name="angle_deg",
            kind="float",
            default=25.0,
            minimum=2.0,
            maximum=180.0,
            unit="deg",
            help="How far off a joint stands apart from the frames about it",
        ),
        Option(
            name="distance_m",
            kind="float",
            default=0.25,
            minimum=0.02,
            maximum=5.0,
            unit="m",
            help="The same for the pelvis' place",
        ),
    ),
)
_HALF = 4
_TIMES = 5.0
_ABOUT = 15


def remove_outliers(
    edit: Edit,
    document: Document,
    stretch: Stretch,
    *,
    angle_deg: float = 25.0,
    distance_m: float = 0.25,
) -> int:
    """Take out up to four wild frames in a row and go over them from both sides.

    A value is wild where it is farther from the median of the nine frames about it
    than the threshold, and five times as far as is usual there. Accents stay.

    Args:
        edit: The open edit.
        document: Where the track lives.
        stretch: Range and joints.
        angle_deg: Threshold of joints.
        distance_m: Threshold of the pelvis' place.

    Returns:
        Number of values taken out.

    Raises:
        StudioError: If the track or its person is locked.

    Source: Hampel's identifier (Davies and Gather 1993), on SO(3).
    """
    track = stretch.track
    edit.check_unlocked(track.id)
    base = track.base_rad.astype(np.float64)
    known = seen(document, track)
    usable = np.where(known[..., None], base, np.nan)
    away = geodesic_rad(median_rotations(usable, half=_HALF), usable)
    is_wild = _apart(away, np.radians(angle_deg)) & ~accented(document, track)
    count = _fill_joints(edit, document, stretch, base, known, is_wild)
    if stretch.has_root:
        root = track.base_root_m.astype(np.float64)
        root[dissolving(document, track)] = np.nan
        off = np.linalg.norm(median_positions(root, half=_HALF) - root, axis=-1)
        count += _fill_root(edit, document, stretch, _apart(off, distance_m))
    return count


def _apart(away: FloatArray, threshold: float) -> BoolArray:
    """Where distances exceed the threshold and what is usual about them."""
    usual = np.zeros_like(away)
    for row in range(len(away)):
        about = away[max(row - _ABOUT, 0) : row + _ABOUT + 1]
        usual[row] = np.median(np.where(np.isfinite(about), about, 0.0), axis=0)
    return np.nan_to_num(away) > np.maximum(threshold, _TIMES * usual)


def _fill_joints(
    edit: Edit,
    document: Document,
    stretch: Stretch,
    base: FloatArray,
    known: BoolArray,
    is_wild: BoolArray,
) -> int:
    rows, out = stretch.rows, base.copy()
    source = stretch.track.base_source.copy()
    count = 0
    for joint in stretch.joints:
        wild = np.zeros(len(base), dtype=np.bool_)
        wild[rows] = is_wild[rows, joint]
        usable = known[:, joint] & ~is_wild[:, joint]
        if not wild.any() or not usable.any():
            continue
        for gap in _gaps(wild):
            found = smooth_way(base[:, [joint]], usable, gap)
            out[gap, joint] = found[:, 0]
            source[gap, joint] = Source.FILLED
            count += len(gap)
    if count:
        rewrite_base(
            edit,
            document,
            stretch.track,
            rows=rows,
            joints=stretch.joints,
            joints_rad=out[rows][:, stretch.index],
            source=source[rows][:, stretch.index],
        )
    return count


def _fill_root(
    edit: Edit, document: Document, stretch: Stretch, is_wild: BoolArray
) -> int:
    track, rows = stretch.track, stretch.rows
    root = track.base_root_m.astype(np.float64)
    wild = np.zeros(len(root), dtype=np.bool_)
    wild[rows] = is_wild[rows]
    clear = ~dissolving(document, track)
    good = np.flatnonzero(np.isfinite(root[:, 0]) & ~is_wild & clear)
    at = np.flatnonzero(wild)
    if not len(at) or not len(good):
        return 0
    for axis in range(3):
        root[at, axis] = np.interp(at, good, root[good, axis])
    now = document.tracks[track.id]
    source = now.base_source[rows][:, :1].copy()
    source[wild[rows]] = Source.FILLED
    rewrite_base(
        edit,
        document,
        now,
        rows=rows,
        joints=(0,),
        joints_rad=now.base_rad[rows].astype(np.float64)[:, :1],
        root_m=root[rows],
        source=source,
    )
    return len(at)


def _gaps(wild: BoolArray) -> list[np.ndarray]:
    at = np.flatnonzero(wild)
    return np.split(at, np.flatnonzero(np.diff(at) > 1) + 1)
