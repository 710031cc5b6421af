"""Comparing a result with the truth: read, bring together, measure.

`compare` is the whole job for two files or folders; `compare_recordings` for what is
at hand already (a document and its truths, `recordings.recording_of_document` and
`recording_of_truths`). Both return a `metrics.comparison.Comparison`, whose docstring
says what lies in it.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

import numpy as np

import hpe_studio
from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.metrics.comparing import Setting, compared
from hpe_studio.metrics.comparison import Comparison, TimeFit
from hpe_studio.metrics.protocol import NAMED, Align, Protocol
from hpe_studio.metrics.seats import seated
from hpe_studio.workflow.compare_bodies import body_measures
from hpe_studio.workflow.compare_cameras import placed
from hpe_studio.workflow.compare_time import (
    Offset,
    Rate,
    people_beyond,
    rows_inside,
    time_fit,
    time_words,
    truth_at,
    truth_rows,
)
from hpe_studio.workflow.recordings import Recording, read_recording

_EVERY = "every "
_LIBRARIES = ("numpy", "scipy", "motmetrics")


@dataclass(frozen=True, kw_only=True, slots=True)
class CompareOptions:
    """What a person chooses.

    Attributes:
        protocol: The rules; `metrics.protocol.NAMED` has those with a name.
        align: In place of the protocol's alignment, or None.
        camera: Name of the truth's camera that filmed; "" finds it where needed.
        offset: Frame of the truth on the prediction's frame 0, "find", or None for 0.
        fps: Rate of the prediction, "same" (both count the same frames), "find", or
            None where the files say it.
        frames: Half-open range of frames of the prediction, or None for all.
        frame_list: Frames of the truth on an official list, or None.
        everything: False leaves out what takes long: people found and mistaken (AP,
            MOTA, IDF1, HOTA).
    """

    protocol: Protocol = field(default_factory=lambda: NAMED["studio"])
    align: Align | None = None
    camera: str = ""
    offset: Offset = None
    fps: Rate = None
    frames: tuple[int, int] | None = None
    frame_list: Collection[int] | None = None
    everything: bool = True


def compare(
    prediction: str | os.PathLike[str],
    truth: str | os.PathLike[str],
    options: CompareOptions | None = None,
) -> Job[Comparison]:
    """Compare a result with the truth; a job that returns the `Comparison`.

    Args:
        prediction: Project, results file or folder.
        truth: Folder of a Panoptic sequence, project or results file.
        options: What to compare and how; the studio's own protocol when None.

    Raises:
        StudioError: If something cannot be read, or cannot be compared.
    """
    chosen = options or CompareOptions()
    yield Progress(done=0.0, total=1.0, text="Reading the result")
    mine = read_recording(Path(prediction))
    yield Progress(done=0.3, total=1.0, text="Reading the truth")
    theirs = read_recording(Path(truth))
    yield Progress(done=0.6, total=1.0, text="Comparing")
    return compare_recordings(mine, theirs, chosen)


def compare_recordings(
    prediction: Recording, truth: Recording, options: CompareOptions | None = None
) -> Comparison:
    """Compare what is at hand.

    Args:
        prediction: The result.
        truth: The truth.
        options: What to compare and how.

    Raises:
        StudioError: If rates differ, no frame is shared, the camera is unknown, or
            nobody can be matched.
    """
    chosen = options or CompareOptions()
    _check_joints(prediction, chosen.protocol)
    fit = time_fit(prediction, truth, offset=chosen.offset, fps=chosen.fps)
    rows, at, protocol = _rows(prediction, truth, fit, chosen)
    frames = prediction.first_frame + rows
    mine, who = seated(prediction.people.on_frames(rows))
    both = placed(
        prediction,
        mine,
        truth_at(truth.people, at),
        frames,
        views=truth.views,
        camera=chosen.camera,
    )
    beyond, out = _beyond(prediction, truth, fit, chosen, protocol.frames)
    camera, time = both.camera or truth.camera, truth.time or fit
    protocol = replace(
        protocol,
        align=chosen.align or protocol.align,
        cameras=(camera,) if camera else (),
        time=time_words(time),
    )
    setting = Setting(
        frames=frames,
        truth_frames=time.offset_frames + time.rate * frames,
        fps=float(truth.fps) / fit.rate,
        prediction=prediction.name,
        truth=truth.name,
        size_px=both.size_px,
        scene_from_camera=both.scene_from_camera,
        time=time,
        camera=camera,
        official_frames=chosen.frame_list is not None,
        beyond=beyond,
        notes=(*both.notes, *_notes(prediction, truth, fit, protocol, chosen), *out),
        versions=_versions(),
    )
    found = compared(
        both.prediction,
        both.truth,
        protocol,
        setting,
        seats=(who, prediction.people.names),
        everything=chosen.everything,
    )
    is_same_scene = not both.camera and truth.time is None
    if chosen.everything and is_same_scene:
        bodies = body_measures(prediction, truth, found)
        found = replace(found, measures={**found.measures, **bodies})
    return found


def _check_joints(prediction: Recording, protocol: Protocol) -> None:
    known = (*prediction.people.joints, "hips")
    for name in (protocol.root, *protocol.joints):
        if name not in known:
            raise StudioError(
                f"there is no joint {name!r} to compare", fix=f"use {', '.join(known)}"
            )


def _rows(
    prediction: Recording, truth: Recording, fit: TimeFit, chosen: CompareOptions
) -> tuple[IntArray, FloatArray, Protocol]:
    """Rows of the prediction, rows of the truth, and the protocol with its frames."""
    protocol = chosen.protocol
    rows = rows_inside(prediction, truth, fit)
    at = truth_rows(prediction, truth, fit)
    words = protocol.frames
    if chosen.frames is not None:
        low, high = (one - prediction.first_frame for one in chosen.frames)
        rows = rows[(rows >= low) & (rows < high)]
        words = f"{chosen.frames[0]}:{chosen.frames[1]}"
    if chosen.frame_list is not None:
        wanted = np.array(sorted(chosen.frame_list), dtype=int)
        numbers = np.rint(truth.first_frame + at[rows]).astype(int)
        rows = rows[np.isin(numbers, wanted)]
        words = "official"
    elif words == "official":
        words = "all"
    if words.startswith(_EVERY):
        rows = rows[:: int(words.removeprefix(_EVERY))]
    if not len(rows):
        raise StudioError(
            f"{prediction.name} and {truth.name} share none of these frames",
            fix="choose other frames or another offset",
        )
    return rows, at[rows], replace(protocol, frames=words)


def _beyond(
    prediction: Recording,
    truth: Recording,
    fit: TimeFit,
    chosen: CompareOptions,
    words: str,
) -> tuple[int, tuple[str, ...]]:
    """How many true person-frames the prediction has no frame for, and a note of it."""
    step = int(words.removeprefix(_EVERY)) if words.startswith(_EVERY) else 1
    count = people_beyond(
        prediction,
        truth,
        fit,
        frames=chosen.frames,
        frame_list=chosen.frame_list,
        step=step,
    )
    if not count:
        return 0, ()
    note = (
        f"{count} more person-frames of the truth lie before or after the frames of "
        f"{prediction.name}: they are neither found nor missed."
    )
    return count, (note,)


def _notes(
    prediction: Recording,
    truth: Recording,
    fit: TimeFit,
    protocol: Protocol,
    chosen: CompareOptions,
) -> tuple[str, ...]:
    notes = [*prediction.notes, *truth.notes]
    if fit.better_offset is not None:
        notes.append(
            f"Movement agrees better with --offset {fit.better_offset:.1f}: is the "
            "truth shifted in time?"
        )
    if NAMED[protocol.name].frames == "official" and chosen.frame_list is None:
        notes.append(
            "Non-official frames: the protocol's list of frames was not given."
        )
    return tuple(notes)


def _versions() -> dict[str, str]:
    found = {name: version(name) for name in _LIBRARIES}
    return {"hpe-studio": hpe_studio.__version__, **found}


def as_rate(text: str | None) -> Rate:
    """A rate as written: "25", "24000/1001", "same", "find", or None.

    Raises:
        StudioError: If it is none of these.
    """
    if text is None or text in ("same", "find"):
        return text  # type: ignore[return-value]
    try:
        fps = Fraction(text)
    except (ValueError, ZeroDivisionError):
        fps = Fraction(0)
    if not 0 < fps <= 1000:
        raise StudioError(
            f"{text!r} is no frame rate", fix="write 25, 24000/1001, same or find"
        )
    return fps
