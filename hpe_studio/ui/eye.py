"""What one looks through: a view's camera on the frame shown, and its footage."""

from __future__ import annotations

from dataclasses import dataclass

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Eye:
    """One view on one frame.

    Attributes:
        view: Its number; 0 is the clip itself, whose pixels estimates speak of.
        camera: Its camera over the frame's shot.
        frame_in_shot: Which of the camera's places holds.
        clip: Its footage.
    """

    view: int
    camera: Camera
    frame_in_shot: int
    clip: Clip

    def project(self, points_scene_m: FloatArray) -> FloatArray:
        """Stored pixels of scene points, shape (..., 2), as the lens bends them."""
        return self.camera.project(points_scene_m, self.frame_in_shot)


def eye_of(document: Document, frame: int, view: int) -> Eye:
    """How a view sees a frame of the document."""
    return Eye(
        view=view,
        camera=document.camera_at(frame, view),
        frame_in_shot=frame - document.shot_at(frame).start,
        clip=document.view_clip(view),
    )
