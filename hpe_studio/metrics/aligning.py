"""Matched predictions moved onto the truth in the way a protocol says.

Shapes: (frames, people, joints, 3) for joints, (frames, people, 3) for roots, metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.metrics.alignment import Similarity, best_scale, best_similarity
from hpe_studio.metrics.protocol import Align


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Matched:
    """The prediction of each true person beside the truth; NaN where nobody was found.

    Attributes:
        predicted_m, truth_m: Joints, (frames, people, joints, 3).
        predicted_root_m, truth_root_m: Roots, (frames, people, 3).
    """

    predicted_m: FloatArray
    truth_m: FloatArray
    predicted_root_m: FloatArray
    truth_root_m: FloatArray


def aligned(pairs: Matched, align: Align) -> FloatArray:
    """The predictions as they are measured, (frames, people, joints, 3)."""
    p, g = pairs.predicted_m, pairs.truth_m
    if align == "none":
        return p
    if align == "sequence":
        return _by_sequence(p, g)
    if align in ("rigid", "procrustes"):
        return best_similarity(p, g, with_scale=align == "procrustes").apply(p)
    from_p = p - pairs.predicted_root_m[..., None, :]
    from_g = g - pairs.truth_root_m[..., None, :]
    if align == "scale":
        from_p = best_scale(from_p, from_g)[..., None, None] * from_p
    return from_p + pairs.truth_root_m[..., None, :]


def sequence_similarities(predicted_m: FloatArray, truth_m: FloatArray) -> Similarity:
    """One similarity per person over all frames; fields have shape (people, ...)."""
    frames, people, joints, _ = predicted_m.shape
    p = np.moveaxis(predicted_m, 0, 1).reshape(people, frames * joints, 3)
    g = np.moveaxis(truth_m, 0, 1).reshape(people, frames * joints, 3)
    return best_similarity(p, g)


def _by_sequence(predicted_m: FloatArray, truth_m: FloatArray) -> FloatArray:
    found = sequence_similarities(predicted_m, truth_m)
    turned = np.einsum("gij,fgnj->fgni", found.rotation, predicted_m)
    return found.scale[:, None, None] * turned + found.shift_m[:, None, :]
