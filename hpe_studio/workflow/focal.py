"""Another focal length: cameras and roots change together, poses stay."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Estimate, Track
from hpe_studio.motion.fitting import BodyShape, refit_root


def set_focal(
    document: Document,
    joint_model: JointModel,
    shot: Shot,
    *,
    focal_px: float | None = None,
    fov_deg: float | None = None,
) -> None:
    """Give a shot's camera another focal length and re-solve everybody's place.

    The base's roots are solved anew from what was seen; offsets of keys that move the
    root keep the same distance from it. One edit.

    Args:
        document: Where.
        joint_model: The body's joints and landmarks.
        shot: Whose camera.
        focal_px: Focal length in displayed pixels.
        fov_deg: Field of view of the longer side, used without `focal_px`.

    Raises:
        StudioError: If the focal length is impossible or somebody is locked.
    """
    if not (focal_px or fov_deg):
        raise StudioError("no focal length was given", fix="give pixels or degrees")
    if not (0 < (focal_px or 1.0) < inf and 0 < (fov_deg or 60.0) < 179):
        raise StudioError(
            "this focal length is impossible", fix="give 1 to 179 degrees"
        )
    clip = document.clip
    before = document.camera_at(shot.start)
    made = default_camera(
        clip.size_px,
        focal_px=focal_px,
        fov_deg=fov_deg,
        pixel_aspect=clip.pixel_aspect,
    )
    camera = replace(before, intrinsics=made.intrinsics, source="given")
    with document.edit("Set focal length") as edit:
        edit.put(ShotCamera(shot_id=shot.id, camera=camera))
        for track in document.tracks.values():
            if shot.start <= track.start < shot.stop:
                _resolve_roots(edit, document, track, joint_model, camera)


def _resolve_roots(
    edit: Edit,
    document: Document,
    track: Track,
    joint_model: JointModel,
    camera: Camera,
) -> None:
    estimate = document.estimates.get(track.estimate_id or -1)
    if estimate is None or "points_px" not in estimate.arrays:
        return
    if (estimate.start, estimate.stop) != (track.start, track.stop):
        return
    person = document.persons[track.person_id]
    joints_rad = _in_camera(track, camera)
    root_m = refit_root(
        joint_model,
        joints_rad,
        tracklet_of(estimate),
        camera,
        shape=BodyShape(betas=np.asarray(person.betas), scale=person.scale),
        landmark_name=estimate.landmark_set,
    )
    present = np.isfinite(track.base_root_m[:, 0]) & np.isfinite(root_m[:, 0])
    root_scene_m = camera.to_scene(root_m)
    edit.write(track, "base_root_m", np.flatnonzero(present), root_scene_m[present])


def _in_camera(track: Track, camera: Camera) -> np.ndarray:
    from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix

    joints_rad = track.base_rad.astype(np.float64)
    turn = camera.pose()[:, :3]
    joints_rad[:, 0] = rotvec_from_matrix(turn @ matrix_from_rotvec(joints_rad[:, 0]))
    return joints_rad


def tracklet_of(estimate: Estimate) -> Tracklet:
    """What was seen of one person, as the fit takes it."""
    arrays, count = estimate.arrays, estimate.stop - estimate.start
    return Tracklet(
        start=estimate.start,
        points_px=arrays["points_px"],
        confidence=arrays["confidence"],
        outside=arrays["outside"],
        points_m=arrays["points_m"],
        boxes_px=arrays.get("boxes_px", np.full((count, 4), np.nan)),
        scores=arrays.get("scores", np.ones(count)),
        appearance=np.zeros(0),
    )
