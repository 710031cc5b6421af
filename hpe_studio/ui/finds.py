"""What a running estimate has seen so far, frame by frame, drawn lightly."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from hpe_studio.core.observations import FrameDetections
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.render.overlay import OverlayPerson

_TRUSTED = 0.3


class Finds(QObject):
    """Detections of a run that goes on or was stopped; `changed` names the frame.

    They are no people yet: who is who is told when the run is complete.
    """

    changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._frames: dict[int, FrameDetections] = {}
        self._landmarks = ""

    def __len__(self) -> int:
        return len(self._frames)

    def begin(self, landmarks: str) -> None:
        """Start anew with the landmark set of an estimator."""
        self.clear()
        self._landmarks = landmarks

    def add(self, found: object) -> None:
        """Take a piece of a run's result."""
        if isinstance(found, FrameDetections):
            self._frames[found.frame] = found
            self.changed.emit(found.frame)

    def drop(self, start: int, stop: int) -> None:
        """Forget the frames [start, stop): their people are told apart now."""
        for frame in [f for f in self._frames if start <= f < stop]:
            del self._frames[frame]
            self.changed.emit(frame)

    def clear(self) -> None:
        """Forget everything."""
        frames, self._frames = self._frames, {}
        for frame in frames:
            self.changed.emit(frame)

    def people_at(self, frame: int) -> list[OverlayPerson]:
        """Who was seen in a frame, as ghosts that answer no pointer."""
        found = self._frames.get(frame)
        if found is None:
            return []
        edges = landmark_set(self._landmarks).edges
        people: list[OverlayPerson] = []
        for number, seen in enumerate(found.detections):
            points = np.array(seen.points_px, np.float64)
            points[seen.confidence < _TRUSTED] = np.nan
            people.append(
                OverlayPerson(
                    id=f"find {number}",
                    points_px=points,
                    edges=edges,
                    colour="#FFFFFF",
                    style="ghost",
                )
            )
        return people
