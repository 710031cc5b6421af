"""What can be compared: people of a project, a results file or a folder of truth.

Everybody's joints come out as the points of `POINT_SET`, in the recording's own scene
(Y up, metres), one row per frame from `first_frame` on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from hpe_studio.body import Body, open_body
from hpe_studio.core.camera import Camera
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.person import Person
from hpe_studio.core.pointsets import convert_confidence, convert_points
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Track
from hpe_studio.core.truth import Truth
from hpe_studio.formats.panoptic_folder import is_sequence
from hpe_studio.metrics.comparison import TimeFit
from hpe_studio.metrics.people import People
from hpe_studio.posing.resolve import resolve
from hpe_studio.workflow.before_edits import pose_before
from hpe_studio.workflow.bodies import OPEN, body_of
from hpe_studio.workflow.camera_runs import CameraRun
from hpe_studio.workflow.edited_frames import estimates_smoothed
from hpe_studio.workflow.kinds import kind_of
from hpe_studio.workflow.opening import open_saved
from hpe_studio.workflow.reading import read_motion
from hpe_studio.workflow.recording_runs import (
    POINT_SET,
    BodyPose,
    PersonRun,
    body_points_m,
    gathered,
    poses_of,
    run_of_motion,
    run_of_points,
)
from hpe_studio.workflow.timing import is_rate_assumed

_BARE = "put its hdPose3d_stage1_coco19 there (hpe-studio panoptic get fetches it)"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Recording:
    """One side of a comparison.

    Attributes:
        name: What people call it.
        people: Everybody; row i is frame ``first_frame + i``.
        first_frame: Frame of row 0.
        fps: Frames per second.
        is_rate_assumed: True where the file says no rate.
        cameras: The camera that filmed it, run by run; empty where unknown.
        views: Calibrated cameras by name.
        size_px: Size of the pictures, or None.
        path: File or folder it comes from, or None.
        clip_path: The footage, or None.
        footage: Half-open range of the footage's frames, or None where unknown.
        notes: Sentences a reader must know.
        camera: Name of the camera through which it was placed in the scene, or "".
        time: How its frames were moved already, or None.
        poses: Bodies by index of the person, run by run; of who has points alone none.
    """

    name: str
    people: People
    first_frame: int
    fps: Fraction
    is_rate_assumed: bool = False
    cameras: Sequence[CameraRun] = ()
    views: Mapping[str, Camera] = field(default_factory=dict[str, Camera])
    size_px: tuple[int, int] | None = None
    path: Path | None = None
    clip_path: Path | None = None
    footage: tuple[int, int] | None = None
    notes: Sequence[str] = ()
    camera: str = ""
    time: TimeFit | None = None
    poses: Sequence[tuple[int, BodyPose]] = ()

    @property
    def stop(self) -> int:
        """First frame after it."""
        return self.first_frame + self.people.frame_count


def read_recording(path: Path, *, before: bool = False) -> Recording:
    """Everybody in a project, a results file, or a folder of results or truth.

    Args:
        path: What to read.
        before: Of a project what runs and files brought, before any edit.

    Raises:
        StudioError: If it cannot be read or has no places of joints in it.
    """
    if path.exists() and not path.is_dir() and kind_of(path) == "project":
        opened = open_saved(path, read_only=True)
        try:
            document = opened.project.document
            return recording_of_document(
                document, body_of(document)[0], before=before, path=path
            )
        finally:
            opened.close()
    return recording_of_motion(read_motion(path), name=path.name, path=path)


def recording_of_motion(
    motion: MotionFile, *, name: str, path: Path | None = None
) -> Recording:
    """Everybody in a motion file.

    Raises:
        StudioError: If it has no places of joints in it.
    """
    model = open_body().joint_model
    runs = [run_of_motion(run, model, i) for i, run in enumerate(motion.people)]
    runs += [
        made
        for i, run in enumerate(motion.points)
        if (made := run_of_points(run, len(runs) + i)) is not None
    ]
    if not runs:
        is_bare = path is not None and is_sequence(path)
        raise StudioError(
            "has nobody with joints in space",
            path=path or Path(name),
            fix=_BARE if is_bare else "choose 3D results",
        )
    people, first = gathered(runs, path or Path(name))
    shots = motion.shots or ((first, first + people.frame_count),)
    return Recording(
        name=name,
        people=people,
        first_frame=first,
        fps=motion.fps,
        is_rate_assumed=is_rate_assumed(motion),
        cameras=tuple(
            CameraRun(start=shots[i][0], stop=shots[i][1], camera=camera)
            for i, camera in sorted(motion.cameras.items())
            if i < len(shots)
        ),
        views=motion.views,
        size_px=motion.size_px,
        path=path,
        poses=poses_of(runs),
        notes=tuple(f"{name}: {sentence}" for sentence in motion.assumed),
    )


def recording_of_document(
    document: Document,
    body: Body,
    *,
    before: bool = False,
    path: Path | None = None,
) -> Recording:
    """Everybody in a document who is not ignored.

    Args:
        document: The document.
        body: Everybody's body.
        before: What runs and files brought, as it was before any edit.
        path: Its file.

    Raises:
        StudioError: If there is nobody.
    """
    smoothed = estimates_smoothed(document) if before else None
    runs = [
        run
        for person in document.persons.values()
        if not person.ignored
        for track in document.tracks_of(person.id)
        if (run := _run_of_track(document, body, person, track, smoothed)) is not None
    ]
    name = document.clip.path.name if document.clip.path else "project"
    name = path.stem if path is not None else name
    if not runs:
        raise StudioError(
            "has nobody to compare", path=path or Path(name), fix="find people first"
        )
    people, first = gathered(runs, path or Path(name))
    shots = document.shots or (document.shot_at(0),)
    return Recording(
        name=name,
        people=people,
        first_frame=first,
        fps=document.clip.fps,
        cameras=tuple(
            CameraRun(
                start=shot.start, stop=shot.stop, camera=document.camera_at(shot.start)
            )
            for shot in shots
        ),
        size_px=document.clip.size_px,
        path=path,
        clip_path=document.clip.path,
        footage=(0, document.clip.frame_count),
        poses=poses_of(runs),
    )


def recording_of_truths(truths: Sequence[Truth], fps: Fraction) -> Recording:
    """The truths held beside a document, in its scene and on its frames.

    Args:
        truths: One per person; at least one.
        fps: Frame rate of the document's clip.

    Raises:
        StudioError: If there is none, or none of them falls on the clip.
    """
    runs = [
        PersonRun(
            identity=str(truth.id),
            name=truth.person,
            start=truth.start,
            points_m=convert_points(truth.points_scene_m, truth.point_set, POINT_SET),
            confidence=convert_confidence(truth.confidence, truth.point_set, POINT_SET),
        )
        for truth in truths
        if truth.stop > truth.start
    ]
    if not runs:
        raise StudioError(
            "there is no truth on these frames", fix="attach truth or move it in time"
        )
    people, first = gathered(runs, Path(truths[0].name))
    one = truths[0]
    is_moved = abs(one.offset_frames) > 1e-9 or abs(one.rate - 1) > 1e-9
    time = TimeFit(offset_frames=one.offset_frames, rate=one.rate, source="given")
    return Recording(
        name=one.name,
        people=people,
        first_frame=first,
        fps=fps,
        camera=one.camera_name,
        time=time if is_moved else None,
    )


def _run_of_track(
    document: Document,
    body: Body,
    person: Person,
    track: Track,
    smoothed: Collection[int] | None,
) -> PersonRun | None:
    """A track as points; None where it is asked for before and nothing was estimated.

    Args:
        document: Its document.
        body: Everybody's body.
        person: Whose track.
        track: The track.
        smoothed: As it was before any edit; estimates that their run smoothed. None
            for the motion as it is.
    """
    if smoothed is None:
        motion = resolve(track, document.keys_of(track.id))
        pose = motion.joints_rad, motion.root_scene_m
    elif (pose := pose_before(document, track, smoothed)) is None:
        return None
    bones, betas = skeleton(track.skeleton), np.asarray(person.betas)
    points = body_points_m(
        body.joint_model, bones, *pose, betas=betas, scale=person.scale
    )
    return PersonRun(
        identity=str(person.id),
        name=person.name,
        start=track.start,
        points_m=points,
        pose=BodyPose(
            start=track.start,
            skeleton=bones,
            joints_rad=pose[0],
            root_m=pose[1],
            betas=betas,
            scale=person.scale,
            is_open=document.setting("body", OPEN) == OPEN,
        ),
    )
