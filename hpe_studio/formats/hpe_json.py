"""HPE Studio's own JSON: everything about people in a clip, for scripts.

The format is documented in docs/formats/json.md and by
resources/schemas/hpe_motion.schema.json. Joint places and projections are written for
convenience; shape, rotations and root are what is read back. Numbers are rounded
(lengths and angles to 1e-7, pixels to 1e-3); NaN is written as null.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec
import numpy as np

from hpe_studio.core.arrays import AnyArray, FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.core.interchange import MotionFile, PersonMotion, PersonPoints
from hpe_studio.core.skeleton import Skeleton, landmark_set
from hpe_studio.core.specs import FormatSpec, RoundTrip, WriteReport
from hpe_studio.core.track import Source
from hpe_studio.formats import hpe_json_model as model
from hpe_studio.formats import hpe_json_points as points
from hpe_studio.formats.roundtrip import round_trip
from hpe_studio.motion.kinematics import forward_kinematics

SPEC = FormatSpec(
    id="json",
    label="HPE Studio JSON",
    summary="Everything, for scripts",
    icon="file-output",
    extensions=(".json",),
    reads=True,
    writes=True,
    writes_points=True,
)

_MAX_BYTES = 4 * 1024**3
_MAX_FRAMES = 10_000_000  # four days at 30 fps
_METRES, _PIXELS, _SHARES = points.METRES, points.PIXELS, points.SHARES
_array, _listed, _optional = points.as_array, points.listed, points.optional


def sniff(path: Path, head: bytes) -> float:
    """Certain where the head names the format."""
    if b'"hpe-studio-motion"' in head:
        return 1.0
    return 0.1 if path.suffix.lower() == ".json" else 0.0


def write(motion: MotionFile, path: Path) -> WriteReport:
    """Write everybody and read the file back.

    Raises:
        StudioError: If the file cannot be written.
    """
    persons: dict[str, model.Person] = {}
    tracks: list[model.Track] = []
    for number, run in enumerate(motion.people):
        identity = run.person_id or str(number)
        persons.setdefault(identity, _person(identity, run))
        tracks.append(_track(identity, run, motion))
    for seen in motion.points:
        if seen.person_id:
            persons.setdefault(seen.person_id, _person_of_points(seen))
    shots = [model.Range(start=a, stop=b) for a, b in motion.shots]
    content = model.File(
        format="hpe-studio-motion",
        version=model.VERSION,
        clip=_clip(motion),
        shots=shots or None,
        cameras=[_camera(i, camera) for i, camera in motion.cameras.items()],
        skeletons={run.skeleton.name: _skeleton(run.skeleton) for run in motion.people},
        landmark_sets={
            run.landmark_set: list(landmark_set(run.landmark_set).names)
            for run in motion.people
            if _is_known(run.landmark_set)
        },
        source_codes={s.name.lower(): int(s) for s in Source},
        persons=list(persons.values()),
        tracks=tracks,
        provenance=dict(motion.provenance),
        points=points.written_points(motion) or None,
        point_sets=points.written_sets(motion) or None,
        views=[_view(name, camera) for name, camera in motion.views.items()] or None,
        assumed=list(motion.assumed) or None,
    )
    write_replacing(path, msgspec.json.encode(content))
    checks = _checks(motion, read(path))
    return WriteReport(
        paths=(path,),
        max_joint_error_m=max((c.max_joint_error_m for c in checks), default=0.0),
        people=checks,
    )


def read(path: Path) -> MotionFile:
    """Everybody in the file.

    Raises:
        StudioError: If it is not of this format, damaged or from a newer program.
    """
    content = _decoded(path)
    try:
        _check_ranges(content)
        people = tuple(_run(content, track) for track in content.tracks)
        seen = points.read_points(content)
        cameras = {c.shot: _read_camera(c) for c in content.cameras}
        views = {c.name: _read_camera(c) for c in content.views or ()}
        clip = content.clip
        times_s = None
        if clip.times_s is not None:
            times_s = _array(clip.times_s, (clip.frames,))
        rate = Fraction(clip.fps.num, clip.fps.den)
    except (ValueError, KeyError, ZeroDivisionError, TypeError) as error:
        raise _damaged(path, str(error)) from None
    if not 0 < rate <= 10_000:
        raise _damaged(path, "its frame rate is impossible")
    size = clip.size_px
    return MotionFile(
        fps=rate,
        frame_count=clip.frames,
        people=people,
        points=seen,
        times_s=times_s,
        size_px=None if size is None else (size[0], size[1]),
        shots=tuple((shot.start, shot.stop) for shot in content.shots or ()),
        cameras=cameras,
        views=views,
        clip_name=clip.name,
        provenance={"format": "json", "file": path.name, **content.provenance},
        assumed=tuple(content.assumed or ()),
    )


def _decoded(path: Path) -> model.File:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise StudioError("is larger than 4 GiB", path=path, fix="split it")
        data = path.read_bytes()
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", path=path, fix="check it"
        ) from None
    try:
        about = msgspec.json.decode(data, type=model.About)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise StudioError(
            "is no JSON written by HPE Studio", path=path, fix="choose another file"
        ) from None
    if about.version > model.VERSION:
        raise StudioError(
            f"was written by a newer HPE Studio (version {about.version})",
            path=path,
            fix="update HPE Studio to read it",
        )
    try:
        return msgspec.json.decode(data, type=model.File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _damaged(path, str(error)) from None


def _check_ranges(content: model.File) -> None:
    """Refuse lengths that would take memory without holding motion."""
    frames = content.clip.frames
    if frames > _MAX_FRAMES:
        raise ValueError(f"{frames} frames are more than a clip can have")
    for track in (*content.tracks, *(content.points or ())):
        if track.start + track.frames > frames:
            raise ValueError(f"a track ends behind the clip's {frames} frames")
    for shot in content.shots or ():
        if not shot.start < shot.stop <= frames:
            raise ValueError(f"a shot lies outside the clip's {frames} frames")


def _clip(motion: MotionFile) -> model.Clip:
    times_s = None if motion.times_s is None else _listed(motion.times_s, 9)
    return model.Clip(
        name=motion.clip_name,
        fps=model.Rate(num=motion.fps.numerator, den=motion.fps.denominator),
        frames=motion.frame_count,
        size_px=None if motion.size_px is None else list(motion.size_px),
        times_s=times_s,
    )


def _camera(shot: int, camera: Camera) -> model.Camera:
    return model.Camera(
        shot=shot,
        intrinsics=camera.intrinsics.tolist(),
        distortion=camera.distortion.tolist(),
        camera_from_scene=camera.camera_from_scene.tolist(),
        source=camera.source,
    )


def _view(name: str, camera: Camera) -> model.View:
    return model.View(
        name=name,
        intrinsics=camera.intrinsics.tolist(),
        distortion=camera.distortion.tolist(),
        camera_from_scene=camera.camera_from_scene.tolist(),
        source=camera.source,
    )


def _read_camera(camera: model.Camera | model.View) -> Camera:
    pose = np.array(camera.camera_from_scene, dtype=np.float64)
    if pose.shape[-2:] != (3, 4) or pose.ndim > 3:
        raise ValueError(f"camera_from_scene has shape {pose.shape}")
    return Camera(
        intrinsics=_array(camera.intrinsics, (3, 3)),
        distortion=_array(camera.distortion, (5,)),
        camera_from_scene=pose,
        source=camera.source,
    )


def _skeleton(skeleton: Skeleton) -> model.Skeleton:
    return model.Skeleton(
        joints=list(skeleton.joint_names), parents=list(skeleton.parents)
    )


def _person(identity: str, run: PersonMotion) -> model.Person:
    return model.Person(
        id=identity,
        name=run.name,
        colour=run.colour,
        betas=_listed(run.betas, 9),
        scale=run.scale,
        body=run.body,
    )


def _person_of_points(run: PersonPoints) -> model.Person:
    return model.Person(id=run.person_id, name=run.name, colour="", betas=[], scale=1.0)


def _track(identity: str, run: PersonMotion, motion: MotionFile) -> model.Track:
    places, _ = forward_kinematics(
        run.skeleton.parents, run.rest_joints_m, run.joints_rad, run.root_scene_m
    )
    camera = _camera_of(run, motion)
    pixels = None if camera is None else _listed(camera.project(places), _PIXELS)
    source = run.source
    return model.Track(
        person=identity,
        skeleton=run.skeleton.name,
        start=run.start,
        frames=len(run.joints_rad),
        rest_joints_m=_listed(run.rest_joints_m, _METRES),
        joints_rad=_listed(run.joints_rad, _METRES),
        root_scene_m=_listed(run.root_scene_m, _METRES),
        joints_scene_m=_listed(places, 5),
        joints_px=pixels,
        source=None if source is None else source.tolist(),
        observations=_observations(run),
        expression=_optional(run.expression, 9),
    )


def _camera_of(run: PersonMotion, motion: MotionFile) -> Camera | None:
    """The run's camera, where it stands still over the shot."""
    for number, (start, stop) in enumerate(motion.shots):
        if start <= run.start < stop and number in motion.cameras:
            camera = motion.cameras[number]
            return camera if camera.camera_from_scene.ndim == 2 else None
    return None


