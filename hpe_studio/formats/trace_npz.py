"""TRACE: one npz per video, people in the camera's axes and in the world.

Source: ROMP repository, `simple_romp/trace2` (outputs with one row per person and
frame, reorganize_idx telling the frame; field of view 50 degrees).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import FormatSpec
from hpe_studio.core.unpickle import read_npz
from hpe_studio.formats.result_names import names_in
from hpe_studio.formats.romp_camera import (
    TRACE_FOCAL_PX,
    Picture,
    picture_from_points,
    picture_of_size,
)
from hpe_studio.formats.smpl_options import (
    BODY_OPTION,
    FPS_OPTION,
    SIZE_OPTION,
    SPACE_OPTION,
    body_path_of,
    rate_of,
    size_of,
)
from hpe_studio.formats.smpl_results import (
    PersonRows,
    RestJoints,
    camera_of_two_views,
    frame_numbers,
    mean_betas,
    moved,
    numbers,
    rest_from_posed_m,
    turned,
)
from hpe_studio.formats.smpl_scene import (
    Notes,
    assembled,
    dictionary,
    reading,
    upright,
)

SPEC = FormatSpec(
    id="trace",
    label="TRACE results",
    extensions=(".npz",),
    reads=True,
    writes=False,
    read_options=(FPS_OPTION, SIZE_OPTION, SPACE_OPTION, BODY_OPTION),
)


def sniff(path: Path, head: bytes) -> float:
    """Certain where TRACE's outputs are in the archive."""
    names = names_in(path, head)
    if "outputs" not in names:
        return 0.0
    return 0.95 if names & {"reorganize_idx", "smpl_thetas", "imgpaths"} else 0.2


def read(
    path: Path, *, fps: str = "", size: str = "", space: str = "camera", body: str = ""
) -> MotionFile:
    """Everybody in a file of TRACE.

    Raises:
        StudioError: If it is none, damaged or hostile.
    """
    content = read_npz(path)
    return reading(path, "TRACE", lambda: _read(path, content, fps, size, space, body))


def _read(
    path: Path, content: dict[str, Any], fps: str, size: str, space: str, body: str
) -> MotionFile:
    notes = Notes()
    rate, is_assumed = rate_of(fps)
    if is_assumed:
        notes.assume("TRACE tells no frame rate; 30 fps was taken")
    values = dictionary(content["outputs"])
    pose = numbers(values["smpl_thetas"], 24, 3, name="smpl_thetas")
    picture = _picture(values, size_of(size), notes)
    rest = RestJoints(joint_count=24, body_path=body_path_of(body))
    seen = _people(values, pose, rest, notes)
    people = seen
    if space == "world":
        people = _in_world(values, pose, seen, notes)
    camera = picture.camera(TRACE_FOCAL_PX)
    return assembled(
        path,
        "trace",
        people,
        rate=rate,
        notes=notes,
        camera=lambda count: (
            camera
            if people is seen
            else moved(camera, camera_of_two_views(seen, people, count))
        ),
        size_px=picture.size_px,
        frame_count=len(np.atleast_1d(content.get("imgpaths", ()))),
    )


def _people(
    values: dict[Any, Any], pose: FloatArray, rest: RestJoints, notes: Notes
) -> list[PersonRows]:
    frames = frame_numbers(values["reorganize_idx"])
    ids = np.asarray(values["track_ids"]).reshape(-1)
    betas = np.asarray(values["smpl_betas"]).reshape(len(pose), -1).astype(np.float64)
    transl = numbers(values["cam_trans"], 3, name="cam_trans")
    joints = _joints(values, len(pose))
    if joints is None:
        notes.assume(*rest.assumed)
    offset = rest.of(betas)[:, 0] if joints is None else joints[:, 0]
    if not len(frames) == len(ids) == len(transl) == len(pose):
        raise ValueError("rows differ in number")
    found: list[PersonRows] = []
    for number, identity in enumerate(np.unique(ids).tolist(), start=1):
        mine = np.flatnonzero(ids == identity)
        rest_m = np.median(rest.of(betas[mine]), axis=0)
        if joints is not None:
            parents = skeleton("smpl24").parents
            solved = rest_from_posed_m(parents, pose[mine], joints[mine])
            rest_m = solved + rest_m[0]
        found.append(
            PersonRows(
                name=f"Person {number}",
                person_id=str(identity),
                frames=frames[mine],
                joints_rad=turned(pose[mine], FLIP_YZ),
                root_scene_m=(transl + offset)[mine] @ FLIP_YZ.T,
                rest_joints_m=rest_m,
                betas=mean_betas(betas[mine])[:10],
                body="smpl",
            )
        )
    return found


def _joints(values: dict[Any, Any], rows: int) -> FloatArray | None:
    for name in ("j3d", "joints"):
        joints = np.asarray(values.get(name, 0))
        if joints.ndim == 3 and joints.shape[0] == rows and joints.shape[1] >= 24:
            return joints[:, :24].astype(np.float64)
    return None


def _in_world(
    values: dict[Any, Any], pose: FloatArray, seen: list[PersonRows], notes: Notes
) -> list[PersonRows]:
    """The same rows with TRACE's orientation and place in the world."""
    ids = np.asarray(values["track_ids"]).reshape(-1)
    root = numbers(values["world_global_rots"], 3, name="world_global_rots")
    places = numbers(values["world_trans"], 3, name="world_trans")
    if not len(root) == len(places) == len(pose):
        raise ValueError("rows differ in number")
    turn = upright(root, "auto", notes)
    found: list[PersonRows] = []
    for person in seen:
        mine = np.flatnonzero(ids.astype(str) == person.person_id)
        joints = np.array(pose[mine])
        joints[:, 0] = root[mine]
        found.append(
            PersonRows(
                name=person.name,
                person_id=person.person_id,
                frames=person.frames,
                joints_rad=turned(joints, turn),
                root_scene_m=(places[mine] + person.rest_joints_m[0]) @ turn.T,
                rest_joints_m=person.rest_joints_m,
                betas=person.betas,
                body=person.body,
            )
        )
    return found


def _picture(
    values: dict[Any, Any], size_px: tuple[int, int] | None, notes: Notes
) -> Picture:
    if size_px is not None:
        return picture_of_size(size_px)
    joints = np.asarray(values.get("j3d", 0))
    points = np.asarray(values.get("pj2d_org", 0))
    if joints.ndim == points.ndim == 3 and len(joints) == len(points):
        shared = min(joints.shape[1], points.shape[1])
        found = picture_from_points(
            joints[:, :shared].astype(np.float64),
            points[:, :shared, :2].astype(np.float64),
            None,
            numbers(values["cam_trans"], 3, name="cam_trans"),
            focal_px=TRACE_FOCAL_PX,
        )
        if found is not None:
            width, height = found[0].size_px
            notes.assume(f"The picture is {width} x {height} px, as joints fall on it")
            return found[0]
    notes.assume("The picture is 1920 x 1080 px, as the file does not tell")
    return picture_of_size((1920, 1080))
