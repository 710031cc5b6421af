"""How much care a picture is given: a policy over what the machine can do.

Without a graphics card ambient occlusion waits for the still picture; with one it is
always there, until frames take too long. Edges are smoothed in every picture, and the
contact shadow is cheap enough to follow playback everywhere. Whole meshes are drawn
while moving for as many people as the processor can manage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Quality = Literal["moving", "still", "photo"]
"""While something moves, 150 ms after the last event, and for pictures to keep."""

SLOW_FRAME_MS, SOFTWARE_SLOW_FRAME_MS = 16.0, 28.0
WHOLE_FACES = 60_000
"""Triangles that the processor draws in time while moving: two people's."""
_PATIENCE_FRAMES = 6
_MOVING_SAMPLES, _STILL_SAMPLES = 64, 160
_SOFTWARE_SAMPLES, _ANISOTROPY = 32, 16
_SOFTWARE_PIXELS, _SOFTWARE_MOST_PIXELS = 600_000, 2_400_000
_SOFTWARE_NAMES = (
    "llvmpipe",
    "softpipe",
    "swiftshader",
    "swrast",
    "openswr",
    "software rasterizer",
    "gdi generic",
    "microsoft basic render",
    "apple software renderer",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Effects:
    """What one picture is drawn with.

    Attributes:
        occlusion_samples: Of ambient occlusion; 0 for none.
        smooth_edges: Stairs at outlines are smoothed.
        shadow: The contact shadow: none, fit to follow playback, or fine.
        light_meshes: Coarse meshes stand in for whole ones.
        floor_anisotropy: How well lines that run away from the eye are filtered.
    """

    occlusion_samples: int
    smooth_edges: bool
    shadow: Literal["none", "quick", "fine"]
    light_meshes: bool
    floor_anisotropy: int


def is_software_renderer(name: str) -> bool:
    """True if OpenGL's renderer string names one that draws on the processor.

    Args:
        name: ``GL_RENDERER``, or a longer report that contains it.
    """
    lower = name.lower()
    return any(part in lower for part in _SOFTWARE_NAMES)


def effects_for(
    quality: Quality,
    *,
    software: bool,
    pixels: int,
    faces: int = 0,
    steps_down: int = 0,
) -> Effects:
    """What a picture is drawn with.

    Args:
        quality: How much time there is.
        software: True without a graphics card.
        pixels: Device pixels of the picture.
        faces: Triangles of everyone's whole mesh.
        steps_down: How many of occlusion, smoothing and shadow are given up, in this
            order, while moving on a graphics card (`Pace`). Without one the first step
            gives up the whole meshes, and there is nothing else to gain.
    """
    moving = quality == "moving"
    given_up = steps_down if moving and not software else 0
    is_crowded = faces > WHOLE_FACES or steps_down > 0
    anisotropy = _ANISOTROPY
    if moving and (software or given_up > 0):
        anisotropy = 1
    return Effects(
        occlusion_samples=0 if given_up > 0 else _samples(quality, software, pixels),
        smooth_edges=given_up < 2,
        shadow="none" if given_up > 2 else "quick" if moving else "fine",
        light_meshes=moving and software and is_crowded,
        floor_anisotropy=anisotropy,
    )


class Pace:
    """Counts slow frames and says how many effects to give up.

    One slow frame is chance; several in a row are a machine that cannot. What was given
    up while moving is tried again after the next rest of the view.
    """

    def __init__(self) -> None:
        self.steps_down = 0
        self._slow = 0

    def note(self, frame_ms: float, *, software: bool = False) -> None:
        """Takes the time of a frame drawn while moving."""
        limit_ms = SOFTWARE_SLOW_FRAME_MS if software else SLOW_FRAME_MS
        self._slow = self._slow + 1 if frame_ms > limit_ms else 0
        if self._slow >= _PATIENCE_FRAMES:
            self.steps_down = min(self.steps_down + 1, 3)
            self._slow = 0

    def rest(self) -> None:
        """The view came to rest: one effect may be tried again."""
        self.steps_down = max(self.steps_down - 1, 0)
        self._slow = 0


def _samples(quality: Quality, software: bool, pixels: int) -> int:
    if not software or quality == "photo":
        return _MOVING_SAMPLES if quality == "moving" else _STILL_SAMPLES
    if quality == "moving" or pixels > _SOFTWARE_MOST_PIXELS:
        return 0
    # The same time for every size: large pictures hide a coarser pattern.
    share = min(1.0, _SOFTWARE_PIXELS / max(pixels, 1))
    return max(12, round(_SOFTWARE_SAMPLES * share))
