"""Calibration of CMU Panoptic's dome, and of whatever is laid out like it.

Source: the toolbox's demo code for the fields; spec 2.2 to 2.4. World of the file:
centimetres, Y down, origin on the dome's floor; ours: metres, Y up. Hence
``X_scene = diag(1, -1, -1) X / 100`` and ``x_camera = R X + t`` becomes
``[R diag(1, -1, -1) | t / 100]``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.formats.calibration import CalibratedCamera

CM_PER_M = 100.0
_MAX_BYTES = 64 * 2**20
_MAX_SIDE_PX = 65_536
_ORTHONORMAL_WITHIN = 1e-2
_FIX = "fetch the sequence's calibration again"


class _Camera(msgspec.Struct, frozen=True, kw_only=True):
    """One camera as the file spells it."""

    name: str
    resolution: list[int]
    K: list[list[float]]
    R: list[list[float]]
    t: list[list[float] | float]
    distCoef: list[float] = []  # noqa: N815  (the file's own word)
    type: str = ""
    panel: int = 0
    node: int = 0


class _File(msgspec.Struct, frozen=True, kw_only=True):
    cameras: list[_Camera]
    calibDataSource: str = ""  # noqa: N815  (the file's own word)


def is_calibration(path: Path) -> bool:
    """Whether the beginning of a file looks like a Panoptic calibration."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(2048)
    except OSError:
        return False
    return b'"cameras"' in head and (b'"K"' in head or b'"type"' in head)


def read_cameras(path: Path) -> dict[str, CalibratedCamera]:
    """The cameras of a Panoptic calibration, by name, in the file's order.

    Raises:
        StudioError: If the file cannot be read, is cut off or says the impossible.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise StudioError("is too large for a calibration", path=path, fix=_FIX)
        data = path.read_bytes()
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", path=path, fix="check it"
        ) from None
    return cameras_of(data, path=path)


def cameras_of(data: bytes, *, path: Path) -> dict[str, CalibratedCamera]:
    """The cameras in the bytes of a calibration (`path` for the error only).

    Raises:
        StudioError: If the bytes are cut off or say the impossible.
    """
    try:
        content = msgspec.json.decode(data, type=_File)
        cameras = {c.name: _camera(c) for c in content.cameras}
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise StudioError(
            f"is no whole calibration: {error}", path=path, fix=_FIX
        ) from None
    if not cameras:
        raise StudioError("holds no cameras", path=path, fix=_FIX)
    return cameras


def write_cameras(
    cameras: Iterable[CalibratedCamera], path: Path, *, source: str = ""
) -> None:
    """Write a calibration that the toolbox and all that read it understand.

    Args:
        cameras: Cameras that stand still; names "00_16" give panel and node.
        path: Goal; replaced only by the complete file.
        source: `calibDataSource`, where the calibration comes from.

    Raises:
        StudioError: If it cannot be written.
        ValueError: If a camera moves.
    """
    content = _File(calibDataSource=source, cameras=[_as_file(c) for c in cameras])
    write_replacing(path, msgspec.json.encode(content))


def _camera(raw: _Camera) -> CalibratedCamera:
    rotation = _array(raw.R, (3, 3), f"R of camera {raw.name}")
    if np.abs(rotation @ rotation.T - np.eye(3)).max() > _ORTHONORMAL_WITHIN:
        raise ValueError(f"R of camera {raw.name} is no rotation")
    place = np.array(raw.t, dtype=np.float64).reshape(-1)
    place = _array(place, (3,), f"t of camera {raw.name}")
    lens = _array(raw.K, (3, 3), f"K of camera {raw.name}")
    if lens[0, 0] <= 0 or lens[1, 1] <= 0:
        raise ValueError(f"K of camera {raw.name} has no focal length")
    size = raw.resolution
    if len(size) != 2 or not all(0 < n <= _MAX_SIDE_PX for n in size):
        raise ValueError(f"resolution of camera {raw.name} is impossible")
    camera = Camera(
        intrinsics=lens,
        distortion=_distortion(raw),
        camera_from_scene=np.hstack([rotation @ FLIP_YZ, place[:, None] / CM_PER_M]),
        source="calibration",
    )
    return CalibratedCamera(
        name=raw.name, kind=raw.type, size_px=(size[0], size[1]), camera=camera
    )


def _distortion(raw: _Camera) -> FloatArray:
    """k1, k2, p1, p2, k3; fewer are padded, more are refused unless they are 0."""
    given = np.array(raw.distCoef, dtype=np.float64)
    if np.any(given[5:] != 0):
        raise ValueError(f"distCoef of camera {raw.name} has more than 5 coefficients")
    out = np.zeros(5)
    out[: min(5, len(given))] = given[:5]
    return _array(out, (5,), f"distCoef of camera {raw.name}")


def _array(values: object, shape: tuple[int, ...], what: str) -> FloatArray:
    array = np.array(values, dtype=np.float64)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"{what} is not {' x '.join(map(str, shape))} numbers")
    return array


def _as_file(camera: CalibratedCamera) -> _Camera:
    pose = camera.camera.camera_from_scene
    if pose.ndim != 2:
        raise ValueError(f"camera {camera.name} moves")
    panel, _, node = camera.name.partition("_")
    numbered = panel.isdigit() and node.isdigit()
    return _Camera(
        name=camera.name,
        type=camera.kind or "hd",
        resolution=list(camera.size_px),
        panel=int(panel) if numbered else 0,
        node=int(node) if numbered else 0,
        K=camera.camera.intrinsics.tolist(),
        distCoef=camera.camera.distortion.tolist(),
        R=(pose[:, :3] @ FLIP_YZ).tolist(),
        t=(pose[:, 3:] * CM_PER_M).tolist(),
    )
