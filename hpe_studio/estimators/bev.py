"""BEV: ROMP's successor for crowds and children (Sun et al. 2022), by `simple-romp`.

Runs like ROMP (see `romp`); its bodies range from SMPL's adults to infants.
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
    id="bev",
    label="BEV",
    landmark_set=LANDMARKS,
    assets=("bev", "bev_ft_agora", "romp_smpla", "romp_smil"),
    has_bodies=True,
    options=(
        Option(
            name="model",
            kind="choice",
            default="bev",
            choices=("bev", "bev_ft_agora"),
            choice_labels=("BEV.pth", "BEV_ft_agora.pth"),
            help="BEV.pth, or BEV_ft_agora.pth, for which a trust of 0.25 suits",
        ),
        Option(
            name="center_thresh",
            kind="float",
            default=0.1,
            minimum=0.0,
            maximum=1.0,
            label="Least trust",
            help="Trust in a person below which it is dropped",
        ),
        Option(
            name="nms_thresh",
            kind="float",
            default=20.0,
            minimum=0.0,
            maximum=1000.0,
            label="Same person within",
            help="Bodies closer in the picture than this are one person",
        ),
        Option(
            name="relative_scale_thresh",
            kind="float",
            default=1.6,
            minimum=1.0,
            maximum=100.0,
            label="Too far off",
            help="Small bodies so many times farther off than the others are dropped",
        ),
        Option(
            name="crowd",
            kind="bool",
            default=False,
            label="Wide pictures part by part",
            help="Look into pictures twice as wide as high part by part",
        ),
        *COMMON_OPTIONS,
    ),
)


def wanted_assets(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The files that a run with these settings needs."""
    return str(settings["model"]), "romp_smpla", "romp_smil"


def versions(settings: Mapping[str, Any]) -> Mapping[str, str]:
    """What a run with these settings is made by."""
    return bodies_versions(str(settings["python"]))


def camera(clip: Clip) -> Camera:
    """The camera that BEV's bodies are meant to be seen through, the same as ROMP's."""
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
    roles = ("network", "smpl", "smil")
    names = wanted_assets(values)
    files = {role: str(assets[n]) for role, n in zip(roles, names, strict=True)}
    return detect_bodies(
        frames,
        start=start,
        stop=stop,
        settings=values | {"kind": "bev", "files": files, "threads": workers},
        name="BEV",
    )
