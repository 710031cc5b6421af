"""What a comparison found: every number by frame, person and joint, and who is who.

`Comparison` is what `workflow.compare.compare` returns, what the report writes and
what the window shows. Axes are called: F compared frames, G true people ("people"), P
predicted people ("predicted"), J joints. Places lie in the prediction's scene (Y up,
metres), whatever the truth's own axes were. NaN means: not known, not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.metrics.pairing import NOBODY
from hpe_studio.metrics.pose import mean_over_joints
from hpe_studio.metrics.protocol import Protocol, modified
from hpe_studio.metrics.seats import Seated

_NOTHING_M = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True)
class Measure:
    """One number with all that belongs to it.

    Attributes:
        id: Name for machines ("pa_mpjpe").
        label: Name for people ("PA-MPJPE").
        value: In `unit`; NaN where there is nothing to compute it from.
        unit: "mm", "mm/frame²", "m/s²", "%", "" ...
        count: Values (person-frames, joints, chunks) it is the mean of.
        coverage: Share of the true values it could have had that it had, 0 to 1.
        note: What a reader must know ("similarity absorbs scale 0.98").
    """

    id: str
    label: str
    value: float
    unit: str
    count: int
    coverage: float
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeFit:
    """Which frame of the truth belongs to a frame of the prediction.

    ``truth frame = offset_frames + rate * frame``.

    Attributes:
        offset_frames: In frames of the truth.
        rate: Frames of the truth per frame of the prediction.
        agreement: Correlation of the movement at this offset, -1 to 1; NaN unknown.
        source: "same" (both count alike), "given" or "found".
        better_offset: Where movement would agree clearly better, or None.
    """

    offset_frames: float = 0.0
    rate: float = 1.0
    agreement: float = float("nan")
    source: str = "same"
    better_offset: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What the means are over; each line adds up.

    ``true_people = matched + missed``;
    ``predicted_people = matched_predictions + ignored_predictions + false_positives``;
    ``true_joints = counted + lacking + missed_joints``.

    Attributes:
        true_people: Person-frames of the truth that count.
        matched, missed: Of them.
        left_out: Person-frames that are there but do not count by the protocol.
        predicted_people: Person-frames predicted.
        matched_predictions, false_positives: Of them.
        ignored_predictions: Of them those of people who do not count.
        true_joints: Joints of the truth that count.
        counted: Joints with an error.
        lacking: Joints that a matched prediction lacks.
        missed_joints: Joints of people who were missed.
        beyond: Person-frames of the truth before the first and after the last frame of
            the prediction; in none of the sums.
    """

    true_people: int
    matched: int
    missed: int
    left_out: int
    predicted_people: int
    matched_predictions: int
    ignored_predictions: int
    false_positives: int
    true_joints: int
    counted: int
    lacking: int
    missed_joints: int
    beyond: int = 0

    @property
    def coverage(self) -> float:
        """Share of the true joints that have an error; NaN without truth."""
        return self.counted / self.true_joints if self.true_joints else float("nan")


