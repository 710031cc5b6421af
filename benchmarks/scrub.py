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
        level = level_between(body.v_template, self.light.v_template, self.light.faces)
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


def _median_ms(work: Callable[[int], None]) -> tuple[float, float]:
    """Median and smallest time of a step, warm, in milliseconds."""
    times = []
    for frame in range(FRAMES + WARM_UP):
        start = time.perf_counter()
        work(frame)
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times[WARM_UP:]), min(times[WARM_UP:])


def run() -> dict[str, dict[str, Any]]:
    """Times of a scrub step for three and for ten people."""
    results: dict[str, dict[str, Any]] = {}
    for people, limit in ((3, 33), (10, 50)):
        clip = _Clip(people)
        clip.step(0)
        bare, bare_best = _median_ms(clip.render)
        step, step_best = _median_ms(clip.step)
        clip.scene.finalize()
        detail = (
            f"{people} people of {len(clip.light.faces)} faces, {VIEWPORT[0]}x"
            f"{VIEWPORT[1]}: bare VTK {bare:.1f} ms (best {bare_best:.1f}), step "
            f"{step:.1f} ms (best {step_best:.1f})"
        )
        results[f"scrub_render_{people}"] = {
            "ratio": step,
            "limit": limit,
            "better": "lower",
            "unit": "ms",
            "detail": detail,
        }
        results[f"scrub_over_bare_{people}"] = {
            "ratio": step - bare,
            "limit": 15,
            "better": "lower",
            "unit": "ms",
            "detail": "what posing, skinning and overlay add to the bare VTK render",
        }
    return results


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']:.1f} {result['unit']} {result['detail']}")
