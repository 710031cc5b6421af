"""Compares two sets of people, frame by frame, by the rules of a protocol.

Pure arrays: reading files, times and cameras lie in `workflow.compare`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.errors import StudioError
from hpe_studio.metrics.aligning import Matched, aligned
from hpe_studio.metrics.comparison import Comparison, Counts, TimeFit
from hpe_studio.metrics.crowd import crowd_measures
from hpe_studio.metrics.measures import all_measures
from hpe_studio.metrics.pairing import NOBODY, paired, way_of
from hpe_studio.metrics.people import People, has_any, is_known
from hpe_studio.metrics.pose import joint_errors_m, mean_over_joints
from hpe_studio.metrics.protocol import Matching, Protocol


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Setting:
    """What surrounds two sets of people that are compared.

    Attributes:
        frames: Frames of the prediction that the rows are, (F,), increasing.
        truth_frames: The same in frames of the truth, (F,).
        fps: Frames of the prediction per second.
        prediction, truth: What people call the two.
        size_px: Width and height of the picture, or None.
        scene_from_camera: Rotation of camera axes into the prediction's scene, (3, 3).
        time: How frames were brought together.
        camera: Its name, or "".
        official_frames: Whether the frames come from an official list.
        notes: Sentences a reader must know.
        versions: Of program and libraries.
    """

    frames: IntArray
    truth_frames: FloatArray
    fps: float
    prediction: str = "prediction"
    truth: str = "truth"
    size_px: tuple[int, int] | None = None
    scene_from_camera: FloatArray = field(
        default_factory=lambda: np.diag([1.0, -1.0, -1.0])
    )
    time: TimeFit = field(default_factory=TimeFit)
    camera: str = ""
    official_frames: bool = False
    notes: Sequence[str] = ()
    versions: Mapping[str, str] = field(default_factory=dict[str, str])


def compared(
    prediction: People,
    truth: People,
    protocol: Protocol,
    setting: Setting,
    *,
    everything: bool = True,
) -> Comparison:
    """Everything there is to say about a prediction.

    Args:
        prediction: Everybody predicted, on the frames of `setting`.
        truth: Everybody there, on the same frames, in the same axes.
        protocol: The rules.
        setting: What surrounds them.
        everything: False leaves out the numbers about everybody at once (AP, MOTA,
            IDF1, HOTA), which take longest.

    Raises:
        StudioError: If there is nobody to compare, or nobody could be matched.
    """
    prediction = _in_both(prediction)
    truth, known, left_out = _counting(truth, protocol, setting)
    _check(prediction, known)
    p, g = prediction.of_joints(protocol.joints), truth.of_joints(protocol.joints)
    matching, gate = way_of(protocol.matching, protocol.gate, p, g)
    roots = prediction.point_m(protocol.root), truth.point_m(protocol.root)
    matches = paired(
        _with_root(p, roots[0], protocol.root),
        _with_root(g, roots[1], protocol.root),
        known,
        matching=matching,
        gate=gate,
        root=protocol.root,
    )
    if not (matches >= 0).any():
        raise StudioError(
            f"nobody of {setting.prediction} could be matched with anybody of "
            f"{setting.truth}",
            fix="check camera and offset, or match in another way",
        )
    ignored = _ignored(p, g, matches, left_out, (matching, gate))
    pairs = Matched(
        predicted_m=_taken(p.points_m, matches),
        truth_m=np.where(known[..., None, None], g.points_m, np.nan),
        predicted_root_m=_taken(roots[0], matches),
        truth_root_m=roots[1],
    )
    moved = aligned(pairs, protocol.align)
    errors = _counted_errors(moved, pairs.truth_m, protocol)
    frame_errors = _frame_errors(errors, known, matches, protocol)
    counts = _counts(pairs, p, known, left_out, (matches, ignored), errors)
    result = Comparison(
        prediction=setting.prediction,
        truth=setting.truth,
        protocol=protocol,
        matching=matching,
        frames=setting.frames,
        truth_frames=setting.truth_frames,
        fps=setting.fps,
        people=truth.names,
        predicted=prediction.names,
        joints=tuple(protocol.joints),
        truth_m=pairs.truth_m,
        predicted_m=p.points_m,
        aligned_m=moved,
        matches=matches,
        present=known,
        left_out=left_out,
        false_positives=_false_positives(p, matches) & ~ignored,
        ignored=ignored,
        errors_m=errors,
        frame_errors_m=frame_errors,
        measures={},
        counts=counts,
        time=setting.time,
        camera=setting.camera,
        official_frames=setting.official_frames,
        notes=tuple(setting.notes) + _notes(matching, protocol),
        versions=dict(setting.versions),
        truth_px=g.points_px,
        predicted_px=p.points_px,
        size_px=setting.size_px,
    )
    found = all_measures(result, pairs)
    if everything:
        found |= crowd_measures(result, p, g)
    return replace(result, measures=found)


def _in_both(people: People) -> People:
    """People without pixels of joints that have no place."""
    if people.points_px is None:
        return people
    known = is_known(people.points_m)[..., None]
    return replace(people, points_px=np.where(known, people.points_px, np.nan))


def _counting(
    truth: People, protocol: Protocol, setting: Setting
) -> tuple[People, BoolArray, BoolArray]:
    """The truth with what does not count as NaN; who counts; who is left out."""
    points_m = truth.points_m
    known = is_known(points_m)
    if truth.confidence is not None:
        known &= truth.confidence > protocol.confidence
    inside = _inside(truth, setting.size_px)
    everywhere = np.where(known[..., None], points_m, np.nan)
    cleaned = replace(
        truth,
        points_m=everywhere,
        points_px=None
        if truth.points_px is None
        else np.where(known[..., None], truth.points_px, np.nan),
    )
    cleaned = _shifted(cleaned, protocol, setting)
    if protocol.visibility == "inside" and inside is not None:
        seen = np.where(inside[..., None], cleaned.points_m, np.nan)
        cleaned = replace(cleaned, points_m=seen)
    counting = cleaned.of_joints(protocol.joints)
    is_there = known.any(-1)
    counts = has_any(counting.points_m)
    if protocol.align in ("root", "scale"):
        counts &= is_known(cleaned.point_m(protocol.root))
    if protocol.least_inside and inside is not None:
        counts &= _count_inside(truth, inside, protocol) >= protocol.least_inside
    return cleaned, counts, is_there & ~counts


def _count_inside(truth: People, inside: BoolArray, protocol: Protocol) -> IntArray:
    marked = replace(
        truth, points_m=np.where(inside[..., None], truth.points_m, np.nan)
    )
    return is_known(marked.of_joints(protocol.joints).points_m).sum(-1)


def _inside(truth: People, size_px: tuple[int, int] | None) -> BoolArray | None:
    if truth.points_px is None or size_px is None:
        return None
    x, y = truth.points_px[..., 0], truth.points_px[..., 1]
    return (x >= 0) & (x < size_px[0]) & (y >= 0) & (y < size_px[1])


def _shifted(truth: People, protocol: Protocol, setting: Setting) -> People:
    if not protocol.offsets_camera_m:
        return truth
    points = truth.of_joints([*dict.fromkeys([*truth.joints, *protocol.joints])])
    moved = points.points_m.copy()
    for joint, shift in protocol.offsets_camera_m:
        if joint in points.joints:
            turned = setting.scene_from_camera @ np.asarray(shift)
            moved[..., points.joints.index(joint), :] += turned
    return replace(points, points_m=moved)


def _check(prediction: People, known: BoolArray) -> None:
    if not known.any():
        raise StudioError(
            "the truth has nobody who counts on these frames",
            fix="choose other frames or another offset",
        )
    if not is_known(prediction.points_m).any():
        raise StudioError(
            "the prediction has nobody on these frames (or only NaN)",
            fix="choose other frames or another offset",
        )


def _with_root(people: People, root_m: FloatArray, name: str) -> People:
    """People whose own root is found by name, whichever joints they were cut to."""
    if name in people.joints or name == "hips":
        return people
    pixels = people.points_px
    if pixels is not None:
        blank = np.full((*pixels.shape[:2], 1, 2), np.nan)
        pixels = np.concatenate([pixels, blank], axis=2)
    return replace(
        people,
        joints=(*people.joints, name),
        points_m=np.concatenate([people.points_m, root_m[:, :, None]], axis=2),
        points_px=pixels,
        confidence=None,
    )


def _taken(values: FloatArray, matches: IntArray) -> FloatArray:
    """Values of the matched predictions, (frames, people, ...); NaN for nobody."""
    rows = np.arange(len(matches))[:, None]
    found = values[rows, np.maximum(matches, 0)]
    is_nobody = (matches == NOBODY).reshape(matches.shape + (1,) * (found.ndim - 2))
    return np.where(is_nobody, np.nan, found)


def _counted_errors(
    moved_m: FloatArray, truth_m: FloatArray, protocol: Protocol
) -> FloatArray:
    errors = joint_errors_m(moved_m, truth_m)
    is_rooted = protocol.align in ("root", "scale")
    if is_rooted and not protocol.counts_root and protocol.root in protocol.joints:
        errors[..., protocol.joints.index(protocol.root)] = np.nan
    return errors


def _frame_errors(
    errors: FloatArray,
    known: BoolArray,
    matches: IntArray,
    protocol: Protocol,
) -> FloatArray:
    means = mean_over_joints(errors)
    if protocol.invisible == "zero":
        share = np.isfinite(errors).sum(-1) / errors.shape[-1]
        means = means * share
    if protocol.missed_mm is not None:
        is_missed = known & (matches == NOBODY)
        means = np.where(is_missed, protocol.missed_mm / 1000, means)
    return np.where(known, means, np.nan)


def _counts(
    pairs: Matched,
    prediction: People,
    known: BoolArray,
    left_out: BoolArray,
    pairing: tuple[IntArray, BoolArray],
    errors: FloatArray,
) -> Counts:
    matches, ignored = pairing
    is_found = known & (matches != NOBODY)
    is_true = is_known(pairs.truth_m) & known[..., None]
    is_measured = np.isfinite(errors)
    false = _false_positives(prediction, matches) & ~ignored
    everybody = has_any(prediction.points_m)
    return Counts(
        true_people=int(known.sum()),
        matched=int(is_found.sum()),
        missed=int((known & ~is_found).sum()),
        left_out=int(left_out.sum()),
        predicted_people=int(everybody.sum()),
        matched_predictions=int((everybody & ~false & ~ignored).sum()),
        ignored_predictions=int(ignored.sum()),
        false_positives=int(false.sum()),
        true_joints=int(is_true.sum()),
        counted=int(is_measured.sum()),
        lacking=int((is_true & is_found[..., None] & ~is_measured).sum()),
        missed_joints=int((is_true & ~is_found[..., None]).sum()),
    )


def _ignored(
    prediction: People,
    truth: People,
    matches: IntArray,
    left_out: BoolArray,
    way: tuple[Matching, float],
) -> BoolArray:
    """Predictions of people who do not count: neither right nor wrong, (F, P)."""
    spare = _false_positives(prediction, matches)
    if not left_out.any() or not spare.any():
        return np.zeros_like(spare)
    pixels = prediction.points_px
    rest = replace(
        prediction,
        points_m=np.where(spare[..., None, None], prediction.points_m, np.nan),
        points_px=None
        if pixels is None
        else np.where(spare[..., None, None], pixels, np.nan),
    )
    others = paired(rest, truth, left_out, matching=way[0], gate=way[1])
    return spare & ~_false_positives(rest, others)


def _false_positives(prediction: People, matches: IntArray) -> BoolArray:
    is_there = has_any(prediction.points_m)
    used = np.zeros_like(is_there)
    rows, people = np.nonzero(matches >= 0)
    used[rows, matches[rows, people]] = True
    return is_there & ~used


def _notes(matching: str, protocol: Protocol) -> tuple[str, ...]:
    if matching == protocol.matching:
        return ()
    return (
        f"Without a camera people were matched by {matching} distance, not by "
        f"{protocol.matching}.",
    )
