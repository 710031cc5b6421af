"""ROMP and BEV: an npz per frame in a folder, one alone, or `video_results.npz`.

A frame on which nobody was found has no file. On a processor ROMP gives no identities;
people are then joined over frames by the nearest place. Pelvis in the camera's axes is
joint 0 plus `cam_trans` for both (BEV takes the middle of the hips off its joints,
ROMP takes nothing off).

Source: simple_romp 1.1.4 `romp/utils.py` (ResultSaver), `bev/main.py`; ROMP's first
versions wrote lists with a dictionary per person.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np

from hpe_studio.core.arrays import AnyArray, FloatArray
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.pickle_parts import RefusedError
from hpe_studio.core.specs import FormatSpec, Option, RoundTrip, WriteReport
from hpe_studio.core.unpickle import read_npz
from hpe_studio.formats.result_names import names_in
from hpe_studio.formats.romp_camera import (
    FOCAL_PX,
    Picture,
    bev_translation_m,
    picture_from_points,
    picture_of_size,
    romp_translation_m,
)
from hpe_studio.formats.romp_frames import (
    NOT_READ,
    RompRows,
    numbered,
    people_of,
    rows_of,
)
from hpe_studio.formats.romp_people import identities, posed_on, rest_of
from hpe_studio.formats.romp_write import romp_content, write_frames, write_video
from hpe_studio.formats.roundtrip import round_trip
from hpe_studio.formats.smpl_options import (
    BODY_OPTION,
    FPS_OPTION,
    NOBODY_FIX,
    SIZE_OPTION,
    body_path_of,
    rate_of,
    size_of,
)
from hpe_studio.formats.smpl_results import (
    MAX_FRAMES,
    PersonRows,
    RestJoints,
    mean_betas,
    not_of_this_kind,
    runs_of,
    turned,
)
from hpe_studio.motion.rotations import matrix_from_rotvec

SPEC = FormatSpec(
    id="romp",
    label="ROMP and BEV",
    summary="SMPL bodies in pictures",
    icon="image",
    extensions=(".npz",),
    reads=True,
    writes=True,
    reads_folders=True,
    read_options=(FPS_OPTION, SIZE_OPTION, BODY_OPTION),
    write_options=(
        Option(
            name="files",
            kind="choice",
            default="video",
            choices=("video", "frames"),
            label="Files",
            choice_labels=("One, as video_results.npz", "A folder, one per frame"),
            help="One file as video_results.npz, or a folder with a file per frame",
        ),
    ),
)

_VIDEO = "video_results.npz"
_LOOKED_AT = 200  # files of a folder


def sniff(path: Path, head: bytes) -> float:
    """Certain where ROMP's keys are in the file, or in one of a folder's files."""
    if not head and path.is_dir():
        return 0.95 if any(_is_result(file) for file in _some_npz(path)) else 0.0
    names = names_in(path, head)
    if "results" not in names or not head.startswith(b"PK"):
        return 0.0
    return 0.95 if names & {"cam", "smpl_thetas", "sequence_results"} else 0.3


def _some_npz(folder: Path) -> Iterator[Path]:
    try:
        for number, path in enumerate(folder.iterdir()):
            if path.suffix.lower() == ".npz":
                yield path
            if number > _LOOKED_AT:
                return
    except OSError:
        return


def _is_result(path: Path) -> bool:
    names = names_in(path, b"PK\x03\x04")
    return "results" in names and bool(names & {"cam", "smpl_thetas"})


def read(path: Path, *, fps: str = "", size: str = "", body: str = "") -> MotionFile:
    """Everybody in a folder or file of ROMP or BEV.

    Raises:
        StudioError: If it is none, damaged or hostile.
    """
    warnings: list[str] = []
    assumed: list[str] = []
    size_px = size_of(size)
    rate, is_assumed = rate_of(fps)
    if is_assumed:
        assumed.append("ROMP tells no frame rate; 30 fps was taken")
    try:
        frames = _frames(path, warnings, assumed)
        rows = rows_of(frames)
        if not len(rows.frames):
            raise StudioError("holds nobody", path=path, fix=NOBODY_FIX)
        people = _people(rows, body_path_of(body), warnings, assumed)
        picture = _picture(rows, size_px, assumed)
        runs = tuple(run for rows_ in people for run in runs_of(rows_))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise not_of_this_kind(path, "ROMP", error) from None
    count = frames[-1][0] + 1
    return MotionFile(
        fps=rate,
        frame_count=count,
        people=runs,
        size_px=picture.size_px,
        shots=((0, count),),
        cameras={0: picture.camera()},
        provenance={"format": "romp", "file": path.name, "bev": rows.is_bev},
        warnings=tuple(warnings),
        assumed=tuple(assumed),
    )


def write(motion: MotionFile, path: Path, *, files: str = "video") -> WriteReport:
    """Write everybody as ROMP saves them, and read it back.

    Args:
        motion: People with SMPL's joints.
        path: The file; for a file per frame the folder (an ending is taken off).
        files: "video" or "frames".

    Raises:
        StudioError: If a skeleton is none of SMPL's or it cannot be written.
    """
    content = romp_content(motion, path)
    if files == "frames":
        path = path.with_suffix("")
        write_frames(content.frames, path)
    else:
        write_video(content.frames, path)
    width, height = motion.size_px or (1920, 1080)
    again = read(path, size=f"{width}x{height}").people
    checks: list[RoundTrip] = []
    for rows in content.people:
        found = [run for run in again if run.person_id == rows.person_id]
        if found:
            checks.append(round_trip(list(runs_of(rows)), found))
    return WriteReport(
        paths=(path,),
        max_joint_error_m=max(check.max_joint_error_m for check in checks),
        notes=content.notes,
        people=tuple(checks),
    )


def _frames(
    path: Path, warnings: list[str], assumed: list[str]
) -> list[tuple[int, dict[str, Any]]]:
    """What each frame says, by increasing number."""
    if path.is_dir():
        return _of_folder(path, warnings, assumed)
    content = read_npz(path, without=NOT_READ)
    if "results" not in content and "sequence_results" not in content:
        raise ValueError("it lacks results")
    results = content.get("results")
    if isinstance(results, dict) and _are_frames(cast("dict[Any, Any]", results)):
        return _of_video(cast("dict[str, Any]", results), warnings)
    if results is None or (isinstance(results, dict) and not results):
        return _of_sequences(content["sequence_results"])
    return [(0, people_of(results))]


def _are_frames(results: dict[Any, Any]) -> bool:
    return bool(results) and all(
        isinstance(key, str)
        and isinstance(value, dict | list | np.ndarray)
        and not _is_numeric(value)
        for key, value in results.items()
    )


def _is_numeric(value: Any) -> bool:
    return isinstance(value, np.ndarray) and cast("AnyArray", value).dtype != object


def _of_folder(
    folder: Path, warnings: list[str], assumed: list[str]
) -> list[tuple[int, dict[str, Any]]]:
    names = [p.name for p in folder.iterdir() if p.suffix.lower() == ".npz"]
    single = [name for name in names if name != _VIDEO]
    if not single and names:
        return _frames(folder / _VIDEO, warnings, assumed)
    numbers, foreign = numbered(single)
    frames: list[tuple[int, dict[str, Any]]] = []
    damaged: list[str] = []
    for name, number in numbers.items():
        try:
            content = read_npz(folder / name, without=NOT_READ)
            frames.append((number, people_of(content["results"])))
        except RefusedError:
            raise
        except (StudioError, KeyError, ValueError):
            damaged.append(name)
    _tell(warnings, foreign, "left out, as of something else")
    _tell(warnings, damaged, "left out, as no readable results")
    if not frames:
        raise StudioError("holds no results of ROMP", path=folder, fix="choose another")
    if frames[-1][0] >= MAX_FRAMES:
        raise StudioError(
            "has files numbered beyond any clip", path=folder, fix="rename the files"
        )
    if not any(character.isdecimal() for character in Path(single[0]).stem):
        assumed.append("Files without numbers are frames in the order of their names")
    return frames


def _tell(warnings: list[str], names: list[str], why: str) -> None:
    if names:
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        are = "were" if len(names) > 1 else "was"
        warnings.append(f"{names[0]}{more} {are} {why}")


def _of_video(
    results: dict[str, Any], warnings: list[str]
) -> list[tuple[int, dict[str, Any]]]:
    numbers, foreign = numbered(results)
    _tell(warnings, foreign, "left out, as of something else")
    frames = [(number, people_of(results[name])) for name, number in numbers.items()]
    if frames and frames[-1][0] >= MAX_FRAMES:
        raise ValueError("frames beyond any clip")
    return frames


def _of_sequences(sequences: Any) -> list[tuple[int, dict[str, Any]]]:
    """Frames out of tracks, where only tracks were kept."""
    by_frame: dict[int, list[dict[str, Any]]] = {}
    for track_id, track in cast("dict[Any, dict[str, Any]]", sequences).items():
        names = [k for k in track if k != "frame_id"]
        for row, frame in enumerate(track["frame_id"]):
            person = {name: np.asarray(track[name][row]) for name in names}
            person["track_ids"] = np.asarray(track_id)
            by_frame.setdefault(int(frame), []).append(person)
    if min(by_frame, default=0) < 0 or max(by_frame, default=0) >= MAX_FRAMES:
        raise ValueError("frames beyond any clip")
    return [(frame, people_of(by_frame[frame])) for frame in sorted(by_frame)]


def _people(
    rows: RompRows, body: Path | None, warnings: list[str], assumed: list[str]
) -> Iterator[PersonRows]:
    pose = rows.values["smpl_thetas"].reshape(-1, 24, 3)
    posed = posed_on(rows)
    translation, valid = _translation(rows)
    if not valid.all():
        warnings.append(f"{int((~valid).sum())} failed estimates were left out")
    fallback = RestJoints(joint_count=24, body_path=body)
    if posed.joints_m is None:
        assumed.extend(fallback.assumed)
    pelvis = translation + _pelvis_offset(rows, posed.pelvis_m, fallback, assumed)
    ids = identities(rows, pelvis, warnings, assumed)
    betas = rows.values.get("smpl_betas", np.zeros((len(pose), 10)))
    scene_pose, scene_root = turned(pose, FLIP_YZ), pelvis @ FLIP_YZ.T
    for number, name in enumerate(dict.fromkeys(ids), start=1):
        mine: AnyArray = np.flatnonzero((np.array(ids) == name) & valid)
        if len(mine):
            yield PersonRows(
                name=f"Person {number}",
                person_id=name,
                frames=rows.frames[mine],
                joints_rad=scene_pose[mine],
                root_scene_m=scene_root[mine],
                rest_joints_m=rest_of(posed, pose, mine, fallback, betas),
                betas=mean_betas(betas[mine])[:10],
                body="smpl",
            )


def _translation(rows: RompRows) -> tuple[FloatArray, AnyArray]:
    """Shape (rows, 3), and which rows are no failures (-1, -1, -1)."""
    found = rows.get("cam_trans")
    if found is None:
        cam = rows.values["cam"]
        found = bev_translation_m(cam) if rows.is_bev else romp_translation_m(cam)
    bad = (found == -1).all(axis=1) | ~np.isfinite(found).all(axis=1)
    return found, ~bad & (found[:, 2] > 0)


def _pelvis_offset(
    rows: RompRows,
    pelvis_m: FloatArray | None,
    fallback: RestJoints,
    assumed: list[str],
) -> FloatArray:
    """From `cam_trans` to the pelvis, shape (rows, 3)."""
    if pelvis_m is not None:
        return pelvis_m
    betas = rows.values.get("smpl_betas", np.zeros((len(rows.frames), 1)))
    rest = fallback.of(betas)
    if not rows.is_bev:
        return rest[:, 0]
    assumed.append("Without joints, BEV's place is taken as the middle of the hips")
    pose = rows.values["smpl_thetas"].reshape(-1, 24, 3)
    up = rest[:, 0] - rest[:, 1:3].mean(axis=1)
    return np.einsum("rij,rj->ri", matrix_from_rotvec(pose[:, 0]), up)


def _picture(
    rows: RompRows, size_px: tuple[int, int] | None, assumed: list[str]
) -> Picture:
    if size_px is not None:
        return picture_of_size(size_px)
    joints, points = rows.get("joints"), rows.get("pj2d_org")
    if joints is not None and points is not None and len(joints) == len(points):
        shared = min(joints.shape[1], points.shape[1])
        translation, valid = _translation(rows)
        cam = None if rows.is_bev else rows.get("cam")
        found = picture_from_points(
            joints[valid, :shared],
            points[valid, :shared],
            None if cam is None else cam[valid],
            translation[valid],
            focal_px=FOCAL_PX,
        )
        if found is not None:
            width, height = found[0].size_px
            assumed.append(
                f"The picture is {width} x {height} px, as joints fall on it"
            )
            return found[0]
    assumed.append("The picture is 1920 x 1080 px, as the file does not tell")
    return picture_of_size((1920, 1080))
