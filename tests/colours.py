"""How colours look to people: difference, contrast, and without one kind of cone."""

from __future__ import annotations

from typing import Literal

import numpy as np

from hpe_studio.render.theme import Rgba, parse_colour, to_hex

Deficiency = Literal["none", "protan", "deutan", "tritan"]

_XYZ_FROM_RGB = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_D65 = np.array([0.95047, 1.0, 1.08883])
# Machado, Oliveira, Fernandes (2009), "A physiologically-based model for simulation of
# color vision deficiency", table 1, severity 1.0; on linear sRGB.
_SEEN = {
    "none": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def lab(colour: str) -> np.ndarray:
    """CIE L*a*b* (D65, 2°) of an sRGB colour."""
    xyz = _XYZ_FROM_RGB @ _linear(parse_colour(colour)) / _D65
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: str, other: str, eyes: Deficiency = "none") -> float:
    """CIEDE2000 of two sRGB colours, as eyes without one kind of cone see them."""
    return lab_difference(lab(seen_by(eyes, one)), lab(seen_by(eyes, other)))


def lab_difference(one: np.ndarray, other: np.ndarray) -> float:
    """CIEDE2000 (Sharma, Wu, Dalal 2005, equations 2 to 22)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    dh = (h2 - h1 + 180) % 360 - 180
    dhue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    l50, cm, hm = ((l1 + l2) / 2 - 50) ** 2, (c1 + c2) / 2, h1 + dh / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(hm - 30))
        + 0.24 * np.cos(np.radians(2 * hm))
        + 0.32 * np.cos(np.radians(3 * hm + 6))
        - 0.20 * np.cos(np.radians(4 * hm - 63))
    )
    sl, sc = 1 + 0.015 * l50 / np.sqrt(20 + l50), 1 + 0.045 * cm
    sh = 1 + 0.015 * cm * t
    turn = np.sin(np.radians(60 * np.exp(-((((hm % 360) - 275) / 25) ** 2))))
    rt = -2 * np.sqrt(cm**7 / (cm**7 + 25.0**7)) * turn
    dl, dc = (l2 - l1) / sl, (c2 - c1) / sc
    return float(np.sqrt(dl**2 + dc**2 + (dhue / sh) ** 2 + rt * dc * dhue / sh))


def hue_degrees(colour: str) -> float:
    """The hue angle in L*a*b*."""
    _, a, b = lab(colour)
    return float(np.degrees(np.arctan2(b, a)) % 360)


def seen_by(eyes: Deficiency, colour: str) -> str:
    """A colour as it looks without one kind of cone."""
    linear = np.clip(_SEEN[eyes] @ _linear(parse_colour(colour)), 0, 1)
    coded = np.where(
        linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055
    )
    return to_hex(tuple(float(v) for v in coded))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    return float(_linear(parse_colour(colour)) @ [0.2126, 0.7152, 0.0722])


def _linear(rgba: Rgba) -> np.ndarray:
    rgb = np.array(rgba[:3])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