def _is_known(name: str) -> bool:
    """Whether a landmark set is shipped: another's names are not in the motion."""
    try:
        return bool(name) and bool(landmark_set(name).names)
    except KeyError:
        return False


def _observations(run: PersonMotion) -> model.Observations | None:
    if not _is_known(run.landmark_set) or run.points_px is None:
        return None
    return model.Observations(
        landmark_set=run.landmark_set,
        points_px=_listed(run.points_px, _PIXELS),
        confidence=_optional(run.confidence, _SHARES),
        outside=None if run.outside is None else run.outside.tolist(),
        points_m=_optional(run.points_m, 5),
        reprojection_px=_optional(run.reprojection_px, _PIXELS),
    )


def _run(content: model.File, track: model.Track) -> PersonMotion:
    person = next((p for p in content.persons if p.id == track.person), None)
    if person is None:
        raise ValueError(f"there is no person {track.person!r}")
    bones = content.skeletons[track.skeleton]
    skeleton = Skeleton(
        name=track.skeleton,
        joint_names=tuple(bones.joints),
        parents=tuple(bones.parents),
    )
    frames, joints = track.frames, skeleton.joint_count
    seen = track.observations
    marks = 0
    if seen is not None:
        marks = len(content.landmark_sets[seen.landmark_set])

    def observed(name: str, *tail: int) -> FloatArray | None:
        data = getattr(seen, name) if seen is not None else None
        return None if data is None else _array(data, (frames, marks, *tail))

    outside = observed("outside")
    source: AnyArray | None = None
    if track.source is not None:
        source = _array(track.source, (frames, joints)).astype(np.uint8)
    return PersonMotion(
        name=person.name,
        skeleton=skeleton,
        rest_joints_m=_array(track.rest_joints_m, (joints, 3)),
        start=track.start,
        joints_rad=_array(track.joints_rad, (frames, joints, 3)),
        root_scene_m=_array(track.root_scene_m, (frames, 3)),
        betas=_array(person.betas, (len(person.betas),)),
        scale=person.scale,
        colour=person.colour,
        source=source,
        landmark_set="" if seen is None else seen.landmark_set,
        points_px=observed("points_px", 2),
        confidence=observed("confidence"),
        outside=None if outside is None else outside.astype(np.uint8),
        points_m=observed("points_m", 3),
        reprojection_px=observed("reprojection_px"),
        person_id=person.id,
        body=person.body,
        expression=_expression(track),
    )


def _expression(track: model.Track) -> FloatArray | None:
    if track.expression is None:
        return None
    count = len(track.expression[0]) if track.expression else 0
    return _array(track.expression, (track.frames, count))


def _checks(motion: MotionFile, again: MotionFile) -> tuple[RoundTrip, ...]:
    """How each person came back, by the order in which they were written."""
    runs: dict[str, list[tuple[PersonMotion, PersonMotion]]] = {}
    for number, pair in enumerate(zip(motion.people, again.people, strict=True)):
        runs.setdefault(pair[0].person_id or str(number), []).append(pair)
    return tuple(
        round_trip([one for one, _ in pairs], [other for _, other in pairs])
        for pairs in runs.values()
    )


def _damaged(path: Path, why: str) -> StudioError:
    return StudioError(
        f"is damaged ({why})", path=path, fix="export it again from the project"
    )
