"""CMU Panoptic: a sequence's folder, or its bodies alone, as points of people.

Bodies, faces and hands become points in scene axes (Y up, metres; origin on the dome's
floor); frame n of the truth is frame n of the movies. Cameras of the calibration are
the file's views. What is written is the tar of bodies, which the toolbox's own scripts
read. Source: spec 2 and the toolbox's README.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.specs import FormatSpec, Option
from hpe_studio.formats.calibration import CalibratedCamera, read_calibration
from hpe_studio.formats.panoptic_folder import (
    Clock,
    PanopticFolder,
    is_sequence,
    panoptic_folder,
)
from hpe_studio.formats.panoptic_frames import (
    HD_FPS,
    VGA_FPS,
    body_frame,
    face_frame,
    fps_of,
    hand_frame,
)
from hpe_studio.formats.panoptic_members import frame_files, frame_number
from hpe_studio.formats.panoptic_people import (
    Gathered,
    Handover,
    handovers,
    people_of,
)
from hpe_studio.formats.panoptic_write import write

__all__ = ["SPEC", "PanopticTruth", "read", "read_truth", "sniff", "write"]

SPEC = FormatSpec(
    id="panoptic",
    label="CMU Panoptic",
    extensions=(".tar",),
    reads=True,
    writes=True,
    writes_points=True,
    reads_folders=True,
    read_options=(
        Option(
            name="clock",
            kind="choice",
            default="auto",
            choices=("auto", "hd", "vga"),
            help="Which poses are read; auto takes those of the HD frames",
        ),
        Option(
            name="hands", kind="bool", default=True, help="Read hands where there are"
        ),
        Option(
            name="face", kind="bool", default=True, help="Read faces where there are"
        ),
    ),
)
_TAR_NAMES = ("pose3d", "face3d", "hand3d")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PanopticTruth:
    """What a sequence's pose files say.

    Attributes:
        motion: Points of everybody, cameras as views.
        times_ms: `univTime` by frame.
        clock: Whose frames are counted.
    """

    motion: MotionFile
    times_ms: Mapping[int, float]
    clock: Clock


def sniff(path: Path, head: bytes) -> float:
    """1 for a sequence's folder and folders of its frame files, 0.9 for its tars."""
    if path.is_dir():
        return 1.0 if is_sequence(path) or _is_pose_folder(path) else 0.0
    named = any(name in path.name.lower() for name in _TAR_NAMES)
    if path.suffix.lower() == ".tar" and (named or b"body3DScene_" in head):
        return 0.9
    return 0.0


def read(
    path: Path, *, clock: str = "auto", hands: bool = True, face: bool = True
) -> MotionFile:
    """Everybody's points.

    Args:
        path: A sequence's folder, or its folder or tar of bodies alone.
        clock: "hd", "vga", or "auto" for HD where there is.
        hands: Read hands.
        face: Read faces.

    Raises:
        StudioError: If it is no sequence, a tar is cut off, or no frame can be read.
    """
    return read_truth(path, clock=clock, hands=hands, face=face).motion


def read_truth(
    path: Path, *, clock: str = "auto", hands: bool = True, face: bool = True
) -> PanopticTruth:
    """As `read`, with the times of the frames.

    Raises:
        StudioError: As `read`.
    """
    found = _folder_of(path)
    chosen = _clock(found, clock)
    gathered = Gathered()
    if chosen in found.poses:
        _gather(gathered, found.poses[chosen][0], "body")
    if hands and found.hands is not None and chosen == "hd":
        _gather(gathered, found.hands, "hand")
    if face and found.face is not None and chosen == "hd":
        _gather(gathered, found.face, "face")
    fps = fps_of(gathered.rate) or (HD_FPS if chosen == "hd" else VGA_FPS)
    return PanopticTruth(
        motion=_motion(found, gathered, fps),
        times_ms=gathered.times_ms,
        clock=chosen,
    )


def calibrated_cameras(found: PanopticFolder) -> dict[str, CalibratedCamera]:
    """The cameras of a sequence that matter: all HD ones and those with footage.

    Raises:
        StudioError: If the calibration is damaged or lacks a camera that filmed.
    """
    if found.calibration is None:
        return {}
    cameras = read_calibration(found.calibration)
    for name in found.films:
        if name not in cameras:
            raise StudioError(
                f"has no camera {name}, which filmed {found.films[name].path.name}",
                path=found.calibration,
                fix="take the calibration of the same sequence",
            )
    return {n: c for n, c in cameras.items() if c.kind == "hd" or n in found.films}


