"""The finished picture: turned upright, the stairs at its outlines smoothed."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from hpe_studio.core.arrays import ByteArray


@cache
def _kernels() -> Any:
    from hpe_studio.render import pixelkernels

    return pixelkernels


class Finisher:
    """Turns OpenGL's pixels into a picture; keeps the memory between frames."""

    def __init__(self) -> None:
        self._out = np.zeros((0, 0, 4), np.uint8)
        self._luma = np.zeros((0, 0), np.uint8)

    def finish(self, upside_down: ByteArray, *, smooth: bool) -> ByteArray:
        """The picture, shape (height, width, 4), first row on top.

        It is overwritten by the next call.

        Args:
            upside_down: Shape (height, width, 4), last row first, as OpenGL has it.
            smooth: Soften edges, a fifth of what a software renderer's own filter
                takes. Source: Lottes, "FXAA" (2009), the version for slow machines.
        """
        if self._out.shape != upside_down.shape:
            self._out = np.empty(upside_down.shape, np.uint8)
            self._luma = np.empty(upside_down.shape[:2], np.uint8)
        if smooth:
            _kernels().smoothed_into(upside_down, self._luma, self._out)
        else:
            np.copyto(self._out, upside_down[::-1])
        return self._out
