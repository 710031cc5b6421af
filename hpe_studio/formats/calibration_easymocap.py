"""Calibrations of EasyMocap: intri.yml and extri.yml of OpenCV's FileStorage.

``names`` lists the cameras; `K_<name>`, `dist_<name>` (k1, k2, p1, p2, k3) and
perhaps `H_<name>`, `W_<name>` are the lenses; `Rot_<name>` or `R_<name>` (Rodrigues)
and `T_<name>` (metres) lead from world to camera. The world's Z points up, ours is Y.
Source: EasyMocap's documentation and camera utilities (spec 7.2).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.formats.calibration import CalibratedCamera
from hpe_studio.formats.calibration_pose2sim import Z_UP_FROM_SCENE
from hpe_studio.motion.rotations import matrix_from_rotvec

_LENSES, _PLACES = "intri.yml", "extri.yml"
_MAX_BYTES = 4 * 2**20
_DEFAULT_PX = (1920, 1080)
_FIX = "choose the folder with EasyMocap's intri.yml and extri.yml"


def is_calibration(path: Path) -> bool:
    """Whether it is a folder with both files, or one of them."""
    folder = _folder(path)
    return (folder / _LENSES).is_file() and (folder / _PLACES).is_file()


def read_cameras(path: Path) -> dict[str, CalibratedCamera]:
    """The cameras by name, in the file's order.

    Where the files do not say how large pictures are, the lens's middle tells.

    Raises:
        StudioError: If a file is damaged or lacks a camera.
    """
    folder = _folder(path)
    lenses, places = _Storage(folder / _LENSES), _Storage(folder / _PLACES)
    names = lenses.names()
    if not names:
        raise StudioError("holds no cameras", path=lenses.path, fix=_FIX)
    return {name: _camera(name, lenses, places) for name in names}


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent if path.suffix == ".yml" else path


class _Storage:
    """A file of OpenCV's FileStorage."""

    def __init__(self, path: Path) -> None:
        import cv2

        self.path = path
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise StudioError("is too large for a calibration", path=path, fix=_FIX)
            text = path.read_text(encoding="utf-8")
            flags = cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY
            self._storage: Any = cv2.FileStorage(text, flags)
        except OSError as error:
            raise StudioError(
                f"cannot be read ({error.strerror})", path=path, fix="check it"
            ) from None
        except (cv2.error, UnicodeDecodeError, SystemError):
            raise StudioError(
                "is no calibration of EasyMocap", path=path, fix=_FIX
            ) from None

    def names(self) -> list[str]:
        node = self._storage.getNode("names")
        return [str(node.at(i).string()) for i in range(node.size())]

    def numbers(self, name: str, shape: tuple[int, ...]) -> FloatArray | None:
        """An array of that shape (a column or a row alike), None where it is not."""
        node = self._storage.getNode(name)
        if node.empty():
            return None
        found = node.mat() if node.isMap() else node.real()
        array = np.asarray(found, dtype=np.float64)
        if array.size != np.prod(shape) or not np.isfinite(array).all():
            raise StudioError(f"has a damaged {name}", path=self.path, fix=_FIX)
        return array.reshape(shape)

    def needed(self, name: str, shape: tuple[int, ...]) -> FloatArray:
        found = self.numbers(name, shape)
        if found is None:
            raise StudioError(f"has no {name}", path=self.path, fix=_FIX)
        return found


def _camera(name: str, lenses: _Storage, places: _Storage) -> CalibratedCamera:
    rotation = places.numbers(f"Rot_{name}", (3, 3))
    if rotation is None:
        rotation = matrix_from_rotvec(places.needed(f"R_{name}", (3,)))
    intrinsics = lenses.needed(f"K_{name}", (3, 3))
    distortion = lenses.numbers(f"dist_{name}", (5,))
    move = places.needed(f"T_{name}", (3,))
    return CalibratedCamera(
        name=name,
        kind="",
        size_px=_size_px(name, lenses, intrinsics),
        camera=Camera(
            intrinsics=intrinsics,
            distortion=np.zeros(5) if distortion is None else distortion,
            camera_from_scene=np.hstack([rotation @ Z_UP_FROM_SCENE, move[:, None]]),
            source="calibration",
        ),
    )


def _size_px(name: str, lenses: _Storage, intrinsics: FloatArray) -> tuple[int, int]:
    wide, high = lenses.numbers(f"W_{name}", ()), lenses.numbers(f"H_{name}", ())
    if wide is not None and high is not None:
        return int(wide), int(high)
    guess = 2 * intrinsics[:2, 2]
    return _DEFAULT_PX if not (guess > 0).all() else (round(guess[0]), round(guess[1]))
