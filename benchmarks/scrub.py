"""One scrub step: pose, skin, draw the overlay and the 3D view, read the picture back.

The bare render is VTK alone drawing what is drawn while moving; the step adds all that
follows the playhead except the window's own painting. The size is the viewport's in a
window of 1440x900.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from hpe_studio.body import Body, open_body, skin
from hpe_studio.core.camera import default_camera
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.render.mesh import PersonMesh, level_between
from hpe_studio.render.orbit import OrbitState
from hpe_studio.render.overlay import OverlayPerson, draw_overlay
from hpe_studio.render.scene3d import Scene3D
from hpe_studio.render.theme import person_colour, theme
from hpe_studio.render.viewtransform import fit

VIEWPORT = (425, 500)
PICTURE = (1920, 1080)
LIGHT_FACES = {3: 6000, 10: 3000}
FRAMES, WARM_UP = 40, 6


class _Clip:
    """People who walk on the spot, and the views that show them."""

    def __init__(self, people: int) -> None:
        body = open_body()
        self.light: Body = body.decimated(LIGHT_FACES[people])
        look = theme("dark")
        self.people = range(people)
        self.scene = Scene3D(look)
        level = level_between(
            body.v_template, self.light.v_template, self.light.faces, faces=body.faces
        )
        self.scene.set_people(
            [
                PersonMesh(
                    id=i,
                    vertex_count=body.vertex_count,
                    faces=body.faces,
                    colour=look.person(i),
                    light=level,
                )
                for i in self.people
            ]
        )
        state = OrbitState(focal_m=(0.0, 0.9, 0.0), distance_m=4.3)
        self.scene.set_view(state.view_camera(VIEWPORT))
        self.camera = default_camera(PICTURE)
        self.picture = fit(PICTURE, VIEWPORT)
        self.edges = landmark_set("mediapipe33").edges
        rng = np.random.default_rng(0)
        self.swing = rng.normal(size=(people, body.joint_count, 3)) * 0.2
        self.roots = np.array(
            [[0.7 * (i % 5 - 2), 0.95, -0.8 * (i // 5)] for i in self.people]
        )
        self.points = rng.uniform((200, 50), (1700, 1000), (people, 33, 2))

    def render(self, frame: int) -> None:  # noqa: ARG002 - every step has a frame
        """VTK alone: the same people again, and the picture."""
        self.scene.render(*VIEWPORT, "moving")

    def step(self, frame: int) -> None:
        """All that follows the playhead."""
        phase = np.sin(frame / 5)
        for i in self.people:
            pose = self.swing[i] * phase
            vertices = skin(self.light, pose, root_m=self.roots[i]).vertices_m
            self.scene.set_vertices(i, vertices, light=True)
        draw_overlay(
            [
                OverlayPerson(
                    id=str(i),
                    points_px=self.points[i] + 5 * phase,
                    edges=self.edges,
                    colour=person_colour(i),
                    name="Person",
                    letter="A",
                    selected=i == 0,
                )
                for i in self.people
            ],
            self.picture,
        )
        self.scene.render(*VIEWPORT, "moving")


def _timed_ms(work: Callable[[int], None], frame: int) -> float:
    start = time.perf_counter()
    work(frame)
    return 1e3 * (time.perf_counter() - start)


def _measure(clip: _Clip) -> tuple[list[float], list[float]]:
    """Times of the bare render and of the step, taken in turn, warm, milliseconds."""
    pairs = [
        (_timed_ms(clip.render, frame), _timed_ms(clip.step, frame))
        for frame in range(FRAMES + WARM_UP)
    ]
    bare, step = zip(*pairs[WARM_UP:], strict=True)
    return list(bare), list(step)


def run() -> dict[str, dict[str, Any]]:
    """Times of a scrub step for three and for ten people."""
    results: dict[str, dict[str, Any]] = {}
    for people, limit in ((3, 33), (10, 50)):
        clip = _Clip(people)
        bares, steps = _measure(clip)
        clip.scene.finalize()
        bare, step = statistics.median(bares), statistics.median(steps)
        over = statistics.median(np.subtract(steps, bares).tolist())
        detail = (
            f"{people} people of {len(clip.light.faces)} faces, {VIEWPORT[0]}x"
            f"{VIEWPORT[1]}: bare VTK {bare:.1f} ms (best {min(bares):.1f}), step "
            f"{step:.1f} ms (best {min(steps):.1f})"
        )
        results[f"scrub_render_{people}"] = {
            "ratio": step,
            "limit": limit,
            "better": "lower",
            "unit": "ms",
            "detail": detail,
        }
        results[f"scrub_over_bare_{people}"] = {
            "ratio": over,
            "limit": 15,
            "better": "lower",
            "unit": "ms",
            "detail": "what posing, skinning and overlay add to the bare VTK render",
        }
    return results


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']:.1f} {result['unit']} {result['detail']}")
