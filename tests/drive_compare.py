"""Verbs of a person who compares: attach truth, look at the dock, wait for numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QComboBox

from hpe_studio.body import open_body
from hpe_studio.core.truth import Truth
from hpe_studio.edits.truth import attach_truth
from hpe_studio.ui.compare.lanes import ErrorLanes
from hpe_studio.ui.compare.numbers import NumbersPanel
from hpe_studio.ui.compare.panel import ComparePanel
from hpe_studio.workflow.recordings import recording_of_document
from hpe_studio.workflow.truth import truths_of
from tests.driver import StudioDriver

WRIST_M = 0.14
"""How far the left wrist of the first person is off."""


def truth_for(driver: StudioDriver, *, missing: range | None = None) -> list[Truth]:
    """The project's own people as truth; one wrist is elsewhere.

    Args:
        driver: Whose project.
        missing: Frames on which the second person of the truth is missing.
    """
    recording = recording_of_document(driver.document, open_body())
    truths = list(truths_of(recording, Path("170101_made1")))
    wrist = recording.people.joints.index("left_wrist")
    first = np.array(truths[0].arrays["points_file_m"])
    first[:, wrist, 1] += WRIST_M
    truths[0] = replace(truths[0], arrays={**truths[0].arrays, "points_file_m": first})
    if missing is not None:
        rows = slice(missing.start, missing.stop)
        points = np.array(truths[1].arrays["points_file_m"])
        sure = np.array(truths[1].arrays["confidence_file"])
        points[rows], sure[rows] = np.nan, 0
        arrays = {"points_file_m": points, "confidence_file": sure}
        truths[1] = replace(truths[1], arrays=arrays)
    return truths


def attach(driver: StudioDriver, *, missing: range | None = None) -> None:
    """Hold truth beside the motion and wait for the numbers."""
    attach_truth(driver.document, truth_for(driver, missing=missing))
    wait_compared(driver)


def wait_compared(driver: StudioDriver) -> None:
    """Wait until the numbers are those of the document."""
    driver.settle()
    comparing = driver.session.comparing
    driver.wait_until(lambda: not comparing.is_busy, "the comparison")
    driver.settle()


def compare_panel(driver: StudioDriver) -> ComparePanel:
    """The dock at the left."""
    widget = driver.workspace.docks["compare"].widget()
    assert isinstance(widget, ComparePanel)
    return widget


def numbers_panel(driver: StudioDriver) -> NumbersPanel:
    """The dock at the right."""
    widget = driver.workspace.docks["errors"].widget()
    assert isinstance(widget, NumbersPanel)
    return widget


def error_lanes(driver: StudioDriver) -> ErrorLanes:
    """The dock below."""
    widget = driver.workspace.docks["error_lanes"].widget()
    assert isinstance(widget, ErrorLanes)
    return widget


def choose(choice: QComboBox, value: object) -> None:
    """Choose an entry as a person does: `activated` comes."""
    index = choice.findData(value)
    assert index >= 0, f"there is no {value!r}"
    choice.setCurrentIndex(index)
    choice.activated.emit(index)
