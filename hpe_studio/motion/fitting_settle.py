"""The second look: every frame again, now knowing the frames on both sides.

The first pass only knows the past. Here each frame is fitted again with a tie to the
middle between its neighbours, which costs nothing for steady motion and damps what
jumps to and fro; frames that show little follow their neighbours, clear ones hardly
move. Sweeping forth and back is block-wise descent (Gauss-Seidel) on the energy of the
whole sequence, one small system at a time.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Protocol

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.jobs import Progress
from hpe_studio.motion.fitting_arrays import State
from hpe_studio.motion.fitting_frame import Solved
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix

_LONGEST_SPAN_S = 0.2
_FRAMES_PER_STEP = 16


class SettlingFrames(Protocol):
    """A fitter of single frames, as far as the second look asks for one."""

    def settle(
        self, frame: int, state: State, target: State, *, spacing_s: float
    ) -> Solved:
        """A frame again, tied to what its neighbours expect."""
        ...


def settle_frames(
    fitter: SettlingFrames,
    solved: list[tuple[int, Solved]],
    times_s: FloatArray,
    *,
    sweeps: int,
) -> Generator[Progress, None, list[tuple[int, Solved]]]:
    """Fit all frames again between their neighbours.

    Args:
        fitter: The single-frame fitter that solved them.
        solved: Frames and their fits, in order.
        times_s: Time of every frame of the tracklet, shape (frames,).
        sweeps: How often.

    Returns:
        The same frames with their new fits; the first, the last and those beside a
        gap are kept.
    """
    out = list(solved)
    for sweep in range(sweeps):
        inner = range(1, len(out) - 1)
        for done, i in enumerate(inner if sweep % 2 == 0 else reversed(inner)):
            if done % _FRAMES_PER_STEP == 0:
                yield Progress(
                    done=sweep + done / len(out), total=sweeps, text="Settling the body"
                )
            (before, a), (frame, own), (after, b) = out[i - 1 : i + 2]
            span_s = float(times_s[after] - times_s[before])
            if not 0 < span_s <= _LONGEST_SPAN_S:
                continue
            share = float(times_s[frame] - times_s[before]) / span_s
            target = _between(a.state, b.state, share)
            new = fitter.settle(frame, own.state, target, spacing_s=span_s / 2)
            out[i] = (frame, new)
    return out


def _between(a: State, b: State, share: float) -> State:
    """The state a share of the way from one to another."""
    way = rotvec_from_matrix(np.swapaxes(a.rotations, -1, -2) @ b.rotations)
    return State(
        a.rotations @ matrix_from_rotvec(share * way),
        a.root_m + share * (b.root_m - a.root_m),
        a.origin_m + share * (b.origin_m - a.origin_m),
    )
