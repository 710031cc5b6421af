"""Ground truth beside a document: read it, see which camera filmed, lay it in time.

The jobs read a document that nobody writes (`workflow.snapshot`) and return what
`edits.truth` applies as one step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from hpe_studio.body import Body
from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.truth import Truth
from hpe_studio.formats.calibration import CalibratedCamera
from hpe_studio.formats.panoptic import calibrated_cameras
from hpe_studio.formats.panoptic_folder import is_sequence, panoptic_folder
from hpe_studio.metrics.comparison import TimeFit
from hpe_studio.workflow.compare_cameras import placed, size_of
from hpe_studio.workflow.compare_time import rows_inside, time_fit, truth_at, truth_rows
from hpe_studio.workflow.kinds import PROJECT_SUFFIX
from hpe_studio.workflow.reading import read_motion
from hpe_studio.workflow.recordings import (
    POINT_SET,
    Recording,
    read_recording,
    recording_of_document,
    recording_of_truths,
)
from hpe_studio.workflow.views import camera_for, matched_cameras

_SAME_RATE = 1e-4
_UNPLACED = np.eye(3, 4)

Views = Mapping[str, CalibratedCamera]
"""Cameras of a file by their names."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ReadTruth:
    """Truth as it was read, ready to be attached.

    Attributes:
        truths: One per person.
        notes: Sentences a person should know.
    """

    truths: tuple[Truth, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Place:
    """Where truth stands in a document's scene; see `core.truth.Truth`."""

    scene_from_file: FloatArray
    camera_name: str = ""
    camera: Camera | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Fit:
    """What was found about truth that is attached.

    Attributes:
        time: Offset and rate.
        place: Where it stands, or None where the file has no cameras.
        notes: Sentences a person should know.
    """

    time: TimeFit
    place: Place | None = None
    notes: tuple[str, ...] = ()


def read_truth(
    path: Path, document: Document, body: Body, *, camera: str = ""
) -> Job[ReadTruth]:
    """Read truth and lay it over a document's clip.

    Args:
        path: Folder of a Panoptic sequence, results file or folder, or project.
        document: Whose clip; nobody writes it meanwhile.
        body: Everybody's body.
        camera: The file's camera that filmed the clip; "" to tell it from the clip's
            name, else by who fits best, else to leave the file's scene as it is.

    Raises:
        StudioError: If it cannot be read, has nobody, or has no such camera.
    """
    yield Progress(done=0.0, total=1.0, text=f"Reading {path.name}")
    recording = read_recording(path)
    yield Progress(done=0.6, total=1.0, text="Finding its place")
    truths = truths_of(recording, path)
    rate, offset, note = _first_timing(recording, document)
    notes = [*recording.notes, *((note,) if note else ())]
    truths = tuple(replace(t, rate=rate, offset_frames=offset) for t in truths)
    views = _views_at(path, recording.views)
    place, said = _first_place(document, body, truths, views, camera)
    notes += said
    truths = tuple(_at(truth, place) for truth in truths)
    return ReadTruth(truths=truths, notes=tuple(notes))


def find_truth(document: Document, body: Body) -> Job[Fit]:
    """Find camera, offset and rate of the truth by how people move and where they are.

    Args:
        document: With truth and people; nobody writes it meanwhile.
        body: Everybody's body.

    Raises:
        StudioError: If nothing agrees well enough to be believed.
    """
    truths = tuple(document.truths.values())
    yield Progress(done=0.0, total=1.0, text="Reading cameras")
    notes: tuple[str, ...] = ()
    try:
        views = _views_of(truths)
    except StudioError as error:
        views, notes = {}, (f"{error}.",)
    yield Progress(done=0.2, total=1.0, text="Comparing movement")
    mine, theirs = recording_of_document(document, body), on_own_frames(document)
    time = time_fit(mine, theirs, offset="find", fps=mine.fps)
    if not views:
        return Fit(time=time, notes=notes)
    yield Progress(done=0.6, total=1.0, text="Comparing cameras")
    camera, notes = _camera_that_fits(document, mine, theirs, time, views)
    return Fit(time=time, place=place_of(document, views, camera), notes=notes)


def camera_names(document: Document) -> tuple[str, ...]:
    """Names of the cameras of the truth's file, HD ones alone where there are any.

    Quick: of files other than Panoptic sequences only the camera that is chosen.

    Raises:
        StudioError: If the sequence's calibration cannot be read.
    """
    truth = next(iter(document.truths.values()), None)
    if truth is None:
        return ()
    if not is_sequence(Path(truth.path)):
        return (truth.camera_name,) if truth.camera_name else ()
    names = sorted(_views_of((truth,)))
    return tuple(n for n in names if n.startswith("00_")) or tuple(names)


def place_through(document: Document, camera: str) -> Place:
    """Where the truth stands when that camera of its file filmed the clip.

    Args:
        document: With truth.
        camera: Its name; "" where the file's scene is the document's own.

    Raises:
        StudioError: If the file has no such camera, or is not at hand any more.
    """
    if not camera:
        return Place(scene_from_file=_UNPLACED)
    return place_of(document, _views_of(tuple(document.truths.values())), camera)


def place_of(document: Document, views: Views, camera: str) -> Place:
    """The file's scene in the document's, both seen by the same camera.

    Raises:
        StudioError: If there is no such camera.
    """
    if camera not in views:
        raise StudioError(
            f"there is no camera {camera} in the truth",
            fix=f"use one of {', '.join(sorted(views)[:6])}",
        )
    seen = camera_for(views[camera], document.clip)
    view, own = seen.pose(), document.camera_at(0).pose()
    back = own[:, :3].T
    turn, shift = back @ view[:, :3], back @ (view[:, 3] - own[:, 3])
    return Place(
        scene_from_file=np.column_stack([turn, shift]),
        camera_name=camera,
        camera=replace(seen, camera_from_scene=own),
    )


def truths_of(recording: Recording, path: Path) -> tuple[Truth, ...]:
    """Everybody of a recording as truth in its own scene and on its own frames."""
    people, trust = recording.people, recording.people.confidence
    found: list[Truth] = []
    for person, name in enumerate(people.names):
        points = people.points_m[:, person]
        known: BoolArray = np.asarray(np.isfinite(points).all(-1))
        rows = np.flatnonzero(known.any(-1))
        if not len(rows):
            continue
        part = slice(int(rows[0]), int(rows[-1]) + 1)
        sure: FloatArray = known.astype(np.float32)
        if trust is not None:
            sure = np.where(known, trust[:, person], 0.0).astype(np.float32)
        found.append(
            Truth(
                id=0,
                name=path.stem if path.is_file() else path.absolute().name,
                path=str(path.absolute()),
                person=name,
                point_set=landmark_set(POINT_SET),
                first_frame=recording.first_frame + part.start,
                row_count=part.stop - part.start,
                arrays={"points_file_m": points[part], "confidence_file": sure[part]},
            )
        )
    return tuple(found)


def on_own_frames(document: Document) -> Recording:
    """The truth as its file has it: its frames, its scene."""
    truths = tuple(document.truths.values())
    if not truths:
        raise StudioError("there is no truth", fix="attach truth first")
    plain = [
        replace(t, offset_frames=0.0, rate=1.0, scene_from_file=_UNPLACED)
        for t in truths
    ]
    return recording_of_truths(plain, document.clip.fps * _fraction(truths[0].rate))


def _first_timing(recording: Recording, document: Document) -> tuple[float, float, str]:
    """Rate and offset that the files say, and what a person should know of them."""
    clip = document.clip
    rate = float(recording.fps / clip.fps)
    if recording.is_rate_assumed or abs(rate - 1) < _SAME_RATE:
        rate = 1.0
    last = (recording.stop - 1) / rate
    if recording.first_frame / rate < clip.frame_count and last >= 0:
        return rate, 0.0, ""
    note = (
        f"Frames {recording.first_frame} to {recording.stop - 1} of the truth lie "
        "outside the clip: it was laid on the clip's first frame."
    )
    return rate, float(recording.first_frame), note


def _first_place(
    document: Document,
    body: Body,
    truths: Sequence[Truth],
    views: Views,
    camera: str,
) -> tuple[Place, tuple[str, ...]]:
    """Where truth stands: through the camera said, named or found."""
    if camera:
        return place_of(document, views, camera), ()
    if not views or document.camera_at(0).source == "calibration":
        return Place(scene_from_file=_UNPLACED), ()
    clip_path = document.clip.path
    named = matched_cameras([clip_path], tuple(views))[0] if clip_path else ""
    if named:
        note = f"Camera {named} was told from the name of the clip."
        return place_of(document, views, named), (note,)
    time = TimeFit(offset_frames=truths[0].offset_frames, rate=truths[0].rate)
    try:
        mine = recording_of_document(document, body)
        theirs = on_own_frames(_only_with(document, truths))
        camera, notes = _camera_that_fits(document, mine, theirs, time, views)
    except StudioError:
        note = "The camera that filmed cannot be told: choose it."
        return Place(scene_from_file=_UNPLACED), (note,)
    return place_of(document, views, camera), notes


def _only_with(document: Document, truths: Sequence[Truth]) -> Document:
    """An empty document of the same clip that holds truth."""
    made = Document(document.clip)
    for number, truth in enumerate(truths, start=1):
        made.replace_arrays("truths", number, truth.arrays)
        made.replace_value("truths", number, replace(truth, id=number))
    return made


def _camera_that_fits(
    document: Document,
    mine: Recording,
    theirs: Recording,
    time: TimeFit,
    views: Views,
) -> tuple[str, tuple[str, ...]]:
    """The camera by name of the clip, else by who fits best.

    Raises:
        StudioError: If none can be told.
    """
    rows = rows_inside(mine, theirs, time)
    if not len(rows):
        raise StudioError(
            f"{mine.name} and {theirs.name} share no frame", fix="set the offset"
        )
    found = placed(
        replace(mine, clip_path=document.clip.path),
        mine.people.on_frames(rows),
        truth_at(theirs.people, truth_rows(mine, theirs, time)[rows]),
        mine.first_frame + rows,
        views={name: view.camera for name, view in views.items()},
    )
    return found.camera, found.notes


def _views_of(truths: Sequence[Truth]) -> Views:
    if not truths:
        raise StudioError("there is no truth", fix="attach truth first")
    path = Path(truths[0].path)
    if not path.exists():
        raise StudioError(
            "is not at hand any more", path=path, fix="attach the truth again"
        )
    return _views_at(path, None)


def _views_at(path: Path, known: Mapping[str, Camera] | None) -> Views:
    """The cameras of a file, read anew where they are not known."""
    if path.suffix == PROJECT_SUFFIX:
        return {}
    if is_sequence(path):  # its cameras alone, not thousands of frames
        return calibrated_cameras(panoptic_folder(path))
    cameras = read_motion(path).views if known is None else known
    return {
        name: CalibratedCamera(name=name, kind="", size_px=size_of(one), camera=one)
        for name, one in cameras.items()
    }


def _at(truth: Truth, place: Place) -> Truth:
    return replace(
        truth,
        scene_from_file=place.scene_from_file,
        camera_name=place.camera_name,
        camera=place.camera,
    )


def _fraction(rate: float) -> Fraction:
    return Fraction(rate).limit_denominator(1001)
