"""Who is who on every frame: costs between predictions and truths, and their pairs.

Costs have shape (frames, predictions, truths), NaN where they cannot be told:

* picture: mean distance of joints in the picture over the root of the true box' area;
* root: distance of the roots, m; joints: mean distance of the joints, m;
* oks: 1 - object keypoint similarity; boxes: 1 - overlap of the boxes.

"greedy" and "nearest" are the ways of ROMP's and CRMP's evaluation; "tracks" keeps one
prediction for a person all along, the one it is paired with most often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.metrics.matching import COCO_SIGMAS
from hpe_studio.metrics.people import MID_HIP, People, has_any, is_known
from hpe_studio.metrics.pose import mean_over_joints
from hpe_studio.metrics.protocol import Matching
from hpe_studio.metrics.seats import EMPTY, identities
from hpe_studio.motion.assignment import gated_pairs

NOBODY = -1
"""No prediction belongs to a person."""

_BLOCK_VALUES = 1_000_000
_IN_PICTURE = ("picture", "oks", "boxes", "greedy")
_ROOT_GATE_M = 0.5
_BOX_TO_SEGMENT = 0.53
_LEFT_OF_PICTURE_PX = -2.0
"""ROMP's evaluation takes true joints further left for missing."""

_SIGMA_OF: dict[str, float] = dict(
    zip(
        (
            "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder",
            "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
            "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
            "right_ankle",
        ),
        COCO_SIGMAS.tolist(),
        strict=True,
    )
)  # fmt: skip
_OTHER_SIGMA = 0.079


def way_of(
    matching: Matching, gate: float, prediction: People, truth: People
) -> tuple[Matching, float]:
    """The way that can be gone: without a camera people are told by their roots."""
    has_picture = prediction.points_px is not None and truth.points_px is not None
    if matching in _IN_PICTURE and not has_picture:
        return "root", _ROOT_GATE_M
    return matching, gate


def paired(
    prediction: People,
    truth: People,
    present: BoolArray,
    *,
    matching: Matching,
    gate: float,
    root: str = MID_HIP,
    who: IntArray | None = None,
) -> IntArray:
    """Which prediction belongs to which true person, shape (frames, truths).

    Args:
        prediction: Everybody predicted; joints as in `truth`.
        truth: Everybody there.
        present: True people that count, (frames, truths).
        matching: As `Protocol.matching`.
        gate: Cost at which a pair is none.
        root: Joint that stands for a person.
        who: Identities of the predictions frame by frame, (frames, predictions), where
            a column is a seat (`metrics.seats`); for "tracks".

    Returns:
        Index of the prediction, `NOBODY` where there is none.
    """
    if matching == "tracks":
        way = way_of("picture", 0.5, prediction, truth)
        frame_by_frame = paired(
            prediction, truth, present, matching=way[0], gate=way[1], root=root
        )
        if who is None:
            taken = has_any(prediction.points_m)
            who = np.where(taken, np.arange(taken.shape[1]), EMPTY).astype(np.int32)
        return _kept_on(frame_by_frame, who, present)
    if matching == "greedy":
        return _greedy(prediction, truth, present, gate)
    out = np.full(present.shape, NOBODY, dtype=np.int32)
    for rows, cost in cost_blocks(prediction, truth, matching=matching, root=root):
        cost[~np.repeat(present[rows][:, None], cost.shape[1], axis=1)] = np.nan
        out[rows] = _nearest(cost) if matching == "nearest" else _hungarian(cost, gate)
    return out


