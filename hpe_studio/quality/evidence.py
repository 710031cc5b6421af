"""What detectors look at: the motion and what was seen, in arrays per track."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np

from hpe_studio.core.arrays import BoolArray, ByteArray, FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.mark import MarkKind
from hpe_studio.core.person import Person
from hpe_studio.core.skeleton import Skeleton, landmark_set, skeleton
from hpe_studio.core.track import Estimate, Source, Track
from hpe_studio.motion.kinematics import (
    forward_kinematics,
    landmarks_m,
    remapped_joints_rad,
)
from hpe_studio.posing.posed import Poser
from hpe_studio.posing.resolve import Motion, resolve

_LANDMARK_OF: Mapping[str, str] = MappingProxyType(
    {"left_foot": "left_foot_index", "right_foot": "right_foot_index", "head": "nose"}
)
"""Landmarks that stand for joints of another name."""

HAND_MADE = (Source.KEYED, Source.FILLED)
"""Sources by which a person or a repair has spoken about a joint."""


class TrackEvidence:
    """One track; everything is computed on first use and kept.

    Row i is clip frame ``track.start + i``; frames that are missing are NaN.

    Args:
        document: Where it lives.
        poser: Its motion and body.
        track: The track.
        window: Half-open range of clip frames to look at; the whole track when None.
            It must lie within the track.
    """

    def __init__(
        self,
        document: Document,
        poser: Poser,
        track: Track,
        window: tuple[int, int] | None = None,
    ) -> None:
        self._document = document
        self._poser = poser
        self._frames = None if window is None else np.arange(*window)
        self.track = track if window is None else _part_of(track, *window)
        self.person: Person = document.persons[track.person_id]
        self.shot: Shot = document.shot_at(track.start)
        self.camera: Camera = document.camera_at(track.start)
        self.size_px = document.clip.size_px
        self.fps = float(document.clip.fps)
        self.skeleton: Skeleton = skeleton(track.skeleton)
        self.motion: Motion = (
            poser.motion(track.id)
            if self._frames is None
            else resolve(track, document.keys_of(track.id), self._frames)
        )

    @property
    def source(self) -> ByteArray:
        """`Source` of the motion, shape (frames, joints)."""
        return self.motion.source

    @cached_property
    def is_present(self) -> BoolArray:
        """Where there is a pose, shape (frames,)."""
        return np.isfinite(self.motion.root_scene_m[:, 0])

    @cached_property
    def is_hand_made(self) -> BoolArray:
        """Where a key or a fill made the joint, shape (frames, joints)."""
        return np.isin(self.source, HAND_MADE)

    @cached_property
    def joints_m(self) -> FloatArray:
        """Joints in the scene, shape (frames, joints, 3), metres."""
        return self._poser.joints_of(self.track.id, self._frames)

    @cached_property
    def level_m(self) -> FloatArray:
        """Joints on the levelled floor (Y up), shape (frames, joints, 3), metres."""
        return self.shot.to_level(self.joints_m)

    @cached_property
    def joints_px(self) -> FloatArray:
        """Joints in the picture, shape (frames, joints, 2); NaN behind the camera."""
        if self.camera.camera_from_scene.ndim == 2:
            return self.camera.project(self.joints_m)
        first = self.track.start - self.shot.start
        each = [
            self.camera.project(joints, first + row)
            for row, joints in enumerate(self.joints_m)
        ]
        return np.stack(each)

    @cached_property
    def estimate(self) -> Estimate | None:
        """What the estimator said, where the track comes from one."""
        return self._document.estimates.get(self.track.estimate_id or -1)

    def seen(self, name: str, *tail: int) -> FloatArray | None:
        """An array of the estimate on the track's rows, NaN beyond it.

        Args:
            name: "points_px", "confidence", "outside", "points_m", "boxes_px", ...
            *tail: Shape of a row where the estimate lacks the frame.
        """
        estimate = self.estimate
        if estimate is None or name not in estimate.arrays:
            return None
        array = estimate.arrays[name]
        out = np.full((self.track.frame_count, *(tail or array.shape[1:])), np.nan)
        first = max(self.track.start, estimate.start)
        last = min(self.track.stop, estimate.stop)
        if first < last:
            rows = slice(first - self.track.start, last - self.track.start)
            out[rows] = array[first - estimate.start : last - estimate.start]
        return out

    @cached_property
    def joint_confidence(self) -> FloatArray:
        """Confidence of the landmark that stands for a joint, (frames, joints)."""
        return self._per_joint(self.seen("confidence"))

    @cached_property
    def is_outside(self) -> BoolArray:
        """Joints beyond the picture, shape (frames, joints).

        The estimator's word, a person's mark, or where the body's joint lies.
        """
        width, height = self.size_px
        at = self.joints_px
        beyond = (at < 0).any(-1) | (at > np.array([width - 1, height - 1])).any(-1)
        said = self._per_joint(self.seen("outside"))
        return beyond | (said > 0.5) | self.marked("outside")

    @cached_property
    def is_unseen(self) -> BoolArray:
        """Joints whose turning nobody saw: they or what hangs on them are outside."""
        unseen = self.is_outside.copy()
        for joint in range(self.skeleton.joint_count - 1, 0, -1):
            unseen[:, self.skeleton.parents[joint]] |= self.is_outside[:, joint]
        return unseen

    def marked(self, kind: MarkKind) -> BoolArray:
        """Where a person said so, shape (frames, joints)."""
        out = np.zeros(self.source.shape, dtype=np.bool_)
        for mark in self._document.marks_of(self.track.id, kind):
            rows = slice(
                max(mark.start - self.track.start, 0),
                max(mark.stop - self.track.start, 0),
            )
            out[rows, list(mark.joints)] = True
        return out

    @cached_property
    def landmarks_px(self) -> FloatArray | None:
        """The body's landmarks in the picture, (frames, landmarks, 2), or None."""
        estimate, model = self.estimate, self._poser.body.joint_model
        if estimate is None or estimate.landmark_set not in model.landmarks:
            return None
        betas = np.asarray(self.person.betas)
        pose = remapped_joints_rad(
            self.motion.joints_rad, self.skeleton, model.skeleton
        )
        places, turns = forward_kinematics(
            model.skeleton.parents,
            model.rest_joints_m(betas, scale=self.person.scale),
            pose,
            self.motion.root_scene_m,
        )
        points = landmarks_m(
            model, estimate.landmark_set, places, turns, betas, self.person.scale
        )
        if self.camera.camera_from_scene.ndim == 2:
            return self.camera.project(points)
        first = self.track.start - self.shot.start
        return np.stack(
            [self.camera.project(p, first + row) for row, p in enumerate(points)]
        )

    def _per_joint(self, values: FloatArray | None) -> FloatArray:
        """(frames, landmarks) to (frames, joints); NaN where no landmark fits."""
        out = np.full(self.source.shape, np.nan)
        if values is None or self.estimate is None:
            return out
        for joint, name in enumerate(self.skeleton.joint_names):
            landmark = landmark_for(self.estimate, name)
            if landmark is not None:
                out[:, joint] = values[:, landmark]
        return out


