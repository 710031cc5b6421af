"""Biovision hierarchy (BVH): one skeleton and its motion as text.

Written: the root's place as absolute positions over a zero offset, one joint per
joint in depth-first order, angles in degrees, rest pose with identity rotations (see
docs/decisions/0003-bvh-is-ours.md). Read: every usual dialect (any channel order,
positions on every joint, offset roots, spaces in names, several roots refused).

Source: the format as used by Biovision, Motion Builder and Blender; listed channel
order is multiplication order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.skeleton import Skeleton
from hpe_studio.core.specs import FormatSpec, Option, WriteReport
from hpe_studio.formats.bvh_read import (
    UNITS_M,
    Z_UP,
    channels_of,
    points_up_z,
    positions_of,
    scale_of,
    unique_names,
)
from hpe_studio.formats.bvh_text import BvhJoint, format_text, parse
from hpe_studio.formats.roundtrip import round_trip
from hpe_studio.motion.interpolation import resample
from hpe_studio.motion.rotations import (
    euler_deg_from_matrix,
    matrix_from_rotvec,
    rotvec_from_matrix,
    unwrapped_euler_deg,
)

ORDERS = ("ZYX", "ZXY", "XYZ", "XZY", "YXZ", "YZX")

SPEC = FormatSpec(
    id="bvh",
    label="BVH",
    summary="Skeleton animation",
    icon="bone",
    extensions=(".bvh",),
    reads=True,
    writes=True,
    one_file_per_person=True,
    read_options=(
        Option(
            name="unit",
            kind="choice",
            default="auto",
            choices=("auto", "m", "cm", "mm", "in", "cmu"),
            help="Unit of lengths; auto takes what makes a person of usual size",
        ),
    ),
    write_options=(
        Option(
            name="axes",
            kind="choice",
            default="blender",
            choices=("blender", "unity", "motionbuilder", "z_up"),
            label="Made for",
            choice_labels=("Blender", "Unity", "MotionBuilder", "Other programs, Z up"),
            help="Preset of axes, rotation order and unit",
        ),
        Option(
            name="fps",
            kind="text",
            default="",
            label="Frame rate",
            empty="As the clip",
            help="Frame rate such as 30 or 24000/1001; the clip's when empty",
        ),
        Option(
            name="unit",
            kind="choice",
            default="preset",
            choices=("preset", "m", "cm"),
            choice_labels=("As usual there", "Metres", "Centimetres"),
            help="Unit of lengths; the preset's when not given",
        ),
        Option(
            name="order",
            kind="choice",
            default="preset",
            choices=("preset", *ORDERS),
            label="Rotation order",
            choice_labels=("As usual there", *ORDERS),
            help="Order of rotation channels; the preset's when not given",
        ),
    ),
)

_STANDARD_RATES = tuple(
    rate
    for n in (12, 15, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240)
    for rate in (Fraction(n), Fraction(n * 1000, 1001))
)

_DIGITS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class _Preset:
    order: str
    unit: str
    is_z_up: bool = False


PRESETS = {
    "blender": _Preset(order="ZYX", unit="m"),
    "unity": _Preset(order="ZXY", unit="m"),
    "motionbuilder": _Preset(order="ZXY", unit="cm"),
    "z_up": _Preset(order="ZYX", unit="m", is_z_up=True),
}


def sniff(path: Path, head: bytes) -> float:
    """Certain where the file begins with HIERARCHY."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].upper() == b"HIERARCHY":
        return 1.0
    return 0.5 if path.suffix.lower() == ".bvh" else 0.0


def read(path: Path, *, unit: str = "auto") -> MotionFile:
    """The skeleton and motion of a BVH file, in metres, Y up.

    Raises:
        StudioError: If it is no BVH file or holds several skeletons.
    """
    text = parse(path)
    if sum(joint.parent < 0 for joint in text.joints) != 1:
        raise StudioError(
            "holds several skeletons", path=path, fix="export one per file"
        )
    warnings = list(text.warnings)
    rotations, places = channels_of(text)
    offsets, root, more = positions_of(path, text, places, rotations)
    warnings += more
    rest = np.zeros_like(offsets)
    for i, joint in enumerate(text.joints):
        rest[i] = offsets[i] if joint.parent < 0 else rest[joint.parent] + offsets[i]
    if points_up_z(rest):
        warnings.append("Z points up in this file; it was turned")
        rest, root = rest @ Z_UP, root @ Z_UP
        rotations = Z_UP.T @ rotations @ Z_UP
    scale, guessed = scale_of(unit, rest)
    if guessed:
        warnings.append(f"The unit is not told; {guessed} was assumed")
    fps = rate_of(text.frame_time_s)
    person = PersonMotion(
        name=path.stem,
        skeleton=Skeleton(
            name="bvh",
            joint_names=unique_names([joint.name for joint in text.joints]),
            parents=tuple(joint.parent for joint in text.joints),
        ),
        rest_joints_m=rest * scale,
        start=0,
        joints_rad=rotvec_from_matrix(rotations),
        root_scene_m=root * scale,
        betas=np.zeros(0),
    )
    return MotionFile(
        fps=fps,
        frame_count=len(text.values),
        people=(person,),
        provenance={"format": "bvh", "file": path.name},
        warnings=tuple(warnings),
    )


