"""What ROMP and BEV have in common: their camera, their joints, their process."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Progress
from hpe_studio.core.observations import (
    Detection,
    FrameDetections,
    FrameSource,
    SeenBody,
)
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.specs import Option
from hpe_studio.estimators.blazepose import pixel_aspect
from hpe_studio.estimators.telling import told
from hpe_studio.estimators.versions import versions_in
from hpe_studio.workers.frames import FrameAnswer, work_through
from hpe_studio.workers.host import Worker, WorkerFailed

LANDMARKS = "body25"
SETUP_FIX = (
    "run ./studio setup --romp, or name a Python that has it with --python "
    "/path/to/env/bin/python"
)
FOCAL_PX, INPUT_PX = 443.4, 512
"""Focal length that both assume on their square input; a view of 60 degrees."""

_PACKAGES = ("torch", "simple-romp", "numpy")
_SCRIPT = Path(__file__).with_name("romp_net") / "serve.py"

# Of their 71 joints those that stand for a landmark (spec "ROMP 54 and 71 joints").
_JOINTS: Mapping[str, tuple[int, ...]] = {
    "nose": (24,), "right_eye": (25,), "left_eye": (26,),
    "right_ear": (27,), "left_ear": (28,), "neck": (16, 17),
    "left_shoulder": (16,), "right_shoulder": (17,),
    "left_elbow": (18,), "right_elbow": (19,),
    "left_wrist": (20,), "right_wrist": (21,), "mid_hip": (45, 46),
    "right_hip": (45,), "left_hip": (46,), "left_knee": (4,), "right_knee": (5,),
    "left_ankle": (7,), "right_ankle": (8,),
    "left_big_toe": (29,), "left_small_toe": (30,), "left_heel": (31,),
    "right_big_toe": (32,), "right_small_toe": (33,), "right_heel": (34,),
}  # fmt: skip
_HIPS = [45, 46]

COMMON_OPTIONS = (
    Option(
        name="max_people",
        kind="int",
        default=64,
        minimum=1,
        maximum=64,
        help="At most so many people at once, the surest first",
    ),
    Option(
        name="show_largest",
        kind="bool",
        default=False,
        label="Only the largest person",
        help="Only the largest person",
    ),
    Option(
        name="device",
        kind="text",
        default="auto",
        label="Processor",
        help="auto, cpu, or the number of a CUDA device",
        empty="auto",
    ),
    Option(
        name="python",
        kind="text",
        default="",
        help="A Python of your own that has simple-romp",
        empty="The studio's own",
    ),
)


def romp_camera(size_px: tuple[int, int], aspect: float = 1.0) -> Camera:
    """The pinhole camera that ROMP's and BEV's `cam_trans` are meant for.

    Both pad the picture to a square of its longer side L and assume a focal length of
    443.4 px on that square brought to 512 px: f = 443.4 L / 512, and the optical axis
    goes through the middle of the square. Their pixel of -1 is index 0, as ours.
    443.4 = 256 / tan(30 deg). Source: simple_romp, `romp/utils.py` and `bev`.

    Args:
        size_px: Stored width and height.
        aspect: Width of a stored pixel over its height; they are shown square ones.
    """
    width, height = size_px
    shown = max(1, round(width * aspect))
    stretch = shown / width
    longer = max(shown, height)
    focal = FOCAL_PX * longer / INPUT_PX
    left, top = (longer - shown) // 2, (longer - height) // 2
    intrinsics = np.eye(3)
    intrinsics[0] = [focal / stretch, 0.0, _stored(longer / 2 - left, stretch)]
    intrinsics[1] = [0.0, focal, longer / 2 - top]
    return Camera(
        intrinsics=intrinsics,
        distortion=np.zeros(5),
        camera_from_scene=np.hstack([FLIP_YZ, np.zeros((3, 1))]),
        source="romp",
    )


def detect_bodies(
    frames: FrameSource,
    *,
    start: int,
    stop: int,
    settings: Mapping[str, Any],
    name: str,
) -> Generator[FrameDetections | Progress]:
    """The people of the frames [start, stop), in order.

    Args:
        frames: The clip.
        start: First frame.
        stop: One past the last frame.
        settings: What `romp_net/serve.py` takes, and `python`.
        name: What to call it in error messages ("ROMP").

    Raises:
        StudioError: If it cannot run.
    """

    def make_worker(shared_size: int) -> Worker:
        return Worker(
            _SCRIPT,
            {key: value for key, value in settings.items() if key != "python"}
            | {"pixel_aspect": pixel_aspect(frames)},
            python=interpreter(settings["python"]),
            shared_size=shared_size,
            name=name,
            start_timeout_s=300.0,
        )

    def people(answer: FrameAnswer) -> FrameDetections:
        return detections_of(answer, frames.size_px)

    work = work_through(frames, make_worker, start=start, stop=stop, workers=1)
    try:
        yield from told(work, people, total=stop - start)
    except WorkerFailed as error:
        raise cannot_run(error) from error


def versions(python: str, *more: str) -> Mapping[str, str]:
    """Versions of what runs ROMP or BEV, as the Python that does it has them.

    Args:
        python: The person's own; the studio's when "".
        more: Packages besides those that both need.

    Raises:
        StudioError: If there is no Python at that place.
    """
    return versions_in(interpreter(python), (*_PACKAGES, *more))


def check_worker(package: str, python: str) -> Worker:
    """A process that looks into network and body files (`romp_net/check.py`).

    Args:
        package: "romp" or "bev".
        python: The Python that has it; the studio's own when "".

    Raises:
        StudioError: If it cannot run.
    """
    worker = Worker(
        _SCRIPT.with_name("check.py"),
        {"package": package},
        python=interpreter(python),
        name=package.upper(),
        start_timeout_s=300.0,
    )
    try:
        worker.wait_until_ready()
    except WorkerFailed as error:
        raise cannot_run(error) from error
    return worker


def checked(worker: Worker, kind: str, path: Path, *, name: str) -> str:
    """What is in a network or body file, in a few words.

    Args:
        worker: From `check_worker`.
        kind: "romp", "bev", "onnx" or "smpl".
        path: The file.
        name: What it should be ("SMPLA_NEUTRAL.pth").

    Raises:
        WorkerFailed: If it is not that.
    """
    message = {"check": kind, "path": str(path.absolute()), "name": name}
    reply, _ = worker.request(message, timeout_s=300.0)
    return str(reply["facts"])


def cannot_run(error: WorkerFailed) -> StudioError:
    """Why a process of ROMP's could not do what it was to, with a way out."""
    what = error.what.replace("RuntimeError: ", "")
    lacks = " has no " in what
    return StudioError(what, fix=SETUP_FIX if lacks else "see docs/guide.md, ROMP")


