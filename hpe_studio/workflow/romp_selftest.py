"""One documented picture through the owner's ROMP: is the set-up what it should be?

The picture is frame 110 of the sample clip: a man on a roof and a woman who walks by,
whose heads, hips and ankles are known. It tells a sound set-up from a broken one (other
weights, another body, colours exchanged, pictures padded wrongly); it does not measure
how good ROMP is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.assets import path_of
from hpe_studio.assets.own import own_file, own_path
from hpe_studio.catalogue import estimator
from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.core.observations import Detection, FrameDetections
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.specs import validated_options
from hpe_studio.estimators.romp_bodies import LANDMARKS, check_worker, checked
from hpe_studio.media.footage import open_footage
from hpe_studio.workers.host import WorkerFailed

FRAME = 110
PLACES_PX = (
    ((708, 125), (673, 264), (683, 431)),
    ((906, 549), (926, 716), (938, 890)),
)
"""Nose, middle of the hips and of the ankles of both people, stored pixels."""
NEAR = 0.15
"""How far off, as a share of the distance from nose to ankles, is near enough."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        what: A few words.
        passed: Whether it is as documented.
        detail: What was expected and what was found.
    """

    what: str
    passed: bool
    detail: str


def selftest(
    name: str = "romp",
    *,
    python: str = "",
    picture: Path | None = None,
    people: int | None = None,
) -> Job[tuple[Check, ...]]:
    """Check files and result of ROMP or BEV.

    Args:
        name: "romp" or "bev".
        python: The Python in which it runs; the studio's own when "".
        picture: Another picture than the sample's.
        people: How many people are in that; not checked when None.

    Raises:
        StudioError: If a file is missing or it cannot run.
    """
    module = estimator(name)
    settings = validated_options(module.SPEC.options, {"python": python})
    wanted = module.wanted_assets(settings)
    entries = [entry for entry in map(own_file, wanted) if entry is not None]
    assets = {entry.name: own_path(entry) for entry in entries}
    checks: list[Check] = []
    with check_worker(name, python) as worker:
        for number, entry in enumerate(entries):
            yield Progress(done=number, total=len(entries) + 1, text=entry.file)
            path = assets[entry.name]
            try:
                facts = checked(worker, entry.kind, path, name=entry.file)
            except WorkerFailed as error:
                checks.append(Check(what=entry.file, passed=False, detail=error.what))
            else:
                checks.append(Check(what=entry.file, passed=True, detail=facts))
    if not all(check.passed for check in checks):
        return tuple(checks)
    yield Progress(done=len(entries), total=len(entries) + 1, text="One picture")
    shown = _sample() if picture is None else _read(picture)
    found = _people(module, shown, assets, settings)
    expected = len(PLACES_PX) if picture is None else people
    checks.append(_counted(found, expected))
    if picture is None:
        checks += [_placed(found, places) for places in PLACES_PX]
    return tuple(checks)


def _people(
    module: Any,
    picture: ByteArray,
    assets: Mapping[str, Path],
    settings: Mapping[str, Any],
) -> tuple[Detection, ...]:
    stream = module.detect(
        _Still(picture), start=0, stop=1, assets=assets, options=settings, workers=0
    )
    found = [item for item in stream if isinstance(item, FrameDetections)]
    return found[0].detections if found else ()


def _counted(found: tuple[Detection, ...], expected: int | None) -> Check:
    said = f"{len(found)} found"
    detail = said if expected is None else f"{expected} expected, {said}"
    passed = expected is None or len(found) == expected
    return Check(what="people in the picture", passed=passed, detail=detail)


def _placed(found: tuple[Detection, ...], places_px: Any) -> Check:
    """Whether somebody's nose, hips and ankles are where a person's are."""
    goal = np.array(places_px, dtype=np.float64)
    height = float(np.linalg.norm(goal[2] - goal[0]))
    off = [_off(person, goal) / height for person in found]
    nearest = min(off, default=float("inf"))
    where = f"({goal[1, 0]:.0f}, {goal[1, 1]:.0f})"
    said = f"off by {100 * nearest:.0f} % of the height" if off else "nobody"
    return Check(
        what=f"person at {where}",
        passed=nearest <= NEAR,
        detail=f"at most {100 * NEAR:.0f} % expected, {said}",
    )


def _off(person: Detection, goal_px: FloatArray) -> float:
    names = landmark_set(LANDMARKS)
    ankles = [names.index("left_ankle"), names.index("right_ankle")]
    points = person.points_px
    mine = np.stack(
        [
            points[names.index("nose")],
            points[names.index("mid_hip")],
            points[ankles].mean(axis=0),
        ]
    )
    return float(np.linalg.norm(mine - goal_px, axis=1).max())


def _sample() -> ByteArray:
    footage = open_footage(path_of("sample_clip"))
    try:
        return footage.read_rgb(FRAME)
    finally:
        footage.close()


def _read(path: Path) -> ByteArray:
    """A picture file.

    Raises:
        StudioError: If it is none.
    """
    import cv2

    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise StudioError(what, path=path, fix="name a picture") from error
    bgr = cv2.imdecode(content, cv2.IMREAD_COLOR) if len(content) else None
    if bgr is None:
        raise StudioError("is no picture", path=path, fix="name a PNG or JPEG file")
    return np.ascontiguousarray(bgr[..., ::-1]).astype(np.uint8)


class _Still:
    """One picture as frames."""

    def __init__(self, picture: ByteArray) -> None:
        self._picture = picture
        self.frame_count = 1
        self.size_px = (picture.shape[1], picture.shape[0])

    def iterate_rgb(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        """The picture, if frame 0 is asked for."""
        if start <= 0 < stop:
            yield 0, self._picture
