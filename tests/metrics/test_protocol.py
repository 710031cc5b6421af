"""The protocol card: whose name a number bears, and what left the protocol."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.metrics.protocol import (
    BODY14,
    BODY15,
    DIFFERENCES,
    NAMED,
    TITLES,
    Protocol,
    modified,
    named,
    settings,
)

FLIPS = {
    "joints": (BODY15, "joints with nose"),
    "root": ("neck", "root neck instead of mid hip"),
    "counts_root": (False, "aligned root does not count instead of counts in the mean"),
    "align": ("procrustes", "alignment procrustes instead of root"),
    "visibility": ("inside", "joints that count inside instead of known"),
    "invisible": ("zero", "joints not seen zero instead of left out"),
    "confidence": (0.2, "confidence above 0.2 instead of 0.1"),
    "least_inside": (6, "joints inside the picture at least 6 instead of 0"),
    "offsets_camera_m": (
        (("neck", (0.0, 0.06, 0.03)),),
        "shift of the truth (0, 60, 30) mm on 1 joints instead of none",
    ),
    "matching": ("oks", "matching by oks instead of picture"),
    "gate": (0.3, "matching gate 0.3 instead of 0.5"),
    "missed_mm": (150.0, "missed people 150 mm instead of counted apart"),
    "frames": ("every 12", "frames every 12 instead of all"),
    "cameras": (("00_03",), "cameras 00_03 instead of 00_16, 00_30"),
    "time": ("offset +3.00 frames (given)", "time offset +3.00 frames (given) instead"),
    "average": ("joints", "averaged over joints instead of people"),
    "unit": ("cm", "unit cm instead of mm"),
}


def test_every_setting_is_flipped_here() -> None:
    assert set(FLIPS) == {field.name for field in fields(Protocol)} - {"name"}


@pytest.mark.parametrize("setting", FLIPS)
def test_one_setting_that_left_the_protocol_is_said(setting: str) -> None:
    original = NAMED["romp" if setting == "cameras" else "studio"]
    value, sentence = FLIPS[setting]
    said = modified(replace(original, **{setting: value}))
    assert len(said) == 1
    assert said[0].startswith(sentence)


@pytest.mark.parametrize("name", NAMED)
def test_named_protocols_are_themselves_and_say_how_they_differ(name: str) -> None:
    protocol = named(name)
    assert protocol.name == name
    assert modified(protocol) == ()
    assert TITLES[name]
    assert all(sentence.endswith(".") for sentence in DIFFERENCES[name])
    assert len(settings(protocol)) == len(FLIPS)


def test_joints_taken_away_are_named() -> None:
    fewer = replace(NAMED["studio"], joints=BODY14[:-1])
    assert modified(fewer) == ("joints without mid hip",)


def test_any_camera_is_right_for_the_studio_protocol() -> None:
    assert modified(replace(NAMED["studio"], cameras=("00_16",))) == ()


def test_an_unknown_protocol_is_refused() -> None:
    with pytest.raises(StudioError, match="there is no protocol 'mine'; use studio"):
        named("mine")
