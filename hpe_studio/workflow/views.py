"""Footage of several cameras at once: opening it, and whose calibration is whose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.core.view import View
from hpe_studio.edits.views import NewView, add_views, view_numbers
from hpe_studio.formats.calibration import CalibratedCamera
from hpe_studio.workflow.films import open_film

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage

_ASPECT_SLACK = 0.01
_FILM_WORDS = re.compile(r"^(hd|vga|cam|camera|view)[_-]?(?=\d)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ViewPlan:
    """A view that a person is about to add.

    Attributes:
        clip: Its footage.
        name: What it will be called.
        camera_name: Which camera of the calibration filmed it, or "".
        offset_frames: As in `core.view.View`.
    """

    clip: Clip
    name: str
    camera_name: str = ""
    offset_frames: int = 0


def read_clips(paths: Sequence[Path], clip: Clip) -> Job[tuple[Clip, ...]]:
    """What several films or folders of images are.

    Args:
        paths: Movies and folders.
        clip: The document's own; folders of images play at its rate.

    Raises:
        StudioError: If one cannot be read, or is the document's own.
    """
    found: list[Clip] = []
    for number, path in enumerate(paths):
        text = f"Reading {path.name}"
        yield Progress(done=number, total=len(paths), text=text)
        if clip.path is not None and path.absolute() == clip.path.absolute():
            raise StudioError(
                "is the clip of this project already",
                path=path,
                fix="choose footage of the other cameras",
            )
        footage = open_film(path, fps=clip.fps)
        footage.close()
        found.append(replace(footage.clip, path=path.absolute()))
    return tuple(found)


def name_of_film(path: Path) -> str:
    """What a camera is called after its file: "00_16" of hd_00_16.mp4."""
    stem = path.name if path.is_dir() else path.stem
    short = _FILM_WORDS.sub("", stem)
    return short if "_" in short else stem


def matched_cameras(films: Sequence[Path], cameras: Sequence[str]) -> tuple[str, ...]:
    """Which camera of a calibration filmed each film, "" where none is told.

    By names first ("hd_00_16.mp4" is of "00_16"), as they are written or as they are
    spoken ("cam01.mp4" is of "cam_01"); where no name is in any, and there are as many
    of both, in order.
    """
    by_length = sorted(cameras, key=len, reverse=True)
    found = [_named_in(film, by_length) or _spoken(film, cameras) for film in films]
    if any(found) or len(films) != len(cameras):
        return tuple(found)
    order = sorted(range(len(films)), key=lambda i: _natural(films[i].name))
    for camera, i in zip(cameras, order, strict=True):
        found[i] = camera
    return tuple(found)


def calibration_beside(path: Path) -> Path | None:
    """The one calibration file that lies beside footage or above it, if any does."""
    for folder in (path.parent, path.parent.parent):
        found = sorted(folder.glob("calibration*.json"))
        if len(found) == 1:
            return found[0]
    return None


def camera_for(calibrated: CalibratedCamera, clip: Clip) -> Camera:
    """A calibrated camera for footage that may have been scaled since.

    Raises:
        StudioError: If the footage has another shape than the calibrated pictures.
    """
    wide, high = calibrated.size_px
    share_x, share_y = clip.size_px[0] / wide, clip.size_px[1] / high
    if abs(share_x * clip.pixel_aspect / share_y - 1) > _ASPECT_SLACK:
        shown = f"{clip.size_px[0]} x {clip.size_px[1]}"
        raise StudioError(
            f"is calibrated for pictures of {wide} x {high} pixels, not {shown}",
            path=clip.path,
            fix="choose the camera that filmed it, or the uncropped footage",
        )
    if share_x == share_y == 1:
        return calibrated.camera
    k = calibrated.camera.intrinsics.copy()
    # Centres of pixels are whole numbers: what is scaled starts half a pixel before.
    k[0] *= share_x
    k[1] *= share_y
    k[:2, 2] += (share_x / 2 - 0.5, share_y / 2 - 0.5)
    return replace(calibrated.camera, intrinsics=k)


def add_planned(
    edit: Edit,
    document: Document,
    plans: Sequence[ViewPlan],
    cameras: Mapping[str, CalibratedCamera],
    *,
    clip_camera: str = "",
) -> tuple[View, ...]:
    """Add views as planned, calibrated where their cameras are told.

    Args:
        edit: The open edit.
        document: Where to.
        plans: What is added.
        cameras: The calibration; empty for none.
        clip_camera: Which camera filmed the document's own clip, or "".

    Raises:
        StudioError: If a camera does not fit its footage, or a name is taken.
    """
    own = cameras.get(clip_camera)
    new = [
        NewView(
            name=plan.name,
            clip=plan.clip,
            camera=camera_for(cameras[plan.camera_name], plan.clip)
            if plan.camera_name in cameras
            else None,
            offset_frames=plan.offset_frames,
        )
        for plan in plans
    ]
    return add_views(
        edit,
        document,
        new,
        clip_camera=None if own is None else camera_for(own, document.clip),
        clip_name="" if own is None else own.name,
    )


def free_name(document: Document, name: str, taken: Sequence[str] = ()) -> str:
    """The name, with a number where a view has it already."""
    used = {document.view_name(number) for number in view_numbers(document)} | {*taken}
    tries = (name if n == 1 else f"{name} ({n})" for n in range(1, len(used) + 2))
    return next(one for one in tries if one not in used)


def open_view(view: View, project_path: Path) -> Footage:
    """The footage of a view, where it was or beside the project.

    Raises:
        StudioError: If it is not at hand.
    """
    clip = view.clip
    if clip.path is None:
        raise StudioError(f"the view {view.name} has no footage")
    beside = project_path.absolute().parent / clip.path.name
    for candidate in dict.fromkeys((clip.path, beside)):
        if candidate.exists():
            footage = open_film(candidate, fps=clip.fps)
            if footage.clip.fingerprint == clip.fingerprint:
                return footage
            footage.close()
    raise StudioError(
        f"the footage of the view {view.name} is not there any more",
        path=clip.path,
        fix="put it back, or remove the view and add it again",
    )


def _named_in(film: Path, by_length: Sequence[str]) -> str:
    text = film.name if film.is_dir() else film.stem
    for name in by_length:
        edge = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])"
        spot = re.search(edge.format(re.escape(name)), text.replace("hd_", " "))
        if spot or name.casefold() == text.casefold():
            return name
    return ""


def _spoken(film: Path, cameras: Sequence[str]) -> str:
    """The one camera of the film's name, whatever case, zeros and what parts words."""
    text = film.name if film.is_dir() else film.stem
    alike = [name for name in cameras if _words(name) == _words(text)]
    return alike[0] if len(alike) == 1 and _words(text) else ""


def _words(name: str) -> list[str]:
    """Words and numbers of a name: ["cam", "1"] of "Cam_01" and of "cam01"."""
    parts = re.findall(r"\d+|[^\W\d_]+", name.casefold())
    return [str(int(part)) if part.isdecimal() else part for part in parts]


def _natural(text: str) -> list[tuple[int, str]]:
    parts = re.findall(r"\d+|\D+", text)
    return [(int(p), "") if p.isdigit() else (-1, p) for p in parts]
