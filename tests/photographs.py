"""Compares photographs of the window with pinned ones, as a person would.

Letters are drawn a little differently by every machine, so pictures are compared in
blocks: a block differs when its mean colour is clearly another one, and a photograph
differs when many blocks do or some that touch each other.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from scipy import ndimage

PINNED = Path(__file__).parent / "ui" / "photos"
ACTUAL = Path(__file__).parents[1] / "build" / "photographs"
PIN_VARIABLE = "HPE_STUDIO_PIN_PHOTOGRAPHS"
_BLOCK_PX, _CLEAR = 4, 8.0
_MOST_MEAN, _MOST_SHARE, _MOST_TOUCHING = 1.0, 0.004, 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """How far two pictures are apart.

    Attributes:
        mean: Mean distance of all blocks (CIE76, where 2.3 can just be seen).
        share: Share of blocks that clearly differ.
        touching: Blocks in the largest patch of those.
        map: Distance per block, shape (rows, columns).
    """

    mean: float
    share: float
    touching: int
    map: np.ndarray

    @property
    def is_same(self) -> bool:
        """True where a person would call them the same."""
        return (
            self.mean <= _MOST_MEAN
            and self.share <= _MOST_SHARE
            and self.touching <= _MOST_TOUCHING
        )


def check(name: str, photograph: QImage, *, shrink: int = 1) -> None:
    """Hold a photograph beside the pinned one, or pin it where that is asked for.

    Args:
        name: Of the pinned file.
        photograph: What the window looks like now.
        shrink: It is kept in so many times fewer pixels each way.
    """
    now = shrunk(photograph, shrink)
    pinned = PINNED / f"{name}.png"
    if os.environ.get(PIN_VARIABLE):
        PINNED.mkdir(exist_ok=True)
        assert now.save(str(pinned))
        return
    before = QImage(str(pinned))
    assert before.size() == now.size(), f"{name} has another size: {now.size()}"
    found = compare(before, now)
    if not found.is_same:
        ACTUAL.mkdir(parents=True, exist_ok=True)
        now.save(str(ACTUAL / f"{name}-actual.png"))
        _painted(found.map).save(str(ACTUAL / f"{name}-difference.png"))
        raise AssertionError(
            f"{name} looks different (mean {found.mean:.2f}, {found.share:.2%} of it, "
            f"{found.touching} blocks together); see {ACTUAL}; if it is meant, run "
            f"packaging/take_photographs.py {name}"
        )


def compare(one: QImage, other: QImage) -> Comparison:
    """Compare two pictures of the same size, block by block."""
    apart = np.linalg.norm(_blocks(one) - _blocks(other), axis=2)
    clear = apart > _CLEAR
    labels = np.zeros(clear.shape, np.int32)
    count = ndimage.label(clear, output=labels)
    sizes = np.bincount(labels.ravel())[1:] if count else np.zeros(1, int)
    return Comparison(
        mean=float(apart.mean()),
        share=float(clear.mean()),
        touching=int(sizes.max()),
        map=apart,
    )


def shrunk(picture: QImage, times: int) -> QImage:
    """The picture in fewer pixels and without transparency."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    plain.setDevicePixelRatio(1.0)
    if times == 1:
        return plain
    return plain.scaled(
        plain.width() // times,
        plain.height() // times,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _blocks(picture: QImage) -> np.ndarray:
    """Mean colour of each block in CIE L*a*b*, shape (rows, columns, 3)."""
    import cv2

    plain = picture.convertToFormat(QImage.Format.Format_RGB888)
    height, width = plain.height(), plain.width()
    rows = np.frombuffer(plain.constBits(), np.uint8)
    rgb = rows.reshape(height, plain.bytesPerLine())[:, : width * 3]
    rgb = rgb.reshape(height, width, 3).astype(np.float32) / 255
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)
    size = (-(-width // _BLOCK_PX), -(-height // _BLOCK_PX))
    return cv2.resize(lab, size, interpolation=cv2.INTER_AREA)


def _painted(apart: np.ndarray) -> QImage:
    """Distances as shades, clear ones red."""
    grey = np.clip(apart * 12, 0, 255).astype(np.uint8)
    rgb = np.repeat(grey[..., None], 3, axis=2)
    rgb[apart > _CLEAR] = (255, 60, 60)
    big = np.ascontiguousarray(rgb.repeat(_BLOCK_PX, 0).repeat(_BLOCK_PX, 1))
    height, width = big.shape[:2]
    picture = QImage(big.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return picture.copy()
