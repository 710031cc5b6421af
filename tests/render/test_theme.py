"""Colours by name, and that no hue means two things."""

from __future__ import annotations

from itertools import combinations

import pytest

from hpe_studio.render.theme import (
    THEME_NAMES,
    parse_colour,
    person_colour,
    theme,
)
from tests.colours import (
    Deficiency,
    contrast,
    difference,
    hue_degrees,
    lab_difference,
    seen_by,
)

_TEXTS = ("text.primary", "text.secondary", "text.muted", "accent.text")
_STATES = ("state.danger", "state.warn", "state.ok", "state.info")
_SURFACES = ("bg.window", "bg.panel", "bg.header", "bg.raised", "bg.input", "bg.lane")
_SOURCES = tuple(
    f"source.{name}"
    for name in ("estimated", "filled", "filtered", "keyed", "imported")
)
_LEAST_CONTRAST = {"dark": 4.5, "light": 4.5, "contrast": 7.0}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # Sharma, Wu, Dalal (2005), table 1
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0010), 7.1792),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (50.0, 3.1736, 0.5854), 1.0),
        ((61.2901, 3.7196, -5.3901), (61.4292, 2.2480, -4.9620), 1.8731),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_formula_gives_the_published_values(one, other, expected):
    assert lab_difference(one, other) == pytest.approx(expected, abs=1e-4)


def test_black_and_white_are_as_far_apart_as_can_be():
    assert difference("#000000", "#FFFFFF") == pytest.approx(100, abs=0.1)
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_eyes_without_red_cones_confuse_red_and_green_but_not_blue_and_yellow():
    assert seen_by("none", "#3366CC") == "#3366CC"
    red, green = "#C05028", "#7A7A28"
    assert difference(red, green, "deutan") < difference(red, green) / 2
    assert difference("#2040C0", "#E0D020", "protan") > 60


@pytest.mark.parametrize("name", THEME_NAMES)
def test_keyed_warning_and_people_are_told_apart(name):
    look = theme(name)
    marks = [look.colour(t) for t in ("source.keyed", "state.warn", "state.danger")]
    for one, other in combinations(marks, 2):
        assert difference(one, other) >= 20
    for mark in marks:
        for index in range(10):
            assert difference(mark, look.person(index)) >= 20


@pytest.mark.parametrize("name", THEME_NAMES)
def test_contacts_do_not_use_the_filtered_hue(name):
    look = theme(name)
    contact, filtered = look.colour("data.contact"), look.colour("source.filtered")
    assert difference(contact, filtered) >= 20
    apart = hue_degrees(contact) - hue_degrees(filtered)
    assert abs((apart + 180) % 360 - 180) >= 40


@pytest.mark.parametrize("eyes", ["none", "protan", "deutan", "tritan"])
@pytest.mark.parametrize("name", THEME_NAMES)
def test_sources_are_told_apart_by_all_eyes(name, eyes: Deficiency):
    look = theme(name)
    least = 13 if eyes == "none" else 10  # and each has a pattern of its own
    for one, other in combinations(_SOURCES, 2):
        found = difference(look.colour(one), look.colour(other), eyes)
        assert found >= least, f"{one} and {other}"


@pytest.mark.parametrize("name", [*THEME_NAMES, "video"])
def test_people_differ_from_each_other(name):
    colours = [person_colour(i, name) for i in range(10)]
    assert min(difference(a, b) for a, b in combinations(colours, 2)) >= 7.5
    assert min(difference(a, b) for a, b in combinations(colours[:4], 2)) >= 18


@pytest.mark.parametrize("name", THEME_NAMES)
def test_words_can_be_read_wherever_they_stand(name):
    look, least = theme(name), _LEAST_CONTRAST[name]
    on = {(text, surface) for text in _TEXTS for surface in _SURFACES}
    on |= {(text, "bg.hover") for text in _TEXTS}
    on |= {(text, "selection.soft") for text in (*_TEXTS, "state.warn")}
    on |= {(text, "selection.active") for text in ("text.primary", "text.secondary")}
    on |= {(state, "bg.panel") for state in _STATES}
    on |= {(state, "bg.raised") for state in _STATES}
    on |= {("accent.on", "accent.fill"), ("accent.on", "accent.fill_hover")}
    on |= {("data.playhead_text", "data.playhead")}
    on |= {
        (text, f"state.{state}_bg")
        for text in ("text.primary", "text.secondary")
        for state in ("danger", "warn", "ok")
    }
    poor = [
        f"{text} on {surface}: {ratio:.2f}"
        for text, surface in sorted(on)
        if (ratio := contrast(look.colour(text), look.colour(surface))) < least
    ]
    assert not poor


@pytest.mark.parametrize("name", THEME_NAMES)
def test_edges_of_controls_and_the_focus_can_be_seen(name):
    look = theme(name)
    for surface in ("bg.panel", "bg.header", "bg.raised", "bg.window"):
        assert contrast(look.colour("focus.ring"), look.colour(surface)) >= 3
    on_accent = contrast(look.colour("focus.on_accent"), look.colour("accent.fill"))
    assert on_accent >= 3 or name == "contrast"  # there the fill turns dark instead
    for surface in ("bg.panel", "bg.input"):
        assert contrast(look.colour("border.control"), look.colour(surface)) >= 3


@pytest.mark.parametrize("name", THEME_NAMES)
def test_letters_on_swatches_can_be_read(name):
    look = theme(name)
    for index in range(10):
        assert contrast(look.person(index), look.letter_ink()) >= 4.5


def test_tokens_by_name():
    assert theme("dark").colour("source.filled") == "#9D8DDE"
    assert theme("dark").rgba("overlay.shadow") == (0, 0, 0, 0.55)
    assert theme("light").colour("axis.active") == "#C97F00"
    assert theme("dark").rgb("axis.x") == pytest.approx((240 / 255, 85 / 255, 91 / 255))
    with pytest.raises(KeyError):
        theme("dark").colour("source.imagined")
    with pytest.raises(KeyError):
        theme("sepia")
    with pytest.raises(ValueError, match="not a colour"):
        parse_colour("red")