@dataclass(frozen=True, kw_only=True, slots=True)
class Worst:
    """A person on a frame with a large error.

    Attributes:
        row: Row of the comparison.
        frame: Frame of the prediction (clip frame).
        person: Index of the true person.
        error_m: Error of the person on the frame, metres; NaN where missed.
        joint: Index of the worst joint, -1 where the person was missed.
    """

    row: int
    frame: int
    person: int
    error_m: float
    joint: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Comparison:
    """A prediction against the truth.

    Attributes:
        prediction, truth: What people call the two.
        protocol: Every setting that was used.
        matching: How people were matched in the end ("root" without a camera).
        frames: Frames of the prediction, (F,), increasing.
        truth_frames: The same in frames of the truth, (F,).
        fps: Frames of the prediction per second.
        people: Names of the true people, G of them.
        predicted: Names of the predicted people, P of them.
        joints: Names of the joints, J of them.
        truth_m: True joints that count, (F, G, J, 3), prediction's scene.
        predicted_m: Joints of everybody predicted, by identity, prediction's scene.
        aligned_m: The matched prediction as aligned for measuring, (F, G, J, 3); with
            root alignment its root lies on the true one.
        matches: Index of the prediction that is the person, (F, G), `NOBODY` (-1)
            where there is none.
        present: People who are there and count, (F, G).
        left_out: People who are there and do not count by the protocol, (F, G).
        false_positives: Predictions that are nobody, (F, P).
        ignored: Predictions of people who do not count, (F, P).
        errors_m: Error of each joint as the protocol aligns, (F, G, J); NaN where it
            does not count.
        frame_errors_m: Error of each person and frame as the protocol averages, (F,
            G); a missed person has what the protocol says, else NaN.
        measures: All numbers by id, the protocol's own as "error" first.
        counts: Denominators.
        time: How frames were brought together.
        camera: Name of the camera, or "".
        official_frames: Whether the frames come from an official list.
        notes: Sentences a reader must know.
        versions: Of program and libraries.
        truth_px: True joints in the picture, (F, G, J, 2), or None without a camera.
        predicted_px: Predicted joints in the picture, by identity, or None.
        size_px: Size of that picture, or None.
    """

    prediction: str
    truth: str
    protocol: Protocol
    matching: str
    frames: IntArray
    truth_frames: FloatArray
    fps: float
    people: tuple[str, ...]
    predicted: tuple[str, ...]
    joints: tuple[str, ...]
    truth_m: FloatArray
    predicted_m: Seated
    aligned_m: FloatArray
    matches: IntArray
    present: BoolArray
    left_out: BoolArray
    false_positives: BoolArray
    ignored: BoolArray
    errors_m: FloatArray
    frame_errors_m: FloatArray
    measures: Mapping[str, Measure]
    counts: Counts
    time: TimeFit = field(default_factory=TimeFit)
    camera: str = ""
    official_frames: bool = False
    notes: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict[str, str])
    truth_px: FloatArray | None = None
    predicted_px: Seated | None = None
    size_px: tuple[int, int] | None = None

    @property
    def error(self) -> Measure:
        """The protocol's own number."""
        return self.measures["error"]

    @property
    def missed(self) -> BoolArray:
        """People who are there and were not found, (F, G)."""
        return self.present & (self.matches == NOBODY)

    @property
    def modified(self) -> tuple[str, ...]:
        """Which settings left the protocol; the card is amber where there are any."""
        return modified(self.protocol)

    def per_joint_m(self) -> FloatArray:
        """Mean error of each joint over everybody and all frames, (J,)."""
        return mean_over_joints(self.errors_m.reshape(-1, len(self.joints)).T)

    def per_person_m(self) -> FloatArray:
        """Mean error of each person over frames, as the protocol counts, (G,)."""
        return mean_over_joints(self.frame_errors_m.T)

    def person_joint_m(self) -> FloatArray:
        """Mean error per person and joint over frames, (G, J)."""
        return mean_over_joints(np.moveaxis(self.errors_m, 0, -1))

    def row_of(self, frame: int) -> int | None:
        """Row of a frame of the prediction; None where it was not compared."""
        row = int(np.searchsorted(self.frames, frame))
        is_here = row < len(self.frames) and int(self.frames[row]) == frame
        return row if is_here else None

    def person_of(self, row: int, predicted: int) -> int | None:
        """The true person that a prediction is on a row, or None."""
        found = np.flatnonzero(self.matches[row] == predicted)
        return int(found[0]) if len(found) else None

    def worst(self, count: int = 50, *, apart: int = 1) -> tuple[Worst, ...]:
        """The people on frames with the largest errors, worst first; none without.

        Args:
            count: At most so many.
            apart: Frames between two of the same person, at least.
        """
        found: list[Worst] = []
        for row, person in self._by_error():
            near = (
                one.person == person and abs(one.frame - int(self.frames[row])) < apart
                for one in found
            )
            if not any(near):
                found.append(self._worst(row, person))
            if len(found) == count:
                break
        return tuple(found)

    def _by_error(self) -> Iterator[tuple[int, int]]:
        known = np.where(np.isfinite(self.errors_m).any(-1), self.frame_errors_m, -1.0)
        known = np.nan_to_num(known, nan=-1.0)
        for flat in np.argsort(-known, axis=None, kind="stable").tolist():
            row, person = divmod(flat, known.shape[1])
            if known[row, person] <= _NOTHING_M:
                return
            yield row, person

    def _worst(self, row: int, person: int) -> Worst:
        errors = np.nan_to_num(self.errors_m[row, person], nan=-1.0)
        return Worst(
            row=row,
            frame=int(self.frames[row]),
            person=person,
            error_m=float(self.frame_errors_m[row, person]),
            joint=int(errors.argmax()),
        )