def write(
    motion: MotionFile,
    path: Path,
    *,
    axes: str = "blender",
    fps: str = "",
    unit: str = "preset",
    order: str = "preset",
) -> WriteReport:
    """Write one person's motion and read it back.

    Args:
        motion: People with the same `person_id` (several runs of one person).
        path: The file.
        axes: A preset's name.
        fps: Frame rate, or "" for the motion's own.
        unit: "m", "cm" or "preset".
        order: Rotation order, or "preset".

    Raises:
        StudioError: If there are several people, or the file cannot be written.
    """
    if len({p.person_id for p in motion.people}) != 1:
        raise StudioError(
            "a BVH file holds one person", path=path, fix="choose one with --person"
        )
    preset = PRESETS[axes]
    rate = _rate(fps) if fps else motion.fps
    person, held, notes = _even(motion, rate)
    per_m = 1.0 / UNITS_M[preset.unit if unit == "preset" else unit]
    digits = _DIGITS if per_m > 1 else _DIGITS + 2
    joints, values = _as_bvh(
        person,
        order=preset.order if order == "preset" else order,
        is_z_up=preset.is_z_up,
        per_m=per_m,
    )
    frame_time_s = float(1 / rate)
    text = format_text(joints, values, frame_time_s=frame_time_s, digits=digits)
    write_replacing(path, text.encode())
    again = read(path, unit="m" if per_m == 1 else "cm").people[0]
    check = round_trip([person], [again], held=held)
    return WriteReport(
        paths=(path,),
        max_joint_error_m=check.max_joint_error_m,
        notes=tuple(notes),
        people=(check,),
    )


def rate_of(frame_time_s: float) -> Fraction:
    """The exact rate behind a rounded frame time.

    0.0416667 means 24, 0.0333667 means 30000/1001.
    """
    rate = 1.0 / frame_time_s
    best = min(_STANDARD_RATES, key=lambda r: abs(float(r) - rate))
    if abs(float(best) / rate - 1) < 5e-5:
        return best
    return Fraction(rate).limit_denominator(1000)


def _rate(text: str) -> Fraction:
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 0 < rate <= 1000:
        raise StudioError(
            f"{text!r} is no frame rate", fix="write 30 or 24000/1001 or 23.976"
        )
    for standard in _STANDARD_RATES:
        if abs(float(standard - rate)) < 6e-4:  # 23.976 means 24000/1001
            return standard
    return rate


def _even(motion: MotionFile, rate: Fraction) -> tuple[PersonMotion, int, list[str]]:
    """One gapless run at an even rate, frames that are held, and what was done."""
    notes: list[str] = []
    runs = sorted(motion.people, key=lambda p: p.start)
    start = runs[0].start
    stop = max(run.start + len(run.joints_rad) for run in runs)
    joints = np.full((stop - start, runs[0].skeleton.joint_count, 3), np.nan)
    root = np.full((stop - start, 3), np.nan)
    for run in runs:
        rows = slice(run.start - start, run.start - start + len(run.joints_rad))
        joints[rows], root[rows] = run.joints_rad, run.root_scene_m
    held = _hold_missing(joints, root)
    if held:
        notes.append(f"{held} missing frames hold the pose before them")
    if start:
        notes.append(f"Frame 0 of the file is frame {start} of the clip")
    if motion.times_s is not None or rate != motion.fps:
        times_s = motion.times_s
        if times_s is None:
            times_s = np.arange(stop) / float(motion.fps)
        mine = times_s[start:stop]
        wanted = np.arange(mine[0], mine[-1] + 1e-9, float(1 / rate))
        joints, root = resample(joints, root, from_times_s=mine, to_times_s=wanted)
        why = "variable frame rate" if motion.times_s is not None else str(motion.fps)
        notes.append(f"Resampled from {why} to {rate} fps")
    return replace(runs[0], joints_rad=joints, root_scene_m=root), held, notes


def _hold_missing(joints: FloatArray, root: FloatArray) -> int:
    """Fill missing rows in place with the row before (or the first after)."""
    present = np.isfinite(root[:, 0]) & np.isfinite(joints).all(axis=(1, 2))
    if not present.any():
        joints[:], root[:] = 0.0, 0.0
        return len(root)
    last = np.maximum.accumulate(np.where(present, np.arange(len(root)), -1))
    last = np.where(last < 0, np.flatnonzero(present)[0], last)
    joints[:], root[:] = joints[last], root[last]
    return int((~present).sum())


def _as_bvh(
    person: PersonMotion, *, order: str, is_z_up: bool, per_m: float
) -> tuple[list[BvhJoint], FloatArray]:
    """Joints in depth-first order and the motion's columns in the same order."""
    skeleton, rest = person.skeleton, person.rest_joints_m * per_m
    root = person.root_scene_m * per_m
    rotations = matrix_from_rotvec(person.joints_rad)
    if is_z_up:
        rest, root = rest @ Z_UP.T, root @ Z_UP.T
        rotations = Z_UP @ rotations @ Z_UP.T
    angles = unwrapped_euler_deg(euler_deg_from_matrix(rotations, order))
    turns = tuple(f"{axis}rotation" for axis in order)
    moves = ("Xposition", "Yposition", "Zposition")
    depth_first = _depth_first(skeleton)
    place = {joint: i for i, joint in enumerate(depth_first)}
    joints: list[BvhJoint] = []
    columns = [root]
    for joint in depth_first:
        parent = skeleton.parents[joint]
        is_leaf = not skeleton.children(joint)
        offset = np.zeros(3) if parent < 0 else rest[joint] - rest[parent]
        joints.append(
            BvhJoint(
                name=skeleton.joint_names[joint],
                parent=-1 if parent < 0 else place[parent],
                offset=offset,
                channels=moves + turns if parent < 0 else turns,
                end=0.4 * offset if is_leaf else None,
            )
        )
        columns.append(angles[:, joint])
    return joints, np.concatenate(columns, axis=1)


def _depth_first(skeleton: Skeleton) -> list[int]:
    order: list[int] = []
    waiting = [0]
    while waiting:
        joint = waiting.pop()
        order.append(joint)
        waiting += reversed(skeleton.children(joint))
    return order
