"""What a document has to say, as motion for a file: levelled, without left-outs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

import hpe_studio
from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.person import Person
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Source, Track
from hpe_studio.edits.left_out import left_out
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from hpe_studio.posing.posed import Poser
from hpe_studio.posing.resolve import Motion
from hpe_studio.workflow.mapping import rows_of

ALL = "all"
Who = str | Sequence[int]
"""A person's name, everyone who counts (`ALL`), or people by their ids."""


def motion_of(
    document: Document,
    poser: Poser,
    *,
    person: Who = ALL,
    frames: tuple[int, int] | None = None,
) -> MotionFile:
    """Everything of a document that a motion file can say.

    Ignored people are left out unless they are asked for.

    Args:
        document: Whose people.
        poser: Resolves base and keys.
        person: Who.
        frames: Only these, half open; the file's frame 0 is the first of them.

    Raises:
        StudioError: If there is nobody of that name.
    """
    clip = document.clip
    shots = document.shots or ()
    persons = _chosen(document, person)
    whole = MotionFile(
        fps=clip.fps,
        frame_count=clip.frame_count,
        people=tuple(
            _person_motion(document, poser, one, track)
            for one in persons
            for track in document.tracks_of(one.id)
        ),
        times_s=clip.times_s if clip.is_variable_rate else None,
        size_px=clip.size_px,
        shots=tuple((shot.start, shot.stop) for shot in shots),
        cameras=levelled_cameras(document)
        if clip.kind != "none" or document.table("cameras")
        else {},
        clip_name=clip.path.name if clip.path is not None else "",
        provenance={
            "program": f"HPE Studio {hpe_studio.__version__}",
            "takes": [
                {"name": t.name, "origin": t.origin, "versions": dict(t.versions)}
                for t in document.takes.values()
            ],
        },
    )
    return whole if frames is None else _within(whole, *frames)


def _within(motion: MotionFile, start: int, stop: int) -> MotionFile:
    """Some frames of a motion as a clip of their own."""
    if not 0 <= start < min(stop, motion.frame_count):
        raise StudioError(
            f"the clip has no frames {start} to {stop - 1}", fix="choose another range"
        )
    stop = min(stop, motion.frame_count)
    kept = {
        number: (max(a, start) - start, min(b, stop) - start)
        for number, (a, b) in enumerate(motion.shots)
        if a < stop and start < b
    }
    cameras = {
        new: _from_frame(motion.cameras[old], start - motion.shots[old][0])
        for new, old in enumerate(kept)
        if old in motion.cameras
    }
    times_s = motion.times_s
    return replace(
        motion,
        frame_count=stop - start,
        people=tuple(
            replace(part, start=part.start - start)
            for run in motion.people
            if (part := rows_of(run, start, stop)) is not None
        ),
        times_s=None if times_s is None else times_s[start:stop] - times_s[start],
        shots=tuple(kept.values()),
        cameras=cameras if motion.shots else motion.cameras,
    )


def _from_frame(camera: Camera, first: int) -> Camera:
    """A camera over a shot that begins some frames later."""
    if camera.camera_from_scene.ndim == 2 or first <= 0:
        return camera
    return replace(camera, camera_from_scene=camera.camera_from_scene[first:])


def _person_motion(
    document: Document, poser: Poser, person: Person, track: Track
) -> PersonMotion:
    motion = poser.motion(track.id)
    motion = _without_left_out(motion, left_out(document, track))
    joints_rad, root_m = _levelled(motion, document.shot_at(track.start))
    estimate = document.estimates.get(track.estimate_id or -1)
    seen: Mapping[str, Any] = {} if estimate is None else estimate.arrays
    covers = estimate is not None and (estimate.start, estimate.stop) == (
        track.start,
        track.stop,
    )
    seen = seen if covers else {}
    return PersonMotion(
        name=person.name,
        skeleton=skeleton(track.skeleton),
        rest_joints_m=poser.rest_joints_m(person, track.skeleton),
        start=track.start,
        joints_rad=joints_rad,
        root_scene_m=root_m,
        betas=np.asarray(person.betas),
        scale=person.scale,
        colour=person.colour,
        source=motion.source,
        landmark_set=estimate.landmark_set if estimate and "points_px" in seen else "",
        points_px=seen.get("points_px"),
        confidence=seen.get("confidence"),
        outside=seen.get("outside"),
        points_m=seen.get("points_m"),
        reprojection_px=seen.get("reprojection_px"),
        person_id=str(person.id),
    )


def _without_left_out(motion: Motion, is_out: BoolArray) -> Motion:
    """The motion with joints at rest, and called missing, where they are left out."""
    if not is_out.any():
        return motion
    is_present = np.isfinite(motion.root_scene_m[:, 0])
    is_out = is_out & is_present[:, None]
    is_out[:, 0] &= is_out.all(axis=1)  # where the whole body is left out
    source = np.where(is_out, int(Source.MISSING), motion.source).astype(np.uint8)
    joints_rad = np.where(is_out[..., None], 0.0, motion.joints_rad)
    root_m = motion.root_scene_m.copy()
    joints_rad[is_out[:, 0]], root_m[is_out[:, 0]] = np.nan, np.nan
    return replace(motion, joints_rad=joints_rad, root_scene_m=root_m, source=source)


def _levelled(motion: Motion, shot: Shot) -> tuple[FloatArray, FloatArray]:
    """Rotations and roots on the shot's levelled floor: files have no tilted scene."""
    joints_rad, root_m = motion.joints_rad, motion.root_scene_m
    if shot.is_levelled:
        turn = shot.level_from_scene[:, :3]
        joints_rad = joints_rad.copy()
        upright = turn @ matrix_from_rotvec(joints_rad[:, 0])
        joints_rad[:, 0] = rotvec_from_matrix(upright)
        root_m = shot.to_level(root_m)
    return joints_rad, root_m


def levelled_cameras(document: Document) -> dict[int, Camera]:
    """The camera of each shot by its number, as it stands over the levelled floor."""
    shots = document.shots or (document.shot_at(0),)
    return {
        number: _levelled_camera(document.camera_at(shot.start), shot)
        for number, shot in enumerate(shots)
    }


def _levelled_camera(camera: Camera, shot: Shot) -> Camera:
    """The camera as it stands over the levelled floor."""
    if not shot.is_levelled:
        return camera
    turn, move = shot.level_from_scene[:, :3], shot.level_from_scene[:, 3]
    back = np.hstack([turn.T, (-turn.T @ move)[:, None]])  # scene_from_level
    pose = camera.camera_from_scene
    rotation = pose[..., :3] @ back[:, :3]
    place = pose[..., :3] @ back[:, 3] + pose[..., 3]
    return replace(
        camera,
        camera_from_scene=np.concatenate([rotation, place[..., None]], axis=-1),
    )


def _chosen(document: Document, who: Who) -> Sequence[Person]:
    everyone = tuple(document.persons.values())
    if not isinstance(who, str):
        return tuple(person for person in everyone if person.id in who)
    if who == ALL:
        return tuple(person for person in everyone if not person.ignored)
    found = [p for p in everyone if p.name.casefold() == who.casefold()]
    if not found:
        names = ", ".join(p.name for p in everyone) or "nobody"
        raise StudioError(f"there is no {who!r} here", fix=f"choose among {names}")
    return found
