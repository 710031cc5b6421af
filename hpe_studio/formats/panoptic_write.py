"""Motion as a tar of body files in CMU Panoptic's form, for the toolbox's scripts.

Spec 6.3: as the data set's own (centimetres, Y down, `joints19`), `c` is our
confidence, `id` numbers the persons in their order.
"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np

from hpe_studio.body.open_body import open_body
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import replacing
from hpe_studio.core.interchange import MotionFile, PersonMotion, PersonPoints
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.specs import WriteReport
from hpe_studio.motion.kinematics import forward_kinematics, remapped_joints_rad
from hpe_studio.motion.point_fitting import fitted_points_m
from hpe_studio.motion.shape import refit_shape

FOLDER = "hdPose3d_stage1_coco19"
_CM_PER_M = 100.0
_LEAST = 0.11
"""Less confidence is written as this: every reader takes 0.1 for missing."""
_MISSING = "0, 0, 0, -1"

_Frames = dict[int, list[tuple[int, FloatArray]]]


def write(motion: MotionFile, path: Path) -> WriteReport:
    """Write everybody's coco19 joints as a tar of one file per frame.

    People with points of that set are written as they are; of bodies the joints, and
    what lies on the skin (nose, eyes, ears) from the open body in their shape.

    Raises:
        StudioError: If there is nobody, or the file cannot be written.
    """
    frames, notes = _frames_of(motion)
    if not frames:
        raise StudioError("there is nobody to write", fix="choose motion with people")
    rate = f"hd_{float(motion.fps):.2f}".replace(".", "_")
    step_ms = 1000 / float(motion.fps)
    try:
        with (
            replacing(path) as temporary,
            tarfile.open(temporary, "w", format=tarfile.USTAR_FORMAT) as packed,
        ):
            for frame in sorted(frames):
                text = body_text(frames[frame], time_ms=frame * step_ms, rate=rate)
                info = tarfile.TarInfo(f"{FOLDER}/body3DScene_{frame:08d}.json")
                info.size = len(text)
                packed.addfile(info, io.BytesIO(text))
    except OSError as error:
        raise StudioError(
            f"cannot be written ({error.strerror})",
            path=path,
            fix="make room or choose another folder",
        ) from None
    return WriteReport(
        paths=(path,), max_joint_error_m=_largest_error(path, frames), notes=notes
    )


def body_text(
    bodies: list[tuple[int, FloatArray]], *, time_ms: float, rate: str
) -> bytes:
    """One frame's file.

    Args:
        bodies: Number of each person and its joints, shape (19, 4): scene axes,
            metres, and confidence; NaN where missing.
        time_ms: `univTime`.
        rate: `fpsType`.
    """
    entries = ",\n".join(
        f'{{ "id": {number},\n"joints19": [{_numbers(joints)}]\n}}'
        for number, joints in bodies
    )
    return (
        f'{{ "version": 0.7, \n"univTime" :{time_ms:.3f},\n"fpsType" :"{rate}",\n'
        f'"bodies" :\n[\n{entries}\n]\n}}'
    ).encode()


def _numbers(joints: FloatArray) -> str:
    places_cm = joints[:, :3] @ FLIP_YZ * _CM_PER_M
    return ", ".join(
        f"{x:.4f}, {y:.4f}, {z:.4f}, {max(c, _LEAST):.6f}"
        if np.isfinite(x + y + z)
        else _MISSING
        for (x, y, z), c in zip(places_cm, joints[:, 3], strict=True)
    )


def _frames_of(motion: MotionFile) -> tuple[_Frames, tuple[str, ...]]:
    """Per frame everybody's number and joints, and what a person should know."""
    frames: _Frames = {}
    numbers: dict[str, int] = {}
    left_out = 0
    for position, run in enumerate((*motion.people, *motion.points)):
        joints = _joints19(run)
        if joints is None:
            left_out += 1
            continue
        who = run.person_id or f"#{position}"
        number = numbers.setdefault(who, len(numbers))
        for row in np.flatnonzero(np.isfinite(joints[..., :3]).all(-1).any(-1)):
            frames.setdefault(run.start + int(row), []).append((number, joints[row]))
    note = f"{left_out} entries without coco19 joints were left out"
    return frames, (note,) if left_out else ()


def _joints19(run: PersonMotion | PersonPoints) -> FloatArray | None:
    """Joints and confidence, shape (frames, 19, 4); None where there are none."""
    if isinstance(run, PersonMotion):
        return _of_body(run)
    if run.point_set.name != "coco19" or run.points_scene_m is None:
        return None
    trust = run.confidence
    if trust is None:
        trust = np.ones(run.points_scene_m.shape[:2])
    return np.concatenate([run.points_scene_m, trust[..., None]], axis=-1)


def _of_body(run: PersonMotion) -> FloatArray:
    """Joints from the person's own bones, the head's points from the open body."""
    model = open_body().joint_model
    marks = model.landmarks["coco19"]
    betas, scale = run.betas, run.scale
    if run.body or not len(betas):
        betas, scale = refit_shape(run.rest_joints_m, model, source=run.skeleton)
    pose = remapped_joints_rad(run.joints_rad, run.skeleton, model.skeleton)
    points = fitted_points_m(
        model, marks, pose, run.root_scene_m, betas=betas, scale=scale
    )
    own, _ = forward_kinematics(
        run.skeleton.parents, run.rest_joints_m, run.joints_rad, run.root_scene_m
    )
    for index, name in enumerate(landmark_set("coco19").names):
        if name in run.skeleton.joint_names and not name.endswith(("hip", "neck")):
            points[:, index] = own[:, run.skeleton.index(name)]
    return np.concatenate([points, np.ones((*points.shape[:2], 1))], axis=-1)


def _largest_error(path: Path, frames: _Frames) -> float:
    """Largest distance of a joint from where the written file has it, metres."""
    from hpe_studio.formats.panoptic_frames import body_frame
    from hpe_studio.formats.panoptic_members import frame_files

    worst = 0.0
    for frame, data in frame_files(path):
        said = body_frame(data).points
        for number, joints in frames[frame]:
            places, _ = said[number, "coco19"]
            away = np.linalg.norm(places - joints[:, :3], axis=-1)
            worst = max(worst, float(np.nanmax(away, initial=0.0)))
    return worst
