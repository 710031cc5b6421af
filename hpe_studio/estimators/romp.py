"""ROMP: whole SMPL bodies of everybody in a picture (Sun et al. 2021).

The real `simple-romp` in a process of its own, in the studio's Python or in the user's.
Its networks and SMPL files are the user's own: they are never fetched.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.jobs import Progress
from hpe_studio.core.observations import FrameDetections, FrameSource
from hpe_studio.core.specs import EstimatorSpec, Option, validated_options
from hpe_studio.estimators.romp_bodies import (
    COMMON_OPTIONS,
    LANDMARKS,
    detect_bodies,
    romp_camera,
)
from hpe_studio.estimators.romp_bodies import versions as bodies_versions

SPEC = EstimatorSpec(
    id="romp",
    label="ROMP",
    landmark_set=LANDMARKS,
    assets=("romp", "romp_onnx", "romp_smpl"),
    has_bodies=True,
    options=(
        Option(
            name="model",
            kind="choice",
            default="pytorch",
            choices=("pytorch", "onnx"),
            choice_labels=("ROMP.pkl (PyTorch)", "ROMP.onnx"),
            help="ROMP.pkl with PyTorch, or ROMP.onnx with onnxruntime",
        ),
        Option(
            name="center_thresh",
            kind="float",
            default=0.25,
            minimum=0.0,
            maximum=1.0,
            label="Least trust",
            help="Trust in a person below which it is dropped",
        ),
        *COMMON_OPTIONS,
    ),
)


def wanted_assets(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The files that a run with these settings needs."""
    network = "romp_onnx" if settings["model"] == "onnx" else "romp"
    return network, "romp_smpl"


def versions(settings: Mapping[str, Any]) -> Mapping[str, str]:
    """What a run with these settings is made by."""
    is_onnx = settings["model"] == "onnx"
    runtimes = ("onnxruntime", "onnxruntime-gpu") if is_onnx else ()
    return bodies_versions(str(settings["python"]), *runtimes)


def camera(clip: Clip) -> Camera:
    """The camera that ROMP's bodies are meant to be seen through."""
    return romp_camera(clip.size_px, clip.pixel_aspect)


def detect(
    frames: FrameSource,
    *,
    start: int,
    stop: int,
    assets: Mapping[str, Path],
    options: Mapping[str, Any],
    workers: int,
) -> Generator[FrameDetections | Progress]:
    """The people of the frames [start, stop) (see `core.specs.Estimator`).

    Args:
        frames: The clip.
        start: First frame.
        stop: One past the last frame.
        assets: Paths of the model files by asset name.
        options: Settings of `SPEC`.
        workers: Threads of its one process.

    Raises:
        StudioError: If it cannot run.
    """
    values = validated_options(SPEC.options, options)
    network, smpl = wanted_assets(values)
    files = {"network": str(assets[network]), "smpl": str(assets[smpl])}
    settings = {"kind": "romp", "files": files, "threads": workers}
    return detect_bodies(
        frames, start=start, stop=stop, settings=values | settings, name="ROMP"
    )
