"""Scenes with a name: how people cross, turn back, hide, turn round."""

from __future__ import annotations

import numpy as np

from tests.tracking.scenes import Scene, Trouble, Walker, make_scene

ROUGH = Trouble(duplicated=0.1, ghosts=0.05)


def line(
    start_m: tuple[float, float], speed_m_s: float, *, colour: int, **more: object
) -> Walker:
    """Somebody who walks straight to the left or right."""
    return Walker(
        place_m=lambda t: (start_m[0] + speed_m_s * t, start_m[1]),
        heading_rad=lambda _: float(np.sign(speed_m_s)) * np.pi / 2,
        colour=colour,
        **more,
    )


def crossing(seed: int, trouble: Trouble = ROUGH) -> Scene:
    """Two walk past each other, one hidden by the other on the way."""
    rng = np.random.default_rng(seed)
    speed = rng.uniform(0.8, 1.6, 2)
    return make_scene(
        [
            line((-2.0, rng.uniform(3.8, 4.4)), speed[0], colour=0),
            line((2.0, rng.uniform(4.8, 5.6)), -speed[1], colour=1),
        ],
        frames=90,
        seed=seed,
        trouble=trouble,
    )


def turning_back(seed: int, trouble: Trouble = ROUGH) -> Scene:
    """Two walk up to each other, overlap, and go back where they came from."""
    rng = np.random.default_rng(seed)
    reach = rng.uniform(0.0, 0.15)

    def walker(side: float, depth_m: float, colour: int) -> Walker:
        return Walker(
            place_m=lambda t: (side * (reach + 1.1 * abs(t - 1.5)), depth_m),
            heading_rad=lambda t: (
                -side * np.pi / 2 * np.clip((1.5 - t) / 0.25, -1.0, 1.0)
            ),
            colour=colour,
        )

    return make_scene(
        [walker(-1, 4.0, 0), walker(1, 5.0, 1)], frames=90, seed=seed, trouble=trouble
    )


def pillar(seed: int, trouble: Trouble = ROUGH) -> Scene:
    """Three of whom one is away for a second and a half and one for half a second."""
    rng = np.random.default_rng(seed)
    return make_scene(
        [
            line((-2.2, 4.0), 0.9, colour=0, hidden=((30, 75),)),
            line((2.0, 6.0), -rng.uniform(0.5, 0.9), colour=1, hidden=((60, 75),)),
            line((0.0, 8.0), 0.3, colour=2),
        ],
        frames=120,
        seed=seed,
        trouble=trouble,
    )


def crowd(seed: int, trouble: Trouble = ROUGH) -> Scene:
    """Six who walk to and fro at their own depths and pass each other many times."""
    rng = np.random.default_rng(seed)
    walkers = [
        line(
            (rng.uniform(-2.5, 2.5), 4.0 + 0.9 * i),
            rng.choice([-1, 1]) * rng.uniform(0.3, 1.3),
            colour=i,
        )
        for i in range(6)
    ]
    return make_scene(walkers, frames=90, seed=seed, trouble=trouble)


def pirouette(seed: int, trouble: Trouble | None = None, *, fps: float = 30) -> Scene:
    """One who walks on the spot and turns round several times, quickly."""
    rng = np.random.default_rng(seed)
    start, turn = rng.uniform(0, 2 * np.pi), rng.uniform(1.5, 4.5)
    walker = Walker(
        place_m=lambda t: (0.3 * t - 0.5, 4.0),
        heading_rad=lambda t: start + turn * t,
    )
    return make_scene(
        [walker], frames=round(4 * fps), seed=seed, fps=fps, trouble=trouble
    )
