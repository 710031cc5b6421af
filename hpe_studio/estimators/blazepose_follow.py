"""One person followed from a box that somebody drew, with BlazePose."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray, ByteArray, FloatArray
from hpe_studio.core.jobs import Progress
from hpe_studio.core.observations import FrameDetections, FrameSource
from hpe_studio.core.specs import validated_options
from hpe_studio.estimators.blazepose import (
    SPEC,
    detections_of,
    model_asset,
    pixel_aspect,
)
from hpe_studio.workers.frames import FrameAnswer
from hpe_studio.workers.host import Worker

_SCRIPT = Path(__file__).with_name("blazepose_net") / "follow.py"
_TEXT = "Following the person"
_CHUNK = 16
"""Frames decoded at once on the way back."""
_PATIENCE = 12
"""Frames in a row without the person after which it is lost."""
TRUNK = (11, 12, 23, 24)
"""Landmarks by which people who are known already are told."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Pointed:
    """Whom to follow and how far.

    Attributes:
        frame: Where the box was drawn.
        box_px: x0, y0, x1, y1, stored pixels.
        start, stop: Half-open range that is not left.
        others_px: Trunks (`TRUNK`) of people who are known already, by frame, each of
            shape (people, 4, 2), stored pixels; the person is none of them.
    """

    frame: int
    box_px: tuple[float, float, float, float]
    start: int
    stop: int
    others_px: Mapping[int, FloatArray]


def follow(
    frames: FrameSource,
    pointed: Pointed,
    *,
    assets: Mapping[str, Path],
    options: Mapping[str, Any],
) -> Generator[FrameDetections | Progress]:
    """The person in a box, forward and back until lost; nobody else.

    Args:
        frames: The clip.
        pointed: Whom.
        assets: Paths of the model files by asset name.
        options: Settings of `blazepose.SPEC`.

    Yields:
        Every frame in which the person was seen, once, the frame of the box first, and
        progress in between. Nothing but progress where nobody is in the box.

    Raises:
        StudioError: If a model file is missing or the networks cannot run.
    """
    values = validated_options(SPEC.options, options)
    settings = {
        "movenet": str(model_asset(assets, "movenet_multipose")),
        "blazepose": str(model_asset(assets, f"blazepose_{values['model']}")),
        "detector_size": values["detector_size"],
        "pixel_aspect": pixel_aspect(frames),
    }
    width, height = frames.size_px
    worker = Worker(
        _SCRIPT,
        settings,
        shared_size=width * height * 3,
        name="The pose estimator",
    )
    try:
        yield from _both_ways(_Asker(worker, frames, pointed), pointed)
    finally:
        worker.close()


class _Asker:
    """Shows one picture after the other to the worker."""

    def __init__(self, worker: Worker, frames: FrameSource, pointed: Pointed) -> None:
        self._worker, self._frames, self._pointed = worker, frames, pointed

    def ask(
        self, frame: int, picture: ByteArray, message: Mapping[str, Any]
    ) -> FrameDetections | None:
        """The person in a picture, or None."""
        shared = self._worker.picture(0, picture.shape)
        shared.array[:] = picture
        others = self._pointed.others_px.get(frame, np.zeros((0, len(TRUNK), 2)))
        known = np.nan_to_num(others, nan=-1e6).tolist()
        _, arrays = self._worker.request({**message, "others": known}, [shared])
        return _person(frame, arrays, self._frames.size_px)

    def pictures(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        """Frames in order."""
        return self._frames.iterate_rgb(start, stop)

    def backwards(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        """Frames from the last to the first."""
        for end in range(stop, start, -_CHUNK):
            chunk = list(self.pictures(max(start, end - _CHUNK), end))
            yield from reversed(chunk)


def _both_ways(asker: _Asker, pointed: Pointed) -> Iterator[FrameDetections | Progress]:
    total, at = pointed.stop - pointed.start, pointed.frame
    yield Progress(done=0, total=total, text=_TEXT)
    first: FrameDetections | None = None
    for frame, picture in asker.pictures(at, at + 1):
        first = asker.ask(frame, picture, {"box": list(pointed.box_px)})
    if first is None:
        return
    yield first
    ways = (
        (asker.pictures(at + 1, pointed.stop), 1),
        (asker.backwards(pointed.start, at), 1 + pointed.stop - at - 1),
    )
    for way, before in ways:
        yield from _one_way(asker, way, before=before, total=total)


def _one_way(
    asker: _Asker, way: Iterator[tuple[int, ByteArray]], *, before: int, total: int
) -> Iterator[FrameDetections | Progress]:
    """Follow from the box until the person was not seen for some frames."""
    message: dict[str, Any] = {"rewind": True}
    missed = 0
    for done, (frame, picture) in enumerate(way, start=before):
        found = asker.ask(frame, picture, message)
        message = {}
        missed = 0 if found is not None else missed + 1
        if found is not None:
            yield found
        yield Progress(done=done, total=total, text=_TEXT)
        if missed >= _PATIENCE:
            return


def _person(
    frame: int, arrays: Sequence[AnyArray], size_px: tuple[int, int]
) -> FrameDetections | None:
    count = len(arrays[0])
    if count == 0:
        return None
    message = {"hints": [0] * count}
    answer = FrameAnswer(frame=frame, message=message, arrays=list(arrays))
    return detections_of(answer, size_px)
