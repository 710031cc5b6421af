"""Many people at once: nobody is waited for who has ended, cancel ends everything."""

from __future__ import annotations

import threading
from fractions import Fraction

import numpy as np

from hpe_studio.body import open_body
from hpe_studio.core.camera import default_camera
from hpe_studio.core.clip import clip_without_footage
from hpe_studio.core.jobs import run_job
from hpe_studio.core.observations import Tracklet
from hpe_studio.workflow.fit_people import fit_people

FRAMES = 3


def unseen(start: int) -> Tracklet:
    """Somebody of whom nothing was seen: fitted in no time at all."""
    return Tracklet(
        start=start,
        points_px=np.full((FRAMES, 33, 2), np.nan, np.float32),
        confidence=np.zeros((FRAMES, 33), np.float32),
        outside=np.zeros((FRAMES, 33), np.uint8),
        points_m=np.full((FRAMES, 33, 3), np.nan, np.float32),
        boxes_px=np.full((FRAMES, 4), np.nan, np.float32),
        scores=np.zeros(FRAMES, np.float32),
        appearance=np.zeros(0, np.float32),
    )


def job(count: int):
    clip = clip_without_footage(frame_count=40, fps=Fraction(30))
    camera = default_camera((1280, 720))
    return fit_people(
        [(unseen(i % 30), camera) for i in range(count)],
        open_body().joint_model,
        landmark_name="mediapipe33",
        clip=clip,
        threads=2,
    )


def test_fits_that_end_at_once_are_never_waited_for() -> None:
    for _ in range(60):
        people = run_job(job(3))
        assert len(people) == 3
        assert all(np.isnan(p.root_scene_m).all() for p in people)


def test_closing_the_job_ends_its_threads() -> None:
    started = job(40)
    next(started)
    started.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("fit")]
