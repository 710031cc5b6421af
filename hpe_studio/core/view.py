"""Views: footage of other cameras that filmed at the same time as the clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.clip import Clip


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class View:
    """Footage of another camera, synchronous with the document's clip (view 0).

    Frames of the document are always those of its clip; a view says which of its own
    pictures belongs to one. Its cameras are `ShotCamera`s with its number.

    Attributes:
        number: From 1, unique within the document; 0 is the clip itself.
        name: What people call the camera ("00_16").
        clip: Its footage.
        offset_frames: How many frames, at the rate of the document's clip, this
            footage is ahead: with 3 its picture 3 belongs to the clip's frame 0.
    """

    number: int
    name: str
    clip: Clip
    offset_frames: int = 0

    @property
    def key(self) -> int:
        """Key in the document's table."""
        return self.number

    def frame_at(self, frame: int, clip: Clip) -> int | None:
        """The frame of this view that belongs to a frame of the document's clip.

        Footage of the same steady rate is counted, other footage is looked up by
        time (the nearest picture).

        Args:
            frame: Frame of the document's clip.
            clip: The document's clip.

        Returns:
            None where this view has no picture then.
        """
        own = self.clip
        steady = not (own.is_variable_rate or clip.is_variable_rate)
        if own.fps == clip.fps and steady:
            shifted = frame + self.offset_frames
            return shifted if 0 <= shifted < own.frame_count else None
        time_s = clip.times_s[frame] + self.offset_frames / float(clip.fps)
        return _nearest(own, float(time_s))


def _nearest(clip: Clip, time_s: float) -> int | None:
    """The frame nearest in time; None more than half a frame beyond the ends."""
    half_s = 0.5 / float(clip.fps)
    times_s = clip.times_s
    if not times_s[0] - half_s <= time_s <= times_s[-1] + half_s:
        return None
    after = min(int(np.searchsorted(times_s, time_s)), clip.frame_count - 1)
    before = max(after - 1, 0)
    is_before = time_s - times_s[before] <= times_s[after] - time_s
    return before if is_before else after
