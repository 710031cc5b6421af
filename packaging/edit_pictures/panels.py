"""Two panels side by side, captioned, small: before an edit and after it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from hpe_studio.ui import look

BODY, PANEL = QSize(300, 300), QSize(352, 236)
"""What shows bodies in 3D, and everything else."""
_GAP, _HEAD, _PAD = 6, 22, 8
_MOST_BYTES = 25_000
_QUALITIES = (86, 80, 74, 66, 58, 48)
CAPTIONS = ("Before", "After")


def keep(
    path: Path, panels: Sequence[QImage], captions: Sequence[str] = CAPTIONS
) -> int:
    """Write panels side by side as WebP; gives the size of the file in bytes."""
    high = max(panel.height() for panel in panels)
    wide = sum(panel.width() for panel in panels) + _GAP * (len(panels) - 1)
    sheet = QImage(wide, high + _HEAD, QImage.Format.Format_RGB32)
    sheet.fill(look.colour("bg.panel"))
    with QPainter(sheet) as painter:
        painter.setFont(look.font("small", 600))
        left = 0
        for panel, caption in zip(panels, captions, strict=True):
            painter.setPen(look.colour("text.secondary"))
            box = QRectF(left + _PAD, 0, panel.width(), _HEAD)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, caption)
            painter.drawImage(left, _HEAD, panel)
            left += panel.width() + _GAP
    for quality in _QUALITIES:
        assert sheet.save(str(path), "WEBP", quality)
        if path.stat().st_size <= _MOST_BYTES:
            break
    return path.stat().st_size


def cropped(
    image: QImage, points_px: np.ndarray, size: QSize, *, margin: float
) -> QImage:
    """The part of an image about some points, in the shape and size of a panel."""
    seen = points_px[np.isfinite(points_px).all(axis=-1)].reshape(-1, 2)
    low, high = seen.min(axis=0), seen.max(axis=0)
    middle, room = (low + high) / 2, (high - low) * (1 + 2 * margin)
    aspect = size.width() / size.height()
    wide = max(room[0], room[1] * aspect, 120.0)
    wide = min(wide, image.width(), image.height() * aspect)
    tall = wide / aspect
    x = min(max(middle[0] - wide / 2, 0), image.width() - wide)
    y = min(max(middle[1] - tall / 2, 0), image.height() - tall)
    part = image.copy(round(x), round(y), round(wide), round(tall))
    smooth = Qt.TransformationMode.SmoothTransformation
    return part.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def curve(
    series: Sequence[np.ndarray],
    shown: int,
    *,
    title: str,
    span: tuple[int, int],
    mark: tuple[int, int] | None = None,
) -> QImage:
    """A curve over frames; the other ones stand behind it, thin.

    Args:
        series: Values per frame, each of shape (frames,), NaN where missing.
        shown: Which of them is drawn strongly.
        title: What it is of, with its unit.
        span: Half-open range of frames.
        mark: A range that is tinted.
    """
    sheet = QImage(PANEL, QImage.Format.Format_RGB32)
    sheet.fill(look.colour("bg.input"))
    area = QRectF(10, 26, PANEL.width() - 20, PANEL.height() - 48)
    cut = [np.asarray(values[span[0] : span[1]], float) for values in series]
    low = min(float(np.nanmin(values)) for values in cut)
    high = max(float(np.nanmax(values)) for values in cut)
    room = max(high - low, 1e-6)
    frames = np.arange(span[0], span[1])

    def at(frame: float, value: float) -> QPointF:
        x = area.left() + area.width() * (frame - span[0]) / (span[1] - span[0] - 1)
        return QPointF(x, area.bottom() - area.height() * (value - low) / room)

    with QPainter(sheet) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if mark is not None:
            tint = QColor(look.colour("accent.fill"))
            tint.setAlpha(38)
            left, right = at(mark[0], low).x(), at(mark[1] - 1, low).x()
            painter.fillRect(QRectF(left, 22, right - left, PANEL.height() - 42), tint)
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text.secondary"))
        painter.drawText(QPointF(10, 17), title)
        foot = PANEL.height() - 7
        painter.drawText(QPointF(10, foot), f"frame {span[0]}")
        last = QRectF(0, foot - 14, PANEL.width() - 10, 18)
        painter.drawText(last, Qt.AlignmentFlag.AlignRight, f"{span[1] - 1}")
        order = [i for i in range(len(cut)) if i != shown] + [shown]
        for index in order:
            strong = index == shown
            ink = look.colour("text.primary" if strong else "text.muted")
            painter.setPen(QPen(ink, 2.0 if strong else 1.0))
            for part in np.ma.clump_unmasked(np.ma.masked_invalid(cut[index])):
                points = [
                    at(f, v)
                    for f, v in zip(frames[part], cut[index][part], strict=True)
                ]
                painter.drawPolyline(QPolygonF(points))
    return sheet


def lines(text: str) -> QImage:
    """Some lines of a file."""
    sheet = QImage(PANEL, QImage.Format.Format_RGB32)
    sheet.fill(look.colour("bg.input"))
    with QPainter(sheet) as painter:
        font = look.font("body")
        font.setFamilies(["DejaVu Sans Mono", "monospace"])
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(look.colour("text.primary"))
        for number, line in enumerate(text.splitlines()):
            painter.drawText(QPointF(12, 26 + 18 * number), line)
    return sheet
