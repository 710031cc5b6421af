"""What lies in the folder of a CMU Panoptic sequence: names only, nothing is read.

Layouts (spec 2.1): as the toolbox's getData.sh leaves it (tars and flat movies), as its
extractAll.sh does (folders of frames), with VGA movies flat or in KINECTNODE folders,
and any part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from hpe_studio.core.errors import StudioError

Clock = Literal["hd", "vga"]
"""HD frames (29.97 a second) and VGA frames (25) are counted apart."""

COCO19, MPI15 = "coco19", "mpi15"
_POSE_NAMES: Mapping[Clock, tuple[tuple[str, str], ...]] = {
    "hd": (("hdPose3d_stage1_coco19", COCO19), ("hdPose3d_stage1", MPI15)),
    "vga": (("vgaPose3d_stage1_coco19", COCO19), ("vgaPose3d_stage1", MPI15)),
}
_PLACES: tuple[tuple[Clock, str, str], ...] = (
    ("hd", "hdImgs", "hdVideos"),
    ("vga", "vgaImgs", "vgaVideos"),
)
_FACE, _HAND = "hdFace3d", "hdHand3d"
_MOVIE = re.compile(r"^(hd|vga)_(\d\d)_(\d\d)\.(?:mp4|avi|mkv|mov)$")
_IMAGES = re.compile(r"^(\d\d)_(\d\d)$")
_CALIBRATION = re.compile(r"^calibration_(.+)\.json$")
_SEQUENCE = re.compile(r"^\d{6}_\w+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Film:
    """Footage of one camera.

    Attributes:
        camera: Its name in the calibration ("00_16").
        clock: Whose frames its pictures are.
        path: A movie, or a folder of numbered images.
    """

    camera: str
    clock: Clock
    path: Path

    @property
    def is_images(self) -> bool:
        """True for a folder of images, whose numbers are frames of its clock."""
        return not self.path.suffix


@dataclass(frozen=True, kw_only=True, slots=True)
class PanopticFolder:
    """The parts of a sequence that are there.

    Attributes:
        path: The sequence's folder.
        name: The sequence ("160906_band1").
        calibration: The file, or None.
        films: By camera name, HD before VGA, in order.
        poses: Bodies by clock: tar or folder, and their point set.
        face: Tar or folder, or None.
        hands: Tar or folder, or None.
        sync: `synctables_*.json`, or None.
    """

    path: Path
    name: str
    calibration: Path | None
    films: Mapping[str, Film] = field(default_factory=dict[str, Film])
    poses: Mapping[Clock, tuple[Path, str]] = field(
        default_factory=dict[Clock, tuple[Path, str]]
    )
    face: Path | None = None
    hands: Path | None = None
    sync: Path | None = None


def is_sequence(path: Path) -> bool:
    """Whether a folder is laid out as a sequence: a calibration with footage or poses.

    Poses alone are one too, footage alone is not: it opens as what it is.
    """
    if not path.is_dir():
        return False
    try:
        found = _listed(path)
    except OSError:
        return False
    return bool(found.poses) or (found.calibration is not None and bool(found.films))


def panoptic_folder(path: Path) -> PanopticFolder:
    """What there is of a sequence.

    Raises:
        StudioError: If the folder is no sequence, or its calibration is of another.
    """
    try:
        found = _listed(path)
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", path=path, fix="check the name"
        ) from None
    if not found.poses and not found.films and found.calibration is None:
        raise StudioError(
            "holds no Panoptic sequence",
            path=path,
            fix="choose the folder with calibration_*.json, hdVideos and "
            "hdPose3d_stage1_coco19",
        )
    _check_calibration(found)
    return found


def _listed(path: Path) -> PanopticFolder:
    calibrations = {
        match[1]: file
        for file in sorted(path.glob("calibration_*.json"))
        if (match := _CALIBRATION.match(file.name))
    }
    own = path.absolute().name
    name = own if own in calibrations or not calibrations else next(iter(calibrations))
    films = {film.camera: film for film in sorted(_films(path), key=_film_order)}
    return PanopticFolder(
        path=path,
        name=name,
        calibration=calibrations.get(name),
        films=films,
        poses=_poses(path),
        face=_tar_or_folder(path, _FACE),
        hands=_tar_or_folder(path, _HAND),
        sync=next(iter(sorted(path.glob("synctables_*.json"))), None),
    )


def _poses(path: Path) -> dict[Clock, tuple[Path, str]]:
    found: dict[Clock, tuple[Path, str]] = {}
    for clock, names in _POSE_NAMES.items():
        for name, points in names:
            place = _tar_or_folder(path, name)
            if place is not None:
                found[clock] = (place, points)
                break
    return found


def _tar_or_folder(path: Path, name: str) -> Path | None:
    """The extracted folder, else the tar."""
    for place in (path / name, path / f"{name}.tar"):
        if place.is_dir() or place.is_file():
            return place
    return None


def _films(path: Path) -> Iterator[Film]:
    """Footage in any of the toolbox's places; movies win over extracted images."""
    for clock, images, movies in _PLACES:
        for folder in _folders(path / images):
            match = _IMAGES.match(folder.name)
            if match is not None:
                yield Film(camera=folder.name, clock=clock, path=folder)
        places = [path / movies, *_folders(path / movies), path]
        for place in places:
            for file in sorted(place.glob(f"{clock}_*")) if place.is_dir() else ():
                match = _MOVIE.match(file.name)
                if match is not None and file.is_file():
                    camera = f"{match[2]}_{match[3]}"
                    yield Film(camera=camera, clock=clock, path=file)


def _folders(path: Path) -> list[Path]:
    if not path.is_dir():
        return []
    return sorted(entry for entry in path.iterdir() if entry.is_dir())


def _film_order(film: Film) -> tuple[bool, str, bool]:
    return film.clock != "hd", film.camera, not film.is_images


def _check_calibration(found: PanopticFolder) -> None:
    own = found.path.absolute().name
    if found.calibration is None or found.name == own or not _SEQUENCE.match(own):
        return
    raise StudioError(
        f"is the calibration of {found.name}, not of {own}",
        path=found.calibration,
        fix=f"put calibration_{own}.json in its place",
    )
