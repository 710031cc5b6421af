"""Colours by name, and that no hue means two things."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from hpe_studio.render.theme import (
    THEME_NAMES,
    parse_colour,
    person_colour,
    size,
    theme,
)


def _lab(colour: str) -> np.ndarray:
    rgb = np.array(parse_colour(colour)[:3])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = to_xyz @ linear / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def _difference(one: str, other: str) -> float:
    """CIEDE2000 (Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = _lab(one), _lab(other)
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


def _contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        rgb = np.array(parse_colour(colour)[:3])
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_difference_formula_gives_the_published_value():
    # Sharma 2005, pair 1 is in Lab; black to white is 100 by definition.
    assert _difference("#000000", "#FFFFFF") == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize("name", THEME_NAMES)
def test_keyed_warning_and_people_are_told_apart(name):
    look = theme(name)
    keyed, warning = look.colour("source.keyed"), look.colour("state.warn")
    assert _difference(keyed, warning) >= 20
    for index in range(10):
        assert _difference(keyed, look.person(index)) >= 20
        assert _difference(warning, look.person(index)) >= 20


@pytest.mark.parametrize("name", THEME_NAMES)
def test_contacts_do_not_use_the_filtered_hue(name):
    look = theme(name)
    contact, filtered = look.colour("data.contact"), look.colour("source.filtered")
    assert _difference(contact, filtered) >= 20
    hues = [np.degrees(np.arctan2(*_lab(c)[:0:-1])) for c in (contact, filtered)]
    assert abs((hues[0] - hues[1] + 180) % 360 - 180) >= 40


@pytest.mark.parametrize("name", [*THEME_NAMES, "video"])
def test_people_differ_from_each_other(name):
    colours = [person_colour(i, name) for i in range(10)]
    assert min(_difference(a, b) for a, b in combinations(colours, 2)) >= 7.5
    assert min(_difference(a, b) for a, b in combinations(colours[:4], 2)) >= 18


@pytest.mark.parametrize("name", THEME_NAMES)
def test_letters_and_warnings_can_be_read(name):
    look = theme(name)
    for index in range(10):
        assert _contrast(look.person(index), look.letter_ink()) >= 4.5
    assert _contrast(look.colour("state.warn"), look.colour("bg.panel")) >= 4.5


def test_tokens_by_name():
    assert theme("dark").colour("source.filled") == "#9A82D8"
    assert theme("dark").rgba("overlay.shadow") == (0, 0, 0, 0.55)
    assert theme("light").colour("axis.active") == "#C97F00"
    assert theme("dark").rgb("axis.x") == pytest.approx((240 / 255, 85 / 255, 91 / 255))
    assert size("hit_px.joint_2d") == 14
    with pytest.raises(KeyError):
        theme("dark").colour("source.imagined")
    with pytest.raises(KeyError):
        theme("sepia")
    with pytest.raises(ValueError, match="not a colour"):
        parse_colour("red")
