"""Documents made of staged people who swing arms and legs, broken in known ways."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.body import open_body
from hpe_studio.core.document import Document
from hpe_studio.quality.failures import break_stage, cropped
from hpe_studio.quality.staging import Performance, Stage, document_of, staged


def made_stage(
    kinds: Sequence[str] = (),
    *,
    frames: int = 300,
    people: int = 2,
    count: int = 1,
    seed: int = 3,
) -> Stage:
    """People side by side, each failure written so many times per person."""
    rng, t = np.random.default_rng(seed), np.arange(frames)
    performances: list[Performance] = []
    for number in range(people):
        pose = np.zeros((frames, 24, 3))
        pose[:, 16, 2] = -1.2 + 0.3 * np.sin(t / 9 + number)
        pose[:, 17, 2] = 1.2 - 0.3 * np.sin(t / 11)
        pose[:, 18, 1] = -0.6 + 0.3 * np.sin(t / 13)
        root = np.tile([1.2 * number - 0.6, 0.95, 0.0], (frames, 1))
        performances.append(Performance(joints_rad=pose, root_m=root))
    stage = staged(performances, open_body(24), rng=rng)
    for kind in kinds:
        failures = break_stage(stage, kind, rng=rng, count=count)
        if kind == "truncated":
            stage = cropped(stage, failures)
    return stage


def made_document(kinds: Sequence[str] = (), **options: int) -> Document:
    """The project an estimate of such people would make."""
    return document_of(made_stage(kinds, **options))
