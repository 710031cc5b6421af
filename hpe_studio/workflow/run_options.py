"""What a person can choose for a run of an estimator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class EstimateOptions:
    """What a person can choose for a run.

    Attributes:
        estimator: Name in the catalogue.
        settings: The estimator's own options ("model").
        frames: Half-open range, or None for the whole clip.
        max_people: Keep at most so many people at a time.
        focal_px: Focal length in displayed pixels, or None.
        fov_deg: Field of view of the longer side, used without a focal length.
        workers: Processes; 0 means one per core.
        link_shots: Join people across cuts by their looks; otherwise everybody is
            somebody new in each shot.
        smooth: Apply the step "Smooth" afterwards.
    """

    estimator: str = "blazepose"
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    frames: tuple[int, int] | None = None
    max_people: int | None = None
    focal_px: float | None = None
    fov_deg: float | None = None
    workers: int = 0
    link_shots: bool = False
    smooth: bool = True
