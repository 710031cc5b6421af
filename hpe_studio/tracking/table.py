"""The detections of a shot as flat arrays, and what one person's row is like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.observations import Detection, FrameDetections, SeenBody
from hpe_studio.core.skeleton import LandmarkSet

Chain = IntArray
"""Row numbers of one person's detections, frames strictly increasing."""

_TRUST = {
    "shoulder": 1.0,
    "hip": 1.0,
    "knee": 0.6,
    "elbow": 0.5,
    "ankle": 0.5,
    "nose": 0.5,
    "wrist": 0.25,
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DetectionTable:
    """All detections of a shot, one row each, in frame order.

    Attributes:
        frames: Clip frame, shape (rows,).
        times_s: Presentation time of that frame, shape (rows,).
        scores: Shape (rows,), 0 to 1.
        points_px: Shape (rows, landmarks, 2).
        confidence: Shape (rows, landmarks); 0 where a point is not finite.
        points_m: Shape (rows, landmarks, 3); NaN where unknown.
        boxes_px: x0, y0, x1, y1, shape (rows, 4).
        appearance: Colour histograms, shape (rows, bins).
        hints: The estimator's own guess, shape (rows,); -1 for none.
        sizes_px: Square root of the box area, shape (rows,).
        centres_px: Middle of the trunk, else of the box, shape (rows, 2).
        trust: How steady each landmark is, shape (landmarks,).
        mirror: For each landmark the one on the other side, shape (landmarks,).
        size_px: Width and height of the picture.
        bodies: Whole bodies by row, or None where the estimator gives none.
    """

    frames: IntArray
    times_s: FloatArray
    scores: FloatArray
    points_px: FloatArray
    confidence: FloatArray
    points_m: FloatArray
    boxes_px: FloatArray
    appearance: FloatArray
    hints: IntArray
    sizes_px: FloatArray
    centres_px: FloatArray
    trust: FloatArray
    mirror: IntArray
    size_px: tuple[int, int]
    bodies: SeenBody | None = None

    @property
    def bins(self) -> int:
        """Length of a colour histogram; 0 when there are none."""
        return self.appearance.shape[1]

    def rows_at(self, frame: int) -> IntArray:
        """The rows of one frame."""
        first, last = np.searchsorted(self.frames, [frame, frame + 1])
        return np.arange(first, last)


def landmark_trust(landmarks: LandmarkSet) -> FloatArray:
    """How well a landmark tells where a body is: trunk 1, hands little."""
    return np.array(
        [
            next((w for word, w in _TRUST.items() if name.endswith(word)), 0.1)
            for name in landmarks.names
        ]
    )


def build_table(
    detections: Sequence[FrameDetections],
    *,
    start: int,
    stop: int,
    size_px: tuple[int, int],
    times_s: FloatArray,
    landmarks: LandmarkSet,
    min_score: float,
) -> DetectionTable:
    """The usable detections of frames [start, stop) as one table.

    A detection is usable when its box is finite and not empty and its score reaches
    `min_score`; of a frame that was given twice all detections count.
    """
    pairs = [
        (entry.frame, detection)
        for entry in sorted(detections, key=lambda entry: entry.frame)
        if start <= entry.frame < stop
        for detection in entry.detections
        if _is_usable(detection, min_score)
    ]
    frames = np.array([frame for frame, _ in pairs], dtype=np.intp)
    people = [detection for _, detection in pairs]
    points_px, confidence, points_m = _landmark_arrays(people, len(landmarks.names))
    boxes_px = np.array([d.box_px for d in people], float).reshape(-1, 4)
    trust = landmark_trust(landmarks)
    spans_px = boxes_px[:, 2:] - boxes_px[:, :2]
    return DetectionTable(
        frames=frames,
        times_s=np.asarray(times_s, float)[frames] if len(frames) else np.zeros(0),
        scores=np.array([d.score for d in people], float),
        points_px=points_px,
        confidence=confidence,
        points_m=points_m,
        boxes_px=boxes_px,
        appearance=_appearance(people),
        hints=np.array(
            [-1 if d.hint_id is None else d.hint_id for d in people], dtype=np.intp
        ),
        sizes_px=np.sqrt(spans_px.prod(axis=1)),
        centres_px=_centres(points_px, confidence, boxes_px, trust),
        trust=trust,
        mirror=np.array(landmarks.mirror_permutation(), dtype=np.intp),
        size_px=size_px,
        bodies=_bodies(people),
    )


def select_rows(table: DetectionTable, rows: IntArray) -> DetectionTable:
    """The table with only some of its rows."""
    return replace(
        table,
        frames=table.frames[rows],
        times_s=table.times_s[rows],
        scores=table.scores[rows],
        points_px=table.points_px[rows],
        confidence=table.confidence[rows],
        points_m=table.points_m[rows],
        boxes_px=table.boxes_px[rows],
        appearance=table.appearance[rows],
        hints=table.hints[rows],
        sizes_px=table.sizes_px[rows],
        centres_px=table.centres_px[rows],
        bodies=None if table.bodies is None else table.bodies.rows(rows),
    )


def _is_usable(detection: Detection, min_score: float) -> bool:
    box = np.asarray(detection.box_px, float)
    if not np.isfinite(box).all() or not detection.score >= min_score:
        return False
    return bool((box[2:] - box[:2] > 1.0).all())


def _landmark_arrays(
    people: Sequence[Detection], count: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    points_px = np.array([d.points_px for d in people], float).reshape(-1, count, 2)
    confidence = np.array([d.confidence for d in people], float).reshape(-1, count)
    points_m = np.array([d.points_m for d in people], float).reshape(-1, count, 3)
    known = np.isfinite(points_px).all(axis=2) & np.isfinite(confidence)
    return points_px, np.where(known, confidence, 0.0), points_m


def _bodies(people: Sequence[Detection]) -> SeenBody | None:
    bodies = [d.body for d in people if d.body is not None]
    return SeenBody.stacked(bodies) if bodies and len(bodies) == len(people) else None


def _appearance(people: Sequence[Detection]) -> FloatArray:
    """Histograms as a matrix; a row without one is even, a shot without none has 0."""
    bins = max((len(d.appearance) for d in people), default=0)
    if bins == 0:
        return np.zeros((len(people), 0))
    matrix = np.full((len(people), bins), 1.0 / bins)
    for row, detection in enumerate(people):
        total = float(np.sum(detection.appearance)) if len(detection.appearance) else 0
        if len(detection.appearance) == bins and np.isfinite(total) and total > 0:
            matrix[row] = np.asarray(detection.appearance, float) / total
    return matrix


def _centres(
    points_px: FloatArray,
    confidence: FloatArray,
    boxes_px: FloatArray,
    trust: FloatArray,
) -> FloatArray:
    middles = 0.5 * (boxes_px[:, :2] + boxes_px[:, 2:])
    weight = np.where(trust >= 1.0, confidence, 0.0)
    total = weight.sum(axis=1)
    sums = (weight[:, :, None] * np.nan_to_num(points_px)).sum(axis=1)
    trunk = sums / np.maximum(total, 1e-9)[:, None]
    seen = (weight > 0.3).sum(axis=1) >= 3
    return np.where(seen[:, None], trunk, middles)
