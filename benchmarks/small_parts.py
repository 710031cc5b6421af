"""What runs on every frame or key press: each alone, in milliseconds, the best of many.

A pose put into space, ten people drawn over the footage and found by the
pointer, three bodies outlined, the floor's grid painted anew, and a word looked for
among two hundred commands.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks._window import load, row
from hpe_studio.body import open_body, skin
from hpe_studio.core.camera import default_camera
from hpe_studio.core.skeleton import landmark_set, skeleton
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.render.floor import grid_picture
from hpe_studio.render.hit2d import hit_test
from hpe_studio.render.overlay import OverlayPerson, draw_overlay
from hpe_studio.render.silhouettes import BodyMesh, silhouettes
from hpe_studio.render.theme import theme
from hpe_studio.render.viewtransform import fit

_TIMES = 30
_SIZE_PX = (1920, 1080)


def run() -> dict[str, dict[str, Any]]:
    """Milliseconds by part."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    people, view = _people(10), fit(_SIZE_PX, (500.0, 480.0))
    drawn = draw_overlay(people, view)
    return {
        "kinematics_frame": _told(_kinematics(), 0.2, "one pose of 24 joints"),
        "overlay_drawn": _told(lambda: draw_overlay(people, view), 8.0, "ten people"),
        "overlay_hit": _told(lambda: hit_test(drawn, 3, 3), 1.0, "ten people"),
        "outlines": _told(_outlines(), 12.0, "three bodies of 6,000 triangles"),
        "grid": _told(
            lambda: grid_picture(theme("light"), centre_m=(0.3, 0.2)),
            80.0,
            "the floor painted anew",
        ),
        "palette": _told(_finding(), 5.0, "two hundred commands"),
    }


def _told(work: Callable[[], object], limit_ms: float, what: str) -> dict[str, Any]:
    work()  # compiled, loaded
    taken_ms: list[float] = []
    for _ in range(_TIMES):
        start_s = time.perf_counter()
        work()
        taken_ms.append(1e3 * (time.perf_counter() - start_s))
    return row(min(taken_ms), limit_ms, "ms", f"{what}, best of {_TIMES}, {load()}")


def _kinematics() -> Callable[[], object]:
    rng, bones = np.random.default_rng(0), skeleton("smpl24")
    pose, rest = rng.normal(0, 0.4, (24, 3)), rng.normal(0, 0.3, (24, 3))
    return lambda: forward_kinematics(bones.parents, rest, pose, np.zeros(3))


def _people(count: int) -> list[OverlayPerson]:
    rng = np.random.default_rng(1)
    edges = landmark_set("mediapipe33").edges
    return [
        OverlayPerson(
            id=str(number),
            points_px=rng.uniform(0, 1080, (33, 2)) + np.array([number * 60, 100]),
            edges=edges,
            colour="#13A4F5",
            name="Person",
            letter="A",
            selected=number == 3,
        )
        for number in range(count)
    ]


def _outlines() -> Callable[[], object]:
    body, camera = open_body(24).decimated(6000), default_camera(_SIZE_PX)
    view = fit(_SIZE_PX, (1920.0, 1080.0))
    meshes: list[BodyMesh] = []
    for x_m in (-1.0, 0.0, 1.0):
        root_m = np.array([x_m, 0.0, -3.2 - abs(x_m)])
        posed = skin(
            body, np.zeros((24, 3)), root_m=root_m, betas=np.zeros(10), scale=1.0
        )
        mesh = BodyMesh(id=x_m, vertices_m=posed.vertices_m, faces=body.faces)
        meshes.append(mesh)
    return lambda: silhouettes(meshes, camera, view)


def _finding() -> Callable[[], object]:
    from hpe_studio.ui.palette.rows import Row, found_rows

    rows = [
        Row(id=f"action:{i}", text=f"Some command {i} of the {word} menu", group=word)
        for i in range(50)
        for word in ("File", "Edit", "View", "Play")
    ]
    return lambda: found_rows("sme", rows, recent={})
