"""Runs of the real simple-romp with made files, as its tests need them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.catalogue import estimator
from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.observations import Detection, FrameDetections
from tests.processes import PATIENCE_S

BRIGHT, BLACK = 200, 0


class Pictures:
    """Plain pictures by their brightness."""

    def __init__(
        self,
        *levels: int,
        size_px: tuple[int, int] = (320, 180),
        kept_back: int | None = None,
    ) -> None:
        self.levels = levels
        self.kept_back, self.go_on = kept_back, threading.Event()
        self.frame_count = len(levels)
        self.size_px = size_px
        self.asked: list[int] = []

    def iterate_rgb(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        width, height = self.size_px
        for frame in range(start, min(stop, self.frame_count)):
            self.asked.append(frame)
            if frame == self.kept_back:
                assert self.go_on.wait(PATIENCE_S)
            yield frame, np.full((height, width, 3), self.levels[frame], np.uint8)


def files(folder: Path, **others: str) -> dict[str, Path]:
    named = {
        "romp": "ROMP.pkl",
        "romp_smpl": "SMPL_NEUTRAL.pth",
        "bev": "BEV.pth",
        "romp_smpla": "SMPLA_NEUTRAL.pth",
        "romp_smil": "smil_packed_info.pth",
    }
    return {name: folder / file for name, file in (named | others).items()}


def stream(
    frames: Pictures,
    assets: dict[str, Path],
    *,
    name: str = "romp",
    **options: Any,
) -> Generator[Any]:
    return estimator(name).detect(
        frames,
        start=0,
        stop=frames.frame_count,
        assets=assets,
        options={"max_people": 2} | options,
        workers=1,
    )


def detect(frames: Pictures, assets: dict[str, Path], **rest: Any) -> Any:
    items = stream(frames, assets, **rest)
    return [item for item in items if isinstance(item, FrameDetections)]


def python_with(folder: Path, packages: Path) -> str:
    """A Python that prefers the packages of a folder."""
    path = folder / "python"
    path.write_text(
        f'#!/bin/sh\nPYTHONPATH="{packages}" exec "{sys.executable}" "$@"\n'
    )
    path.chmod(0o755)
    return str(path)


def python_without(package: str, folder: Path) -> str:
    """A Python in whose packages one is missing."""
    lacking = folder / "packages" / package
    lacking.mkdir(parents=True)
    (lacking / "__init__.py").write_text(f"raise ModuleNotFoundError('{package}')\n")
    return python_with(folder, lacking.parent)


def first(people: list[FrameDetections]) -> Detection:
    return people[0].detections[0]
