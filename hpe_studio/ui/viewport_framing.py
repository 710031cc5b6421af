"""The first look at a scene: everyone in it, as soon as there is anyone."""

from __future__ import annotations

from hpe_studio.ui.figures import joints_in_shot
from hpe_studio.ui.session import Session
from hpe_studio.ui.viewport_camera import ViewportCamera
from hpe_studio.ui.viewport_navigation import Navigator


class FirstFraming:
    """Frames the shot once somebody is there, and whenever a view came or went.

    Args:
        session: Whose people and views.
        camera: What the scene is seen through.
        navigator: What moves it.
    """

    def __init__(
        self, session: Session, camera: ViewportCamera, navigator: Navigator
    ) -> None:
        self._session, self._camera, self._navigator = session, camera, navigator
        self._is_framed, self._framed_views = False, 0

    def look_at_first(self) -> None:
        """Frame the shot unless that was done, or one looks through a camera."""
        if self._is_framed or self._camera.is_through:
            return
        self._is_framed = bool(joints_in_shot(self._session))
        views = len(self._session.document.views)
        has_rig, self._framed_views = views != self._framed_views, views
        if self._is_framed or has_rig:
            self._navigator.frame_shot()
