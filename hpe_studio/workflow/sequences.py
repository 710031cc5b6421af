"""CMU Panoptic sequences as projects: one film is the clip, the others are views.

Opening is in two steps, so that the first picture comes at once: `open_sequence` makes
the project of one film with its calibrated camera; `complete_job` then looks at the
other films and reads the truth, and `complete` puts both into the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from hpe_studio.core.clip import Clip, Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress, run_job
from hpe_studio.core.tables import Setting
from hpe_studio.core.truth import Truth
from hpe_studio.edits.views import NewView, add_views
from hpe_studio.formats.calibration import CalibratedCamera
from hpe_studio.formats.panoptic import calibrated_cameras, read_truth
from hpe_studio.formats.panoptic_folder import (
    Film,
    PanopticFolder,
    is_sequence,
    panoptic_folder,
)
from hpe_studio.formats.panoptic_frames import HD_FPS, VGA_FPS
from hpe_studio.media.footage import Footage
from hpe_studio.storage.project import Project, create_project
from hpe_studio.workflow.films import open_film
from hpe_studio.workflow.opening import Opened, open_saved
from hpe_studio.workflow.project_files import project_for, set_aside
from hpe_studio.workflow.sequence_timing import SequenceTimes, numbers_of, view_offset
from hpe_studio.workflow.sequence_truth import truths_on_clip
from hpe_studio.workflow.views import camera_for

FOLDER, CAMERA, COMPLETE = "sequence_folder", "sequence_camera", "sequence_complete"
"""Settings of a project made from a sequence: its folder, the camera of its clip, and
whether views and truth are in it."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SequenceParts:
    """What is to be put beside the clip of a sequence.

    Attributes:
        views: The other films.
        truths: Everybody's true points.
        notes: Sentences a person should know.
    """

    views: tuple[NewView, ...]
    truths: tuple[Truth, ...]
    notes: tuple[str, ...] = ()


def is_filmed_sequence(path: Path) -> bool:
    """Whether a path is a sequence's folder with footage in it."""
    if not is_sequence(path):
        return False
    try:
        return bool(panoptic_folder(path).films)
    except StudioError:
        return True  # opening says what is wrong


def main_film(found: PanopticFolder, camera: str = "") -> Film:
    """The film that becomes the clip: the one named, else the first (HD before VGA).

    Raises:
        StudioError: If there is no such film.
    """
    if not camera:
        return next(iter(found.films.values()))
    if camera in found.films:
        return found.films[camera]
    raise StudioError(
        f"has no footage of camera {camera}",
        path=found.path,
        fix=f"choose one of {', '.join(list(found.films)[:4])} …",
    )


def open_sequence(
    path: Path,
    *,
    camera: str = "",
    project_path: Path | None = None,
    overwrite: bool = False,
) -> Opened:
    """Open one film of a sequence as a project; the rest is for `complete_job`.

    Args:
        path: The sequence's folder.
        camera: Which film is the clip ("00_16"); the first when "".
        project_path: Where the project goes; beside the folder when None. Opening
            again finds it.
        overwrite: Start anew even if that project exists, as in `open_clip`.

    Raises:
        StudioError: If something of it cannot be read.
    """
    found = panoptic_folder(path)
    film = main_film(found, camera)
    cameras = calibrated_cameras(found)
    footage = open_film(film.path, fps=_fps(film))
    goal = project_path or project_for(footage.clip, found.path)
    if goal.exists() and not overwrite:
        footage.close()
        return open_saved(goal)
    replaced = set_aside(goal) if goal.exists() else None
    try:
        clip = replace(footage.clip, path=film.path.absolute(), warnings=())
        project = create_project(goal, clip)
    except BaseException:
        footage.close()
        if replaced is not None:
            replaced.replace(goal)
        raise
    try:
        _put_clip(project.document, found, film, cameras)
    except BaseException:
        _give_up(project, footage, goal, replaced)
        raise
    return Opened(
        project=project,
        footage=footage,
        warnings=_warnings(found, footage.clip),
        is_new=True,
        replaced=replaced,
    )


def is_incomplete(document: Document) -> bool:
    """True for a project of a sequence whose views and truth are not in it yet."""
    known = document.setting(FOLDER, "")
    return bool(known) and not document.setting(COMPLETE, False)


def complete_job(document: Document) -> Job[SequenceParts]:
    """Look at a sequence's other films and read its truth.

    Once made, it touches no document, so that it can run in a thread beside one.

    Args:
        document: A project of a sequence (see `is_incomplete`).

    Raises:
        StudioError: If something of it cannot be read.
    """
    folder = Path(str(document.setting(FOLDER, "")))
    own_camera = str(document.setting(CAMERA, ""))
    return _parts(folder, own_camera, document.clip, has_truth=bool(document.truths))


