"""Calibrations of Pose2Sim: a TOML file with a table per camera.

Fields as Pose2Sim writes them: `size`, `matrix`, `distortions` (k1, k2, p1, p2 and
perhaps k3), `rotation` (Rodrigues vector) and `translation` (metres) from world to
camera; the world's Z points up, ours is Y. Source: pose2sim's calibration module.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.formats.calibration import CalibratedCamera
from hpe_studio.motion.rotations import matrix_from_rotvec

Z_UP_FROM_SCENE = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""Turns our scene's axes (Y up) to a world whose Z points up."""

_MAX_BYTES = 4 * 2**20
_FIX = "choose the .toml file that Pose2Sim's calibration wrote"


def is_calibration(path: Path) -> bool:
    """Whether it is a TOML file with cameras."""
    if path.suffix.lower() != ".toml" or not path.is_file():
        return False
    try:
        head = path.read_bytes()[:65536]
    except OSError:
        return False
    return b"matrix" in head and b"translation" in head


def read_cameras(path: Path) -> dict[str, CalibratedCamera]:
    """The cameras by name, in the file's order.

    Raises:
        StudioError: If the file is damaged, or a camera is of a kind not known here.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise StudioError("is too large for a calibration", path=path, fix=_FIX)
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", path=path, fix="check it"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudioError(f"is no TOML: {error}", path=path, fix=_FIX) from None
    tables = {k: v for k, v in content.items() if _is_camera(v)}
    if not tables:
        raise StudioError("holds no cameras", path=path, fix=_FIX)
    try:
        return {str(t.get("name", k)): _camera(str(k), t) for k, t in tables.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise StudioError(
            f"is no whole calibration: {error}", path=path, fix=_FIX
        ) from None


def _is_camera(table: Any) -> bool:
    return isinstance(table, dict) and "matrix" in table and "rotation" in table


def _camera(key: str, table: dict[str, Any]) -> CalibratedCamera:
    if table.get("fisheye"):
        raise ValueError(f"{key} has a fisheye lens, which is not known here")
    size = _numbers(table["size"], (2,))
    distortion = np.zeros(5)
    given = np.asarray(table.get("distortions", []), dtype=np.float64).ravel()
    if len(given) > len(distortion):
        raise ValueError(f"{key} has {len(given)} lens coefficients")
    distortion[: len(given)] = given
    rotation = matrix_from_rotvec(_numbers(table["rotation"], (3,)))
    pose = np.hstack(
        [rotation @ Z_UP_FROM_SCENE, _numbers(table["translation"], (3,))[:, None]]
    )
    return CalibratedCamera(
        name=str(table.get("name", key)),
        kind="",
        size_px=(int(size[0]), int(size[1])),
        camera=Camera(
            intrinsics=_numbers(table["matrix"], (3, 3)),
            distortion=distortion,
            camera_from_scene=pose,
            source="calibration",
        ),
    )


def _numbers(values: Any, shape: tuple[int, ...]) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"{shape} finite numbers are expected")
    return array
