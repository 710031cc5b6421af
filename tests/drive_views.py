"""A rig of cameras around two people, and verbs of a person with several views."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from scipy.spatial.transform import Rotation

from hpe_studio.core.camera import FLIP_YZ, Camera, default_camera
from hpe_studio.core.jobs import run_job
from hpe_studio.edits.views import NewView, add_views
from hpe_studio.storage.project import open_project
from hpe_studio.ui.views.cell import ViewCell
from hpe_studio.ui.views.deck import ViewDeck
from hpe_studio.workflow.views import read_clips
from tests import clips
from tests.driver import LEFT, NO_KEYS, StudioDriver

FPS = Fraction(25)
MIDDLE_M = np.array([0.0, 0.0, -4.5])
LENS = np.array([-0.225, 0.207, 1.6e-4, 6.4e-4, 0.018])
"""About what the dome's HD cameras have."""
AHEAD = {1: 0, 2: 3, 3: 0}
LENGTHS = {1: 40, 2: 43, 3: 20}


def rig_camera(size_px: tuple[int, int], yaw_deg: float) -> Camera:
    """A calibrated camera 4.5 m from the people, turned around them."""
    turn = FLIP_YZ @ Rotation.from_euler("y", -yaw_deg, degrees=True).as_matrix()
    away = Rotation.from_euler("y", yaw_deg, degrees=True).apply([0.0, 0.4, 4.5])
    shift_m = -turn @ (MIDDLE_M + away)
    return replace(
        default_camera(size_px, fov_deg=64),
        distortion=LENS,
        camera_from_scene=np.hstack([turn, shift_m[:, None]]),
        source="calibration",
    )


def write_films(folder: Path) -> list[Path]:
    """Three films whose pictures tell their own frame."""
    folder.mkdir()
    return [
        clips.write_movie(
            folder / f"hd_00_0{n}.mp4",
            "mpeg4",
            frames=LENGTHS[n],
            fps=FPS,
            size=(480, 270) if n == 3 else (320, 240),
            gop=12,
        )
        for n in (1, 2, 3)
    ]


def give_views(project: Path, films: list[Path]) -> None:
    """Add the films to a project as synchronous views, calibrated."""
    opened = open_project(project)
    document = opened.document
    made = run_job(read_clips(films, document.clip))
    with document.edit("Add synchronous views") as edit:
        new = [
            NewView(
                name=f"00_0{number}",
                clip=clip,
                camera=rig_camera(clip.size_px, yaw_deg),
                offset_frames=AHEAD[number],
            )
            for number, (clip, yaw_deg) in enumerate(
                zip(made, (50.0, 180.0, -70.0), strict=True), 1
            )
        ]
        add_views(edit, document, new, clip_name="00_00")
    opened.close()


def deck_of(driver: StudioDriver) -> ViewDeck:
    """The grid of views."""
    return driver.workspace.deck


def show_grid(driver: StudioDriver, grid: str) -> None:
    """Choose how many views stand side by side."""
    driver.window.actions_[f"views_{grid}"].trigger()
    driver.wait_idle()


def cell_of(driver: StudioDriver, number: int) -> ViewCell:
    """A view beside the one that is edited in."""
    cell = deck_of(driver).cells[number]
    assert cell.isVisible()
    return cell


def double_click(driver: StudioDriver, widget: QWidget, x: float, y: float) -> None:
    """Click twice, as a mouse does."""
    at = QPoint(round(x), round(y))
    QTest.mouseClick(widget, LEFT, NO_KEYS, at)
    target = widget if widget.isVisible() else driver.video
    QTest.mouseDClick(target, LEFT, NO_KEYS, at)
    driver.settle()


def joint_in_cell(cell: ViewCell, person: str, joint: int) -> tuple[float, float]:
    """Where a joint is drawn in a view beside the large one, its pixels."""
    targets = cell.overlay.targets
    owner = targets.people.index(person)
    hits = (targets.joint_owner == owner) & (targets.joint_index == joint)
    x, y = targets.joints[np.flatnonzero(hits)[0]]
    return float(x), float(y)
