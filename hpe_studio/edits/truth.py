"""Ground truth: attach it, take it away, say how it lies over the clip."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.truth import Truth


def attach_truth(document: Document, truths: Sequence[Truth]) -> tuple[int, ...]:
    """Hold ground truth beside the motion, in place of what was there.

    Args:
        document: Where.
        truths: One per person, with their arrays; they get ids of the document.

    Returns:
        The ids they got.

    Raises:
        StudioError: If there is nobody in it.
    """
    if not truths:
        raise StudioError(
            "the truth has nobody in it", fix="choose a file with places of people"
        )
    ids: list[int] = []
    with document.edit(f"Attach truth {truths[0].name}") as edit:
        for old in tuple(document.truths.values()):
            edit.remove(old)
        for truth in truths:
            ids.append(document.new_id())
            edit.add_truth(replace(truth, id=ids[-1], arrays={}), truth.arrays)
    return tuple(ids)


def remove_truth(document: Document) -> None:
    """Take the truth away.

    Raises:
        StudioError: If there is none.
    """
    truths = _all(document)
    with document.edit("Detach truth") as edit:
        for truth in truths:
            edit.remove(truth)


def set_truth_timing(
    document: Document,
    *,
    offset_frames: float | None = None,
    rate: float | None = None,
) -> None:
    """Say which frame of the truth belongs to a frame of the clip.

    Args:
        document: Where.
        offset_frames: Frame of the truth shown on clip frame 0; as it is when None.
        rate: Frames of the truth per frame of the clip; as it is when None.

    Raises:
        StudioError: If there is no truth or a number makes no sense.
    """
    if rate is not None and not (math.isfinite(rate) and 0.01 <= rate <= 100):
        raise StudioError(
            f"a rate of {rate:g} frames per frame is not possible",
            fix="give a number from 0.01 to 100",
        )
    if offset_frames is not None and not math.isfinite(offset_frames):
        raise StudioError("the offset is no number", fix="give a number of frames")

    def timed(truth: Truth) -> Truth:
        return replace(
            truth,
            offset_frames=truth.offset_frames
            if offset_frames is None
            else offset_frames,
            rate=truth.rate if rate is None else rate,
        )

    _change(document, "Time of truth", timed)


def set_truth_place(
    document: Document,
    scene_from_file: FloatArray,
    *,
    camera_name: str = "",
    camera: Camera | None = None,
) -> None:
    """Say where the truth stands in the scene.

    Args:
        document: Where.
        scene_from_file: Shape (3, 4), metres (see `Truth`).
        camera_name: The camera of the truth that filmed the clip, or "".
        camera: That camera in the document's scene.

    Raises:
        StudioError: If there is no truth.
    """
    _change(
        document,
        "Place of truth",
        lambda truth: replace(
            truth,
            scene_from_file=scene_from_file,
            camera_name=camera_name,
            camera=camera,
        ),
    )


def set_truth_fit(
    document: Document,
    *,
    offset_frames: float,
    rate: float,
    place: tuple[FloatArray, str, Camera | None] | None = None,
) -> None:
    """Take over what was found of time and place as one step.

    Args:
        document: Where.
        offset_frames: Frame of the truth shown on clip frame 0.
        rate: Frames of the truth per frame of the clip.
        place: What `set_truth_place` takes, or None to leave the place.

    Raises:
        StudioError: If there is no truth.
    """

    def fitted(truth: Truth) -> Truth:
        timed = replace(truth, offset_frames=offset_frames, rate=rate)
        if place is None:
            return timed
        scene, name, camera = place
        return replace(timed, scene_from_file=scene, camera_name=name, camera=camera)

    _change(document, "Find time and camera of truth", fitted)


def _all(document: Document) -> tuple[Truth, ...]:
    truths = tuple(document.truths.values())
    if not truths:
        raise StudioError("there is no truth", fix="attach truth first")
    return truths


def _change(document: Document, label: str, changed: Callable[[Truth], Truth]) -> None:
    truths = _all(document)
    with document.edit(label) as edit:
        for truth in truths:
            edit.put(changed(truth))
