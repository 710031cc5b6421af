"""Dragging a joint: the solver, and a whole step of a drag in the real window.

A step is a mouse move with all that follows from it: the body is solved, the key is
written, video, viewport, lanes and inspector are painted. Measured with three people,
and again in a project of ten people over 20,000 frames (`large_project`).
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path
from shutil import copyfile
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np

from benchmarks._window import Painted, make_walkers
from benchmarks.large_project import cached_project
from hpe_studio.body import open_body
from hpe_studio.core.skeleton import skeleton
from hpe_studio.motion.ik import Effector
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.prior import pose_prior
from hpe_studio.posing.rig import Held, Rig, pulled

STEPS, WARM_UP = 40, 6
_DRAGS = {
    "arm": ("left_wrist", (0.05, 0.2, 0.15), ()),
    "stretched arm": ("left_wrist", (0.35, 0.15, 0.45), ()),
    "pelvis over its feet": ("pelvis", (0.08, -0.2, 0.05), ()),
    "whole body on two pins": (
        "left_wrist",
        (0.35, 0.15, 0.45),
        ("right_ankle", "head"),
    ),
}


def run() -> dict[str, dict[str, Any]]:
    """Milliseconds by name: value, limit, unit and what was measured."""
    solver = {name: _solver_ms(*drag) for name, drag in _DRAGS.items()}
    told = ", ".join(f"{name} {value:.2f} ms" for name, value in solver.items())
    results = {"drag_solver": _result(max(solver.values()), 5.0, f"slowest of {told}")}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        few = make_walkers(Path(folder) / "few", 3)
        results["drag_step_3"] = _window("three people", few)
    large = cached_project()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        path = Path(folder) / "large.hpes"
        copyfile(large, path)
        results["drag_step_large"] = _window("10 people x 20,000 frames", path)
    return results


def _solver_ms(
    name: str, by_m: tuple[float, float, float], pins: tuple[str, ...]
) -> float:
    """Best of many answers for one person, warm."""
    bones = skeleton("smplx55")
    pose = pose_prior(bones).mean_rad.copy()
    rest = open_body(55).joint_model.rest_joints_m(np.zeros(10))
    rig = Rig(
        bones=bones,
        rest_joints_m=rest,
        joints_rad=pose,
        root_m=np.zeros(3),
        pins=tuple(Held(joint=bones.index(pin)) for pin in pins),
    )
    places, _ = forward_kinematics(bones.parents, rest, pose, np.zeros(3))
    joint = bones.index(name)
    asked = Effector(joint=joint, place_m=places[joint] + np.array(by_m))
    times = []
    for _ in range(STEPS):
        start = time.perf_counter()
        pulled(rig, asked)
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times[WARM_UP:])


def _window(what: str, path: Path) -> dict[str, Any]:
    """Steps of a drag of a wrist, by real events, in the 3D viewer."""
    from tests.drive_hands import joint_px, send_mouse
    from tests.driver import StudioDriver

    with StudioDriver() as driver:
        assert driver.window.open_path(path)
        driver.wait_until(lambda: driver.window.is_still, "rest", patience_s=90)
        person = driver.session.persons[0]
        driver.session.view.frame = 20
        driver.session.select(person.id, skeleton("smpl24").index("left_wrist"))
        driver.session.view.tool = "move"
        driver.wait_idle()
        canvas = driver.viewport
        start = joint_px(driver, person.name, "left_wrist", canvas)
        send_mouse(canvas, _kind("press"), tuple(start.tolist()))
        scene, size = canvas._stage._scene, (canvas.width(), canvas.height())
        assert scene is not None
        painted = Painted(driver.video, canvas)
        times, bare = [], []
        for step in range(1, STEPS + WARM_UP + 1):
            turn = 0.3 * step
            at = start + 18 * np.array([np.sin(turn), 1 - np.cos(turn)])
            to = tuple(at.tolist())
            times.append(
                painted.after(lambda to=to: send_mouse(canvas, _kind("move"), to))
            )
            began = time.perf_counter()
            scene.render(*size, "moving")
            bare.append(1e3 * (time.perf_counter() - began))
        send_mouse(canvas, _kind("release"), tuple(start.tolist()))
        driver.settle()
    steps = times[WARM_UP:]
    drawn = statistics.median(bare[WARM_UP:])
    detail = f"{what}: median of {STEPS} steps; bare VTK render {drawn:.1f} ms"
    return _result(statistics.median(steps), 33.0, detail)


def _kind(name: str) -> Any:
    from PySide6.QtCore import QEvent

    kinds = {
        "press": QEvent.Type.MouseButtonPress,
        "move": QEvent.Type.MouseMove,
        "release": QEvent.Type.MouseButtonRelease,
    }
    return kinds[name]


def _result(value: float, limit: float, detail: str) -> dict[str, Any]:
    return {
        "ratio": value,
        "limit": limit,
        "better": "lower",
        "unit": "ms",
        "detail": detail,
    }


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']:.2f} {result['unit']} {result['detail']}")
