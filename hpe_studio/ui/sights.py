"""How a viewer sees the scene, lens and all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hpe_studio.render.pulling import PictureSight, SceneSight, Sight
from hpe_studio.ui.session import Session

if TYPE_CHECKING:
    from hpe_studio.ui.tools.base import Canvas


def sight_of(session: Session, canvas: Canvas) -> Sight:
    """The sight of the footage with its lens, or of the viewport's camera."""
    picture = canvas.picture_transform
    if picture is None:
        return SceneSight(view=canvas.scene_view())
    return PictureSight(
        camera=session.camera, picture=picture, frame_in_shot=session.frame_in_shot
    )
