"""Compares two sets of people, frame by frame, by the rules of a protocol.

Pure arrays: reading files, times and cameras lie in `workflow.compare`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.errors import StudioError
from hpe_studio.metrics.aligning import Matched, aligned
from hpe_studio.metrics.comparison import Comparison, Counts
from hpe_studio.metrics.counting import (
    Setting,
    counting,
    with_pixels_of_places,
)
from hpe_studio.metrics.crowd import crowd_measures
from hpe_studio.metrics.measures import all_measures
from hpe_studio.metrics.pairing import NOBODY, paired, way_of
from hpe_studio.metrics.people import People, has_any, is_known
from hpe_studio.metrics.pose import joint_errors_m, mean_over_joints
from hpe_studio.metrics.protocol import Matching, Protocol
from hpe_studio.metrics.seats import Seated, by_identity, identities, seated


def compared(
    prediction: People,
    truth: People,
    protocol: Protocol,
    setting: Setting,
    *,
    seats: tuple[IntArray, tuple[str, ...]] | None = None,
    everything: bool = True,
) -> Comparison:
    """Everything there is to say about a prediction.

    Args:
        prediction: Everybody predicted, on the frames of `setting`.
        truth: Everybody there, on the same frames, in the same axes.
        protocol: The rules.
        setting: What surrounds them.
        seats: Where `prediction` is kept in seats already: who sits where, and the
            names of all identities.
        everything: False leaves out the numbers about everybody at once (AP, MOTA,
            IDF1, HOTA), which take longest.

    Raises:
        StudioError: If there is nobody to compare, or nobody could be matched.
    """
    everybody = prediction.names if seats is None else seats[1]
    prediction, who = seated(prediction) if seats is None else (prediction, seats[0])
    prediction = with_pixels_of_places(prediction)
    truth, known, left_out = counting(truth, protocol, setting)
    _check(prediction, known)
    p, g = prediction.of_joints(protocol.joints), truth.of_joints(protocol.joints)
    way = way_of(protocol.matching, protocol.gate, p, g)
    roots = prediction.point_m(protocol.root), truth.point_m(protocol.root)
    matches = _matches((p, g), roots, known, protocol, way, who)
    if not (matches >= 0).any():
        raise StudioError(
            f"nobody of {setting.prediction} could be matched with anybody of "
            f"{setting.truth}",
            fix="check camera and offset, or match in another way",
        )
    pairs = Matched(
        predicted_m=_taken(p.points_m, matches),
        truth_m=np.where(known[..., None, None], g.points_m, np.nan),
        predicted_root_m=_taken(roots[0], matches),
        truth_root_m=roots[1],
    )
    places = _Seats(
        matches=matches,
        present=known,
        left_out=left_out,
        ignored=_ignored(p, g, matches, left_out, way),
        who=who,
        names=everybody,
    )
    result = _result((p, g), pairs, places, protocol, setting)
    result = replace(result, matching=way[0])
    result = replace(result, notes=(*result.notes, *_notes(way[0], protocol)))
    found = all_measures(result, pairs)
    if everything:
        found |= crowd_measures(result, _without(p, places.ignored), g, who)
    return replace(result, measures=found)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Seats:
    """Who is who, and who counts; as in `Comparison`, but by seats, not identities.

    Attributes:
        who: Identities on the seats, (F, K).
        names: Of the identities.
    """

    matches: IntArray
    present: BoolArray
    left_out: BoolArray
    ignored: BoolArray
    who: IntArray
    names: tuple[str, ...]


def _matches(
    people: tuple[People, People],
    roots: tuple[FloatArray, FloatArray],
    known: BoolArray,
    protocol: Protocol,
    way: tuple[Matching, float],
    who: IntArray,
) -> IntArray:
    return paired(
        _with_root(people[0], roots[0], protocol.root),
        _with_root(people[1], roots[1], protocol.root),
        known,
        matching=way[0],
        gate=way[1],
        root=protocol.root,
        who=who,
    )


def _result(
    people: tuple[People, People],
    pairs: Matched,
    seats: _Seats,
    protocol: Protocol,
    setting: Setting,
) -> Comparison:
    """Everything but the measures."""
    p, g = people
    moved = aligned(pairs, protocol.align)
    errors = _counted_errors(moved, pairs.truth_m, protocol)
    who, count = seats.who, len(seats.names)
    false = _false_positives(p, seats.matches) & ~seats.ignored
    pixels = p.points_px
    return Comparison(
        prediction=setting.prediction,
        truth=setting.truth,
        protocol=protocol,
        matching=protocol.matching,
        frames=setting.frames,
        truth_frames=setting.truth_frames,
        fps=setting.fps,
        people=g.names,
        predicted=seats.names,
        joints=tuple(protocol.joints),
        truth_m=pairs.truth_m,
        predicted_m=Seated(values=p.points_m, who=who),
        aligned_m=moved,
        matches=identities(seats.matches, who),
        present=seats.present,
        left_out=seats.left_out,
        false_positives=by_identity(false, who, count),
        ignored=by_identity(seats.ignored, who, count),
        errors_m=errors,
        frame_errors_m=_frame_errors(errors, seats, protocol),
        measures={},
        counts=replace(
            _counts(pairs, p, seats, errors, _joints_that_count(protocol)),
            beyond=setting.beyond,
        ),
        time=setting.time,
        camera=setting.camera,
        official_frames=setting.official_frames,
        notes=tuple(setting.notes),
        versions=dict(setting.versions),
        truth_px=g.points_px,
        predicted_px=None if pixels is None else Seated(values=pixels, who=who),
        size_px=setting.size_px,
    )


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


def _without(people: People, ignored: BoolArray) -> People:
    if not ignored.any():
        return people
    points = np.where(ignored[..., None, None], np.nan, people.points_m)
    return replace(people, points_m=points)


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
    if not values.shape[1]:
        return np.full((*matches.shape, *values.shape[2:]), np.nan)
    rows = np.arange(len(matches))[:, None]
    found = values[rows, np.maximum(matches, 0)]
    is_nobody = (matches == NOBODY).reshape(matches.shape + (1,) * (found.ndim - 2))
    return np.where(is_nobody, np.nan, found)


def _counted_errors(
    moved_m: FloatArray, truth_m: FloatArray, protocol: Protocol
) -> FloatArray:
    errors = joint_errors_m(moved_m, truth_m)
    return np.where(_joints_that_count(protocol), errors, np.nan)


def _joints_that_count(protocol: Protocol) -> BoolArray:
    """All joints but an aligned root that is to stay out of the mean, (J,)."""
    is_rooted = protocol.align in ("root", "scale")
    is_out = is_rooted and not protocol.counts_root
    return np.array([not (is_out and j == protocol.root) for j in protocol.joints])


def _frame_errors(errors: FloatArray, seats: _Seats, protocol: Protocol) -> FloatArray:
    means = mean_over_joints(errors)
    if protocol.invisible == "zero":
        share = np.isfinite(errors).sum(-1) / errors.shape[-1]
        means = means * share
    if protocol.missed_mm is not None:
        is_missed = seats.present & (seats.matches == NOBODY)
        means = np.where(is_missed, protocol.missed_mm / 1000, means)
    return np.where(seats.present, means, np.nan)


def _counts(
    pairs: Matched,
    prediction: People,
    seats: _Seats,
    errors: FloatArray,
    counted: BoolArray,
) -> Counts:
    known, ignored = seats.present, seats.ignored
    is_found = known & (seats.matches != NOBODY)
    is_true = is_known(pairs.truth_m) & known[..., None] & counted
    is_measured = np.isfinite(errors)
    false = _false_positives(prediction, seats.matches) & ~ignored
    everybody = has_any(prediction.points_m)
    return Counts(
        true_people=int(known.sum()),
        matched=int(is_found.sum()),
        missed=int((known & ~is_found).sum()),
        left_out=int(seats.left_out.sum()),
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
