"""Persons posed on a frame: joints, rotations, vertices; cached until they change."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from hpe_studio.body import Body, skin
from hpe_studio.core.arrays import ByteArray, FloatArray, IntArray
from hpe_studio.core.changes import ChangeSet
from hpe_studio.core.document import Document
from hpe_studio.core.person import BodyShape, Person
from hpe_studio.core.skeleton import Skeleton, skeleton
from hpe_studio.core.track import Source, Track
from hpe_studio.motion.kinematics import (
    forward_kinematics,
    remapped_joints_rad,
)
from hpe_studio.posing.resolve import Motion, resolve

_LIGHT_FACES_FEW, _LIGHT_FACES_MANY, _FEW = 6000, 3000, 4
"""Triangles of the coarse mesh that stands in while things move, up to four people and
beyond: what a software renderer draws in time."""

_MOTION_CACHE_BYTES = 128 * 1024 * 1024
_POSED_CACHE_ENTRIES = 512


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PosedFrame:
    """One person on one frame, in the scene.

    Attributes:
        person_id: Who.
        frame: Clip frame.
        track: The track it comes from.
        skeleton: Joints of the following.
        joints_rad: Parent-space rotation vectors, shape (joints, 3).
        joints_scene_m: Joint places, shape (joints, 3), metres.
        rotations: World rotations of the joints, shape (joints, 3, 3).
        source: `Source` codes, shape (joints,).
    """

    person_id: int
    frame: int
    track: Track
    skeleton: Skeleton
    joints_rad: FloatArray
    joints_scene_m: FloatArray
    rotations: FloatArray
    source: ByteArray


class Poser:
    """Poses a document's persons with one body model.

    Args:
        document: Read, and listened to.
        body: The body model; its skeleton may have more joints than a track.
    """

    def __init__(self, document: Document, body: Body) -> None:
        self._document = document
        self._body = body
        self._is_before = False
        self._shapes = self._shapes_now()
        self._motions: OrderedDict[int, Motion] = OrderedDict()
        self._posed: OrderedDict[tuple[int, int], PosedFrame | None] = OrderedDict()
        document.changed.connect(self._on_document_changed)

    def close(self) -> None:
        """Stop listening."""
        self._document.changed.disconnect(self._on_document_changed)

    @property
    def body(self) -> Body:
        """The body model."""
        return self._body

    @body.setter
    def body(self, body: Body) -> None:
        self._body = body
        self._motions.clear()
        self._posed.clear()

    @property
    def is_before(self) -> bool:
        """True where estimates are posed in place of the motion (before the edits)."""
        return self._is_before

    @is_before.setter
    def is_before(self, is_before: bool) -> None:
        if is_before != self._is_before:
            self._is_before = is_before
            self._posed.clear()

    @property
    def light_body(self) -> Body:
        """The body on the coarse mesh; another one when there are many people."""
        is_few = len(self._document.persons) <= _FEW
        return self._body.decimated(_LIGHT_FACES_FEW if is_few else _LIGHT_FACES_MANY)

    def faces(self, *, light: bool = False) -> IntArray:
        """Triangles of the vertices, shape (faces, 3)."""
        return self._mesh(light=light).faces

    def motion(self, track_id: int) -> Motion:
        """The whole resolved motion of a track."""
        motion = self._motions.get(track_id)
        if motion is None:
            track = self._document.tracks[track_id]
            motion = resolve(track, self._document.keys_of(track_id))
            self._motions[track_id] = motion
            self._forget_oldest_motions()
        self._motions.move_to_end(track_id)
        return motion

    def pose_at(self, person_id: int, frame: int) -> PosedFrame | None:
        """A person on a frame, or None where the person is missing."""
        key = (person_id, frame)
        if key not in self._posed:
            self._posed[key] = self._posed_frame(person_id, frame)
            if len(self._posed) > _POSED_CACHE_ENTRIES:
                self._posed.popitem(last=False)
        return self._posed[key]

    def vertices_at(
        self, person_id: int, frame: int, *, light: bool = False
    ) -> FloatArray | None:
        """Skinned vertices, shape (vertices, 3), float32, metres, or None.

        `light` asks for the coarse mesh (see `faces`).
        """
        posed = self.pose_at(person_id, frame)
        if posed is None:
            return None
        person = self._document.persons[person_id]
        return self.vertices_of(posed, person, light=light)

    def vertices_of(
        self, posed: PosedFrame, person: Person, *, light: bool = False
    ) -> FloatArray:
        """Skinned vertices of a posed person, shape (vertices, 3), float32."""
        mesh = self._mesh(light=light)
        track = posed.track
        expression = track.arrays.get("expression")
        skinned = skin(
            mesh,
            remapped_joints_rad(posed.joints_rad, posed.skeleton, mesh.skeleton),
            root_m=posed.joints_scene_m[0],
            betas=np.asarray(person.betas),
            scale=person.scale,
            expression=None
            if expression is None
            else expression[posed.frame - track.start],
        )
        return skinned.vertices_m

    def rest_joints_m(self, person: Person, name: str) -> FloatArray:
        """Rest joints of a person on a skeleton, shape (joints, 3)."""
        rest = self._body.joint_model.rest_joints_m(
            np.asarray(person.betas), scale=person.scale
        )
        return rest_joints_on(rest, self._body.skeleton, skeleton(name))

    def joints_of(self, track_id: int, frames: IntArray | None = None) -> FloatArray:
        """Joint places of a track, shape (frames, joints, 3), NaN missing.

        Args:
            track_id: The track.
            frames: Clip frames within the track; all of them when None.
        """
        track = self._document.tracks[track_id]
        if frames is None:
            motion = self.motion(track_id)
        else:
            motion = resolve(track, self._document.keys_of(track_id), frames)
        person = self._document.persons[track.person_id]
        places, _ = forward_kinematics(
            skeleton(track.skeleton).parents,
            self.rest_joints_m(person, track.skeleton),
            motion.joints_rad,
            motion.root_scene_m,
        )
        return places

    def _posed_frame(self, person_id: int, frame: int) -> PosedFrame | None:
        track = self._document.track_at(person_id, frame)
        if track is None or np.isnan(track.base_root_m[frame - track.start, 0]):
            return None
        motion = self._motions.get(track.id)
        row = frame - track.start
        if motion is None:  # one frame is all that a drag needs
            keys = self._document.keys_of(track.id)
            motion, row = resolve(track, keys, np.array([frame])), 0
        told = self._estimated(track, frame) if self._is_before else None
        if told is not None:
            motion, row = told, 0
        bones = skeleton(track.skeleton)
        person = self._document.persons[person_id]
        places, rotations = forward_kinematics(
            bones.parents,
            self.rest_joints_m(person, track.skeleton),
            motion.joints_rad[row],
            motion.root_scene_m[row],
        )
        return PosedFrame(
            person_id=person_id,
            frame=frame,
            track=track,
            skeleton=bones,
            joints_rad=motion.joints_rad[row],
            joints_scene_m=places,
            rotations=rotations,
            source=motion.source[row],
        )

    def _estimated(self, track: Track, frame: int) -> Motion | None:
        """What was estimated on a frame; None where nothing was."""
        estimate = self._document.estimates.get(track.estimate_id or -1)
        if estimate is None:
            return None
        joints_rad = estimate.at("joints_rad", frame)
        root_m = estimate.at("root_scene_m", frame)
        if joints_rad is None or root_m is None or np.isnan(root_m[0]):
            return None
        source = np.full((1, len(joints_rad)), Source.ESTIMATED, np.uint8)
        return Motion(
            frames=np.array([frame]),
            joints_rad=joints_rad[None].astype(np.float64),
            root_scene_m=root_m[None].astype(np.float64),
            source=source,
        )

    def _mesh(self, *, light: bool) -> Body:
        return self.light_body if light else self._body

    def _forget_oldest_motions(self) -> None:
        held = sum(m.joints_rad.nbytes for m in self._motions.values())
        while held > _MOTION_CACHE_BYTES and len(self._motions) > 1:
            _, oldest = self._motions.popitem(last=False)
            held -= oldest.joints_rad.nbytes

    def _on_document_changed(self, changes: ChangeSet) -> None:
        tracks, persons = changes.track_ids(), self._reshaped()
        for track_id in tracks:
            self._motions.pop(track_id, None)
        if not tracks and not persons:
            return
        stale = [
            place
            for place, posed in self._posed.items()
            if place[0] in persons or posed is None or posed.track.id in tracks
        ]
        for place in stale:
            del self._posed[place]

    def _reshaped(self) -> frozenset[int]:
        """Persons whose body is another one than it was, or who came or went."""
        before, now = self._shapes, self._shapes_now()
        self._shapes = now
        every = before.keys() | now.keys()
        return frozenset(p for p in every if before.get(p) != now.get(p))

    def _shapes_now(self) -> dict[int, BodyShape]:
        return {p.id: p.body_shape for p in self._document.persons.values()}


def rest_joints_on(rest_m: FloatArray, body: Skeleton, bones: Skeleton) -> FloatArray:
    """A body's rest joints for another skeleton, by joint name.

    A hand joint (SMPL's 22 and 23) that the body lacks lies amid its first knuckles;
    anything else that it lacks lies on the joint above.

    Args:
        rest_m: The body's rest joints, shape (body joints, 3), metres.
        body: Their skeleton.
        bones: The skeleton wanted.
    """
    place = {name: rest_m[i] for i, name in enumerate(body.joint_names)}
    out = np.zeros((bones.joint_count, 3))
    for joint, name in enumerate(bones.joint_names):
        side = name.partition("_")[0]
        knuckles = [place[k] for f in _FINGERS if (k := f"{side}_{f}1") in place]
        if name in place:
            out[joint] = place[name]
        elif name.endswith("_hand") and knuckles:
            out[joint] = np.mean(knuckles, axis=0)
        else:
            out[joint] = out[bones.parents[joint]]
    return out


_FINGERS = ("index", "middle", "ring", "pinky")
