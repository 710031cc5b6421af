"""Biovision hierarchy (BVH): one skeleton and its motion as text.

Written: the root's place as absolute positions over a zero offset, one joint per
joint in depth-first order, angles in degrees, rest pose with identity rotations (see
docs/decisions/0003-bvh-is-ours.md). Read: every usual dialect (any channel order,
positions on every joint, offset roots, spaces in names, several roots refused).

Source: the format as used by Biovision, Motion Builder and Blender; listed channel
order is multiplication order.
"""

from __future__ import annotations

from dataclasses import dataclass
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
from hpe_studio.formats.even_runs import FPS_WRITTEN, even_run, given_rate, rate_of
from hpe_studio.formats.roundtrip import round_trip
from hpe_studio.motion.rotations import (
    euler_deg_from_matrix,
    matrix_from_rotvec,
    rotvec_from_matrix,
    unwrapped_euler_deg,
)

ORDERS = ("ZYX", "ZXY", "XYZ", "XZY", "YXZ", "YZX")

_UNIT_TEXTS = {"cmu": "that of CMU's library (0.45 of it are an inch)"}

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
        FPS_WRITTEN,
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
        told = _UNIT_TEXTS.get(guessed, guessed)
        warnings.append(f"The unit is not told; {told} was assumed")
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
    rate = given_rate(fps) if fps else motion.fps
    person, held, notes = even_run(motion, rate)
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
