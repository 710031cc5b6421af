"""Body shapes by measures, and from what estimates said of them."""

from __future__ import annotations

import numpy as np

from hpe_studio.body.shape_controls import MEASURES, with_measure
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jointmodel import fit_length
from hpe_studio.core.person import Person
from hpe_studio.core.track import Estimate
from hpe_studio.edits.people import set_shape
from hpe_studio.posing.posed import Poser


def set_measure(
    edit: Edit, poser: Poser, person: Person, *, name: str, value_m: float
) -> None:
    """Change one measure of a body ("height", "arm") and keep the others.

    Raises:
        StudioError: If the person is locked, there is no such measure, or nobody has
            so much.
    """
    if name not in MEASURES:
        raise StudioError(
            f"there is no measure {name!r}", fix=f"choose among {', '.join(MEASURES)}"
        )
    if not 0.01 < value_m < 5.0:
        raise StudioError(f"nobody has {value_m:.2f} m there", fix="give metres")
    betas, scale = with_measure(
        poser.body, person.betas, person.scale, name=name, value_m=value_m
    )
    set_shape(edit, person, betas=betas, scale=scale)


def take_median_shape(edit: Edit, document: Document, person: Person) -> int:
    """Give a person the middle of the shapes that estimates gave, by frames.

    Returns:
        Number of estimates that were looked at.

    Raises:
        StudioError: If no estimate says a shape, or the person is locked.

    Source: spec 5.4: the weighted median per coefficient.
    """
    told = [e for e in _estimates(document, person) if e.betas or e.scale != 1.0]
    if not told:
        raise StudioError(
            "no estimate of this person says a shape", fix="set the height by hand"
        )
    length = max(len(e.betas) for e in told)
    betas = np.array([fit_length(np.asarray(e.betas), length) for e in told])
    scales = np.array([[e.scale] for e in told])
    weights = np.array([e.stop - e.start for e in told], dtype=np.float64)
    middle = [_median(column, weights) for column in np.hstack([betas, scales]).T]
    set_shape(edit, person, betas=middle[:-1], scale=middle[-1])
    return len(told)


def take_shape_of_frame(
    edit: Edit, document: Document, person: Person, frame: int
) -> None:
    """Give a person the shape that the estimate of a frame has.

    Raises:
        StudioError: If there is none on that frame, or the person is locked.
    """
    for estimate in _estimates(document, person):
        if estimate.start <= frame < estimate.stop:
            set_shape(edit, person, betas=estimate.betas, scale=estimate.scale)
            return
    raise StudioError(
        f"there is no estimate of this person on frame {frame}",
        fix="choose another frame",
    )


def _estimates(document: Document, person: Person) -> list[Estimate]:
    found = [
        document.estimates.get(track.estimate_id or -1)
        for track in document.tracks_of(person.id)
    ]
    return [estimate for estimate in found if estimate is not None]


def _median(values: np.ndarray, weights: np.ndarray) -> float:
    """The value at which half of the weight is reached."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, weights.sum() / 2)])
