"""Worst frames as pictures: the footage cut to the person, truth and result over it.

Without footage the two are drawn on a plain ground; without a camera as seen from the
front and from the side.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.metrics.comparison import Comparison, Worst

ReadRgb = Callable[[int], ByteArray | None]
"""A picture of a frame, (height, width, 3), or None where there is none."""

WIDTH, HEIGHT = 300, 400
"""Size of a picture in the report, in its own units."""

_MARGIN = 0.18
_LEAST_PX = 60.0
_PIXELS_PER_UNIT = 1.6
_QUALITY = 82


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A worst frame, drawn.

    Attributes:
        worst: Which.
        svg: The drawing, self-contained.
        title: For people ("frame 0173, id 0").
        text: What is wrong ("142 mm, left wrist 310 mm").
    """

    worst: Worst
    svg: str
    title: str
    text: str


def pictures(
    comparison: Comparison, worst: Sequence[Worst], read_rgb: ReadRgb | None = None
) -> list[Picture]:
    """Pictures of people on frames.

    Args:
        comparison: What was found.
        worst: Whom to draw when.
        read_rgb: Gives the footage; None draws without.
    """
    return [_picture(comparison, one, read_rgb) for one in worst]


def _picture(comparison: Comparison, one: Worst, read_rgb: ReadRgb | None) -> Picture:
    per_m, unit = comparison.protocol.per_m, comparison.protocol.unit
    joint = comparison.joints[one.joint].replace("_", " ")
    off = float(comparison.errors_m[one.row, one.person, one.joint]) * per_m
    return Picture(
        worst=one,
        svg=_drawn(comparison, one, read_rgb),
        title=f"frame {one.frame:04d}, {comparison.people[one.person]}",
        text=f"{one.error_m * per_m:.0f} {unit}, {joint} {off:.0f} {unit}",
    )


def _drawn(comparison: Comparison, one: Worst, read_rgb: ReadRgb | None) -> str:
    match = int(comparison.matches[one.row, one.person])
    truth_px, mine_px = comparison.truth_px, comparison.predicted_px
    if truth_px is not None and mine_px is not None:
        true, mine = truth_px[one.row, one.person], mine_px.at(one.row, match)
        known = np.isfinite(np.concatenate([true, mine])).all(-1)
        if known.any():
            image = read_rgb(one.frame) if read_rgb is not None else None
            return _over_footage(comparison, one, (true, mine), image)
    return _from_two_sides(comparison, one)


def _over_footage(
    comparison: Comparison,
    one: Worst,
    points: tuple[FloatArray, FloatArray],
    image: ByteArray | None,
) -> str:
    true, mine = points
    left, top, scale = _window(np.concatenate([true, mine]))
    back = "" if image is None else _image(image, left, top, scale)
    corner = np.array([left, top])
    return _svg(
        comparison,
        one,
        [((true - corner) * scale, (mine - corner) * scale)],
        back,
    )


def _from_two_sides(comparison: Comparison, one: Worst) -> str:
    """Front and side of the truth and the result as it was aligned."""
    true = comparison.truth_m[one.row, one.person]
    mine = comparison.aligned_m[one.row, one.person]
    both = np.concatenate([true, mine])
    known = both[np.isfinite(both).all(-1)]
    low, high = known.min(0), known.max(0)
    size = np.maximum(high - low, 0.3)
    across = max(float(size[0]), float(size[2]))
    scale = min(0.4 * WIDTH / across, 0.84 * HEIGHT / float(size[1]))
    middle = (low + high) / 2
    sides = []
    for axis, place in ((0, 0.26), (2, 0.74)):
        pair = [
            np.stack(
                [
                    WIDTH * place + scale * (p[:, axis] - middle[axis]),
                    HEIGHT / 2 - scale * (p[:, 1] - middle[1]),
                ],
                axis=-1,
            )
            for p in (true, mine)
        ]
        sides.append((pair[0], pair[1]))
    return _svg(comparison, one, sides, "")


