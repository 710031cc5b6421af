"""The truth of a CMU Panoptic sequence on the frames of a film of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.core.truth import Truth
from hpe_studio.formats.calibration import CalibratedCamera
from hpe_studio.formats.panoptic import PanopticTruth
from hpe_studio.formats.panoptic_folder import Film, PanopticFolder
from hpe_studio.workflow.sequence_timing import Numbers, SequenceTimes, on_clip
from hpe_studio.workflow.views import camera_for


def truths_on_clip(
    found: PanopticFolder,
    main: Film,
    read: PanopticTruth | None,
    numbers: Numbers,
    clip: Clip,
    cameras: Mapping[str, CalibratedCamera],
    times: SequenceTimes,
) -> tuple[tuple[Truth, ...], tuple[str, ...]]:
    """Everybody's truth on the clip's frames, and what a person should know.

    Args:
        found: The sequence.
        main: The film that is the clip.
        read: Its truth; None where there is none.
        numbers: Which frames of the sequence the film's are.
        clip: The film.
        cameras: Calibrated cameras by name.
        times: Of the sequence's clocks.

    Raises:
        StudioError: If nobody is there while the clip lasts.
    """
    if read is None:
        return (), ()
    calibrated = cameras.get(main.camera)
    laid = on_clip(read, main, numbers, times)
    truths = tuple(
        replace(
            truth,
            name=found.name,
            path=str(found.path.absolute()),
            camera_name=main.camera,
            camera=None if calibrated is None else camera_for(calibrated, clip),
        )
        for truth in laid.truths
    )
    return _on_the_clip(truths, clip, found), (*read.motion.warnings, *laid.notes)


def _on_the_clip(
    truths: Sequence[Truth], clip: Clip, found: PanopticFolder
) -> tuple[Truth, ...]:
    """Who is there while the clip lasts.

    Raises:
        StudioError: If nobody is.
    """
    seen = tuple(t for t in truths if t.start < min(t.stop, clip.frame_count))
    if truths and not seen:
        first = min(t.start for t in truths)
        raise StudioError(
            f"has no truth on the frames of the film: it begins at frame {first}, "
            f"the film ends at {clip.frame_count - 1}",
            path=found.path,
            fix="fetch the whole film",
        )
    return seen
