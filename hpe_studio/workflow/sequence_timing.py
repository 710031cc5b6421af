"""How the frames of a Panoptic sequence's films, poses and clocks lie on each other."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.clip import Clip
from hpe_studio.core.interchange import PersonPoints
from hpe_studio.core.truth import Truth
from hpe_studio.formats.panoptic import PanopticTruth
from hpe_studio.formats.panoptic_folder import Clock, Film, PanopticFolder
from hpe_studio.formats.panoptic_frames import body_frame
from hpe_studio.formats.panoptic_members import frame_files
from hpe_studio.formats.panoptic_sync import frames_between, table_times
from hpe_studio.media.images import image_files

_NUMBER = re.compile(r"(\d+)$")
_TIMES_READ = 64
_SETS = ("coco19", "mpi15")
_NO_CLOCK = (
    "HD and VGA frames have no common time here: they are taken to begin together"
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Numbers:
    """Which frame of its clock each frame of a clip is.

    Attributes:
        first: The number of frame 0.
        each: Of every frame where they do not follow one another, else None.
    """

    first: int = 0
    each: IntArray | None = None


def numbers_of(film: Film, clip: Clip) -> Numbers:
    """Frame numbers of a film: movies count from 0, images are named after theirs."""
    if not film.is_images:
        return Numbers()
    found = [_NUMBER.search(file.stem) for file in image_files(film.path)]
    if not all(found):
        return Numbers()
    numbers = np.array([int(match[1]) for match in found if match], dtype=np.int64)
    if numbers[-1] - numbers[0] + 1 == clip.frame_count:
        return Numbers(first=int(numbers[0]))
    return Numbers(first=int(numbers[0]), each=numbers)


class SequenceTimes:
    """Times of the frames of both clocks, read once where somebody asks for them."""

    def __init__(self, found: PanopticFolder) -> None:
        self._found = found
        self._known: dict[Clock, dict[int, float]] | None = None

    def between(self, frames_of: Clock, on: Clock) -> tuple[float, float] | None:
        """As `panoptic_sync.frames_between`."""
        if frames_of == on:
            return 0.0, 1.0
        if self._known is None:
            self._known = self._read()
        return frames_between(self._known, frames_of, on)

    def _read(self) -> dict[Clock, dict[int, float]]:
        sync = self._found.sync
        known = {} if sync is None else table_times(sync)
        for clock, (place, _) in self._found.poses.items():
            times: dict[int, float] = {}
            for frame, data in frame_files(place):
                said = _time_of(data)
                if said is not None:
                    times[frame] = said
                if len(times) == _TIMES_READ:
                    break
            if times:
                known[clock] = times
        return known


def _time_of(data: bytes) -> float | None:
    try:
        return body_frame(data).time_ms
    except ValueError:
        return None


def view_offset(
    *,
    main: tuple[Film, Numbers],
    view: tuple[Film, Numbers],
    times: SequenceTimes,
) -> tuple[int, str]:
    """How far a film is ahead of the clip, in frames of the clip (see `View`).

    Args:
        main: The clip's film and its frame numbers.
        view: The other film and its.
        times: Of the sequence.

    Returns:
        The offset, and a sentence where it had to be taken for granted.
    """
    (own, own_numbers), (other, numbers) = main, view
    if own_numbers.each is not None and numbers.each is not None:
        # Few pictures far apart: beside each other are those of the same number.
        return _by_number(own_numbers.each, numbers.each), ""
    lies = times.between(own.clock, other.clock)
    if lies is None:
        return own_numbers.first - numbers.first, _NO_CLOCK
    offset, step = lies
    # The other clock's frame when the clip begins, in frames of the clip.
    return round((offset + own_numbers.first * step - numbers.first) / step), ""


def _by_number(own: IntArray, other: IntArray) -> int:
    """How far the first number that both have stands further in the other."""
    shared = np.intersect1d(own, other)
    if not len(shared):
        return 0
    return int(np.searchsorted(other, shared[0]) - np.searchsorted(own, shared[0]))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Laid:
    """Truth laid over a clip, and sentences a person should know."""

    truths: tuple[Truth, ...]
    notes: tuple[str, ...] = ()


def on_clip(
    read: PanopticTruth, film: Film, numbers: Numbers, times: SequenceTimes
) -> Laid:
    """Everybody's bodies over a film; frame n of the truth is frame n of its clock."""
    lies = times.between(film.clock, read.clock)
    offset, step = lies or (0.0, 1.0)
    truths = tuple(
        truth_of(run, numbers=numbers, offset=offset, step=step)
        for run in read.motion.points
        if run.point_set.name in _SETS
    )
    return Laid(truths=truths, notes=() if lies else (_NO_CLOCK,))


def truth_of(
    run: PersonPoints, *, numbers: Numbers, offset: float, step: float
) -> Truth:
    """One run as truth: frame f of the clip is frame offset + step * number(f).

    Args:
        run: Places of a person.
        numbers: Frame numbers of the clip.
        offset: Frame of the truth on the clock's frame 0.
        step: Frames of the truth per frame of the clock.
    """
    assert run.points_scene_m is not None
    places, start = run.points_scene_m, run.start
    known: FloatArray = np.isfinite(places).all(axis=-1) * np.ones(places.shape[:2])
    trust = known if run.confidence is None else run.confidence
    if numbers.each is not None:
        rows = np.rint(offset + step * numbers.each).astype(np.int64) - start
        places, trust = _at(places, trust, rows)
        start, offset, step = 0, 0.0, 1.0
    else:
        offset += step * numbers.first
    return Truth(
        id=0,
        name="",
        path="",
        person=run.name,
        point_set=run.point_set,
        first_frame=start,
        offset_frames=offset,
        rate=step,
        row_count=len(places),
        arrays={"points_file_m": places, "confidence_file": trust},
    )


def _at(
    places: FloatArray, trust: FloatArray, rows: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Rows of the truth for each picture; missing where it has none."""
    inside = (rows >= 0) & (rows < len(places))
    out = np.full((len(rows), *places.shape[1:]), np.nan)
    sure = np.zeros((len(rows), trust.shape[1]))
    out[inside], sure[inside] = places[rows[inside]], trust[rows[inside]]
    return out, sure
