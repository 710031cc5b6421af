"""Small signs over the viewers: how truth is drawn, what the heat of errors means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.viewstate import Layers
from hpe_studio.metrics.protocol import Protocol
from hpe_studio.render.drawlist import Box, Ink, Label, Lines, Shape
from hpe_studio.ui.compare.heat import MOST_MM, heat_colours
from hpe_studio.ui.shape_painter import name_width
from hpe_studio.ui.words import tr

_HIGH_PX, _PAD_PX, _GAP_PX, _EDGE_PX, _SAMPLE_PX = 22.0, 8.0, 6.0, 10.0, 18.0
_STEP_PX = 9.0
_GROUND, _WHITE = Ink(colour="#0E1014", alpha=0.82), Ink(colour="#F4F6FA")
_ALIGNED = {
    "none": "truth as it is",
    "root": "truth root on root",
    "scale": "truth root on root, scaled",
    "rigid": "truth laid on, rigid",
    "procrustes": "truth laid on, Procrustes",
    "sequence": "truth laid on over the clip",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """One sign.

    Attributes:
        text: Beside the sample.
        sample: "truth" (dashed), "tube" (whole), "heat" (its steps) or "".
    """

    text: str
    sample: str = ""

    @property
    def sample_px(self) -> float:
        """Width of the sample with its gap."""
        if not self.sample:
            return 0.0
        steps = _STEP_PX * len(heat_colours())
        return (steps if self.sample == "heat" else _SAMPLE_PX) + 6

    @property
    def wide_px(self) -> float:
        """Width of the whole."""
        return 2 * _PAD_PX + self.sample_px + name_width(self.text)


def picture_signs(layers: Layers, size: tuple[float, float]) -> list[Shape]:
    """Signs at the picture's lower right."""
    signs: list[Sign] = []
    if layers.truth:
        signs.append(Sign(text=tr("truth"), sample="truth"))
    if layers.error_lines:
        signs.append(Sign(text=f"0–{MOST_MM:.0f} mm", sample="heat"))
    wide = sum(sign.wide_px for sign in signs) + _GAP_PX * max(len(signs) - 1, 0)
    return _row(signs, size[0] - _EDGE_PX - wide, size[1] - _EDGE_PX - _HIGH_PX)


def scene_signs(
    layers: Layers, protocol: Protocol, size: tuple[float, float]
) -> list[Shape]:
    """Signs at the lower left of the 3D picture."""
    signs: list[Sign] = []
    if layers.truth:
        words = {
            "on": tr(_ALIGNED[protocol.align]),
            "beside": tr("truth beside the bodies"),
            "place": tr("truth where it is"),
        }
        signs.append(Sign(text=words[layers.truth_place], sample="tube"))
    if layers.error_colours or layers.error_lines:
        signs.append(Sign(text=f"0–{MOST_MM:.0f} mm", sample="heat"))
    wide = sum(sign.wide_px for sign in signs) + _GAP_PX * max(len(signs) - 1, 0)
    if wide > size[0] - 110 and len(signs) > 1:  # the axis ball keeps its room
        signs = signs[1:]
    return _row(signs, _EDGE_PX, size[1] - _EDGE_PX - _HIGH_PX)


def _row(signs: Sequence[Sign], left: float, top: float) -> list[Shape]:
    shapes: list[Shape] = []
    for sign in signs:
        right = left + sign.wide_px
        rect = (left, top, right, top + _HIGH_PX)
        shapes.append(Box(rect=rect, radius=4.0, fill=_GROUND))
        shapes += _sample(sign, left + _PAD_PX, top + _HIGH_PX / 2)
        shapes.append(
            Label(
                text=sign.text,
                x=left + _PAD_PX + sign.sample_px,
                y=top + _HIGH_PX / 2,
                ink=_WHITE,
            )
        )
        left = right + _GAP_PX
    return shapes


def _sample(sign: Sign, x: float, y: float) -> list[Shape]:
    if sign.sample == "heat":
        return [
            Box(
                rect=(x + _STEP_PX * i, y - 4, x + _STEP_PX * (i + 1), y + 4),
                fill=Ink(colour=colour),
            )
            for i, colour in enumerate(heat_colours())
        ]
    if not sign.sample:
        return []
    ends = np.array([[(x, y), (x + _SAMPLE_PX, y)]])
    dash = (5.0, 3.2) if sign.sample == "truth" else ()
    return [Lines(ends=ends, width=2.2, ink=_WHITE, dash=dash)]
