"""Calibrations: where the cameras of a rig stand and how they see.

A module that reads one kind of calibration offers ``is_calibration(path)`` (cheap,
never raises) and ``read_cameras(path)``; a line in `READERS` makes it known.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from hpe_studio.core.camera import Camera
from hpe_studio.core.errors import StudioError

READERS = (
    "hpe_studio.formats.calibration_panoptic",
    "hpe_studio.formats.calibration_pose2sim",
    "hpe_studio.formats.calibration_easymocap",
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CalibratedCamera:
    """One camera of a rig.

    Attributes:
        name: As its files call it ("00_16").
        kind: "hd", "vga", "kinect-color", or "" where rigs have one kind only.
        size_px: Width and height of its pictures.
        camera: Lens and place; scene axes (Y up), metres.
    """

    name: str
    kind: str
    size_px: tuple[int, int]
    camera: Camera


class CalibrationReader(Protocol):
    """What a module in `READERS` offers."""

    def is_calibration(self, path: Path) -> bool:
        """Whether the file or folder is of this kind, by a look at its beginning."""
        ...

    def read_cameras(self, path: Path) -> dict[str, CalibratedCamera]:
        """The cameras by name, in the file's order."""
        ...


def read_calibration(path: Path) -> dict[str, CalibratedCamera]:
    """The cameras of a calibration, by name, in the file's order.

    Args:
        path: A calibration file, or a folder where one kind is several files.

    Raises:
        StudioError: If it is not there, of no known kind, or damaged.
    """
    path = Path(path)
    if not path.exists():
        raise StudioError("does not exist", path=path, fix="check the name")
    for name in READERS:
        reader = cast("CalibrationReader", import_module(name))
        if reader.is_calibration(path):
            return reader.read_cameras(path)
    raise StudioError(
        "is no calibration of a known kind",
        path=path,
        fix="choose the calibration file that belongs to the pictures",
    )
