"""The truth over the footage, and lines from joints to where they should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.drawlist import Ink, Lines, Shape
from hpe_studio.render.overlay import OverlayPerson, draw_overlay
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.render.viewtransform import ViewTransform
from hpe_studio.ui.compare.chips import picture_signs, scene_signs
from hpe_studio.ui.compare.figures import TruthFigure, truth_figures
from hpe_studio.ui.compare.heat import heat_colours, heat_step

if TYPE_CHECKING:
    from hpe_studio.ui.eye import Eye
    from hpe_studio.ui.session import Session

_CASING = Ink(colour="#0B0C0F", alpha=0.62)
_WIDTH, _CASING_WIDTH = 2.2, 4.6


def picture_shapes(
    session: Session, view: ViewTransform, beside: Eye | None = None
) -> list[Shape]:
    """Truth and error lines over the picture of the view that is shown.

    Args:
        session: Whose truth.
        view: Where the picture lies.
        beside: Another view than the one that is shown; it gets no signs.
    """
    layers = session.view.layers
    if not (layers.truth or layers.error_lines) or not session.comparing.has_truth:
        return []
    eye = beside or session.eye()
    shapes: list[Shape] = []
    people: list[OverlayPerson] = []
    for figure in truth_figures(session):
        own = figure.truth.camera if eye.view == 0 else None
        if layers.truth:
            points = figure.points_scene_m
            people.append(
                OverlayPerson(
                    id=f"truth {figure.truth.id}",
                    points_px=own.project(points) if own else eye.project(points),
                    edges=figure.truth.point_set.edges,
                    colour="#FFFFFF",
                    style="truth",
                )
            )
        if layers.error_lines and len(figure.joint_m):
            joints = figure.joint_m
            there = own.project(joints) if own else eye.project(joints)
            here = eye.project(figure.predicted_m)
            shapes += error_lines(
                view.to_view(here), view.to_view(there), figure.errors_m
            )
    signs = [] if beside else picture_signs(layers, view.view_px)
    return [*shapes, *draw_overlay(people, view).shapes, *signs]


def scene_shapes(session: Session, view: ViewCamera) -> list[Shape]:
    """Error lines over the 3D picture, to where the truth stands in it, and signs."""
    layers = session.view.layers
    if not session.comparing.has_truth:
        return []
    shapes = scene_signs(layers, session.comparing.protocol, view.size)
    for figure in truth_figures(session) if layers.error_lines else ():
        if len(figure.joint_m) and _is_shown(session, figure):
            here = view.project(figure.predicted_m)
            there = view.project(figure.joint_shown_m)
            shapes += error_lines(here, there, figure.errors_m)
    return shapes


def error_lines(
    here_px: FloatArray, there_px: FloatArray, errors_m: FloatArray
) -> list[Shape]:
    """Lines between matching joints, each in the heat of its error.

    Args:
        here_px: Where the joints are, shape (joints, 2).
        there_px: Where they should be.
        errors_m: How far off, shape (joints,); no line where it does not count.
    """
    known = np.isfinite(here_px).all(-1) & np.isfinite(there_px).all(-1)
    known &= np.isfinite(errors_m)
    if not known.any():
        return []
    ends = np.stack([here_px, there_px], axis=1)[known]
    steps = np.array([heat_step(1000 * error) for error in errors_m[known].tolist()])
    shapes: list[Shape] = [Lines(ends=ends, width=_CASING_WIDTH, ink=_CASING)]
    for step, colour in enumerate(heat_colours()):
        mine = ends[steps == step]
        if len(mine):
            shapes.append(Lines(ends=mine, width=_WIDTH, ink=Ink(colour=colour)))
    return shapes


def _is_shown(session: Session, figure: TruthFigure) -> bool:
    """False for lines to somebody whose eye is closed."""
    comparison = session.comparing.comparison
    if comparison is None or not np.isfinite(figure.predicted_m).any():
        return False
    row = comparison.row_of(session.view.frame)
    truths = session.comparing.truths
    if row is None or figure.truth not in truths:
        return False
    person = session.comparing.person_of(row, truths.index(figure.truth))
    return person is not None and session.view.is_visible(person)