def landmark_for(estimate: Estimate, joint: str) -> int | None:
    """Which landmark of an estimate stands for a joint, or None where none does."""
    names = landmark_set(estimate.landmark_set).names if estimate.landmark_set else ()
    wanted = _LANDMARK_OF.get(joint, joint)
    return names.index(wanted) if wanted in names else None


def _part_of(track: Track, start: int, stop: int) -> Track:
    rows = slice(start - track.start, stop - track.start)
    arrays = {name: array[rows] for name, array in track.arrays.items()}
    return replace(track, start=start, stop=stop, arrays=arrays)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ShotEvidence:
    """The people of one shot.

    Attributes:
        shot: The shot.
        tracks: Its tracks in order of start.
    """

    shot: Shot
    tracks: tuple[TrackEvidence, ...]

    def tracks_of(self, person_id: int) -> tuple[TrackEvidence, ...]:
        """One person's tracks in order of time."""
        return tuple(t for t in self.tracks if t.person.id == person_id)


def shot_evidence(document: Document, poser: Poser, shot: Shot) -> ShotEvidence:
    """Everything detectors may look at in a shot."""
    persons = document.persons
    mine = [
        t
        for t in document.tracks.values()
        if t.start in shot and not persons[t.person_id].ignored
    ]
    mine.sort(key=lambda t: (t.start, t.id))
    return ShotEvidence(
        shot=shot, tracks=tuple(TrackEvidence(document, poser, t) for t in mine)
    )


def shared_joints_m(
    first: TrackEvidence, second: TrackEvidence
) -> tuple[int, FloatArray, FloatArray] | None:
    """Joints of two people on the frames both tracks cover.

    Returns:
        The first of these clip frames and twice (frames, joints, 3), metres; None
        where there is none, or they are one person or of different skeletons.
    """
    start = max(first.track.start, second.track.start)
    stop = min(first.track.stop, second.track.stop)
    is_pair = first.person.id != second.person.id
    if stop <= start or not is_pair or first.track.skeleton != second.track.skeleton:
        return None
    a, b = (
        one.joints_m[start - one.track.start : stop - one.track.start]
        for one in (first, second)
    )
    return start, a, b