def cost_blocks(
    prediction: People, truth: People, *, matching: Matching, root: str = MID_HIP
) -> Iterator[tuple[IntArray, FloatArray]]:
    """`costs` of some frames after others, so that memory stays small: rows, cost."""
    per_frame = len(prediction.names) * len(truth.names) * len(truth.joints)
    step = max(1, _BLOCK_VALUES // max(per_frame, 1))
    for start in range(0, truth.frame_count, step):
        rows = np.arange(start, min(start + step, truth.frame_count))
        p, t = prediction.on_frames(rows), truth.on_frames(rows)
        yield rows, costs(p, t, matching=matching, root=root)


def costs(
    prediction: People, truth: People, *, matching: Matching, root: str = MID_HIP
) -> FloatArray:
    """Cost of every pair, (frames, predictions, truths); see the module."""
    if matching == "root":
        between = prediction.point_m(root)[:, :, None] - truth.point_m(root)[:, None]
        return np.linalg.norm(between, axis=-1)
    return _COSTS[matching](prediction, truth, root)


def _joints(prediction: People, truth: People, root: str) -> FloatArray:
    del root
    between = prediction.points_m[:, :, None] - truth.points_m[:, None]
    return mean_over_joints(np.linalg.norm(between, axis=-1))


def _picture(prediction: People, truth: People, root: str) -> FloatArray:
    del root
    p, t = _pixels(prediction), _pixels(truth)
    apart = np.linalg.norm(p[:, :, None] - t[:, None], axis=-1)
    size = np.sqrt(np.maximum(_areas(boxes_px(t)), 1.0))
    return mean_over_joints(apart) / size[:, None]


def _oks(prediction: People, truth: People, root: str) -> FloatArray:
    del root
    p, t = _pixels(prediction), _pixels(truth)
    square = np.square(p[:, :, None] - t[:, None]).sum(-1)
    kappa = 2 * np.array([_SIGMA_OF.get(j, _OTHER_SIGMA) for j in truth.joints])
    area = _BOX_TO_SEGMENT * np.maximum(_areas(boxes_px(t)), 1.0)
    similar = np.exp(-square / (2 * area[:, None, :, None] * kappa**2))
    visible = is_known(t)[:, None] & has_any(p)[:, :, None, None]
    similar = np.where(visible, np.nan_to_num(similar), np.nan)
    return 1 - mean_over_joints(similar)


def _overlap(prediction: People, truth: People, root: str) -> FloatArray:
    del root
    p, t = boxes_px(_pixels(prediction))[:, :, None], boxes_px(_pixels(truth))[:, None]
    low, high = np.maximum(p[..., :2], t[..., :2]), np.minimum(p[..., 2:], t[..., 2:])
    both = np.prod(np.clip(high - low, 0, None), axis=-1)
    return 1 - both / (_areas(p) + _areas(t) - both)


def _pose(prediction: People, truth: People, root: str) -> FloatArray:
    """Distance of root-aligned poses over joints that everybody has (CRMP)."""
    p = prediction.points_m - prediction.point_m(root)[:, :, None]
    t = truth.points_m - truth.point_m(root)[:, :, None]
    is_there = is_known(t)
    everybody = np.asarray((is_there | ~is_there.any(-1, keepdims=True)).all(axis=1))
    between = p[:, :, None] - t[:, None]
    square = np.square(between).sum(-1)
    square = np.where(everybody[:, None, None], square, 0.0)
    return np.sqrt(square.sum(-1))


_COSTS: dict[str, Callable[[People, People, str], FloatArray]] = {
    "joints": _joints,
    "picture": _picture,
    "oks": _oks,
    "boxes": _overlap,
    "nearest": _pose,
}


def boxes_px(points_px: FloatArray) -> FloatArray:
    """Boxes around points, (..., 4) as left, top, right, bottom; NaN without points."""
    known = np.isfinite(points_px).all(-1, keepdims=True)
    low = np.where(known, points_px, np.inf).min(-2)
    high = np.where(known, points_px, -np.inf).max(-2)
    out = np.concatenate([low, high], axis=-1)
    return np.where(np.isfinite(out), out, np.nan)


def _areas(boxes: FloatArray) -> FloatArray:
    return np.prod(boxes[..., 2:] - boxes[..., :2], axis=-1)


def _pixels(people: People) -> FloatArray:
    if people.points_px is None:
        raise ValueError("these people have no places in the picture")
    return people.points_px


def _hungarian(cost: FloatArray, gate: float) -> IntArray:
    out = np.full((cost.shape[0], cost.shape[2]), NOBODY, dtype=np.int32)
    for frame, one in enumerate(cost):
        rows, columns = gated_pairs(one, gate=gate)
        out[frame, columns] = rows
    return out


def _nearest(cost: FloatArray) -> IntArray:
    known = np.isfinite(cost)
    if not cost.shape[1]:
        return np.full((cost.shape[0], cost.shape[2]), NOBODY, dtype=np.int32)
    best = np.where(known, cost, np.inf).argmin(1).astype(np.int32)
    return np.where(known.any(1), best, NOBODY).astype(np.int32)


def _kept_on(pairs: IntArray, who: IntArray, present: BoolArray) -> IntArray:
    """Seats of the identity that a person is paired with most often, where it is."""
    count = int(who.max(initial=EMPTY)) + 1
    mine = identities(pairs, who)
    agreeing = np.zeros((count, pairs.shape[1]))
    for person in range(pairs.shape[1]):
        known = mine[:, person]
        agreeing[:, person] = np.bincount(known[known >= 0], minlength=count)
    rows, columns = gated_pairs(np.where(agreeing > 0, -agreeing, np.nan))
    out = np.full(pairs.shape, NOBODY, dtype=np.int32)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        is_mine = who == row
        seat = np.where(is_mine.any(1), is_mine.argmax(1), NOBODY)
        out[:, column] = np.where(present[:, column], seat, NOBODY)
    return out


def _greedy(
    prediction: People, truth: People, present: BoolArray, gate: float
) -> IntArray:
    """Nearest pairs first by the norm of all joints, boxes overlapping (ROMP)."""
    out = np.full(present.shape, NOBODY, dtype=np.int32)
    p, t = _pixels(prediction), _pixels(truth)
    is_there = has_any(p)
    boxes_p, boxes_t = boxes_px(p), boxes_px(t)
    for frame in range(len(present)):
        mine = np.flatnonzero(is_there[frame])
        wanted = np.flatnonzero(present[frame])
        if not len(mine) or not len(wanted):
            continue
        between = p[frame, mine][:, None] - t[frame, wanted][None]
        distance = _norm(between, t[frame, wanted, :, 0] > _LEFT_OF_PICTURE_PX)
        overlap = _pixel_overlap(boxes_p[frame, mine], boxes_t[frame, wanted])
        for row, column in _greedy_pairs(distance, overlap >= 1 - gate):
            out[frame, wanted[column]] = mine[row]
    return out


def _norm(between_px: FloatArray, counts: BoolArray) -> FloatArray:
    """Norm over the true joints that count, (predictions, truths).

    Joints that a prediction lacks count as the mean of the rest.

    Args:
        between_px: Shape (predictions, truths, joints, 2).
        counts: Shape (truths, joints).
    """
    square = np.where(counts, np.square(between_px).sum(-1), np.nan)
    mean = np.nan_to_num(mean_over_joints(square), nan=np.inf)
    return np.sqrt(mean * np.maximum(counts.sum(-1), 1))


def _greedy_pairs(distance: FloatArray, overlaps: BoolArray) -> list[tuple[int, int]]:
    """Pairs as `match_2d_greedy` finds them: too little overlap uses up a prediction.

    Every combination that fails by overlap counts as a false positive, and the search
    ends when pairs and false positives are as many as predictions.
    """
    count_p, count_t = distance.shape
    found: list[tuple[int, int]] = []
    false, used_p, used_t = 0, set[int](), set[int]()
    for flat in np.argsort(distance, axis=None, kind="stable").tolist():
        if len(used_t) == count_t or len(used_p) + false >= count_p:
            break
        row, column = divmod(flat, count_t)
        if not overlaps[row, column]:
            false += 1
        elif row not in used_p and column not in used_t:
            used_p.add(row)
            used_t.add(column)
            found.append((row, column))
    return found


def _pixel_overlap(boxes_p: FloatArray, boxes_t: FloatArray) -> FloatArray:
    """Overlap of boxes whose borders are pixels, (predictions, truths)."""
    p, t = boxes_p[:, None], boxes_t[None]
    low, high = np.maximum(p[..., :2], t[..., :2]), np.minimum(p[..., 2:], t[..., 2:])
    both = np.prod(np.clip(high - low + 1, 0, None), axis=-1)
    own = np.prod(p[..., 2:] - p[..., :2] + 1, axis=-1)
    other = np.prod(t[..., 2:] - t[..., :2] + 1, axis=-1)
    return both / (own + other - both)