def _folder_of(path: Path) -> PanopticFolder:
    """The sequence; poses alone are one without cameras."""
    if path.is_dir() and not _is_pose_folder(path):
        return panoptic_folder(path)
    kind = path.name.lower()
    clock: Clock = "vga" if kind.startswith("vga") else "hd"
    name = path.stem if path.is_file() else path.absolute().name
    if not path.exists():
        raise StudioError("does not exist", path=path, fix="check the name")
    return PanopticFolder(
        path=path, name=name, calibration=None, poses={clock: (path, "")}
    )


def _is_pose_folder(path: Path) -> bool:
    return any(frame_number(file.name) is not None for file in _some(path))


def _some(path: Path) -> list[Path]:
    """The first few files of a folder; empty where it cannot be looked into."""
    try:
        found = path.glob("*3D*_*.json")
        return [file for file, _ in zip(found, range(3), strict=False)]
    except OSError:
        return []


def _clock(found: PanopticFolder, asked: str) -> Clock:
    if asked == "auto":
        return "vga" if "vga" in found.poses and "hd" not in found.poses else "hd"
    clock = cast("Clock", asked)
    if clock not in found.poses:
        raise StudioError(
            f"has no {clock.upper()} poses",
            path=found.path,
            fix=f"fetch {clock}Pose3d_stage1_coco19.tar, or choose the other clock",
        )
    return clock


def _gather(gathered: Gathered, place: Path, kind: str) -> None:
    """Read all frames of one kind.

    Raises:
        StudioError: If none can be read.
    """
    decode = {"body": body_frame, "face": face_frame, "hand": hand_frame}[kind]
    part = Gathered() if kind != "body" else gathered
    for frame, data in frame_files(place):
        if kind == "body" and not part.frames and b'"people"' in data[:4096]:
            decode = hand_frame if b"_hand" in data else face_frame
        part.take(frame, data, decode)
    if not part.frames:
        why = f": {part.reason}" if part.reason else ""
        raise StudioError(
            f"holds no frames that can be read{why}",
            path=place,
            fix="fetch it again with hpe-studio panoptic get",
        )
    if part is not gathered:
        gathered.rows.update(part.rows)
        gathered.damaged += part.damaged


def _motion(found: PanopticFolder, gathered: Gathered, fps: Fraction) -> MotionFile:
    rate = float(fps)
    bodies = {
        who: {f: r for f, r in rows.items() if r[1].any()}
        for (who, name), rows in gathered.rows.items()
        if name in ("coco19", "mpi15")
    }
    bodies = {who: rows for who, rows in bodies.items() if rows}
    same = handovers(bodies, rate)
    points = tuple(people_of(gathered, same, rate))
    cameras = calibrated_cameras(found)
    ends = [
        r.start + len(r.points_scene_m) for r in points if r.points_scene_m is not None
    ]
    size = next(iter(cameras.values())).size_px if cameras else None
    return MotionFile(
        fps=fps,
        frame_count=max([*ends, max(gathered.frames, default=-1) + 1]),
        people=(),
        points=points,
        size_px=size,
        views={name: one.camera for name, one in cameras.items()},
        provenance={"format": "panoptic", "sequence": found.name},
        warnings=_warnings(gathered, same),
        assumed=() if gathered.rate or not gathered.frames else (_rate_text(fps),),
    )


def _rate_text(fps: Fraction) -> str:
    return f"The files say no rate; {float(fps):.2f} fps is taken"


def _warnings(gathered: Gathered, same: list[Handover]) -> tuple[str, ...]:
    said = [
        f"id {h.new} goes on as id {h.old} from frame {h.frame} "
        f"({100 * h.apart_m:.0f} cm apart)"
        for h in same
    ]
    if gathered.damaged:
        many = len(gathered.damaged)
        said.append(
            f"{many} frame file{'s are' if many > 1 else ' is'} damaged and "
            f"count{'' if many > 1 else 's'} as missing (the first is frame "
            f"{min(gathered.damaged)})"
        )
    frames = gathered.frames
    gap = max(frames, default=0) - min(frames, default=0) + 1 - len(frames)
    if frames and gap:
        said.append(f"Frames without truth between the first and the last: {gap}")
    return tuple(said)
