"""Puts the truth into the 3D scene, and the heat of errors onto bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.ui.compare.figures import truth_figures
from hpe_studio.ui.compare.heat import bone_errors_m, vertex_rgb

if TYPE_CHECKING:
    from hpe_studio.core.arrays import ByteArray
    from hpe_studio.render.scene3d import Scene3D
    from hpe_studio.ui.session import Session


class StageTruth:
    """Follows a session with what a scene shows of its comparison.

    Args:
        session: Whose truth.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._figures: tuple[object, ...] = ()
        self._coloured: dict[int, bool] = {}
        self._theme: object = None

    def forget(self) -> None:
        """Another theme, or another scene: everything is put anew."""
        self._figures = ()
        self._theme = None
        self._coloured.clear()

    def place(self, scene: Scene3D) -> None:
        """Put the truth of the frame where the layers want it."""
        session = self._session
        shown = session.comparing.truths if session.view.layers.truth else ()
        wanted = tuple((truth.id, truth.point_set.name) for truth in shown)
        if wanted != self._figures or self._theme != scene.look.name:
            self._figures, self._theme = wanted, scene.look.name
            scene.set_truth(
                {
                    truth.id: (truth.point_set.edges, len(truth.point_set.names))
                    for truth in shown
                }
            )
        if not shown:
            return
        standing = {figure.truth.id: figure for figure in truth_figures(session)}
        for truth in shown:
            figure = standing.get(truth.id)
            points = None
            if figure is not None:
                points = session.to_level(figure.shown_scene_m)
            scene.set_truth_joints(truth.id, points)

    def colour(self, scene: Scene3D) -> None:
        """Give bodies the heat of their errors, or their own colours back."""
        session = self._session
        for person in session.persons:
            colours = self._heat_of(person.id)
            if colours is None and not self._coloured.get(person.id):
                continue
            self._coloured[person.id] = colours is not None
            scene.set_colours(person.id, colours)

    def _heat_of(self, person_id: int) -> ByteArray | None:
        session = self._session
        if not session.view.layers.error_colours or not session.comparing.has_truth:
            return None
        posed = session.poser.pose_at(person_id, session.view.frame)
        if posed is None:
            return None
        errors = session.comparing.joint_errors(person_id, session.view.frame)
        body = session.poser.body
        if not errors:
            return vertex_rgb(
                body, np.full(body.joint_model.skeleton.joint_count, np.nan)
            )
        return vertex_rgb(body, bone_errors_m(errors, body.joint_model.skeleton))