def _svg(
    comparison: Comparison,
    one: Worst,
    pairs: Sequence[tuple[FloatArray, FloatArray]],
    back: str,
) -> str:
    edges = _edges(comparison.joints)
    drawn: list[str] = []
    for true, mine in pairs:
        drawn += [
            _lines(mine, edges, "casing"),
            _lines(true, edges, "casing"),
            _gaps(true, mine),
            _lines(mine, edges, f"mine p{one.person % 10}"),
            _lines(true, edges, "true"),
            _diamonds(true),
            _ring(mine[one.joint]),
        ]
    label = escape(f"{comparison.people[one.person]}, frame {one.frame}")
    return (
        f'<svg class="frame" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{label}">'
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>{back}'
        f"{''.join(drawn)}</svg>"
    )


def _window(points: FloatArray) -> tuple[float, float, float]:
    """Corner in pixels, and units per pixel, of the cut around points."""
    known = points[np.isfinite(points).all(-1)]
    low, high = np.percentile(known, 2, axis=0), np.percentile(known, 98, axis=0)
    size = np.maximum(high - low, _LEAST_PX) * (1 + 2 * _MARGIN)
    scale = float(min(WIDTH / size[0], HEIGHT / size[1]))
    middle = (low + high) / 2
    left = float(middle[0]) - WIDTH / scale / 2
    top = float(middle[1]) - HEIGHT / scale / 2
    return left, top, scale


def _image(image: ByteArray, left: float, top: float, scale: float) -> str:
    """The footage behind the cut as a JPEG, no finer than it is shown."""
    height, width = image.shape[:2]
    x0, y0 = max(int(left), 0), max(int(top), 0)
    x1 = min(int(left + WIDTH / scale) + 1, width)
    y1 = min(int(top + HEIGHT / scale) + 1, height)
    if x1 <= x0 or y1 <= y0:
        return ""
    cv2: Any = import_module("cv2")
    part = image[y0:y1, x0:x1]
    shrink = min(1.0, scale * _PIXELS_PER_UNIT)
    if shrink < 1.0:
        size = (
            max(1, round(part.shape[1] * shrink)),
            max(1, round(part.shape[0] * shrink)),
        )
        part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(
        ".jpg", part[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    text = base64.b64encode(data.tobytes()).decode()
    return (
        f'<image x="{(x0 - left) * scale:.2f}" y="{(y0 - top) * scale:.2f}" '
        f'width="{(x1 - x0) * scale:.2f}" height="{(y1 - y0) * scale:.2f}" '
        f'preserveAspectRatio="none" href="data:image/jpeg;base64,{text}"/>'
    )


def _edges(joints: Sequence[str]) -> list[tuple[int, int]]:
    known = landmark_set("coco19")
    place = {name: i for i, name in enumerate(joints)}
    pairs = [(known.names[a], known.names[b]) for a, b in known.edges]
    return [(place[a], place[b]) for a, b in pairs if a in place and b in place]


def _lines(points: FloatArray, edges: Sequence[tuple[int, int]], kind: str) -> str:
    parts = [
        f"M{_at(points[a])}L{_at(points[b])}"
        for a, b in edges
        if np.isfinite(points[[a, b]]).all()
    ]
    return f'<path class="{kind}" d="{"".join(parts)}"/>' if parts else ""


def _gaps(true: FloatArray, mine: FloatArray) -> str:
    parts = [
        f"M{_at(a)}L{_at(b)}"
        for a, b in zip(true, mine, strict=True)
        if np.isfinite(a).all() and np.isfinite(b).all()
    ]
    return f'<path class="gap" d="{"".join(parts)}"/>' if parts else ""


def _diamonds(points: FloatArray) -> str:
    known = points[np.isfinite(points).all(-1)]
    parts = [
        f"M{x:.1f} {y - 2.6:.1f}l2.6 2.6l-2.6 2.6l-2.6 -2.6z" for x, y in known.tolist()
    ]
    return f'<path class="point" d="{"".join(parts)}"/>' if parts else ""


def _ring(point: FloatArray) -> str:
    if not np.isfinite(point).all():
        return ""
    x, y = point.tolist()
    return f'<circle class="worst" cx="{x:.1f}" cy="{y:.1f}" r="7"/>'


def _at(point: FloatArray) -> str:
    return f"{float(point[0]):.1f} {float(point[1]):.1f}"
