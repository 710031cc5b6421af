"""Finished shots of a run as an estimator's job tells them, made from plain arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.camera import default_camera
from hpe_studio.core.observations import Tracklet
from hpe_studio.workflow.estimate import EstimateOptions, EstimateResult, ShotFound
from hpe_studio.workflow.fit_people import FittedPerson

SIZE_PX = (320, 240)
RUN = "synthetic"


def fitted_person(start: int, stop: int, identity: int) -> FittedPerson:
    """Somebody who stands beside the others, the arm swinging."""
    frames = stop - start
    joints_rad = np.zeros((frames, 24, 3))
    joints_rad[:, 16, 2] = 0.5 * np.sin(np.arange(start, stop) / 5)
    left = 20 + 60 * (identity % 4)
    return FittedPerson(
        tracklet=Tracklet(
            start=start,
            points_px=np.full((frames, 33, 2), float(left)),
            confidence=np.ones((frames, 33)),
            outside=np.zeros((frames, 33), np.uint8),
            points_m=np.zeros((frames, 33, 3)),
            boxes_px=np.tile([left, 20.0, left + 40.0, 200.0], (frames, 1)),
            scores=np.ones(frames),
            appearance=np.zeros(0),
        ),
        betas=(0.1 * identity,) * 10,
        scale=1.0,
        joints_rad=joints_rad,
        root_scene_m=np.tile([identity - 1.0, 0.9, -4.0], (frames, 1)),
        reprojection_px=np.ones((frames, 33)),
        identity=identity,
    )


def result_of(
    shots: Sequence[tuple[int, int]], people: Sequence[FittedPerson], **chosen: object
) -> EstimateResult:
    """A run over some shots that found some people."""
    return EstimateResult(
        options=EstimateOptions(**chosen),  # type: ignore[arg-type]
        shots=tuple(shots),
        cameras=(default_camera(SIZE_PX),) * len(shots),
        levels=(None,) * len(shots),
        people=tuple(people),
        landmark_set="mediapipe33",
        skeleton="smpl24",
        name="Synthetic",
        versions={},
        warnings=(),
        created="",
    )


def shot_found(
    shots: Sequence[tuple[int, int]], number: int, identities: Sequence[int]
) -> ShotFound:
    """The shot of that number (from 1) with somebody of each identity in it."""
    start, stop = shots[number - 1]
    people = [fitted_person(start, stop, who) for who in identities]
    return ShotFound(
        number=number,
        count=len(shots),
        frames=(start, stop),
        run=RUN,
        result=result_of(shots, people),
        persons={},
    )