def _parts(
    folder: Path, own_camera: str, clip: Clip, *, has_truth: bool
) -> Job[SequenceParts]:
    found = panoptic_folder(folder)
    cameras = calibrated_cameras(found)
    yield Progress(done=0, total=1, text="Reading the truth")
    times = SequenceTimes(found)
    read = None if has_truth or not found.poses else read_truth(folder, hands=False)
    main = found.films[own_camera]
    numbers = numbers_of(main, clip)
    truths, notes = truths_on_clip(found, main, read, numbers, clip, cameras, times)
    others = [film for name, film in found.films.items() if name != own_camera]
    views: list[NewView] = []
    for done, film in enumerate(others):
        text = f"Looking at the camera {film.camera}"
        yield Progress(done=1 + done, total=1 + len(others), text=text)
        own = _clip_of(film)
        offset, note = view_offset(
            main=(main, numbers), view=(film, numbers_of(film, own)), times=times
        )
        notes += (note,) if note and note not in notes else ()
        calibrated = cameras.get(film.camera)
        views.append(
            NewView(
                name=film.camera,
                clip=own,
                camera=None if calibrated is None else camera_for(calibrated, own),
                offset_frames=offset,
            )
        )
    return SequenceParts(views=tuple(views), truths=truths, notes=notes)


def complete(document: Document, parts: SequenceParts) -> None:
    """Put a sequence's views and truth into its document, as one edit."""
    name = Path(str(document.setting(FOLDER, ""))).name
    with document.edit(f"Open views of {name}") as edit:
        add_views(edit, document, parts.views)
        for truth in parts.truths:
            one = replace(truth, id=document.new_id(), arrays={})
            edit.add_truth(one, truth.arrays)
        edit.put(Setting(name=COMPLETE, value=True))


def open_whole_sequence(
    path: Path, *, camera: str = "", project_path: Path | None = None
) -> Opened:
    """A sequence with all its views and its truth.

    Raises:
        StudioError: As `open_sequence` and `complete_job`.
    """
    return completed(open_sequence(path, camera=camera, project_path=project_path))


def completed(opened: Opened) -> Opened:
    """What was opened; of a sequence all its views and its truth are in it now.

    Raises:
        StudioError: As `complete_job`; a project just made is gone then.
    """
    document = opened.project.document
    if not is_incomplete(document) or opened.project.is_read_only:
        return opened
    try:
        parts = run_job(complete_job(document))
        complete(document, parts)
    except BaseException:
        goal, is_new = opened.project.path, opened.is_new
        opened.close()  # which puts a replaced project back
        if is_new and opened.replaced is None:
            goal.unlink(missing_ok=True)
        raise
    return replace(opened, warnings=(*opened.warnings, *parts.notes))


def _fps(film: Film) -> Fraction:
    return HD_FPS if film.clock == "hd" else VGA_FPS


def _put_clip(
    document: Document,
    found: PanopticFolder,
    film: Film,
    cameras: Mapping[str, CalibratedCamera],
) -> None:
    """Camera, the one shot, and where it all lies."""
    calibrated = cameras.get(film.camera)
    own = None if calibrated is None else camera_for(calibrated, document.clip)
    with document.edit(f"Open {found.name}") as edit:
        stop = document.clip.frame_count
        edit.put(Shot(id=document.new_id(), start=0, stop=stop))
        add_views(edit, document, (), clip_camera=own, clip_name=film.camera)
        edit.put(Setting(name=FOLDER, value=str(found.path.absolute())))
        edit.put(Setting(name=CAMERA, value=film.camera))


def _give_up(
    project: Project, footage: Footage, goal: Path, replaced: Path | None
) -> None:
    footage.close()
    project.close()
    goal.unlink(missing_ok=True)
    if replaced is not None:
        replaced.replace(goal)


def _warnings(found: PanopticFolder, clip: Clip) -> tuple[str, ...]:
    said = [w for w in clip.warnings if "frame rate" not in w]
    if found.calibration is None:
        said.append(
            f"{found.name} has no calibration: views and truth cannot be laid over it"
        )
    if not found.poses:
        said.append(f"{found.name} has no poses: there is no truth to compare with")
    return tuple(said)


def _clip_of(film: Film) -> Clip:
    """What a film is; of movies only the header is read."""
    from hpe_studio.media.peek import peeked_clip

    path = film.path.absolute()
    clip = None if film.is_images else peeked_clip(path)
    if clip is None:
        footage = open_film(path, fps=_fps(film))
        footage.close()
        clip = footage.clip
    return replace(clip, path=path)
