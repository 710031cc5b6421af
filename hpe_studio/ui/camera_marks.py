"""Cameras in the 3D picture: their names, and which one is under the pointer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.drawlist import Ink, Label, Shape
from hpe_studio.render.tags import Rect, shared_area
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.ui import look
from hpe_studio.ui.session import Session
from hpe_studio.ui.shape_painter import name_width

_LETTERS, _HIGH = 18, 14.0


def camera_title(session: Session, number: int) -> str:
    """What a view's camera is called, cut where it is long."""
    document = session.document
    title = document.view_name(number) if document.views else session.title
    return title if len(title) <= _LETTERS else title[: _LETTERS - 1] + "…"


def camera_names(
    session: Session,
    view: ViewCamera,
    points_m: Mapping[int, FloatArray],
    *,
    hovered: int | None,
    taken: Sequence[Rect],
) -> list[Shape]:
    """Names above the cameras, off each other: the shown one's and the hovered first.

    Args:
        session: Whose cameras.
        view: How the levelled space is seen.
        points_m: `frustum_points_m` by view.
        hovered: The camera under the pointer, or None.
        taken: What must not be covered.
    """
    shown = session.view.shown_view
    first = {hovered: 0, shown: 1}
    order = sorted(points_m, key=lambda n: (first.get(n, 2), _depth(view, n, points_m)))
    used: list[Rect] = list(taken)
    shapes: list[Shape] = []
    for number in order:
        outline = view.project(points_m[number][1:8])
        if not np.isfinite(outline).all():
            continue
        text = camera_title(session, number)
        x, y = float(outline[5, 0]), float(outline[:, 1].min()) - 9
        half = name_width(text) / 2 + 2
        rect = (x - half, y - _HIGH / 2, x + half, y + _HIGH / 2)
        if number != hovered and shared_area(rect, used) > 0:
            continue
        used.append(rect)
        token = "text.primary" if number == hovered else "text.secondary"
        ink = Ink(colour=look.colour(token).name())
        weight = 600 if number == hovered else 400
        shapes.append(Label(text=text, x=x, y=y, ink=ink, centred=True, weight=weight))
    return shapes


def camera_at(
    view: ViewCamera, points_m: Mapping[int, FloatArray], x: float, y: float
) -> int | None:
    """The nearest camera whose frame is under a view pixel, or None."""
    import cv2

    hits: list[tuple[float, int]] = []
    for number, points in points_m.items():
        outline = view.project(points[:5])
        if not np.isfinite(outline).all():
            continue
        hull = cv2.convexHull(outline.astype(np.float32))
        if cv2.pointPolygonTest(hull, (x, y), measureDist=True) >= -3.0:
            hits.append((_depth(view, number, points_m), number))
    return min(hits)[1] if hits else None


def _depth(view: ViewCamera, number: int, points_m: Mapping[int, FloatArray]) -> float:
    return float(view.depth_m(points_m[number][0]))