def interpreter(python: str) -> str | None:
    """The Python to run in; None for the studio's own.

    Raises:
        StudioError: If there is none at that place.
    """
    if not python:
        return None
    path = Path(python).expanduser()
    if not path.is_file():
        raise StudioError("is no Python", path=path, fix="name its bin/python")
    return str(path)


def detections_of(answer: FrameAnswer, size_px: tuple[int, int]) -> FrameDetections:
    """The people that a reply of `romp_net/serve.py` tells of.

    People whose place could not be found (ROMP then says (-1, -1, -1)) or who lie
    behind the camera are left out.
    """
    scores, places_m, joints_m, joints_px, thetas, betas, rest_m, colours = (
        np.asarray(array, np.float64) for array in answer.arrays
    )
    stretch = float(answer.message["stretch"])
    known = np.isfinite(places_m).all(axis=1) & (places_m[:, 2] > 0)
    known &= np.isfinite(joints_px).all(axis=(1, 2))
    joints_px[..., 0] = _stored(joints_px[..., 0], stretch)
    high = np.array(size_px) - 1.0
    people: list[Detection] = []
    for i in np.flatnonzero(known):
        score = float(np.clip(scores[i], 0.0, 1.0))
        points_px = _landmarks(joints_px[i])
        inside = ((points_px >= -0.5) & (points_px <= high + 0.5)).all(axis=1)
        body = SeenBody(
            joints_rad=_single(thetas[i]),
            pelvis_camera_m=_single(joints_m[i, 0] + places_m[i]),
            betas=_single(betas[i]),
            rest_joints_m=_single(rest_m[i]),
        )
        people.append(
            Detection(
                score=score,
                points_px=_single(points_px),
                confidence=_single(np.where(inside, score, 0.0)),
                points_m=_single(
                    _landmarks(joints_m[i]) - joints_m[i, _HIPS].mean(axis=0)
                ),
                box_px=_single(_box(joints_px[i, :24], high)),
                appearance=_single(colours[i]),
                body=body,
            )
        )
    return FrameDetections(frame=answer.frame, detections=tuple(people))


def _landmarks(joints: FloatArray) -> FloatArray:
    """The landmarks out of 71 joints, shape (landmarks, 2 or 3)."""
    names = landmark_set(LANDMARKS).names
    return np.stack([joints[list(_JOINTS[name])].mean(axis=0) for name in names])


def _box(points_px: FloatArray, high_px: FloatArray) -> FloatArray:
    """Box of the body within the picture; empty where it lies outside."""
    corners = np.stack([points_px.min(axis=0), points_px.max(axis=0)])
    return np.clip(corners, 0.0, high_px).reshape(4)


def _stored(shown_px: Any, stretch: float) -> Any:
    """A column of the picture made `stretch` times as wide, in stored pixels."""
    return (shown_px + 0.5) / stretch - 0.5


def _single(values: FloatArray) -> FloatArray:
    return np.asarray(values, np.float32)
