"""The bodies' outlines over the footage, kept until frame, poses or zoom change."""

from __future__ import annotations

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.silhouettes import BodyMesh, silhouettes
from hpe_studio.render.viewtransform import ViewTransform
from hpe_studio.ui.eye import Eye
from hpe_studio.ui.session import Session

Outlines = dict[int, tuple[FloatArray, ...]]


class BodyOutlines:
    """What the camera sees of every visible body.

    Args:
        session: Whose people.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._key: tuple[object, ...] | None = None
        self._found: Outlines = {}

    def forget(self) -> None:
        """Poses, shapes, cameras or eyes changed."""
        self._key = None

    def seen_through(
        self, view: ViewTransform, ratio: float, eye: Eye | None = None
    ) -> Outlines:
        """Outlines by person in stored pixels; none while the layer is off.

        Args:
            view: Where the picture lies.
            ratio: Device pixels per logical pixel.
            eye: Through which view; the one that is shown when None.
        """
        session = self._session
        if session.view.layers.mesh == "off":
            return {}
        eye = eye or session.eye()
        place = (view.scale, view.offset, view.view_px)
        key = (session.view.frame, eye.view, place, ratio)
        if key != self._key:
            self._key = key
            self._found = self._outlines(view, ratio, eye)
        return self._found

    def _outlines(self, view: ViewTransform, ratio: float, eye: Eye) -> Outlines:
        session = self._session
        frame = session.view.frame
        faces = session.poser.faces(light=True)
        bodies: list[BodyMesh] = []
        for person in session.persons:
            if not session.view.is_visible(person.id):
                continue
            vertices_m = session.poser.vertices_at(person.id, frame, light=True)
            if vertices_m is not None:
                bodies.append(
                    BodyMesh(id=person.id, vertices_m=vertices_m, faces=faces)
                )
        found = silhouettes(
            bodies,
            eye.camera,
            view,
            frame_in_shot=eye.frame_in_shot,
            grain=ratio,
        )
        return {body.id: found[body.id] for body in bodies}  # type: ignore[misc]
