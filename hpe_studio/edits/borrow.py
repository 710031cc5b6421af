"""Limbs borrowed from elsewhere: the other side, another frame, a usual pose."""

from __future__ import annotations

import json
from functools import lru_cache

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.resources import resource_path
from hpe_studio.core.specs import EditSpec, Option
from hpe_studio.core.track import Source
from hpe_studio.edits.rebase import rewrite_base
from hpe_studio.edits.stretch import Stretch, seen
from hpe_studio.motion.interpolation import smoothstep
from hpe_studio.motion.rotations import compose, inverse
from hpe_studio.posing.resolve import resolve

_BLEND_FRAMES = 8
_AXIAL = np.array([1.0, -1.0, -1.0])
FROM_FRAME = "another frame"


@lru_cache(maxsize=1)
def usual_legs() -> dict[str, dict[str, tuple[float, float, float]]]:
    """Usual poses of legs by name: degrees by joint, shipped with the program."""
    text = resource_path("poses/legs.json").read_text(encoding="utf-8")
    poses = json.loads(text)["poses"]
    return {
        name: {joint: tuple(turn) for joint, turn in pose["joints_deg"].items()}
        for name, pose in poses.items()
    }


MIRROR_SPEC = EditSpec(
    id="fill_from_mirror",
    label="Fill from the other side",
    options=(
        Option(
            name="shift",
            kind="int",
            default=0,
            minimum=-120,
            maximum=120,
            unit="frames",
            help="Take the other side so many frames later: half a step in walking",
        ),
    ),
)
CARRY_SPEC = EditSpec(
    id="carry_over",
    label="Carry a pose over",
    options=(
        Option(
            name="pose",
            kind="choice",
            default="stand",
            choices=("stand", "sit", "sit low", "kneel", FROM_FRAME),
            help="Which pose legs that were never seen take",
        ),
        Option(
            name="frame",
            kind="int",
            default=0,
            minimum=0,
            help="The frame of this person that another frame means, in any shot",
        ),
    ),
)


def fill_from_mirror(
    edit: Edit, document: Document, stretch: Stretch, *, shift: int = 0
) -> None:
    """Move a limb as the limb of the other side moves, mirrored.

    At both ends it goes over into what is known of the limb there.

    Args:
        edit: The open edit.
        document: Where the track lives.
        stretch: Range and joints; joints on the middle line stay.
        shift: How many frames later the other side is taken.

    Raises:
        StudioError: If the limb has no other side, that side was not seen either, or
            the track is locked.
    """
    track = stretch.track
    other = np.array(stretch.bones.mirror_permutation())
    joints = tuple(j for j in stretch.joints if other[j] != j)
    sides = set(joints) & {int(other[j]) for j in joints}
    if not joints or sides:
        raise StudioError(
            "only one limb can be filled from its other side",
            fix="choose an arm or a leg",
        )
    rows = np.arange(track.frame_count)[stretch.rows]
    taken = np.clip(rows + shift, 0, track.frame_count - 1)
    mirrored_joints = other[list(joints)]
    if not seen(document, track)[np.ix_(taken, mirrored_joints)].all():
        raise StudioError(
            "the other side was not seen there either",
            fix="fill from both sides in time instead",
        )
    motion = resolve(track, document.keys_of(track.id))
    wanted = motion.joints_rad[np.ix_(taken, mirrored_joints)] * _AXIAL
    _write(edit, document, stretch, joints, wanted)


def carry_over(
    edit: Edit,
    document: Document,
    stretch: Stretch,
    *,
    pose: str = "stand",
    frame: int = 0,
) -> None:
    """Hold a limb as it usually stands, or as this person held it on a frame.

    At both ends it goes over into what is known of the limb there.

    Args:
        edit: The open edit.
        document: Where the track lives.
        stretch: Range and joints.
        pose: "stand", "sit", "sit low", "kneel" (legs only) or "another frame".
        frame: The clip frame that means, in any shot of this person.

    Raises:
        StudioError: If the pose says nothing of these joints, the person is not there
            on that frame, or the track is locked.
    """
    if pose == FROM_FRAME:
        joints, held = _held_on(document, stretch, frame)
    else:
        joints, held = _usual(stretch, pose)
    wanted = np.broadcast_to(held, (stretch.row_count, len(joints), 3))
    _write(edit, document, stretch, joints, wanted)


def _held_on(
    document: Document, stretch: Stretch, frame: int
) -> tuple[tuple[int, ...], FloatArray]:
    there = document.track_at(stretch.track.person_id, frame)
    joints = tuple(j for j in stretch.joints if j != 0)
    if there is None or there.skeleton != stretch.track.skeleton:
        raise StudioError(
            f"the person is not there on frame {frame}", fix="choose another frame"
        )
    turns = resolve(there, document.keys_of(there.id), np.array([frame])).joints_rad[0]
    held = turns[list(joints)]
    if np.isnan(held).any():
        raise StudioError(
            f"the person is missing on frame {frame}", fix="choose another frame"
        )
    return joints, held


def _usual(stretch: Stretch, pose: str) -> tuple[tuple[int, ...], FloatArray]:
    if pose not in usual_legs():
        raise StudioError(f"there is no pose {pose!r}", fix="see the list of poses")
    turns, names = usual_legs()[pose], stretch.bones.joint_names
    joints = tuple(j for j in stretch.joints if names[j] in turns)
    if not joints:
        raise StudioError(
            f"the pose {pose!r} says nothing of these joints", fix="choose the legs"
        )
    return joints, np.radians([turns[names[j]] for j in joints])


def _write(
    edit: Edit,
    document: Document,
    stretch: Stretch,
    joints: tuple[int, ...],
    wanted_rad: FloatArray,
) -> None:
    track, rows = stretch.track, stretch.rows
    present = np.isfinite(track.base_root_m[rows, 0])
    old = track.base_rad[rows].astype(np.float64)[:, list(joints)]
    known = np.logical_and.reduce(seen(document, track)[:, list(joints)], axis=1)
    joined = _joined_at_ends(track.base_rad[:, list(joints)], known, rows, wanted_rad)
    source = track.base_source[rows][:, list(joints)].copy()
    source[present] = Source.FILLED
    rewrite_base(
        edit,
        document,
        track,
        rows=rows,
        joints=joints,
        joints_rad=np.where(present[:, None, None], joined, old),
        source=source,
    )


def _joined_at_ends(
    limb_rad: FloatArray, known: BoolArray, rows: slice, wanted_rad: FloatArray
) -> FloatArray:
    """Rotations that start and end where the limb was seen right beside the range."""
    out = np.array(wanted_rad, dtype=np.float64)
    count = len(out)
    reach = min(_BLEND_FRAMES, max(count // 2, 1))
    for beside, first, away in (
        (rows.start - 1, 0, np.arange(count)),
        (rows.stop, count - 1, np.arange(count)[::-1]),
    ):
        if not (0 <= beside < len(known) and known[beside]):
            continue
        off = compose(limb_rad[beside].astype(np.float64), inverse(wanted_rad[first]))
        fade = smoothstep(1.0 - (away + 1) / (reach + 1))
        out = compose(fade[:, None, None] * off, out)
    return out
