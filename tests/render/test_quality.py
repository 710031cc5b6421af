"""The policy over effects: what is drawn when, and what is given up first."""

from __future__ import annotations

import pytest

from hpe_studio.render.quality import (
    SLOW_FRAME_MS,
    SOFTWARE_SLOW_FRAME_MS,
    WHOLE_FACES,
    Pace,
    effects_for,
    is_software_renderer,
)

PIXELS = 425 * 500


@pytest.mark.parametrize(
    "name",
    [
        "llvmpipe (LLVM 15.0.7, 256 bits)",
        "softpipe",
        "Google SwiftShader",
        "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader)",
        "Mesa DRI SWRAST",
        "GDI Generic",
        "Microsoft Basic Render Driver",
    ],
)
def test_renderers_on_the_processor_are_known_by_name(name):
    assert is_software_renderer(name)
    assert is_software_renderer(f"OpenGL vendor string: x\nOpenGL renderer: {name}\n")


@pytest.mark.parametrize(
    "name",
    ["NVIDIA GeForce RTX 3060", "AMD Radeon RX 6600", "Apple M2", "Mesa Intel(R) UHD"],
)
def test_graphics_cards_are_not(name):
    assert not is_software_renderer(name)


def test_without_a_card_occlusion_waits_for_the_still_picture():
    moving = effects_for("moving", software=True, pixels=PIXELS)
    still = effects_for("still", software=True, pixels=PIXELS)
    photo = effects_for("photo", software=True, pixels=PIXELS)
    assert moving.occlusion_samples == 0
    assert 0 < still.occlusion_samples < photo.occlusion_samples == 160
    assert (moving.shadow, still.shadow) == ("quick", "fine")
    assert moving.smooth_edges
    assert still.smooth_edges


def test_with_a_card_everything_is_always_there():
    moving = effects_for("moving", software=False, pixels=PIXELS, faces=10**6)
    assert moving.occlusion_samples == 64
    assert moving.smooth_edges
    assert moving.shadow == "quick"
    assert not moving.light_meshes
    assert moving.floor_anisotropy == 16


def test_slow_frames_on_a_card_cost_occlusion_then_smoothing_then_the_shadow():
    found = []
    for steps in range(4):
        got = effects_for("moving", software=False, pixels=PIXELS, steps_down=steps)
        found.append((got.occlusion_samples > 0, got.smooth_edges, got.shadow))
    assert found == [
        (True, True, "quick"),
        (False, True, "quick"),
        (False, False, "quick"),
        (False, False, "none"),
    ]
    still = effects_for("still", software=False, pixels=PIXELS, steps_down=3)
    assert still == effects_for("still", software=False, pixels=PIXELS)


def test_whole_meshes_are_drawn_for_as_many_as_the_processor_manages():
    for faces, steps, light in (
        (WHOLE_FACES, 0, False),
        (WHOLE_FACES + 1, 0, True),
        (0, 1, True),
    ):
        got = effects_for(
            "moving", software=True, pixels=PIXELS, faces=faces, steps_down=steps
        )
        assert got.light_meshes == light
    still = effects_for("still", software=True, pixels=PIXELS, faces=10**6)
    assert not still.light_meshes


def test_large_still_pictures_do_not_block_the_window_for_long():
    samples = [
        effects_for("still", software=True, pixels=pixels).occlusion_samples
        for pixels in (200_000, 600_000, 1_200_000, 2_400_000, 5_000_000)
    ]
    assert samples == sorted(samples, reverse=True)
    assert samples[-1] == 0


@pytest.mark.parametrize("software", [False, True])
def test_one_slow_frame_is_chance_and_rest_forgives(software):
    limit_ms = SOFTWARE_SLOW_FRAME_MS if software else SLOW_FRAME_MS
    pace = Pace()
    for _ in range(20):
        pace.note(limit_ms + 30, software=software)
        pace.note(limit_ms - 1, software=software)
    assert pace.steps_down == 0
    for _ in range(6):
        pace.note(limit_ms + 1, software=software)
    assert pace.steps_down == 1
    for _ in range(100):
        pace.note(limit_ms + 1, software=software)
    assert pace.steps_down == 3
    pace.rest()
    assert pace.steps_down == 2
