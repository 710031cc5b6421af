"""A file or folder of every format that is read, small, with people who move."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hpe_studio.core.camera import default_camera
from hpe_studio.formats import bvh, hpe_json
from tests.drive_import import keypoints
from tests.panoptic_made import made_sequence

from . import test_results_damaged as results
from .made_motion import made
from .made_results import write_amass
from .scenes import motion, person
from .test_mtc_dataset import put, samples
from .test_points_json import coco_file, mark
from .walkers import walkers_m

FRAMES = 4
SIZE_PX = (320, 240)


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeFile:
    """What is written, and what it holds.

    Attributes:
        write: Writes it into a folder.
        people: How many are in it.
        start, stop: Frames on which they are, half open.
    """

    write: Callable[[Path], Path]
    people: int = 1
    start: int = 0
    stop: int = FRAMES


def _bvh(folder: Path) -> Path:
    bvh.write(motion(person(frames=FRAMES)), folder / "walk.bvh")
    return folder / "walk.bvh"


def _json(folder: Path) -> Path:
    hpe_json.write(motion(person(frames=FRAMES)), folder / "walk.json")
    return folder / "walk.json"


def _easymocap_points(folder: Path) -> Path:
    places = walkers_m("body25", frames=FRAMES)[0]
    (folder / "keypoints3d").mkdir()
    for frame, points in enumerate(places):
        people = [{"id": 0, "keypoints3d": np.c_[points, np.ones(25)].tolist()}]
        goal = folder / "keypoints3d" / f"{frame:06d}.json"
        goal.write_text(json.dumps(people))
    return folder / "keypoints3d"


def _mediapipe(folder: Path) -> Path:
    places = walkers_m("mediapipe33", frames=FRAMES)[0] - [0, 0.9, 3.5]
    shares = default_camera(SIZE_PX).project(places) / np.array(SIZE_PX)
    frames = [
        {"pose_landmarks": [mark(np.array([*point, 0.0, 0.9])) for point in row]}
        for row in np.nan_to_num(shares)
    ]
    about = {"width": SIZE_PX[0], "height": SIZE_PX[1], "frames": frames}
    (folder / "marks.json").write_text(json.dumps(about))
    return folder / "marks.json"


def _amass(folder: Path) -> Path:
    """At 120 frames per second: enough for some frames of a clip."""
    person = made(frames=4 * FRAMES, joints=55, seed=2)
    return write_amass(folder / "a.npz", person, spelling="mocap_framerate")


def _generic(folder: Path) -> Path:
    np.savez(folder / "a.npz", joints3d=walkers_m("h36m17", frames=FRAMES)[0])
    return folder / "a.npz"


def _folder_of(name: str) -> Callable[[Path], Path]:
    return lambda folder: results.MAKERS[name](folder).parent


EVERY = {
    **{
        name: MadeFile(write=write)
        for name, write in results.MAKERS.items()
        if name not in ("amass", "easymocap", "mtc", "tram")
    },
    "amass": MadeFile(write=_amass, stop=4 * FRAMES),
    "easymocap": MadeFile(write=_folder_of("easymocap")),
    "mtc": MadeFile(write=_folder_of("mtc")),
    "tram": MadeFile(write=lambda folder: _folder_of("tram")(folder).parent),
    "bvh": MadeFile(write=_bvh),
    "json": MadeFile(write=_json),
    "panoptic": MadeFile(
        write=lambda folder: made_sequence(folder, frames=FRAMES, movies=False)[0],
        start=3,
        stop=3 + FRAMES,
    ),
    "openpose": MadeFile(write=lambda folder: keypoints(folder, range(FRAMES))),
    "coco": MadeFile(
        write=lambda folder: coco_file(folder / "a.json")[0], people=2, start=3, stop=7
    ),
    "easymocap_points": MadeFile(write=_easymocap_points),
    "mediapipe": MadeFile(write=_mediapipe),
    "mtc_dataset": MadeFile(
        write=lambda folder: put(
            folder / "annotation.pkl", {"training_data": samples()[0]}
        ),
        start=2975,
        stop=2981,
    ),
    "generic": MadeFile(write=_generic),
}
"""By name in the catalogue."""
