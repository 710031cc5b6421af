"""Whom a run from a box follows: what is asked, checked against the document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import hpe_studio
from hpe_studio.assets import asset, choose_blazepose, path_of
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person
from hpe_studio.core.specs import validated_options
from hpe_studio.edits import people
from hpe_studio.estimators.blazepose import SPEC, versions
from hpe_studio.estimators.blazepose_follow import TRUNK, Pointed
from hpe_studio.motion.fitting_problem import BodyShape

if TYPE_CHECKING:
    from hpe_studio.body import Body

_LEAST_BOX_PX = 12.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FollowPlan:
    """What a run from a box needs of the document, taken when it was asked for.

    Attributes:
        pointed: Whom to follow and how far.
        person_id: Who it is, or None for somebody new.
        shape: The body that is known already, or None.
        camera: The shot's camera.
        clip: The clip.
        body: The body to fit.
        settings: The estimator's options, complete.
        assets, versions: Its files and what they are.
        name: Of the take.
    """

    pointed: Pointed
    person_id: int | None
    shape: BodyShape | None
    camera: Camera
    clip: Clip
    body: Body
    settings: Mapping[str, Any]
    assets: Mapping[str, Path]
    versions: Mapping[str, str]
    name: str


def plan_follow(
    document: Document,
    body: Body,
    *,
    frame: int,
    box_px: Box,
    person: Person | None = None,
    frames: tuple[int, int] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> FollowPlan:
    """Check what was asked and gather what the run needs, before any work.

    Args:
        document: Where the person goes.
        body: The body to fit.
        frame: Where the box was drawn.
        box_px: Any two corners, stored pixels.
        person: Who it is; somebody new when None. Somebody who is missing there is
            followed as far as missing, somebody who is there over `frames`.
        frames: Half-open range that is not left; the shot when None.
        settings: Options of BlazePose; the defaults when None.

    Raises:
        StudioError: If the box is too small, the person locked or a model missing.
    """
    if person is not None:
        people.check_unlocked(person)
    shot = document.shot_at(frame)
    start, stop = (shot.start, shot.stop) if frames is None else frames
    is_clear = frame >= shot.clear_start  # else the box says who it is
    start = max(start, shot.clear_start if is_clear else shot.start)
    stop = min(stop, shot.stop)
    if person is not None and frames is None:
        start, stop = _missing_about(document, person, frame, (start, stop))
    if not start <= frame < stop:
        raise StudioError(
            f"frame {frame} lies outside the range", fix="draw the box within it"
        )
    chosen = validated_options(SPEC.options, dict(settings or {}))
    model = choose_blazepose(str(chosen["model"])).model
    names = ("movenet_multipose", f"blazepose_{model}")
    paths = {name: path_of(name) for name in names}
    digests = {
        name: f"{path.name} sha256 {asset(name).sha256}" for name, path in paths.items()
    }
    return FollowPlan(
        pointed=Pointed(
            frame=frame,
            box_px=_checked_box(box_px, document.clip.size_px),
            start=start,
            stop=stop,
            others_px=_trunks(document, person, start, stop),
        ),
        person_id=None if person is None else person.id,
        shape=_shape_of(document, person),
        camera=document.camera_at(frame),
        clip=document.clip,
        body=body,
        settings={**chosen, "model": model},
        assets=paths,
        versions={"hpe-studio": hpe_studio.__version__, **versions({}), **digests},
        name=f"{SPEC.label} {model} from a box",
    )


def plan_again(
    document: Document,
    body: Body,
    *,
    person: Person,
    frames: tuple[int, int],
    settings: Mapping[str, Any] | None = None,
) -> FollowPlan:
    """Run again on a range from where the person was seen best in it.

    Raises:
        StudioError: If the person is locked or was not seen on the range.
    """
    best: tuple[float, int, Box] | None = None
    for track in document.tracks_of(person.id):
        estimate = document.estimates.get(track.estimate_id or -1)
        if estimate is None or not {"scores", "boxes_px"} <= set(estimate.arrays):
            continue
        first = max(frames[0], document.shot_at(track.start).clear_start)
        for frame in range(max(first, track.start), min(frames[1], track.stop)):
            box, score = estimate.at("boxes_px", frame), estimate.at("scores", frame)
            if box is None or score is None or not np.isfinite(box).all():
                continue
            if best is None or float(score) > best[0]:
                x0, y0, x1, y1 = (float(v) for v in box)
                best = float(score), frame, (x0, y0, x1, y1)
    if best is None:
        raise StudioError(
            f"{person.name} was not seen on these frames",
            fix="draw a box around the person instead",
        )
    shot = document.shot_at(best[1])
    within = max(frames[0], shot.start), min(frames[1], shot.stop)
    return plan_follow(
        document,
        body,
        frame=best[1],
        box_px=best[2],
        person=person,
        frames=within,
        settings=settings,
    )


def _missing_about(
    document: Document, person: Person, frame: int, within: tuple[int, int]
) -> tuple[int, int]:
    """The half-open range about a frame where the person is missing.

    Where the person is there, the whole range.
    """
    start, stop = within
    present = np.zeros(stop - start, bool)
    for track in document.tracks_of(person.id):
        seen = np.flatnonzero(np.isfinite(track.base_root_m[:, 0])) + track.start
        seen = seen[(seen >= start) & (seen < stop)]
        present[seen - start] = True
    at = frame - start
    if present[at]:
        return within
    before = np.flatnonzero(present[:at])
    after = np.flatnonzero(present[at:])
    first = start if len(before) == 0 else start + int(before[-1]) + 1
    return first, stop if len(after) == 0 else frame + int(after[0])


def _shape_of(document: Document, person: Person | None) -> BodyShape | None:
    """The body of somebody who has been fitted before."""
    if person is None or not document.tracks_of(person.id):
        return None
    return BodyShape(betas=np.asarray(person.betas, float), scale=person.scale)


def _trunks(
    document: Document, person: Person | None, start: int, stop: int
) -> Mapping[int, FloatArray]:
    """Trunks of everybody else, by frame, each of shape (people, 4, 2)."""
    found: defaultdict[int, list[FloatArray]] = defaultdict(list)
    for track in document.tracks.values():
        estimate = document.estimates.get(track.estimate_id or -1)
        is_self = person is not None and track.person_id == person.id
        if is_self or estimate is None or estimate.landmark_set != SPEC.landmark_set:
            continue
        for frame in range(max(start, track.start), min(stop, track.stop)):
            points = estimate.at("points_px", frame)
            if points is not None and np.isfinite(points[list(TRUNK)]).all():
                found[frame].append(np.asarray(points[list(TRUNK)], float))
    return {frame: np.array(trunks) for frame, trunks in found.items()}


def _checked_box(box_px: Box, size_px: tuple[int, int]) -> Box:
    """The corners in order, within the picture.

    Raises:
        StudioError: If hardly anything of it lies within the picture.
    """
    corners = np.array(box_px, float).reshape(2, 2)
    high = np.array(size_px, float) - 1
    (x0, y0), (x1, y1) = np.clip([corners.min(axis=0), corners.max(axis=0)], 0, high)
    if x1 - x0 < _LEAST_BOX_PX or y1 - y0 < _LEAST_BOX_PX:
        raise StudioError("the box is too small", fix="draw it around the whole person")
    return float(x0), float(y0), float(x1), float(y1)
