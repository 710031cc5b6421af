"""One page: every plug-in there is, as ``"package.module"``, loaded on use.

Adding one = a file with a `SPEC` (see `core.specs`) + a line here.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from hpe_studio.core.specs import Estimator, Format
    from hpe_studio.quality.finding import Detector

ESTIMATORS = {
    "blazepose": "hpe_studio.estimators.blazepose",
    "romp": "hpe_studio.estimators.romp",
    "bev": "hpe_studio.estimators.bev",
}

FORMATS = {
    "bvh": "hpe_studio.formats.bvh",
    "json": "hpe_studio.formats.hpe_json",
    "panoptic": "hpe_studio.formats.panoptic",
    "romp": "hpe_studio.formats.romp_npz",
    "trace": "hpe_studio.formats.trace_npz",
    "phalp": "hpe_studio.formats.phalp",
    "wham": "hpe_studio.formats.wham",
    "gvhmr": "hpe_studio.formats.gvhmr",
    "tram": "hpe_studio.formats.tram",
    "prompthmr": "hpe_studio.formats.prompthmr",
    "amass": "hpe_studio.formats.amass",
    "aist": "hpe_studio.formats.aist",
    "easymocap": "hpe_studio.formats.easymocap_smpl",
    "mtc": "hpe_studio.formats.mtc",
    "openpose": "hpe_studio.formats.openpose",
    "coco": "hpe_studio.formats.coco_keypoints",
    "easymocap_points": "hpe_studio.formats.easymocap_points",
    "mediapipe": "hpe_studio.formats.mediapipe_json",
    "mtc_dataset": "hpe_studio.formats.mtc_dataset",
    "generic": "hpe_studio.formats.generic",
}

DETECTORS = {
    "missing": "hpe_studio.quality.missing",
    "truncated": "hpe_studio.quality.truncated",
    "low_confidence": "hpe_studio.quality.low_confidence",
    "jump": "hpe_studio.quality.jump",
    "flip": "hpe_studio.quality.flip",
    "swap": "hpe_studio.quality.swap",
    "implausible": "hpe_studio.quality.implausible",
    "reprojection": "hpe_studio.quality.reprojection",
    "foot_slide": "hpe_studio.quality.foot_slide",
    "floor": "hpe_studio.quality.floor",
    "collision": "hpe_studio.quality.collision",
    "duplicate": "hpe_studio.quality.duplicate",
    "shape_change": "hpe_studio.quality.shape_change",
}


@cache
def estimator(name: str) -> Estimator:
    """The estimator of that name.

    Raises:
        KeyError: If there is none.
    """
    return cast("Estimator", import_module(ESTIMATORS[name]))


@cache
def motion_format(name: str) -> Format:
    """The file format of that name.

    Raises:
        KeyError: If there is none.
    """
    return cast("Format", import_module(FORMATS[name]))


def written_formats() -> tuple[str, ...]:
    """Names of the file formats that can be written."""
    return tuple(name for name in FORMATS if motion_format(name).SPEC.writes)


@cache
def detector(name: str) -> Detector:
    """The detector of problems of that name.

    Raises:
        KeyError: If there is none.
    """
    return cast("Detector", import_module(DETECTORS[name]))
