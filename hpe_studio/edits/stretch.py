"""What a clean-up works on: a range of a track, and some of its joints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.mark import MarkKind
from hpe_studio.core.skeleton import Skeleton, skeleton
from hpe_studio.core.track import Source, Track
from hpe_studio.motion.interpolation import smoothstep
from hpe_studio.motion.rotations import slerp

SEAM_FRAMES = 3
_UNSEEN: tuple[MarkKind, ...] = ("outside", "occluded")
LIMBS: dict[str, tuple[str, ...]] = {
    "whole body": ("pelvis",),
    "left arm": ("left_shoulder",),
    "right arm": ("right_shoulder",),
    "both arms": ("left_shoulder", "right_shoulder"),
    "left leg": ("left_hip",),
    "right leg": ("right_hip",),
    "both legs": ("left_hip", "right_hip"),
    "trunk and head": ("spine1", "spine2", "spine3", "neck", "head"),
}
"""Limbs by name, told by the joints they hang on."""
_ALONE = "trunk and head"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Stretch:
    """A range of one track and some of its joints.

    Attributes:
        track: The track; it lies within one shot.
        rows: Rows of the track.
        joints: Joint indices, increasing; the root's place goes with 0.
    """

    track: Track
    rows: slice
    joints: tuple[int, ...]

    @property
    def bones(self) -> Skeleton:
        """The track's skeleton."""
        return skeleton(self.track.skeleton)

    @property
    def start(self) -> int:
        """First clip frame."""
        return self.track.start + int(self.rows.start)

    @property
    def stop(self) -> int:
        """The frame after the last."""
        return self.track.start + int(self.rows.stop)

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return int(self.rows.stop) - int(self.rows.start)

    @property
    def has_root(self) -> bool:
        """True where the root's place may be written."""
        return 0 in self.joints

    @property
    def index(self) -> IntArray:
        """The joints as an array."""
        return np.array(self.joints, dtype=np.int64)

    @property
    def is_whole(self) -> bool:
        """True where all joints are meant."""
        return len(self.joints) == self.bones.joint_count

    def renewed(self, document: Document) -> Stretch:
        """The same stretch of the track as it is now."""
        track = document.tracks[self.track.id]
        return Stretch(track=track, rows=self.rows, joints=self.joints)


def limb_joints(bones: Skeleton, limb: str) -> tuple[int, ...]:
    """Joints of a limb of `LIMBS`, or of a joint and what hangs on it.

    Raises:
        StudioError: If there is no such limb.
    """
    tops = LIMBS.get(limb.replace("_", " "), (limb,))
    known = [name for name in tops if name in bones.joint_names]
    if not known:
        raise StudioError(
            f"there is no limb {limb!r}", fix=f"choose among {', '.join(LIMBS)}"
        )
    if limb.replace("_", " ") == _ALONE:
        return tuple(sorted(bones.index(name) for name in known))
    found = {j for name in known for j in bones.descendants(bones.index(name))}
    return tuple(sorted(found | {bones.index(name) for name in known}))


def stretches(
    document: Document,
    *,
    persons: Sequence[int] | None = None,
    start: int = 0,
    stop: int | None = None,
    limb: str = "whole body",
) -> tuple[Stretch, ...]:
    """Every stretch of some people (all when None) within a range, by time.

    Raises:
        StudioError: If nobody is there, there is no such limb, or a frame is no whole
            number.
    """
    if not all(map(_is_whole, (start, stop or 0))):
        raise StudioError("frames are whole numbers", fix="leave their fractions out")
    end = document.clip.frame_count if stop is None else stop
    chosen = tuple(document.persons) if persons is None else tuple(persons)
    found: list[Stretch] = []
    for person in chosen:
        for track in document.tracks_of(person):
            first, last = max(start, track.start), min(end, track.stop)
            if first < last:
                rows = slice(first - track.start, last - track.start)
                joints = limb_joints(skeleton(track.skeleton), limb)
                found.append(Stretch(track=track, rows=rows, joints=joints))
    if not found:
        raise StudioError(
            "nobody is there on these frames", fix="choose another range or person"
        )
    return tuple(found)


def _is_whole(frame: object) -> bool:
    return isinstance(frame, int | np.integer)


def seen(document: Document, track: Track) -> BoolArray:
    """What of a track was seen, shape (frames, joints).

    Not what is missing, outside, occluded, or lies in a dissolve.
    """
    known = np.asarray(track.base_source != Source.MISSING)
    known &= ~dissolving(document, track)[:, None]
    return known & ~marked(document, track, _UNSEEN)


def dissolving(document: Document, track: Track) -> BoolArray:
    """Frames on which the picture still comes out of the shot before, (frames,).

    Two shots are seen at once there, so that no estimate is to be believed.
    """
    frames = np.arange(track.start, track.stop)
    return np.asarray(frames < document.shot_at(track.start).clear_start)


def accented(document: Document, track: Track) -> BoolArray:
    """What is marked as an accent, shape (frames, joints)."""
    return marked(document, track, ("accent",))


def marked(document: Document, track: Track, kinds: Sequence[MarkKind]) -> BoolArray:
    """What bears a mark of one of the kinds, shape (frames, joints)."""
    out = np.zeros(track.base_source.shape, dtype=np.bool_)
    for mark in document.every_mark_of(track.id):
        if mark.kind in kinds:
            rows = slice(mark.start - track.start, mark.stop - track.start)
            out[rows, list(mark.joints)] = True
    return out


def seam_weights(
    stretch: Stretch, is_free: BoolArray, frames: int = SEAM_FRAMES
) -> FloatArray:
    """How far each entry goes over to what is new, shape (rows, joints of it).

    1 within, 0 where nothing may be written, and smoothly between over some frames;
    nothing fades at the ends of the track.

    Args:
        stretch: Range and joints.
        is_free: What may be written, shape (frames of the track, joints).
        frames: Length of a seam.
    """
    count = stretch.track.frame_count
    inside = np.zeros((count + 2, len(stretch.joints)), dtype=np.bool_)
    inside[1:-1][stretch.rows] = is_free[stretch.rows][:, stretch.index]
    if stretch.rows.start == 0:
        inside[0] = inside[1]
    if stretch.rows.stop == count:
        inside[-1] = inside[-2]
    far = np.where(inside, frames + 1, 0).astype(np.float64)
    for i in range(1, len(far)):
        far[i] = np.minimum(far[i], far[i - 1] + 1)
    for i in range(len(far) - 2, -1, -1):
        far[i] = np.minimum(far[i], far[i + 1] + 1)
    return smoothstep(far / (frames + 1))[1:-1][stretch.rows]


def mixed(old_rad: FloatArray, new_rad: FloatArray, weight: FloatArray) -> FloatArray:
    """Rotations between old (weight 0, to the bit) and new (1); NaN stays old."""
    sure = np.where(np.isfinite(new_rad).all(-1), weight, 0.0)
    return slerp(old_rad, new_rad, sure)
