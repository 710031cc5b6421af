"""What the pictures of a clip say by themselves: what moves where, and who is where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hpe_studio.assets import path_of
from hpe_studio.catalogue import estimator
from hpe_studio.core.arrays import ByteArray, FloatArray, IntArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.core.observations import FrameDetections
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.workflow.match_overlay import LIMBS

if TYPE_CHECKING:
    from pathlib import Path

    from hpe_studio.media.footage import Footage

FRAMES_SEEN = 12
_RUNS, _RUN_FRAMES = 4, 14
_FLOW_PX = 320
_ESTIMATOR = "blazepose"
_SURE = 0.5
_LOOKING, _FINDING = "Looking at the clip", "Looking for people"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Moving:
    """How the picture moves from some frames to the next ones.

    Attributes:
        frames: Frame of each pair's first picture, shape (pairs,).
        flow_px: Movement in stored pixels, shape (pairs, height, width, 2).
        scale: Pixels of the flow per stored pixel.
    """

    frames: IntArray
    flow_px: FloatArray
    scale: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Seen:
    """Who is where in one picture.

    Attributes:
        frame: Frame of the clip.
        limbs_px: Limb joints, shape (people, limbs, 2); NaN where not seen.
        height_px: Height of each person's box, shape (people,).
    """

    frame: int
    limbs_px: FloatArray
    height_px: FloatArray


def look(footage: Footage) -> Job[tuple[Moving, dict[int, ByteArray]]]:
    """Movement in a few runs of frames spread over a clip, and their best pictures.

    Returns:
        The movement, and the pictures in which most moves, by frame.
    """
    width, height = footage.size_px
    scale = min(1.0, _FLOW_PX / max(width, height))
    small_px = (max(8, round(width * scale)), max(8, round(height * scale)))
    frames: list[int] = []
    flows: list[FloatArray] = []
    best: dict[int, ByteArray] = {}
    runs = _runs(footage.frame_count)
    share = max(1, FRAMES_SEEN // len(runs))
    for number, (start, stop) in enumerate(runs):
        yield Progress(done=number, total=len(runs), text=_LOOKING)
        pictures = dict(footage.iterate_rgb(start, stop))
        grey = {frame: _grey(rgb, small_px) for frame, rgb in pictures.items()}
        strength: dict[int, float] = {}
        for frame in sorted(grey):
            if frame + 1 in grey:
                flow = _flow(grey[frame], grey[frame + 1]) / scale
                frames.append(frame)
                flows.append(flow)
                strength[frame] = float(np.abs(flow).mean())
        chosen = _spaced(strength, share)
        best.update({frame: pictures[frame] for frame in chosen})
    flow_px = np.stack(flows) if flows else np.zeros((0, *small_px[::-1], 2))
    moving = Moving(frames=np.array(frames, np.int64), flow_px=flow_px, scale=scale)
    return moving, best


def _runs(frame_count: int) -> list[tuple[int, int]]:
    """Half-open runs of frames, spread over the clip."""
    if frame_count <= _RUNS * _RUN_FRAMES:
        return [(0, frame_count)]
    starts = np.linspace(0, frame_count - _RUN_FRAMES, 2 * _RUNS + 1)[1::2]
    return [(int(start), int(start) + _RUN_FRAMES) for start in starts]


def _grey(rgb: ByteArray, size_px: tuple[int, int]) -> ByteArray:
    import cv2

    small = cv2.resize(rgb, size_px, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _flow(before: ByteArray, after: ByteArray) -> FloatArray:
    """Movement of each pixel, shape (height, width, 2), pixels (Farneback 2003)."""
    import cv2

    empty: Any = None
    flow = cv2.calcOpticalFlowFarneback(before, after, empty, 0.5, 3, 13, 3, 5, 1.1, 0)
    return np.asarray(flow, dtype=np.float64)


def _spaced(strength: dict[int, float], count: int) -> list[int]:
    """The frames with most movement, not side by side."""
    chosen: list[int] = []
    for frame in sorted(strength, key=lambda f: -strength[f]):
        if all(abs(frame - other) > 1 for other in chosen):
            chosen.append(frame)
        if len(chosen) == count:
            break
    return sorted(chosen)


class _Pictures:
    """A few pictures as a source of frames for an estimator.

    Args:
        pictures: In order, all of one size.
    """

    def __init__(self, pictures: Sequence[ByteArray]) -> None:
        self._pictures = pictures

    @property
    def frame_count(self) -> int:
        return len(self._pictures)

    @property
    def size_px(self) -> tuple[int, int]:
        height, width = self._pictures[0].shape[:2]
        return width, height

    def iterate_rgb(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        yield from enumerate(self._pictures[start:stop], start)


def who_is_where(pictures: dict[int, ByteArray]) -> Job[tuple[Seen, ...]]:
    """The people in some pictures; nobody where no estimator is at hand."""
    assets = _assets()
    order = sorted(pictures)
    if not assets or not order:
        return ()
    plug_in = estimator(_ESTIMATOR)
    source = _Pictures([pictures[frame] for frame in order])
    model = "heavy" if "blazepose_heavy" in assets else "full"
    found: list[Seen] = []
    names = landmark_set(plug_in.SPEC.landmark_set).names
    work = plug_in.detect(
        source,
        start=0,
        stop=len(order),
        assets=assets,
        options={"model": model, "detector_interval": 1},
        workers=1,
    )
    with closing(work):
        for answer in work:
            if isinstance(answer, FrameDetections):
                found.append(_seen(answer, order[answer.frame], names))
            yield Progress(done=len(found), total=len(order), text=_FINDING)
    return tuple(found)


def _assets() -> dict[str, Path]:
    """The estimator's files, as far as they are here; nothing where too few are."""
    here: dict[str, Path] = {}
    for name in estimator(_ESTIMATOR).SPEC.assets:
        try:
            here[name] = path_of(name)
        except StudioError:
            continue
    models = [name for name in here if name.startswith(_ESTIMATOR)]
    return here if models and len(here) > len(models) else {}


def _seen(answer: FrameDetections, frame: int, names: Sequence[str]) -> Seen:
    columns = [names.index(limb) for limb in LIMBS]
    limbs: list[FloatArray] = []
    heights: list[float] = []
    for person in answer.detections:
        sure = person.confidence[columns] > _SURE
        places = person.points_px[columns].astype(np.float64)
        limbs.append(np.where(sure[:, None], places, np.nan))
        heights.append(float(person.box_px[3] - person.box_px[1]))
    shape = (len(limbs), len(LIMBS), 2)
    return Seen(
        frame=frame,
        limbs_px=np.stack(limbs) if limbs else np.zeros(shape),
        height_px=np.array(heights),
    )
