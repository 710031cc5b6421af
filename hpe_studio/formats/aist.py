"""AIST++: dances as SMPL in a pickle, 60 fps, Y up.

Source: AIST++ API `loader.py`, `demos/run_vis.py` (translation is divided by scaling).
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.specs import FormatSpec
from hpe_studio.core.unpickle import read_pickle
from hpe_studio.formats.result_names import names_in
from hpe_studio.formats.smpl_options import (
    BODY_OPTION,
    FPS_OPTION,
    body_path_of,
    rate_of,
)
from hpe_studio.formats.smpl_results import RestJoints, numbers
from hpe_studio.formats.smpl_scene import (
    Notes,
    assembled,
    dictionary,
    person_rows,
    reading,
)

SPEC = FormatSpec(
    id="aist",
    label="AIST++ dances",
    extensions=(".pkl",),
    reads=True,
    writes=False,
    read_options=(FPS_OPTION, BODY_OPTION),
)

_RATE = Fraction(60)


def sniff(path: Path, head: bytes) -> float:
    """Certain where AIST++'s keys are in the pickle."""
    names = names_in(path, head)
    if {"smpl_poses", "smpl_trans"} <= names:
        return 0.95 if "smpl_scaling" in names else 0.6
    return 0.0


def read(path: Path, *, fps: str = "", body: str = "") -> MotionFile:
    """The dancer in a file of AIST++.

    Raises:
        StudioError: If it is none, damaged or hostile.
    """
    content = read_pickle(path)
    return reading(path, "AIST++", lambda: _read(path, dictionary(content), fps, body))


def _read(path: Path, content: dict[Any, Any], fps: str, body: str) -> MotionFile:
    notes = Notes()
    rate, _ = rate_of(fps, default=_RATE)
    if not fps:
        notes.assume("AIST++ is filmed at 60 fps")
    scale = float(np.asarray(content.get("smpl_scaling", 1.0)).reshape(-1)[0])
    if not 1e-6 < scale < 1e6:
        raise ValueError(f"smpl_scaling is {scale}")
    pose = numbers(content["smpl_poses"], 24, 3, name="smpl_poses")
    rest = RestJoints(joint_count=24, body_path=body_path_of(body))
    notes.assume(*rest.assumed)
    person = person_rows(
        path.stem,
        np.arange(len(pose)),
        pose,
        numbers(content["smpl_trans"], 3, name="smpl_trans") / scale,
        np.zeros((1, 10)),
        rest,
        turn=np.eye(3),
        body="smpl",
        person_id="1",
    )
    return assembled(path, "aist", [person], rate=rate, notes=notes)
