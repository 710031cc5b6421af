"""Synchronous views: adding, naming, shifting, removing, and which one is the main."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.tables import Setting, ShotCamera
from hpe_studio.core.view import View

MAIN_VIEW, CLIP_NAME = "main_view", "clip_view_name"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class NewView:
    """A view on its way into a document.

    Attributes:
        name: What people call its camera.
        clip: Its footage.
        camera: Lens and place in the calibration's scene; None where nobody knows.
        offset_frames: As in `View`.
    """

    name: str
    clip: Clip
    camera: Camera | None = None
    offset_frames: int = 0


def main_view(document: Document) -> int:
    """The view a project is looked at and edited in first; 0 for the clip itself."""
    number = document.setting(MAIN_VIEW, 0)
    return number if number in document.views else 0


def view_numbers(document: Document) -> tuple[int, ...]:
    """All views in order, the clip (0) first."""
    return (0, *document.views)


def add_views(
    edit: Edit,
    document: Document,
    views: Sequence[NewView],
    *,
    clip_camera: Camera | None = None,
    clip_name: str = "",
) -> tuple[View, ...]:
    """Add footage of other cameras, with their places.

    A document without motion takes the calibration's scene over. One that has motion
    keeps its scene: the others are placed around the clip's camera as it stands there.

    Args:
        edit: The open edit.
        document: Where to.
        views: What is added, in order.
        clip_camera: The clip's own camera in the calibration's scene, if known.
        clip_name: What people call the clip's camera; "" leaves it.

    Returns:
        The views with their numbers.

    Raises:
        StudioError: If two views would have the same name.
    """
    if clip_name:
        edit.put(Setting(name=CLIP_NAME, value=clip_name))
    has_motion = bool(document.tracks)
    if clip_camera is not None and not has_motion:
        put_camera(edit, document, 0, clip_camera)
    added: list[View] = []
    for number, new in enumerate(views, max(document.views, default=0) + 1):
        _check_name(document, new.name)
        view = View(
            number=number,
            name=new.name,
            clip=new.clip,
            offset_frames=new.offset_frames,
        )
        edit.put(view)
        if new.camera is not None:
            around = clip_camera if has_motion else None
            put_camera(edit, document, number, new.camera, around=around)
        added.append(view)
    return tuple(added)


def put_camera(
    edit: Edit,
    document: Document,
    number: int,
    camera: Camera,
    *,
    around: Camera | None = None,
) -> None:
    """Give a view its camera over the whole clip.

    Args:
        edit: The open edit.
        document: Where the view is.
        number: The view.
        camera: Lens and place.
        around: The clip's camera in the same scene as `camera`, where the document's
            scene is another one; the camera then stands to the clip's as it does to
            this one.
    """
    for shot_id in [shot.id for shot in document.shots or ()] or [0]:
        placed = camera
        if around is not None:
            stored = document.table("cameras").get((shot_id, 0))
            shot = next((s for s in document.shots or () if s.id == shot_id), None)
            start = 0 if shot is None else shot.start
            own = document.camera_at(start) if stored is None else stored.camera
            placed = replace(camera, camera_from_scene=_beside(camera, around, own))
        edit.put(ShotCamera(shot_id=shot_id, camera=placed, view=number))


def remove_view(edit: Edit, document: Document, number: int) -> None:
    """Take a view away with its cameras; its files stay where they are.

    Raises:
        StudioError: If there is no such view, or it is the clip itself.
    """
    view = _view(document, number)
    stored = cast("list[ShotCamera]", list(document.table("cameras").values()))
    for camera in stored:
        if camera.view == number:
            edit.remove(camera)
    if main_view(document) == number:
        edit.put(Setting(name=MAIN_VIEW, value=0))
    edit.remove(view)


def rename_view(edit: Edit, document: Document, number: int, name: str) -> None:
    """Call a view's camera otherwise.

    Raises:
        StudioError: If the name is empty or another view has it.
    """
    name = name.strip()
    if not name:
        raise StudioError("a view needs a name", fix='type one, such as "00_16"')
    if name == document.view_name(number):
        return
    _check_name(document, name)
    if number == 0:
        edit.put(Setting(name=CLIP_NAME, value=name))
    else:
        edit.put(replace(_view(document, number), name=name))


def shift_view(edit: Edit, document: Document, number: int, by_frames: int) -> None:
    """Let a view run so many frames further ahead of the clip.

    Raises:
        StudioError: If there is no such view, or it is the clip itself.
    """
    view = _view(document, number)
    edit.put(replace(view, offset_frames=view.offset_frames + by_frames))


def make_main(edit: Edit, document: Document, number: int) -> None:
    """Let a project be looked at and edited in this view first.

    Scene, people and frames stay as they are: frames are those of the clip.
    """
    if number:
        _view(document, number)
    edit.put(Setting(name=MAIN_VIEW, value=number))


def _view(document: Document, number: int) -> View:
    view = document.views.get(number)
    if view is None:
        what = "the clip itself is no view beside it" if number == 0 else "no such view"
        raise StudioError(what, fix="choose one of the other views")
    return view


def _check_name(document: Document, name: str) -> None:
    if name in {document.view_name(number) for number in view_numbers(document)}:
        raise StudioError(
            f"there is a view called {name} already",
            fix="give it another name, or remove that one first",
        )


def _beside(camera: Camera, around: Camera, own: Camera) -> FloatArray:
    """Where a camera stands that stands to `own` as `camera` does to `around`.

    Returns:
        camera_from_scene, shape (3, 4), or (frames, 3, 4) where `own` moves.
    """
    pose, base = camera.pose(), around.pose()
    turn = pose[:, :3] @ base[:, :3].T
    shift_m = pose[:, 3] - turn @ base[:, 3]
    placed = turn @ own.camera_from_scene
    return placed + np.concatenate([np.zeros((3, 3)), shift_m[:, None]], axis=1)
